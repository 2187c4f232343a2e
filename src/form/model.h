/* What a .form file says, as structs.  parse.c fills them, expr.c compiles
 * the expressions, ddl.c makes tables of them, record.c works with records.
 * Everything in a struct form lives in the arena of its struct forms and is
 * borrowed by all readers until forms_close(). */
#ifndef TONGJI_MODEL_H
#define TONGJI_MODEL_H

#include <stdbool.h>
#include <stddef.h>

#include "err.h"
#include "str.h"

struct db;

enum field_type {
	T_TEXT, T_NOTE, T_INTEGER, T_DECIMAL, T_MONEY, T_DATE, T_DATETIME,
	T_TIME, T_SELECT_ONE, T_SELECT_MULTIPLE, T_REF, T_DIVISION,
	T_ID_CARD, T_PHONE, T_CALCULATE, T_SERIAL, T_COUNT
};

enum expr_kind {
	X_REQUIRED, X_RELEVANT, X_READONLY, X_CONSTRAINT, X_CHECK,
	X_CALCULATION, X_DEFAULT, X_CHOICE_FILTER, X_DISPLAY, X_ROW_ACCESS,
	X_CONDITION, X_SET
};

enum severity { SEV_ERROR, SEV_WARNING };

/* An expression as written.  sql == NULL: the property is absent. */
struct expr {
	const char *sql;
	int line, col;		/* of its first character in the file */
};

struct check {
	struct expr expr;
	const char *message;	/* Chinese, or NULL */
	enum severity severity;
};

struct field {
	const struct form *form;
	int index;		/* in form->fields */
	const char *name;	/* column name */
	const char *label, *hint;
	enum field_type type;
	long min, max;		/* code points of text, or value; has_* say if set */
	bool has_min, has_max;
	const char *list;	/* code list of selects; form of refs; level of divisions; pattern of serials */
	bool implicit;		/* made by `of =` */
	struct expr required, relevant, readonly, constraint, calculation,
	    default_, choice_filter;
	const char *constraint_message;
	struct check *checks;
	size_t nchecks;
	const char *access;	/* access class or NULL */
	const char *appearance;	/* words, or NULL */
	const char *mirror;	/* "guardian.name" or NULL */
	const char *history;	/* form kept by this select_multiple, or NULL */
	const char *or_other;	/* text field for a ref's unknown name, or NULL */
	int page;		/* index in form->pages */
	bool in_list, in_key, in_find;
	int line;		/* where its section starts */
};

struct page {
	const char *name, *label;
	struct expr relevant;
};

struct move {
	const char *name, *label;
	const char **from;	/* NULL-terminated state names */
	const char *to;
	const char **roles;	/* NULL-terminated; empty = everybody */
	struct expr condition;
	const char *condition_message;
	struct { const char *field; struct expr expr; } *sets;
	size_t nsets;
	int line;
};

struct workflow {
	const char *list;	/* code list of the states, in order */
	const char *initial;
	struct move *moves;
	size_t nmoves;
};

struct form {
	const char *name, *title;
	const char *file;	/* for messages: "child.form" */
	const char **of;	/* NULL-terminated parents; of[0]==NULL: none */
	const char *scope;	/* "child.village", or NULL: whole town */
	const char *own;	/* ref field to the person whose record it is: a
				 * director sees only hers, and does not write */
	struct expr display;
	struct expr row_access;
	struct expr keep;	/* rows that may not be deleted */
	const char *keep_message;	/* why not, or NULL */
	const char *access;	/* access class of the whole form, or NULL */
	const char *mirror;	/* form mirrored by mirror fields, or NULL */
	struct field *fields;	/* implicit refs first */
	size_t nfields;
	struct page *pages;	/* at least one */
	size_t npages;
	int *list, *key, *find;	/* field indexes */
	size_t nlist, nkey, nfind;
	bool list_state;	/* `list` also names the workflow's state */
	struct workflow *workflow;	/* NULL if none */
	void *plan;		/* expr.c's compiled statements, made lazily */
	void *sql;		/* rowsql.c's texts, made lazily */
};

/* All forms and code lists that a database (or a lint run) works with. */
struct forms;

/* Open the forms folder `dir` and data folder `data`.  Forms are parsed when
 * first asked for, code lists too.  `db` may be NULL (lint, dictionary). */
int forms_open(struct forms **out, struct db *db, const char *dir,
    const char *data, struct err *e) MUST_CHECK;
void forms_close(struct forms *fs);
struct db *forms_db(struct forms *fs);
const char *forms_data(struct forms *fs);	/* the data folder */
/* What the floors above add to every save (record.h); NULL: nothing. */
struct record_watch;
const struct record_watch *forms_watch(struct forms *fs);
void forms_set_watch(struct forms *fs, const struct record_watch *w);

/* A form by name, parsed on demand.  NULL and `e` (file:line:column and a
 * Chinese sentence) if it is missing or wrong. */
const struct form *forms_get(struct forms *fs, const char *name, struct err *e);
/* Names of all form files, sorted, NULL-terminated; borrowed. */
const char *const *forms_names(struct forms *fs);
/* Forms whose `of` names `parent`, parsed; array NULL-terminated, heap array
 * (caller frees the array, not the forms). NULL and e on error. */
const struct form **forms_children(struct forms *fs, const char *parent,
    struct err *e);

const struct field *form_field(const struct form *f, const char *name);
/* Must every record of the form be given it, as nothing else fills it? */
bool field_always(const struct field *f);

/* Code lists. */
struct code {
	const char *name, *label;
	const char *const *extra;	/* the other columns, in header order */
};
struct codes {
	const char *list, *title;
	const char *const *columns;	/* names of the extra columns, NULL-terminated */
	struct code *rows;
	size_t n;
};
/* NULL and `e` if there is no such list. */
const struct codes *forms_codes(struct forms *fs, const char *list,
    struct err *e);
/* By name or (second) by label; NULL if neither. */
const struct code *codes_find(const struct codes *cs, const char *text);
const char *codes_label(const struct codes *cs, const char *name); /* name itself if unknown */

#endif
