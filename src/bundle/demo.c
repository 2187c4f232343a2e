/* See demo.h. */
#include "demo.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "date.h"
#include "db.h"
#include "file.h"
#include "import.h"
#include "mem.h"
#include "model.h"
#include "site.h"
#include "str.h"
#include "user.h"

enum { DEMO_LIMIT = 4 << 20, RECENT = 3 * 366 };

/* Append a cell, its leading date moved by `days` if it is a recent one. */
static void
add_cell(struct str *out, const char *p, size_t len, int32_t base,
    int32_t days)
{
	char day[DATE_SIZE];
	int32_t d = len >= 10 ? date_days(p) : INT32_MIN;

	if (d != INT32_MIN && d > base - RECENT && d < base + RECENT) {
		date_from_days(d + days, day);
		str_add(out, day);
		p += 10;
		len -= 10;
	}
	str_addn(out, p, len);
}

/* The demo's CSV files have no quotes: a comma is a comma.  Births stay, they
 * are in the ID numbers. */
static void
move_dates(const char *text, struct str *out, int32_t base, int32_t days)
{
	int col, birth = -1, line = 0;
	size_t len;

	for (; *text != '\0'; line++) {
		for (col = 0;; col++) {
			len = strcspn(text, ",\n");
			if (line == 0 && len == 10 &&
			    strncmp(text, "birth_date", len) == 0)
				birth = col;
			add_cell(out, text, len, base, col == birth ? 0 :
			    days);
			text += len;
			if (*text != ',')
				break;
			str_addc(out, *text++);
		}
		if (*text == '\n')
			str_addc(out, *text++);
	}
}

static int
load(struct forms *fs, const char *home, const char *name, int32_t base,
    struct err *e)
{
	struct import_options o = { .file = NULL };
	struct import_result r = IMPORT_RESULT_INIT;
	struct str text = STR_INIT, moved = STR_INIT;
	const struct form *f = forms_get(fs, name, e);
	char *from = xasprintf("%s/demo/%s.csv", forms_data(fs), name);
	char *to = xasprintf("%s/%s.csv", home, name);
	int rc = f == NULL ? E_FORMAT : file_read(&text, from, DEMO_LIMIT, e);

	if (rc == 0) {
		move_dates(text.buf, &moved, base, date_days(date_today()) -
		    base);
		rc = file_write(to, moved.buf, moved.len, 0600, e);
	}
	if (rc == 0) {
		o.file = to;
		rc = import_run(fs, f, &o, &r, e);
		if (rc == 0 && r.refused > 0)
			rc = err_set(e, E_FORMAT, "演示数据 %s 有 %zu 行不对：%s",
			    name, r.refused, r.notes.buf);
	}
	unlink(to);
	import_result_done(&r);
	str_done(&text);
	str_done(&moved);
	free(from);
	free(to);
	return rc;
}

/* order.txt: the day the files are about, then the forms in order. */
static int
load_all(struct forms *fs, const char *home, struct err *e)
{
	struct str order = STR_INIT;
	char *path = xasprintf("%s/demo/order.txt", forms_data(fs));
	char *line, *save = NULL;
	int32_t base = 0;
	int rc = file_read(&order, path, 4096, e);

	for (line = strtok_r(order.buf, "\n", &save); rc == 0 && line != NULL;
	    line = strtok_r(NULL, "\n", &save))
		if (str_starts(line, "base "))
			base = date_days(line + 5);
		else
			rc = load(fs, home, line, base, e);
	str_done(&order);
	free(path);
	return rc;
}

int
demo_make(const char *home, struct err *e)
{
	struct forms *fs = NULL;
	int rc = site_init(home, "370323104", e);

	if (rc >= 0)
		rc = site_open(home, &fs, NULL, e);
	if (rc == 0)
		rc = user_assume(forms_db(fs), NULL, e);
	if (rc == 0)
		rc = user_add(forms_db(fs), DEMO_LOGIN, "演示", ROLE_ADMIN |
		    ROLE_SUPERVISOR, NULL, 0, DEMO_PASSWORD, e);
	if (rc == 0)
		rc = load_all(fs, home, e);
	site_close(fs);
	return rc;
}
