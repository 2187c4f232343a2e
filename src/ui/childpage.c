/* See childpage.h.  A line is a word and a text; `urgent` ones are marked. */
#include "childpage.h"

#include <stdlib.h>

#include "date.h"
#include "draw.h"
#include "listing.h"
#include "listpaper.h"
#include "listscreen.h"
#include "mem.h"
#include "output.h"
#include "screen.h"
#include "ui.h"

enum { LABEL = 9, LINES_MAX = 13 };

struct childpage {
	struct listed r;
};

struct childpage *
childpage_load(const struct form *form, const char *uid, bool unmasked)
{
	const struct listings *all = listscreen_lists();
	char *name = xasprintf("%s_page", form->name);
	const struct listing *l = all != NULL ? listings_find(all, name) :
	    NULL;
	struct listing_want want = { .on = date_today(), .uid = uid,
	    .unmasked = unmasked };
	struct childpage *c;
	struct err e = ERR_INIT;

	free(name);
	if (l == NULL)
		return NULL;
	c = xcalloc(1, sizeof *c);
	if (listing_run(ui_forms(), all, l, &want, &c->r, &e) < 0) {
		screen_say_err(&e);
		free(c);
		return NULL;
	}
	return c;
}

void
childpage_free(struct childpage *c)
{
	if (c == NULL)
		return;
	listed_done(&c->r);
	free(c);
}

int
childpage_lines(const struct childpage *c)
{
	return c->r.n < LINES_MAX ? (int)c->r.n : LINES_MAX;
}

int
childpage_draw(const struct childpage *c, int y)
{
	int n = childpage_lines(c), i;

	for (i = 0; i < n && c->r.ncols >= 2; i++) {
		const struct listed_row *row = &c->r.row[i];

		draw_text(y + i, 1, LABEL, row->cell[0] != NULL ?
		    row->cell[0] : "", row->urgent ? D_BOLD : D_PLAIN);
		draw_textf(y + i, 1 + LABEL, draw_cols() - 2 - LABEL,
		    row->urgent ? D_BOLD : D_PLAIN, "%s%s",
		    row->urgent ? "! " : "", row->cell[1] != NULL ?
		    row->cell[1] : "");
	}
	return y + n;
}

void
childpage_sheet(const char *list, const char *uid)
{
	const struct listings *all = listscreen_lists();
	const struct listing *l = all != NULL ? listings_find(all, list) :
	    NULL;
	struct listing_want want = { .on = date_today(), .uid = uid,
	    .unmasked = true };
	struct listed r;
	struct err e = ERR_INIT;
	struct paper *p;

	if (l == NULL)
		return;
	if (listing_run(ui_forms(), all, l, &want, &r, &e) < 0) {
		screen_say_err(&e);
		return;
	}
	p = listpaper_make(l, &r, date_today(), NULL);
	output_paper(p, l->title);
	paper_free(p);
	listed_done(&r);
}
