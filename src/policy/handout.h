/* Names that leave the township.  The township's own work, and what the county
 * or another authority asks for by law, rest on 履行法定职责; for everybody
 * else a child's row needs a consent that is valid on the day (the piece
 * `consented` of data/indicators/common.ini) and, where it names a recipient,
 * is for that one. */
#ifndef TONGJI_HANDOUT_H
#define TONGJI_HANDOUT_H

#include <stdbool.h>
#include <stddef.h>

#include "err.h"
#include "model.h"

enum handout_ground {
	GROUND_OWN,		/* the township's own working paper */
	GROUND_DUTY,		/* 履行法定职责: whom and why are written down */
	GROUND_CONSENT		/* only children with a consent */
};

struct str;

struct handout {
	enum handout_ground ground;
	const char *scope;	/* code of consent_scope, with GROUND_CONSENT */
	char *to, *why;		/* whom and what for; NULL with GROUND_OWN */
};

/* The ways out, in the order of asking; 0 is the township's own use. */
size_t handout_count(void);
const char *handout_ground(size_t i);	/* 「给慈善组织（…）」 */
void handout_take(struct handout *h, size_t i);
/* The same by its code (`own duty share charity …`); false: unknown. */
bool handout_find(struct handout *h, const char *code);
/* The codes, with commas. */
void handout_codes(struct str *out);
void handout_done(struct handout *h);
/* 「给县民政局，用于低保核对，依据：履行法定职责」; heap. */
char *handout_words(struct forms *fs, const struct handout *h);

/* Who may be handed out. */
struct handout_set;
int handout_load(struct forms *fs, const struct handout *h, const char *on,
    struct handout_set **out, struct err *e) MUST_CHECK;
/* May a record's row go out?  A child's own or one that belongs to a child:
 * with consent only; one that names no child: yes.  `form` NULL: no. */
bool handout_allows(const struct handout_set *s, const char *form,
    const char *uid);
void handout_free(struct handout_set *s);

#endif
