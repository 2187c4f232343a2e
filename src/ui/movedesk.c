/* See movedesk.h. */
#include "movedesk.h"

#include <stdlib.h>
#include <string.h>

#include "db.h"
#include "desk.h"
#include "draw.h"
#include "kind.h"
#include "mem.h"
#include "picker.h"
#include "record.h"
#include "sheet.h"
#include "transfer.h"
#include "ui.h"

struct mover {
	char uid[37];
	char *from, *wrote, *to, *words;	/* to: NULL while unnamed */
};

struct movers {
	struct sheet sh;
	struct mover *v;
	size_t n, cap;
};

static const char sql[] =
    "SELECT c.uid, coalesce(f.name, c.site), coalesce(c.left_to,''),"
    " coalesce(d.name, t.to_site) FROM main.child c"
    " LEFT JOIN main.transfer t ON t.uid=c.uid"
    " LEFT JOIN main.division f ON f.code=c.site"
    " LEFT JOIN main.division d ON d.code=t.to_site"
    " WHERE c.left_reason='moved' AND NOT c.deleted"
    " ORDER BY t.uid IS NOT NULL, c.site, c.uid";

static void
forget(struct movers *k)
{
	while (k->n > 0) {
		struct mover *m = &k->v[--k->n];

		free(m->from);
		free(m->wrote);
		free(m->to);
		free(m->words);
	}
}

static void
load(struct movers *k)
{
	const struct form *f = ui_form("child");
	struct err e = ERR_INIT;
	struct stmt *q;
	int rc = E_SQL;

	forget(k);
	db_trust(ui_db());
	q = db_new(ui_db(), sql, &e);
	db_untrust(ui_db());
	while (q != NULL && f != NULL && (rc = stmt_step(q, &e)) > 0) {
		struct mover *m;

		k->v = mem_grow(k->v, k->n, &k->cap, sizeof *k->v);
		m = &k->v[k->n++];
		*m = (struct mover){ .from = xstrdup(stmt_col(q, 1)),
		    .wrote = xstrdup(stmt_col(q, 2)),
		    .to = xstrdup(stmt_col(q, 3)) };
		strncpy(m->uid, stmt_col(q, 0), 36);
		m->words = record_display(ui_forms(), f, m->uid);
	}
	stmt_free(q);
	if (rc < 0)
		screen_say_err(&e);
	k->sh.n = (long)k->n;
	sheet_show(&k->sh);
}

static void
fill(void *owner, long i, int col, struct str *out)
{
	const struct mover *m = &((struct movers *)owner)->v[i];

	str_add(out, col == 0 ? m->from : col == 1 ? m->words : col == 2 ?
	    m->wrote : m->to != NULL ? m->to : "待核");
}

static char
mark(void *owner, long i)
{
	return ((struct movers *)owner)->v[i].to == NULL ? '!' : ' ';
}

/* ---- to which township -------------------------------------------------- */

struct towns {
	struct desk_site *v;
	size_t n, *row, shown;
};

static size_t
find_towns(void *arg, const char *typed)
{
	struct towns *t = arg;
	size_t i;

	t->shown = 0;
	for (i = 0; i < t->n; i++)
		if (pick_matches(t->v[i].name, t->v[i].site, typed))
			t->row[t->shown++] = i;
	return t->shown;
}

static void
town_line(void *arg, size_t i, struct str *out)
{
	struct towns *t = arg;

	str_addf(out, "%s  %s", t->v[t->row[i]].name, t->v[t->row[i]].site);
}

static bool
pick_town(const char *title, char site[13])
{
	struct towns t = { .n = 0 };
	struct pick p = { .title = title, .arg = &t, .load = find_towns,
	    .row = town_line, .none = "本县没有这个乡镇",
	    .hint = "打名称、首字母或区划代码" };
	struct err e = ERR_INIT;
	long i = -1;

	if (desk_sites(ui_forms(), &t.v, &t.n, &e) < 0)
		screen_say_err(&e);
	t.row = xcalloc(t.n + 1, sizeof *t.row);
	if (t.n > 0) {
		pick_init(&p);
		i = pick_run(&p);
		pick_done(&p);
	}
	if (i >= 0 && (size_t)i < t.shown)
		memcpy(site, t.v[t.row[i]].site, 13);
	free(t.row);
	free(t.v);
	return i >= 0;
}

static void
name_town(struct screen *s)
{
	struct movers *k = (struct movers *)s;
	long i = sheet_at(&k->sh);
	struct err e = ERR_INIT;
	char site[13], *title;

	if (i < 0) {
		draw_beep();
		return;
	}
	title = xasprintf("%s 转到哪个乡镇", k->v[i].words);
	if (pick_town(title, site)) {
		if (transfer_order(ui_forms(), k->v[i].uid, site, &e) < 0) {
			screen_say_err(&e);
		} else {
			load(k);
			screen_say("已记下，随下一张县回执带给那个乡镇");
		}
	}
	free(title);
}

static void
take_back(struct screen *s)
{
	struct movers *k = (struct movers *)s;
	long i = sheet_at(&k->sh);
	struct err e = ERR_INIT;

	if (i < 0 || k->v[i].to == NULL) {
		draw_beep();
	} else if (transfer_order(ui_forms(), k->v[i].uid, NULL, &e) < 0) {
		screen_say_err(&e);
	} else {
		load(k);
		screen_say("已撤回");
	}
}

static void
open_row(struct screen *s)
{
	struct movers *k = (struct movers *)s;
	long i = sheet_at(&k->sh);
	const struct form *f = ui_form("child");

	if (i < 0 || f == NULL)
		draw_beep();
	else
		kind_open(f, k->v[i].uid);
}

static const struct keyrow rows[] = {
	{ K_ENTER, 0, "回车", "转到", "核对以后，定下转到哪个乡镇", name_town },
	{ 'o', 0, "O", "打开", "打开这个孩子", open_row },
	{ 'd', 0, "D", "撤回", "撤回，不转", take_back },
	{ '/', 0, "/", NULL, "打字筛选", listview_filter },
	LISTVIEW_ROWS,
	{ K_ESC, 0, "Esc", "返回", "取消筛选；返回", listview_back },
	{ 0, 0, NULL, NULL, NULL, NULL }
};

static const struct screen_ops ops = {
	.full = true, .rows = rows, .draw = listview_draw, .key = sheet_key,
	.typing = listview_typing
};

void
movedesk_run(void)
{
	struct list_column col[] = {
		{ "从", 14, false, false }, { "孩子", 24, false, false },
		{ "乡镇写的去向", 22, false, false },
		{ "转到", 14, false, false }
	};
	struct movers k = { .n = 0 };

	k.sh.fill = fill;
	k.sh.mark = mark;
	sheet_init(&k.sh, &ops, "转出转入", "没有迁出的孩子", col, 4);
	load(&k);
	screen_run(&k.sh.lv.base);
	sheet_done(&k.sh);
	forget(&k);
	free(k.v);
}
