/* Questions in a box over the screen. */
#ifndef TONGJI_ASK_H
#define TONGJI_ASK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ask_item {
	uint32_t key;		/* lower-case ASCII */
	const char *word;
};

/* Show `text` and the items; the one at `dflt` is marked.  Its key, the
 * arrows and Enter choose.  Returns the index, -1 for Esc. */
int ask_items(const char *title, const char *text,
    const struct ask_item *items, size_t n, int dflt);
/* 是/否.  Esc is no; `dflt` is what Enter means. */
bool ask_yes(const char *title, bool dflt, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* A sentence that must be seen: any of Enter and Esc goes on. */
void ask_ok(const char *title, const char *text);

#endif
