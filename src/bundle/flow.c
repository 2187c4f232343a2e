/* See flow.h. */
#include "flow.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "file.h"
#include "mem.h"
#include "str.h"

int
flow_write(struct flow_out out, const void *p, size_t len, struct err *e)
{
	if (len == 0)
		return 0;
	return out.write(out.ctx, p, len, e);
}

ssize_t
flow_fill(struct flow_in in, void *p, size_t len, struct err *e)
{
	unsigned char *to = p;
	size_t got = 0;
	ssize_t n;

	while (got < len) {
		n = in.read(in.ctx, to + got, len - got, e);
		if (n < 0)
			return n;
		if (n == 0)
			break;
		got += (size_t)n;
	}
	return (ssize_t)got;
}

int64_t
flow_copy(struct flow_in in, struct flow_out out, struct err *e)
{
	unsigned char *buf = xmalloc(FLOW_CHUNK);
	int64_t sum = 0;
	ssize_t n;
	int rc;

	while ((n = in.read(in.ctx, buf, FLOW_CHUNK, e)) > 0) {
		rc = out.write(out.ctx, buf, (size_t)n, e);
		if (rc < 0) {
			n = rc;
			break;
		}
		sum += n;
	}
	free(buf);
	return n < 0 ? n : sum;
}

static int
fd_of(void *ctx)
{
	return (int)(intptr_t)ctx;
}

static int
fd_write(void *ctx, const void *p, size_t len, struct err *e)
{
	if (file_write_all(fd_of(ctx), p, len) < 0)
		return err_errno(e, "写不进去");
	return 0;
}

static ssize_t
fd_read(void *ctx, void *p, size_t len, struct err *e)
{
	ssize_t n;

	do
		n = read(fd_of(ctx), p, len);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return err_errno(e, "读不出来");
	return n;
}

struct flow_out
flow_to_fd(int fd)
{
	return (struct flow_out){ fd_write, (void *)(intptr_t)fd };
}

struct flow_in
flow_from_fd(int fd)
{
	return (struct flow_in){ fd_read, (void *)(intptr_t)fd };
}

static ssize_t
mem_read(void *ctx, void *p, size_t len, struct err *e)
{
	struct flow_mem *m = ctx;

	(void)e;
	if (len > m->len)
		len = m->len;
	if (len > 0)
		memcpy(p, m->p, len);
	m->p += len;
	m->len -= len;
	return (ssize_t)len;
}

struct flow_in
flow_from_mem(struct flow_mem *m)
{
	return (struct flow_in){ mem_read, m };
}

static int
str_write(void *ctx, const void *p, size_t len, struct err *e)
{
	(void)e;
	str_addn(ctx, p, len);
	return 0;
}

struct flow_out
flow_to_str(struct str *s)
{
	return (struct flow_out){ str_write, s };
}

static int
count_write(void *ctx, const void *p, size_t len, struct err *e)
{
	struct flow_count *c = ctx;

	c->n += len;
	return flow_write(c->next, p, len, e);
}

struct flow_out
flow_through_count(struct flow_count *c)
{
	return (struct flow_out){ count_write, c };
}
