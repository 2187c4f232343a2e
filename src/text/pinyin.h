/* Pinyin readings of Han characters, for find-as-you-type by initials or by
 * syllables.  The table data/pinyin/pinyin.txt (Unihan) is mapped, not read:
 * a look-up touches a few pages.  Readings are lower-case ASCII without tones,
 * ü is `v`.  One table per process; not thread-safe to open. */
#ifndef TONGJI_PINYIN_H
#define TONGJI_PINYIN_H

#include <stdbool.h>
#include <stdint.h>

#include "err.h"

enum {
	PINYIN_SIZE = 8,		/* one syllable with its NUL */
	PINYIN_READINGS = 6,		/* most readings of one character kept */
	PINYIN_KEY = 64,		/* one key with its NUL */
	PINYIN_KEYS = 16		/* most keys of one name */
};

/* Say where the table is; it is mapped and checked at the first look-up or
 * here when `now`.  A second call replaces the first. */
int pinyin_open(const char *path, bool now, struct err *e) MUST_CHECK;
/* Is a table mapped (tries to, once)?  Without one no character has a reading
 * and names are found by their text only. */
bool pinyin_ready(void);
void pinyin_close(void);

/* The readings of one character, commonest first, surname readings included;
 * returns how many (0..max).  `max` at most PINYIN_READINGS is useful. */
int pinyin_readings(uint32_t cp, char out[][PINYIN_SIZE], int max);

struct pinyin_keys {
	int n;
	char key[PINYIN_KEYS][PINYIN_KEY];
};

/* All keys of a name over its characters' several readings, without
 * duplicates: the commonest first, then those that differ in one character,
 * and so on, up to PINYIN_KEYS.  单雄信 gives initials `dxx`, `cxx`, `sxx` and
 * full `danxiongxin`, ….  Separators (· and blanks), punctuation and
 * characters without a reading are left out; ASCII and full-width letters and
 * digits stay, lower-case.  A key too long for PINYIN_KEY ends at a whole
 * syllable.  Returns out->n; 0 when nothing is left. */
int pinyin_initials(const char *name, struct pinyin_keys *out);
int pinyin_full(const char *name, struct pinyin_keys *out);

#endif
