/* See countykeys.h. */
#include "countykeys.h"

#include <stdlib.h>
#include <string.h>

#include "age.h"
#include "ask.h"
#include "db.h"
#include "entry.h"
#include "file.h"
#include "help.h"
#include "journal.h"
#include "keyring.h"
#include "mem.h"
#include "passphrase.h"
#include "rotate.h"
#include "screen.h"
#include "stickask.h"
#include "sticktext.h"
#include "tasks.h"
#include "ui.h"
#include "user.h"

static struct {
	struct receiver r;
	bool open;
} keys;

bool
countykeys_here(void)
{
	char *level = db_meta(ui_db(), "level");
	bool yes = str_eq(level, "county");

	free(level);
	return yes;
}

/* ---- the passphrase ---------------------------------------------------- */

static int
unlock(void *arg, struct entry *en, int *at, struct err *e)
{
	int rc;

	(void)arg;
	*at = 0;
	screen_say("正在打开密钥");
	screen_paint();
	rc = receive_open(&keys.r, ui_forms(), ui_home(), entry_text(en, 0),
	    e);
	keys.open = rc == 0;
	return rc;
}

struct receiver *
countykeys_open(void)
{
	struct entry_field f[] = {
		{ .label = "口令", .max = 200, .secret = true,
		    .required = true,
		    .hint = "建县级密钥时定的口令；本次登录只问一次" },
		{ .label = NULL }
	};
	struct entry en = { .title = "县级密钥的口令", .submit = unlock,
	    .clear_secrets = true,
	    .text = "乡镇的包和县回执要用县级密钥。" };
	char *path;

	if (keys.open)
		return &keys.r;
	path = xasprintf("%s/keys/county.age", ui_home());
	if (!file_exists(path)) {
		screen_say("还没有县级密钥，请管理员在“系统设置”里建");
		free(path);
		return NULL;
	}
	free(path);
	entry_init(&en, f);
	if (!entry_run(&en))
		keys.open = false;
	entry_done(&en);
	return keys.open ? &keys.r : NULL;
}

void
countykeys_forget(void)
{
	if (keys.open)
		receive_close(&keys.r);
	keys.open = false;
}

/* ---- making them ------------------------------------------------------- */

static int
check_pass(void *arg, struct entry *en, int *at, struct err *e)
{
	int rc;

	(void)arg;
	*at = 0;
	rc = passphrase_fit(entry_text(en, 0), e);
	if (rc < 0)
		return rc;
	if (strcmp(entry_text(en, 0), entry_text(en, 1)) != 0)
		return err_set(e, E_REFUSED, "两次输入的口令不一样");
	return 0;
}

/* The paper copy is made while the key is on the screen, or never. */
static void
show_made(const struct keycard *card, const struct str *paper,
    const char *path)
{
	static const struct ask_item items[] = {
		{ 'n', "还没有抄好，再看一看" }, { 'y', "已经抄在纸上了" }
	};
	struct str s = STR_INIT;

	str_addf(&s, "县级密钥已建好。\n\n存档钥匙：请现在抄在纸上，锁进单位的"
	    "保险柜。口令忘了、电脑坏了全靠它；本机不保存，离开这一屏就再也看不"
	    "到。\n\n  %s\n\n核对码（乡镇打电话来时念给他们听，“系统设置 → "
	    "核对码”里随时看得到）：\n\n  %s\n\n给乡镇的公钥文件：\n\n  %s\n",
	    paper->buf, card->fingerprint, path);
	do
		help_text("县级密钥", s.buf);
	while (screen_leaving() == LEAVE_NOT && ask_items("存档钥匙", "抄好了"
	    "吗？离开以后就再也看不到。", items, COUNT_OF(items), 0) != 1);
	age_wipe_str(&s);
}

/* county.key, and the former key's word for it when there is one. */
static int
write_card(const struct keycard *card, const char *dir, struct err *e)
{
	struct str text = STR_INIT;
	int rc;

	keycard_text(card, "county", &text);
	rc = sticktext_put(dir, "county.key", &text, true, e);
	if (rc == 0)
		rc = rotate_carry(ui_home(), "county.key.minisig", "county.key",
		    &text, dir, e);
	str_done(&text);
	return rc;
}

static void
make(const char *pass, const char *dir)
{
	char *site = db_meta(ui_db(), "site");
	char *path = xasprintf("%s/county.key", dir);
	struct str paper = STR_INIT;
	struct keycard card;
	struct err e = ERR_INIT;
	int rc;

	screen_say("正在建密钥");
	screen_paint();
	rc = keyring_make_county(ui_home(), site != NULL ? site : "",
	    ui_place(), pass, &paper, &card, &e);
	if (rc == 0)
		rc = journal_note(ui_db(), "key_county", NULL, NULL,
		    card.fingerprint, &e);
	if (rc == 0) {
		rc = write_card(&card, dir, &e);
		if (rc < 0)
			screen_say_err(&e);
		show_made(&card, &paper, rc < 0 ? "（没有写成，请选“再写一份公钥"
		    "文件”）" : path);
		stickask_run(dir);
	} else {
		screen_say_err(&e);
	}
	age_wipe_str(&paper);
	free(path);
	free(site);
}

static bool
made(void)
{
	struct keycard card;
	struct err none = ERR_INIT;

	return keyring_county(ui_home(), &card, &none) == 0;
}

void
countykeys_make(void)
{
	struct entry_field f[] = {
		{ .label = "口令", .max = 200, .secret = true,
		    .required = true, .hint = "至少8个字母数字，或三个汉字；"
		    "收包时要用" },
		{ .label = "再输一次", .max = 200, .secret = true,
		    .required = true },
		{ .label = NULL }
	};
	struct entry en = { .title = "建县级密钥", .submit = check_pass,
	    .clear_secrets = true,
	    .text = "乡镇的包只有县级密钥打得开。密钥用口令锁住。" };
	char *dir;

	if (made()) {
		ask_ok("建县级密钥", "县级密钥已经有了。要换，在“系统设置 → 密钥、"
		    "换新电脑、优盘丢了”里选“换县级密钥”。");
		return;
	}
	entry_init(&en, f);
	if (entry_run(&en)) {
		dir = tasks_place("给乡镇的公钥文件放到哪里");
		if (dir != NULL)
			make(entry_text(&en, 0), dir);
		free(dir);
	}
	entry_done(&en);
}

void
countykeys_card(void)
{
	struct keycard card;
	struct err e = ERR_INIT;
	char *dir;

	if (keyring_county(ui_home(), &card, &e) < 0) {
		screen_say("还没有县级密钥");
		return;
	}
	dir = tasks_place("给乡镇的公钥文件放到哪里");
	if (dir == NULL)
		return;
	if (write_card(&card, dir, &e) < 0) {
		screen_say_err(&e);
	} else {
		screen_say("已写好 %s/county.key", dir);
		stickask_run(dir);
	}
	free(dir);
}

/* ---- another passphrase ---------------------------------------------------- */

static int
submit_pass(void *arg, struct entry *en, int *at, struct err *e)
{
	int rc = passphrase_fit(entry_text(en, 1), e);

	(void)arg;
	*at = 0;		/* a refusal empties them all */
	if (rc < 0)
		return rc;
	if (strcmp(entry_text(en, 1), entry_text(en, 2)) != 0)
		return err_set(e, E_REFUSED, "两次输入的新口令不一样");
	screen_say("正在改口令");
	screen_paint();
	return passphrase_change(ui_forms(), ui_home(), entry_text(en, 0),
	    entry_text(en, 1), e);
}

void
countykeys_passphrase(void)
{
	struct entry_field f[] = {
		{ .label = "现在的口令", .max = 200, .secret = true,
		    .required = true },
		{ .label = "新口令", .max = 200, .secret = true,
		    .required = true, .hint = "至少8个字母数字，或三个汉字" },
		{ .label = "再输一次", .max = 200, .secret = true,
		    .required = true },
		{ .label = NULL }
	};
	struct entry en = { .title = "改县级密钥的口令", .submit = submit_pass,
	    .clear_secrets = true, .text = "密钥不变，核对码不变，乡镇不用做"
	    "什么。" };
	bool done;

	if (!made()) {
		ask_ok("改口令", "还没有县级密钥。");
		return;
	}
	entry_init(&en, f);
	done = entry_run(&en);
	entry_done(&en);
	if (!done)
		return;
	help_text("口令已改", "下次收包用新口令。\n\n"
	    "保险柜里那张存档钥匙没有变，照旧打得开所有的包，不用重抄；"
	    "写着旧口令的纸请销毁。\n\n"
	    "以前另存的密钥文件（整个数据文件夹的副本、旧电脑）仍是旧口令。"
	    "怀疑口令被人知道、文件也被拷走：接着在“密钥、换新电脑、优盘丢了”里"
	    "换县级密钥。\n");
}
