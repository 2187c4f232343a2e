/* Preloaded into the program under test: the n-th call that changes a disk
 * fails, fails with all after it, or is the last thing the program does.
 *
 *	FAULT=fail:7 | pull:7 | kill:7 | count	FAULT_LOG=file for the count
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

/* 0: go on. */
static int
strike(void)
{
	const char *f = getenv("FAULT");
	long n;

	if (f == NULL)
		return 0;
	calls++;
	if (strcmp(f, "count") == 0 || strlen(f) < 6)
		return 0;
	n = atol(f + 5);
	if (calls < n || (calls > n && f[0] != 'p'))
		return 0;
	if (f[0] == 'k')
		raise(SIGKILL);
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

#define STRUCK(name, params, args)					\
int									\
name params								\
{									\
	int (*real) params = (int (*) params)dlsym(RTLD_NEXT, #name);	\
									\
	return strike() < 0 ? -1 : real args;				\
}

#define STRUCK_SIZE(name, params, args)					\
ssize_t									\
name params								\
{									\
	ssize_t (*real) params =					\
	    (ssize_t (*) params)dlsym(RTLD_NEXT, #name);		\
									\
	return strike() < 0 ? -1 : real args;				\
}

STRUCK_SIZE(pwrite, (int fd, const void *p, size_t n, off_t at),
    (fd, p, n, at))
STRUCK_SIZE(pwrite64, (int fd, const void *p, size_t n, off64_t at),
    (fd, p, n, at))
STRUCK(fsync, (int fd), (fd))
STRUCK(fdatasync, (int fd), (fd))
STRUCK(syncfs, (int fd), (fd))
STRUCK(ftruncate, (int fd, off_t n), (fd, n))
STRUCK(ftruncate64, (int fd, off64_t n), (fd, n))
STRUCK(rename, (const char *a, const char *b), (a, b))
STRUCK(link, (const char *a, const char *b), (a, b))
STRUCK(unlink, (const char *a), (a))
STRUCK(unlinkat, (int d, const char *a, int f), (d, a, f))

/* Not what is said to a person. */
ssize_t
write(int fd, const void *p, size_t n)
{
	ssize_t (*real)(int, const void *, size_t) =
	    (ssize_t (*)(int, const void *, size_t))dlsym(RTLD_NEXT, "write");

	return fd > 2 && strike() < 0 ? -1 : real(fd, p, n);
}
