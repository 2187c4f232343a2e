/* See countykeys.h. */
#include "countykeys.h"

#include <stdlib.h>
#include <string.h>

#include "age.h"
#include "db.h"
#include "entry.h"
#include "file.h"
#include "fingerprint.h"
#include "help.h"
#include "journal.h"
#include "keyring.h"
#include "mem.h"
#include "rotate.h"
#include "screen.h"
#include "tasks.h"
#include "ui.h"
#include "user.h"

enum { CARD_LIMIT = 65536, PASS_MIN = 8 };

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
	(void)arg;
	*at = 0;
	if (strlen(entry_text(en, 0)) < PASS_MIN)
		return err_set(e, E_REFUSED, "口令至少8个字符");
	*at = 1;
	if (strcmp(entry_text(en, 0), entry_text(en, 1)) != 0)
		return err_set(e, E_REFUSED, "两次输入的口令不一样");
	return 0;
}

static void
show_made(const struct keycard *card, const struct str *paper,
    const char *path)
{
	struct str s = STR_INIT;

	str_addf(&s, "县级密钥已建好。\n\n核对码（乡镇打电话来时念给他们听）：\n"
	    "\n  %s\n\n存档钥匙：请现在抄在纸上，锁进单位的保险柜。本机不保存，"
	    "离开这一屏就再也看不到。\n\n  %s\n\n给乡镇的公钥文件：\n\n  %s\n",
	    card->fingerprint, paper->buf, path);
	help_text("县级密钥", s.buf);
	age_wipe_str(&s);
}

static void
make(const char *pass, const char *dir)
{
	char *site = db_meta(ui_db(), "site");
	char *path = xasprintf("%s/county.key", dir);
	struct str paper = STR_INIT, text = STR_INIT;
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
		keycard_text(&card, "county", &text);
		rc = file_write(path, text.buf, text.len, 0644, &e);
		if (rc < 0)
			screen_say_err(&e);
		show_made(&card, &paper, rc < 0 ? "（没有写成，请在“核对码”"
		    "里再写）" : path);
	} else {
		screen_say_err(&e);
	}
	age_wipe_str(&paper);
	str_done(&text);
	free(path);
	free(site);
}

void
countykeys_make(void)
{
	struct entry_field f[] = {
		{ .label = "口令", .max = 200, .secret = true,
		    .required = true, .hint = "至少8个字符，忘了就打不开包" },
		{ .label = "再输一次", .max = 200, .secret = true,
		    .required = true },
		{ .label = NULL }
	};
	struct entry en = { .title = "建县级密钥", .submit = check_pass,
	    .text = "乡镇的包只有县级密钥打得开。密钥用口令锁住。" };
	char *dir;

	entry_init(&en, f);
	if (entry_run(&en)) {
		dir = tasks_place("给乡镇的公钥文件放到哪里");
		if (dir != NULL)
			make(entry_text(&en, 0), dir);
		free(dir);
	}
	entry_done(&en);
}

/* ---- enrolling a township ---------------------------------------------- */

struct enrolling {
	const char *path;	/* NULL: the first field is it */
	char name[96];
};

/* A card that the key known for the township vouches for needs no telephone. */
static bool
vouched(const struct keycard *card, const char *path, const struct str *text)
{
	struct keycard known;
	struct err none = ERR_INIT;

	return keyring_enrolled(ui_home(), card->division, &known, &none) == 0
	    && strcmp(known.division, card->division) == 0 &&
	    rotate_vouched(path, text, &known.signer);
}

static int
take(struct enrolling *en, const char *path, const char *digits,
    struct err *e)
{
	struct str text = STR_INIT;
	struct keycard card;
	char *site = db_meta(ui_db(), "site");
	int rc = user_require(ui_db(), ROLE_ADMIN, e);

	if (rc == 0)
		rc = file_read(&text, path, CARD_LIMIT, e);
	if (rc == 0)
		rc = keycard_parse(&card, "township", text.buf, e);
	if (rc == 0 && site != NULL && !str_starts(card.division, site))
		rc = err_set(e, E_REFUSED, "%s（%s）不是本县的乡镇",
		    card.name, card.division);
	if (rc == 0 && !vouched(&card, path, &text) &&
	    !key_fingerprint_is(card.fingerprint, digits))
		rc = err_set(e, E_CRYPTO, "核对码不一致，没有登记。"
		    "请再打电话给%s核对", card.name);
	if (rc == 0)
		rc = keyring_keep(ui_home(), &card, "township", e);
	if (rc == 0)
		rc = journal_note(ui_db(), "key_enrol", NULL, NULL,
		    card.fingerprint, e);
	if (rc == 0)
		memcpy(en->name, card.name, sizeof en->name);
	str_done(&text);
	free(site);
	return rc;
}

static int
submit(void *arg, struct entry *en, int *at, struct err *e)
{
	struct enrolling *x = arg;
	bool fixed = x->path != NULL;
	int rc = take(x, fixed ? x->path : entry_text(en, 0),
	    entry_text(en, fixed ? 0 : 1), e);

	*at = rc == E_CRYPTO && !fixed ? 1 : 0;
	return rc;
}

bool
countykeys_enrol(const char *path)
{
	struct enrolling x = { .path = path };
	struct entry_field f[] = {
		{ .label = "文件", .max = 200, .required = true,
		    .hint = "乡镇第一次交的U盘上的 enrol-区划代码.txt" },
		{ .label = "核对码", .max = 60, .required = true,
		    .hint = "打电话给乡镇，把对方念的三十位数字输入" },
		{ .label = NULL }
	};
	struct entry en = { .title = "登记乡镇的公钥", .submit = submit,
	    .arg = &x, .text = "登记以后才收这个乡镇的包。核对码在乡镇的"
	    "“系统设置 → 核对码”里。" };
	bool done;

	entry_init(&en, path != NULL ? f + 1 : f);
	done = entry_run(&en);
	entry_done(&en);
	if (done)
		screen_say("已登记%s", x.name);
	return done;
}

void
countykeys_enrol_any(void)
{
	countykeys_enrol(NULL);
}

bool
countykeys_enrolled(const char *path)
{
	struct str text = STR_INIT;
	struct keycard card, known;
	struct err none = ERR_INIT;
	bool same = file_read(&text, path, CARD_LIMIT, &none) == 0 &&
	    keycard_parse(&card, "township", text.buf, &none) == 0 &&
	    keyring_enrolled(ui_home(), card.division, &known, &none) == 0 &&
	    strcmp(card.fingerprint, known.fingerprint) == 0;

	str_done(&text);
	return same;
}
