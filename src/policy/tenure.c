/* See tenure.h. */
#include "tenure.h"

#include <stdlib.h>
#include <string.h>

#include "db.h"
#include "mem.h"

char *
tenure_others(const struct record *r, const char *role)
{
	const char *p = record_get(r, "role"), *end;
	struct str out = STR_INIT;

	while (p != NULL && *p == ';' && (end = strchr(p + 1, ';')) != NULL) {
		if ((size_t)(end - p - 1) != strlen(role) ||
		    strncmp(p + 1, role, strlen(role)) != 0)
			str_addn(&out, p, (size_t)(end - p));
		p = end;
	}
	if (out.len > 0)
		str_addc(&out, ';');
	return out.len > 0 ? str_take(&out) : NULL;
}

/* The row in which a post still goes on, heap, or NULL. */
static char *
open_row(const struct record *r, const char *role)
{
	return db_str(forms_db(r->fs), "SELECT uid FROM tenure WHERE staff=?1"
	    " AND role=?2 AND ends_on IS NULL", "ss", r->uid, role);
}

/* Give a post its row: one that goes on (`on` NULL), or that ends. */
static int
write_row(const struct record *r, const char *role, const char *on,
    const char *reason, struct err *e)
{
	const struct form *f = forms_get(r->fs, "tenure", e);
	char *uid = open_row(r, role);
	struct record *t = f == NULL ? NULL : uid == NULL ?
	    record_new(r->fs, f, e) : record_load(r->fs, f, uid, e);
	int rc = 0;

	if (t == NULL) {
		rc = e->code;
	} else if (uid == NULL) {
		record_fill(t, "staff", r->uid);
		record_fill(t, "role", role);
		record_fill(t, "village", record_get(r, "village"));
		record_fill(t, "starts_on", record_get(r, "appointed_on"));
	}
	if (rc == 0 && on != NULL) {
		record_fill(t, "ends_on", on);
		record_fill(t, "reason", reason);
		if (strcmp(role, "director") == 0)
			record_fill(t, "allowance",
			    record_get(r, "allowance"));
	}
	if (rc == 0)
		rc = record_save(t, NULL, e);
	record_free(t);
	free(uid);
	return rc < 0 ? err_prefix(e, "任职经历") : 0;
}

/* Each of the posts ";a;b;" gets its row. */
static int
write_rows(const struct record *r, const char *roles, const char *on,
    const char *reason, struct err *e)
{
	char *copy = xstrdup(roles), *save = NULL, *w;
	int rc = 0;

	for (w = copy == NULL ? NULL : strtok_r(copy, ";", &save);
	    w != NULL && rc == 0; w = strtok_r(NULL, ";", &save))
		rc = write_row(r, w, on, reason, e);
	free(copy);
	return rc;
}

/* When all remaining posts have rows of their own, the record begins with
 * the first of them. */
static void
begin_with_rows(struct record *r, const char *roles)
{
	char *first = db_str(forms_db(r->fs), "SELECT min(starts_on) FROM"
	    " tenure WHERE staff=?1 AND ends_on IS NULL AND"
	    " instr(?2,';'||role||';') HAVING count(DISTINCT role)="
	    "length(?2)-length(replace(?2,';',''))-1", "ss", r->uid, roles);

	if (first != NULL)
		record_fill(r, "appointed_on", first);
	free(first);
}

int
tenure_end(struct record *r, const char *role, const char *on,
    const char *reason, struct err *e)
{
	char *rest = tenure_others(r, role);
	int rc = write_row(r, role, on, reason, e);

	if (rc == 0) {
		record_fill(r, "role", rest);
		if (rest != NULL)
			begin_with_rows(r, rest);
		if (strcmp(role, "director") == 0) {
			record_fill(r, "concurrent", NULL);
			record_fill(r, "allowance", NULL);
			record_fill(r, "allowance_from", NULL);
		}
	}
	free(rest);
	return rc;
}

int
tenure_keep(struct record *r, struct err *e)
{
	const char *left = record_get(r, "left_on");
	int rc = write_rows(r, record_get(r, "role"), left,
	    record_get(r, "left_reason"), e);

	if (rc < 0 || left == NULL)
		return rc;
	record_fill(r, "role", NULL);
	record_fill(r, "concurrent", NULL);
	record_fill(r, "allowance", NULL);
	record_fill(r, "allowance_from", NULL);
	record_fill(r, "left_reason", NULL);
	record_fill(r, "left_on", NULL);
	return 0;
}
