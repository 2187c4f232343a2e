/* Where the county's answer goes: back, or into 发件箱. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "file.h"
#include "mem.h"
#include "outbox.h"

enum { NOBODY = 65534 };

static char *top, *home;

static char *
folder(const char *name, mode_t mode)
{
	char *path = xasprintf("%s/%s", top, name);

	assert_int_equal(mkdir(path, 0777), 0);
	assert_int_equal(chmod(path, mode), 0);
	return path;
}

static int
start(void **state)
{
	(void)state;
	/* not in $TMPDIR, which may be closed to nobody */
	top = xstrdup("/tmp/tongji-outbox-XXXXXX");
	if (mkdtemp(top) == NULL || chmod(top, 0755) < 0)
		return -1;
	home = folder("home", 0777);
	return 0;
}

static int
stop(void **state)
{
	(void)state;
	file_remove_tree(top);
	free(home);
	free(top);
	return 0;
}

static void
goes_to(const char *dir, const char *want)
{
	char *out = outbox_answer(home, dir);

	assert_string_equal(out, want);
	free(out);
}

/* As somebody who may not write everywhere: in a process of its own, which
 * loses root for good. */
static void
goes_without_root(const char *dir, const char *want)
{
	pid_t pid = fork();
	int status = -1;

	if (pid == 0) {
		char *out = geteuid() != 0 || setuid(NOBODY) == 0 ?
		    outbox_answer(home, dir) : NULL;

		_exit(out != NULL && strcmp(out, want) == 0 ? 0 : 1);
	}
	assert_true(pid > 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static void
test_answer(void **state)
{
	char *stick = folder("stick", 0777), *disc = folder("disc", 0555);
	char *in = xasprintf("%s/收件箱", home);
	char *out = xasprintf("%s/发件箱", home);

	(void)state;
	goes_to(stick, stick);
	assert_false(file_exists(out));
	goes_to(in, out);
	assert_true(file_exists(out));
	goes_without_root(disc, out);
	goes_without_root(stick, stick);
	free(out);
	free(in);
	free(disc);
	free(stick);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_answer, start, stop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
