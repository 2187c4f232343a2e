/* Golden files: every tests/form/NAME.form is linted and what is said compared
 * with NAME.out (an empty one for good forms).  After a wanted change of a
 * sentence, write them anew with TONGJI_GOLDEN=write and read the diff. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "code.h"
#include "file.h"
#include "lint.h"
#include "mem.h"
#include "model.h"
#include "nearest.h"
#include "parse.h"

static char folder[512];

static struct forms *
open_forms(const char *dir, const char *data)
{
	struct err e = ERR_INIT;
	struct forms *fs;

	if (forms_open(&fs, NULL, dir, data, &e) < 0)
		fail_msg("%s", e.msg);
	return fs;
}

static void
lint_text(struct forms *fs, const char *name, struct str *out)
{
	struct messages ms = MESSAGES_INIT;
	size_t i;

	lint_form(fs, name, &ms);
	messages_sort(&ms);
	for (i = 0; i < ms.n; i++) {
		message_format(&ms.v[i], out);
		str_addc(out, '\n');
	}
	if (ms.full)
		str_add(out, "…\n");
	messages_done(&ms);
}

static void
test_golden(void **state)
{
	char *data = xasprintf("%s/data", folder), *path;
	struct forms *fs = open_forms(folder, data);
	const char *const *name;
	struct str got = STR_INIT, want = STR_INIT;
	struct err e = ERR_INIT;
	int wrong = 0;

	(void)state;
	for (name = forms_names(fs); *name != NULL; name++) {
		path = xasprintf("%s/%s.out", folder, *name);
		str_clear(&got);
		lint_text(fs, *name, &got);
		if (str_eq(getenv("TONGJI_GOLDEN"), "write"))
			assert_int_equal(file_write(path, got.buf, got.len,
			    0644, &e), 0);
		if (file_read(&want, path, 1 << 20, &e) < 0)
			fail_msg("%s", e.msg);
		if (strcmp(got.buf, want.buf) != 0) {
			wrong++;
			print_error("%s:\n--- got\n%s--- want\n%s", *name,
			    got.buf, want.buf);
		}
		free(path);
	}
	str_done(&got);
	str_done(&want);
	free(data);
	forms_close(fs);
	assert_int_equal(wrong, 0);
}

/* The forms and lists that we ship have no mistakes at all. */
static void
test_shipped(void **state)
{
	char *forms = xasprintf("%s/../../forms", folder);
	char *data = xasprintf("%s/../../data", folder);
	struct forms *fs = open_forms(forms, data);
	struct messages ms = MESSAGES_INIT;
	struct str s = STR_INIT;
	size_t i;

	(void)state;
	lint_all(fs, &ms);
	for (i = 0; i < ms.n; i++) {
		message_format(&ms.v[i], &s);
		str_addc(&s, '\n');
	}
	assert_string_equal(s.buf, "");
	str_done(&s);
	messages_done(&ms);
	free(forms);
	free(data);
	forms_close(fs);
}

static void
test_model(void **state)
{
	char *data = xasprintf("%s/data", folder);
	struct forms *fs = open_forms(folder, data);
	struct err e = ERR_INIT;
	const struct form *f = forms_get(fs, "note", &e);
	const struct field *fld;

	(void)state;
	assert_non_null(f);
	assert_string_equal(f->fields[0].name, "child");
	assert_true(f->fields[0].implicit);
	assert_string_equal(f->fields[0].label, "儿童");
	assert_true(f->list_state);
	assert_int_equal(f->nlist, 2);
	assert_int_equal(f->workflow->nmoves, 2);
	assert_string_equal(f->workflow->moves[1].from[1], "checked");
	assert_string_equal(f->workflow->moves[1].sets[0].field, "told_on");
	assert_string_equal(f->workflow->moves[1].sets[0].expr.sql, ":today");
	f = forms_get(fs, "child", &e);
	assert_int_equal(f->npages, 2);
	assert_string_equal(f->pages[1].label, "其他");
	fld = form_field(f, "id_number");
	assert_int_equal(fld->nchecks, 2);
	assert_int_equal(fld->checks[0].severity, SEV_ERROR);
	assert_int_equal(fld->checks[1].severity, SEV_WARNING);
	assert_null(strstr(fld->checks[1].expr.sql, "别人"));
	assert_int_equal(form_field(f, "story")->max, 200);
	assert_false(form_field(f, "story")->has_min);
	assert_null(forms_get(fs, "chlid", &e));
	assert_non_null(strstr(e.msg, "是不是“child”"));
	free(data);
	forms_close(fs);
}

static void
test_codes(void **state)
{
	char *data = xasprintf("%s/data", folder);
	struct forms *fs = open_forms(folder, data);
	struct err e = ERR_INIT;
	const struct codes *cs = forms_codes(fs, "colour", &e);

	(void)state;
	assert_non_null(cs);
	assert_string_equal(cs->title, "颜色");
	assert_int_equal(cs->n, 3);
	assert_string_equal(codes_find(cs, "红")->name, "red");
	assert_string_equal(codes_find(cs, "赤")->name, "red");
	assert_null(codes_find(cs, "朱;赤"));
	assert_null(codes_find(cs, "黄"));
	assert_string_equal(codes_label(cs, "blue"), "蓝");
	assert_string_equal(codes_label(cs, "old_code"), "old_code");
	assert_string_equal(code_extra(cs, &cs->rows[0], "warm"), "yes");
	assert_null(code_extra(cs, &cs->rows[1], "aliases"));
	assert_null(code_extra(cs, &cs->rows[1], "cold"));
	assert_null(forms_codes(fs, "nowhere", &e));
	free(data);
	forms_close(fs);
}

static void
test_nearest(void **state)
{
	static const char *const words[] = { "label", "hint", "type", NULL };

	(void)state;
	assert_int_equal(nearest_distance("abc", "abc"), 0);
	assert_int_equal(nearest_distance("abc", "acb"), 1);
	assert_int_equal(nearest_distance("", "abc"), 3);
	assert_int_equal(nearest_distance("Label", "label"), 0);
	assert_string_equal(nearest_of("lable", words), "label");
	assert_string_equal(nearest_of("typ", words), "type");
	assert_null(nearest_of("zzz", words));
}

/* Whatever bytes a file holds, parsing ends with a form or with messages. */
static void
test_hostile(void **state)
{
	static const char *const texts[] = {
		"", "[", "[]", "[[[[", "=", "=x", "[form]\n=\n", " x\n",
		"[form]\n\n\n  ;\n", "[form]\nname\n", "[form]\nof = \n",
		"[form]\nname = x\ntitle = y\n[a]\ntype =\nlabel = z\n",
		"[form]\nname = x\ntitle = y\n[a]\ntype = text ..\nlabel = z\n",
		"[form]\nname = x\ntitle = y\n[a]\ntype = text 99999999999999999"
		"999..1\nlabel = z\n", "[form]\nname = x\ntitle = y\n[a]\n"
		"type = serial {\nlabel = z\n", "[move ]\n", "[move \t]\n",
		"[workflow]\n[form]\n[move a]\nsets = =\n",
		"\xEF\xBB\xBF[form]\r\nname = x\r\n", "'", "[form]\nname = ';\n",
		"[form]\nname = x\ntitle = t\n[a]\ntype = integer\nlabel = l\n"
		"check = ((((((((((((((((((((((((((((((((((((((((((((((((((((((("
		"((((((((((((((((((((((((\n",
	};
	struct arena a = ARENA_INIT;
	struct messages ms = MESSAGES_INIT;
	struct form *f;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(texts); i++) {
		f = form_parse(texts[i], strlen(texts[i]), "x.form", &a, &ms);
		assert_true(f != NULL || ms.n > 0);
		messages_done(&ms);
	}
	arena_done(&a);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_golden),
		cmocka_unit_test(test_shipped),
		cmocka_unit_test(test_model),
		cmocka_unit_test(test_codes),
		cmocka_unit_test(test_nearest),
		cmocka_unit_test(test_hostile),
	};

	snprintf(folder, sizeof folder, "%.*s../form",
	    (int)(strrchr(__FILE__, '/') - __FILE__ + 1), __FILE__);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
