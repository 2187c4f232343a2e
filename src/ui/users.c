/* Users: list, add, disable, new password, villages. */
#include <stdlib.h>
#include <string.h>

#include "ask.h"
#include "choose.h"
#include "db.h"
#include "draw.h"
#include "entry.h"
#include "listview.h"
#include "login.h"
#include "mem.h"
#include "picker.h"
#include "record.h"
#include "settings.h"
#include "ui.h"
#include "user.h"

struct users {
	struct listview lv;
	struct user *u;
	size_t n;
};

static int
open_list(struct listview *lv, const char *filter, int sort, bool desc,
    struct err *e)
{
	struct users *u = lv->arg;
	int rc;

	(void)filter;
	(void)sort;
	(void)desc;
	free(u->u);
	u->u = NULL;
	u->n = 0;
	rc = user_list(ui_db(), &u->u, &u->n, e);
	lv->n = (long)u->n;
	return rc < 0 ? rc : 0;
}

static void
cell(struct listview *lv, long row, int col, struct str *out)
{
	const struct user *u = &((struct users *)lv->arg)->u[row];

	if (col == 0)
		str_add(out, u->login);
	else if (col == 1)
		str_add(out, u->name);
	else if (col == 2)
		str_add(out, role_label(u->roles));
	else if (col == 3)
		str_add(out, u->disabled ? "停用" : "");
	else
		str_add(out, u->villages);
}

static const struct list_source source = { .open = open_list, .cell = cell };

/* ---- villages -------------------------------------------------------- */

struct villages {
	char (*uid)[37];
	char **name;
	bool *on;
	size_t *row;
	size_t n, shown;
};

static size_t
load_villages(void *arg, const char *typed)
{
	struct villages *v = arg;
	size_t i;

	v->shown = 0;
	for (i = 0; i < v->n; i++) {
		if (pick_matches(v->name[i], NULL, typed))
			v->row[v->shown++] = i;
	}
	return v->shown;
}

static void
village_text(void *arg, size_t i, struct str *out)
{
	struct villages *v = arg;

	str_add(out, v->name[v->row[i]]);
}

static bool
village_on(void *arg, size_t i)
{
	struct villages *v = arg;

	return v->on[v->row[i]];
}

static void
village_toggle(void *arg, size_t i)
{
	struct villages *v = arg;

	v->on[v->row[i]] = !v->on[v->row[i]];
}

static void
read_villages(struct villages *v)
{
	struct err e = ERR_INIT;
	struct stmt *q = db_new(ui_db(), "SELECT uid,name FROM village"
	    " ORDER BY code", &e);
	size_t cap = 0, n = 0;

	v->n = (size_t)db_int(ui_db(), 0, "SELECT count(*) FROM village", "");
	cap = v->n;
	v->uid = xcalloc(cap + 1, sizeof *v->uid);
	v->name = xcalloc(cap + 1, sizeof *v->name);
	v->on = xcalloc(cap + 1, sizeof *v->on);
	v->row = xcalloc(cap + 1, sizeof *v->row);
	while (q != NULL && n < cap && stmt_step(q, &e) > 0) {
		strncpy(v->uid[n], stmt_col(q, 0), 36);
		v->name[n++] = xstrdup(stmt_col(q, 1));
	}
	v->n = n;
	stmt_free(q);
}

static void
free_villages(struct villages *v)
{
	while (v->n > 0)
		free(v->name[--v->n]);
	free(v->uid);
	free(v->name);
	free(v->on);
	free(v->row);
}

/* Choose villages for a director; `*out` heap array of borrowed uids. */
static bool
choose_villages(struct villages *v, const char ***out, size_t *n)
{
	struct pick p = { .title = "管哪些村（空格勾选）", .arg = v,
	    .load = load_villages, .row = village_text, .marked = village_on,
	    .toggle = village_toggle };
	long r;
	size_t i;

	read_villages(v);
	pick_init(&p);
	r = pick_run(&p);
	pick_done(&p);
	*out = xcalloc(v->n + 1, sizeof **out);
	*n = 0;
	for (i = 0; i < v->n; i++) {
		if (v->on[i])
			(*out)[(*n)++] = v->uid[i];
	}
	return r >= 0;
}

/* ---- adding ---------------------------------------------------------- */

static const struct ask_item role_items[] = {
	{ '1', "管理员（兼督导员）" }, { '2', "督导员" }, { '3', "儿童主任" },
	{ '4', "专办人员（兼督导员）" }, { '5', "县级" }, { '6', "只读" },
	{ '7', "管理员兼专办人员" }
};
static const unsigned role_bits[] = {
	ROLE_ADMIN | ROLE_SUPERVISOR, ROLE_SUPERVISOR, ROLE_DIRECTOR,
	ROLE_SPECIAL | ROLE_SUPERVISOR, ROLE_COUNTY, ROLE_READER,
	ROLE_ADMIN | ROLE_SUPERVISOR | ROLE_SPECIAL
};

static void
add_user(const char *login, const char *name, unsigned roles)
{
	struct villages v = { 0 };
	const char **uids = NULL;
	size_t n = 0;
	struct err e = ERR_INIT;
	char *password;

	if ((roles & ROLE_DIRECTOR) != 0 && !choose_villages(&v, &uids, &n)) {
		screen_say("没有新增用户");
	} else if ((password = login_new_password("新增用户", login)) != NULL) {
		if (user_add(ui_db(), login, name, roles, uids, n, password,
		    &e) < 0)
			screen_say_err(&e);
		else
			screen_say("已新增“%s”", login);
		explicit_bzero(password, strlen(password));
		free(password);
	}
	free(uids);
	free_villages(&v);
}

static void
again(struct users *u)
{
	struct err e = ERR_INIT;

	if (listview_reload(&u->lv, &e) < 0)
		screen_say_err(&e);
}

static void
new_user(struct screen *s)
{
	struct entry_field f[] = {
		{ .label = "姓名", .max = 40, .required = true },
		{ .label = "用户名", .max = 40, .required = true,
		    .hint = "登录时打的名字，如 wangfang 或 王芳" },
		{ .label = NULL }
	};
	struct entry en = { .title = "新增用户" };
	int role;

	entry_init(&en, f);
	if (entry_run(&en)) {
		role = ask_items("身份", "这个人是什么身份？", role_items,
		    COUNT_OF(role_items), 1);
		if (role >= 0)
			add_user(entry_text(&en, 1), entry_text(&en, 0),
			    role_bits[role]);
	}
	entry_done(&en);
	again(((struct listview *)s)->arg);
}

static struct user *
here(struct screen *s)
{
	struct users *u = ((struct listview *)s)->arg;

	return u->lv.at < u->lv.n ? &u->u[u->lv.at] : NULL;
}

static void
set_password(const char *login)
{
	struct err e = ERR_INIT;
	char *password = login_new_password("改密码", login);

	if (password == NULL)
		return;
	if (user_passwd(ui_db(), login, password, &e) < 0)
		screen_say_err(&e);
	else
		screen_say("“%s”的密码已改", login);
	explicit_bzero(password, strlen(password));
	free(password);
}

static void
password_row(struct screen *s)
{
	struct user *u = here(s);
	char login[sizeof u->login];

	if (u == NULL)
		return;
	memcpy(login, u->login, sizeof login);
	set_password(login);
}

static void
disable_row(struct screen *s)
{
	struct user *u = here(s);
	struct err e = ERR_INIT;

	if (u == NULL)
		return;
	if (strcmp(u->login, db_session(ui_db())->login) == 0) {
		screen_say("不能停用自己");
		draw_beep();
		return;
	}
	if (!ask_yes(u->disabled ? "启用" : "停用", false, "%s用户“%s”？",
	    u->disabled ? "启用" : "停用", u->login))
		return;
	if (user_disable(ui_db(), u->login, !u->disabled, &e) < 0)
		screen_say_err(&e);
	again(((struct listview *)s)->arg);
}

/* Another post: somebody becomes 专办人员, or is it no more. */
static void
roles_row(struct screen *s)
{
	struct user *u = here(s);
	struct villages v = { 0 };
	struct err e = ERR_INIT;
	const char **uids = NULL;
	char login[sizeof u->login];
	size_t n = 0;
	int role, rc = 0;

	if (u == NULL)
		return;
	memcpy(login, u->login, sizeof login);
	role = ask_items("身份", "这个人是什么身份？性侵害等专办件，只有专办人员"
	    "能看。", role_items, COUNT_OF(role_items), 1);
	if (role < 0 || ((role_bits[role] & ROLE_DIRECTOR) != 0 &&
	    !choose_villages(&v, &uids, &n)))
		rc = E_CANCEL;
	else if ((role_bits[role] & ROLE_DIRECTOR) != 0 && n == 0)
		rc = err_set(&e, E_REFUSED, "儿童主任必须指定负责的村");
	if (rc == 0)
		rc = user_roles(ui_db(), login, role_bits[role], &e);
	if (rc == 0 && uids != NULL)
		rc = user_scope(ui_db(), login, uids, n, &e);
	if (rc == 0)
		screen_say("“%s”现在是%s，下次登录起算", login,
		    role_label(role_bits[role]));
	else if (rc != E_CANCEL)
		screen_say_err(&e);
	free(uids);
	free_villages(&v);
	again(((struct listview *)s)->arg);
}

static void
villages_row(struct screen *s)
{
	struct user *u = here(s);
	struct villages v = { 0 };
	struct err e = ERR_INIT;
	const char **uids = NULL;
	size_t n = 0;

	if (u == NULL)
		return;
	if ((u->roles & ROLE_DIRECTOR) == 0) {
		screen_say("只有儿童主任要分村");
		draw_beep();
		return;
	}
	if (choose_villages(&v, &uids, &n) &&
	    user_scope(ui_db(), u->login, uids, n, &e) < 0)
		screen_say_err(&e);
	free(uids);
	free_villages(&v);
	again(((struct listview *)s)->arg);
}

static const struct keyrow rows[] = {
	{ 'n', K_INS, "N", "新增", "新增一个用户", new_user },
	{ 'p', 0, "P", "改密码", "给这个人设新密码", password_row },
	{ 'r', 0, "R", "身份", "改这个人的身份", roles_row },
	{ 'v', 0, "V", "分村", "儿童主任管哪些村", villages_row },
	{ 'd', 0, "D", "停用/启用", "停用或重新启用", disable_row },
	{ K_UP, 0, "上 下", NULL, "移动", listview_up },
	{ K_DOWN, 0, "下", NULL, NULL, listview_down },
	{ K_PGUP, 0, "PgUp PgDn", NULL, "翻页", listview_page_up },
	{ K_PGDN, 0, "PgDn", NULL, NULL, listview_page_down },
	{ K_ESC, 0, "Esc", "返回", "返回", screen_back },
	{ 0, 0, NULL, NULL, NULL, NULL }
};

static void
key(struct screen *s, const struct key *k)
{
	(void)s;
	(void)k;
	draw_beep();
}

static const struct screen_ops ops = {
	.full = true, .rows = rows, .draw = listview_draw, .key = key
};

void
users_run(void)
{
	struct list_column col[] = {
		{ "用户名", 14, false, false }, { "姓名", 12, false, false },
		{ "身份", 14, false, false }, { "停用", 5, false, false },
		{ "管的村", 24, false, false }
	};
	struct users u = { .n = 0 };

	u.lv.base.ops = &ops;
	u.lv.src = &source;
	u.lv.arg = &u;
	u.lv.title = "用户";
	u.lv.none = "还没有用户";
	u.lv.col = col;
	u.lv.ncols = 5;
	listview_init(&u.lv);
	again(&u);
	screen_run(&u.lv.base);
	free(u.u);
	listview_done(&u.lv);
}

void
users_own_password(void)
{
	char login[64];

	if (!login_confirm("改自己的密码"))
		return;
	memcpy(login, db_session(ui_db())->login, sizeof login);
	set_password(login);
}
