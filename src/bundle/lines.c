/* See lines.h. */
#include "lines.h"

#include <string.h>

void
lines_init(struct lines *l, struct flow_in in, size_t max)
{
	memset(l, 0, sizeof *l);
	l->in = in;
	l->max = max;
	str_init(&l->buf);
}

void
lines_done(struct lines *l)
{
	str_done(&l->buf);
}

/* Drop what was given and read on. */
static int
more(struct lines *l, struct err *e)
{
	ssize_t n;

	if (l->at > 0) {
		memmove(l->buf.buf, l->buf.buf + l->at, l->buf.len - l->at);
		l->buf.len -= l->at;
		l->at = 0;
	}
	str_room(&l->buf, FLOW_CHUNK);
	n = l->in.read(l->in.ctx, l->buf.buf + l->buf.len, FLOW_CHUNK, e);
	if (n < 0)
		return (int)n;
	l->end = n == 0;
	l->buf.len += (size_t)n;
	l->buf.buf[l->buf.len] = '\0';
	return 0;
}

int
lines_next(struct lines *l, const char **text, size_t *len, struct err *e)
{
	size_t seen = 0;
	char *nl;
	int rc;

	for (;;) {
		nl = l->buf.len > l->at + seen ? memchr(l->buf.buf + l->at +
		    seen, '\n', l->buf.len - l->at - seen) : NULL;
		if (nl != NULL || l->end)
			break;
		seen = l->buf.len - l->at;
		if (seen > l->max)
			return err_set(e, E_RANGE, "有一行太长");
		rc = more(l, e);
		if (rc < 0)
			return rc;
	}
	if (nl == NULL)
		return l->buf.len > l->at ? err_set(e, E_FORMAT,
		    "最后一行不完整") : 0;
	*nl = '\0';
	*text = l->buf.buf + l->at;
	*len = (size_t)(nl - *text);
	l->at += *len + 1;
	return 1;
}
