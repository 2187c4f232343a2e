/* See stickoff.h.  No shell: udisksctl is run itself. */
#include "stickoff.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mem.h"
#include "stickfind.h"

enum { NO_PROGRAM = 127 };

/* Is `path` the folder `top` or below it? */
static bool
below(const char *path, const char *top)
{
	size_t n = strlen(top);

	return strncmp(path, top, n) == 0 && (path[n] == '/' ||
	    path[n] == '\0');
}

/* The place that holds `path`: the deepest of them; its index or -1. */
static long
holder(const struct stick_list *l, const char *path)
{
	long best = -1;
	size_t i;

	for (i = 0; i < l->n; i++)
		if (below(path, l->v[i].path) && (best < 0 ||
		    strlen(l->v[i].path) > strlen(l->v[best].path)))
			best = (long)i;
	return best;
}

static char *
copy_of(const char *text)
{
	return text != NULL ? xstrdup(text) : NULL;
}

/* Device and mount point of the stick that holds `path`; heap or NULL. */
static void
look(const char *path, const char *mountinfo, const char *sys, char **device,
    char **place)
{
	struct stick_list l = { 0 };
	char *real = realpath(path, NULL);
	long i = -1;

	if (real != NULL && stick_find(&l, mountinfo, sys, NULL) == 0)
		i = holder(&l, real);
	*device = copy_of(i >= 0 ? l.v[i].device : NULL);
	*place = copy_of(i >= 0 ? l.v[i].path : NULL);
	stick_list_done(&l);
	free(real);
}

/* Exit status of `udisksctl VERB -b DEVICE`; NO_PROGRAM when there is none. */
static int
udisks(const char *verb, const char *device)
{
	pid_t pid = fork();
	int status = 0, null;

	if (pid == 0) {
		null = open("/dev/null", O_RDWR);
		dup2(null, 0);
		dup2(null, 1);
		dup2(null, 2);
		execlp("udisksctl", "udisksctl", verb,
		    "--no-user-interaction", "-b", device, (char *)NULL);
		_exit(NO_PROGRAM);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0 || !WIFEXITED(status))
		return 1;
	return WEXITSTATUS(status);
}

char *
stickoff_device(const char *path, const char *mountinfo, const char *sys)
{
	char *device, *place;

	look(path, mountinfo, sys, &device, &place);
	free(place);
	return device;
}

static enum stickoff
take_off(const char *device, const char *place, const char *mountinfo,
    struct str *words)
{
	int rc;

	sync();
	rc = udisks("unmount", device);
	if (!stick_mounted(device, mountinfo)) {
		/* cut its power where that works; it is safe without */
		(void)udisks("power-off", device);
		str_add(words, "U盘已卸下，可以安全拔出。");
		return STICKOFF_SAFE;
	}
	if (rc == NO_PROGRAM) {
		str_addf(words, "先别拔U盘：请先卸载。在文件管理器里点它旁边的"
		    "“弹出”，或请管理员运行 umount %s", place);
		return STICKOFF_BY_HAND;
	}
	str_addf(words, "先别拔U盘：没有卸下来，可能别的程序还开着上面的文件。"
	    "请关掉它们再试，或在文件管理器里点“弹出”（%s）", place);
	return STICKOFF_BUSY;
}

enum stickoff
stickoff_run(const char *path, const char *mountinfo, const char *sys,
    struct str *words)
{
	enum stickoff out = STICKOFF_NONE;
	char *device, *place;

	look(path, mountinfo, sys, &device, &place);
	if (device != NULL)
		out = take_off(device, place, mountinfo, words);
	free(device);
	free(place);
	return out;
}
