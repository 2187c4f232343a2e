/* Numbers, money, phones and yes/no words as people and spreadsheets write
 * them.  (Dates and times: when.h.)  All functions take UTF-8 text as typed,
 * fold it, and refuse what is not clearly a number with a Chinese sentence;
 * nothing is guessed.  Empty text is refused too: the caller knows what empty
 * means. */
#ifndef TONGJI_NUMBER_H
#define TONGJI_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"
#include "str.h"

/* Append `s` with full-width letters, digits and punctuation (U+FF01–FF5E) as
 * ASCII, dashes and the minus sign as `-`, ideographic and no-break spaces as
 * blanks; `。` and the rest stay; invisible
 * characters (zero-width, bidi marks, BOM) are dropped; blanks at both ends
 * and one leading apostrophe (Excel's mark for text) are cut. */
void number_fold(struct str *out, const char *s);
/* The same into a buffer; -1 (and "") when it does not fit. */
int number_fold_buf(const char *s, char *out, size_t size);

/* `12`, `-3`, `１２`, `1,234`, `12.0`. */
int number_integer(const char *s, int64_t *out, struct err *e) MUST_CHECK;
/* At most 15 significant digits; no exponents. */
int number_decimal(const char *s, double *out, struct err *e) MUST_CHECK;
/* Yuan as typed (`1234`, `1,234.50`, `￥1234.5`, `1234.5元`) to 分; at most two
 * decimals. */
int number_money(const char *s, int64_t *fen, struct err *e) MUST_CHECK;
enum { NUMBER_MONEY_SIZE = 32 };
void number_money_text(int64_t fen, char out[NUMBER_MONEY_SIZE]); /* 1234.50 */

/* Chinese phone numbers, stored as digits with one `-` after a landline's area
 * code: 11-digit mobiles, 0XX(X)-XXXXXXX(X) with an optional extension
 * (`-123`), bare 7–8 digit local numbers, service numbers (110, 12345, 400…),
 * numbers abroad as +digits.  A +86 or 0086 in front goes. */
enum { NUMBER_PHONE_SIZE = 24 };
int number_phone(const char *s, char out[NUMBER_PHONE_SIZE], struct err *e)
	MUST_CHECK;

/* 1 for 是 有 对 1 true yes y √ ✓, 0 for 否 无 不 0 false no n × ✗, -1 else
 * (any case and width). */
int number_yes(const char *s);

/* Did a spreadsheet destroy the digits?  Returns the Chinese reason and remedy
 * (static text), or NULL.  Scientific notation (`3.70323E+17`) always is;
 * sixteen or more digits ending in the zeros of 15-digit precision are when the
 * cell was numeric (`numeric`), or when the text is 18 digits that fail
 * id_check().  Ask before id_check() in imports, for columns of ID numbers,
 * phones, cards and codes. */
const char *number_damage(const char *s, bool numeric);

#endif
