/* The indicator board: every item of a scheme, with its numbers and the
 * records behind them, for one day.
 *
 * Numbers count what the session sees; totals of restricted classes are
 * counted without being shown.  A number without a target of the plan is not
 * judged (参考); neither is a county's target in a township, nor one whose
 * denominator is empty (无对象). */
#ifndef TONGJI_INDICATOR_H
#define TONGJI_INDICATOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"
#include "model.h"
#include "scheme.h"
#include "str.h"

enum met { MET_NIL = -1, MET_NO = 0, MET_YES = 1 };

struct number {
	const struct part *part;
	struct period period;
	bool has_n, has_d, has_value, has_target;
	double n, d;
	double value;		/* %, rounded to one decimal, or the count */
	double target;
	enum met met;
	enum level own;		/* of this database */
	double short_by;	/* how many more (or fewer), 0 unless MET_NO */
};

struct board_row {
	const struct indicator *item;
	struct number *numbers;	/* item->nparts of them; [0] is the headline */
};

struct board {
	struct scheme *scheme;
	char on[DATE_SIZE];
	enum level own;		/* LEVEL_TOWN or LEVEL_COUNTY */
	int64_t silent;		/* townships that never reported, left out */
	struct board_row *rows;	/* in the plan's order */
	size_t n;
};

/* Compute a whole board; board_free() it. */
int board_make(struct forms *fs, const char *scheme, const char *on,
    struct board **out, struct err *e) MUST_CHECK;
void board_free(struct board *b);

/* The order in which people need the items. */
enum board_rank { BOARD_VETO, BOARD_SHORT, BOARD_OWN, BOARD_HIGHER,
	BOARD_RANKS };
enum board_rank board_rank(const struct board *b, const struct board_row *r);
const char *board_rank_words(enum board_rank rank);

/* One number, for its own kind of period or (kind >= 0) another. */
int indicator_number(struct forms *fs, const struct scheme *s,
    const struct indicator *it, const struct part *p, const char *on,
    int kind, struct number *out, struct err *e) MUST_CHECK;

/* The records behind it.  `each` returns 0 to go on. */
struct behind {
	const char *form, *uid;
	double n, d;
	const char *note;	/* or NULL */
};
typedef int behind_fn(const struct behind *b, void *arg);
int indicator_rows(struct forms *fs, const struct scheme *s,
    const struct indicator *it, const struct part *p, const char *on,
    int kind, behind_fn *each, void *arg, struct err *e) MUST_CHECK;

/* The statement that adds the number up, for the plain sqlite3 program (see
 * indsql_text). */
int indicator_sql(struct forms *fs, const struct scheme *s,
    const struct indicator *it, const struct part *p, const char *on,
    struct str *out, struct err *e) MUST_CHECK;

/* The schemes this site is judged by (meta `schemes`; all of them until
 * somebody chooses): as scheme_names(). */
char **indicator_schemes(struct forms *fs);
bool indicator_scheme_chosen(struct forms *fs, const char *name);
/* Choose or drop one; the last cannot be dropped. */
int indicator_scheme_toggle(struct forms *fs, const char *name,
    struct err *e) MUST_CHECK;

/* Only this one. */
int indicator_scheme_only(struct forms *fs, const char *name, struct err *e)
	MUST_CHECK;

/* The level of this database (meta `level`). */
enum level indicator_own_level(struct forms *fs);

/* Words of a number: 「5/7 71.4%」 「2 次」 「无对象」; of its target; and of
 * what is short: 「还差 2 人」.  Towards a county's target a township has its
 * share: 「本镇 5 场」 「全县目标 10 场」. */
void number_words(const struct number *n, struct str *out);
void target_words(const struct number *n, struct str *out);
void short_words(const struct number *n, struct str *out);
/* By when: 「12-31前」, nothing for what is counted as of a day. */
void by_when_words(const struct number *n, struct str *out);
/* 「已达到」「未达到」「参考」「无对象」「县级目标」… */
const char *met_words(const struct number *n, enum level own);

#endif
