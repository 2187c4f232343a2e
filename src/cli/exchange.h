/* The verbs of `tongji bundle` that need both sides: the county receives and
 * answers, the township applies. */
#ifndef TONGJI_EXCHANGE_H
#define TONGJI_EXCHANGE_H

#include <stdbool.h>
#include <stddef.h>

#include "cli.h"

struct exchange {
	const char *to;		/* where the receipt goes */
	const char *reason;	/* --reason, or the --note of an edition */
	const char *doc, *effective;	/* 文号 and 生效日期 of an edition */
	bool from_stdin, yes, dry, clean, all;
	int n;			/* words after the verb */
	char **word;
};

struct exchange_verb {
	const char *name;
	int min, max;		/* words */
	int (*run)(struct cli *c, const struct exchange *x);
};
/* deskverb.c, editionverb.c; name NULL ends. */
extern const struct exchange_verb desk_verbs[], edition_verbs[];

/* The county's passphrase: a line of standard input, or typed unseen.  Heap,
 * NULL when there is neither. */
char *exchange_passphrase(const struct exchange *x);

/* Say how to take the stick off, when `dir` is on one. */
void exchange_remind(const char *dir);

/* The verb of that name, or NULL. */
const struct exchange_verb *exchange_find(const char *name);

#endif
