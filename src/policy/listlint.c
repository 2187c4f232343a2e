/* See listlint.h. */
#include "listlint.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db.h"
#include "listing.h"
#include "mem.h"
#include "scale.h"
#include "str.h"
#include "wordsql.h"

struct run {
	struct forms *fs;
	struct db *db;
	struct messages *ms;
	const struct listings *all;
};

static void
complain(struct run *r, const struct listing *l, const char *what,
    const char *word)
{
	char *text = xasprintf("名单 %s：%s%s", l->name, what, word);

	messages_add(r->ms, MSG_READ, l->file, l->line, 1, text, NULL, NULL);
	free(text);
}

/* "lists/a.ini:3:5: 句子" as a message with a place. */
static void
add_error(struct run *r, const char *file, int line, const struct err *e)
{
	const char *colon = strchr(e->msg, ':');
	char *name;
	int at = 0, col = 0, n = 0;

	if (colon != NULL && sscanf(colon, ":%d:%d%n", &at, &col, &n) == 2 &&
	    n > 0) {
		name = xstrndup(e->msg, (size_t)(colon - e->msg));
		colon += n;
		colon += strspn(colon, ": ");
		if (str_starts(colon, "："))
			colon += strlen("：");
		messages_add(r->ms, MSG_READ, name, at, col, colon, NULL,
		    NULL);
		free(name);
	} else {
		messages_add(r->ms, MSG_READ, file, line, 1, e->msg, NULL,
		    NULL);
	}
}

/* The columns for the program, and that there is one for people. */
static void
check_columns(struct run *r, const struct listing *l, struct stmt *q)
{
	static const char *const known[] = { "form", "uid", "field", "other",
	    "village", "urgent", "list" };
	bool shown = false, other = false, village = false;
	size_t k;
	int i;

	for (i = 0; i < stmt_columns(q); i++) {
		const char *name = stmt_name(q, i);

		if ((unsigned char)*name >= 0x80) {
			shown = true;
			continue;
		}
		for (k = 0; k < COUNT_OF(known); k++)
			if (strcmp(known[k], name) == 0)
				break;
		if (k == COUNT_OF(known))
			complain(r, l, "不认得的英文列：", name);
		other |= strcmp(name, "other") == 0;
		village |= strcmp(name, "village") == 0;
	}
	if (!shown)
		complain(r, l, "没有一列中文列名，", "屏幕上什么也没有");
	if (l->pairs && !other)
		complain(r, l, "pairs 要有 ", "other 列");
	if ((l->opens != NULL || l->ask_village) && !village)
		complain(r, l, "opens 和 ask 要有 ", "village 列");
}

static void
check_one(struct run *r, const struct listing *l)
{
	static const char *const menus[] = { "due", "suggest", "check", "county", "home",
	    "report", "case", "training" };
	struct err e = ERR_INIT;
	struct stmt *q;
	size_t i;

	for (i = 0; l->menu != NULL && i < COUNT_OF(menus); i++)
		if (strcmp(menus[i], l->menu) == 0)
			break;
	if (l->menu != NULL && i == COUNT_OF(menus))
		complain(r, l, "没有这个菜单：", l->menu);
	if (l->action != NULL && forms_get(r->fs, l->action, NULL) == NULL)
		complain(r, l, "action 没有这种表单：", l->action);
	if (l->opens != NULL && listings_find(r->all, l->opens) == NULL)
		complain(r, l, "opens 没有这张名单：", l->opens);
	q = listing_prepare(r->fs, r->db, r->all, l, &e);
	if (q == NULL)
		add_error(r, l->file, l->line, &e);
	else
		check_columns(r, l, q);
}

static void
check_scales(struct run *r)
{
	const struct codes *cs = forms_codes(r->fs, "assessment_scale", NULL);
	struct err e = ERR_INIT;
	struct scale s;
	size_t i;

	for (i = 0; cs != NULL && i < cs->n; i++) {
		e = (struct err)ERR_INIT;
		if (scale_load(&s, forms_data(r->fs), cs->rows[i].name,
		    &e) < 0)
			add_error(r, "scales", 0, &e);
		else
			scale_done(&s);
	}
}

void
listlint(struct forms *fs, struct db *db, struct messages *ms)
{
	struct run r = { .fs = fs, .db = db, .ms = ms };
	struct listings *all;
	struct err e = ERR_INIT;
	size_t i;

	if (listings_load(&all, forms_data(fs), &e) < 0 ||
	    wordsql_register(fs, db, &e) < 0) {
		add_error(&r, "lists", 0, &e);
		return;
	}
	r.all = all;
	for (i = 0; i < all->n; i++)
		check_one(&r, &all->v[i]);
	listings_free(all);
	check_scales(&r);
}
