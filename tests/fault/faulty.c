/* Preloaded into the program under test: the n-th call that changes a disk
 * fails, fails with all after it, is the last thing the program does, or
 * waits for a command that changes the disk under it.
 *
 *	FAULT=fail:7 | pull:7 | kill:7 | turn:7 | count
 *	FAULT_RUN=command for turn	FAULT_LOG=file for the count
 *	FAULT_IN=folder: only calls on what lies in it
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static long calls;

/* Run the command; no more faults, neither here nor in it. */
static int
turn(const char *command)
{
	unsetenv("FAULT");
	unsetenv("LD_PRELOAD");
	if (command == NULL || system(command) != 0)
		abort();
	return 0;
}

/* Does it count?  A call by name or, where that is NULL, by descriptor. */
static int
meant(const char *name, int fd)
{
	const char *in = getenv("FAULT_IN");
	char link[40], path[4096];
	ssize_t n;

	if (in == NULL)
		return 1;
	if (name == NULL) {
		snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
		n = readlink(link, path, sizeof path - 1);
		path[n < 0 ? 0 : n] = '\0';
		name = path;
	}
	return strncmp(name, in, strlen(in)) == 0;
}

/* 0: go on. */
static int
strike(const char *name, int fd)
{
	const char *f = getenv("FAULT");
	long n;

	if (f == NULL || !meant(name, fd))
		return 0;
	calls++;
	if (strcmp(f, "count") == 0 || strlen(f) < 6)
		return 0;
	n = atol(f + 5);
	if (calls < n || (calls > n && f[0] != 'p'))
		return 0;
	if (f[0] == 'k')
		raise(SIGKILL);
	if (f[0] == 't')
		return turn(getenv("FAULT_RUN"));
	errno = EIO;
	return -1;
}

static void __attribute__((destructor))
report(void)
{
	const char *f = getenv("FAULT"), *log = getenv("FAULT_LOG");
	FILE *out;

	if (f == NULL || strcmp(f, "count") != 0 || log == NULL)
		return;
	unsetenv("FAULT");
	out = fopen(log, "w");
	if (out != NULL) {
		fprintf(out, "%ld\n", calls);
		fclose(out);
	}
}

#define STRUCK(name, params, args, path, fd)				\
int									\
name params								\
{									\
	int (*real) params = (int (*) params)dlsym(RTLD_NEXT, #name);	\
									\
	return strike(path, fd) < 0 ? -1 : real args;				\
}

#define STRUCK_SIZE(name, params, args, path, fd)			\
ssize_t									\
name params								\
{									\
	ssize_t (*real) params =					\
	    (ssize_t (*) params)dlsym(RTLD_NEXT, #name);		\
									\
	return strike(path, fd) < 0 ? -1 : real args;				\
}

STRUCK_SIZE(pwrite, (int fd, const void *p, size_t n, off_t at),
    (fd, p, n, at), NULL, fd)
STRUCK_SIZE(pwrite64, (int fd, const void *p, size_t n, off64_t at),
    (fd, p, n, at), NULL, fd)
STRUCK(fsync, (int fd), (fd), NULL, fd)
STRUCK(fdatasync, (int fd), (fd), NULL, fd)
STRUCK(syncfs, (int fd), (fd), NULL, fd)
STRUCK(ftruncate, (int fd, off_t n), (fd, n), NULL, fd)
STRUCK(ftruncate64, (int fd, off64_t n), (fd, n), NULL, fd)
STRUCK(rename, (const char *a, const char *b), (a, b), a, -1)
STRUCK(link, (const char *a, const char *b), (a, b), a, -1)
STRUCK(unlink, (const char *a), (a), a, -1)
STRUCK(unlinkat, (int d, const char *a, int f), (d, a, f), NULL, d)

/* Not what is said to a person. */
ssize_t
write(int fd, const void *p, size_t n)
{
	ssize_t (*real)(int, const void *, size_t) =
	    (ssize_t (*)(int, const void *, size_t))dlsym(RTLD_NEXT, "write");

	return fd > 2 && strike(NULL, fd) < 0 ? -1 : real(fd, p, n);
}
