/* See stickread.h. */
#include "stickread.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

#include "log.h"

enum {
	BLOCK = 1 << 20,		/* bytes read at a time */
	ALIGN = 4096			/* O_DIRECT's on every device met */
};

/* Reading leaves no access time to be written, unless the file is another's,
 * where that cannot be asked for. */
int
stick_open_name(struct stick *s, const char *name, int flags)
{
	int quiet = (flags & O_CREAT) == 0 ? O_NOATIME : 0, fd;

	for (;;) {
		fd = s->sys->openat(s->dir, name, flags | quiet | O_NOFOLLOW |
		    O_CLOEXEC, 0644);
		if (fd < 0 && errno == EPERM && quiet != 0)
			quiet = 0;
		else if (fd >= 0 || errno != EINTR)
			return fd;
	}
}

/* Open for reading from the medium itself: O_DIRECT, or the cache emptied
 * first where the file system has no such thing.  `*direct` says which. */
static int
open_uncached(struct stick *s, const char *name, bool *direct, struct err *e)
{
	int fd = -1;

	if (*direct)
		fd = stick_open_name(s, name, O_RDONLY | O_NONBLOCK | O_DIRECT);
	if (fd < 0 && (!*direct || errno == EINVAL)) {
		*direct = false;
		fd = stick_open_name(s, name, O_RDONLY | O_NONBLOCK);
		/* the answer is an error number, and none of them matters:
		 * then the cache is read, and says no worse than it knows */
		if (fd >= 0)
			s->sys->fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
	}
	return fd < 0 ? err_errno(e, "打不开 %s/%s", s->path, name) : fd;
}

/* Hand over the file's bytes from the medium, block by block. */
static int
read_blocks(struct stick *s, const char *name, int fd, bool *direct,
    flow_write_fn *fn, void *ctx, struct err *e)
{
	void *buf = NULL;
	off_t at = 0;
	ssize_t n;
	int rc = 0;

	if (posix_memalign(&buf, ALIGN, BLOCK) != 0)
		die("内存不足");
	do {
		do
			n = s->sys->pread(fd, buf, BLOCK, at);
		while (n < 0 && errno == EINTR);
		if (n < 0 && at == 0 && *direct && errno == EINVAL) {
			*direct = false;	/* the caller tries again */
			rc = 1;
		} else if (n < 0) {
			rc = err_errno(e, "从U盘读不回 %s/%s", s->path, name);
		} else if (n > 0) {
			rc = fn(ctx, buf, (size_t)n, e);
			at += n;
		}
		/* with O_DIRECT a short read is the end: the next offset
		 * would not be aligned */
	} while (rc == 0 && n > 0 && (!*direct || n == BLOCK));
	free(buf);
	return rc;
}

int
stick_read(struct stick *s, const char *name, flow_write_fn *fn, void *ctx,
    struct err *e)
{
	bool direct = true;
	struct stat st;
	int fd, rc;

	do {
		fd = open_uncached(s, name, &direct, e);
		if (fd < 0)
			return fd;
		if (s->sys->fstat(fd, &st) < 0)
			rc = err_errno(e, "看不了 %s/%s", s->path, name);
		else if (!S_ISREG(st.st_mode))
			rc = err_set(e, E_FORMAT, "%s/%s 不是普通文件",
			    s->path, name);
		else
			rc = read_blocks(s, name, fd, &direct, fn, ctx, e);
		s->sys->close(fd);
	} while (rc == 1);
	return rc;
}
