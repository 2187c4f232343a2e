/* Policy parameters: ages, frequencies, deadlines, targets.  They are rows of
 * data/rules/FILE.csv, never constants in C:
 *
 *	rule,key,value,unit,doc,effective_from,effective_to,source,note
 *
 * For one rule and key the row that applies on a day is the one with the
 * latest effective_from not after it (and effective_to not before it): a new
 * document is a new row and does not touch history.  SQL reads them with
 *
 *	rule(name, key, on)             the value, an integer where it is one
 *	age(birth, on)                  whole years, full on the day that the
 *	                                rule age/full says (0: the birthday)
 *	rule_date(name, key, from, on)  `from` plus the value in its unit
 *	rule_doc(name, key, on)         its 文号
 *	case_due(needs, urgency, applied_for, from, on)  when a case is due
 *
 * `key` falls back to "default" where the rule has no such key. */
#ifndef TONGJI_RULES_H
#define TONGJI_RULES_H

#include <stddef.h>

#include "date.h"
#include "err.h"

struct rule {
	const char *name, *key, *value;
	const char *unit;	/* day workday week month year hour minute … or "" */
	const char *doc;	/* 文号, "" while there is none */
	const char *from, *to;	/* `to` is "" while it is open */
	const char *source, *note;
	const char *file;	/* for messages */
	int line;
};

struct rules;

/* Read every file of `data`/rules.  E_FORMAT with `file:line: 句子`. */
int rules_load(struct rules **out, const char *data, struct err *e)
	MUST_CHECK;
void rules_free(struct rules *rs);

/* The row of a rule and key on a day, or NULL.  Borrowed from `rs`. */
const struct rule *rules_find(const struct rules *rs, const char *name,
    const char *key, const char *on);
/* Its value as a number; `dflt` if there is none. */
long rules_number(const struct rules *rs, const char *name, const char *key,
    const char *on, long dflt);
/* `from` plus the rule's value in its unit; -1 if there is no such rule, the
 * date is not one, or the unit counts no days (hours and minutes). */
int rules_date(const struct rules *rs, const char *name, const char *key,
    const char *from, const char *on, char out[DATE_SIZE]);

size_t rules_count(const struct rules *rs);
const struct rule *rules_at(const struct rules *rs, size_t i);

/* Give SQL these functions: a sqlite3 handle as db_handle() has it;
 * `rs` must outlive it.  0 or -1. */
int rules_register(const struct rules *rs, void *handle);

#endif
