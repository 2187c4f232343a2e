/* ustar: GNU tar lists and unpacks ours, we read what it writes as ustar, and
 * everything a bag of ours never has is refused. */
#include "bundle_help.h"

#include "tar.h"

static const struct tar_limits roomy = { 1 << 28, 1 << 28, 10000 };

/* Write members of noise; sizes[i] bytes under names[i]. */
static void
build(struct str *out, const char *const *names, const size_t *sizes,
    size_t n, uint64_t total)
{
	struct tar_writer w;
	struct err e = ERR_INIT;
	struct str body = STR_INIT;
	size_t i;

	tar_writer_init(&w, flow_to_str(out), 1795350099);
	for (i = 0; i < n; i++) {
		str_clear(&body);
		str_room(&body, sizes[i]);
		help_noise((unsigned char *)body.buf, sizes[i], i);
		assert_int_equal(tar_member(&w, names[i], sizes[i], &e), 0);
		assert_int_equal(tar_data(&w, body.buf, sizes[i] / 2, &e), 0);
		assert_int_equal(tar_data(&w, body.buf + sizes[i] / 2,
		    sizes[i] - sizes[i] / 2, &e), 0);
	}
	assert_int_equal(tar_finish(&w, total, &e), 0);
	assert_int_equal(w.written, out->len);
	str_done(&body);
}

/* Read all; the first error's code, or the number of members. */
static int
walk(const void *p, size_t len, const struct tar_limits *limits, size_t step)
{
	struct help_drip d = { p, len, step };
	struct flow_in in = { help_drip_read, &d };
	struct tar_reader *r = tar_reader_new(in, limits);
	struct tar_entry entry;
	struct err e = ERR_INIT, again = ERR_INIT;
	unsigned char buf[777];
	uint64_t sum;
	ssize_t n = 0;
	int rc, count = 0;

	while ((rc = tar_next(r, &entry, &e)) == 1) {
		count++;
		if (count % 3 == 0)
			continue;	/* passed over unread */
		sum = 0;
		while ((n = tar_read(r, buf, sizeof buf, &e)) > 0)
			sum += (uint64_t)n;
		if (n < 0)
			break;
		assert_int_equal(sum, entry.size);
	}
	if (rc >= 0 && n < 0)
		rc = (int)n;
	assert_int_equal(rc < 0, e.code != 0);
	if (rc < 0)
		assert_true(e.msg[0] != '\0');
	else
		assert_int_equal(tar_next(r, &entry, &again), 0);
	tar_reader_free(r);
	return rc < 0 ? rc : count;
}

static const char long_name[] =
    "tj1-370323104-deadbeef-1-42/data/长长的文件夹名字长长的文件夹名字/"
    "0123456789012345678901234567890123456789/一二三.jsonl";

static void
test_gnu_tar(void **state)
{
	static const char *const names[] = { "bagit.txt", "data/空.csv",
	    "data/rows.jsonl", "data/513", long_name };
	static const size_t sizes[] = { 512, 0, 70000, 513, 1 };
	struct str out = STR_INIT;

	(void)state;
	assert_true(strlen(long_name) > 100);
	build(&out, names, sizes, COUNT_OF(names), 0);
	assert_int_equal(walk(out.buf, out.len, &roomy, 4096), 5);
	assert_int_equal(walk(out.buf, out.len, &roomy, 1), 5);
	help_put(help_path("t.tar"), out.buf, out.len);
	assert_int_equal(help_run("cd %s && mkdir x && tar xf t.tar -C x && "
	    "test $(stat -c %%s x/data/rows.jsonl) = 70000 && "
	    "test $(stat -c %%a x/data/513) = 644 && "
	    "test -f 'x/%s' && test $(tar tf t.tar | wc -l) = 5",
	    help_dir, long_name), 0);

	/* and back, with folders */
	assert_int_equal(help_run("cd %s/x && tar cf ../u.tar --format=ustar "
	    "bagit.txt data tj1*", help_dir), 0);
	help_get(&out, help_path("u.tar"));
	assert_int_equal(walk(out.buf, out.len, &roomy, 100000), 5);
	/* GNU's and pax's own kinds are refused */
	assert_int_equal(help_run("cd %s/x && tar cf ../u.tar --format=gnu "
	    "bagit.txt && tar cf ../v.tar --format=pax data", help_dir), 0);
	help_get(&out, help_path("u.tar"));
	assert_int_equal(walk(out.buf, out.len, &roomy, 4096), E_FORMAT);
	help_get(&out, help_path("v.tar"));
	assert_int_equal(walk(out.buf, out.len, &roomy, 4096), E_FORMAT);
	str_done(&out);
}

static void
test_names(void **state)
{
	static const char *const bad[] = { "", "/etc/passwd", "../x", "a/../b",
	    "a//b", "a/", "./a", "a/.", "..", ".", "a\\b", "C:x", "a\nb",
	    "a\033[2Jb", "\xff", "a/\xc0\xaf" };
	static const char *const good[] = { "a", "data/一.csv", "...", "a/..b",
	    ".a", "a b", "~x" };
	struct err e = ERR_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(bad); i++)
		if (tar_name_check(bad[i], 255, &e) == 0)
			fail_msg("accepted %s", bad[i]);
	for (i = 0; i < COUNT_OF(good); i++)
		if (tar_name_check(good[i], 255, &e) != 0)
			fail_msg("refused %s: %s", good[i], e.msg);
	assert_int_equal(tar_name_check("abcd", 3, &e), E_RANGE);
}

/* Change the first header and mend its check sum. */
static void
patch(struct str *t, size_t at, const void *p, size_t len)
{
	unsigned sum = 0;
	size_t i;
	char text[8];

	memcpy(t->buf + at, p, len);
	memset(t->buf + 148, ' ', 8);
	for (i = 0; i < 512; i++)
		sum += (unsigned char)t->buf[i];
	snprintf(text, sizeof text, "%06o", sum);
	memcpy(t->buf + 148, text, 7);
}

static void
test_hostile(void **state)
{
	static const char *const names[] = { "name-of-some-length", "b" };
	static const size_t sizes[] = { 100, 100 };
	static const struct {
		const char *what;
		size_t at, len;
		const char *bytes;
		int rc;
	} cases[] = {
		{ "nothing", 0, 0, "", 2 },
		{ "absolute", 0, 5, "/etc/", E_FORMAT },
		{ "dotdot", 0, 3, "../", E_FORMAT },
		{ "inner dotdot", 4, 4, "/../", E_FORMAT },
		{ "backslash", 4, 1, "\\", E_FORMAT },
		{ "escape", 4, 1, "\033", E_FORMAT },
		{ "same as second", 0, 2, "b\0", E_FORMAT },
		{ "same but for case", 0, 2, "B\0", E_FORMAT },
		{ "hard link", 156, 1, "1", E_FORMAT },
		{ "symbolic link", 156, 1, "2", E_FORMAT },
		{ "device", 156, 1, "3", E_FORMAT },
		{ "fifo", 156, 1, "6", E_FORMAT },
		{ "pax", 156, 1, "x", E_FORMAT },
		{ "long name", 156, 1, "L", E_FORMAT },
		{ "folder with size", 156, 1, "5", E_FORMAT },
		{ "no magic", 257, 5, "\0\0\0\0\0", E_FORMAT },
		{ "size not octal", 124, 11, "0000000014x", E_FORMAT },
		{ "size base-256", 124, 1, "\x80", E_FORMAT },
		{ "size huge", 124, 11, "77777777777", E_RANGE },
		{ "size longer", 124, 11, "00000001001", E_FORMAT },
		{ "prefix dotdot", 345, 3, "..\0", E_FORMAT },
		{ "prefix absolute", 345, 3, "/x\0", E_FORMAT },
		{ "padding not zero", 512 + 100, 1, "x", E_FORMAT },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(cases); i++) {
		struct str t = STR_INIT;
		int rc;

		build(&t, names, sizes, 2, 0);
		patch(&t, cases[i].at, cases[i].bytes, cases[i].len);
		rc = walk(t.buf, t.len, &roomy, 4096);
		if (rc != cases[i].rc)
			fail_msg("%s: %d", cases[i].what, rc);
		str_done(&t);
	}
}

static void
test_limits(void **state)
{
	static const char *const names[] = { "a", "b", "c" };
	static const size_t sizes[] = { 100, 200, 300 };
	static const struct {
		struct tar_limits limits;
		int rc;
	} cases[] = {
		{ { 600, 300, 3 }, 3 },
		{ { 599, 300, 3 }, E_RANGE },
		{ { 600, 299, 3 }, E_RANGE },
		{ { 600, 300, 2 }, E_RANGE },
		{ { 0, 0, 0 }, E_RANGE },
	};
	struct str t = STR_INIT;
	size_t i;

	(void)state;
	build(&t, names, sizes, 3, 0);
	for (i = 0; i < COUNT_OF(cases); i++)
		assert_int_equal(walk(t.buf, t.len, &cases[i].limits, 4096),
		    cases[i].rc);
	str_done(&t);
}

/* Cut anywhere, or anything after the end: refused. */
static void
test_cuts(void **state)
{
	static const char *const names[] = { "a", "b" };
	static const size_t sizes[] = { 600, 512 };
	struct str t = STR_INIT;
	size_t i;

	(void)state;
	build(&t, names, sizes, 2, 0);
	assert_int_equal(t.len, 512 + 1024 + 512 + 512 + 1024);
	for (i = 0; i < t.len; i++)
		assert_true(walk(t.buf, i, &roomy, 4096) < 0);
	str_addc(&t, 'x');
	assert_int_equal(walk(t.buf, t.len, &roomy, 4096), E_FORMAT);
	t.buf[t.len - 1] = '\0';
	assert_int_equal(walk(t.buf, t.len, &roomy, 4096), 2);
	str_done(&t);
}

static void
test_padme(void **state)
{
	static const struct {
		uint64_t len, want;
	} cases[] = {
		{ 1, 512 }, { 512, 512 }, { 513, 1024 }, { 10240, 10240 },
		{ 10241, 10752 }, { 3500000, 3538944 }, { 1 << 20, 1 << 20 },
		{ (1 << 20) + 1, (1 << 20) + 32768 },
	};
	static const char *const names[] = { "a" };
	static const size_t sizes[] = { 100000 };
	struct str t = STR_INIT;
	struct help_rand r = { 7 };
	uint64_t len, got;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(cases); i++)
		assert_int_equal(tar_padme(cases[i].len), cases[i].want);
	for (i = 0; i < 10000; i++) {
		len = help_rand(&r) >> (20 + i % 30);
		got = tar_padme(len);
		assert_true(got >= len && got % 512 == 0);
		if (len > 8192)
			assert_true(got - len <= len * 12 / 100);
	}
	build(&t, names, sizes, 1, tar_padme(100000 + 512 + 1024));
	assert_int_equal(t.len, tar_padme(t.len));
	assert_int_equal(walk(t.buf, t.len, &roomy, 4096), 1);
	help_put(help_path("p.tar"), t.buf, t.len);
	assert_int_equal(help_run("test \"$(tar tf %s 2>&1)\" = a",
	    help_path("p.tar")), 0);
	str_done(&t);
}

/* What the writer was told must be what it gets. */
static void
test_promises(void **state)
{
	struct str t = STR_INIT;
	struct tar_writer w;
	struct err e = ERR_INIT;
	char name[400];

	(void)state;
	tar_writer_init(&w, flow_to_str(&t), 0);
	assert_int_equal(tar_member(&w, "a", 3, &e), 0);
	assert_int_equal(tar_data(&w, "1234", 4, &e), E_RANGE);
	assert_int_equal(tar_data(&w, "12", 2, &e), 0);
	assert_int_equal(tar_finish(&w, 0, &e), E_RANGE);
	assert_int_equal(tar_data(&w, "3", 1, &e), 0);
	assert_int_equal(tar_member(&w, "../a", 3, &e), E_FORMAT);
	assert_int_equal(tar_member(&w, "b", 1ull << 33, &e), E_RANGE);
	memset(name, 'x', sizeof name);
	name[120] = '\0';
	assert_int_equal(tar_member(&w, name, 0, &e), E_RANGE);
	assert_int_equal(tar_finish(&w, 0, &e), 0);
	assert_int_equal(walk(t.buf, t.len, &roomy, 512), 1);
	str_done(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_gnu_tar),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_cuts),
		cmocka_unit_test(test_padme),
		cmocka_unit_test(test_promises),
	};

	return cmocka_run_group_tests(tests, help_setup, help_teardown);
}
