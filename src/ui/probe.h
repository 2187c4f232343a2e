/* What is on the other end: asked once, before curses, with cursor position
 * reports (PITFALLS 4). */
#ifndef TONGJI_PROBE_H
#define TONGJI_PROBE_H

#include <stdbool.h>
#include <stddef.h>

enum probe_answer {
	PROBE_SILENT,		/* no report, or one that makes no sense */
	PROBE_UTF8,
	PROBE_OTHER		/* GBK, or a one-byte encoding */
};

struct probe {
	enum probe_answer encoding;
	int ambiguous;		/* columns of `·` in UTF-8: 1, 2; 0 unknown */
	bool four_byte;		/* a 4-byte GB18030 character took 2 columns */
	char typed[64];		/* keys that arrived meanwhile */
	size_t ntyped;
};

/* Ask the terminal on `in`/`out`, which must be in raw mode.  Waits at most
 * half a second.  `gb18030`: also ask about 4-byte characters. */
void probe_ask(struct probe *p, int in, int out, bool gb18030);

/* The column of the next complete report `ESC [ row ; col R` in buf, which is
 * cut out of it; 0 if there is none.  (Apart for tests.) */
int probe_report(char *buf, size_t *len);

#endif
