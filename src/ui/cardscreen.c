/* See cardscreen.h. */
#include "cardscreen.h"

#include <stdlib.h>
#include <string.h>

#include "ask.h"
#include "cardtake.h"
#include "countykeys.h"
#include "db.h"
#include "entry.h"
#include "file.h"
#include "filepick.h"
#include "help.h"
#include "mem.h"
#include "screen.h"
#include "str.h"
#include "ui.h"
#include "user.h"

/* ---- one's own ----------------------------------------------------------- */

/* A county's townships compare its county.key, not the site's own pair. */
static void
own_of_county(const struct keycard *county, struct str *s)
{
	if (county == NULL)
		str_add(s, "还没有县级密钥。请管理员在“系统设置 → 密钥：登记乡镇、"
		    "建县级密钥”里建。\n");
	else
		str_addf(s, "本县的核对码（乡镇打电话来时念给他们听）：\n\n"
		    "  %s\n\n乡镇的核对码由乡镇念，在登记时输入。\n",
		    county->fingerprint);
}

static void
own_of_town(const struct keycard *own, const struct keycard *county,
    struct str *s)
{
	str_addf(s, "本单位的核对码（打电话时念给县里听）：\n\n  %s\n\n",
	    own->fingerprint);
	if (county != NULL)
		str_addf(s, "已有县里（%s）的公钥，核对码：\n\n  %s\n",
		    county->name, county->fingerprint);
	else
		str_add(s, "还没有县里的公钥，县里打不开上报包。"
		    "请向县里要 county.key。\n");
}

void
cardscreen_own(void)
{
	struct keycard own, county;
	struct err e = ERR_INIT, none = ERR_INIT;
	struct str s = STR_INIT;
	char *site = db_meta(ui_db(), "site");
	bool has = keyring_county(ui_home(), &county, &none) == 0;

	if (keyring_site(ui_home(), site != NULL ? site : "", ui_place(), &own,
	    &e) < 0) {
		screen_say_err(&e);
	} else {
		if (countykeys_here())
			own_of_county(has ? &county : NULL, &s);
		else
			own_of_town(&own, has ? &county : NULL, &s);
		help_text("核对码", s.buf);
	}
	free(site);
	str_done(&s);
}

/* ---- somebody else's ------------------------------------------------------- */

struct taking {
	const char *kind;
	const char *path;	/* NULL: the first field is it */
	struct cardtake t;
};

static int
submit(void *arg, struct entry *en, int *at, struct err *e)
{
	struct taking *x = arg;
	int digits = en->n - 1;
	int rc = cardtake_read(ui_forms(), ui_home(), x->kind, x->path != NULL ?
	    x->path : entry_text(en, 0), &x->t, e);

	*at = 0;
	if (rc < 0)
		return rc;
	*at = digits;
	rc = cardtake_compare(&x->t, entry_text(en, digits), e);
	return rc < 0 ? rc : cardtake_keep(ui_forms(), ui_home(), &x->t, e);
}

/* What the former key answers for is taken at a word. */
static bool
vouched(struct taking *x, const char *path, bool *answered)
{
	struct err e = ERR_INIT;

	*answered = path != NULL && cardtake_read(ui_forms(), ui_home(),
	    x->kind, path, &x->t, &e) == 0 && x->t.vouched && !x->t.known;
	if (!*answered || !ask_yes("新的公钥", true, "%s换了新的公钥，原来的密钥"
	    "已替它作保，不用打电话核对。换上吗？", x->t.card.name))
		return false;
	if (cardtake_keep(ui_forms(), ui_home(), &x->t, &e) == 0)
		return true;
	screen_say_err(&e);
	return false;
}

static bool
may(void)
{
	if (!ui_role(ROLE_ADMIN))
		ask_ok("要管理员来做", "认谁的公钥，要由管理员决定。请管理员登录"
		    "以后来做这一步。");
	return ui_role(ROLE_ADMIN);
}

/* The file's field is filled in when there is one such file in sight. */
static bool
take(struct taking *x, struct entry *en, struct entry_field *f,
    enum filepick file)
{
	char *found = x->path == NULL ? filepick_only(file) : NULL;
	bool answered, done = vouched(x, x->path != NULL ? x->path : found,
	    &answered);

	if (!answered) {
		entry_init(en, x->path != NULL ? f + 1 : f);
		if (found != NULL) {
			edit_set(&f[0].edit, found);
			en->at = 1;
		}
		done = entry_run(en);
		entry_done(en);
	}
	free(found);
	return done;
}

static char *
pick_county(void)
{
	return filepick_run("县里给的 county.key", FILEPICK_COUNTY_KEY);
}

static char *
pick_enrol(void)
{
	return filepick_run("乡镇的登记文件", FILEPICK_ENROL);
}

void
cardscreen_county(void)
{
	struct taking x = { .kind = "county" };
	struct entry_field f[] = {
		{ .label = "文件", .max = 200, .required = true,
		    .pick = pick_county, .hint = "县里给的 county.key：插上U盘"
		    "或放进收件箱，按 F4 选" },
		{ .label = "核对码", .max = 60,
		    .hint = "打电话给县里，把对方念的三十位数字输入" },
		{ .label = NULL }
	};
	struct entry en = { .title = "导入县里的公钥", .submit = submit,
	    .arg = &x, .text = "有了县里的公钥，县里才打得开上报包。打电话用"
	    "平时的号码，不用文件里写的。" };

	if (may() && take(&x, &en, f, FILEPICK_COUNTY_KEY))
		screen_say("已记下县里的公钥");
}

bool
cardscreen_enrol(const char *path)
{
	struct taking x = { .kind = "township", .path = path };
	struct entry_field f[] = {
		{ .label = "文件", .max = 200, .required = true,
		    .pick = pick_enrol, .hint = "乡镇第一次交的U盘上的"
		    " enrol-区划代码.txt，按 F4 选" },
		{ .label = "核对码", .max = 60,
		    .hint = "打电话给乡镇，把对方念的三十位数字输入" },
		{ .label = NULL }
	};
	struct entry en = { .title = "登记乡镇的公钥", .submit = submit,
	    .arg = &x, .text = "登记以后才收这个乡镇的包。核对码在乡镇的"
	    "“系统设置 → 核对码”里。" };
	bool done = may() && take(&x, &en, f, FILEPICK_ENROL);

	if (done)
		screen_say("已登记%s", x.t.card.name);
	return done;
}

void
cardscreen_enrol_any(void)
{
	cardscreen_enrol(NULL);
}

bool
cardscreen_enrolled(const char *path)
{
	struct cardtake t;
	struct err none = ERR_INIT;

	return cardtake_read(ui_forms(), ui_home(), "township", path, &t,
	    &none) == 0 && t.known;
}

void
cardscreen_offer(const char *dir)
{
	char *path = xasprintf("%s/county.key", dir);
	struct taking x = { .kind = "county" };
	bool answered;

	if (file_exists(path) && ui_role(ROLE_ADMIN) &&
	    vouched(&x, path, &answered))
		screen_say("已换上县里新的公钥");
	free(path);
}
