/* Scales of assessment: sums, levels, vetoes, files that do not hold. */
#include "site_help.h"

#include "scale.h"

static void
fill(int *score, int n, int value)
{
	while (n > 0)
		score[--n] = value;
}

static void
test_shipped(void **state)
{
	int score[SCALE_ITEMS], sum;
	const struct scale_level *l;
	const char *why;
	struct scale s;

	(void)state;
	ok(scale_load(&s, "data", "three_level", &err));
	assert_int_equal(s.nitems, 9);
	fill(score, 9, 0);
	l = scale_judge(&s, score, &sum, &why);
	assert_string_equal(l->level, "good");
	score[1] = score[2] = score[3] = 1;
	assert_string_equal(scale_judge(&s, score, &sum, &why)->level, "good");
	assert_int_equal(sum, 3);
	score[4] = 1;
	assert_string_equal(scale_judge(&s, score, &sum, &why)->level, "fair");
	fill(score, 9, 1);
	score[1] = 2;
	assert_string_equal(scale_judge(&s, score, &sum, &why)->level, "poor");
	assert_int_equal(sum, 10);
	/* no adult at all is poor whatever the sum */
	fill(score, 9, 0);
	score[0] = 2;
	l = scale_judge(&s, score, &sum, &why);
	assert_string_equal(l->level, "poor");
	assert_string_equal(why, "没有成年人监护");
	score[5] = -1;
	assert_null(scale_judge(&s, score, &sum, &why));
	scale_done(&s);

	ok(scale_load(&s, "data", "four_level", &err));
	fill(score, 10, 0);
	score[9] = 3;
	l = scale_judge(&s, score, &sum, &why);
	assert_string_equal(l->level4, "improper");
	fill(score, 10, 3);
	assert_string_equal(scale_judge(&s, score, &sum, &why)->level4,
	    "absent");
	assert_null(why);
	scale_done(&s);
}

static void
test_bad_files(void **state)
{
	static const char *const bad[] = {
		"item,a,甲,0,2,,,\n",				/* no level */
		"item,a,甲,0,2,,,\nlevel,,好,0,1,good,,\n",	/* 2 is free */
		"item,a,甲,0,2,,,\nlevel,,好,0,1,good,,\nlevel,,差,1,2,poor,,\n",
		"item,a,甲,0,2,,,\nitem,a,乙,0,2,,,\nlevel,,好,0,4,good,,\n",
		"item,a,甲,2,2,,,\nlevel,,好,2,2,good,,\n",
		"item,a,甲,0,2,,,\nlevel,,好,0,2,good,,\nveto,b,乙,1,,poor,,\n",
		"itm,a,甲,0,2,,,\nlevel,,好,0,2,good,,\n",
		"item,a,甲,0,2\nlevel,,好,0,2,good,,\n",
		"item,a,甲,0,2,,,\nlevel,,好,0,2,,,\n",
	};
	char path[128];
	struct scale s;
	size_t i;

	(void)state;
	shell("mkdir -p %s/d/scales", site.home);
	snprintf(path, sizeof path, "%s/d/scales/x.csv", site.home);
	for (i = 0; i < COUNT_OF(bad); i++) {
		char *text = xasprintf("row,name,label,min,max,level,level4,"
		    "risk\n%s", bad[i]);
		char dir[96];

		ok(file_write(path, text, strlen(text), 0600, &err));
		snprintf(dir, sizeof dir, "%s/d", site.home);
		refused(E_FORMAT, scale_load(&s, dir, "x", &err));
		err = (struct err)ERR_INIT;
		free(text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_shipped),
		cmocka_unit_test_setup_teardown(test_bad_files, site_setup,
		    site_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
