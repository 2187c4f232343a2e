/* tongji key: show, county, import, enrol. */
#include "cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "age.h"
#include "cardtake.h"
#include "db.h"
#include "file.h"
#include "journal.h"
#include "keyring.h"
#include "log.h"
#include "mem.h"
#include "model.h"
#include "passphrase.h"
#include "rotate.h"
#include "sticktext.h"
#include "str.h"
#include "user.h"

struct want {
	const char *to, *fingerprint;
	bool from_stdin;
};

static void
show_card(const struct keycard *card)
{
	char r[AGE_RECIPIENT_SIZE], k[MINISIGN_PUBLIC_SIZE];

	age_recipient_format(&card->recipient, r);
	minisign_public_format(&card->signer, k);
	printf("%s\n%s\n%s\n", r, k, card->fingerprint);
}

static int
site_card(struct forms *fs, const char *home, struct keycard *out,
    struct err *e)
{
	char *site = db_meta(forms_db(fs), "site");
	char *name = db_meta(forms_db(fs), "site_name");
	int rc = keyring_site(home, site != NULL ? site : "",
	    name != NULL ? name : "", out, e);

	free(site);
	free(name);
	return rc;
}

/* A county that has its keys shows those: they are what townships compare. */
static int
show(struct cli *c, struct forms *fs, struct err *e)
{
	struct keycard card, county;
	struct err none = ERR_INIT;
	char *level = db_meta(forms_db(fs), "level");
	int rc = site_card(fs, c->home, &card, e);

	if (rc == 0 && str_eq(level, "county") &&
	    keyring_county(c->home, &county, &none) == 0)
		card = county;
	if (rc == 0)
		show_card(&card);
	free(level);
	return rc;
}

static int
write_card(const struct keycard *card, const char *kind, const char *dir,
    const char *name, struct err *e)
{
	struct str text = STR_INIT;
	char *path = xasprintf("%s/%s", dir, name);
	int rc;

	keycard_text(card, kind, &text);
	rc = sticktext_put(dir, name, &text, true, e);
	if (rc == 0)
		say("已写好 %s", path);
	str_done(&text);
	free(path);
	return rc;
}

static int
make_county(struct cli *c, struct forms *fs, const struct want *w,
    struct err *e)
{
	char *level = db_meta(forms_db(fs), "level");
	char *site = db_meta(forms_db(fs), "site");
	char *name = db_meta(forms_db(fs), "site_name");
	char *pass = w->from_stdin ? cli_line() : NULL;
	struct str paper = STR_INIT;
	struct keycard card;
	int rc = 0;

	if (!str_eq(level, "county"))
		rc = err_set(e, E_REFUSED, "县级密钥只能在县级数据库里建");
	else if (pass == NULL)
		rc = err_set(e, E_USAGE, "县级密钥要有口令："
		    "加 --passphrase-stdin，从标准输入给一行");
	if (rc == 0 && passphrase_fit(pass, e) < 0)
		rc = err_set(e, E_USAGE, "口令至少8个字母数字，或三个汉字");
	if (rc == 0)
		rc = keyring_make_county(c->home, site, name, pass, &paper,
		    &card, e);
	if (rc == 0)
		rc = journal_note(forms_db(fs), "key_county", NULL, NULL,
		    card.fingerprint, e);
	if (rc == 0) {
		show_card(&card);
		say("存档钥匙（请抄在纸上，锁进单位的保险柜，本机不保存）：\n"
		    "  %s", paper.buf);
		rc = write_card(&card, "county", w->to != NULL ? w->to :
		    c->home, "county.key", e);
	}
	age_wipe_str(&paper);
	free(level);
	free(site);
	free(name);
	free(pass);
	return rc;
}

/* The 30 digits are typed, not waved through. */
static int
compare(const struct cardtake *t, const struct want *w, struct err *e)
{
	char *typed = NULL;
	int rc;

	if (w->fingerprint == NULL && !t->vouched) {
		fprintf(stderr, "请打电话给%s，把对方念的30位核对码输入：",
		    t->card.name);
		typed = cli_line();
	}
	rc = cardtake_compare(t, w->fingerprint != NULL ? w->fingerprint :
	    typed != NULL ? typed : "", e);
	free(typed);
	return rc;
}

static int
take(struct cli *c, struct forms *fs, const struct want *w, const char *path,
    const char *kind, struct err *e)
{
	struct cardtake t;
	int rc = cardtake_read(fs, c->home, kind, path, &t, e);

	if (rc == 0)
		rc = compare(&t, w, e);
	if (rc == 0)
		rc = cardtake_keep(fs, c->home, &t, e);
	if (rc == 0)
		say("已记下%s的公钥", t.card.name);
	return rc;
}

/* Two lines: the present passphrase, the new one. */
static int
passphrase(struct cli *c, struct forms *fs, const struct want *w,
    struct err *e)
{
	char *old = w->from_stdin ? cli_line() : NULL;
	char *pass = old != NULL ? cli_line() : NULL;
	int rc = pass == NULL ? err_set(e, E_USAGE, "改口令：加"
	    " --passphrase-stdin，从标准输入给两行，现在的口令和新口令") :
	    passphrase_change(fs, c->home, old, pass, e);

	free(old);
	free(pass);
	if (rc == 0)
		say("口令已改。存档钥匙没有变；以前另存的密钥文件仍是旧口令");
	return rc;
}

/* New keys in place of the old ones. */
static int
rotate(struct cli *c, struct forms *fs, const struct want *w, struct err *e)
{
	char *level = db_meta(forms_db(fs), "level");
	bool county = str_eq(level, "county");
	char *pass = county && w->from_stdin ? cli_line() : NULL;
	struct keycard card;
	int rc;

	free(level);
	if (county && pass == NULL)
		rc = err_set(e, E_USAGE, "县级密钥的口令：加 --passphrase-stdin"
		    "，从标准输入给一行");
	else
		rc = county ? rotate_county(fs, c->home, pass, &card, e) :
		    rotate_site(fs, c->home, &card, e);
	free(pass);
	if (rc == 0) {
		show_card(&card);
		say(county ? "已换新密钥。新的 county.key 会随县回执放到U盘上，"
		    "乡镇导入后生效；旧包仍打得开" : "已换新密钥。下次写包时"
		    "U盘上会有新的 enrol 文件，请县里登记；旧包仍打得开");
	}
	return rc;
}

/* Everybody may see the public parts; whose keys are trusted is decided by an
 * administrator. */
static int
dispatch(struct cli *c, struct forms *fs, const struct want *w, char **argv,
    struct err *e)
{
	int rc;

	if (strcmp(argv[1], "show") == 0)
		return show(c, fs, e);
	rc = user_require(forms_db(fs), ROLE_ADMIN, e);
	if (rc < 0)
		return rc;
	if (strcmp(argv[1], "county") == 0)
		return make_county(c, fs, w, e);
	if (strcmp(argv[1], "rotate") == 0)
		return rotate(c, fs, w, e);
	if (strcmp(argv[1], "passphrase") == 0)
		return passphrase(c, fs, w, e);
	return take(c, fs, w, argv[2], strcmp(argv[1], "import") == 0 ?
	    "county" : "township", e);
}

static int
run(struct cli *c, int argc, char **argv)
{
	struct want w = { NULL, NULL, false };
	const struct cli_opt opts[] = {
		{ .name = "--to", .value = &w.to },
		{ .name = "--fingerprint", .value = &w.fingerprint },
		{ .name = "--passphrase-stdin", .flag = &w.from_stdin },
	};
	int n = cli_options(c, argc, argv, opts, COUNT_OF(opts)), rc;
	const char *verb = n > 0 ? argv[1] : "";
	bool file = strcmp(verb, "import") == 0 || strcmp(verb, "enrol") == 0;
	struct err e = ERR_INIT;
	struct forms *fs;

	if (n < 0)
		return ST_USAGE;
	if (n != (file ? 2 : 1) || (!file && strcmp(verb, "show") != 0 &&
	    strcmp(verb, "county") != 0 && strcmp(verb, "rotate") != 0 &&
	    strcmp(verb, "passphrase") != 0))
		return cli_usage(c);
	age_init();
	fs = cli_open(c);
	if (fs == NULL)
		return ST_FAILED;
	rc = dispatch(c, fs, &w, argv, &e);
	cli_close(fs);
	return rc < 0 ? cli_fail(&e) : ST_DONE;
}

const struct command cli_key = {
	.name = "key",
	.usage = "key show\n"
	    "key county [--to 文件夹] --passphrase-stdin\n"
	    "key rotate [--passphrase-stdin]   （每年换一次密钥）\n"
	    "key passphrase --passphrase-stdin   （县：改口令）\n"
	    "key import county.key [--fingerprint 核对码]\n"
	    "key enrol enrol-区划代码.txt [--fingerprint 核对码]",
	.summary = "看公钥和核对码、建县级密钥、互相登记",
	.run = run,
};
