/* Screens: a stack of pictures with keys.  A screen is run like a function:
 * screen_run() returns when it is done.  Every key redraws everything that is
 * seen; curses sends what changed (PITFALLS 8).
 *
 * When the terminal is lost or another person takes over, screen_leaving() is
 * true, every screen_run() returns 0 at once and callers fall through to the
 * login loop; drafts have been written by then. */
#ifndef TONGJI_SCREEN_H
#define TONGJI_SCREEN_H

#include <stdbool.h>
#include <stdint.h>

#include "err.h"
#include "key.h"
#include "str.h"

struct screen;

/* One key: what it does, its word in the bottom line, its sentence in the
 * help.  Tables end with a row of code 0. */
struct keyrow {
	uint32_t code, alt;	/* as key_plain() gives them; alt may be 0 */
	const char *key;	/* its name: "F2" */
	const char *word;	/* for the bottom line, or NULL */
	const char *note;	/* for the help, or NULL */
	void (*run)(struct screen *s);	/* NULL: the screen's key() does it */
};

struct screen_ops {
	bool full;		/* hides everything below it */
	const struct keyrow *rows;
	void (*draw)(struct screen *s);
	/* A key without a row that runs. */
	void (*key)(struct screen *s, const struct key *k);
	/* Is a text field active (then characters are text, not commands)? */
	bool (*typing)(struct screen *s);
	/* After most of a second without a key, and again; true when the picture changed. */
	bool (*tick)(struct screen *s);
	/* Write what is unsaved as a draft: the person or the line may go. */
	void (*save)(struct screen *s);
	/* More text for F1, before the keys. */
	void (*help)(struct screen *s, struct str *out);
};

struct screen {
	const struct screen_ops *ops;
	struct screen *below;
	bool done;
	int result;		/* what screen_run() returns; 0 = back */
};

/* Run until s->done; s->ops and the screen's own data are set. */
int screen_run(struct screen *s);
void screen_end(struct screen *s, int result);
/* Row function for Esc: end with 0. */
void screen_back(struct screen *s);

enum leave {
	LEAVE_NOT,
	LEAVE_PERSON,		/* F12: back to the login */
	LEAVE_GONE		/* the line or the process ends */
};
enum leave screen_leaving(void);
/* Write the drafts of all screens and unwind them. */
void screen_leave(enum leave why);
/* The login loop takes over again (never after LEAVE_GONE). */
void screen_settle(void);
/* Write the drafts of all screens. */
void screen_save_all(void);

/* What keys and idleness mean everywhere; NULL members do nothing. */
struct screen_hooks {
	void (*today)(void);		/* F8 */
	void (*report)(void);		/* F9: 强制报告 */
	void (*person)(void);		/* F12 */
	void (*find)(void);		/* F3 where the screen has no own */
	void (*idle)(void);
	int idle_ms;			/* 0: never */
};
void screen_set_hooks(const struct screen_hooks *h);
bool screen_hooked(void);	/* are there any? */

/* The message in the line above the keys, until the next key. */
void screen_say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void screen_say_err(const struct err *e);	/* also beeps */
const char *screen_message(void);

/* Reverse title line with a text at the right; message and key lines. */
void screen_frame(struct screen *s, const char *title, const char *right);
void screen_footer(struct screen *s);
/* Lines between title and message that a screen may fill: from row 1. */
int screen_body_rows(void);

/* Paint now (before long work). */
void screen_paint(void);

#endif
