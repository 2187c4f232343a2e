/* See wordsql.h. */
#include "wordsql.h"

#include <stdlib.h>
#include <string.h>

#include "code.h"
#include "date.h"
#include "db.h"
#include "func.h"
#include "idcard.h"
#include "journal.h"
#include "mem.h"
#include "pinyin.h"
#include "policy.h"
#include "rules.h"

/* label(list, value): the word of a code, or of every code of ;a;b;. */
static void
fn_label(struct func_call *c, int n, const char *const *arg, void *user)
{
	const struct codes *cs;
	struct str out = STR_INIT;
	const char *p = arg[1];
	char *one;
	size_t len;

	(void)n;
	cs = arg[0] != NULL ? forms_codes(user, arg[0], NULL) : NULL;
	if (p == NULL || cs == NULL) {
		func_text(c, p);
		return;
	}
	if (*p != ';') {
		func_text(c, codes_label(cs, p));
		return;
	}
	for (p++; *p != '\0'; p += len + (p[len] == ';')) {
		len = strcspn(p, ";");
		one = xstrndup(p, len);
		str_addf(&out, "%s%s", out.len > 0 ? "、" : "",
		    codes_label(cs, one));
		free(one);
	}
	func_text(c, out.buf);
	str_done(&out);
}

static void
fn_masked(struct func_call *c, int n, const char *const *arg, void *user)
{
	char id[ID_SIZE], phone[ID_PHONE_SIZE];

	(void)n;
	(void)user;
	if (arg[0] == NULL) {
		func_text(c, NULL);
	} else if (strlen(arg[0]) >= 15) {
		id_mask(arg[0], id);
		func_text(c, id);
	} else {
		id_mask_phone(arg[0], phone);
		func_text(c, phone);
	}
}

static void
fn_masked_name(struct func_call *c, int n, const char *const *arg, void *user)
{
	struct str out = STR_INIT;

	(void)n;
	(void)user;
	if (arg[0] != NULL)
		id_mask_name(arg[0], &out);
	func_text(c, arg[0] != NULL ? out.buf : NULL);
	str_done(&out);
}

/* hide_names(text, names): with every name of a ;a;b; list masked in it. */
static void
fn_hide_names(struct func_call *c, int n, const char *const *arg, void *user)
{
	struct str out = STR_INIT;
	const char *p = arg[0], *name, *best;
	size_t len, most;

	(void)n;
	(void)user;
	if (p == NULL || arg[1] == NULL) {
		func_text(c, p);
		return;
	}
	while (*p != '\0') {
		/* the longest that begins here */
		for (name = arg[1], best = NULL, most = 0; *name != '\0';
		    name += len + (name[len] == ';')) {
			len = strcspn(name, ";");
			if (len > most && strncmp(p, name, len) == 0) {
				best = name;
				most = len;
			}
		}
		if (best != NULL) {
			char *one = xstrndup(best, most);

			id_mask_name(one, &out);
			free(one);
			p += most;
		} else {
			str_addc(&out, *p++);
		}
	}
	func_text(c, out.buf);
	str_done(&out);
}

/* extra(list, value, column): another column of a code's row. */
static void
fn_extra(struct func_call *c, int n, const char *const *arg, void *user)
{
	const struct codes *cs;
	const struct code *code = NULL;

	(void)n;
	cs = arg[0] != NULL ? forms_codes(user, arg[0], NULL) : NULL;
	if (cs != NULL && arg[1] != NULL)
		code = codes_find(cs, arg[1]);
	func_text(c, code != NULL && arg[2] != NULL ?
	    code_extra(cs, code, arg[2]) : NULL);
}

/* alike(a, b): do two names share a full reading (多音字: any)? */
static void
fn_alike(struct func_call *c, int n, const char *const *arg, void *user)
{
	struct pinyin_keys one, two;
	int i, k;

	(void)n;
	(void)user;
	if (arg[0] == NULL || arg[1] == NULL) {
		func_text(c, NULL);
		return;
	}
	pinyin_full(arg[0], &one);
	pinyin_full(arg[1], &two);
	for (i = 0; i < one.n; i++)
		for (k = 0; k < two.n; k++)
			if (strcmp(one.key[i], two.key[k]) == 0) {
				func_int(c, 1);
				return;
			}
	func_int(c, strcmp(arg[0], arg[1]) == 0);
}

/* rule_back(rule, key, date): the date less the rule's days. */
static void
fn_back(struct func_call *c, int n, const char *const *arg, void *user)
{
	const struct rules *rs = policy_rules(user);
	char day[DATE_SIZE];
	long days;

	(void)n;
	if (arg[0] == NULL || arg[1] == NULL || arg[2] == NULL ||
	    date_days(arg[2]) == INT32_MIN || rs == NULL) {
		func_text(c, NULL);
		return;
	}
	days = rules_number(rs, arg[0], arg[1], arg[2], 0);
	date_add(arg[2], (int32_t)-days, day);
	func_text(c, day);
}

/* The settings' name for two records found to be two. */
static char *
apart_name(const char *a, const char *b)
{
	return xasprintf("apart:%s:%s", strcmp(a, b) < 0 ? a : b,
	    strcmp(a, b) < 0 ? b : a);
}

static void
fn_apart(struct func_call *c, int n, const char *const *arg, void *user)
{
	char *name, *v = NULL;

	(void)n;
	if (arg[0] != NULL && arg[1] != NULL) {
		name = apart_name(arg[0], arg[1]);
		v = db_meta(user, name);
		free(name);
	}
	func_int(c, v != NULL);
	free(v);
}

int
listing_apart(struct forms *fs, const char *uid, const char *other,
    struct err *e)
{
	struct db *db = forms_db(fs);
	char *name = apart_name(uid, other);
	int rc = db_set_meta(db, name, date_today(), e);

	free(name);
	return rc < 0 ? rc : journal_note(db, "apart", NULL, uid,
	    "两条记录不是同一个人", e);
}

int
wordsql_register(struct forms *fs, struct db *db, struct err *e)
{
	void *h = db_handle(db);

	if (func_add(h, "label", 2, fn_label, fs) < 0 ||
	    func_add(h, "extra", 3, fn_extra, fs) < 0 ||
	    func_add(h, "alike", 2, fn_alike, NULL) < 0 ||
	    func_add(h, "rule_back", 3, fn_back, fs) < 0 ||
	    func_add(h, "apart", 2, fn_apart, db) < 0 ||
	    func_add(h, "masked", 1, fn_masked, NULL) < 0 ||
	    func_add(h, "masked_name", 1, fn_masked_name, NULL) < 0 ||
	    func_add(h, "hide_names", 2, fn_hide_names, NULL) < 0)
		return err_set(e, E_SQL, "SQL 函数注册失败");
	return 0;
}
