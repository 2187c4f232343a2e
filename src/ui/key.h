/* Keys: bytes of the terminal to code points and named keys, whatever the
 * terminal calls them (PITFALLS 2, 6, 7).  The only place that waits. */
#ifndef TONGJI_KEY_H
#define TONGJI_KEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Named keys lie above all code points. */
enum key_code {
	K_NONE = 0x200000,
	K_ENTER, K_TAB, K_BACKTAB, K_ESC, K_UP, K_DOWN, K_LEFT, K_RIGHT,
	K_HOME, K_END, K_PGUP, K_PGDN, K_INS, K_DEL, K_BACKSPACE,
	K_WORD,			/* ^W */
	K_KILL,			/* ^U */
	K_UNDO,			/* ^Z */
	K_NEWLINE,		/* ^N: a new line inside a long text */
	K_REDRAW,		/* ^R */
	K_PASTE,		/* key.text holds what was pasted */
	K_RESIZE,
	K_TICK,			/* nothing was typed for the time asked for */
	K_GONE,			/* the terminal is lost, or SIGTERM */
	K_BAD,			/* undecodable bytes were dropped */
	K_F0 = 0x200100		/* K_F(1) … K_F(12) */
};
#define K_F(n) ((uint32_t)(K_F0 + (n)))

struct key {
	uint32_t code;		/* a code point or enum key_code */
	const char *text;	/* K_PASTE: UTF-8, borrowed until the next */
};

/* After newterm(): define the sequences; `typed` are bytes that came before
 * curses was there. */
void key_start(const char *typed, size_t len);

/* Wait at most `ms` for a key (K_TICK after that). */
void key_read(struct key *k, int ms);
/* Is more input there already (then drawing can wait)? */
bool key_waiting(void);
/* Milliseconds since a person last touched a key. */
int64_t key_idle_ms(void);
void key_touch(void);

/* Is it a character that a text field takes? */
bool key_is_text(const struct key *k);
/* The code with full-width characters as their half-width twins, letters in
 * lower case: for every place that is not a text field. */
uint32_t key_plain(const struct key *k);

#endif
