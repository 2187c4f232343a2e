/* Streams of bytes between the rooms of the bundle: a source is pulled, a
 * sink is pushed.  Both are two words, passed by value; whoever made the
 * context owns it.  One stage of a pipe looks like
 *
 *	tar_writer -> age_writer -> minisign_hash -> file on the stick
 */
#ifndef TONGJI_FLOW_H
#define TONGJI_FLOW_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "err.h"

/* Take all of `len` bytes.  0, or a negative code with `e` filled. */
typedef int flow_write_fn(void *ctx, const void *p, size_t len,
    struct err *e);
/* Give between 1 and `len` bytes, 0 at the end, or a negative code with `e`
 * filled.  A short answer is no end.  After 0 or an error it gives the same
 * again. */
typedef ssize_t flow_read_fn(void *ctx, void *p, size_t len, struct err *e);

struct flow_out {
	flow_write_fn *write;
	void *ctx;
};

struct flow_in {
	flow_read_fn *read;
	void *ctx;
};

enum { FLOW_CHUNK = 65536 };	/* bytes a stage works on at a time */

int flow_write(struct flow_out out, const void *p, size_t len, struct err *e)
	MUST_CHECK;
/* Pull until `len` bytes are there or the source ends; the number got. */
ssize_t flow_fill(struct flow_in in, void *p, size_t len, struct err *e)
	MUST_CHECK;
/* Move everything; the number of bytes, or a negative code. */
int64_t flow_copy(struct flow_in in, struct flow_out out, struct err *e)
	MUST_CHECK;

/* Over an open file descriptor, which stays the caller's.  The descriptor's
 * number is kept in the pointer itself: nothing to free. */
struct flow_out flow_to_fd(int fd);
struct flow_in flow_from_fd(int fd);

/* Over memory; `m` must live as long as the source. */
struct flow_mem {
	const unsigned char *p;
	size_t len;
};
struct flow_in flow_from_mem(struct flow_mem *m);
/* Append to a struct str (str.h), which must live as long as the sink. */
struct str;
struct flow_out flow_to_str(struct str *s);

/* Count bytes on their way to another sink. */
struct flow_count {
	struct flow_out next;
	uint64_t n;
};
struct flow_out flow_through_count(struct flow_count *c);

#endif
