/* Schemes of indicators: what a township is judged by, as data.
 *
 * data/indicators/NAME.ini has one section per item of a plan ([S16]) and,
 * where an item has several numbers, one per number ([S16 attended]); the
 * first number is the item's headline.  `rows` is a SELECT over what the
 * session sees; every number is made of rows that a person can open:
 *
 *	form, uid	the record behind
 *	n		its share of the numerator (0 = not fulfilled)
 *	d		its share of the denominator (ratios only)
 *	note		words for the list (may be left out)
 *
 * :today is the day the numbers are about, :from and :to the item's period.
 * Common pieces of SQL stand in [with NAME] sections, of the scheme or of
 * common.ini, and are put in front when a statement names them.  `every_FORM`
 * is a form's rows with those of restricted classes, for totals only. */
#ifndef TONGJI_SCHEME_H
#define TONGJI_SCHEME_H

#include <stdbool.h>
#include <stddef.h>

#include "err.h"
#include "model.h"
#include "period.h"
#include "str.h"

enum measure {
	MEASURE_RATIO,		/* 100 · sum(n) ÷ sum(d), in % */
	MEASURE_COUNT,		/* sum(n), at least the target */
	MEASURE_NONE,		/* sum(n), must be 0 */
	MEASURE_STATED,		/* a number somebody stated */
	MEASURE_EVIDENCE	/* pieces of evidence */
};

enum mode { MODE_COMPUTED, MODE_ENTERED, MODE_EVIDENCE };
enum level { LEVEL_VILLAGE, LEVEL_TOWN, LEVEL_COUNTY, LEVEL_CITY,
	LEVEL_PROVINCE };

struct part {
	const char *name;	/* "" for an item's only number */
	const char *label;
	const char *unit;
	enum measure measure;
	enum level level;	/* whose target it is */
	enum period_kind period;
	bool has_target;	/* the plan states one */
	bool at_most;		/* the target is an upper limit */
	double target;
	const char *target_sql;	/* or one value asked of SQL (an average) */
	const char *rows;	/* SQL as written; NULL: made by the program */
	const char *stated;	/* code of stated_indicator that it rests on:
				 * where MEASURE_STATED has its number from */
	bool money;		/* n and d are 分 */
	const char *list;	/* of data/lists/: opened instead of the rows */
	int line, col;		/* of `rows` */
};

struct indicator {
	const char *id;		/* S16 */
	const char *code;	/* s16, in data/codes/stated_indicator.csv */
	const char *section, *item;
	const char *words;	/* the plan's own */
	const char *target;	/* in words */
	const char *units;	/* who is responsible, NULL if the plan is silent */
	bool units_inferred;	/* 推定: from the merged cell above */
	const char *deadline;	/* "长期", "2021-12", "每年" or NULL */
	enum level level;
	enum mode mode;
	bool veto;
	struct part *parts;	/* at least one */
	size_t nparts;
	int line;
};

struct scheme {
	const char *name, *title, *note, *source;
	const char *brief;	/* `short`: a few words for a menu, or NULL */
	struct indicator *items;
	size_t n;
	struct with {
		const char *name, *sql;
		const char *file;
		int line, col;
	} *with;		/* in the order they must be written */
	size_t nwith;
	const char *file;
};

/* Read data/indicators/NAME.ini and common.ini.  E_FORMAT with
 * `file:line:column: 句子`; E_USAGE names the schemes there are. */
int scheme_load(struct scheme **out, const char *data, const char *name,
    struct err *e) MUST_CHECK;
void scheme_free(struct scheme *s);
/* Names of the schemes, sorted, the program's own (common, home, monthly)
 * left out; heap array of heap strings, NULL-terminated. */
char **scheme_names(const char *data);
void scheme_names_free(char **names);

const struct indicator *scheme_find(const struct scheme *s, const char *id);
/* Its title, with 征求意见稿 where it is one; heap. */
char *scheme_caption(const struct scheme *s);
const char *level_words(enum level level);	/* 县 镇 村 … */
const char *mode_words(enum mode mode);		/* 自动算 填报后算 佐证材料 */
const char *mode_name(enum mode mode);		/* computed entered evidence */
/* The deadline as people read it: 「原时限2021-12，现按长期」 once passed. */
void deadline_words(const char *deadline, const char *on, struct str *out);

#endif
