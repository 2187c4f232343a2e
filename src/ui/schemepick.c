/* Which scheme to look at, and which ones the site is judged by (see
 * boardscreen.h). */
#include <stdlib.h>

#include "boardscreen.h"
#include "indicator.h"
#include "mem.h"
#include "picker.h"
#include "ui.h"

struct choice {
	char **names, **titles;
	size_t n;
};

static size_t
load_schemes(void *arg, const char *typed)
{
	(void)typed;
	return ((struct choice *)arg)->n;
}

static void
scheme_line(void *arg, size_t i, struct str *out)
{
	str_add(out, ((struct choice *)arg)->titles[i]);
}

static char *
scheme_title(const char *name)
{
	struct err e = ERR_INIT;
	struct scheme *s;
	char *title;

	if (scheme_load(&s, forms_data(ui_forms()), name, &e) < 0)
		return xstrdup(e.msg);
	title = xasprintf("%s%s%s", s->title, s->note != NULL ? "  " : "",
	    s->note != NULL ? s->note : "");
	scheme_free(s);
	return title;
}

static void
choice_init(struct choice *c, char **names)
{
	size_t i;

	c->names = names;
	for (c->n = 0; names[c->n] != NULL; c->n++)
		;
	c->titles = xcalloc(c->n + 1, sizeof *c->titles);
	for (i = 0; i < c->n; i++)
		c->titles[i] = scheme_title(names[i]);
}

static void
choice_done(struct choice *c)
{
	size_t i;

	for (i = 0; i < c->n; i++)
		free(c->titles[i]);
	free(c->titles);
	scheme_names_free(c->names);
}

void
boardscreen_menu(void)
{
	struct choice c;
	struct pick p = { .title = "哪个方案", .arg = &c,
	    .load = load_schemes, .row = scheme_line, .digits = true };
	long at = 0;

	choice_init(&c, indicator_schemes(ui_forms()));
	if (c.n > 1) {
		pick_init(&p);
		at = pick_run(&p);
		pick_done(&p);
	}
	if (at >= 0 && (size_t)at < c.n)
		boardscreen_run(c.names[at]);
	choice_done(&c);
}

static bool
is_chosen(void *arg, size_t i)
{
	return indicator_scheme_chosen(ui_forms(),
	    ((struct choice *)arg)->names[i]);
}

static void
toggle(void *arg, size_t i)
{
	struct err e = ERR_INIT;

	if (indicator_scheme_toggle(ui_forms(),
	    ((struct choice *)arg)->names[i], &e) < 0)
		screen_say_err(&e);
}

void
boardscreen_choose(void)
{
	struct choice c;
	struct pick p = { .title = "本单位用哪些考核方案", .arg = &c,
	    .load = load_schemes, .row = scheme_line, .marked = is_chosen,
	    .toggle = toggle, .hint = "空格选或不选，回车好了" };

	choice_init(&c, scheme_names(forms_data(ui_forms())));
	pick_init(&p);
	(void)pick_run(&p);
	pick_done(&p);
	choice_done(&c);
}
