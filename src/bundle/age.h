/* The age encryption format, version 1 (age-encryption.org/v1, C2SP): X25519
 * and passphrase (scrypt) recipients, both ways, in constant memory.
 *
 * Nothing is handed out before its chunk has been authenticated.  A file that
 * was cut, lengthened, spliced or written sloppily is refused.  Limits: a
 * header of at most 64 KiB; a scrypt work factor of at most AGE_WORK_MAX.
 * ASCII armour is read, never written.
 *
 * Error codes of the reader, which say what kind of fault it was:
 *	E_FORMAT	the header (or the armour) is not age v1
 *	E_DENIED	none of the identities fits (or a passphrase is needed)
 *	E_CRYPTO	the header's authentication code is wrong
 *	E_CORRUPT	the payload is damaged, cut or lengthened
 *	and whatever the source below returned. */
#ifndef TONGJI_AGE_H
#define TONGJI_AGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agekey.h"
#include "err.h"
#include "flow.h"

enum {
	AGE_WORK = 16,		/* our scrypt: 2^16, 64 MiB, about 0.3 s */
	AGE_WORK_MAX = 20	/* the most we accept: 1 GiB */
};

/* --- writing --- */

struct age_writer;

/* Write the header for `n` ≥ 1 recipients to `out`; what follows is encrypted
 * to each of them.  NULL on failure. */
struct age_writer *age_writer_new(struct flow_out out,
    const struct age_recipient *r, size_t n, struct err *e) MUST_CHECK;
/* The same under a passphrase, scrypt with 2^work (AGE_WORK). */
struct age_writer *age_writer_new_passphrase(struct flow_out out,
    const char *passphrase, int work, struct err *e) MUST_CHECK;
int age_writer_write(struct age_writer *w, const void *p, size_t len,
    struct err *e) MUST_CHECK;
/* Write the last chunk.  Without it the file is refused by every reader. */
int age_writer_finish(struct age_writer *w, struct err *e) MUST_CHECK;
void age_writer_free(struct age_writer *w);		/* NULL is fine */
struct flow_out age_writer_flow(struct age_writer *w);
/* Bytes that a payload of `plain` bytes takes after the header. */
uint64_t age_payload_size(uint64_t plain);
/* Bytes of the header for `n` X25519 recipients. */
uint64_t age_header_size(size_t n);

/* --- reading --- */

struct age_reader;

/* Read and authenticate the header and find a key that fits; NULL on
 * failure.  `keys` is borrowed only during the call. */
struct age_reader *age_reader_new(struct flow_in in,
    const struct age_keys *keys, struct err *e) MUST_CHECK;
/* As a flow_read_fn: only authenticated bytes; 0 only when the last chunk has
 * been authenticated and the source has ended with it. */
ssize_t age_reader_read(struct age_reader *r, void *p, size_t len,
    struct err *e) MUST_CHECK;
void age_reader_free(struct age_reader *r);		/* NULL is fine */
struct flow_in age_reader_flow(struct age_reader *r);

/* True if `p` starts like an age file, binary or armoured. */
bool age_looks_like(const void *p, size_t len);

#endif
