/* See division.h. */
#include "division.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "mem.h"
#include "str.h"

enum { DIVISION_LIMIT = 8 << 20 };	/* bytes of one file */

/* Which file holds the codes of this length. */
static char *
file_for(const char *data, size_t digits, const char *county)
{
	const char *name = digits == 2 ? "provinces" : digits == 6 ?
	    "counties" : "towns";

	if (digits == 12)
		return xasprintf("%s/divisions/villages/%.6s.csv", data,
		    county);
	return xasprintf("%s/divisions/%s.csv", data, name);
}

/* Rows whose code starts with `prefix`; the files are sorted by code. */
static int
select_rows(const char *path, const char *prefix, struct division **out,
    size_t *n, struct err *e)
{
	struct str text = STR_INIT;
	size_t cap = 0, plen = strlen(prefix);
	char *line, *save = NULL, *comma;
	struct division *d;
	int rc = file_read(&text, path, DIVISION_LIMIT, e);

	*out = NULL;
	*n = 0;
	if (rc == 0)
		for (line = strtok_r(text.buf, "\r\n", &save); line != NULL;
		    line = strtok_r(NULL, "\r\n", &save)) {
			comma = strchr(line, ',');
			if (*line < '0' || *line > '9' || comma == NULL ||
			    strncmp(line, prefix, plen) != 0 ||
			    comma - line > 12)
				continue;
			*comma++ = '\0';
			comma[strcspn(comma, ",")] = '\0';
			*out = mem_grow(*out, *n, &cap, sizeof **out);
			d = &(*out)[(*n)++];
			snprintf(d->code, sizeof d->code, "%s", line);
			snprintf(d->name, sizeof d->name, "%s", comma);
		}
	str_done(&text);
	return rc;
}

static int
below(const char *data, const char *code, size_t digits,
    struct division **out, size_t *n, struct err *e)
{
	char *path = file_for(data, digits, code);
	int rc;

	if (digits == 12 && !file_exists(path))
		rc = err_set(e, E_NOTFOUND, "没有这个县的村级区划数据，请先运行"
		    " make divisions COUNTY=%.6s", code);
	else
		rc = select_rows(path, code, out, n, e);
	if (rc == 0 && *n == 0)
		rc = err_set(e, E_NOTFOUND, "区划数据里没有 %s 的下级", code);
	free(path);
	return rc;
}

int
division_children(const char *data, const char *code, struct division **out,
    size_t *n, struct err *e)
{
	size_t len = strlen(code);

	return below(data, code, len == 0 ? 2 : len == 2 ? 6 : len == 6 ? 9 :
	    12, out, n, e);
}

int
division_villages(const char *data, const char *code, struct division **out,
    size_t *n, struct err *e)
{
	return below(data, code, 12, out, n, e);
}

int
division_find(const char *data, const char *code, struct division *out,
    struct err *e)
{
	struct division *v;
	size_t n, len = strlen(code);
	char *path;
	int rc;

	if ((len != 2 && len != 6 && len != 9 && len != 12) ||
	    strspn(code, "0123456789") != len)
		return err_set(e, E_FORMAT, "“%.20s”不是区划代码：省2位、县6位、"
		    "镇9位", code);
	path = file_for(data, len, code);
	rc = select_rows(path, code, &v, &n, e);
	free(path);
	if (rc == 0 && n == 0)
		rc = err_set(e, E_NOTFOUND, "没有区划代码 %s", code);
	if (rc == 0)
		*out = v[0];
	free(v);
	return rc;
}
