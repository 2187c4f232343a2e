/* The slow-down after wrong passwords is user_verify()'s; here only its words
 * are shown. */
#include <stdlib.h>
#include <string.h>

#include "ask.h"
#include "db.h"
#include "draw.h"
#include "entry.h"
#include "log.h"
#include "login.h"
#include "mem.h"
#include "term.h"
#include "ui.h"
#include "user.h"

enum { NAME_MAX_CP = 40, PASSWORD_MAX = 100 };

static int
try_login(void *arg, struct entry *en, int *at, struct err *e)
{
	int rc = user_login(ui_db(), entry_text(en, 0), entry_text(en, 1), e);

	(void)arg;
	if (rc != 0)
		*at = 1;
	return rc;
}

static int
check_pair(void *arg, struct entry *en, int *at, struct err *e)
{
	(void)arg;
	if (strcmp(entry_text(en, en->n - 2), entry_text(en, en->n - 1)) == 0)
		return 0;
	*at = en->n - 2;
	return err_set(e, E_FORMAT, "两次输入的密码不一样，请重新输入");
}

char *
login_new_password(const char *title, const char *login)
{
	struct entry_field f[] = {
		{ .label = "新密码", .max = PASSWORD_MAX, .secret = true,
		    .required = true,
		    .hint = "至少八个字母数字，或三个汉字" },
		{ .label = "再输一次", .max = PASSWORD_MAX, .secret = true,
		    .required = true },
		{ .label = NULL }
	};
	struct entry en = { .title = title, .submit = check_pair,
	    .clear_secrets = true };
	char *text = xasprintf("给“%s”设密码。", login), *out = NULL;

	en.text = text;
	entry_init(&en, f);
	if (entry_run(&en))
		out = xstrdup(entry_text(&en, 0));
	entry_done(&en);
	free(text);
	return out;
}

static int
try_recover(void *arg, struct entry *en, int *at, struct err *e)
{
	int rc = check_pair(arg, en, at, e);

	if (rc == 0)
		rc = user_recover(ui_db(), entry_text(en, 0),
		    entry_text(en, 1), entry_text(en, 2), e);
	return rc;
}

/* The code from the office safe. */
static void
recover(struct entry *login)
{
	struct entry_field f[] = {
		{ .label = "恢复码", .max = 40, .required = true,
		    .hint = "保险柜里那张纸上的二十五个字母数字，带短横" },
		{ .label = "用户名", .max = NAME_MAX_CP, .required = true,
		    .hint = "要重设密码的管理员" },
		{ .label = "新密码", .max = PASSWORD_MAX, .secret = true,
		    .required = true },
		{ .label = "再输一次", .max = PASSWORD_MAX, .secret = true,
		    .required = true },
		{ .label = NULL }
	};
	struct entry en = { .title = "用恢复码重设密码", .submit = try_recover,
	    .clear_secrets = true };

	(void)login;
	entry_init(&en, f);
	if (entry_run(&en))
		screen_say("密码已重设，请登录");
	entry_done(&en);
}

bool
login_run(void)
{
	struct entry_field f[] = {
		{ .label = "用户名", .max = NAME_MAX_CP, .required = true },
		{ .label = "密码", .max = PASSWORD_MAX, .secret = true,
		    .required = true },
		{ .label = NULL }
	};
	struct entry en = { .submit = try_login, .plain = true,
	    .clear_secrets = true, .special = recover };
	char *title = xasprintf("童记  %s", ui_place());
	bool in;

	en.title = title;
	en.text = term_note();
	if (en.text == NULL)		/* the demonstration's name and password */
		en.text = getenv("TONGJI_HINT");
	entry_init(&en, f);
	in = entry_run(&en);
	entry_done(&en);
	free(title);
	return in;
}

static int
try_unlock(void *arg, struct entry *en, int *at, struct err *e)
{
	(void)at;
	return user_verify(ui_db(), arg, entry_text(en, 0), e);
}

bool
login_confirm(const char *title)
{
	struct entry_field f[] = {
		{ .label = "现在的密码", .max = PASSWORD_MAX, .secret = true,
		    .required = true },
		{ .label = NULL }
	};
	struct entry en = { .title = title, .submit = try_unlock,
	    .clear_secrets = true };
	char *login = xstrdup(db_session(ui_db())->login);
	bool ok;

	en.arg = login;
	entry_init(&en, f);
	ok = entry_run(&en);
	entry_done(&en);
	free(login);
	return ok;
}

void
login_lock(void)
{
	struct session *s = db_session(ui_db());
	struct entry_field f[] = {
		{ .label = "密码", .max = PASSWORD_MAX, .secret = true,
		    .required = true },
		{ .label = NULL }
	};
	struct entry en = { .submit = try_unlock, .plain = true,
	    .locked = true, .clear_secrets = true };
	char *title = xasprintf("已锁屏  %s", s->name), *login;

	login = xstrdup(s->login);
	en.title = title;
	en.text = "离开了一会儿，请输入密码。没存完的内容都在。";
	en.arg = login;
	entry_init(&en, f);
	entry_run(&en);
	entry_done(&en);
	free(title);
	free(login);
}
