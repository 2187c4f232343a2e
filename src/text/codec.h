/* Encodings at the borders: bytes from the keyboard, bytes to the terminal,
 * whole files in and out.  Inside everything is UTF-8.
 *
 * Tables come from iconv(3) ("GBK", "GB18030") and are built at the first use
 * of a GB encoding; a UTF-8 session never builds them. */
#ifndef TONGJI_CODEC_H
#define TONGJI_CODEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"
#include "str.h"

enum codec {
	CODEC_UTF8,
	CODEC_GBK,			/* two-byte characters only */
	CODEC_GB18030,
	CODEC_UTF16LE,			/* files only, with a BOM */
	CODEC_UTF16BE,
	CODEC_AUTO			/* files only: detect */
};

/* The name for people ("UTF-8", "GBK", …). */
const char *codec_name(enum codec c);
/* Recognise a charset name in any case and spelling: what nl_langinfo(CODESET)
 * or a --encoding option says (utf-8, UTF8, gbk, GB2312, CP936, gb18030, auto).
 * US-ASCII and other charsets are E_RANGE. */
int codec_parse(const char *name, enum codec *out, struct err *e) MUST_CHECK;

/* --- the session ------------------------------------------------------ */

/* Say what the terminal speaks: UTF8, GBK or GB18030, once at start; also
 * switches width_set_dbcs().  With GB18030, `four_byte` says whether its
 * four-byte characters are sent (PuTTY cannot draw them: PITFALLS 5); if not,
 * they are shown as 〓 like in GBK. */
void codec_set_session(enum codec c, bool four_byte);
enum codec codec_session(void);
/* Can the session's encoding carry this code point?  (Whether the terminal's
 * font has it nobody can know.)  Controls and unsafe characters are
 * safe_cp()'s business, not asked here. */
bool codec_can_show(uint32_t cp);

/* Encode one code point; returns 1, 2 or 4 bytes (UTF-8: 1..4), 0 when the
 * encoding has none (then show 〓).  CODEC_UTF8, _GBK and _GB18030 only. */
int codec_encode(enum codec c, uint32_t cp, char out[4]);

/* --- the keyboard ----------------------------------------------------- */

/* A decoder that resynchronises: an invalid byte is dropped and counted, and
 * never takes a good byte with it (PITFALLS 2).  No heap. */
struct codec_in {
	enum codec kind;		/* UTF8, GBK or GB18030 */
	unsigned char buf[4];
	int n;				/* bytes waiting in buf */
};

void codec_in_init(struct codec_in *in, enum codec kind);
/* Take one byte (0..255).  Returns the number of code points that are now
 * complete (0..4, in out[]); *bad becomes the number of bytes dropped (beep
 * once if not 0).  ASCII controls come out as themselves. */
int codec_push(struct codec_in *in, unsigned char byte, uint32_t out[4],
    int *bad);
/* True while a lead byte waits for its tail: read on with a short time-out. */
bool codec_pending(const struct codec_in *in);
/* The time-out passed, or a function key came: drop the incomplete character.
 * Good bytes behind a lead byte come out as in codec_push(). */
int codec_flush(struct codec_in *in, uint32_t out[4], int *bad);

/* --- whole files ------------------------------------------------------ */

/* Convert `len` bytes of a text file to UTF-8 without BOM, appended to `out`.
 * `want` CODEC_AUTO detects: a BOM (UTF-8, UTF-16LE/BE as Excel's "Unicode
 * text"), else valid UTF-8, else GB18030 (which contains GBK).  A file that is
 * mostly UTF-8 with a damaged byte is reported as such, not read as GB18030.
 * *found (may be NULL) becomes the encoding used.  Strict: E_FORMAT with the
 * offset and the line of the first bad byte or NUL, and what to do; workbooks
 * (.xlsx, .xls) are recognised and named.  On failure nothing is appended. */
int codec_read(struct str *out, const void *p, size_t len, enum codec want,
    enum codec *found, struct err *e) MUST_CHECK;

enum { CODEC_LOSS_MAX = 16 };
struct codec_loss {
	size_t count;			/* characters replaced in all */
	int n;				/* different ones kept in cp[] */
	uint32_t cp[CODEC_LOSS_MAX];
};
#define CODEC_LOSS_INIT { 0, 0, { 0 } }

/* Append UTF-8 text converted to `c` (UTF8, GBK, GB18030).  What `c` cannot
 * carry becomes 〓 and is added up in *loss, which the caller zeroes once and
 * may pass to many calls.  Invalid UTF-8 counts as a loss of UTF8_BAD. */
void codec_write(struct str *out, const char *s, size_t len, enum codec c,
    struct codec_loss *loss);
/* The sentence for people about a loss: how many, which characters (U+…).
 * Appends nothing when count is 0. */
void codec_loss_text(struct str *out, const struct codec_loss *loss,
    enum codec c);

#endif
