/* A few plain fields on a screen of their own: login, passwords, a reason, a
 * new user.  (Records are entered with formview.h.) */
#ifndef TONGJI_ENTRY_H
#define TONGJI_ENTRY_H

#include <stdbool.h>
#include <stddef.h>

#include "edit.h"
#include "err.h"
#include "screen.h"

enum { ENTRY_MAX = 8 };

struct entry_field {
	const char *label;	/* NULL ends the list */
	const char *hint;	/* or NULL */
	int max;		/* code points */
	bool secret;
	bool required;
	char *(*pick)(void);	/* F4: heap text or NULL; NULL if there is none */
	struct edit edit;	/* the caller may edit_set() it; see below */
};

struct entry {
	struct screen base;
	const char *title, *text;	/* text: some lines above, or NULL */
	struct entry_field *f;
	int n, at;
	void *arg;
	/* Try it: 0 closes; an error is shown, the cursor goes to field *at.
	 * NULL always closes. */
	int (*submit)(void *arg, struct entry *en, int *at, struct err *e);
	void (*extra)(struct entry *en, int y);	/* draws below, or NULL */
	bool plain;		/* no Esc, no title bar (the login) */
	bool locked;		/* the idle lock: no way out but F12 */
	void (*special)(struct entry *en);	/* F9, or NULL */
	bool clear_secrets;	/* empty the passwords after a refusal */
};

/* Prepare the fields (edit_init); call before setting texts. */
void entry_init(struct entry *en, struct entry_field *f);
/* Run; true when submitted.  Enter goes on, in the last field it submits; so
 * does F2 anywhere. */
bool entry_run(struct entry *en);
const char *entry_text(const struct entry *en, int i);
/* Free the fields; passwords are overwritten. */
void entry_done(struct entry *en);

/* One line of text.  `*out` heap when true. */
bool entry_ask(const char *title, const char *label, const char *text,
    int max, const char *initial, char **out);

#endif
