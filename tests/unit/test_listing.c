/* The lists of data/lists/: every one runs for every role, and each of its
 * rows is there for a reason that was written down by hand. */
#include "site_help.h"

#include "listing.h"

static struct listings *lists;

static int
setup(void **state)
{
	site_setup(state);
	ok(listings_load(&lists, forms_data(site.fs), &err));
	return 0;
}

static int
teardown(void **state)
{
	listings_free(lists);
	return site_teardown(state);
}

static struct listed
run_on(const char *name, const char *on, const char *village_uid)
{
	const struct listing *l = listings_find(lists, name);
	struct listing_want want = { .on = on, .village = village_uid };
	struct listed r;

	if (l == NULL)
		fail_msg("no list %s", name);
	err = (struct err)ERR_INIT;
	ok(listing_run(site.fs, lists, l, &want, &r, &err));
	return r;
}

static struct listed
run_list(const char *name, const char *village_uid)
{
	return run_on(name, TODAY, village_uid);
}

/* The cell of row `row` under `head`. */
static const char *
at(const struct listed *r, size_t row, const char *head)
{
	size_t c;

	assert_true(row < r->n);
	for (c = 0; c < r->ncols; c++)
		if (strcmp(r->head[c], head) == 0)
			return r->row[row].cell[c];
	fail_msg("no column %s", head);
	return NULL;
}

/* Rows with `value` under `head`. */
static size_t
with(const struct listed *r, const char *head, const char *value)
{
	size_t i, n = 0;

	for (i = 0; i < r->n; i++)
		n += str_eq(at(r, i, head), value);
	return n;
}

static void
test_all_run(void **state)
{
	static const unsigned roles[] = { ROLE_ADMIN, ROLE_SUPERVISOR,
	    ROLE_DIRECTOR, ROLE_SPECIAL, ROLE_READER };
	char login[16];
	size_t i, k;

	(void)state;
	assert_true(lists->n >= 15);
	child("张晓明", "2016-05-04", village(0));
	for (k = 0; k < COUNT_OF(roles); k++) {
		snprintf(login, sizeof login, "role%zu", k);
		as(login, roles[k], village(0));
		for (i = 0; i < lists->n; i++) {
			struct listed r = run_list(lists->v[i].name, NULL);

			assert_true(r.ncols > 1);
			if (lists->v[i].opens != NULL)
				assert_non_null(listings_find(lists,
				    lists->v[i].opens));
			listed_done(&r);
		}
	}
}

/* ---- made to measure ---------------------------------------------------- */

/* A record of `form_name` from pairs of field and text; the stored value of
 * what a check would refuse is written behind its back with `force`. */
static const char *
make(const char *form_name, const char *const *pairs)
{
	static char uid[16][37];
	static int next;
	struct record *r = blank(form_name);
	char *out = uid[next++ & 15];
	size_t i;

	for (i = 0; pairs[i] != NULL; i += 2)
		set(r, pairs[i], pairs[i + 1]);
	ok(record_refresh(r, &err));
	save(r);
	memcpy(out, r->uid, 37);
	record_free(r);
	return out;
}
#define MAKE(form_name, ...) \
	make(form_name, (const char *const []){ __VA_ARGS__, NULL })

static const char *
kid(const char *name, const char *birth, const char *category,
    const char *since)
{
	return MAKE("child", "name", name, "no_id_reason", "no_hukou", "sex",
	    "2", "birth_date", birth, "village", village(0), "category",
	    category, "registered_on", since);
}

static void
force(const char *form_name, const char *uid, const char *column,
    const char *value)
{
	char sql[256];

	snprintf(sql, sizeof sql, "UPDATE main.\"%s\" SET %s='%s' WHERE"
	    " uid='%s'", form_name, column, value, uid);
	tamper(sql);
}

/* Visits due: high weekly, key monthly, ordinary quarterly; only visits that
 * saw the child count. */
static void
test_due(void **state)
{
	const char *high = kid("甲", "2016-01-01", "留守", "2026-01-05");
	const char *key = kid("乙", "2016-01-01", "留守", "2026-01-05");
	const char *ordinary = kid("丙", "2016-01-01", "留守", "2026-01-05");
	const char *late = kid("丁", "2016-01-01", "留守", "2026-01-05");
	struct listed r;

	(void)state;
	force("child", high, "risk", "high");
	force("child", key, "risk", "key");
	/* due 2026-11-13, nine days late */
	MAKE("visit", "child", high, "visit_date", "2026-11-06", "seen_child",
	    "yes");
	MAKE("visit", "child", high, "visit_date", "2026-11-20", "seen_child",
	    "no", "not_seen_reason", "不在家");
	/* due 2026-11-24: within the week to come */
	MAKE("visit", "child", key, "visit_date", "2026-10-24", "seen_child",
	    "yes");
	/* due 2027-01-10: not yet */
	MAKE("visit", "child", ordinary, "visit_date", "2026-10-10",
	    "seen_child", "yes");
	/* never seen: due 2026-04-05 */
	(void)late;
	r = run_list("due", NULL);
	assert_int_equal(r.n, 3);
	assert_string_equal(at(&r, 0, "姓名"), "甲");
	assert_string_equal(at(&r, 0, "早晚"), "逾期9天");
	assert_true(r.row[0].urgent);
	assert_string_equal(at(&r, 1, "姓名"), "丁");
	assert_string_equal(at(&r, 1, "应走访"), "2026-04-05");
	assert_false(r.row[1].urgent);
	assert_string_equal(at(&r, 2, "姓名"), "乙");
	assert_string_equal(at(&r, 2, "早晚"), "还有2天");
	listed_done(&r);
	r = run_list("due", village(1));
	assert_int_equal(r.n, 0);
	listed_done(&r);
	r = run_list("due_villages", NULL);
	assert_int_equal(r.n, 1);
	assert_string_equal(at(&r, 0, "逾期人数"), "2");
	assert_string_equal(at(&r, 0, "高风险"), "1");
	listed_done(&r);
}

static const char *
parent(const char *child_uid, const char *relation, const char *status,
    const char *from)
{
	return MAKE("guardian", "child", child_uid, "name",
	    strcmp(relation, "51") == 0 ? "父" : "母", "relation", relation,
	    "is_current", "no", "status", status, "status_from", from);
}

/* Story 4: the six months run from the registration with the police. */
static void
test_de_facto(void **state)
{
	static const struct {
		const char *father, *since, *mother, *from;
		int suggested;
	} cases[] = {
		{ "in_prison", "2026-03-22", "out_of_contact", "2026-05-10", 1 },
		{ "in_prison", "2026-03-22", "out_of_contact", "2026-05-22", 1 },
		{ "in_prison", "2026-03-22", "out_of_contact", "2026-05-23", 0 },
		{ "in_prison", "2026-06-01", "severely_ill", "2026-01-01", 0 },
		{ "dead", "2020-01-01", "out_of_contact", "2026-05-10", 1 },
		{ "dead", "2020-01-01", "dead", "2021-01-01", 0 },
		{ "severely_disabled", "2020-01-01", "normal", NULL, 0 },
		{ "dead", "2020-01-01", "unknown", "2021-01-01", 0 },
		{ "severely_disabled", "2019-01-01", "deported", "2022-02-02", 1 },
	};
	struct listed r;
	char name[16];
	const char *c;
	size_t i, k, n = 0;

	(void)state;
	for (i = 0; i < COUNT_OF(cases); i++) {
		snprintf(name, sizeof name, "%s", (const char *[]){ "甲", "乙",
		    "丙", "丁", "戊", "己", "庚", "辛", "壬" }[i]);
		c = kid(name, "2016-01-01", "家庭贫困", "2026-01-05");
		parent(c, "51", cases[i].father, cases[i].since);
		if (cases[i].from != NULL)
			parent(c, "52", cases[i].mother, cases[i].from);
		n += (size_t)cases[i].suggested;
	}
	/* confirmed already; grown up */
	c = kid("癸", "2016-01-01", "事实无人抚养", "2026-01-05");
	parent(c, "51", "dead", "2020-01-01");
	parent(c, "52", "revoked", "2021-01-01");
	c = kid("子", "2008-11-22", "家庭贫困", "2026-01-05");
	parent(c, "51", "dead", "2020-01-01");
	parent(c, "52", "revoked", "2021-01-01");
	r = run_list("de_facto", NULL);
	assert_int_equal(r.n, n);
	assert_int_equal(with(&r, "姓名", "甲"), 1);
	assert_int_equal(with(&r, "姓名", "丙"), 0);
	assert_int_equal(with(&r, "满足日期", "2026-11-10"), 2);
	for (k = 0; k < r.n; k++)
		if (strcmp(at(&r, k, "姓名"), "甲") == 0)
			assert_non_null(strstr(at(&r, k, "要的材料"),
			    "派出所"));
	listed_done(&r);
	r = run_list("orphan", NULL);
	assert_int_equal(r.n, 1);
	assert_string_equal(at(&r, 0, "姓名"), "己");
	listed_done(&r);
}

/* Full age on the birthday; 29 February on 1 March. */
static void
test_aged_out(void **state)
{
	struct listed r;

	(void)state;
	kid("满十六", "2010-11-22", "留守", "2020-01-05");
	kid("差一天", "2010-11-23", "留守", "2020-01-05");
	kid("困境儿", "2010-11-22", "重病", "2020-01-05");
	kid("满十八", "2008-11-22", "重病", "2020-01-05");
	r = run_list("aged_out", NULL);
	assert_int_equal(r.n, 2);
	assert_int_equal(with(&r, "姓名", "满十六"), 1);
	assert_int_equal(with(&r, "姓名", "满十八"), 1);
	listed_done(&r);
	kid("闰日儿", "2009-02-28", "重病", "2020-01-05");
	kid("闰年儿", "2008-02-29", "重病", "2020-01-05");
	r = run_on("aged_out", "2026-02-28", NULL);
	assert_int_equal(with(&r, "姓名", "闰年儿"), 0);
	listed_done(&r);
	r = run_on("aged_out", "2026-03-01", NULL);
	assert_int_equal(with(&r, "姓名", "闰年儿"), 1);
	assert_int_equal(with(&r, "姓名", "闰日儿"), 0);
	listed_done(&r);
}

static void
test_audit(void **state)
{
	const char *a = kid("甲", "2016-01-01", "残疾", "2026-01-05");
	const char *b = kid("乙", "2016-01-01", "孤儿", "2026-01-05");
	const char *c = kid("丙", "2016-01-02", "留守", "2026-01-05");
	const char *d = kid("丁", "2016-01-03", "留守", "2026-01-05");
	const char *g, *x;
	char who[37];
	struct listed r;
	size_t i;

	(void)state;
	force("child", a, "health", "healthy");
	force("child", c, "id_number", "370323201601020013");
	force("child", d, "id_number", "990323201603150122");
	force("child", d, "sex", "1");
	g = MAKE("guardian", "child", a, "name", "幼姐", "relation", "75",
	    "is_current", "yes", "birth_date", "2010-01-01");
	g = MAKE("guardian", "child", b, "name", "亡者", "relation", "61",
	    "is_current", "yes", "status", "dead", "status_from",
	    "2026-02-01");
	(void)g;
	/* paid after the end of the month of leaving */
	x = kid("戊", "2016-02-02", "留守", "2026-01-05");
	memcpy(who, x, sizeof who);
	MAKE("benefit", "child", who, "kind", "dibao", "starts_on",
	    "2026-01-01");
	force("child", who, "left_on", "2026-09-10");
	force("child", who, "left_reason", "moved");
	/* the same text for three children */
	for (i = 0; i < 3; i++)
		MAKE("visit", "child", i == 0 ? a : i == 1 ? b : c,
		    "visit_date", "2026-11-20", "seen_child", "yes", "findings",
		    "孩子一切都很正常");
	r = run_list("audit", NULL);
	assert_int_equal(with(&r, "问题", "监护人已死亡"), 1);
	assert_int_equal(with(&r, "问题", "监护人未成年"), 1);
	assert_int_equal(with(&r, "问题", "退出后还在发放"), 1);
	assert_int_equal(with(&r, "问题", "证件号码校验不对"), 1);
	assert_int_equal(with(&r, "问题", "性别与证件不符"), 1);
	/* c's broken number says 2016-01-02 as she does; d's another day */
	assert_int_equal(with(&r, "问题", "出生与证件不符"), 1);
	assert_int_equal(with(&r, "问题", "写健康却是残疾"), 1);
	assert_int_equal(with(&r, "问题", "走访文字雷同"), 1);
	/* by harm: nobody looks after her, the dead guardian, the money … */
	for (i = 0; i + 1 < r.n; i++)
		assert_true(r.row[i].urgent >= r.row[i + 1].urgent);
	/* what a report says of itself counts the same rows */
	for (i = 0; i < r.n && r.row[i].urgent; i++)
		;
	assert_true(i > 0 && i < r.n);
	assert_int_equal(listing_alarms(site.fs, lists, TODAY, &err), i);
	for (i = 0; i < r.n; i++) {
		const struct form *f = forms_get(site.fs, r.row[i].form, NULL);

		assert_non_null(f);
		assert_non_null(form_field(f, r.row[i].field));
		assert_non_null(r.row[i].uid);
	}
	listed_done(&r);
}

/* Twins are born on one day under two names; namesakes are not one child. */
static void
test_duplicates(void **state)
{
	char a[37], b[37];
	struct listed r;

	(void)state;
	memcpy(a, kid("单春花", "2016-01-01", "留守", "2026-01-05"), 37);
	memcpy(b, kid("善春华", "2016-01-01", "留守", "2026-01-05"), 37);
	kid("王大宝", "2015-03-03", "留守", "2026-01-05");	/* twins */
	kid("王小宝", "2015-03-03", "留守", "2026-01-05");
	kid("王芳", "2015-03-04", "留守", "2026-01-05");	/* namesakes */
	kid("王芳", "2015-03-05", "留守", "2026-01-05");
	r = run_list("duplicates", NULL);
	assert_int_equal(r.n, 1);
	assert_string_equal(at(&r, 0, "理由"), "同音，同日出生");
	listed_done(&r);
	ok(listing_apart(site.fs, b, a, &err));
	r = run_list("duplicates", NULL);
	assert_int_equal(r.n, 0);
	listed_done(&r);
}

static void
test_fallen(void **state)
{
	const char *a = kid("甲", "2016-01-01", "留守", "2026-01-05");
	const char *b = kid("乙", "2016-01-01", "留守", "2026-01-05");
	struct listed r;

	(void)state;
	MAKE("assessment", "child", a, "assessed_on", "2026-03-01", "level",
	    "good");
	MAKE("assessment", "child", a, "assessed_on", "2026-09-01", "level",
	    "poor");
	MAKE("assessment", "child", b, "assessed_on", "2026-03-01", "level",
	    "poor");
	MAKE("assessment", "child", b, "assessed_on", "2026-09-01", "level",
	    "fair");
	r = run_list("fallen", NULL);
	assert_int_equal(r.n, 1);
	assert_string_equal(at(&r, 0, "姓名"), "甲");
	listed_done(&r);
	r = run_list("due_assessments", NULL);
	assert_int_equal(r.n, 1);	/* poor after three months: 12-01 */
	assert_string_equal(at(&r, 0, "应评估"), "2026-12-01");
	listed_done(&r);
}

/* One came, one went, with reasons, in November. */
static void
test_changes(void **state)
{
	const char *x;
	struct listed r;

	(void)state;
	kid("新来", "2016-01-01", "留守", "2026-11-03");
	kid("老的", "2016-01-01", "留守", "2026-10-31");
	x = kid("走了", "2016-01-01", "留守", "2026-01-05");
	force("child", x, "left_on", "2026-11-10");
	force("child", x, "left_reason", "moved");
	r = run_list("changes", NULL);
	assert_int_equal(with(&r, "增减", "+"), 1);
	assert_int_equal(with(&r, "增减", "-"), 1);
	assert_string_equal(at(&r, 0, "原因"), "新登记：留守");
	listed_done(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_all_run, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(test_due, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(test_de_facto, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(test_aged_out, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(test_audit, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(test_duplicates, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(test_fallen, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(test_changes, setup,
		    teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
