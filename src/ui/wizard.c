/* Three steps of one list each, then two small forms.  Leaving before the
 * database is made leaves nothing behind. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ask.h"
#include "division.h"
#include "db.h"
#include "draw.h"
#include "entry.h"
#include "file.h"
#include "indicator.h"
#include "mem.h"
#include "picker.h"
#include "pinyin.h"
#include "screen.h"
#include "scheme.h"
#include "site.h"
#include "troublescreen.h"
#include "user.h"
#include "vault.h"
#include "wizard.h"

struct divisions {
	struct division *d;
	size_t *row;
	size_t n, shown;
	const char *self;	/* words for "this one itself", or NULL */
};

static size_t
load(void *arg, const char *typed)
{
	struct divisions *v = arg;
	size_t i;

	v->shown = 0;
	for (i = 0; i < v->n; i++) {
		if (pick_matches(v->d[i].name, v->d[i].code, typed))
			v->row[v->shown++] = i;
	}
	if (v->self != NULL && *typed == '\0')
		v->row[v->shown++] = v->n;
	return v->shown;
}

static void
line(void *arg, size_t i, struct str *out)
{
	struct divisions *v = arg;

	if (v->row[i] == v->n)
		str_add(out, v->self);
	else
		str_addf(out, "%s  %s", v->d[v->row[i]].name,
		    v->d[v->row[i]].code);
}

/* One step; `code` becomes the choice.  1 chosen, 0 back, 2 itself. */
static int
choose(const char *data, const char *title, const char *self,
    struct division *out, const char *below)
{
	struct divisions v = { .self = self };
	struct pick p = { .title = title, .arg = &v, .load = load, .row = line,
	    .hint = "打名称、拼音首字母或代码来筛选；Esc 回上一步",
	    .none = "这里没有。删掉打的字；选错了上一步，按 Esc 回去" };
	struct err e = ERR_INIT;
	int r = 0;
	long i;

	if (division_children(data, below, &v.d, &v.n, &e) < 0) {
		screen_say_err(&e);
		return 0;
	}
	v.row = xcalloc(v.n + 1, sizeof *v.row);
	pick_init(&p);
	i = pick_run(&p);
	if (i >= 0) {
		r = v.row[i] == v.n ? 2 : 1;
		if (r == 1)
			*out = v.d[v.row[i]];
	}
	pick_done(&p);
	free(v.row);
	free(v.d);
	return r;
}

/* Province, county, town; Esc goes one step back.  The title says within which:
 * Enter too early takes the first of the list. */
static bool
choose_division(const char *data, struct division *out)
{
	static const char *const titles[][2] = { { "第一步：", "哪个省" },
	    { "第二步：", "的哪个县（市、区）" },
	    { "第三步：", "的哪个乡镇（街道）" } };
	struct division d[3];
	int step = 0, r;
	char *title;

	while (screen_leaving() == LEAVE_NOT) {
		title = xasprintf("%s%s%s", titles[step][0], step == 0 ? "" :
		    d[step - 1].name, titles[step][1]);
		r = choose(data, title, step == 2 ? "本机给县里用" : NULL,
		    &d[step], step == 0 ? "" : d[step - 1].code);
		free(title);
		if (r == 0 && step == 0)
			return false;
		if (r == 2) {
			*out = d[1];
			return true;
		}
		if (r == 1 && step == 2) {
			*out = d[2];
			return true;
		}
		step += r == 1 ? 1 : -1;
	}
	return false;
}

/* There is no site yet that would have opened the table. */
static void
find_by_pinyin(const char *data)
{
	char *path = xasprintf("%s/pinyin/pinyin.txt", data);
	struct err e = ERR_INIT;

	if (pinyin_open(path, false, &e) < 0)
		screen_say("%s", e.msg);
	free(path);
}

/* What was chosen with the township: one scheme alone ("" for all of them);
 * a PC in place of a dead one. */
static char only[64];
static bool replaces;

enum { SCHEMES = 6 };

/* Make it, judged by every plan or by one of them?  False: not now. */
static bool
agreed(const char *data, const struct division *d)
{
	struct ask_item items[SCHEMES + 3] = {
		{ 'y', "是，各考核方案都用" }
	};
	char **names = scheme_names(data), *word[SCHEMES] = { NULL }, *text;
	struct err e = ERR_INIT;
	struct scheme *s;
	size_t n = 1, i;
	int at;

	for (i = 0; names[i] != NULL && i < SCHEMES; i++) {
		word[i] = scheme_load(&s, data, names[i], &e) < 0 ? NULL :
		    xasprintf("是，只用%s%s%s%s", s->brief != NULL ? s->brief :
		    s->title, s->note != NULL ? "（" : "", s->note != NULL ?
		    s->note : "", s->note != NULL ? "）" : "");
		if (word[i] == NULL)
			continue;
		scheme_free(s);
		items[n++] = (struct ask_item){ '1' + (uint32_t)i, word[i] };
	}
	if (strlen(d->code) == 9)
		items[n++] = (struct ask_item){ 'h', "是，这台电脑是换来的：原来"
		    "的坏了，要取回记录" };
	items[n++] = (struct ask_item){ 'n', "否" };
	text = xasprintf("给“%s”（%s）新建台账？考核方案以后可在系统设置里改。",
	    d->name, d->code);
	at = ask_items("新建台账", text, items, n, 0);
	only[0] = '\0';
	replaces = at > 0 && items[at].key == 'h';
	if (at > 0 && (size_t)at < n - 1 && !replaces)
		snprintf(only, sizeof only, "%s", names[items[at].key - '1']);
	free(text);
	for (i = 0; i < SCHEMES; i++)
		free(word[i]);
	scheme_names_free(names);
	return at >= 0 && (size_t)at < n - 1;
}

bool
wizard_division(const char *home)
{
	char *data = file_share(home, "data");
	struct division d;
	struct err e = ERR_INIT;
	bool made = false;
	int rc;

	if (data == NULL) {
		ask_ok("缺少文件", "找不到政策数据（data）文件夹，请重新安装。");
		return false;
	}
	find_by_pinyin(data);
	while (!made && choose_division(data, &d)) {
		if (!agreed(data, &d)) {
			screen_say("还没有新建，请重新选");
			continue;
		}
		screen_say("正在新建");
		screen_paint();
		rc = site_init(home, d.code, &e);
		screen_say("%s", "");
		made = rc >= 0;
		if (rc != 0)
			ask_ok(made ? "已建好，但还没有村" : "没有建成", e.msg);
	}
	free(data);
	return made;
}

/* The first one is 专办人员 as well: what she restricts must stay in
 * somebody's sight. */
struct admin {
	struct db *db;
	unsigned roles;
};

static int
check_admin(void *arg, struct entry *en, int *at, struct err *e)
{
	const struct admin *a = arg;
	int rc;

	if (strcmp(entry_text(en, 2), entry_text(en, 3)) != 0) {
		*at = 2;
		return err_set(e, E_FORMAT,
		    "两次输入的密码不一样，请重新输入");
	}
	rc = user_add(a->db, entry_text(en, 1), entry_text(en, 0), a->roles,
	    NULL, 0, entry_text(en, 2), e);
	if (rc != 0)
		*at = rc == E_EXISTS ? 1 : 2;
	return rc;
}

static bool
add_admin(struct db *db, unsigned more, const char *title, const char *text)
{
	struct admin a = { db, ROLE_ADMIN | ROLE_SUPERVISOR | more };
	struct entry_field f[] = {
		{ .label = "姓名", .max = 40, .required = true },
		{ .label = "用户名", .max = 40, .required = true,
		    .hint = "登录时打的名字，如 wangfang 或 王芳" },
		{ .label = "密码", .max = 100, .required = true, .secret = true,
		    .hint = "至少八个字母数字，或三个汉字" },
		{ .label = "再输一次", .max = 100, .required = true,
		    .secret = true },
		{ .label = NULL }
	};
	struct entry en = { .title = title, .text = text, .arg = &a,
	    .submit = check_admin, .clear_secrets = true };
	bool ok;

	entry_init(&en, f);
	ok = entry_run(&en);
	entry_done(&en);
	return ok;
}

static void
show_recovery(struct forms *fs, const char *home)
{
	static const struct ask_item items[] = {
		{ 'n', "还没有抄好" }, { 'y', "已经抄在纸上了" }
	};
	struct err e = ERR_INIT;
	struct str s = STR_INIT;
	char code[32];

	if (vault_recovery(fs, home, code, &e) < 0) {
		ask_ok("恢复码没有做成", e.msg);
		return;
	}
	str_addf(&s, "恢复码：\n\n    %s\n\n请抄在纸上，锁进单位的保险柜。"
	    "两位管理员都忘了密码，或者电脑坏了，都要靠它。只显示这一次。",
	    code);
	while (ask_items("恢复码", s.buf, items, 2, 0) != 1 &&
	    screen_leaving() == LEAVE_NOT)
		draw_beep();
	explicit_bzero(s.buf, s.len);
	explicit_bzero(code, sizeof code);
	str_done(&s);
}

bool
wizard_people(struct forms *fs, const char *home)
{
	struct db *db = forms_db(fs);
	struct err e = ERR_INIT;
	bool ok;

	if (user_assume(db, NULL, &e) < 0) {
		ask_ok("打不开", e.msg);
		return false;
	}
	ok = add_admin(db, ROLE_SPECIAL, "第一位管理员", "通常是儿童督导员本人，"
	    "兼专办人员：性侵害等专办件只有专办人员能看，以后可在系统设置里改。");
	if (ok && !add_admin(db, 0, "第二位管理员",
	    "请再设一位：一个人请假、忘记密码时，另一位能办。"))
		screen_say("只设了一位管理员，以后可在系统设置里再加");
	if (ok && replaces)
		troublescreen_await(db);
	if (ok && only[0] != '\0' &&
	    indicator_scheme_only(fs, only, &e) < 0)
		screen_say_err(&e);
	if (ok)
		show_recovery(fs, home);
	user_logout(db);
	return ok;
}
