/* Citizen identity numbers, GB 11643-1999: six digits of area, eight of birth,
 * three of sequence (odd = male), one check character (ISO 7064 MOD 11-2).
 *
 * Recognised besides: residence permits of Hong Kong, Macao and Taiwan people
 * (the same number with area 810000, 820000, 830000), permanent residence
 * cards of foreigners (since 2023 the same number beginning with 9 and a
 * province code; before, three letters and twelve digits), and the 15-digit
 * numbers of before 1999, out of use since 2013.
 *
 * Unknown areas are not refused here: abolished codes live on in numbers.  The
 * right check character is never told: it would help to invent numbers. */
#ifndef TONGJI_IDCARD_H
#define TONGJI_IDCARD_H

#include <stdbool.h>
#include <stddef.h>

#include "date.h"
#include "err.h"

enum { ID_SIZE = 19 };			/* bytes of a number with the NUL */

enum id_kind {
	ID_UNKNOWN,
	ID_CITIZEN,			/* 18 characters */
	ID_HMT,				/* 18, 港澳台居民居住证 */
	ID_FOREIGN,			/* 18, 外国人永久居留身份证 since 2023 */
	ID_FOREIGN_OLD,			/* 15: AAA999999999999 */
	ID_OLD15			/* 15 digits */
};

enum id_defect {
	ID_OK,
	ID_EMPTY,
	ID_LENGTH,			/* neither 18 nor 15 characters */
	ID_CHARS,			/* no digit, or X not at the end */
	ID_BIRTH,			/* no such day */
	ID_CHECK			/* the check character does not fit */
};

struct id_info {
	enum id_kind kind;
	enum id_defect defect;
	char number[ID_SIZE];		/* normalised; "" when too long */
	char birth[DATE_SIZE];		/* YYYY-MM-DD, "" when unknown */
	char area[7];			/* six digits, "" when it has none */
	char sex;			/* '1' male, '2' female, 0 unknown */
};

/* Full-width digits and letters become half-width, x becomes X, blanks,
 * hyphens, a leading apostrophe (Excel) and invisible characters go.  Other
 * characters stay.  Returns -1 (and "") when the result exceeds ID_SIZE - 1
 * bytes. */
int id_normalise(const char *text, char out[ID_SIZE]);

/* Look at a number as typed.  Returns 0 with `info` filled when it is of a
 * recognised kind without defect, else E_FORMAT with info->defect and a
 * Chinese sentence.  What can be read (birth, sex, area) is filled even when
 * only the check character is wrong.  ID_FOREIGN_OLD and ID_OLD15 carry no
 * check character that we verify. */
int id_check(const char *text, struct id_info *info, struct err *e);

/* 18 characters, real birth date, right check character. */
bool id_valid(const char *text);
/* Birth or sex of a number that id_check() accepts; false or 0 for any other
 * text, so that nothing is filled in from a number typed wrong. */
bool id_birth(const char *text, char out[DATE_SIZE]);
char id_sex(const char *text);		/* '1', '2' or 0 */

/* A short name of the kind and, for ID_OLD15, that it is out of use. */
const char *id_kind_text(enum id_kind kind);

/* `370323********159X`: area and last four stay (of 15 characters, the last
 * three; of other numbers, such as a passport's, two at each end); texts that
 * are not plain ASCII, under 8 or over 18 characters become all stars. */
void id_mask(const char *number, char out[ID_SIZE]);
/* `138****1234`: the first three and the last four stay (of under 11
 * characters two and two); all stars as above. */
struct str;
enum { ID_PHONE_SIZE = 24 };
void id_mask_phone(const char *phone, char out[ID_PHONE_SIZE]);
/* `王*`, `王**`, `阿**`: the first character stays, two stars at most.
 * Appends. */
void id_mask_name(const char *name, struct str *out);

#endif
