/* See templatescreen.h. */
#include "templatescreen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ask.h"
#include "choose.h"
#include "entry.h"
#include "filepick.h"
#include "mapscreen.h"
#include "mem.h"
#include "output.h"
#include "picker.h"
#include "record.h"
#include "screen.h"
#include "template.h"
#include "ui.h"

enum { SHOWN_MAX = 400 };

/* ---- columns, in the order they are marked ---------------------------- */

struct columns {
	const struct form *f;
	int shown[SHOWN_MAX];
	size_t n;
	int chosen[TEMPLATE_COLUMNS];
	size_t nchosen;
};

static size_t
load_columns(void *arg, const char *typed)
{
	struct columns *c = arg;
	int what;

	c->n = 0;
	for (what = COLUMN_LOWEST; what < (int)c->f->nfields &&
	    c->n < SHOWN_MAX; what++) {
		if (what >= 0 && !record_may_read(ui_forms(),
		    &c->f->fields[what]))
			continue;
		if (*typed == '\0' || pick_matches(template_column_words(c->f,
		    what), what >= 0 ? c->f->fields[what].name : NULL, typed))
			c->shown[c->n++] = what;
	}
	return c->n;
}

static long
place(const struct columns *c, int what)
{
	size_t i;

	for (i = 0; i < c->nchosen; i++)
		if (c->chosen[i] == what)
			return (long)i;
	return -1;
}

static void
column_line(void *arg, size_t i, struct str *out)
{
	struct columns *c = arg;
	long at = place(c, c->shown[i]);

	if (at >= 0)
		str_addf(out, "%2ld ", at + 1);
	else
		str_add(out, "   ");
	str_add(out, template_column_words(c->f, c->shown[i]));
}

static bool
column_marked(void *arg, size_t i)
{
	struct columns *c = arg;

	return place(c, c->shown[i]) >= 0;
}

static void
column_toggle(void *arg, size_t i)
{
	struct columns *c = arg;
	long at = place(c, c->shown[i]);

	if (at >= 0) {
		memmove(&c->chosen[at], &c->chosen[at + 1], (c->nchosen -
		    (size_t)at - 1) * sizeof *c->chosen);
		c->nchosen--;
	} else if (c->nchosen < TEMPLATE_COLUMNS) {
		c->chosen[c->nchosen++] = c->shown[i];
	}
}

static bool
ask_columns(struct template *t)
{
	struct columns *c = xcalloc(1, sizeof *c);
	struct pick p = { .title = "要哪些列（按标记的先后排）", .arg = c,
	    .hint = "空格选上或去掉，打字找，回车选完",
	    .load = load_columns, .row = column_line, .marked = column_marked,
	    .toggle = column_toggle, .none = "没有这一列" };
	size_t i;
	bool ok;

	c->f = t->f;
	pick_init(&p);
	ok = pick_run(&p) >= 0 && c->nchosen > 0;
	pick_done(&p);
	for (i = 0; ok && i < c->nchosen; i++)
		template_add(t, c->chosen[i], NULL);
	free(c);
	return ok;
}

/* ---- whom, and how numbers are written -------------------------------- */

static size_t
load_codes(void *arg, const char *typed)
{
	(void)typed;
	return ((const struct codes *)arg)->n + 1;
}

static void
code_line(void *arg, size_t i, struct str *out)
{
	const struct codes *cs = arg;

	str_add(out, i == 0 ? "全部" : cs->rows[i - 1].label);
}

/* 1 chosen, 0 back. */
static int
ask_category(struct template *t)
{
	const struct codes *cs = forms_codes(ui_forms(), "child_category",
	    NULL);
	struct pick p = { .title = "要哪一类孩子", .load = load_codes,
	    .row = code_line, .digits = true };
	long i;

	if (cs == NULL || form_field(t->f, "category") == NULL)
		return 1;
	p.arg = (void *)(uintptr_t)cs;
	pick_init(&p);
	i = pick_run(&p);
	pick_done(&p);
	if (i > 0)
		t->category = xstrdup(cs->rows[i - 1].name);
	return i >= 0;
}

static size_t
load_numbers(void *arg, const char *typed)
{
	(void)arg;
	(void)typed;
	return NUMBER_COUNT;
}

static void
number_line(void *arg, size_t i, struct str *out)
{
	(void)arg;
	str_add(out, template_number_words((enum template_number)i));
}

static int
ask_number(struct template *t)
{
	struct pick p = { .title = "证件号码怎么写", .load = load_numbers,
	    .row = number_line, .digits = true };
	long i;

	pick_init(&p);
	i = pick_run(&p);
	pick_done(&p);
	if (i >= 0)
		t->number = (enum template_number)i;
	return i >= 0;
}

static void
ask_village(struct template *t)
{
	const struct form *f = ui_form("village");

	if (f == NULL || form_field(t->f, "village") == NULL ||
	    !ask_yes("哪个村", false, "只要一个村的？"))
		return;
	t->village = choose_record(ui_forms(), f, "哪个村", "", NULL, NULL,
	    NULL);
}

/* ---- acts ------------------------------------------------------------- */

static void
put_out(const struct template *t)
{
	struct err e = ERR_INIT;
	struct paper *p = template_paper(ui_forms(), t, &e);

	if (p == NULL) {
		screen_say_err(&e);
		return;
	}
	output_asked(p, t->name);
	paper_free(p);
}

static void
save_and_out(struct template *t)
{
	struct err e = ERR_INIT;

	if (template_save(ui_forms(), t, &e) < 0)
		screen_say_err(&e);
	else
		put_out(t);
}

static void
make_new(void)
{
	const struct form *f = ui_form("child");
	struct template t;
	char *name = NULL;

	if (f == NULL || !entry_ask("新模板", "名字", "给这张表起个名字，"
	    "以后按名字再用。", 30, "", &name))
		return;
	template_init(&t, f, name);
	free(name);
	if (ask_columns(&t) && ask_category(&t) && ask_number(&t)) {
		ask_village(&t);
		save_and_out(&t);
	}
	template_done(&t);
}

/* 县里给的空表: recognised, filled, remembered. */
static void
from_blank(void)
{
	const struct form *f = ui_form("child");
	char *path, *map, *name;
	struct mapping m;
	struct template t;
	struct err e = ERR_INIT;

	if (f == NULL || (path = filepick_run("县里给的空表",
	    FILEPICK_TABLE)) == NULL)
		return;
	map = mapscreen_file(f);
	if (mapping_open(ui_forms(), f, path, map, &m, &e) < 0) {
		screen_say_err(&e);
	} else {
		name = xstrdup(strrchr(path, '/') + 1);
		name[strcspn(name, ".")] = '\0';
		template_init(&t, f, name);
		if (mapscreen_run(&m, "空表的列", false) && ask_category(&t) &&
		    ask_number(&t)) {
			template_from(&t, &m);
			save_and_out(&t);
		}
		template_done(&t);
		mapping_done(&m);
		free(name);
	}
	free(map);
	free(path);
}

static void
use(const char *name)
{
	static const struct ask_item items[] = {
		{ 'o', "导出" }, { 'd', "删去这个模板" }
	};
	struct template t;
	struct err e = ERR_INIT;
	int rc;

	rc = template_load(ui_forms(), name, &t, &e);
	if (rc < 0) {
		screen_say_err(&e);
		return;
	}
	switch (ask_items(name, "用这个模板做什么？", items, 2, 0)) {
	case 0:
		put_out(&t);
		break;
	case 1:
		if (template_drop(ui_forms(), name, &e) < 0)
			screen_say_err(&e);
		break;
	default:
		break;
	}
	template_done(&t);
}

/* ---- the list --------------------------------------------------------- */

struct names {
	char **v;
	size_t n;
};

static size_t
load_names(void *arg, const char *typed)
{
	(void)typed;
	return ((struct names *)arg)->n + 2;
}

static void
name_line(void *arg, size_t i, struct str *out)
{
	struct names *k = arg;

	str_add(out, i == 0 ? "新的模板：自己选列" : i == 1 ?
	    "填县里给的空表" : k->v[i - 2]);
}

void
templatescreen_run(void)
{
	struct names k;
	struct pick p = { .title = "模板和空表", .arg = &k,
	    .load = load_names, .row = name_line, .digits = true };
	size_t i;
	long at;

	do {
		k.v = template_names(ui_forms());
		for (k.n = 0; k.v[k.n] != NULL; k.n++)
			;
		pick_init(&p);
		at = pick_run(&p);
		pick_done(&p);
		if (at == 0)
			make_new();
		else if (at == 1)
			from_blank();
		else if (at > 1)
			use(k.v[at - 2]);
		for (i = 0; i < k.n; i++)
			free(k.v[i]);
		free(k.v);
	} while (at >= 0 && screen_leaving() == LEAVE_NOT);
}
