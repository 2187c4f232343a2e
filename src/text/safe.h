/* The one place where text from data is made fit for a terminal, a message, a
 * CSV cell or XML, and where text from people is refused.  Invalid UTF-8 never
 * passes any of these.
 *
 * The visible placeholder is U+3013 〓: it exists in GBK and is two columns
 * everywhere. */
#ifndef TONGJI_SAFE_H
#define TONGJI_SAFE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"
#include "str.h"

/* May this code point reach a terminal?  No: C0, DEL, C1; bidi controls
 * (U+061C, 200E–200F, 202A–202E, 2066–2069); invisible ones (U+00AD is fine;
 * 180E, 200B–200D, 2028–2029, 2060–2065, 206A–206F, FEFF, FFF9–FFFB); tags
 * (U+E0000–E007F); private use; surrogates, noncharacters, UTF8_BAD; and code
 * points that are unassigned outside the Han planes. */
bool safe_cp(uint32_t cp);
/* TAB, LF, VT, FF, CR, U+0085, 2028, 2029: drawn as a blank in one line. */
bool safe_blank(uint32_t cp);

/* One of those that are neither seen nor controls: bidi marks, zero-width
 * joiners and spaces, BOM, tags.  Input folding drops them. */
bool safe_invisible(uint32_t cp);

/* For the terminal, one line: what safe_blank() names becomes a blank; whatever
 * safe_cp() refuses or the session cannot show (codec_can_show) becomes 〓; a
 * mark with nothing before it is left out, or it would sit on what the screen
 * has there.  Appends.  Every string from data passes here on its way to the
 * screen and to standard error; width_str(s) of the raw text is the width of
 * the result. */
void safe_line(struct str *out, const char *s);
void safe_linen(struct str *out, const char *s, size_t len);
/* The same, keeping newlines (CR LF becomes LF). */
void safe_text(struct str *out, const char *s);

/* safe_line() for quoting in a message: at most 40 columns, `~` when cut.
 * Returns buf. */
enum { SAFE_BRIEF = 256 };
const char *safe_brief(const char *s, char buf[SAFE_BRIEF]);

/* One CSV cell, appended: an apostrophe in front when a spreadsheet would read
 * a formula (= + - @ TAB CR LF or their full-width twins at the start, blanks
 * and apostrophes skipped), then quotes as RFC 4180 wants (comma, quote, line
 * ends, blanks at an end). */
void safe_csv(struct str *out, const char *s);
/* Undo safe_csv()'s apostrophe: where the text begins, 1 byte on or not.  The
 * two are each other's inverse for every text. */
const char *safe_unguard(const char *s);

/* Append text for XML 1.0 (HTML, XLSX): & < > " ' escaped, characters that XML
 * forbids as 〓. */
void safe_xml(struct str *out, const char *s);

/* May this text be kept as data?  Refuses with a Chinese sentence that names
 * the character and its place: invalid UTF-8, controls (newline allowed when
 * `lines`; TAB never), bidi and invisible characters, noncharacters.  Private
 * use (old rosters' own characters) is accepted and shown as 〓.  The signs that
 * stand for a lost character, U+FFFD and our own 〓, are refused: a list that
 * went through GBK must not bring them back over the real name. */
int safe_input_ok(const char *s, bool lines, struct err *e) MUST_CHECK;

/* A person's name or other short text as it should be kept: invisible
 * characters dropped, blanks (also U+3000, U+00A0, TAB) trimmed and runs of
 * them made one, none between two Han characters (张　三 is 张三); the dots
 * people type between parts of a name (• ‧ ・ ･ ⋅, and . ． between Han) become
 * · U+00B7.  Appends. */
void safe_name(struct str *out, const char *s);
/* Only the trimming and joining of blanks, for other one-line texts. */
void safe_trim(struct str *out, const char *s);

#endif
