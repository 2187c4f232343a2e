/* See turnover.h. */
#include "turnover.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db.h"
#include "mem.h"
#include "pinyin.h"
#include "record.h"
#include "str.h"
#include "tenure.h"
#include "uid.h"
#include "user.h"

enum { PASSWORD_LEN = 10 };

static struct record *
load(struct forms *fs, const char *form, const char *uid, struct err *e)
{
	const struct form *f = forms_get(fs, form, e);

	return f != NULL ? record_load(fs, f, uid, e) : NULL;
}

static int
finish(struct record *r, const char *who, struct err *e)
{
	int rc = record_save(r, NULL, e);

	record_free(r);
	return rc < 0 ? err_prefix(e, "%s", who) : 0;
}

/* ---- the two people --------------------------------------------------- */

static int
dates_fit(const struct turnover *t, struct err *e)
{
	if (strcmp(t->appointed_on, date_today()) > 0)
		return err_set(e, E_REFUSED, "任职日期 %s 晚于今天，到那天再办",
		    t->appointed_on);
	if (t->old != NULL && strcmp(t->left_on, t->appointed_on) > 0)
		return err_set(e, E_REFUSED, "新任 %s 任职，前任 %s 才离任："
		    "一个村不能同时有两个儿童主任，请核对日期",
		    t->appointed_on, t->left_on);
	return 0;
}

static int
end_old(struct forms *fs, const struct turnover *t, struct turned *out,
    struct err *e)
{
	struct record *r;
	char *others;
	int rc = 0;

	if (t->old == NULL)
		return 0;
	r = load(fs, "staff", t->old, e);
	if (r == NULL)
		return e->code;
	if (record_get(r, "left_on") != NULL) {
		err_set(e, E_STALE, "%s 已经在 %s 离任，请重新打开这一屏",
		    record_get(r, "name"), record_get(r, "left_on"));
		record_free(r);
		return E_STALE;
	}
	others = tenure_others(r, "director");
	out->stays = others != NULL && !t->leaves_all;
	free(others);
	if (out->stays) {
		rc = tenure_end(r, "director", t->left_on, t->left_reason, e);
	} else {
		record_fill(r, "left_on", t->left_on);
		record_fill(r, "left_reason", t->left_reason);
	}
	if (rc == 0)
		return finish(r, "前任", e);
	record_free(r);
	return rc;
}

/* A director's post added to those the person has. */
static int
add_role(struct record *r, struct err *e)
{
	const char *have = record_get(r, "role");
	char *now = have != NULL && strstr(have, ";director;") != NULL ? NULL :
	    xasprintf("director%s", have != NULL ? have : "");
	int rc = now == NULL ? 0 :
	    record_set(r, form_field(r->form, "role"), now, e);

	free(now);
	return rc;
}

/* Somebody of the register: free for this village, and with other posts in
 * rows of their own. */
static int
known(struct record *r, const struct turnover *t, struct err *e)
{
	const char *village = record_get(r, "village");
	const char *role = record_get(r, "role");
	const char *left = record_get(r, "left_on");

	if (str_eq(t->staff, t->old))
		return err_set(e, E_REFUSED, "前任和新任是同一个人");
	if (left != NULL && strcmp(left, t->appointed_on) > 0)
		return err_set(e, E_REFUSED, "%s 到 %s 才离任，任职日期不能更早",
		    record_get(r, "name"), left);
	if (left == NULL && role != NULL && village != NULL &&
	    strstr(role, ";director;") != NULL && !str_eq(village, t->village))
		return err_set(e, E_REFUSED, "%s 还是别的村的儿童主任，先办那个"
		    "村的换届", record_get(r, "name"));
	return tenure_keep(r, e);
}

static int
begin_new(struct forms *fs, const struct turnover *t, struct turned *out,
    struct err *e)
{
	const struct form *f = forms_get(fs, "staff", e);
	struct record *r = f == NULL ? NULL : t->staff != NULL ?
	    record_load(fs, f, t->staff, e) : record_new(fs, f, e);
	int rc = 0;

	if (r == NULL)
		return e->code;
	if (t->staff != NULL) {
		rc = known(r, t, e);
	} else {
		rc = record_set(r, form_field(f, "name"), t->name, e);
		if (rc == 0)
			rc = record_set(r, form_field(f, "id_number"),
			    t->id_number, e);
		if (rc == 0)
			rc = record_set(r, form_field(f, "phone"), t->phone,
			    e);
	}
	if (rc == 0)
		rc = add_role(r, e);
	if (rc < 0) {
		record_free(r);
		return rc;
	}
	record_fill(r, "village", t->village);
	record_fill(r, "appointed_on", t->appointed_on);
	if (t->old != NULL)
		record_fill(r, "predecessor", t->old);
	if (out->login[0] != '\0')
		record_fill(r, "login", out->login);
	memcpy(out->staff, r->uid, sizeof out->staff);
	return finish(r, "新任", e);
}

/* ---- what goes over --------------------------------------------------- */

/* Uids that a query names, for records that are written while it would run.
 * Heap array of `*n`. */
static char (*
uids(struct forms *fs, const char *sql, const char *arg, size_t *n,
    struct err *e))[37]
{
	struct stmt *q = db_new(forms_db(fs), sql, e);
	char (*v)[37] = NULL;
	size_t cap = 0;

	*n = 0;
	if (q == NULL)
		return NULL;
	stmt_text(q, 1, arg);
	while (stmt_step(q, e) > 0) {
		v = mem_grow(v, *n, &cap, sizeof *v);
		snprintf(v[(*n)++], sizeof *v, "%s", stmt_col(q, 0));
	}
	stmt_free(q);
	return v;
}

/* The field `field` of the found records becomes the new person; returns how
 * many. */
static int
hand_over(struct forms *fs, const char *form, const char *field,
    const char *sql, const struct turnover *t, const struct turned *to,
    struct err *e)
{
	char (*v)[37];
	struct record *r;
	size_t n, i;
	int rc = 0;

	v = uids(fs, sql, t->old, &n, e);
	if (v == NULL)
		return e->code;
	for (i = 0; i < n && rc == 0; i++) {
		r = load(fs, form, v[i], e);
		if (r == NULL) {
			rc = e->code;
			break;
		}
		record_fill(r, field, to->staff);
		if (strcmp(form, "home") == 0) {
			record_fill(r, "keeper", t->name);
			record_fill(r, "keeper_phone", t->phone);
		}
		rc = finish(r, r->form->title, e);
	}
	free(v);
	return rc < 0 ? rc : (int)n;
}

static int
hand_over_all(struct forms *fs, const struct turnover *t, struct turned *out,
    struct err *e)
{
	if (t->old == NULL)
		return 0;
	out->cases = hand_over(fs, "case", "handler", "SELECT uid FROM \"case\""
	    " WHERE handler=?1 AND closed_on IS NULL AND ended_on IS NULL", t,
	    out, e);
	if (out->cases < 0)
		return out->cases;
	out->homes = hand_over(fs, "home", "keeper_staff", "SELECT uid FROM"
	    " home WHERE keeper_staff=?1 AND closed_on IS NULL", t, out, e);
	return out->homes < 0 ? out->homes : 0;
}

/* ---- accounts --------------------------------------------------------- */

/* The old director's login: written in the record, else the only director's
 * account of that name. */
static char *
login_of(struct forms *fs, const char *staff)
{
	struct db *db = forms_db(fs);
	char *login = db_str(db, "SELECT login FROM staff WHERE uid=?1", "s",
	    staff), *name;

	if (login != NULL)
		return login;
	name = db_str(db, "SELECT name FROM staff WHERE uid=?1", "s", staff);
	db_trust(db);
	login = db_str(db, "SELECT max(login) FROM main.user WHERE name=?1 AND"
	    " roles=?2 AND NOT disabled HAVING count(*)=1", "si", name,
	    (int64_t)ROLE_DIRECTOR);
	db_untrust(db);
	free(name);
	return login;
}

/* Villages that remain of the old account's without this one, ;uid;uid; */
static char *
remaining(struct forms *fs, const char *login, const char *village)
{
	struct db *db = forms_db(fs);
	char *left;

	db_trust(db);
	left = db_str(db, "SELECT replace(villages,';'||?2||';',';') FROM"
	    " main.user WHERE login=?1 AND NOT disabled AND roles=?3", "ssi",
	    login, village, (int64_t)ROLE_DIRECTOR);
	db_untrust(db);
	return left;
}

static int
narrow(struct forms *fs, const char *login, char *left, struct err *e)
{
	const char *keep[64];
	char *save = NULL, *w;
	size_t n = 0;

	for (w = strtok_r(left, ";", &save); w != NULL && n < COUNT_OF(keep);
	    w = strtok_r(NULL, ";", &save))
		keep[n++] = w;
	return n == 0 ? user_disable(forms_db(fs), login, true, e) :
	    user_scope(forms_db(fs), login, keep, n, e);
}

static int
stop_account(struct forms *fs, const struct turnover *t, struct turned *out,
    struct err *e)
{
	char *login, *left;
	int rc = 0;

	if (t->old == NULL || user_require(forms_db(fs), ROLE_ADMIN, NULL) < 0)
		return 0;
	login = login_of(fs, t->old);
	if (login == NULL)
		return 0;
	left = remaining(fs, login, t->village);
	if (left != NULL) {	/* there is such an account */
		rc = narrow(fs, login, left, e);
		snprintf(out->disabled, sizeof out->disabled, "%s", login);
	}
	free(left);
	free(login);
	return rc;
}

/* Ten digits and letters without those that are taken for others. */
static void
make_password(char out[16])
{
	static const char set32[] = "23456789abcdefghjkmnpqrstuvwxyz2";
	unsigned char raw[PASSWORD_LEN];
	int i;

	random_bytes(raw, sizeof raw);
	for (i = 0; i < PASSWORD_LEN; i++)
		out[i] = set32[raw[i] % 32];
	out[PASSWORD_LEN] = '\0';
}

static int
open_account(struct forms *fs, const struct turnover *t, struct turned *out,
    struct err *e)
{
	int rc;

	if (t->login == NULL)
		return 0;
	make_password(out->password);
	rc = user_add(forms_db(fs), t->login, t->name, ROLE_DIRECTOR,
	    &t->village, 1, out->password, e);
	if (rc == 0)
		snprintf(out->login, sizeof out->login, "%s", t->login);
	return rc;
}

char *
turnover_login(struct forms *fs, const char *name)
{
	struct db *db = forms_db(fs);
	struct pinyin_keys keys;
	char *login;
	bool taken;
	int i;

	if (pinyin_full(name, &keys) == 0)
		return xstrdup(name);
	for (i = 1;; i++) {
		login = i == 1 ? xstrdup(keys.key[0]) :
		    xasprintf("%s%d", keys.key[0], i);
		db_trust(db);
		taken = db_int(db, 0, "SELECT 1 FROM main.user WHERE login=?1",
		    "s", login) != 0;
		db_untrust(db);
		if (!taken)
			return login;
		free(login);
	}
}

char *
turnover_others(struct forms *fs, const char *staff)
{
	const struct form *f = forms_get(fs, "staff", NULL);
	struct record *r = f != NULL ? record_load(fs, f, staff, NULL) : NULL;
	char *others = r != NULL ? tenure_others(r, "director") : NULL;
	struct str words = STR_INIT;

	if (others != NULL) {
		record_put(r, form_field(f, "role"), others);
		record_show(r, form_field(f, "role"), false, &words);
	}
	free(others);
	record_free(r);
	return words.len > 0 ? str_take(&words) : NULL;
}

/* ---- all of it -------------------------------------------------------- */

int
turnover_do(struct forms *fs, const struct turnover *t, struct turned *out,
    struct err *e)
{
	struct db *db = forms_db(fs);
	int rc = dates_fit(t, e);

	memset(out, 0, sizeof *out);
	if (rc == 0)
		rc = db_begin(db, e);
	if (rc < 0)
		return rc;
	rc = end_old(fs, t, out, e);
	if (rc == 0)
		rc = open_account(fs, t, out, e);
	if (rc == 0)
		rc = begin_new(fs, t, out, e);
	if (rc == 0)
		rc = hand_over_all(fs, t, out, e);
	if (rc == 0)
		rc = stop_account(fs, t, out, e);
	if (rc == 0)
		return db_commit(db, e);
	db_rollback(db);
	memset(out, 0, sizeof *out);
	return rc;
}
