/* Columns on the terminal.  Three things decide (PITFALLS 4): Unicode's East
 * Asian Width, how wide this terminal draws "ambiguous" characters, and, in a
 * GBK or GB18030 session, that every two-byte character takes two cells.  So
 * widths belong to the session: compute a layout when drawing, never store it.
 *
 * wcwidth.c defines wcwidth() on top of this, which ncurses calls through the
 * dynamic linker; libc's own table is not used anywhere. */
#ifndef TONGJI_WIDTH_H
#define TONGJI_WIDTH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Columns of one code point: 0 (marks that sit on the character before), 1 or
 * 2; -1 when it must not or cannot be drawn in this session: controls, bidi
 * and other characters of safe_cp(), UTF8_BAD, and what a GBK session cannot
 * encode.  safe_line() draws 〓 (2 columns) for exactly those. */
int width_cp(uint32_t cp);

/* Columns of one code point as safe_line() draws it: -1 becomes 2 (for 〓), or
 * 1 for what is drawn as a blank. */
int width_drawn(uint32_t cp);

/* Columns of a string as safe_line() would draw it: -1 counts 2, and TAB, CR
 * and LF, drawn as a blank, count 1.  Stops at a NUL; bad bytes count 2. */
int width_str(const char *s);
int width_strn(const char *s, size_t len);	/* len in bytes */

/* Columns of East Asian Ambiguous characters: 1 (default) or 2, from the probe
 * at start or the configuration. */
void width_set_ambiguous(int cols);
int width_ambiguous_cols(void);

/* Two-byte characters of GBK take two columns.  codec_set_session() calls this
 * for GBK and GB18030. */
void width_set_dbcs(bool on);
bool width_dbcs(void);

#endif
