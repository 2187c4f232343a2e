/* See sitescreen.h. */
#include "sitescreen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "date.h"
#include "desk.h"
#include "draw.h"
#include "help.h"
#include "listscreen.h"
#include "reviewscreen.h"
#include "sheet.h"
#include "ui.h"

/* ---- the townships ------------------------------------------------------ */

struct sites {
	struct sheet sh;
	struct desk_site *v;
	size_t n;
	bool missing;		/* only those that have not reported */
};

/* Nothing of theirs was taken in this month. */
static bool
missing(const struct desk_site *d)
{
	return strncmp(d->last_at, date_today(), 7) != 0;
}

static void
site_fill(void *owner, long i, int col, struct str *out)
{
	const struct desk_site *d = &((struct sites *)owner)->v[i];
	int64_t n[] = { d->pending, d->returned, d->conflicts, d->refused };

	if (col == 0)
		str_add(out, d->name);
	else if (col == 1 && d->last_at[0] == '\0')
		str_add(out, "还没有报过");
	else if (col == 1)
		str_addf(out, "第%lld包 %.10s%s", (long long)d->number,
		    d->last_at, missing(d) ? " 本月未报" : "");
	else if (col < 6 && n[col - 2] > 0)
		str_addf(out, "%lld", (long long)n[col - 2]);
	else if (col == 6)
		str_add(out, d->trouble);
}

static char
site_mark(void *owner, long i)
{
	const struct desk_site *d = &((struct sites *)owner)->v[i];

	return missing(d) || d->trouble[0] != '\0' || d->refused > 0 ? '!' :
	    ' ';
}

static void
load_sites(struct sites *k)
{
	struct err e = ERR_INIT;
	size_t i, n = 0, late = 0;

	free(k->v);
	k->v = NULL;
	k->n = 0;
	if (desk_sites(ui_forms(), &k->v, &k->n, &e) < 0)
		screen_say_err(&e);
	for (i = 0; i < k->n; i++) {
		late += missing(&k->v[i]);
		if (!k->missing || missing(&k->v[i]))
			k->v[n++] = k->v[i];
	}
	snprintf(k->sh.lv.right, sizeof k->sh.lv.right,
	    "%zu 个乡镇，本月未报 %zu 个", k->n, late);
	k->sh.n = (long)n;
	sheet_show(&k->sh);
}

static void
open_site(struct screen *s)
{
	struct sites *k = (struct sites *)s;
	long i = sheet_at(&k->sh);
	char site[13];

	if (i < 0) {
		draw_beep();
		return;
	}
	memcpy(site, k->v[i].site, sizeof site);
	reviewscreen_site(site);
	load_sites(k);
}

static void
only_missing(struct screen *s)
{
	struct sites *k = (struct sites *)s;

	k->missing = !k->missing;
	load_sites(k);
	screen_say(k->missing ? "只看本月未报的" : "全部乡镇");
}

static void
quality(struct screen *s)
{
	(void)s;
	listscreen_run("towns");
}

static const struct keyrow site_rows[] = {
	{ K_ENTER, 0, "回车", "待审", "这个乡镇待审核的记录", open_site },
	{ 'n', 0, "N", "未报", "只看本月还没有报的，再按看全部", only_missing },
	{ 'q', 0, "Q", "质量", "各乡镇数据质量：要先改的、久未更新的、未采集的",
	    quality },
	{ '/', 0, "/", NULL, "打字筛选", listview_filter },
	LISTVIEW_ROWS,
	{ K_ESC, 0, "Esc", "返回", "取消筛选；返回", listview_back },
	{ 0, 0, NULL, NULL, NULL, NULL }
};

static const struct screen_ops site_ops = {
	.full = true, .rows = site_rows, .draw = listview_draw,
	.key = sheet_key, .typing = listview_typing
};

void
sitescreen_run(void)
{
	struct list_column col[] = {
		{ "乡镇", 12, false, false }, { "上报", 26, false, false },
		{ "待审", 6, true, false }, { "退回", 4, true, false },
		{ "冲突", 4, true, false }, { "核对", 4, true, false },
		{ "说明", 14, false, false }
	};
	struct sites k = { .n = 0 };

	k.sh.fill = site_fill;
	k.sh.mark = site_mark;
	sheet_init(&k.sh, &site_ops, "各乡镇上报情况", "都报了", col, 7);
	load_sites(&k);
	screen_run(&k.sh.lv.base);
	sheet_done(&k.sh);
	free(k.v);
}

/* ---- what waits --------------------------------------------------------- */

struct matters {
	struct sheet sh;
	struct desk_matter *v;
	size_t n;
};

static void
matter_fill(void *owner, long i, int col, struct str *out)
{
	const struct desk_matter *m = &((struct matters *)owner)->v[i];

	str_add(out, col == 0 ? m->site : col == 1 ? m->kind : m->text);
}

static void
open_matter(struct screen *s)
{
	struct matters *k = (struct matters *)s;
	long i = sheet_at(&k->sh);
	struct str text = STR_INIT;

	if (i < 0) {
		draw_beep();
		return;
	}
	str_addf(&text, "%s  %s\n\n%s\n", k->v[i].site, k->v[i].kind,
	    k->v[i].text);
	help_text(k->v[i].kind, text.buf);
	str_done(&text);
}

static const struct keyrow matter_rows[] = {
	{ K_ENTER, 0, "回车", "看", "看全文", open_matter },
	{ '/', 0, "/", NULL, "打字筛选", listview_filter },
	LISTVIEW_ROWS,
	{ K_ESC, 0, "Esc", "返回", "取消筛选；返回", listview_back },
	{ 0, 0, NULL, NULL, NULL, NULL }
};

static const struct screen_ops matter_ops = {
	.full = true, .rows = matter_rows, .draw = listview_draw,
	.key = sheet_key, .typing = listview_typing
};

void
sitescreen_matters(void)
{
	struct list_column col[] = {
		{ "乡镇", 10, false, false }, { "", 18, false, false },
		{ "记录和原因", 46, false, false }
	};
	struct matters k = { .n = 0 };
	struct err e = ERR_INIT;

	if (desk_matters(ui_forms(), &k.v, &k.n, &e) < 0) {
		screen_say_err(&e);
		return;
	}
	k.sh.fill = matter_fill;
	k.sh.n = (long)k.n;
	sheet_init(&k.sh, &matter_ops, "待核对和两边都改过", "没有", col, 3);
	sheet_show(&k.sh);
	screen_run(&k.sh.lv.base);
	sheet_done(&k.sh);
	desk_matters_free(k.v, k.n);
}
