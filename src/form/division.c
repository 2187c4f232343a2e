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

/* A search by name. */
struct search {
	const char *data, *text;
	struct division hit;
	size_t hits;
};

/* Is what stands before the name its province, city, or both? */
static bool
fits_above(const struct search *s, const char *code, const char *city,
    const char *above, size_t len)
{
	struct division province;
	char two[3] = { code[0], code[1], '\0' };
	size_t n;

	if (len == 0)
		return true;
	if (division_find(s->data, two, &province, NULL) < 0)
		return false;
	n = strlen(province.name);
	if (len >= n && memcmp(above, province.name, n) == 0) {
		above += n;
		len -= n;
	}
	return len == 0 ||
	    (strlen(city) == len && memcmp(above, city, len) == 0);
}

/* One row `code,name[,city]`, cut up in place. */
static void
look_at(struct search *s, char *line)
{
	char *name = strchr(line, ','), *city = NULL;
	size_t len = strlen(s->text), n;

	if (*line < '0' || *line > '9' || name == NULL)
		return;
	*name++ = '\0';
	city = strchr(name, ',');
	if (city != NULL)
		*city++ = '\0';
	n = strlen(name);
	if (n == 0 || n > len || strcmp(s->text + len - n, name) != 0 ||
	    !fits_above(s, line, city != NULL ? city : "", s->text, len - n))
		return;
	if (s->hits++ == 0) {
		snprintf(s->hit.code, sizeof s->hit.code, "%s", line);
		snprintf(s->hit.name, sizeof s->hit.name, "%s", name);
	}
}

int
division_named(const char *data, size_t digits, const char *name,
    struct division *out, struct err *e)
{
	struct search s = { .data = data, .text = name };
	char *path = file_for(data, digits, ""), *line, *save = NULL;
	struct str text = STR_INIT;
	int rc = file_read(&text, path, DIVISION_LIMIT, e);

	free(path);
	for (line = strtok_r(text.buf, "\r\n", &save); rc == 0 && line != NULL;
	    line = strtok_r(NULL, "\r\n", &save))
		look_at(&s, line);
	str_done(&text);
	if (rc < 0)
		return rc;
	if (s.hits == 0)
		return err_set(e, E_NOTFOUND, "区划里没有这个名称，请核对");
	if (s.hits > 1)
		return err_set(e, E_EXISTS, "全国有%zu个“%s”，"
		    "请在前面写上省名和市名，或填代码", s.hits, s.hit.name);
	*out = s.hit;
	return 0;
}

bool
division_words(const char *data, const char *code, struct str *out)
{
	char two[3] = { 0 };
	struct division above, d;

	if (division_find(data, code, &d, NULL) < 0)
		return false;
	two[0] = code[0];
	two[1] = code[1];
	if (strlen(code) > 2 && division_find(data, two, &above, NULL) == 0)
		str_add(out, above.name);
	str_add(out, d.name);
	return true;
}
