/* The terminal: started in the order of PITFALLS, given back whatever
 * happens. */
#ifndef TONGJI_TERM_H
#define TONGJI_TERM_H

#include <stdbool.h>
#include <stddef.h>

#include "err.h"

struct term_want {
	const char *home;	/* data folder, for a private terminfo; or NULL */
	int ambiguous;		/* 1 or 2 columns; 0: what the probe says */
	int four_byte;		/* GB18030 4-byte characters: 0 no, 1 yes,
				 * -1 what the probe says */
};

/* Start.  Fails with a sentence in English and Chinese when standard input
 * or output is no terminal, the locale is of no use, or this is a bare Linux
 * console without 汉字.  Nothing is left switched when it fails. */
int term_start(const struct term_want *want, struct err *e) MUST_CHECK;
/* Give the terminal back; harmless when not started. */
void term_stop(void);

/* True after SIGHUP or SIGTERM, or when the line was found dead. */
bool term_gone(void);
void term_set_gone(void);

/* Words for the login screen about a corrected encoding; NULL if all is as
 * the locale says. */
const char *term_note(void);
/* Columns of ambiguous characters that the probe found, 0 unknown. */
int term_probed(void);

#endif
