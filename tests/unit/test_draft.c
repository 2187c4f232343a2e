/* Drafts: nothing that left a field is lost, nothing unsaved gets out. */
#include "site_help.h"

#include "draft.h"
#include "lookup.h"

static int
setup(void **state)
{
	return site_setup(state);
}

static const struct field *
field(const char *f, const char *name)
{
	return form_field(form(f), name);
}

static struct record *
resumed(const char *f, const char *uid, const struct field **at)
{
	struct record *r;

	err = (struct err)ERR_INIT;
	r = record_resume(site.fs, form(f), uid, at, &err);
	if (r == NULL)
		fail_msg("%s", err.msg);
	return r;
}

static void
put_draft(struct record *r, const char *at)
{
	err = (struct err)ERR_INIT;
	ok(record_draft(r, form_field(r->form, at), &err));
}

static void
test_a_new_record_resumes(void **state)
{
	struct record *r = blank("child");
	const struct field *at;
	struct draft *d;
	char uid[37];
	size_t n;

	(void)state;
	memcpy(uid, r->uid, sizeof uid);
	set(r, "name", "半个孩子");
	put_draft(r, "name");
	set(r, "sex", "2");
	put_draft(r, "sex");
	record_free(r);
	site_reopen();			/* the power came back */
	ok(user_assume(site.db, NULL, &err));

	ok(draft_list(site.db, &d, &n, &err));
	assert_int_equal(n, 1);
	assert_string_equal(d[0].form, "child");
	assert_string_equal(d[0].uid, uid);
	assert_string_equal(d[0].display, "半个孩子");
	assert_string_equal(d[0].field, "sex");
	assert_true(str_starts(d[0].at, TODAY));
	draft_free_all(d, n);

	r = resumed("child", uid, &at);
	assert_ptr_equal(at, field("child", "sex"));
	assert_string_equal(record_get(r, "name"), "半个孩子");
	assert_string_equal(record_get(r, "sex"), "2");
	assert_string_equal(r->uid, uid);
	assert_true(r->is_new);

	/* not in the records, the journal or a bundle */
	assert_int_equal(number("SELECT count(*) FROM main.child"), 0);
	assert_int_equal(number("SELECT count(*) FROM main.journal WHERE"
	    " vals LIKE '%半个孩子%'"), 0);

	set(r, "no_id_reason", "no_hukou");
	set(r, "birth_date", "2016-02-03");
	set(r, "village", village(0));
	set(r, "category", "流动");
	save(r);
	record_free(r);
	assert_int_equal(number("SELECT count(*) FROM main.draft"), 0);
	assert_int_equal(number("SELECT count(*) FROM main.child"), 1);
	assert_int_equal(defects(), 0);
}

static void
test_a_draft_is_found_and_marked(void **state)
{
	struct record *r = blank("child");
	struct lookup_hit hit[4];

	(void)state;
	set(r, "name", "草稿妹");
	put_draft(r, "name");
	err = (struct err)ERR_INIT;
	assert_int_equal(lookup_find(site.db, "child", "cgm", hit, 4, &err), 1);
	assert_true(hit[0].draft);
	assert_string_equal(hit[0].uid, r->uid);
	/* another director does not see it, the supervisor does */
	as("other", ROLE_DIRECTOR, village(1));
	assert_int_equal(lookup_find(site.db, "child", "cgm", hit, 4, &err), 0);
	as("chief", ROLE_SUPERVISOR, NULL);
	assert_int_equal(lookup_find(site.db, "child", "cgm", hit, 4, &err), 1);
	err = (struct err)ERR_INIT;
	ok(user_assume(site.db, NULL, &err));
	/* thrown away: gone from the look-up too */
	ok(draft_drop(site.db, "child", r->uid, &err));
	assert_int_equal(lookup_find(site.db, "child", "cgm", hit, 4, &err), 0);
	record_free(r);
}

static void
test_everybody_has_drafts_of_her_own(void **state)
{
	struct record *r = blank("school");
	struct draft *d, one = { 0 };
	size_t n;

	(void)state;
	set(r, "name", "中心小学");
	as("chief", ROLE_SUPERVISOR, NULL);
	put_draft(r, "name");
	as("boss", ROLE_ADMIN, NULL);
	err = (struct err)ERR_INIT;
	ok(draft_list(site.db, &d, &n, &err));
	assert_int_equal(n, 0);
	free(d);
	refused(E_NOTFOUND, draft_get(site.db, "school", r->uid, &one, &err));
	as("chief", ROLE_SUPERVISOR, NULL);
	ok(draft_drop(site.db, "school", r->uid, &err));
	record_free(r);
	err = (struct err)ERR_INIT;
	ok(user_assume(site.db, NULL, &err));
}

/* A save by the same person, at another screen, ends her draft. */
static void
test_ones_own_save_ends_the_draft(void **state)
{
	const char *uid = child("张三", "2015-03-01", village(0));
	struct record *r = loaded("child", uid);

	(void)state;
	set(r, "phone", "13805330001");
	put_draft(r, "phone");
	assert_int_equal(number("SELECT count(*) FROM main.draft"), 1);
	save(r);
	record_free(r);
	assert_int_equal(number("SELECT count(*) FROM main.draft"), 0);
}

/* The other person's save is by another login: my draft stays. */
static void
test_a_draft_meets_a_later_save(void **state)
{
	const char *uid = child("李四", "2015-03-01", village(0));
	struct record *r = loaded("child", uid);
	struct clashes c = { 0 };

	(void)state;
	set(r, "phone", "13805330001");
	set(r, "group_name", "一组");
	put_draft(r, "phone");
	record_free(r);
	as("chief", ROLE_SUPERVISOR, NULL);
	r = loaded("child", uid);
	set(r, "group_name", "二组");
	set(r, "guardian_phone", "13805330002");
	save(r);
	record_free(r);
	err = (struct err)ERR_INIT;
	ok(user_assume(site.db, NULL, &err));

	r = resumed("child", uid, NULL);
	assert_string_equal(record_get(r, "phone"), "13805330001");
	assert_string_equal(record_get(r, "group_name"), "一组");
	refused(E_STALE, record_save(r, &c, &err));
	assert_int_equal(c.n, 1);
	assert_string_equal(c.row[0].field->name, "group_name");
	assert_string_equal(c.row[0].theirs, "二组");
	assert_string_equal(c.row[0].mine, "一组");
	assert_string_equal(c.who, "chief");
	err = (struct err)ERR_INIT;
	ok(record_resolve(r, &c, (const bool[]){ false }, &err));
	ok(record_save(r, NULL, &err));
	clashes_done(&c);
	record_free(r);
	r = loaded("child", uid);
	assert_string_equal(record_get(r, "phone"), "13805330001");
	assert_string_equal(record_get(r, "group_name"), "二组");
	assert_string_equal(record_get(r, "guardian_phone"), "13805330002");
	record_free(r);
	assert_int_equal(defects(), 0);
}

static void
test_going_back_to_what_was_drops_the_draft(void **state)
{
	const char *uid = child("王五", "2015-03-01", village(0));
	struct record *r = loaded("child", uid);

	(void)state;
	set(r, "phone", "13805330001");
	put_draft(r, "phone");
	set(r, "phone", NULL);
	put_draft(r, "phone");
	record_free(r);
	assert_int_equal(number("SELECT count(*) FROM main.draft"), 0);
}

static void
test_awkward_text_comes_back(void **state)
{
	static const char *const awkward[] = { "引号“”\"'\\", "斜杠/\\n",
	    "𠮷野家𪚥", "{\"a\":[1]}" };
	struct record *r;
	size_t i;
	char uid[37];

	(void)state;
	for (i = 0; i < COUNT_OF(awkward); i++) {
		r = blank("school");
		set(r, "name", awkward[i]);
		memcpy(uid, r->uid, sizeof uid);
		put_draft(r, "name");
		record_free(r);
		r = resumed("school", uid, NULL);
		assert_string_equal(record_get(r, "name"), awkward[i]);
		record_free(r);
		ok(draft_drop(site.db, "school", uid, &err));
	}
}

static void
test_a_damaged_draft_says_so(void **state)
{
	struct record *r = blank("school");

	(void)state;
	set(r, "name", "中心小学");
	put_draft(r, "name");
	tamper("UPDATE draft SET data='{\"\":'");
	err = (struct err)ERR_INIT;
	assert_null(record_resume(site.fs, r->form, r->uid, NULL, &err));
	assert_int_equal(err.code, E_CORRUPT);
	ok(draft_drop(site.db, "school", r->uid, &err));
	record_free(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_new_record_resumes),
		cmocka_unit_test(test_a_draft_is_found_and_marked),
		cmocka_unit_test(test_everybody_has_drafts_of_her_own),
		cmocka_unit_test(test_ones_own_save_ends_the_draft),
		cmocka_unit_test(test_a_draft_meets_a_later_save),
		cmocka_unit_test(test_going_back_to_what_was_drops_the_draft),
		cmocka_unit_test(test_awkward_text_comes_back),
		cmocka_unit_test(test_a_damaged_draft_says_so),
	};

	return cmocka_run_group_tests(tests, setup, site_teardown);
}
