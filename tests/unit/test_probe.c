/* Reading cursor position reports out of what a terminal sends, and what an
 * answer of a UTF-8, a GBK and a silent terminal means. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "mem.h"
#include "probe.h"

static void
reports_are_cut_out(void **state)
{
	static const struct {
		const char *in;
		int col;
		const char *left;
	} cases[] = {
		{ "", 0, "" },
		{ "abc", 0, "abc" },
		{ "\033[1;5R", 5, "" },
		{ "x\033[12;80Ry", 80, "xy" },
		{ "\033[A\033[24;7R", 7, "\033[A" },
		{ "\033[1;5", 0, "\033[1;5" },
		{ "\033[;5R", 0, "\033[;5R" },
		{ "\033[5R", 0, "\033[5R" },
		{ "\033[0;5R", 0, "\033[0;5R" },
		{ "\033[1;99999999999R", -1, "" },	/* any number, no overflow */
	};
	char buf[64];
	size_t i, len;
	int col;

	(void)state;
	for (i = 0; i < COUNT_OF(cases); i++) {
		len = strlen(cases[i].in);
		memcpy(buf, cases[i].in, len);
		col = probe_report(buf, &len);
		if (cases[i].col >= 0) {
			assert_int_equal(col, cases[i].col);
			assert_int_equal(len, strlen(cases[i].left));
			assert_memory_equal(buf, cases[i].left, len);
		} else {
			assert_in_range(col, 0, 10000);
		}
	}
}

/* Ask with an answer that lies ready. */
static void
ask(struct probe *p, const char *answer, bool gb18030)
{
	int fd[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fd), 0);
	assert_int_equal(write(fd[1], answer, strlen(answer)),
	    (ssize_t)strlen(answer));
	if (*answer == '\0')
		shutdown(fd[1], SHUT_WR);
	probe_ask(p, fd[0], fd[0], gb18030);
	close(fd[0]);
	close(fd[1]);
}

static void
answers_are_understood(void **state)
{
	struct probe p;

	(void)state;
	ask(&p, "\033[1;5R\033[1;2R", false);
	assert_int_equal(p.encoding, PROBE_UTF8);
	assert_int_equal(p.ambiguous, 1);
	ask(&p, "\033[1;5R\033[1;3R", false);
	assert_int_equal(p.ambiguous, 2);
	ask(&p, "\033[1;7R\033[1;3R", false);
	assert_int_equal(p.encoding, PROBE_OTHER);
	ask(&p, "\033[1;7R\033[1;3R\033[1;3R", true);
	assert_true(p.four_byte);
	ask(&p, "\033[1;7R\033[1;3R\033[1;5R", true);	/* PuTTY: four cells */
	assert_false(p.four_byte);
	ask(&p, "\033[1;1R\033[1;1R", false);		/* no terminal at all */
	assert_int_equal(p.encoding, PROBE_SILENT);
	assert_int_equal(p.ambiguous, 0);
	ask(&p, "", false);
	assert_int_equal(p.encoding, PROBE_SILENT);
}

static void
keys_typed_meanwhile_are_kept(void **state)
{
	struct probe p;

	(void)state;
	ask(&p, "wang\033[1;5R\rx\033[1;2R", false);
	assert_int_equal(p.encoding, PROBE_UTF8);
	assert_int_equal(p.ntyped, 6);
	assert_memory_equal(p.typed, "wang\rx", 6);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reports_are_cut_out),
		cmocka_unit_test(answers_are_understood),
		cmocka_unit_test(keys_typed_meanwhile_are_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
