/* Putting a delivery on a medium by itself: write, flush, read back past the
 * cache, then the marker the same way.  Prints the seconds it took.
 *
 *	deliver FILE FOLDER */
#include <stdio.h>
#include <time.h>

#include "file.h"
#include "log.h"
#include "stick.h"

static int
fill(void *ctx, struct flow_out out, struct err *e)
{
	const struct str *s = ctx;
	size_t at, n;
	int rc = 0;

	for (at = 0; rc == 0 && at < s->len; at += n) {
		n = s->len - at < FLOW_CHUNK ? s->len - at : FLOW_CHUNK;
		rc = flow_write(out, s->buf + at, n, e);
	}
	return rc;
}

static int
mark(void *ctx, const unsigned char hash[MINISIGN_HASH], struct str *out,
    struct err *e)
{
	(void)ctx;
	(void)e;
	str_addn(out, (const char *)hash, MINISIGN_HASH);
	return 0;
}

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int
main(int argc, char **argv)
{
	struct str text = STR_INIT;
	struct stick s;
	struct err e = ERR_INIT;
	struct stick_delivery d = { .name = "tj1-bench.age", .fill = fill,
	    .mark = mark, .ctx = &text };
	double begun;

	if (argc != 3 || file_read(&text, argv[1], (size_t)1 << 30, &e) < 0 ||
	    stick_open(&s, argv[2], NULL, &e) < 0)
		die("deliver FILE FOLDER: %s", e.msg);
	d.size = text.len;
	begun = now();
	if (stick_deliver(&s, &d, &e) < 0)
		die("%s", e.msg);
	printf("%f\n", now() - begun);
	stick_close(&s);
	str_done(&text);
	return 0;
}
