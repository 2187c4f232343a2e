/* 模板: which columns of a register somebody wants, in which order, of whom,
 * with numbers written how.  Made once (by choosing, or from an empty table
 * that the county sent), kept in the database, used again. */
#ifndef TONGJI_TEMPLATE_H
#define TONGJI_TEMPLATE_H

#include <stddef.h>

#include "err.h"
#include "mapping.h"
#include "model.h"
#include "paper.h"

enum template_number {
	NUMBER_PLAIN,		/* 370323201605040017 */
	NUMBER_SPACED,		/* 370323 20160504 0017 */
	NUMBER_MASKED,		/* 370323********0017 */
	NUMBER_QUOTED,		/* '370323201605040017, as text for Excel */
	NUMBER_COUNT
};
const char *template_number_words(enum template_number n);

enum {				/* besides fields' indexes */
	COLUMN_EMPTY = -1,	/* filled in by hand */
	COLUMN_SERIAL = -2,	/* 1, 2, 3 … */
	COLUMN_AGE = -3,
	COLUMN_TOWN = -4,
	COLUMN_LOWEST = -4
};
const char *template_column_words(const struct form *f, int what);

enum { TEMPLATE_COLUMNS = 200 };

struct template {
	const struct form *f;
	char *name, *title;	/* title: what stands above the table */
	char *village;		/* uid, or NULL: all */
	char *category;		/* code, or NULL: all */
	enum template_number number;
	struct template_column {
		int what;
		char *head;
	} column[TEMPLATE_COLUMNS];
	size_t ncolumns;
};

void template_init(struct template *t, const struct form *f, const char *name);
void template_done(struct template *t);
/* Add a column; `head` NULL: its own label.  False when there is no room. */
bool template_add(struct template *t, int what, const char *head);
/* From a table's header: what is known is filled, the rest stays empty. */
void template_from(struct template *t, const struct mapping *m);

int template_save(struct forms *fs, const struct template *t, struct err *e)
	MUST_CHECK;
int template_load(struct forms *fs, const char *name, struct template *t,
    struct err *e) MUST_CHECK;
int template_drop(struct forms *fs, const char *name, struct err *e)
	MUST_CHECK;
/* Names in order; heap array of heap strings, NULL-terminated. */
char **template_names(struct forms *fs);

/* The records that the session sees, by village and name; those who left are
 * left out.  You own the paper. */
struct paper *template_paper(struct forms *fs, const struct template *t,
    struct err *e);

#endif
