/* Single cases of merge, answer and apply: what is set aside and why, what a
 * receipt says, what it does. */
#include "circle_help.h"

#include "branch.h"

static struct node county, town;

static int
begin(void **state)
{
	(void)state;
	node_new(&county, "沂源县", "370323", "county");
	node_new(&town, "悦庄镇", "370323104", "town");
	return 0;
}

static int
end(void **state)
{
	(void)state;
	node_drop(&county);
	node_drop(&town);
	return 0;
}

static int64_t
count(struct node *n, const char *sql)
{
	return db_int(n->db, -1, sql, "");
}

/* Rows written by hand under the township's next header. */
static struct parcel *
forged_by(struct node *from, const char *rows)
{
	struct parcel *p = node_export(from);
	struct header h;
	char sha[65], was[65];
	const char *c;

	memcpy(was, p->chain, sizeof was);
	OK(header_parse(&h, p->head.buf, p->head.len, ER));
	str_clear(&p->rows);
	str_add(&p->rows, rows);
	h.rows = 0;
	for (c = rows; *c != '\0'; c++)
		h.rows += *c == '\n';
	sha_text(p->rows.buf, p->rows.len, sha);
	header_chain(&h, sha, p->chain);
	OK(db_run(from->db, ER, "UPDATE main.export SET chain=?2 WHERE"
	    " chain=?1", "ss", was, p->chain));
	str_clear(&p->head);
	header_text(&h, &p->head);
	header_done(&h);
	return p;
}

static struct parcel *
forged(const char *rows)
{
	return forged_by(&town, rows);
}

#define UID(n) "01900000-0000-7000-8000-00000000000" n

static char *
line(const char *uid, const char *rest)
{
	return xasprintf("{\"form\":\"item\",\"uid\":\"%s\",\"rv\":\"%.8s%.8s\","
	    "\"sup\":[],\"site\":\"370323104\",\"created\":[\"2026-01-01"
	    " 10:00:00\",\"a\"],\"updated\":[\"2026-01-01 10:00:00\",\"a\"],"
	    "%s}\n", uid, uid, uid, rest);
}

/* One bad row among two good ones: its reason, and the others are taken. */
static void
one_bad(const char *bad_line, const char *reason)
{
	struct merge_result r;
	char *good1 = line(UID("1"), "\"state\":\"open\",\"v\":{\"val\":\"a\"}");
	char *good2 = line(UID("2"), "\"state\":\"checked\",\"v\":{\"val\":"
	    "\"b\"}");
	char *rows = xasprintf("%s%s%s", good1, bad_line, good2), *why;
	struct parcel *p = forged(rows);

	county_merge(&county, p, false, &r, NULL);
	assert_int_equal(r.status, MERGE_OK);
	assert_int_equal(r.added, 2);
	assert_int_equal(r.refused, 1);
	assert_int_equal(count(&county, "SELECT count(*) FROM item"), 2);
	why = db_str(county.db, "SELECT reason FROM main.quarantine", "");
	assert_non_null(why);
	if (strstr(why, reason) == NULL)
		fail_msg("wanted “%s”, got “%s”", reason, why);
	assert_int_equal(journal_check(county.db, NULL, NULL, ER), 0);
	free(why);
	free(good1);
	free(good2);
	free(rows);
	parcel_free(p);
	merge_result_done(&r);
	end(NULL);
	begin(NULL);
}

static void
bad_value(const char *rest, const char *reason)
{
	char *l = line(UID("3"), rest);

	one_bad(l, reason);
	free(l);
}

static void
test_set_aside(void **state)
{
	struct str longer = STR_INIT;
	int i;

	(void)state;
	one_bad("{\"form\":\"item\"}\n", "格式");
	one_bad("not json\n", "格式");
	one_bad("\n", "格式");
	one_bad("{\"form\":\"item\",\"uid\":\"" UID("3") "\",\"rv\":"
	    "\"0123456789abcdef\",\"sup\":[],\"site\":\"370323105\","
	    "\"v\":{}}\n", "不是本乡镇");
	one_bad("{\"form\":\"nothing\",\"uid\":\"" UID("3") "\",\"rv\":"
	    "\"0123456789abcdef\",\"sup\":[],\"site\":\"370323104\","
	    "\"v\":{}}\n", "没有“nothing”");
	one_bad("{\"form\":\"item\",\"uid\":\"../../etc/passwd\",\"rv\":"
	    "\"0123456789abcdef\",\"sup\":[],\"site\":\"370323104\","
	    "\"v\":{}}\n", "格式");
	one_bad("{\"form\":\"meta\",\"uid\":\"" UID("3") "\",\"rv\":"
	    "\"0123456789abcdef\",\"sup\":[],\"site\":\"370323104\","
	    "\"v\":{}}\n", "没有“meta”");
	bad_value("\"state\":\"open\",\"v\":{\"nonsense\":\"1\"}",
	    "没有“nonsense”");
	bad_value("\"state\":\"flying\",\"v\":{\"val\":\"1\"}", "流程状态");
	bad_value("\"v\":{\"val\":\"1\"}", "流程状态");
	bad_value("\"state\":\"open\",\"v\":{\"val\":\"bad\"}", "拒绝");
	bad_value("\"state\":\"open\",\"v\":{\"val\":\"a\\u202eb\"}", "内容");
	bad_value("\"state\":\"open\",\"v\":{\"val\":7}", "格式");
	bad_value("\"state\":\"open\",\"v\":{\"val\":\"1\",\"val\":\"2\"}",
	    "格式");
	str_add(&longer, "\"state\":\"open\",\"v\":{\"val\":\"");
	for (i = 0; i < 41; i++)
		str_add(&longer, "长");
	str_add(&longer, "\"}");
	bad_value(longer.buf, "太长");
	str_done(&longer);
}

/* A report and its answer, over and over. */
static void
report_of(struct node *n, struct merge_result *m, struct apply_result *out)
{
	struct parcel *p = node_export(n);
	struct answer *a;
	char inc[33];

	county_merge(&county, p, false, m, inc);
	a = county_answer(&county, n->site, inc, m);
	node_apply(n, a, out);
	answer_done(a);
	free(a);
	parcel_free(p);
	merge_result_done(m);
}

static void
report(struct merge_result *m, struct apply_result *out)
{
	report_of(&town, m, out);
}

/* Set aside because a constraint is in the way; back to the township with
 * the reason; mended there; taken. */
static void
test_returned_and_mended(void **state)
{
	struct merge_result m;
	struct apply_result r;
	char uid[37], *why, *val;

	(void)state;
	node_insert(&town, "good", uid);
	report(&m, &r);
	assert_int_equal(r.outcome, APPLY_OK);
	/* the township's own form would have refused this */
	OK(db_exec(town.db, "PRAGMA ignore_check_constraints=1", ER));
	node_change(&town, uid, "bad");
	OK(db_exec(town.db, "PRAGMA ignore_check_constraints=0", ER));
	report(&m, &r);
	assert_int_equal(m.refused, 1);
	assert_int_equal(r.returns, 1);
	why = db_str(town.db, "SELECT reason FROM main.review WHERE uid=?1 AND"
	    " status='退回'", "s", uid);
	assert_non_null(why);
	assert_non_null(strstr(why, "县里没能并入"));
	val = node_value(&county, uid);
	assert_string_equal(val, "good");
	free(val);
	free(why);
	node_change(&town, uid, "better");
	report(&m, &r);
	assert_int_equal(m.refused + m.conflicts, 0);
	val = node_value(&county, uid);
	assert_string_equal(val, "better");
	free(val);
	assert_int_equal(count(&county, "SELECT count(*) FROM main.quarantine"
	    " WHERE resolved_at IS NULL"), 0);
	report(&m, &r);
	assert_int_equal(r.returns, 0);
}

/* A record set aside is taken once the county's forms know its field. */
static void
test_retry(void **state)
{
	char *l = line(UID("3"), "\"state\":\"open\",\"v\":{\"val\":\"v\","
	    "\"new_one\":\"x\"}");
	struct parcel *p = forged(l);
	struct merge_result m;

	(void)state;
	county_merge(&county, p, false, &m, NULL);
	assert_int_equal(m.refused, 1);
	assert_int_equal(merge_retry(county.fs, "370323104", ER), 0);
	OK(db_exec(county.db, "UPDATE main.quarantine SET line="
	    "replace(line,'new_one','other')", ER));	/* as if renamed */
	assert_int_equal(merge_retry(county.fs, "370323104", ER), 1);
	assert_int_equal(count(&county, "SELECT count(*) FROM item WHERE"
	    " other='x'"), 1);
	assert_int_equal(journal_check(county.db, NULL, NULL, ER), 0);
	parcel_free(p);
	merge_result_done(&m);
	free(l);
}

/* A record of one township that waits at the county is out of another's
 * reach: it is neither replaced by a row of that name nor shown to it. */
static void
test_waiting_is_anothers(void **state)
{
	char *l = line(UID("3"), "\"state\":\"open\",\"v\":{\"val\":\"v\","
	    "\"new_one\":\"secret\"}");
	struct parcel *p = forged(l), *theirs;
	struct merge_result m;
	struct node other;

	(void)state;
	node_new(&other, "南麻街道", "370323001", "other");
	county_merge(&county, p, false, &m, NULL);
	assert_int_equal(m.refused, 1);
	merge_result_done(&m);
	theirs = forged_by(&other, "{\"form\":\"item\",\"uid\":\"" UID("3")
	    "\",\"rv\":\"00000000000000ff\",\"sup\":[],\"site\":"
	    "\"370323001\",\"created\":[\"2026-01-01 10:00:00\",\"a\"],"
	    "\"updated\":[\"2026-01-01 10:00:00\",\"a\"],\"state\":\"open\","
	    "\"v\":{\"val\":\"w\"}}\n");
	county_merge(&county, theirs, false, &m, NULL);
	assert_int_equal(m.refused, 1);
	assert_int_equal(m.conflicts, 0);
	assert_int_equal(count(&county, "SELECT count(*) FROM conflict"), 0);
	assert_int_equal(count(&county, "SELECT count(*) FROM item"), 0);
	assert_int_equal(count(&county, "SELECT count(*) FROM quarantine WHERE"
	    " site='370323104' AND resolved_at IS NULL"), 1);
	OK(db_exec(county.db, "UPDATE main.quarantine SET line="
	    "replace(line,'new_one','other')", ER));
	assert_int_equal(merge_retry(county.fs, "370323104", ER), 1);
	merge_result_done(&m);
	parcel_free(theirs);
	parcel_free(p);
	node_drop(&other);
	free(l);
}

static void
test_tombstone(void **state)
{
	struct merge_result m;
	struct apply_result r;
	char uid[37];

	(void)state;
	node_insert(&town, "secret", uid);
	report(&m, &r);
	node_change(&town, uid, NULL);
	report(&m, &r);
	assert_int_equal(m.removed, 1);
	assert_int_equal(db_int(county.db, 0, "SELECT count(*) FROM item WHERE"
	    " uid=?1 AND deleted AND val IS NULL", "s", uid), 1);
	assert_int_equal(count(&county, "SELECT count(*) FROM main.lookup"), 0);
	assert_int_equal(journal_check(county.db, NULL, NULL, ER), 0);
}

static void
test_dry_run(void **state)
{
	struct parcel *p;
	struct merge_result m;
	int64_t seq = journal_head(county.db, NULL);

	(void)state;
	node_insert(&town, "a", NULL);
	p = node_export(&town);
	county_merge(&county, p, true, &m, NULL);
	assert_int_equal(m.added, 1);
	assert_int_equal(count(&county, "SELECT count(*) FROM item"), 0);
	assert_int_equal(count(&county, "SELECT count(*) FROM"
	    " main.incarnation"), 0);
	assert_int_equal(journal_head(county.db, NULL), seq);
	merge_result_done(&m);
	county_merge(&county, p, false, &m, NULL);
	assert_int_equal(m.added, 1);
	merge_result_done(&m);
	parcel_free(p);
}

/* The county acknowledges a bundle that this database does not remember. */
static void
test_unknown_chain_is_a_restored_backup(void **state)
{
	struct merge_result m;
	struct apply_result r;
	struct parcel *p;
	struct answer *a;
	char inc[33], *now;

	(void)state;
	node_insert(&town, "a", NULL);
	p = node_export(&town);
	county_merge(&county, p, false, &m, inc);
	a = county_answer(&county, town.site, inc, &m);
	/* the township forgets that it ever wrote this bundle */
	OK(db_exec(town.db, "DELETE FROM main.export", ER));
	node_apply(&town, a, &r);
	assert_int_equal(r.outcome, APPLY_RESTORED);
	now = db_meta(town.db, "inc");
	assert_string_not_equal(now, inc);
	free(now);
	node_apply(&town, a, &r);
	assert_int_equal(r.outcome, APPLY_OTHER);
	answer_done(a);
	free(a);
	merge_result_done(&m);
	parcel_free(p);
	report(&m, &r);
	assert_int_equal(r.outcome, APPLY_OK);
	assert_int_equal(m.conflicts, 0);
}

/* Put a copy of a node's file beside it, or back in its place. */
static void
copy_of(struct node *n, const char *name, bool back)
{
	char path[160];

	snprintf(path, sizeof path, "%s", help_path(name));
	node_close(n);
	copy_file(back ? path : n->path, back ? n->path : path);
	node_open(n);
}

/* Why the chain of the acknowledged point is looked at, and not the numbers
 * and the lineage alone: the county lost what it had acknowledged (restored
 * from its backup), and a copy of the township's disk has filled just those
 * numbers.  The township's next bundle begins where the county stands, yet
 * what lies before is not what it was. */
static void
test_same_numbers_other_past(void **state)
{
	struct merge_result m;
	struct apply_result r;
	struct node copy;
	char a[37], b[37], *val, *inc;

	(void)state;
	node_insert(&town, "a0", a);
	node_insert(&town, "b0", b);
	report(&m, &r);
	copy_of(&town, "copied.db", false);
	copy_of(&county, "backup.db", false);
	node_change(&town, a, "a1");
	report(&m, &r);
	assert_int_equal(r.outcome, APPLY_OK);
	copy_of(&county, "backup.db", true);
	copy = town;
	snprintf(copy.path, sizeof copy.path, "%s", help_path("copied.db"));
	node_open(&copy);
	node_change(&copy, b, "b1");
	report_of(&copy, &m, &r);
	assert_int_equal(m.status, MERGE_OK);
	node_close(&copy);
	node_change(&town, b, "b2");
	report(&m, &r);
	assert_int_equal(m.status, MERGE_FORK);
	assert_true(r.outcome == APPLY_FORK || r.outcome == APPLY_RESTORED);
	report(&m, &r);		/* a branch that grows from nothing known */
	assert_int_equal(m.status, MERGE_UNKNOWN);
	inc = db_meta(town.db, "inc");
	OK(branch_accept(county.db, town.site, inc, ER));  /* by telephone */
	report(&m, &r);
	assert_int_equal(r.outcome, APPLY_GAP);
	report(&m, &r);
	assert_int_equal(m.status, MERGE_OK);
	val = node_value(&county, a);
	assert_string_equal(val, "a1");		/* not lost for ever */
	assert_int_equal(count(&county, "SELECT count(*) FROM main.conflict"),
	    2);					/* both images of a and b */
	free(val);
	free(inc);
}

static void
test_superseded_versions_go(void **state)
{
	struct merge_result m;
	struct apply_result r;
	char a[37], b[37];
	struct parcel *p;
	struct answer *answer;
	char inc[33];

	(void)state;
	node_insert(&town, "1", a);
	node_insert(&town, "1", b);
	node_change(&town, a, "2");
	node_change(&town, b, "2");
	assert_int_equal(count(&town, "SELECT count(*) FROM main.sup"), 2);
	p = node_export(&town);
	node_change(&town, b, "3");	/* after the export */
	county_merge(&county, p, false, &m, inc);
	answer = county_answer(&county, town.site, inc, &m);
	node_apply(&town, answer, &r);
	assert_int_equal(db_int(town.db, -1, "SELECT count(*) FROM main.sup"
	    " WHERE uid=?1", "s", a), 0);
	assert_true(db_int(town.db, -1, "SELECT count(*) FROM main.sup"
	    " WHERE uid=?1", "s", b) > 0);
	answer_done(answer);
	free(answer);
	merge_result_done(&m);
	parcel_free(p);
	report(&m, &r);
	assert_int_equal(m.conflicts, 0);
	assert_int_equal(m.changed, 1);
}

/* A township's receipt is not another's. */
static void
test_other_township(void **state)
{
	struct node other;
	struct merge_result m;
	struct incoming_part part[RECEIPT_PARTS];
	struct apply_result out;
	struct receipt r;
	struct parcel *p;
	struct answer *a;
	char inc[33];
	int i;

	(void)state;
	node_new(&other, "鲁村镇", "370323102", "town");
	node_insert(&town, "a", NULL);
	p = node_export(&town);
	county_merge(&county, p, false, &m, inc);
	a = county_answer(&county, town.site, inc, &m);
	for (i = 0; i < RECEIPT_PARTS; i++)
		part[i] = (struct incoming_part){ .name = receipt_names[i],
		    .found = a->fd[i] >= 0, .fd = a->fd[i] };
	OK(receipt_parse(&r, a->json.buf, a->json.len, ER));
	assert_int_equal(apply_parts(other.fs, &r, part, NULL, &out, ER),
	    E_REFUSED);
	receipt_done(&r);
	answer_done(a);
	free(a);
	merge_result_done(&m);
	parcel_free(p);
	node_drop(&other);
}

static void
show_bad(void *arg, const char *text)
{
	(void)arg;
	print_message("  %s\n", text);
}

/* A line with one to three bytes changed at random. */
static char *
noisy(struct help_rand *rng)
{
	char *l = line(UID("3"), "\"state\":\"open\",\"v\":{\"val\":"
	    "\"甲乙丙\",\"other\":\"x\"}");
	size_t len = strlen(l) - 1, i;
	size_t n = (size_t)(1 + (help_rand(rng) >> 20) % 3);

	while (n-- > 0)
		l[(help_rand(rng) >> 9) % len] ^=
		    (char)(1u << ((help_rand(rng) >> 9) % 8));
	for (i = 0; i < len; i++)
		if (l[i] == '\0' || l[i] == '\n')
			l[i] = ' ';
	return l;
}

static void
merge_noise(struct help_rand *rng, const char *sound)
{
	char *l = noisy(rng), *rows = xasprintf("%s%s", l, sound);
	struct parcel *p = forged(rows);
	struct merge_result m;

	county_merge(&county, p, false, &m, NULL);
	assert_int_equal(m.status, MERGE_OK);
	merge_result_done(&m);
	parcel_free(p);
	free(rows);
	free(l);
}

/* Whatever is taken or set aside, the database stays sound and the untouched
 * row is taken. */
static void
test_noise(void **state)
{
	struct help_rand rng = { 77 };
	char *sound = line(UID("9"), "\"state\":\"open\",\"v\":{\"val\":"
	    "\"sound\"}");
	int i, batches = getenv("TONGJI_SOAK") != NULL ? 1000 : 12;

	(void)state;
	while (batches-- > 0) {
		begin(NULL);
		for (i = 0; i < 100; i++)
			merge_noise(&rng, sound);
		assert_int_equal(count(&county, "SELECT count(*) FROM item"
		    " WHERE val='sound'"), 1);
		assert_int_equal(count(&county, "SELECT count(*) FROM item"
		    " WHERE site<>'370323104'"), 0);
		assert_int_equal(journal_check(county.db, show_bad, NULL, ER),
		    0);
		end(NULL);
	}
	free(sound);
}

static void
test_receipt_shapes(void **state)
{
	static const char *const bad[] = {
		"", "[]", "{}", "{\"format\":\"tj1r\"}",
		"{\"format\":\"tj2r\",\"site\":\"1\"}",
	};
	struct receipt r;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(bad); i++)
		assert_true(receipt_parse(&r, bad[i], strlen(bad[i]), ER) < 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_set_aside, begin, end),
		cmocka_unit_test_setup_teardown(test_returned_and_mended,
		    begin, end),
		cmocka_unit_test_setup_teardown(test_retry, begin, end),
		cmocka_unit_test_setup_teardown(test_waiting_is_anothers,
		    begin, end),
		cmocka_unit_test_setup_teardown(test_tombstone, begin, end),
		cmocka_unit_test_setup_teardown(test_dry_run, begin, end),
		cmocka_unit_test_setup_teardown(
		    test_unknown_chain_is_a_restored_backup, begin, end),
		cmocka_unit_test_setup_teardown(test_same_numbers_other_past,
		    begin, end),
		cmocka_unit_test_setup_teardown(test_superseded_versions_go,
		    begin, end),
		cmocka_unit_test_setup_teardown(test_other_township, begin,
		    end),
		cmocka_unit_test(test_noise),
		cmocka_unit_test(test_receipt_shapes),
	};

	return cmocka_run_group_tests(tests, circle_setup, circle_teardown);
}
