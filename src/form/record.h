/* A record at hand: load, set, check, save, delete, move, history.
 *
 *	struct record *r = record_new(fs, form, e);
 *	record_set(r, form_field(form, "name"), "张三", e);
 *	if (record_check(r, e) == 0 && r->v.errors == 0)
 *		record_save(r, e);
 *	record_free(r);
 */
#ifndef TONGJI_RECORD_H
#define TONGJI_RECORD_H

#include <stdbool.h>
#include <stddef.h>

#include "err.h"
#include "expr.h"
#include "model.h"
#include "str.h"

struct record {
	struct forms *fs;
	const struct form *form;
	char uid[37];		/* UUIDv7, minted when the blank form opens */
	char rv[17];		/* version it was loaded with, "" when new */
	char *state;		/* workflow state or NULL */
	char *site;
	char **val;		/* per field, heap, NULL empty */
	char **base;		/* as loaded, for merging; all NULL when new */
	bool *typed;		/* set by a person or a file, not computed */
	bool is_new;
	struct verdicts v;	/* of the last record_check/record_refresh */
	size_t errors, warnings;
	char created_at[20], updated_at[20], created_by[64], updated_by[64];
};

/* A blank record: defaults evaluated. */
struct record *record_new(struct forms *fs, const struct form *f,
    struct err *e);
/* The same without defaults (imports). Never NULL. */
struct record *record_blank(struct forms *fs, const struct form *f);
/* One that exists and that this session may see; E_NOTFOUND otherwise. */
struct record *record_load(struct forms *fs, const struct form *f,
    const char *uid, struct err *e);
void record_free(struct record *r);

const char *record_get(const struct record *r, const char *field);
/* Parse and set; for refs also accepts the target's key (ID number, village
 * code) or an unambiguous name or title.  NULL or "" empties. */
int record_set(struct record *r, const struct field *f, const char *text,
    struct err *e) MUST_CHECK;
/* Set the stored value as it is. */
void record_put(struct record *r, const struct field *f, const char *value);
/* The same by the field's name, and no calculation will change it. */
void record_fill(struct record *r, const char *field, const char *value);

/* Recompute calculations, relevance, required, read-only. */
int record_refresh(struct record *r, struct err *e) MUST_CHECK;
/* The same and all constraints and checks; fills v.findings and counts. */
int record_check(struct record *r, struct err *e) MUST_CHECK;
/* What changed against `base`? */
bool record_changed(const struct record *r);

/* Save: checks; one transaction of row, journal, superseded version, look-up
 * keys, mirror and history rows, dropped draft.  E_REFUSED when checks fail
 * (findings say where); E_STALE when another saved it meanwhile and both
 * changed the same field: then `clash` (if not NULL) is filled.  Otherwise
 * the other's fields are merged in silently-with-a-note (r->merged_by). */
struct clash {
	const struct field *field;
	char *base, *theirs, *mine;	/* heap */
};
struct clashes {
	struct clash *row;
	size_t n;
	char who[64], when[20];
	bool merged;		/* fields of the other were taken in */
};
void clashes_done(struct clashes *c);
int record_save(struct record *r, struct clashes *clash, struct err *e)
	MUST_CHECK;
/* After E_STALE: take the other's version as base, keep `mine` where
 * keep_mine[i], theirs elsewhere; then record_save() again. */
int record_resolve(struct record *r, const struct clashes *c,
    const bool *keep_mine, struct err *e) MUST_CHECK;

/* Called inside every save of a record (screen, import, program), so that no
 * way of entering it goes around the rules: `fill` before the checks, `saved`
 * when the row is written.  See forms_set_watch(). */
struct record_watch {
	int (*fill)(struct record *r, struct err *e);
	int (*saved)(struct record *r, struct err *e);
};

/* Is the stored row of its form's restricted class (row_access)? */
bool record_restricted(struct forms *fs, const struct form *f,
    const char *uid);
/* And is the session none of those who see the class? */
bool record_hidden(struct forms *fs, const struct form *f, const char *uid);

/* A tombstone with a reason; refused when others refer to it. */
int record_delete(struct record *r, const char *reason, struct err *e)
	MUST_CHECK;

/* Workflow: the moves open from the present state to this session (heap
 * array of pointers, NULL-terminated), and one move: sets what it sets, then
 * saves. */
const struct move **record_moves(struct record *r, struct err *e);
int record_move(struct record *r, const struct move *m, struct err *e)
	MUST_CHECK;

/* Words by which people recognise it: the form's `display`, else the first
 * fields of its list; "" when this session does not see it. Heap. */
char *record_display(struct forms *fs, const struct form *f, const char *uid);
/* The same behind its day, where the list begins with one that the display
 * leaves out: every week's activity has the same title. */
char *record_dated(struct forms *fs, const struct form *f, const char *uid);
/* The first fields of the list that say something, numbers masked; heap. */
char *record_words(const struct record *r);
/* Append one field as people see it. */
void record_show(const struct record *r, const struct field *f, bool mask,
    struct str *out);
/* May this session see / write the field? */
bool record_may_read(struct forms *fs, const struct field *f);
bool record_may_write(struct forms *fs, const struct form *f);

/* Drafts: write now (called at field exits), and bring one back. */
int record_draft(struct record *r, const struct field *at, struct err *e)
	MUST_CHECK;
struct record *record_resume(struct forms *fs, const struct form *f,
    const char *uid, const struct field **at, struct err *e);

/* The record's journal, newest first, as ready lines:
 * "2026-11-22 15:04 王芳 修改 监护情况：一般 → 差".  heap array of heap. */
int record_history(struct forms *fs, const struct form *f, const char *uid,
    char ***lines, size_t *n, struct err *e) MUST_CHECK;

#endif
