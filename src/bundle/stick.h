/* Writing to a USB stick that may be vfat, fake, full, or pulled at any
 * moment.
 *
 * The order of writes is the one that lost nothing when every prefix of it
 * was replayed on vfat, where a rename is no commit: final name, fsync,
 * checked close, read back past the cache, fsync of the folder, then the
 * marker (the .minisig) the same way, syncfs.  While a long file is made, the
 * medium already writes what is whole of it.  A file without its marker does
 * not count.  Nothing that exists is ever overwritten, and no symbolic link
 * is followed.
 *
 * Every system call goes through struct stick_sys, so that tests can make the
 * n-th of them fail. */
#ifndef TONGJI_STICK_H
#define TONGJI_STICK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/types.h>

#include "err.h"
#include "flow.h"
#include "minisign.h"
#include "stickfind.h"
#include "str.h"

struct stick_sys {
	int (*openat)(int dir, const char *name, int flags, mode_t mode);
	ssize_t (*write)(int fd, const void *p, size_t len);
	/* begin to write out what was written; its answer decides nothing */
	int (*start)(int fd, off_t at, off_t len);
	ssize_t (*pread)(int fd, void *p, size_t len, off_t at);
	int (*fsync)(int fd);
	int (*close)(int fd);
	int (*unlinkat)(int dir, const char *name, int flags);
	int (*fstat)(int fd, struct stat *st);
	int (*fstatvfs)(int fd, struct statvfs *st);
	int (*fadvise)(int fd, off_t at, off_t len, int advice);
	int (*syncfs)(int fd);
};

extern const struct stick_sys stick_sys_real;

/* Called now and then with the work done and its whole (bytes, reading back
 * included).  A negative answer cancels: what was begun is removed. */
typedef int stick_progress_fn(void *ctx, uint64_t done, uint64_t whole);

struct stick {
	int dir;		/* the open folder */
	char *path;		/* its name, for messages; owned */
	const struct stick_sys *sys;
	stick_progress_fn *progress;	/* may be NULL */
	void *ctx;
};

/* Open the target folder (a stick or any folder): it must exist, be a folder
 * reached without a final symbolic link, and be writable.  `sys` NULL means
 * the real calls. */
int stick_open(struct stick *s, const char *path,
    const struct stick_sys *sys, struct err *e) MUST_CHECK;
void stick_close(struct stick *s);

/* Write the whole content of a delivery to `out`. */
typedef int stick_fill_fn(void *ctx, struct flow_out out, struct err *e);
/* One that writes a struct str, its context. */
stick_fill_fn stick_fill_text;
/* The marker's text for a file whose BLAKE2b-512 is `hash`. */
typedef int stick_mark_fn(void *ctx, const unsigned char hash[MINISIGN_HASH],
    struct str *out, struct err *e);

struct stick_delivery {
	const char *name;	/* "tj1-….age": [a-z0-9.-], no path */
	uint64_t size;		/* expected bytes, for the space check */
	stick_fill_fn *fill;
	stick_mark_fn *mark;	/* NULL: a file by itself */
	void *ctx;
};

/* Deliver a file and its marker (name + ".minisig").  Success means: both are
 * on the medium and have been read back equal.  On failure the halves are
 * removed as far as the medium still answers; earlier files are untouched.
 * A leftover file of the same name from a crash, without a marker or with half
 * a marker, is replaced; with a whole marker it is E_EXISTS.  A file by itself
 * may have any name in the folder, and one that is there is E_EXISTS.  E_FULL
 * before anything is written if there is less room than the size and 1 MiB. */
int stick_deliver(struct stick *s, const struct stick_delivery *d,
    struct err *e) MUST_CHECK;

/* Read earlier deliveries again past the cache (a fake stick damages older
 * files): every "….age" that starts with `prefix` and has a marker, unless
 * the marker is another key's than the `nk` at `k`.  The names that fail, one
 * a line, are appended to `bad`; `n` counts those looked at.  0 also when some
 * are bad. */
struct signer;
int stick_recheck(struct stick *s, const char *prefix,
    const struct signer *k, size_t nk, size_t *n, struct str *bad,
    struct err *e) MUST_CHECK;

#endif
