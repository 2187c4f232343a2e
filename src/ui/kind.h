/* The list of a record kind, made from the form's `list`. */
#ifndef TONGJI_KIND_H
#define TONGJI_KIND_H

#include "err.h"
#include "model.h"

/* All records of `form` that this session sees; with `parent`, those whose
 * field `parent` is `uid`. */
void kind_run(const struct form *form, const struct field *parent,
    const char *uid);
/* Those that fit `where` (SQL over the session's view, never from people),
 * under another title. */
void kind_run_where(const struct form *form, const char *title,
    const char *where);
/* Open one record: its page when it has children or a workflow, else the
 * entry screen. */
void kind_open(const struct form *form, const char *uid);
/* A new record, with `parent` preset (or NULL).  `name` (or NULL) are the words
 * for its first find field, where the entry then starts.  True when saved. */
bool kind_new(const struct form *form, const struct field *parent,
    const char *uid, const char *name);
/* Look first, then new (the F-key N of lists). */
void kind_find_new(const struct form *form, const struct field *parent,
    const char *uid);
/* Ask for a reason and delete.  True when it is gone. */
bool kind_delete(const struct form *form, const char *uid);
void kind_history(const struct form *form, const char *uid);

/* kindcols.c: set the list's columns, but for `parent`'s.  What each shows, on
 * the heap: an index into form->list, or -2 for the state. */
struct listview;
int *kindcols_make(struct listview *lv, const struct form *f,
    const struct field *parent);

/* kindsql.c: the query behind a list. */
struct kindsql;
struct kindsql *kindsql_new(const struct form *form,
    const struct field *parent, const char *uid, const char *where);
void kindsql_free(struct kindsql *k);
/* Apply filter and order; returns the number of rows or < 0.  `sort` is an
 * index into form->list, -1 for newest first. */
long kindsql_open(struct kindsql *k, const char *filter, int sort, bool desc,
    struct err *e) MUST_CHECK;
/* Fetch rows from `first`; the values are borrowed until the next fetch. */
int kindsql_fetch(struct kindsql *k, long first, struct err *e) MUST_CHECK;
/* Of a fetched row (absolute number); NULL when it is not in the window or
 * empty.  `col` indexes form->list; -1 is the uid, -2 the state. */
const char *kindsql_value(const struct kindsql *k, long row, int col);

#endif
