/* Records: what a save writes, merging with what others saved meanwhile, rows
 * that follow, deletion. */
#include "site_help.h"

static const char *who;

static int
setup(void **state)
{
	site_setup(state);
	who = child("张三", "2015-03-01", village(0));
	return 0;
}

static void
change(const char *uid, const char *field, const char *value)
{
	struct record *r = loaded("child", uid);

	set(r, field, value);
	save(r);
	record_free(r);
}

static const struct finding *
finding(const struct record *r, const char *field)
{
	size_t i;

	for (i = 0; i < r->v.n; i++)
		if (str_eq(r->v.findings[i].field->name, field))
			return &r->v.findings[i];
	return NULL;
}

static void
test_a_row_has_its_head(void **state)
{
	struct record *r = loaded("child", who);

	(void)state;
	assert_int_equal(strlen(r->uid), 36);
	assert_int_equal(r->uid[14], '7');		/* UUIDv7 */
	assert_int_equal(strlen(r->rv), 16);
	assert_string_equal(r->site, "370323104");
	assert_string_equal(r->created_by, "cli");
	assert_true(str_starts(r->created_at, TODAY));
	record_free(r);
}

static void
test_every_save_renews_the_version(void **state)
{
	struct record *r = loaded("child", who);
	char before[17];

	(void)state;
	memcpy(before, r->rv, 17);
	set(r, "group_name", "二组");
	save(r);
	assert_string_not_equal(r->rv, before);
	record_free(r);
	/* and the former one is remembered as superseded */
	assert_int_equal(number("SELECT count(*) FROM main.sup s JOIN"
	    " main.child c USING(uid) WHERE c.name='张三'"), 1);
	r = loaded("child", who);
	memcpy(before, r->rv, 17);
	save(r);				/* nothing changed */
	assert_string_equal(r->rv, before);
	record_free(r);
}

static void
test_saving_twice_is_one_record(void **state)
{
	struct record *r = blank("school");

	(void)state;
	set(r, "name", "悦庄镇中心小学");
	save(r);
	save(r);
	set(r, "address", "镇政府东");
	save(r);
	record_free(r);
	assert_int_equal(number("SELECT count(*) FROM main.school"), 1);
}

static void
test_required_and_checks_refuse(void **state)
{
	struct record *r = blank("child");

	(void)state;
	refused(E_REFUSED, record_save(r, NULL, &err));
	assert_non_null(finding(r, "name"));
	assert_non_null(finding(r, "village"));
	assert_non_null(finding(r, "category"));
	assert_non_null(finding(r, "birth_date"));
	assert_true(r->errors >= 5);
	record_free(r);
	r = loaded("child", who);
	set(r, "birth_date", "2030-01-01");
	refused(E_REFUSED, record_save(r, NULL, &err));
	assert_int_equal(finding(r, "birth_date")->severity, SEV_ERROR);
	record_free(r);
	r = loaded("child", who);
	assert_string_equal(record_get(r, "birth_date"), "2015-03-01");
	record_free(r);
}

static void
test_warnings_let_pass(void **state)
{
	struct record *r = blank("child");

	(void)state;
	set(r, "name", "满了十六");
	set(r, "no_id_reason", "no_hukou");
	set(r, "sex", "1");
	set(r, "birth_date", "2010-01-01");
	set(r, "village", village(0));
	set(r, "category", "留守");
	save(r);
	assert_int_equal(r->errors, 0);
	assert_true(r->warnings > 0);
	assert_int_equal(finding(r, "category")->severity, SEV_WARNING);
	record_free(r);
}

/* Relevance decides what is kept: with a number there is no reason for having
 * none; and the number fills sex and birth. */
static void
test_calculation_and_relevance(void **state)
{
	struct record *r = blank("child");

	(void)state;
	set(r, "name", "王小丫");
	set(r, "no_id_reason", "unknown");
	set(r, "id_number", "11010519491231002X");
	err = (struct err)ERR_INIT;
	ok(record_refresh(r, &err));
	assert_string_equal(record_get(r, "birth_date"), "1949-12-31");
	assert_string_equal(record_get(r, "sex"), "2");
	assert_false(r->v.relevant[form_field(r->form,
	    "no_id_reason")->index]);
	record_free(r);
}

/* ---- two at one record -------------------------------------------------- */

static void
test_different_fields_merge(void **state)
{
	struct record *mine = loaded("child", who);
	struct clashes c = { 0 };

	(void)state;
	change(who, "guardian_phone", "13805330001");
	set(mine, "group_name", "三组");
	err = (struct err)ERR_INIT;
	ok(record_save(mine, &c, &err));
	assert_true(c.merged);
	assert_int_equal(c.n, 0);
	assert_string_equal(c.who, "cli");
	assert_string_equal(record_get(mine, "guardian_phone"), "13805330001");
	clashes_done(&c);
	record_free(mine);
	mine = loaded("child", who);
	assert_string_equal(record_get(mine, "guardian_phone"), "13805330001");
	assert_string_equal(record_get(mine, "group_name"), "三组");
	record_free(mine);
}

static void
test_the_same_change_is_no_clash(void **state)
{
	struct record *mine = loaded("child", who);
	struct clashes c = { 0 };

	(void)state;
	change(who, "group_name", "四组");
	set(mine, "group_name", "四组");
	err = (struct err)ERR_INIT;
	ok(record_save(mine, &c, &err));
	assert_int_equal(c.n, 0);
	clashes_done(&c);
	record_free(mine);
}

static void
test_the_same_field_asks(void **state)
{
	struct record *mine = loaded("child", who);
	struct clashes c = { 0 };
	int64_t before;

	(void)state;
	change(who, "group_name", "五组");
	before = number("SELECT max(seq) FROM journal");
	set(mine, "group_name", "六组");
	set(mine, "phone", "13805330009");
	refused(E_STALE, record_save(mine, &c, &err));
	assert_int_equal(c.n, 1);
	assert_string_equal(c.row[0].field->name, "group_name");
	assert_string_equal(c.row[0].base, "四组");
	assert_string_equal(c.row[0].theirs, "五组");
	assert_string_equal(c.row[0].mine, "六组");
	assert_int_equal(number("SELECT max(seq) FROM journal"), before);

	/* theirs for the clash; my other change stays */
	err = (struct err)ERR_INIT;
	ok(record_resolve(mine, &c, (const bool[]){ false }, &err));
	ok(record_save(mine, NULL, &err));
	clashes_done(&c);
	record_free(mine);
	mine = loaded("child", who);
	assert_string_equal(record_get(mine, "group_name"), "五组");
	assert_string_equal(record_get(mine, "phone"), "13805330009");
	record_free(mine);
}

static void
test_mine_can_win(void **state)
{
	struct record *mine = loaded("child", who);
	struct clashes c = { 0 };

	(void)state;
	change(who, "group_name", "七组");
	set(mine, "group_name", "八组");
	refused(E_STALE, record_save(mine, &c, &err));
	err = (struct err)ERR_INIT;
	ok(record_resolve(mine, &c, (const bool[]){ true }, &err));
	ok(record_save(mine, NULL, &err));
	clashes_done(&c);
	record_free(mine);
	mine = loaded("child", who);
	assert_string_equal(record_get(mine, "group_name"), "八组");
	record_free(mine);
	assert_int_equal(defects(), 0);
}

static void
test_a_third_change_between_asks_again(void **state)
{
	struct record *mine = loaded("child", who);
	struct clashes c = { 0 };

	(void)state;
	change(who, "group_name", "九组");
	set(mine, "group_name", "十组");
	refused(E_STALE, record_save(mine, &c, &err));
	err = (struct err)ERR_INIT;
	ok(record_resolve(mine, &c, (const bool[]){ true }, &err));
	clashes_done(&c);
	change(who, "group_name", "十一组");
	refused(E_STALE, record_save(mine, &c, &err));
	assert_string_equal(c.row[0].base, "九组");
	assert_string_equal(c.row[0].theirs, "十一组");
	clashes_done(&c);
	record_free(mine);
}

/* Either change is right by itself; together they contradict each other. */
static void
test_merging_checks_the_whole(void **state)
{
	const char *uid = child("合并", "2015-03-01", village(1));
	struct record *mine = loaded("child", uid);

	(void)state;
	change(uid, "birth_date", "2016-01-01");
	set(mine, "no_id_reason", NULL);
	set(mine, "id_number", id_of("20150301"));
	refused(E_REFUSED, record_save(mine, NULL, &err));
	assert_non_null(finding(mine, "birth_date"));
	record_free(mine);
	assert_int_equal(number("SELECT count(*) FROM main.child WHERE"
	    " name='合并' AND id_number IS NULL AND birth_date='2016-01-01'"),
	    1);
}

static void
test_deleted_meanwhile(void **state)
{
	const char *uid = child("走了", "2015-03-01", village(1));
	struct record *mine = loaded("child", uid), *theirs;

	(void)state;
	theirs = loaded("child", uid);
	err = (struct err)ERR_INIT;
	ok(record_delete(theirs, "重复", &err));
	record_free(theirs);
	set(mine, "group_name", "一组");
	err = (struct err)ERR_INIT;
	assert_true(record_save(mine, NULL, &err) < 0);
	assert_true(err.msg[0] != '\0');
	record_free(mine);
	assert_int_equal(number("SELECT deleted FROM main.child WHERE"
	    " name='走了'"), 1);
	/* the rows that followed from it went along, by the journal too */
	assert_int_equal(number("SELECT count(*) FROM main.enrolment e JOIN"
	    " main.child c ON c.uid=e.child WHERE c.name='走了'"), 1);
	assert_int_equal(number("SELECT count(*) FROM main.enrolment e JOIN"
	    " main.child c ON c.uid=e.child WHERE c.name='走了' AND"
	    " NOT e.deleted"), 0);
	assert_int_equal(defects(), 0);
}

/* ---- rows that follow --------------------------------------------------- */

static void
test_the_guardian_row_follows(void **state)
{
	const char *uid = child("监护", "2015-03-01", village(0));
	struct record *r = loaded("child", uid);
	char *s;

	(void)state;
	set(r, "guardian_name", "王奶奶");
	set(r, "guardian_relation", "祖母");
	set(r, "guardian_phone", "13805330002");
	save(r);
	record_free(r);
	s = text("SELECT group_concat(name||relation||phone||is_current) FROM"
	    " main.guardian WHERE name LIKE '王奶奶'");
	assert_string_equal(s, "王奶奶6213805330002yes");
	free(s);
	/* details change the row, another person makes another row */
	change(uid, "guardian_phone", "13805330003");
	assert_int_equal(number("SELECT count(*) FROM main.guardian g JOIN"
	    " main.child c ON c.uid=g.child WHERE c.name='监护'"), 1);
	r = loaded("child", uid);
	set(r, "guardian_name", "李爷爷");
	set(r, "guardian_relation", "祖父");
	save(r);
	record_free(r);
	assert_int_equal(number("SELECT count(*) FROM main.guardian g JOIN"
	    " main.child c ON c.uid=g.child WHERE c.name='监护' AND"
	    " is_current='yes' AND g.name='李爷爷'"), 1);
}

static void
test_the_guardian_row_writes_back(void **state)
{
	const char *uid = child("反写", "2015-03-01", village(0));
	struct record *r = blank("guardian");

	(void)state;
	set(r, "child", uid);
	set(r, "name", "赵姑姑");
	set(r, "relation", "姑母");
	set(r, "phone", "13805330004");
	set(r, "is_current", "是");
	save(r);
	record_free(r);
	r = loaded("child", uid);
	assert_string_equal(record_get(r, "guardian_name"), "赵姑姑");
	assert_string_equal(record_get(r, "guardian_phone"), "13805330004");
	record_free(r);
	assert_int_equal(defects(), 0);
}

static void
test_category_keeps_its_history(void **state)
{
	const char *uid = child("类别", "2015-03-01", village(0));
	char *s;

	(void)state;
	change(uid, "category", "留守;重病");
	setenv("TONGJI_TODAY", "2026-12-01", 1);
	change(uid, "category", "重病");
	setenv("TONGJI_TODAY", TODAY, 1);
	s = text("SELECT group_concat(t) FROM (SELECT e.category || ' ' ||"
	    " starts_on || '~' || coalesce(ends_on,'') AS t FROM"
	    " main.enrolment e JOIN main.child c ON c.uid=e.child WHERE"
	    " c.name='类别' ORDER BY t)");
	assert_string_equal(s, "ill " TODAY "~,left_behind " TODAY
	    "~2026-12-01");
	free(s);
	/* coming back opens a new line */
	change(uid, "category", "重病;留守");
	assert_int_equal(number("SELECT count(*) FROM main.enrolment e JOIN"
	    " main.child c ON c.uid=e.child WHERE c.name='类别'"), 3);
	assert_int_equal(defects(), 0);
}

/* ---- deletion, numbers, words ------------------------------------------- */

static void
test_what_others_belong_to_stays(void **state)
{
	struct record *r = blank("visit"), *c;

	(void)state;
	set(r, "child", who);
	set(r, "visit_date", TODAY);
	set(r, "method", "入户");
	save(r);
	record_free(r);
	c = loaded("child", who);
	refused(E_REFUSED, record_delete(c, "不要了", &err));
	assert_non_null(strstr(err.msg, "条"));
	refused(E_REFUSED, record_delete(c, "", &err));
	record_free(c);
}

static void
test_a_deletion_needs_a_reason_and_leaves_a_trace(void **state)
{
	struct record *r = blank("school");
	char *s;

	(void)state;
	set(r, "name", "误录学校");
	save(r);
	refused(E_REFUSED, record_delete(r, "  ", &err));
	err = (struct err)ERR_INIT;
	ok(record_delete(r, "录错了", &err));
	record_free(r);
	s = text("SELECT op || vals FROM main.journal ORDER BY seq DESC"
	    " LIMIT 1");
	assert_true(str_starts(s, "delete"));
	assert_non_null(strstr(s, "录错了"));
	free(s);
	assert_int_equal(defects(), 0);
}

static char *
new_case(void)
{
	struct record *r = blank("case");
	char *no;

	set(r, "child_note", "路人反映");
	set(r, "needs", "基本生活");
	save(r);
	no = xstrdup(record_get(r, "case_no"));
	record_free(r);
	return no;
}

static void
test_numbers_are_never_used_again(void **state)
{
	char *a = new_case(), *b = new_case(), *c, *d;
	struct record *r;
	char *uid;

	(void)state;
	assert_string_equal(a, "SL2026-0001");
	assert_string_equal(b, "SL2026-0002");
	uid = text("SELECT uid FROM main.\"case\" WHERE"
	    " case_no='SL2026-0002'");
	r = loaded("case", uid);
	err = (struct err)ERR_INIT;
	ok(record_delete(r, "录错了", &err));
	record_free(r);
	c = new_case();
	assert_string_equal(c, "SL2026-0003");
	setenv("TONGJI_TODAY", "2027-01-02", 1);
	d = new_case();
	assert_string_equal(d, "SL2027-0001");
	setenv("TONGJI_TODAY", TODAY, 1);
	free(a);
	free(b);
	free(c);
	free(d);
	free(uid);
	assert_int_equal(defects(), 0);
}

static void
test_references_by_what_people_write(void **state)
{
	struct record *r = blank("child");
	const struct field *f = form_field(r->form, "village");
	char *code = text("SELECT code FROM main.village ORDER BY code"
	    " LIMIT 1");
	char *name = text("SELECT name FROM main.village ORDER BY code"
	    " LIMIT 1");

	(void)state;
	err = (struct err)ERR_INIT;
	ok(record_set(r, f, code, &err));
	assert_string_equal(record_get(r, "village"), village(0));
	ok(record_set(r, f, name, &err));
	assert_string_equal(record_get(r, "village"), village(0));
	ok(record_set(r, f, village(0), &err));
	assert_string_equal(record_get(r, "village"), village(0));
	err = (struct err)ERR_INIT;
	assert_true(record_set(r, f, "没有这个村", &err) < 0);
	assert_non_null(strstr(err.msg, "没有这个村"));
	assert_string_equal(record_get(r, "village"), village(0));
	free(code);
	free(name);
	record_free(r);
}

static void
test_history_reads_like_a_sentence(void **state)
{
	char **line;
	size_t i, n;
	bool told = false;

	(void)state;
	err = (struct err)ERR_INIT;
	ok(record_history(site.fs, form("child"), who, &line, &n, &err));
	assert_true(n >= 3);
	for (i = 0; i < n; i++) {
		assert_true(str_starts(line[i], TODAY));
		told |= strstr(line[i], "村民小组：八组 -> 九组") != NULL;
		free(line[i]);
	}
	free(line);
	assert_true(told);
}

static void
test_hostile_text_is_kept_and_harmless(void **state)
{
	static const char *const nasty[] = { "'; DROP TABLE child; --",
	    "=cmd|' /C calc'!A0", "%s%n%x", "\"><script>", "a','b');--" };
	struct record *r;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(nasty); i++) {
		r = blank("school");
		set(r, "name", nasty[i]);
		save(r);
		assert_string_equal(record_get(r, "name"), nasty[i]);
		record_free(r);
	}
	assert_true(number("SELECT count(*) FROM main.child") > 0);
	assert_int_equal(defects(), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_row_has_its_head),
		cmocka_unit_test(test_every_save_renews_the_version),
		cmocka_unit_test(test_saving_twice_is_one_record),
		cmocka_unit_test(test_required_and_checks_refuse),
		cmocka_unit_test(test_warnings_let_pass),
		cmocka_unit_test(test_calculation_and_relevance),
		cmocka_unit_test(test_different_fields_merge),
		cmocka_unit_test(test_the_same_change_is_no_clash),
		cmocka_unit_test(test_the_same_field_asks),
		cmocka_unit_test(test_mine_can_win),
		cmocka_unit_test(test_a_third_change_between_asks_again),
		cmocka_unit_test(test_merging_checks_the_whole),
		cmocka_unit_test(test_the_guardian_row_follows),
		cmocka_unit_test(test_the_guardian_row_writes_back),
		cmocka_unit_test(test_category_keeps_its_history),
		cmocka_unit_test(test_what_others_belong_to_stays),
		cmocka_unit_test(test_a_deletion_needs_a_reason_and_leaves_a_trace),
		cmocka_unit_test(test_numbers_are_never_used_again),
		cmocka_unit_test(test_references_by_what_people_write),
		cmocka_unit_test(test_history_reads_like_a_sentence),
		cmocka_unit_test(test_hostile_text_is_kept_and_harmless),
		cmocka_unit_test(test_deleted_meanwhile),
	};

	return cmocka_run_group_tests(tests, setup, site_teardown);
}
