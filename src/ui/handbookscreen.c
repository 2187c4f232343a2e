/* See handbookscreen.h. */
#include "handbookscreen.h"

#include <string.h>

#include "choose.h"
#include "handbook.h"
#include "help.h"
#include "picker.h"
#include "screen.h"
#include "ui.h"

static struct handbook *
open_handbook(void)
{
	struct handbook *h = NULL;
	struct err e = ERR_INIT;

	if (handbook_load(&h, forms_data(ui_forms()), &e) < 0)
		screen_say_err(&e);
	return h;
}

struct book {
	struct handbook *h;
	size_t row[200], n;
};

static size_t
load(void *arg, const char *typed)
{
	struct book *b = arg;
	size_t i;

	b->n = 0;
	for (i = 0; i < handbook_count(b->h) &&
	    b->n < sizeof b->row / sizeof *b->row; i++)
		if (pick_matches(handbook_at(b->h, i)->title, NULL, typed))
			b->row[b->n++] = i;
	return b->n;
}

static void
line(void *arg, size_t i, struct str *out)
{
	struct book *b = arg;

	str_add(out, handbook_at(b->h, b->row[i])->title);
}

void
handbookscreen_run(void)
{
	struct book b = { .h = open_handbook() };
	struct pick p = { .title = "政策手册", .arg = &b, .load = load,
	    .row = line };
	struct str text = STR_INIT;
	long at;

	if (b.h == NULL)
		return;
	if (handbook_count(b.h) == 0)
		screen_say("政策手册是空的，请县里技术人员放到 data/handbook");
	do {
		pick_init(&p);
		at = handbook_count(b.h) > 0 ? pick_run(&p) : -1;
		pick_done(&p);
		if (at < 0)
			break;
		str_clear(&text);
		handbook_write(handbook_at(b.h, b.row[at]), &text);
		help_text("政策手册", text.buf);
	} while (screen_leaving() == LEAVE_NOT);
	str_done(&text);
	handbook_free(b.h);
}

void
handbookscreen_help(const struct record *r, const struct field *f,
    struct str *out)
{
	struct handbook *h;
	const struct help_kind *k;
	const char *v = r->val[f->index];
	size_t i;

	if (!str_eq(f->list, "need_kind") || v == NULL)
		return;
	h = open_handbook();
	if (h == NULL)
		return;
	for (i = 0; (k = handbook_at(h, i)) != NULL; i++) {
		if (!str_eq(v, k->need) && !choices_has(v, k->need))
			continue;
		str_add(out, "\n");
		handbook_write(k, out);
	}
	handbook_free(h);
}
