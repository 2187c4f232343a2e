/* The log is made from the journal, a line for each record touched today, by
 * kind, then the other acts; what the person changes in it is kept as a record
 * of 工作日志 of this day, and what is done later is added at the next F8. */
#include <stdlib.h>
#include <string.h>

#include "ask.h"
#include "date.h"
#include "db.h"
#include "help.h"
#include "mem.h"
#include "output.h"
#include "record.h"
#include "textview.h"
#include "today.h"
#include "ui.h"
#include "user.h"

enum { LINES_MAX = 500 };

struct act {
	char *form, *uid, *op, *at;
};

struct today {
	struct textview v;
	struct edit edit;
	struct record *r;
};

/* ---- what was done ---------------------------------------------------- */

/* Journal words that a person knows. */
static const struct {
	const char *op, *word;
} words[] = {
	{ "insert", "新增" }, { "create", "新增" }, { "new", "新增" },
	{ "update", "修改" }, { "delete", "删除" }, { "move", "办理" },
	{ "unmask", "看号码" }, { "export", "导出" }, { "print", "打印" },
	{ "import", "导入" },
	{ "bundle", "做上报包" }, { "passwd", "改密码" },
	{ "user_add", "新增用户" }, { "user_roles", "改用户身份" },
	{ "user_scope", "改用户管的村" }, { "disable", "停用用户" },
	{ "enable", "启用用户" }, { "backup", "备份" },
	{ "restore", "恢复" }, { "receipt", "用县回执" },
	{ "receive", "收上报包" }, { "review", "审核" },
	{ "propose", "更正" }, { "transfer", "转出转入" },
	{ "duplicate", "核对重复" }, { "join", "核对重复" },
	{ "apart", "核对重复" }, { "accept", "认可数据库" },
	{ "give", "还回记录" }, { "edition", "下发、换上资料" },
	{ "key_county", "建县级密钥" }, { "key_rotate", "换密钥" },
	{ "key_import", "导入县里的公钥" }, { "key_enrol", "登记乡镇的公钥" },
	{ "key_passphrase", "改县级密钥的口令" }, { "report", "做报表" },
	{ "override", "照报" }, { "merge_village", "并村" },
	{ "outbox", "清发件箱" }, { "purge", "到期销毁" },
	{ "clock", "记下日期差" }
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

/* Read the acts after `since` first: displays need statements of their own. */
static size_t
read_acts(struct act *a, const char *since, struct err *e)
{
	struct db *db = ui_db();
	struct stmt *q;
	char *like = xasprintf("%s%%", date_today());
	size_t n = 0;

	db_trust(db);
	q = db_new(db, "SELECT form,uid,op,max(at) FROM main.journal"
	    " WHERE by=?1 AND at LIKE ?2 AND at>?3 AND form IS NOT 'work_log'"
	    " AND op NOT IN ('login','logout')"
	    " GROUP BY form,uid,op ORDER BY form IS NULL,form,max(seq)", e);
	if (q != NULL) {
		stmt_text(q, 1, db_session(db)->login);
		stmt_text(q, 2, like);
		stmt_text(q, 3, since);
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

/* The log is read by others, so it names no restricted record. */
static void
add_line(const struct act *a, const char *before, struct str *out)
{
	const struct form *f = a->form != NULL ? ui_form(a->form) : NULL;
	char *display = NULL;

	if (f != NULL && (before == NULL || strcmp(before, a->form) != 0))
		str_addf(out, "%s%s\n", out->len > 0 ? "\n" : "", f->title);
	else if (f == NULL && before != NULL)
		str_add(out, "\n其他\n");
	if (f != NULL && a->uid != NULL)
		display = record_restricted(ui_forms(), f, a->uid) ?
		    xstrdup("（专办件）") : record_display(ui_forms(), f,
		    a->uid);
	str_addf(out, "  %.5s %s  %s\n", a->at + 11, word_of(a->op),
	    display != NULL ? display : "");
	free(display);
}

static void
list_acts(const char *since, struct str *out)
{
	struct act *a = xcalloc(LINES_MAX, sizeof *a);
	struct err e = ERR_INIT;
	size_t n = read_acts(a, since, &e), i;

	if (e.code != 0)
		screen_say_err(&e);
	for (i = 0; i < n; i++)
		add_line(&a[i], i > 0 ? a[i - 1].form : NULL, out);
	for (i = 0; i < n; i++) {
		free(a[i].form);
		free(a[i].uid);
		free(a[i].op);
		free(a[i].at);
	}
	free(a);
}

/* ---- the kept log ----------------------------------------------------- */

/* Today's log of this person, or a blank one. */
static struct record *
open_log(struct err *e)
{
	const struct session *s = db_session(ui_db());
	const struct form *f = ui_form("work_log");
	struct record *r;
	char *uid;

	if (f == NULL)
		return NULL;
	uid = db_str(ui_db(), "SELECT max(uid) FROM work_log WHERE day=?1 AND"
	    " author=?2", "ss", date_today(), s->login);
	r = uid != NULL ? record_load(ui_forms(), f, uid, e) :
	    record_new(ui_forms(), f, e);
	if (r != NULL && uid == NULL && s->nvillages > 0 && !s->all_villages)
		record_fill(r, "village", s->villages[0]);
	free(uid);
	return r;
}

/* What was written before and what was done since. */
static void
fill(struct today *t)
{
	struct str text = STR_INIT, more = STR_INIT;
	const char *kept = record_get(t->r, "text");

	list_acts(t->r->is_new ? "" : t->r->updated_at, &more);
	str_addf(&text, "%s%s%s", kept != NULL ? kept : "",
	    kept != NULL && more.len > 0 ? "\n\n" : "",
	    more.len > 0 ? more.buf : "");
	edit_set(&t->edit, text.buf);
	str_done(&text);
	str_done(&more);
}

static void
keep(struct screen *s)
{
	struct today *t = (struct today *)s;
	struct err e = ERR_INIT;

	if (!t->edit.changed)
		return;
	record_fill(t->r, "text", edit_text(&t->edit));
	if (record_save(t->r, NULL, &e) < 0) {
		screen_say_err(&e);
		return;
	}
	t->edit.changed = false;
	screen_say("已存好");
}

static void
leave(struct screen *s)
{
	struct today *t = (struct today *)s;

	keep(s);
	if (!t->edit.changed)
		screen_back(s);
	else if (ask_yes("今日工作", false, "没有存上，不存就离开？"))
		screen_back(s);
}

/* As the records have it; ^Z brings back what stood there. */
static void
list_again(struct screen *s)
{
	struct today *t = (struct today *)s;
	struct str text = STR_INIT;

	list_acts("", &text);
	edit_end(&t->edit, 0);
	while (t->edit.text.buf[t->edit.at] != '\0' && edit_forward(&t->edit))
		;
	edit_insert(&t->edit, "\n\n", NULL);
	edit_insert(&t->edit, text.buf, NULL);
	str_done(&text);
}

static void
print(struct screen *s)
{
	struct today *t = (struct today *)s;
	struct paper *p;
	char *copy, *save = NULL, *line;

	keep(s);
	p = paper_new(t->v.title);
	p->personal = true;
	copy = xstrdup(edit_text(&t->edit));
	for (line = copy != NULL ? strtok_r(copy, "\n", &save) : NULL;
	    line != NULL; line = strtok_r(NULL, "\n", &save))
		paper_line(p, "%s", line);
	output_paper(p, "工作日志");
	paper_free(p);
	free(copy);
}

static const struct keyrow rows[] = {
	{ K_F(2), 0, "F2", "存好", "存好，还留在这里", keep },
	{ K_F(7), 0, "F7", "打印", "打印、放发件箱、放U盘", print },
	{ K_F(5), 0, "F5", "再列一遍", "把今天的记录从头再列一遍，加在后面", list_again },
	{ K_ENTER, 0, "回车", "换行", "换行", textview_enter },
	{ K_UP, 0, "上 下", NULL, "上下移动一行", textview_up },
	{ K_DOWN, 0, "下", NULL, NULL, textview_down },
	{ K_PGUP, 0, "PgUp PgDn", NULL, "上下移动一屏", textview_page_up },
	{ K_PGDN, 0, "PgDn", NULL, NULL, textview_page_down },
	{ K_UNDO, 0, "^Z", NULL, "撤消刚才的改动", NULL },
	{ K_F(8), 0, "F8", NULL, NULL, leave },
	{ K_ESC, 0, "Esc", "返回", "返回；改过的自动存好", leave },
	{ 0, 0, NULL, NULL, NULL, NULL }
};

static const struct screen_ops ops = {
	.full = true, .rows = rows, .draw = textview_draw,
	.key = textview_key, .typing = textview_typing,
	.tick = textview_tick, .save = keep
};

static bool open_already;	/* F8 over F8 */

void
today_run(void)
{
	struct err e = ERR_INIT;
	struct today t = { .r = NULL };
	char *title;

	if (!ui_present() || open_already)
		return;
	title = xasprintf("今日工作  %s  %s", db_session(ui_db())->name,
	    date_today());
	t.r = open_log(&e);
	if (t.r == NULL) {
		screen_say_err(&e);
		free(title);
		return;
	}
	edit_init(&t.edit, (int)form_field(t.r->form, "text")->max, true);
	fill(&t);
	t.v = (struct textview){ .base.ops = &ops, .title = title,
	    .edit = &t.edit };
	open_already = true;
	if (edit_text(&t.edit)[0] == '\0')
		screen_say("今天还没有记录；可以直接写");
	if (record_may_write(ui_forms(), t.r->form))
		screen_run(&t.v.base);
	else
		help_text(title, edit_text(&t.edit)[0] != '\0' ?
		    edit_text(&t.edit) : "今天还没有记录");
	open_already = false;
	edit_done(&t.edit);
	record_free(t.r);
	free(title);
}
