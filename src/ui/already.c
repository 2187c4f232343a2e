/* See already.h.  What the session may not see is not shown: there the check
 * of the number refuses with its own sentence. */
#include "already.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ask.h"
#include "choose.h"
#include "db.h"
#include "kind.h"
#include "mem.h"
#include "move.h"
#include "screen.h"
#include "ui.h"
#include "wordsql.h"

static char asked[80];		/* uid of the new one, of the old one */

static const char same[] =
    "SELECT c.uid, CASE WHEN c.id_number=?2 THEN '证件号码相同'"
    " WHEN c.name=?3 AND c.birth_date=?4 THEN '同名，同日出生'"
    " WHEN c.name=?3 THEN '同名，监护人相同' ELSE '同音，同日出生' END,"
    " c.name || '  ' || c.birth_date || '  ' || coalesce((SELECT v.name FROM"
    " village v WHERE v.uid=c.village),'') || coalesce('  监护人 ' ||"
    " c.guardian_name,'') || coalesce('  已退出 ' || c.left_on,''), c.village"
    " FROM child c WHERE c.uid<>?1 AND (c.id_number=?2"
    " OR (c.birth_date=?4 AND (c.name=?3 OR alike(c.name,?3)))"
    " OR (c.name=?3 AND c.guardian_name=?5))"
    " ORDER BY c.id_number IS ?2 DESC, c.name=?3 DESC LIMIT 1";

struct found {
	char uid[37];
	char *why, *words;
	char village[37];
};

static bool
watched(const struct field *f)
{
	static const char *const names[] = { "id_number", "name",
	    "birth_date", "guardian_name" };
	size_t i;

	for (i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(names[i], f->name) == 0)
			return true;
	return false;
}

static bool
look(const struct record *r, struct found *out)
{
	struct err e = ERR_INIT;
	struct stmt *q;
	bool some = false;

	if (wordsql_register(r->fs, forms_db(r->fs), &e) < 0 ||
	    (q = db_get(forms_db(r->fs), same, &e)) == NULL) {
		screen_say_err(&e);
		return false;
	}
	stmt_text(q, 1, r->uid);
	stmt_text(q, 2, record_get(r, "id_number"));
	stmt_text(q, 3, record_get(r, "name"));
	stmt_text(q, 4, record_get(r, "birth_date"));
	stmt_text(q, 5, record_get(r, "guardian_name"));
	if (stmt_step(q, &e) > 0) {
		snprintf(out->uid, sizeof out->uid, "%s", stmt_col(q, 0));
		out->why = xstrdup(stmt_col(q, 1));
		out->words = xstrdup(stmt_col(q, 2));
		snprintf(out->village, sizeof out->village, "%s",
		    stmt_is_null(q, 3) ? "" : stmt_col(q, 3));
		some = true;
		stmt_reset(q);
	}
	return some;
}

/* 办转村: to the village of the new form, or one that is asked. */
static bool
transfer(const struct record *r, const struct found *o)
{
	const char *to = record_get(r, "village");
	const struct form *f = ui_form("village");
	struct err e = ERR_INIT;
	char *uid;

	uid = to != NULL && strcmp(to, o->village) != 0 ? xstrdup(to) :
	    f != NULL ? choose_record(ui_forms(), f, "转到哪个村", "", NULL,
	    NULL, NULL) : NULL;
	if (uid == NULL)
		return false;
	if (move_village(ui_forms(), o->uid, uid, &e) < 0) {
		screen_say_err(&e);
		free(uid);
		return false;
	}
	free(uid);
	screen_say("已转村，没有重复登记");
	return true;
}

enum already
already_look(struct record *r, const struct field *f)
{
	static const struct ask_item items[] = {
		{ 'o', "打开原来的那一条，不再新登" },
		{ 't', "是同一个孩子，换了村：办转村" },
		{ 'n', "不是同一个孩子，接着填" }
	};
	struct found o = { .uid = "" };
	char pair[80], *text;
	int choice = 2;

	if (!r->is_new || strcmp(r->form->name, "child") != 0 || !watched(f) ||
	    r->val[f->index] == NULL || !look(r, &o))
		return ALREADY_NOT;
	snprintf(pair, sizeof pair, "%s %s", r->uid, o.uid);
	if (strcmp(pair, asked) != 0) {
		memcpy(asked, pair, sizeof asked);
		text = xasprintf("台账里已有（%s）：\n\n%s", o.why, o.words);
		choice = ask_items("是不是同一个孩子", text, items, 3, 0);
		free(text);
	}
	free(o.why);
	free(o.words);
	if (choice == 1)
		return transfer(r, &o) ? ALREADY_DONE : ALREADY_NOT;
	if (choice == 0) {
		kind_open(r->form, o.uid);
		return ALREADY_DONE;
	}
	return ALREADY_NOT;
}
