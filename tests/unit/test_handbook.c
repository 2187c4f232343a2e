/* The handbook: the shipped one covers the needs, a wrong one is refused with
 * its place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "file.h"
#include "handbook.h"
#include "model.h"

static void
shipped(void **state)
{
	struct handbook *h = NULL;
	struct forms *fs = NULL;
	struct err e = ERR_INIT;
	const struct codes *needs;
	const struct help_kind *k;
	struct str out = STR_INIT;
	size_t i;

	(void)state;
	assert_int_equal(forms_open(&fs, NULL, "forms", "data", &e), 0);
	needs = forms_codes(fs, "need_kind", &e);
	assert_non_null(needs);
	if (handbook_load(&h, "data", &e) != 0)
		fail_msg("%s", e.msg);
	for (i = 0; i < needs->n; i++) {
		k = handbook_find(h, needs->rows[i].name);
		if (strcmp(needs->rows[i].name, "other") == 0)
			continue;
		if (k == NULL)
			fail_msg("nothing on %s", needs->rows[i].name);
		assert_non_null(k->who);
		assert_non_null(k->papers);
		assert_non_null(k->office);
		assert_non_null(k->days);
	}
	for (i = 0; (k = handbook_at(h, i)) != NULL; i++) {
		if (codes_find(needs, k->need) == NULL)
			fail_msg("no such need: %s", k->need);
	}
	assert_int_equal(i, handbook_count(h));
	handbook_write(handbook_find(h, "medical"), &out);
	assert_non_null(strstr(out.buf, "【医疗救助】\n谁可以申请："));
	assert_null(strstr(out.buf, "依据："));	/* none is known */
	str_done(&out);
	handbook_free(h);
	forms_close(fs);
}

static const struct {
	const char *text, *words;
} bad[] = {
	{ "[living]\ntitle = 生活\nwhom = 谁\n", "a.ini:3:1" },
	{ "[living]\nwho = 谁\n", "a.ini:1:2: “living”没有 title" },
	{ "[living]\ntitle = 一\n[living]\ntitle = 二\n", "写了两次" },
};

static void
refused(void **state)
{
	char dir[] = "/tmp/handbook-XXXXXX", sub[64], path[80];
	struct handbook *h;
	struct err e;
	size_t i;

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(sub, sizeof sub, "%s/handbook", dir);
	snprintf(path, sizeof path, "%s/a.ini", sub);
	e = (struct err)ERR_INIT;
	assert_int_equal(handbook_load(&h, dir, &e), 0);	/* no folder */
	assert_int_equal(handbook_count(h), 0);
	handbook_free(h);
	assert_int_equal(mkdir(sub, 0700), 0);
	for (i = 0; i < sizeof bad / sizeof *bad; i++) {
		e = (struct err)ERR_INIT;
		assert_int_equal(file_write(path, bad[i].text,
		    strlen(bad[i].text), 0600, &e), 0);
		assert_true(handbook_load(&h, dir, &e) < 0);
		if (strstr(e.msg, bad[i].words) == NULL)
			fail_msg("%s", e.msg);
	}
	unlink(path);
	rmdir(sub);
	rmdir(dir);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shipped), cmocka_unit_test(refused)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
