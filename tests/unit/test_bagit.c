/* BagIt: every bag of the conformance suite gets its verdict, from a folder
 * and from a tar; bags made wrong one thing at a time; our own bags. */
#include "bundle_help.h"

#include <glob.h>

#include "bagit.h"
#include "bagtag.h"
#include "digest.h"
#include "norm.h"
#include "tar.h"

static const struct tar_limits roomy = { 1 << 28, 1 << 28, 10000 };

static void
show(const struct bagit_result *r)
{
	size_t i;

	for (i = 0; i < r->n; i++)
		print_message("  %s %s\n", r->v[i].fatal ? "!" : "-",
		    r->v[i].text);
}

static enum bagit_verdict
judge(const char *path)
{
	struct bagit_result r = BAGIT_RESULT_INIT;
	struct err e = ERR_INIT;
	enum bagit_verdict v;

	if (bagit_check_dir(&r, path, &e) < 0)
		fail_msg("%s: %s", path, e.msg);
	v = r.verdict;
	assert_int_equal(v == BAGIT_VALID, r.n == 0);
	bagit_result_done(&r);
	return v;
}

/* --- the suite --- */

static void
check_case(const char *kind, const char *path)
{
	static const struct {
		const char *kind;
		enum bagit_verdict want;
	} kinds[] = {
		{ "valid", BAGIT_VALID },
		{ "warning", BAGIT_WARNING },
		{ "invalid", BAGIT_INVALID },
		{ "linux-only", BAGIT_INVALID },
		{ "windows-only", BAGIT_INVALID },
	};
	struct bagit_result r = BAGIT_RESULT_INIT;
	struct err e = ERR_INIT;
	size_t i;

	for (i = 0; i < COUNT_OF(kinds); i++)
		if (strcmp(kind, kinds[i].kind) == 0)
			break;
	assert_true(i < COUNT_OF(kinds));
	assert_int_equal(bagit_check_dir(&r, path, &e), 0);
	if (r.verdict != kinds[i].want) {
		show(&r);
		fail_msg("%s: verdict %d", path, r.verdict);
	}
	bagit_result_done(&r);
}

static void
test_suite(void **state)
{
	glob_t g;
	char kind[64];
	size_t i;

	(void)state;
	assert_int_equal(glob(VECTORS "/bagit/v*/*/*", GLOB_ONLYDIR, NULL,
	    &g), 0);
	for (i = 0; i < g.gl_pathc; i++) {
		assert_int_equal(sscanf(g.gl_pathv[i], VECTORS
		    "/bagit/v%*[^/]/%63[^/]", kind), 1);
		check_case(kind, g.gl_pathv[i]);
	}
	assert_int_equal(g.gl_pathc, 30);
	globfree(&g);
}

/* --- bags with one thing wrong --- */

/* Make the folder "bag" with a good bag in it. */
static const char *
good_bag(const char *version, const char *alg)
{
	assert_int_equal(help_run("cd %s && rm -rf bag && mkdir -p "
	    "bag/data/子 && cd bag && echo 一 >data/a.txt && "
	    "echo 二 >'data/子/b c.txt' && "
	    "printf 'BagIt-Version: %s\\nTag-File-Character-Encoding: "
	    "UTF-8\\n' >bagit.txt && "
	    "printf 'Source-Organization: 悦庄镇\\nPayload-Oxum: 8.2\\n' "
	    ">bag-info.txt && %ssum data/a.txt 'data/子/b c.txt' "
	    ">manifest-%s.txt && %ssum bagit.txt bag-info.txt "
	    "manifest-%s.txt >tagmanifest-%s.txt", help_dir, version, alg,
	    alg, alg, alg, alg), 0);
	return help_path("bag");
}

/* Refresh the tag manifest, so that only the change itself is judged. */
#define RETAG "sha256sum bagit.txt bag-info.txt manifest-sha256.txt " \
	">tagmanifest-sha256.txt"

static void
test_one_wrong(void **state)
{
	static const struct {
		const char *change;	/* a shell command in the bag */
		enum bagit_verdict v10, v97;
	} cases[] = {
		{ ":", BAGIT_VALID, BAGIT_VALID },
		{ "echo x >>data/a.txt", BAGIT_INVALID, BAGIT_INVALID },
		{ "rm data/a.txt", BAGIT_INVALID, BAGIT_INVALID },
		{ "echo x >data/extra", BAGIT_INVALID, BAGIT_INVALID },
		{ "echo x >data/Thumbs.db", BAGIT_WARNING, BAGIT_WARNING },
		{ "echo >>bag-info.txt", BAGIT_INVALID, BAGIT_INVALID },
		{ "rm bag-info.txt", BAGIT_INVALID, BAGIT_INVALID },
		{ "rm bagit.txt", BAGIT_INVALID, BAGIT_INVALID },
		{ "rm manifest-sha256.txt tagmanifest-sha256.txt",
		    BAGIT_INVALID, BAGIT_INVALID },
		{ "rm tagmanifest-sha256.txt", BAGIT_VALID, BAGIT_VALID },
		{ "rm tagmanifest-sha256.txt bag-info.txt", BAGIT_VALID,
		    BAGIT_VALID },
		{ "sed -i s/8.2/9.2/ bag-info.txt; " RETAG, BAGIT_INVALID,
		    BAGIT_INVALID },
		{ "sed -i s/8.2/8.3/ bag-info.txt; " RETAG, BAGIT_INVALID,
		    BAGIT_INVALID },
		{ "sed -i s/8.2/eight/ bag-info.txt; " RETAG, BAGIT_WARNING,
		    BAGIT_WARNING },
		{ "ln -s /etc/passwd data/link", BAGIT_INVALID,
		    BAGIT_INVALID },
		{ "mv data x && ln -s x data", BAGIT_INVALID, BAGIT_INVALID },
		{ "mkfifo data/pipe", BAGIT_INVALID, BAGIT_INVALID },
		{ "sed -i 's/^/zz/' manifest-sha256.txt; " RETAG,
		    BAGIT_INVALID, BAGIT_INVALID },
		{ "sed -i 's/  / */' manifest-sha256.txt; " RETAG,
		    BAGIT_WARNING, BAGIT_WARNING },
		{ "sed -i 's/$/\\r/' manifest-sha256.txt bag-info.txt; " RETAG,
		    BAGIT_VALID, BAGIT_VALID },
		{ "tr '\\n' '\\r' <manifest-sha256.txt >m && "
		    "mv m manifest-sha256.txt; " RETAG, BAGIT_VALID,
		    BAGIT_VALID },
		{ "sed -i 's/.*/\\U&/;s/DATA/data/;s/A.TXT/a.txt/;"
		    "s/B C.TXT/b c.txt/' manifest-sha256.txt; " RETAG,
		    BAGIT_VALID, BAGIT_VALID },
		{ "sed -n 1p manifest-sha256.txt >m; cat m "
		    ">>manifest-sha256.txt; rm m; " RETAG, BAGIT_INVALID,
		    BAGIT_WARNING },
		{ "sed -i 1d manifest-sha256.txt; " RETAG, BAGIT_INVALID,
		    BAGIT_INVALID },
		{ "sha512sum data/a.txt >manifest-sha512.txt", BAGIT_INVALID,
		    BAGIT_WARNING },
		{ "echo x >manifest-whirlpool.txt", BAGIT_WARNING,
		    BAGIT_WARNING },
		{ "printf 'http://x - data/a.txt\\n' >fetch.txt", BAGIT_VALID,
		    BAGIT_VALID },
		{ "printf 'http://x 3 data/c\\n' >fetch.txt", BAGIT_INVALID,
		    BAGIT_WARNING },
		{ "rm data/a.txt; printf 'http://x 4 data/a.txt\\n' "
		    ">fetch.txt", BAGIT_INVALID, BAGIT_INVALID },
		{ "printf 'http://x - ../a\\n' >fetch.txt", BAGIT_INVALID,
		    BAGIT_INVALID },
		{ "printf 'http://x many data/a.txt\\n' >fetch.txt",
		    BAGIT_INVALID, BAGIT_INVALID },
		{ "sed -i 's/data.a.txt/\\/etc\\/passwd/' manifest-sha256.txt;"
		    RETAG, BAGIT_INVALID, BAGIT_INVALID },
		{ "printf 'BagIt-Version : 1.0\\nTag-File-Character-Encoding "
		    ": UTF-8\\n' >bagit.txt; " RETAG, BAGIT_INVALID,
		    BAGIT_INVALID },
		{ "printf '\\357\\273\\277BagIt-Version: 1.0\\nTag-File-"
		    "Character-Encoding: UTF-8\\n' >bagit.txt; " RETAG,
		    BAGIT_INVALID, BAGIT_INVALID },
		{ "sed -i 's/UTF-8/KLINGON-7/' bagit.txt; " RETAG,
		    BAGIT_INVALID, BAGIT_INVALID },
		{ "sed -i 's,UTF-8,../../x,' bagit.txt; " RETAG,
		    BAGIT_INVALID, BAGIT_INVALID },
		{ "sed -i '1s/: .*/: 2.0/' bagit.txt; " RETAG, BAGIT_INVALID,
		    BAGIT_INVALID },
		{ "echo 'And-More: 1' >>bagit.txt; " RETAG, BAGIT_INVALID,
		    BAGIT_INVALID },
		{ "sed -i 's/UTF-8/GB18030/' bagit.txt; iconv -t GB18030 "
		    "manifest-sha256.txt >m; mv m manifest-sha256.txt; " RETAG
		    "; iconv -t GB18030 bag-info.txt >m; mv m bag-info.txt; "
		    RETAG, BAGIT_VALID, BAGIT_VALID },
		{ "printf 'a\\0b' >>manifest-sha256.txt; " RETAG,
		    BAGIT_INVALID, BAGIT_INVALID },
		{ "printf '\\377\\n' >>manifest-sha256.txt; " RETAG,
		    BAGIT_INVALID, BAGIT_INVALID },
		{ "mkdir tags; echo x >tags/y; sha256sum tags/y "
		    ">>tagmanifest-sha256.txt", BAGIT_VALID, BAGIT_VALID },
		{ "sha256sum tagmanifest-sha256.txt >t; cat t "
		    ">>tagmanifest-sha256.txt", BAGIT_INVALID,
		    BAGIT_INVALID },
	};
	enum bagit_verdict v;
	size_t i, j;

	(void)state;
	for (i = 0; i < COUNT_OF(cases); i++)
		for (j = 0; j < 2; j++) {
			good_bag(j == 0 ? "1.0" : "0.97", "sha256");
			assert_int_equal(help_run("cd %s/bag && { %s; }",
			    help_dir, cases[i].change), 0);
			v = judge(help_path("bag"));
			if (v != (j == 0 ? cases[i].v10 : cases[i].v97))
				fail_msg("%s (%s): %d", cases[i].change,
				    j == 0 ? "1.0" : "0.97", v);
		}
}

static void
test_algorithms(void **state)
{
	static const char *const algs[] = { "md5", "sha1", "sha224", "sha256",
	    "sha384", "sha512" };
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(algs); i++) {
		assert_int_equal(judge(good_bag("1.0", algs[i])),
		    BAGIT_VALID);
		assert_int_equal(help_run("printf x >>%s/bag/data/a.txt",
		    help_dir), 0);
		assert_int_equal(judge(help_path("bag")), BAGIT_INVALID);
	}
}

/* More warnings than are kept must not end the check early. */
static void
test_many_warnings(void **state)
{
	struct bagit_result r = BAGIT_RESULT_INIT;
	struct err e = ERR_INIT;

	(void)state;
	good_bag("1.0", "sha256");
	assert_int_equal(help_run("cd %s/bag && rm bag-info.txt && for i in "
	    "$(seq 300); do echo $i >data/$i; sha256sum -b data/$i; done "
	    ">>manifest-sha256.txt && rm tag*", help_dir), 0);
	assert_int_equal(judge(help_path("bag")), BAGIT_WARNING);
	assert_int_equal(help_run("cd %s/bag && echo 0 >data/300", help_dir),
	    0);
	assert_int_equal(bagit_check_dir(&r, help_path("bag"), &e), 0);
	assert_int_equal(r.verdict, BAGIT_INVALID);
	assert_true(r.more > 0 && r.n <= BAGIT_FINDINGS);
	assert_true(r.v[r.n - 1].fatal);
	bagit_result_done(&r);
}

static void
test_not_there(void **state)
{
	struct bagit_result r = BAGIT_RESULT_INIT;
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(bagit_check_dir(&r, help_path("nowhere"), &e),
	    E_NOTFOUND);
	assert_int_equal(bagit_check_dir(&r, "/etc/passwd", &e), E_NOTFOUND);
	bagit_result_done(&r);
}

/* --- our own bags --- */

static void
make_ours(struct str *out, const char *base, bool pad)
{
	static const struct bagit_tag tags[] = {
		{ "Source-Organization", "悦庄镇人民政府" },
		{ "Bagging-Date", "2026-11-22" },
	};
	struct bagit_writer w;
	struct err e = ERR_INIT;

	assert_int_equal(bagit_begin(&w, flow_to_str(out), base, 1795350099,
	    &e), 0);
	assert_int_equal(bagit_file(&w, "header.json", 2, &e), 0);
	assert_int_equal(bagit_data(&w, "{}", 2, &e), 0);
	assert_int_equal(bagit_file(&w, "100%.csv", 0, &e), 0);
	assert_int_equal(bagit_file(&w, "rows.jsonl", 6, &e), 0);
	assert_int_equal(bagit_data(&w, "一", 3, &e), 0);
	assert_int_equal(bagit_data(&w, "二", 3, &e), 0);
	assert_int_equal(bagit_finish(&w, tags, 2, pad, &e), 0);
}

struct seen {
	struct str names, data;
};

static int
see_file(void *ctx, const char *path, uint64_t size, struct err *e)
{
	struct seen *s = ctx;

	(void)e;
	str_addf(&s->names, "%s:%llu ", path, (unsigned long long)size);
	return 0;
}

static int
see_data(void *ctx, const void *p, size_t len, struct err *e)
{
	struct seen *s = ctx;

	(void)e;
	str_addn(&s->data, p, len);
	return 0;
}

/* The digest given must be the data's own. */
static int
see_sum(void *ctx, const char *path, const unsigned char sha256[32],
    struct err *e)
{
	unsigned char want[DIGEST_MAX];
	struct seen *s = ctx;
	struct digest d;

	(void)e;
	if (strcmp(path, "data/rows.jsonl") == 0) {
		digest_init(&d, DIGEST_SHA256);
		digest_update(&d, "一二", 6);
		digest_final(&d, want);
		assert_memory_equal(sha256, want, 32);
		str_add(&s->names, "sum ");
	}
	return 0;
}

static int
stream(const struct str *tar, const struct bagit_visit *v,
    enum bagit_verdict *verdict)
{
	struct bagit_result r = BAGIT_RESULT_INIT;
	struct flow_mem m = { (const unsigned char *)tar->buf, tar->len };
	struct err e = ERR_INIT;
	int rc = bagit_check_tar(&r, flow_from_mem(&m), &roomy, v, &e);

	assert_int_equal(rc, e.code);
	*verdict = r.verdict;
	bagit_result_done(&r);
	return rc;
}

static void
test_ours(void **state)
{
	static const char *const bases[] = { "", "tj1-370323104-1-42" };
	struct str tar = STR_INIT;
	struct seen s = { STR_INIT, STR_INIT };
	struct bagit_visit visit = { .file = see_file, .data = see_data,
	    .sum = see_sum, .ctx = &s };
	enum bagit_verdict v;
	size_t i;

	(void)state;
	for (i = 0; i < 4; i++) {
		str_clear(&tar);
		str_clear(&s.names);
		str_clear(&s.data);
		make_ours(&tar, bases[i % 2], i / 2 == 1);
		assert_int_equal(stream(&tar, &visit, &v), 0);
		assert_int_equal(v, BAGIT_VALID);
		assert_non_null(strstr(s.names.buf, "data/header.json:2 "));
		assert_non_null(strstr(s.names.buf, "data/rows.jsonl:6 "));
		assert_non_null(strstr(s.names.buf, "sum "));
		assert_non_null(strstr(s.data.buf, "一二"));
		/* and as a folder, unpacked by GNU tar */
		help_put(help_path("o.tar"), tar.buf, tar.len);
		assert_int_equal(help_run("cd %s && rm -rf o && mkdir o && "
		    "tar xf o.tar -C o && cd o/%s && sha256sum --quiet -c "
		    "tagmanifest-sha256.txt", help_dir, bases[i % 2]), 0);
		assert_int_equal(judge(i % 2 == 0 ? help_path("o") :
		    help_path("o/tj1-370323104-1-42")), BAGIT_VALID);
	}
	str_done(&tar);
	str_done(&s.names);
	str_done(&s.data);
}

/* Any byte of a bag in a tar that is changed is noticed. */
static void
test_ours_damaged(void **state)
{
	struct str tar = STR_INIT;
	enum bagit_verdict v;
	size_t i, at;

	(void)state;
	make_ours(&tar, "b", false);
	for (i = 0; i < tar.len; i++) {
		tar.buf[i] ^= 0x40;
		if (stream(&tar, NULL, &v) == 0 && v == BAGIT_VALID) {
			at = i % 512;
			fail_msg("byte %zu (%zu in its block)", i, at);
		}
		tar.buf[i] ^= 0x40;
	}
	for (i = 0; i < tar.len; i += 100)
		if (i <= tar.len - 1024) {
			struct str cut = { tar.buf, i, 0 };

			assert_true(stream(&cut, NULL, &v) < 0);
			assert_int_equal(v, BAGIT_INVALID);
		}
	str_done(&tar);
}

/* A tar whose members lie in two folders, and one without a bag. */
static void
test_tar_oddities(void **state)
{
	struct str tar = STR_INIT;
	struct tar_writer w;
	struct err e = ERR_INIT;
	enum bagit_verdict v;

	(void)state;
	tar_writer_init(&w, flow_to_str(&tar), 0);
	assert_int_equal(tar_member(&w, "x", 0, &e), 0);
	assert_int_equal(tar_finish(&w, 0, &e), 0);
	assert_int_equal(stream(&tar, NULL, &v), 0);
	assert_int_equal(v, BAGIT_INVALID);

	str_clear(&tar);
	make_ours(&tar, "one", false);
	tar.len -= 1024;
	tar_writer_init(&w, flow_to_str(&tar), 0);
	assert_int_equal(tar_member(&w, "two/data/x", 0, &e), 0);
	assert_int_equal(tar_finish(&w, 0, &e), 0);
	assert_int_equal(stream(&tar, NULL, &v), 0);
	assert_int_equal(v, BAGIT_INVALID);
	str_done(&tar);
}

/* --- the small parts --- */

static void
test_norm(void **state)
{
	static const char *const same[][2] = {
		{ "Núñez", "Nu\xCC\x81n\xCC\x83" "ez" },
		{ "ệ", "e\xCC\xA3\xCC\x82" },
		{ "ệ", "e\xCC\x82\xCC\xA3" },		/* other order */
		{ "한글", "\xE1\x84\x92\xE1\x85\xA1\xE1\x86\xAB"
		    "\xE1\x84\x80\xE1\x85\xB3\xE1\x86\xAF" },
		{ "が", "か\xE3\x82\x99" },
		{ "Å", "\xE2\x84\xAB" },
	};
	static const char *const plain[] = { "", "abc", "悦庄镇", "\xff\xfe",
	    "a\xCC" };
	char *a, *b;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(same); i++) {
		a = norm_key(same[i][0]);
		b = norm_key(same[i][1]);
		assert_string_equal(a, b);
		free(a);
		free(b);
	}
	for (i = 0; i < COUNT_OF(plain); i++) {
		a = norm_key(plain[i]);
		assert_string_equal(a, plain[i]);
		free(a);
	}
}

static void
test_tags(void **state)
{
	static const struct {
		const char *path;
		bool loose, strict;	/* refused? */
	} paths[] = {
		{ "data/a", false, false }, { "data/..a", false, false },
		{ "/a", true, true }, { "../a", true, true },
		{ "data/../../a", true, true }, { "data/..", true, true },
		{ "a\\..\\b", true, true }, { "~/a", true, true },
		{ "~root/a", true, true }, { "C:\\x", false, true },
		{ "data\\x", false, true }, { "%HOME%/x", false, true },
		{ "data/%25", false, false }, { "data/100%", false, false },
	};
	struct bagtag_entry en;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(paths); i++) {
		assert_int_equal(bagtag_path_fault(paths[i].path, false) !=
		    NULL, paths[i].loose);
		assert_int_equal(bagtag_path_fault(paths[i].path, true) !=
		    NULL, paths[i].strict);
	}
	assert_null(bagtag_manifest(&en, "ab  data/100%25%0a%7E", 21, true));
	assert_string_equal(en.path, "data/100%\n%7E");
	assert_null(bagtag_manifest(&en, "ab  data/100%25%0a%7E", 21, false));
	assert_string_equal(en.path, "data/100%25%0a%7E");
	assert_null(bagtag_manifest(&en, "ab\t./././data/x ", 16, true));
	assert_string_equal(en.path, "data/x ");
	assert_non_null(bagtag_manifest(&en, "ab", 2, true));
	assert_non_null(bagtag_manifest(&en, "ab  ", 4, true));
	assert_non_null(bagtag_manifest(&en, "", 0, true));
	assert_int_equal(digest_find("SHA-256", 7), DIGEST_SHA256);
	assert_int_equal(digest_find("sha3", 4), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_suite),
		cmocka_unit_test(test_one_wrong),
		cmocka_unit_test(test_algorithms),
		cmocka_unit_test(test_many_warnings),
		cmocka_unit_test(test_not_there),
		cmocka_unit_test(test_ours),
		cmocka_unit_test(test_ours_damaged),
		cmocka_unit_test(test_tar_oddities),
		cmocka_unit_test(test_norm),
		cmocka_unit_test(test_tags),
	};

	return cmocka_run_group_tests(tests, help_setup, help_teardown);
}
