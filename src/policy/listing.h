/* Lists that follow from the ledger: whom to visit, who has grown out of a
 * category, what does not agree, who looks like whom.  Each is a section of
 * data/lists/NAME.ini, so that a county adds its own without a programmer:
 *
 *	[due]
 *	title = 应走访
 *	rows  = SELECT 'child' AS form, uid, …, name AS 姓名, … ORDER BY …
 *
 * `rows` is a SELECT over what the session sees, with the pieces of
 * data/indicators/common.ini and [with NAME] sections of its own; :today is
 * the day, :from and :to the period, :uid a record, :mask whether numbers of
 * people are hidden.  A result column with an ASCII name is
 * for the program:
 *
 *	form, uid	the record behind a row (Enter opens it)
 *	field		the field to go to
 *	other		uid of a second record of the same form (look-alikes)
 *	urgent		1: marked with `!`
 *	list		the list of names behind a number (Enter opens it)
 *	village		uid of the village (rows can be limited to one)
 *
 * every other column is shown under its name.  SQL has label(list, value)
 * for the words of codes, extra(list, value, column) for their other columns,
 * masked(number) for numbers of people, masked_name(name) and hide_names(text,
 * names) for names, alike(name, name) for names that sound
 * the same, rule_back(rule, key, date) for the date less a rule's days, and apart(uid,
 * uid) for pairs that a person found to be two. */
#ifndef TONGJI_LISTING_H
#define TONGJI_LISTING_H

#include <stdbool.h>
#include <stddef.h>

#include "err.h"
#include "mem.h"
#include "model.h"
#include "period.h"
#include "scheme.h"

struct db;
struct stmt;

struct listing {
	const char *name, *title;
	const char *note;	/* what it says and by which rule, or NULL */
	const char *none;	/* when it is empty, or NULL */
	const char *menu;	/* where it is offered: due check suggest home
				 * report case training; NULL: only by name */
	const char *action;	/* form of a new record for a row (N), or NULL */
	const char *opens;	/* Enter opens this list: of the row's record
				 * where it has :uid, else of its village */
	const char *print;	/* title on paper; NULL: `title` */
	const char *paper;	/* columns on paper, blanks between; NULL: all */
	bool pairs;		/* rows are two records to compare */
	bool ask_village;	/* asks whose village first */
	enum period_kind period;
	const char *rows;
	const char *file;
	int line, col;		/* of `rows` */
};

struct listings {
	struct listing *v;
	size_t n;
	struct scheme *scheme;	/* the shared pieces of SQL */
};

/* All files of `data`/lists, in name order.  E_FORMAT with place. */
int listings_load(struct listings **out, const char *data, struct err *e)
	MUST_CHECK;
void listings_free(struct listings *ls);
const struct listing *listings_find(const struct listings *ls,
    const char *name);

/* What a list came to. */
struct listed {
	struct arena arena;
	const char **head;	/* titles of the shown columns */
	size_t ncols;
	struct listed_row {
		const char *form, *uid, *field, *other, *village, *list;
		bool urgent;
		const char **cell;	/* ncols, NULL when empty */
	} *row;
	size_t n, cap;
};

struct listing_want {
	const char *on;		/* the day; the period is the list's own kind
				 * around it */
	const char *village;	/* only rows of that village (uid), or NULL */
	const char *uid;	/* bound to :uid, or NULL */
	bool unmasked;		/* :mask is 0 */
	const struct period *period;	/* instead of the list's own, or
					 * NULL */
};
int listing_run(struct forms *fs, const struct listings *ls,
    const struct listing *l, const struct listing_want *want,
    struct listed *out, struct err *e) MUST_CHECK;
void listed_done(struct listed *r);

/* Only prepare it, on `db` (for the linter); borrowed. */
struct stmt *listing_prepare(struct forms *fs, struct db *db,
    const struct listings *ls, const struct listing *l, struct err *e);

/* How many urgent rows the list [audit] has on a day: what should be mended
 * before a report goes out.  Negative on error. */
long listing_alarms(struct forms *fs, const struct listings *ls,
    const char *on, struct err *e);

/* Two records that look alike are two, says a person; remembered. */
int listing_apart(struct forms *fs, const char *uid, const char *other,
    struct err *e) MUST_CHECK;

#endif
