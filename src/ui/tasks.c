/* Each task: gather what it needs, show what came of it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "ask.h"
#include "cardscreen.h"
#include "check.h"
#include "create.h"
#include "date.h"
#include "db.h"
#include "draw.h"
#include "entry.h"
#include "file.h"
#include "filepick.h"
#include "help.h"
#include "journal.h"
#include "keyring.h"
#include "listscreen.h"
#include "mem.h"
#include "picker.h"
#include "placepick.h"
#include "progress.h"
#include "safe.h"
#include "screen.h"
#include "signer.h"
#include "stickask.h"
#include "stickfind.h"
#include "tasks.h"
#include "ui.h"
#include "user.h"
#include "vault.h"
#include "verify.h"

/* ---- where to -------------------------------------------------------- */

static size_t
load_sticks(void *arg, const char *typed)
{
	(void)typed;
	return ((struct stick_list *)arg)->n + 1;
}

static void
stick_text(void *arg, size_t i, struct str *out)
{
	struct stick_list *l = arg;
	char *box = NULL;

	if (i == l->n) {
		box = xasprintf("%s/发件箱", ui_home());
		str_add(out, "发件箱（放在本机，用 WinSCP 取）");
		placepick_where(box, out);
	} else {
		str_addf(out, "U盘 %s  %s  剩 %llu MB%s", l->v[i].path,
		    l->v[i].fs, (unsigned long long)l->v[i].room / 1000000,
		    l->v[i].readonly ? "  只读，写不进" : "");
	}
	free(box);
}

char *
tasks_place(const char *title)
{
	struct stick_list l = { 0 };
	struct err e = ERR_INIT;
	struct pick p = { .title = title, .arg = &l, .load = load_sticks,
	    .row = stick_text, .digits = true };
	char *dir = NULL;
	long i;

	if (stick_find(&l, NULL, NULL, &e) < 0)
		screen_say_err(&e);
	pick_init(&p);
	i = pick_run(&p);
	pick_done(&p);
	if (i >= 0 && (size_t)i < l.n) {
		dir = xstrdup(l.v[i].path);
	} else if (i >= 0) {
		dir = xasprintf("%s/发件箱", ui_home());
		if (file_mkdirs(dir, 0700, &e) < 0) {
			screen_say_err(&e);
			free(dir);
			dir = NULL;
		}
	}
	stick_list_done(&l);
	return dir;
}

/* ---- bundles --------------------------------------------------------- */

static int
step(void *ctx, uint64_t done, uint64_t whole)
{
	(void)ctx;
	return progress_step((int64_t)done, (int64_t)whole) ? 0 : -1;
}

/* What the person does with it. */
static void
add_next(const struct create_result *r, const char *dir, struct str *s)
{
	struct keycard own;
	struct err none = ERR_INIT;

	if (!r->for_county)
		str_add(s, "\n县里打不开：还没有导入县里的公钥。"
		    "请先向县里要 county.key，在“系统设置”里导入。\n");
	else if (str_starts(dir, ui_home()))
		str_add(s, "\n接下来：用 WinSCP 把发件箱里的这几个文件都取到U盘上，"
		    "交到县里。\n");
	else
		str_add(s, "\n接下来：把U盘交到县里，等县回执带回来，选“用县回执”。"
		    "\n");
	if (r->for_county && r->enrol[0] != '\0' &&
	    keyring_site(ui_home(), "", "", &own, &none) == 0)
		str_addf(s, "县里要登记本单位的公钥（%s），会打电话来，请念核对码："
		    "\n\n  %s\n", r->enrol, own.fingerprint);
}

static void
show_created(const struct create_result *r, const char *dir)
{
	struct str s = STR_INIT;

	create_sentence(r, &s);
	str_addf(&s, "\n\n包已做好，已读回核对：\n\n  %s/%s\n", dir, r->file);
	if (r->damaged != NULL)	/* before anybody carries it away */
		str_addf(&s, "\n注意：这些旧包已损坏，U盘可能是坏的或假的，"
		    "请换一个再做：\n%s", r->damaged);
	add_next(r, dir, &s);
	str_add(&s, "\n这个包里：\n\n");
	census_lines(&r->census, &s);
	if (r->rechecked > 1)
		str_addf(&s, "\n以前写的 %zu 个包也读了一遍。\n",
		    r->rechecked - 1);
	help_text("做上报包", s.buf);
	str_done(&s);
}

/* A bundle made without the county's key is no use to the county: ask before
 * one is made. */
static bool
may_bundle(void)
{
	static const struct ask_item items[] = {
		{ '1', "先导入县里的公钥" },
		{ '2', "照样做（只有本机打得开）" }
	};
	struct err none = ERR_INIT;
	struct keycard card;
	int i;

	if (keyring_county(ui_home(), &card, &none) == 0)
		return true;
	i = ask_items("县里打不开", "还没有导入县里的公钥：现在做的上报包县里"
	    "打不开。公钥在县里给的 county.key 文件里，可以放在U盘上带来。",
	    items, COUNT_OF(items), 0);
	if (i == 0 && ui_role(ROLE_ADMIN))
		cardscreen_county();
	else if (i == 0)
		screen_say("公钥要管理员在“系统设置”里导入");
	return i == 1 || (i == 0 &&
	    keyring_county(ui_home(), &card, &none) == 0);
}

void
tasks_bundle(void)
{
	struct create_result r = { .rows = 0 };
	struct err e = ERR_INIT;
	char *dir = listscreen_precheck() && may_bundle() ? tasks_place("上报包放到哪里") : NULL;
	int rc;

	if (dir == NULL)
		return;
	screen_say("正在做上报包");
	screen_paint();
	progress_begin("做上报包");
	rc = create_site(ui_forms(), ui_home(), dir, false, step, NULL, &r, &e);
	progress_end();
	if (rc == E_CANCEL)
		screen_say_err(&e);
	else if (rc < 0)
		ask_ok("上报包没有做成", e.msg);
	else
		show_created(&r, dir);
	create_result_done(&r);
	stickask_run(dir);
	free(dir);
}

static int
verify_bundle(const char *path, struct verify_result *r, struct err *e)
{
	struct age_keys keys = AGE_KEYS_INIT;
	int rc = signer_verify(ui_home(), path, r->comment,
	    sizeof r->comment, r->until, e);

	if (rc == 0)
		rc = keyring_identity(ui_home(), &keys, e);
	if (rc == 0)
		rc = verify_content(path, &keys, r, e);
	age_keys_done(&keys);
	return rc;
}

static void
say_sound(const struct verify_result *r, struct str *s)
{
	str_add(s, "完好：签名、内容都对。\n\n");
	safe_line(s, r->header.site_name);
	str_addf(s, " 第%lld包：", (long long)r->header.nlineage + 1);
	if (r->header.children >= 0)
		census_words(r->header.children, r->header.items, s);
	else
		str_addf(s, "%lld 条记录", (long long)r->rows);
	str_addf(s, "，写于 %s\n", r->header.created);
	if (r->until[0] != '\0')
		str_addf(s, "由旧密钥签名，%.10s 起已更换。\n", r->until);
}

static char *
pick_bundle(void)
{
	return filepick_run("检查哪个上报包", FILEPICK_BUNDLE);
}

/* Heap, NULL for back. */
static char *
ask_bundle(void)
{
	struct entry_field f[] = {
		{ .label = "文件", .max = 200, .required = true,
		    .pick = pick_bundle, .hint = "按 F4 从U盘、收件箱里选，或打"
		    "完整位置" },
		{ .label = NULL }
	};
	struct entry en = { .title = "检查上报包",
	    .text = "上报包（.age）或一个文件夹。" };
	char *only = filepick_only(FILEPICK_BUNDLE), *path = NULL;

	entry_init(&en, f);
	if (only != NULL)
		edit_set(&f[0].edit, only);
	if (entry_run(&en))
		path = xstrdup(entry_text(&en, 0));
	entry_done(&en);
	free(only);
	return path;
}

void
tasks_verify(void)
{
	struct verify_result r = VERIFY_RESULT_INIT;
	struct bagit_result bag = BAGIT_RESULT_INIT;
	struct err e = ERR_INIT;
	struct str s = STR_INIT;
	struct stat st;
	char *path = ask_bundle();
	size_t i;
	int rc;

	if (path == NULL)
		return;
	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode)) {
		rc = bagit_check_dir(&bag, path, &e);
		for (i = 0; rc == 0 && i < bag.n; i++)
			str_addf(&s, "%s：%s\n", bag.v[i].fatal ? "错误" :
			    "注意", bag.v[i].text);
		if (rc == 0)
			str_add(&s, bag.verdict == BAGIT_INVALID ? "不能收" :
			    bag.verdict == BAGIT_WARNING ?
			    "可以收，但有要注意的" : "完好");
		bagit_result_done(&bag);
	} else {
		rc = verify_bundle(path, &r, &e);
		if (rc == 0)
			say_sound(&r, &s);
		verify_result_done(&r);
	}
	if (rc < 0)
		str_addf(&s, "不能收：%s", e.msg);
	help_text("检查上报包", s.buf);
	str_done(&s);
	free(path);
}

/* ---- the database ---------------------------------------------------- */

void
tasks_backup(void)
{
	struct vault_result r = { 0 };
	struct err e = ERR_INIT;
	char *dir = tasks_place("备份放到哪里"), *path, stamp[STAMP_SIZE];

	if (dir == NULL)
		return;
	date_stamp(stamp);
	path = xasprintf("%s/tongji-%.10s-%.2s%.2s.age", dir, stamp,
	    stamp + 11, stamp + 14);
	screen_say("正在备份");
	screen_paint();
	if (vault_backup(ui_forms(), ui_home(), path, &r, &e) < 0)
		ask_ok("备份没有做成", e.msg);
	else
		screen_say("已备份并核对：%s%s", path, r.recoverable ? "" :
		    "；还没有恢复码，只有本机能打开");
	stickask_run(dir);
	free(path);
	free(dir);
}

static void
add_bad(void *arg, const char *text)
{
	str_addf(arg, "%s\n", text);
}

void
tasks_check(void)
{
	struct str s = STR_INIT;
	struct err e = ERR_INIT;
	int64_t bad;

	screen_say("正在检查数据库");
	screen_paint();
	bad = check_all(ui_forms(), add_bad, &s, &e);
	if (bad < 0) {
		screen_say_err(&e);
	} else if (bad == 0) {
		screen_say("检查完毕：数据库和日志都完好");
	} else {
		str_addf(&s, "\n共 %lld 处问题", (long long)bad);
		help_text("检查数据库", s.buf);
	}
	str_done(&s);
}

void
tasks_recovery(void)
{
	struct err e = ERR_INIT;
	char code[32];
	struct str s = STR_INIT;

	if (!ask_yes("恢复码", false, "做一个新的恢复码？原来的就作废了。"))
		return;
	if (vault_recovery(ui_forms(), ui_home(), code, &e) < 0) {
		screen_say_err(&e);
		return;
	}
	str_addf(&s, "%s\n\n请抄在纸上，锁进单位的保险柜。忘记密码、电脑坏了"
	    "都要靠它。只显示这一次。", code);
	ask_ok("恢复码", s.buf);
	explicit_bzero(s.buf, s.len);
	explicit_bzero(code, sizeof code);
	str_done(&s);
}

void
tasks_counts(void)
{
	const char *const *names = forms_names(ui_forms());
	const struct form *f;
	struct str text = STR_INIT, sql = STR_INIT;
	size_t i;

	for (i = 0; names[i] != NULL; i++) {
		f = ui_form(names[i]);
		if (f == NULL)
			continue;
		str_clear(&sql);
		str_add(&sql, "SELECT count(*) FROM ");
		db_quote(&sql, f->name);
		str_addf(&text, "%8lld  %s\n",
		    (long long)db_int(ui_db(), 0, sql.buf, ""), f->title);
	}
	help_text("各台账条数", text.buf);
	str_done(&text);
	str_done(&sql);
}
