/* A long text on a whole screen, for fields that show a few lines only and for
 * the day's log.  The text stays in the caller's struct edit all the time:
 * nothing is lost however the screen ends. */
#ifndef TONGJI_TEXTVIEW_H
#define TONGJI_TEXTVIEW_H

#include "edit.h"
#include "screen.h"

struct textview {
	struct screen base;
	const char *title;
	struct edit *edit;
	void (*typed)(void *arg);	/* after a key, and when idle; or NULL */
	void *arg;
};

/* Write until Esc or F2. */
void textview_run(struct textview *v);

/* For screens that are more than a text: their own rows, and these. */
void textview_draw(struct screen *s);
void textview_key(struct screen *s, const struct key *k);
bool textview_typing(struct screen *s);
bool textview_tick(struct screen *s);
void textview_up(struct screen *s);
void textview_down(struct screen *s);
void textview_page_up(struct screen *s);
void textview_page_down(struct screen *s);
void textview_enter(struct screen *s);	/* a new line */

#endif
