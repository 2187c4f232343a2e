/* Shared by the tests of the bundle floor: a throw-away folder, files,
 * outside programs, vectors.  Tests run from the top of the tree. */
#ifndef BUNDLE_HELP_H
#define BUNDLE_HELP_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "err.h"
#include "file.h"
#include "flow.h"
#include "mem.h"
#include "str.h"

#define HELPER __attribute__((unused)) static

#define VECTORS "tests/bundle/vectors"

HELPER char help_dir[64];	/* the throw-away folder */

HELPER int
help_setup(void **state)
{
	(void)state;
	snprintf(help_dir, sizeof help_dir, "/tmp/tongji-test-XXXXXX");
	assert_non_null(mkdtemp(help_dir));
	return 0;
}

/* The same in memory if there is a place: for thousands of small files. */
HELPER int
help_setup_memory(void **state)
{
	if (access("/dev/shm", W_OK) < 0)
		return help_setup(state);
	snprintf(help_dir, sizeof help_dir, "/dev/shm/tongji-test-XXXXXX");
	assert_non_null(mkdtemp(help_dir));
	return 0;
}

HELPER int
help_teardown(void **state)
{
	char cmd[128];

	(void)state;
	snprintf(cmd, sizeof cmd, "rm -rf '%s'", help_dir);
	return system(cmd) == 0 ? 0 : -1;
}

/* A path in the throw-away folder; the next four calls keep it. */
HELPER const char *
help_path(const char *name)
{
	static char ring[4][256];
	static unsigned at;
	char *p = ring[at++ % 4];

	snprintf(p, sizeof ring[0], "%s/%s", help_dir, name);
	return p;
}

HELPER void
help_put(const char *path, const void *p, size_t len)
{
	FILE *f = fopen(path, "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(p, 1, len, f), len);
	assert_int_equal(fclose(f), 0);
}

HELPER void
help_get(struct str *out, const char *path)
{
	struct err e = ERR_INIT;

	if (file_read(out, path, 1 << 28, &e) < 0)
		fail_msg("%s", e.msg);
}

/* Run a shell command; its exit status. */
HELPER int __attribute__((format(printf, 1, 2)))
help_run(const char *fmt, ...)
{
	char cmd[2048];
	va_list ap;
	int rc;

	va_start(ap, fmt);
	vsnprintf(cmd, sizeof cmd, fmt, ap);
	va_end(ap);
	rc = system(cmd);
	return WIFEXITED(rc) ? WEXITSTATUS(rc) : -1;
}

/* Bytes that look random and are the same every time. */
struct help_rand {
	uint64_t s;
};

HELPER uint64_t
help_rand(struct help_rand *r)
{
	r->s ^= r->s << 13;
	r->s ^= r->s >> 7;
	r->s ^= r->s << 17;
	return r->s;
}

HELPER void
help_noise(unsigned char *p, size_t len, uint64_t seed)
{
	struct help_rand r = { seed * 2654435761u + 1 };

	while (len-- > 0)
		*p++ = (unsigned char)(help_rand(&r) >> 32);
}

/* A source that gives `step` bytes at a time, to try short reads. */
struct help_drip {
	const unsigned char *p;
	size_t len, step;
};

HELPER ssize_t
help_drip_read(void *ctx, void *p, size_t len, struct err *e)
{
	struct help_drip *d = ctx;

	(void)e;
	if (len > d->step)
		len = d->step;
	if (len > d->len)
		len = d->len;
	memcpy(p, d->p, len);
	d->p += len;
	d->len -= len;
	return (ssize_t)len;
}

#endif
