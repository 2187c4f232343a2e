/* Errors that a person will read: a code for the program, a Chinese sentence
 * for the screen.  Three levels exist in this program:
 *   1. the user or the environment is at fault: return a negative code and
 *      fill a struct err (this file);
 *   2. several resources are held: one `out:` label;
 *   3. a bug, or no memory: die() / BUG() (log.h). */
#ifndef TONGJI_ERR_H
#define TONGJI_ERR_H

enum err_code {
	E_OK = 0,
	E_USAGE = -1,		/* wrong words on the command line */
	E_RANGE = -2,		/* a value is out of its limits */
	E_FORMAT = -3,		/* text or bytes are not what they should be */
	E_NOTFOUND = -4,
	E_EXISTS = -5,
	E_IO = -6,		/* the operating system refused */
	E_FULL = -7,		/* no space left */
	E_BUSY = -8,		/* somebody else holds it */
	E_DENIED = -9,		/* not entitled */
	E_CORRUPT = -10,	/* the database or a bundle is damaged */
	E_CRYPTO = -11,		/* a key, a signature or a tag does not fit */
	E_STALE = -12,		/* somebody changed the record meanwhile */
	E_REFUSED = -13,	/* a check of a form refused the record */
	E_CANCEL = -14,		/* the person stopped it */
	E_SQL = -15
};

struct err {
	int code;		/* enum err_code, 0 when unset */
	char msg[768];		/* UTF-8, no newline at the end */
};

#define ERR_INIT { 0, "" }

/* Store a formatted message and return `code`, so that a failure is one line:
 * `return err_set(e, E_RANGE, "…")`.  A NULL `e` only returns the code.  The
 * message is cut at a character boundary when longer than the buffer. */
int err_set(struct err *e, int code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Put a formatted text and a full-width colon in front of the message
 * (used to add where it happened).  Returns e->code. */
int err_prefix(struct err *e, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* The same from errno, with the system's reason in Chinese for the usual
 * causes (no space, read-only, no permission, no such file). */
int err_errno(struct err *e, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

#define MUST_CHECK __attribute__((warn_unused_result))

#endif
