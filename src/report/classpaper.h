/* The papers of a training class: sign-in sheets, results, certificates, and a
 * person's training record. */
#ifndef TONGJI_CLASSPAPER_H
#define TONGJI_CLASSPAPER_H

#include <stdbool.h>

#include "err.h"
#include "model.h"
#include "paper.h"
#include "rollcall.h"
#include "str.h"

enum class_sheet {
	SHEET_BLANK,		/* to be signed by hand at the door */
	SHEET_FILLED,		/* what was signed, for the file */
	SHEET_RESULTS		/* scores, results, certificates */
};

/* You own the paper; numbers are those of the sign-in screen. */
struct paper *classpaper_sheet(struct forms *fs, const struct roll *r,
    enum class_sheet kind);
/* One A4 page for each person of the roll whom `want` says yes to (NULL: all
 * who have a valid certificate, or of `attest` all who came). `attest`: a
 * 参训证明 without number instead of the certificate.  Returns how many
 * pages; nothing is appended for none. */
int classpaper_certificates(struct forms *fs, const struct roll *r,
    bool attest, bool (*want)(const struct roll_person *p, const void *arg),
    const void *arg, struct str *html);
/* All classes of a person of the register.  E_NOTFOUND. */
int classpaper_record(struct forms *fs, const char *staff,
    struct paper **out, struct err *e) MUST_CHECK;

#endif
