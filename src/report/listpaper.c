/* See listpaper.h. */
#include "listpaper.h"

#include <string.h>

#include "str.h"

/* Is `head` one of the words of `list`? */
static bool
named(const char *list, const char *head)
{
	size_t len = strlen(head);
	const char *p;

	if (list == NULL)
		return true;
	for (p = list; (p = strstr(p, head)) != NULL; p += len)
		if ((p == list || p[-1] == ' ') &&
		    (p[len] == ' ' || p[len] == '\0'))
			return true;
	return false;
}

void
listpaper_table(struct paper *p, const char *caption,
    const struct listing *l, const struct listed *r, bool every)
{
	const char *only = every ? NULL : l->paper;
	struct paper_block *b = paper_table(p, caption);
	size_t i, c;

	p->personal = p->owned = true;
	paper_column(p, b, "序号", ALIGN_RIGHT, 4);
	paper_serial(b);
	for (c = 0; c < r->ncols; c++)
		if (named(only, r->head[c]))
			paper_column(p, b, r->head[c], ALIGN_LEFT, 24);
	for (i = 0; i < r->n; i++) {
		paper_row(b, ROW_PLAIN);
		paper_owner(p, b, r->row[i].form, r->row[i].uid);
		paper_cellf(p, b, "%zu", i + 1);
		for (c = 0; c < r->ncols; c++)
			if (named(only, r->head[c]))
				paper_cell(p, b, r->row[i].cell[c]);
	}
}

void
listpaper_add(struct paper *p, const struct listing *l,
    const struct listed *r, const char *on, const char *where, bool every)
{
	struct str about = STR_INIT;

	str_addf(&about, "%s%s%s", where != NULL ? where : "",
	    where != NULL ? "，" : "", on);
	listpaper_table(p, NULL, l, r, every);
	paper_count(p, about.buf);
	str_done(&about);
}

struct paper *
listpaper_make(const struct listing *l, const struct listed *r,
    const char *on, const char *where)
{
	struct paper *p = paper_new(l->print != NULL ? l->print : l->title);

	listpaper_add(p, l, r, on, where, false);
	return p;
}
