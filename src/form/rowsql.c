/* See rowsql.h. */
#include "rowsql.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "journal.h"
#include "mem.h"
#include "type.h"

#define HEAD "uid,rv,site,created_at,created_by,updated_at,updated_by,state"

static void
field_list(const struct form *f, struct str *s)
{
	size_t i;

	for (i = 0; i < f->nfields; i++)
		str_addf(s, ",\"%s\"", f->fields[i].name);
}

static char *
load_text(const struct form *f, bool main)
{
	struct str s = STR_INIT;

	str_add(&s, "SELECT " HEAD);
	if (main)
		str_add(&s, ",deleted");
	field_list(f, &s);
	str_addf(&s, " FROM %s\"%s\" WHERE uid=?1", main ? "main." : "",
	    f->name);
	return str_take(&s);
}

static char *
insert_text(const struct form *f)
{
	struct str s = STR_INIT;
	size_t i;

	str_addf(&s, "INSERT INTO main.\"%s\"(" HEAD ",deleted", f->name);
	field_list(f, &s);
	str_add(&s, ") VALUES(?1");
	for (i = 2; i <= f->nfields + 9; i++)
		str_addf(&s, ",?%zu", i);
	str_addc(&s, ')');
	return str_take(&s);
}

static char *
update_text(const struct form *f)
{
	struct str s = STR_INIT;
	size_t i;

	str_addf(&s, "UPDATE main.\"%s\" SET rv=?2,updated_at=?3,updated_by=?4,"
	    "state=?5,deleted=?6", f->name);
	for (i = 0; i < f->nfields; i++)
		str_addf(&s, ",\"%s\"=?%zu", f->fields[i].name, i + 7);
	str_add(&s, " WHERE uid=?1");
	return str_take(&s);
}

static const char *
image_name(const struct form *f, int i)
{
	return i >= 0 ? f->fields[i].name : i == -1 ? "rv" :
	    i == -2 ? "state" : "deleted";
}

static const struct form *sorting;

static int
by_name(const void *a, const void *b)
{
	return strcmp(image_name(sorting, *(const int *)a),
	    image_name(sorting, *(const int *)b));
}

const struct rowsql *
rowsql_of(const struct form *cf)
{
	struct form *f = (struct form *)(uintptr_t)cf;
	struct rowsql *r = f->sql;
	size_t i;

	if (r != NULL)
		return r;
	r = xcalloc(1, sizeof *r);
	r->load = load_text(f, false);
	r->load_main = load_text(f, true);
	r->insert = insert_text(f);
	r->update = update_text(f);
	r->nimage = f->nfields + 3;
	r->image = xcalloc(r->nimage, sizeof *r->image);
	for (i = 0; i < r->nimage; i++)
		r->image[i] = (int)i - 3;
	sorting = f;
	qsort(r->image, r->nimage, sizeof *r->image, by_name);
	f->sql = r;
	return r;
}

void
rowsql_forget(const struct form *cf)
{
	struct form *f = (struct form *)(uintptr_t)cf;
	struct rowsql *r = f->sql;

	if (r == NULL)
		return;
	free(r->load);
	free(r->load_main);
	free(r->insert);
	free(r->update);
	free(r->image);
	free(r);
	f->sql = NULL;
}

void
rowsql_image(const struct form *f, const char *rv, const char *state,
    bool deleted, char *const *val, struct str *out)
{
	const struct rowsql *r = rowsql_of(f);
	const char *v;
	char real[40];
	size_t i;
	int k;

	str_clear(out);
	for (i = 0; i < r->nimage; i++) {
		k = r->image[i];
		v = k >= 0 ? val[k] : k == -1 ? rv : k == -2 ? state :
		    deleted ? "1" : NULL;
		if (k >= 0 && v != NULL &&
		    type_of(&f->fields[k])->affinity == 'r') {
			snprintf(real, sizeof real, "%.15g", strtod(v, NULL));
			v = real;
		}
		journal_image_add(out, image_name(f, k), v);
	}
}
