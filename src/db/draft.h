/* Drafts: what has been typed and not yet saved, in the same file, so that a
 * dropped line or a power cut loses nothing that left a field. */
#ifndef TONGJI_DRAFT_H
#define TONGJI_DRAFT_H

#include <stddef.h>

#include "err.h"

struct db;

struct draft {
	char *form, *uid, *by, *at;	/* heap */
	char *field;		/* where the cursor was, or NULL */
	char *display;		/* words by which the person knows it */
	char *data;		/* JSON; only form/trail.c reads it */
};

/* Insert or replace the draft of (form, uid) by the session's login. Durable
 * when it returns. */
int draft_put(struct db *db, const char *form, const char *uid,
    const char *field, const char *display, const char *json, struct err *e)
	MUST_CHECK;
int draft_drop(struct db *db, const char *form, const char *uid,
    struct err *e) MUST_CHECK;
/* Drafts of this session's login, newest first; heap array, draft_free_all. */
int draft_list(struct db *db, struct draft **out, size_t *n, struct err *e)
	MUST_CHECK;
/* One draft or E_NOTFOUND. */
int draft_get(struct db *db, const char *form, const char *uid,
    struct draft *out, struct err *e) MUST_CHECK;
void draft_free(struct draft *d);
void draft_free_all(struct draft *d, size_t n);

#endif
