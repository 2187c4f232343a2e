/* One line for each record touched today, by kind, then the other acts. */
#include <stdlib.h>
#include <string.h>

#include "date.h"
#include "db.h"
#include "help.h"
#include "mem.h"
#include "record.h"
#include "screen.h"
#include "today.h"
#include "ui.h"
#include "user.h"

enum { LINES_MAX = 500 };

struct act {
	char *form, *uid, *op, *at;
};

/* Journal words that a person knows. */
static const struct {
	const char *op, *word;
} words[] = {
	{ "insert", "新增" }, { "create", "新增" }, { "new", "新增" },
	{ "update", "修改" }, { "delete", "删除" }, { "move", "办理" },
	{ "unmask", "看号码" }, { "export", "导出" }, { "print", "打印" },
	{ "login", "登录" }, { "import", "导入" }, { "bundle", "做上报包" }
};

static const char *
word_of(const char *op)
{
	size_t i;

	for (i = 0; i < COUNT_OF(words); i++) {
		if (strcmp(words[i].op, op) == 0)
			return words[i].word;
	}
	return op;
}

/* Read the acts first: displays need statements of their own. */
static size_t
read_acts(struct act *a, struct err *e)
{
	struct db *db = ui_db();
	struct stmt *q;
	char *like = xasprintf("%s%%", date_today());
	size_t n = 0;

	db_trust(db);
	q = db_new(db, "SELECT form,uid,op,max(at) FROM main.journal"
	    " WHERE by=?1 AND at LIKE ?2 GROUP BY form,uid,op"
	    " ORDER BY form IS NULL,form,max(seq)", e);
	if (q != NULL) {
		stmt_text(q, 1, db_session(db)->login);
		stmt_text(q, 2, like);
		while (n < LINES_MAX && stmt_step(q, e) > 0) {
			a[n].form = xstrdup(stmt_col(q, 0));
			a[n].uid = xstrdup(stmt_col(q, 1));
			a[n].op = xstrdup(stmt_col(q, 2));
			a[n++].at = xstrdup(stmt_col(q, 3));
		}
		stmt_free(q);
	}
	db_untrust(db);
	free(like);
	return n;
}

static void
add_line(const struct act *a, const char *before, struct str *out)
{
	const struct form *f = a->form != NULL ? ui_form(a->form) : NULL;
	char *display = NULL;

	if (f != NULL && (before == NULL || strcmp(before, a->form) != 0))
		str_addf(out, "\n%s\n", f->title);
	else if (f == NULL && before != NULL)
		str_add(out, "\n其他\n");
	if (f != NULL && a->uid != NULL)
		display = record_display(ui_forms(), f, a->uid);
	str_addf(out, "  %.5s %s  %s\n", a->at + 11, word_of(a->op),
	    display != NULL ? display : "");
	free(display);
}

void
today_run(void)
{
	struct act *a;
	struct str text = STR_INIT;
	struct err e = ERR_INIT;
	size_t n, i;
	char *title;

	if (!ui_present())
		return;
	a = xcalloc(LINES_MAX, sizeof *a);
	n = read_acts(a, &e);
	if (e.code != 0)
		screen_say_err(&e);
	for (i = 0; i < n; i++)
		add_line(&a[i], i > 0 ? a[i - 1].form : NULL, &text);
	title = xasprintf("今日工作  %s  %s", db_session(ui_db())->name,
	    date_today());
	help_text(title, text.len > 0 ? text.buf : "今天还没有记录");
	for (i = 0; i < n; i++) {
		free(a[i].form);
		free(a[i].uid);
		free(a[i].op);
		free(a[i].at);
	}
	free(a);
	free(title);
	str_done(&text);
}
