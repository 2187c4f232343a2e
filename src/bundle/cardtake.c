/* See cardtake.h. */
#include "cardtake.h"

#include <stdlib.h>
#include <string.h>

#include "db.h"
#include "file.h"
#include "journal.h"
#include "rotate.h"
#include "user.h"

enum { CARD_LIMIT = 16384 };		/* bytes */

static bool
of_county(const struct cardtake *t)
{
	return strcmp(t->kind, "county") == 0;
}

static void
look_up(const char *home, const char *path, const struct str *text,
    struct cardtake *t)
{
	struct keycard known;
	struct err none = ERR_INIT;
	int rc = of_county(t) ? keyring_county(home, &known, &none) :
	    keyring_enrolled(home, t->card.division, &known, &none);

	if (rc < 0 || strcmp(known.division, t->card.division) != 0)
		return;
	t->known = strcmp(known.fingerprint, t->card.fingerprint) == 0;
	t->vouched = rotate_vouched(path, text, &known.signer);
}

int
cardtake_read(struct forms *fs, const char *home, const char *kind,
    const char *path, struct cardtake *out, struct err *e)
{
	struct str text = STR_INIT;
	struct keycard *c = &out->card;
	char *site = db_meta(forms_db(fs), "site");
	int rc;

	memset(out, 0, sizeof *out);
	out->kind = kind;
	rc = file_read(&text, path, CARD_LIMIT, e);
	if (rc == 0)
		rc = keycard_parse(c, kind, text.buf, e);
	if (rc == 0 && site != NULL && !(of_county(out) ?
	    str_starts(site, c->division) : str_starts(c->division, site)))
		rc = err_set(e, E_REFUSED, "%s（%s）不是本单位的%s", c->name,
		    c->division, of_county(out) ? "上级" : "下级");
	if (rc == 0)
		look_up(home, path, &text, out);
	str_done(&text);
	free(site);
	return rc;
}

int
cardtake_compare(const struct cardtake *t, const char *digits, struct err *e)
{
	const char *not = of_county(t) ? "没有导入" : "没有登记";
	int n = key_fingerprint_typed(digits);

	if (t->vouched || key_fingerprint_is(t->card.fingerprint, digits))
		return 0;
	if (n < 0)
		return err_set(e, E_CRYPTO, "核对码不一致，%s：核对码只有数字",
		    not);
	if (n != FINGERPRINT_DIGITS)
		return err_set(e, E_CRYPTO, "核对码不一致，%s：要三十位数字，"
		    "这里是 %d 位", not, n);
	return err_set(e, E_CRYPTO, "核对码不一致，%s。请再打电话给%s核对",
	    not, t->card.name);
}

int
cardtake_keep(struct forms *fs, const char *home, const struct cardtake *t,
    struct err *e)
{
	int rc = user_require(forms_db(fs), ROLE_ADMIN, e);

	if (rc == 0)
		rc = keyring_keep(home, &t->card, t->kind, e);
	return rc < 0 ? rc : journal_note(forms_db(fs), of_county(t) ?
	    "key_import" : "key_enrol", NULL, NULL, t->card.fingerprint, e);
}
