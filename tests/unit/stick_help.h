/* A stick whose system calls fail or lie on demand, and deliveries to it. */
#ifndef STICK_HELP_H
#define STICK_HELP_H

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>

#include "bundle_help.h"
#include "minisign.h"
#include "stick.h"

/* --- a stick that fails --- */

enum mode {
	SOUND,
	ONCE,		/* the n-th call fails */
	PULLED,		/* that one and all after it */
	CUT_WRITE,	/* as PULLED, but a write gets half through */
	LOST_WRITE,	/* the n-th write says yes and does nothing */
	BAD_WRITE,	/* the n-th write stores other bytes */
	SHORT,		/* every write takes half of what it could */
	INTERRUPTED	/* every other call is interrupted first */
};

static struct {
	enum mode mode;
	int n, calls, writes, error;
	bool no_direct;
	char trace[128];	/* one letter a call, repeats once */
} fault;

static void
note(char c)
{
	size_t n = strlen(fault.trace);

	if (n + 1 < sizeof fault.trace && (n == 0 || fault.trace[n - 1] != c))
		fault.trace[n] = c;
}

HELPER void
set_fault(enum mode mode, int n, int error)
{
	memset(&fault, 0, sizeof fault);
	fault.mode = mode;
	fault.n = n;
	fault.error = error;
}

/* Should this call fail?  Sets errno. */
static bool
trips(void)
{
	bool hit = false;

	fault.calls++;
	switch (fault.mode) {
	case ONCE:
		hit = fault.calls == fault.n;
		break;
	case PULLED:
	case CUT_WRITE:
		hit = fault.calls >= fault.n;
		break;
	case INTERRUPTED:
		hit = fault.calls % 2 == 1;
		break;
	default:
		break;
	}
	if (hit)
		errno = fault.error;
	return hit;
}

static int
f_openat(int dir, const char *name, int flags, mode_t mode)
{
	note((flags & O_CREAT) != 0 ? 'C' : 'o');
	if (trips())
		return -1;
	if (fault.no_direct && (flags & O_DIRECT) != 0) {
		errno = EINVAL;
		return -1;
	}
	return openat(dir, name, flags, mode);
}

static ssize_t
f_write(int fd, const void *p, size_t len)
{
	char other[4096];
	bool nth;

	note('w');
	if (trips()) {
		if (fault.mode == CUT_WRITE && fault.calls == fault.n)
			return write(fd, p, (len + 1) / 2);
		return -1;
	}
	nth = ++fault.writes == fault.n;
	if (fault.mode == LOST_WRITE && nth)
		return lseek(fd, (off_t)len, SEEK_CUR) < 0 ? -1 :
		    (ssize_t)len;
	if (fault.mode == BAD_WRITE && nth) {
		memset(other, 0x5A, sizeof other);
		return write(fd, other, len > 4096 ? 4096 : len);
	}
	if (fault.mode == SHORT)
		len = (len + 1) / 2;
	return write(fd, p, len);
}

static struct { off_t upto; int n; } begun;	/* what start was told */

static int
f_start(int fd, off_t at, off_t len)
{
	struct stat st;

	assert_int_equal(fstat(fd, &st), 0);
	assert_int_equal(at, begun.upto);
	assert_int_equal(len % (1 << 20), 0);
	assert_true(at + len <= st.st_size);
	begun.upto = at + len;
	begun.n++;
	errno = EIO;		/* an answer that decides nothing */
	return -1;
}

static ssize_t
f_pread(int fd, void *p, size_t len, off_t at)
{
	note('r');
	return trips() ? -1 : pread(fd, p, len, at);
}

static int
f_fsync(int fd)
{
	struct stat st;

	note(fstat(fd, &st) == 0 && S_ISDIR(st.st_mode) ? 'd' : 'f');
	return trips() ? -1 : fsync(fd);
}

/* A failed close has closed all the same. */
static int
f_close(int fd)
{
	int rc = close(fd);

	note('c');
	/* an interrupted close is not to be called again */
	return fault.mode != INTERRUPTED && trips() ? -1 : rc;
}

static int
f_unlinkat(int dir, const char *name, int flags)
{
	return trips() && fault.mode != INTERRUPTED ? -1 :
	    unlinkat(dir, name, flags);
}

static int
f_fstat(int fd, struct stat *st)
{
	return trips() && fault.mode != INTERRUPTED ? -1 : fstat(fd, st);
}

static unsigned long free_blocks;	/* 0: the real number */

static int
f_fstatvfs(int fd, struct statvfs *st)
{
	int rc = trips() && fault.mode != INTERRUPTED ? -1 :
	    fstatvfs(fd, st);

	if (rc == 0 && free_blocks != 0) {
		st->f_bavail = free_blocks;
		st->f_frsize = 1024;
	}
	return rc;
}

static int
f_fadvise(int fd, off_t at, off_t len, int advice)
{
	note('a');
	return trips() ? EIO : posix_fadvise(fd, at, len, advice);
}

static int
f_syncfs(int fd)
{
	note('s');
	return trips() && fault.mode != INTERRUPTED ? -1 : syncfs(fd);
}

HELPER const struct stick_sys faulty = {
	f_openat, f_write, f_start, f_pread, f_fsync, f_close, f_unlinkat, f_fstat,
	f_fstatvfs, f_fadvise, f_syncfs
};

/* --- deliveries --- */

static struct minisign_secret signer;

struct content {
	const unsigned char *p;
	size_t len;
};

static int
fill(void *ctx, struct flow_out out, struct err *e)
{
	const struct content *c = ctx;
	size_t at, n;
	int rc = 0;

	for (at = 0; at < c->len && rc == 0; at += n) {
		n = c->len - at < 65552 ? c->len - at : 65552;
		rc = flow_write(out, c->p + at, n, e);
	}
	return rc;
}

static int
mark(void *ctx, const unsigned char hash[MINISIGN_HASH], struct str *out,
    struct err *e)
{
	(void)ctx;
	return minisign_sign(out, &signer, hash, "悦庄镇", e);
}

enum { SIZE = 200000 };
static unsigned char first[SIZE], second[SIZE];

#define NAME1 "tj1-370323104-0badcafe-1-41.age"
#define NAME2 "tj1-370323104-0badcafe-1-42.age"

static int
deliver(const char *dir, const char *name, const unsigned char *p,
    const struct stick_sys *sys, struct err *e)
{
	struct content c = { p, SIZE };
	struct stick_delivery d = { name, SIZE, fill, mark, &c };
	struct stick s;
	int rc;

	e->code = 0;
	rc = stick_open(&s, dir, sys, e);
	if (rc < 0)
		return rc;
	rc = stick_deliver(&s, &d, e);
	stick_close(&s);
	return rc;
}

/* Does the folder hold this delivery whole?  As a reader judges: an .age
 * without a valid marker does not exist. */
enum there { ABSENT, WHOLE, WRONG };

static enum there
look(const char *dir, const char *name, const unsigned char *want)
{
	struct minisign_sig sig;
	struct str body = STR_INIT, text = STR_INIT;
	struct flow_mem m;
	struct err e = ERR_INIT;
	char path[512];
	enum there t = ABSENT;

	snprintf(path, sizeof path, "%s/%s.minisig", dir, name);
	if (file_exists(path)) {
		help_get(&text, path);
		snprintf(path, sizeof path, "%s/%s", dir, name);
		if (file_read(&body, path, 1 << 24, &e) == 0 &&
		    minisign_sig_parse(&sig, text.buf, text.len, &e) == 0) {
			m.p = (const unsigned char *)body.buf;
			m.len = body.len;
			if (minisign_verify(&sig, &signer.public,
			    flow_from_mem(&m), &e) == 0)
				t = body.len == SIZE && memcmp(body.buf, want,
				    SIZE) == 0 ? WHOLE : WRONG;
		}
	}
	str_done(&body);
	str_done(&text);
	return t;
}

HELPER int
count_files(const char *dir)
{
	DIR *d = opendir(dir);
	struct dirent *de;
	int n = 0;

	assert_non_null(d);
	while ((de = readdir(d)) != NULL)
		n += de->d_name[0] != '.';
	closedir(d);
	return n;
}

/* An empty folder with the first delivery in it. */
static const char *
fresh(void)
{
	struct err e = ERR_INIT;
	const char *dir = help_path("stick");

	assert_int_equal(help_run("rm -rf %s && mkdir %s", dir, dir), 0);
	assert_int_equal(deliver(dir, NAME1, first, NULL, &e), 0);
	return dir;
}

#endif
