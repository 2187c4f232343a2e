/* The editor's core.  A step list is typed into a field; `|` in the results
 * stands for the cursor. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "codec.h"
#include "cut.h"
#include "edit.h"
#include "mem.h"
#include "safe.h"
#include "utf8.h"
#include "width.h"

static int
reset(void **state)
{
	(void)state;
	width_set_ambiguous(1);
	codec_set_session(CODEC_UTF8, false);
	return 0;
}

/* The text with the cursor drawn in. */
static const char *
state_of(const struct edit *e)
{
	static struct str out = STR_INIT;

	str_done(&out);
	str_addn(&out, e->text.buf, e->at);
	str_addc(&out, '|');
	str_add(&out, e->text.buf + e->at);
	assert_int_equal(strlen(e->text.buf), e->text.len);
	return out.buf;
}

/* < > left and right, ^ $ home and end, B backspace, D delete, W word, K kill,
 * U undo; anything else is typed. */
static int
play(struct edit *e, const char *keys, int cols)
{
	char one[8];
	const char *next;
	uint32_t cp;
	bool ok;
	int beeps = 0;

	for (; *keys != '\0'; keys = next) {
		next = utf8_next(keys, &cp);
		switch (cp) {
		case '<':
			ok = edit_back(e);
			break;
		case '>':
			ok = edit_forward(e);
			break;
		case '^':
			ok = edit_home(e, cols);
			break;
		case '$':
			ok = edit_end(e, cols);
			break;
		case 'B':
			ok = edit_backspace(e);
			break;
		case 'D':
			ok = edit_delete(e);
			break;
		case 'W':
			ok = edit_word(e);
			break;
		case 'K':
			ok = edit_kill(e);
			break;
		case 'U':
			ok = edit_undo(e);
			break;
		case '{':
			ok = edit_up(e, cols);
			break;
		case '}':
			ok = edit_down(e, cols);
			break;
		default:
			memcpy(one, keys, (size_t)(next - keys));
			one[next - keys] = '\0';
			ok = edit_insert(e, one, NULL);
		}
		beeps += !ok;
	}
	return beeps;
}

static const struct {
	const char *set, *keys, *state;
	int beeps;
} cases[] = {
	{ "", "", "|", 0 },
	{ "义勇军", "", "义勇军|", 0 },
	{ "", "义勇军", "义勇军|", 0 },
	{ "义勇军", "B", "义勇|", 0 },
	{ "义勇军", "<B", "义|军", 0 },
	{ "义勇军", "^D", "|勇军", 0 },
	{ "义勇军", "^B", "|义勇军", 1 },
	{ "义勇军", "D", "义勇军|", 1 },
	{ "义勇军", "<<进", "义进|勇军", 0 },
	{ "义勇军", "^>>>>", "义勇军|", 1 },
	{ "义勇军", "^<", "|义勇军", 1 },
	{ "𠮷ꀀ", "<B", "|ꀀ", 0 },
	{ "xe\u0301\u0323", "B", "x|", 0 },		/* base and marks */
	{ "xe\u0301y", "<<", "x|e\u0301y", 0 },
	{ "xe\u0301y", "^>D", "x|y", 0 },
	{ "葛\U000E0100", "B", "|", 0 },
	{ "e", "\u0301B", "|", 0 },
	{ "x\u0301", "^a", "a|x\u0301", 0 },
	{ "\u0301x", "^a", "a\u0301|x", 0 },	/* never inside a grapheme */
	{ "王小明 abc", "W", "王小明 |", 0 },
	{ "王小明 abc", "WW", "|", 0 },
	{ "王小明，好", "WW", "王小明|", 0 },
	{ "abc  ", "W", "|", 0 },
	{ "", "WKBD", "|", 4 },
	{ "王小明", "<K", "|明", 0 },
	{ "王小明", "^K", "|", 0 },
	{ "王小明", "KU", "王小明|", 0 },
	{ "王小明", "KUU", "|", 0 },
	{ "王", "小明U", "王|", 0 },		/* one run of typing */
	{ "王", "小<明U", "王|小", 0 },		/* a move ends it */
	{ "王小明", "BBU", "王小明|", 0 },
	{ "王小明", "BB大U", "王|", 0 },
	{ "王", "U", "王|", 1 }
};

static void
single_line(void **state)
{
	struct edit e;
	size_t i;
	int beeps;

	(void)state;
	for (i = 0; i < COUNT_OF(cases); i++) {
		edit_init(&e, 0, false);
		edit_set(&e, cases[i].set);
		assert_false(e.changed);
		beeps = play(&e, cases[i].keys, 0);
		if (strcmp(state_of(&e), cases[i].state) != 0 ||
		    beeps != cases[i].beeps)
			fail_msg("case %zu: %s, %d beeps", i, state_of(&e),
			    beeps);
		edit_done(&e);
	}
}

static const struct {
	bool lines;
	int max;
	const char *set, *paste, *text;
	int over, bad;
} pastes[] = {
	{ false, 0, "", "王小明", "王小明", 0, 0 },
	{ false, 0, "", "王\r\n小\n\n明", "王 小 明", 0, 0 },
	{ false, 0, "", "王小明\r\n", "王小明", 0, 0 },
	{ false, 0, "", "\n\t王", "王", 0, 0 },
	{ false, 0, "", "a\tb", "a b", 0, 0 },
	{ true, 0, "", "a\r\nb\rc\nd\te", "a\nb\nc\nd e", 0, 0 },
	{ false, 3, "", "王小明明", "王小明", 1, 0 },
	{ false, 3, "王小", "明明明", "王小明", 2, 0 },
	{ false, 2, "王小明", "x", "王小明", 1, 0 },
	{ false, 3, "", "\U00020BB7\U00031350x", "\U00020BB7\U00031350x", 0, 0 },
	{ false, 0, "", "a\033[2Jb", "a[2Jb", 0, 1 },
	{ false, 0, "", "\u202Ea\u200B", "a", 0, 2 },
	{ false, 0, "", "\xFF" "a\xE4\xB8", "a", 0, 3 },
	{ false, 0, "", "\033\033", "", 0, 2 },
	{ false, 0, "", "", "", 0, 0 },
	{ false, 0, "", "'; DROP TABLE child;--", "'; DROP TABLE child;--", 0,
	    0 }
};

static void
pasting(void **state)
{
	struct edit e;
	struct edit_left left;
	size_t i;
	bool any;

	(void)state;
	for (i = 0; i < COUNT_OF(pastes); i++) {
		edit_init(&e, pastes[i].max, pastes[i].lines);
		edit_set(&e, pastes[i].set);
		any = edit_insert(&e, pastes[i].paste, &left);
		assert_string_equal(edit_text(&e), pastes[i].text);
		assert_int_equal(left.over, pastes[i].over);
		assert_int_equal(left.bad, pastes[i].bad);
		assert_int_equal(any, strcmp(pastes[i].set,
		    pastes[i].text) != 0);
		assert_int_equal(e.changed, any);
		assert_int_equal(safe_input_ok(edit_text(&e), pastes[i].lines,
		    NULL), 0);
		/* One paste is one edit. */
		assert_int_equal(edit_undo(&e), any);
		assert_string_equal(edit_text(&e), pastes[i].set);
		edit_done(&e);
	}
}

static const struct {
	const char *set, *keys;
	int cols;
	const char *shown;		/* with the cursor */
	int cursor;
	bool before, after;
} views[] = {
	{ "", "", 8, "|", 0, false, false },
	{ "王小明", "", 8, "王小明|", 6, false, false },
	{ "王小明", "", 7, "王小明|", 6, false, false },
	{ "王小明", "", 6, "小明|", 4, true, false },
	{ "王小明大", "", 6, "明大|", 4, true, false },
	{ "王小明大", "^", 6, "|王小明", 0, false, true },
	{ "王小明大", "^", 7, "|王小明", 0, false, true },
	{ "王小明大", "<", 7, "小明|大", 4, true, false },
	{ "王小明大", "<", 6, "明|大", 2, true, false },
	{ "a王小明", "", 6, "小明|", 4, true, false },
	{ "a王小明", "", 7, "王小明|", 6, true, false },
	{ "abcdefgh", "", 5, "efgh|", 4, true, false },
	{ "xe\u0301e\u0301e\u0301", "", 3, "e\u0301e\u0301|", 2, true, false }
};

static void
scrolling(void **state)
{
	static struct str out = STR_INIT;
	struct edit_view v;
	struct edit e;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(views); i++) {
		edit_init(&e, 0, false);
		edit_set(&e, views[i].set);
		edit_show(&e, views[i].cols, &v);
		play(&e, views[i].keys, 0);
		edit_show(&e, views[i].cols, &v);
		str_clear(&out);
		str_addn(&out, e.text.buf + v.from, e.at - v.from);
		str_addc(&out, '|');
		str_addn(&out, e.text.buf + e.at, v.to - e.at);
		if (strcmp(out.buf, views[i].shown) != 0)
			fail_msg("case %zu: %s", i, out.buf);
		assert_int_equal(v.cursor, views[i].cursor);
		assert_int_equal(v.before, views[i].before);
		assert_int_equal(v.after, views[i].after);
		edit_done(&e);
	}
	str_done(&out);
}

static const struct {
	const char *set, *keys;
	int cols;
	const char *state;
	int beeps;
} rows[] = {
	{ "一二三四五六七", "{", 7, "一二三四|五六七", 0 },	/* 3 a line */
	{ "一二三四五六七", "{{", 7, "一|二三四五六七", 0 },
	{ "一二三四五六七", "{{{", 7, "一|二三四五六七", 1 },
	{ "一二三四五六七", "}", 7, "一二三四五六七|", 1 },
	{ "一二三四五六七", "^", 7, "一二三四五六|七", 0 },
	{ "一二三四五六七", "{^", 7, "一二三|四五六七", 0 },
	{ "一二三四五六七", "{$", 7, "一二三四五|六七", 0 },
	{ "一二三\n四\n五六七", "{", 20, "一二三\n四|\n五六七", 0 },
	{ "一二三\n四\n五六七", "{{", 20, "一二三|\n四\n五六七", 0 },
	{ "一二三\n四\n五六七", "{{}}", 20, "一二三\n四\n五六七|", 0 },
	{ "一二三\n四\n五六七", "{<{", 20, "|一二三\n四\n五六七", 0 },
	{ "abc\n中文", "<{", 20, "ab|c\n中文", 0 },
	{ "abc\n中文", "{<<}", 20, "abc\n|中文", 0 },	/* half a 中 */
	{ "a\n", "", 20, "a\n|", 0 },
	{ "a\n", "{", 20, "|a\n", 0 },
	{ "a\nb", "^B", 20, "a|b", 0 },
	{ "a\nbc", "K", 20, "a\n|", 0 },
	{ "a\nbc", "KK", 20, "a|", 0 },
	{ "a\nbc", "WW", 20, "a|", 0 },
	{ "a\nbc", "{^$", 20, "a|\nbc", 0 },
	{ "一", "\n二", 20, "一\n二|", 0 }
};

static void
paragraphs(void **state)
{
	struct edit e;
	size_t i;
	int beeps;

	(void)state;
	for (i = 0; i < COUNT_OF(rows); i++) {
		edit_init(&e, 0, true);
		edit_set(&e, rows[i].set);
		beeps = play(&e, rows[i].keys, rows[i].cols);
		if (strcmp(state_of(&e), rows[i].state) != 0 ||
		    beeps != rows[i].beeps)
			fail_msg("case %zu: %s, %d beeps", i, state_of(&e),
			    beeps);
		edit_done(&e);
	}
	/* A single line has no up and down. */
	edit_init(&e, 0, false);
	edit_set(&e, "abc");
	assert_false(edit_up(&e, 2));
	assert_false(edit_down(&e, 2));
	edit_done(&e);
}

static void
layout(void **state)
{
	struct edit_line line[3];
	struct edit e;
	int row, col, all, n;

	(void)state;
	edit_init(&e, 0, true);
	n = edit_layout(&e, 10, 3, line, &row, &col, &all);
	assert_int_equal(n, 1);
	assert_int_equal(all, 1);
	assert_int_equal(row, 0);
	assert_int_equal(col, 0);
	edit_set(&e, "一\n二\n三\n四五六");
	n = edit_layout(&e, 5, 3, line, &row, &col, &all);
	assert_int_equal(n, 3);
	assert_int_equal(all, 5);		/* 四五 and 六 */
	assert_int_equal(e.top, 2);
	assert_int_equal(row, 2);
	assert_int_equal(col, 2);
	assert_memory_equal(e.text.buf + line[0].from, "三", 3);
	assert_int_equal(line[1].to - line[1].from, 6);
	/* Up at the top scrolls back. */
	play(&e, "{{{{", 5);
	n = edit_layout(&e, 5, 3, line, &row, &col, &all);
	assert_int_equal(e.top, 0);
	assert_int_equal(row, 0);
	assert_int_equal(n, 3);
	/* When text goes, no empty rows remain at the end. */
	edit_set(&e, "一\n二\n三\n四");
	edit_layout(&e, 5, 3, line, &row, &col, &all);
	play(&e, "BB", 5);
	n = edit_layout(&e, 5, 3, line, &row, &col, &all);
	assert_int_equal(e.top, 0);
	assert_int_equal(n, 3);
	assert_int_equal(row, 2);
	/* A full line keeps a column for the cursor. */
	edit_set(&e, "一二");
	edit_layout(&e, 5, 3, line, &row, &col, &all);
	assert_int_equal(row, 0);
	assert_int_equal(col, 4);
	edit_done(&e);
}

/* Random keys: the text stays valid, the cursor on a grapheme, everything
 * shown within the field. */
static void
random_keys(void **state)
{
	static const char *const key[] = { "a", "中", "𠮷", "\u0301", " ", "，",
	    "\n", "<", ">", "^", "$", "B", "D", "W", "U", "{", "}", "<", "中",
	    "·" };
	struct edit_line line[4];
	struct edit_view v;
	struct edit e;
	uint32_t seed = 42;
	int i, k, cols, row, col, all, n;

	(void)state;
	for (k = 0; k < 2; k++) {
		edit_init(&e, 60, k == 1);
		for (i = 0; i < 60000; i++) {
			seed = seed * 1103515245 + 12345;
			cols = 3 + (int)(seed >> 24) % 20;
			play(&e, key[(seed >> 12) % COUNT_OF(key)], cols);
			assert_true(utf8_valid(e.text.buf));
			assert_true(utf8_count(e.text.buf) <= 60);
			assert_true(e.at == 0 || cut_next(e.text.buf,
			    cut_prev(e.text.buf, e.at)) == e.at);
			if (k == 1) {
				n = edit_layout(&e, cols, 4, line, &row, &col,
				    &all);
				assert_in_range(row, 0, n - 1);
				assert_in_range(col, 0, cols - 1);
				assert_true(e.at >= line[row].from &&
				    e.at <= line[row].to);
				continue;
			}
			edit_show(&e, cols, &v);
			assert_true(v.from <= e.at && e.at <= v.to);
			assert_in_range(v.cursor, 0, cols - 1);
			assert_true(width_strn(e.text.buf + v.from,
			    v.to - v.from) <= cols);
		}
		edit_done(&e);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(single_line, reset, reset),
		cmocka_unit_test_setup_teardown(pasting, reset, reset),
		cmocka_unit_test_setup_teardown(scrolling, reset, reset),
		cmocka_unit_test_setup_teardown(paragraphs, reset, reset),
		cmocka_unit_test_setup_teardown(layout, reset, reset),
		cmocka_unit_test_setup_teardown(random_keys, reset, reset)
	};

	return cmocka_run_group_tests_name("edit", tests, NULL, NULL);
}
