/* See rotate.h. */
#include "rotate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "age.h"
#include "db.h"
#include "file.h"
#include "journal.h"
#include "keyringi.h"
#include "mem.h"
#include "minisign.h"
#include "signer.h"
#include "sticktext.h"

enum { SIG_LIMIT = 8192 };		/* bytes */

static void
hash_of(const struct str *text, unsigned char out[MINISIGN_HASH])
{
	struct minisign_hash h;

	minisign_hash_init(&h);
	minisign_hash_update(&h, text->buf, text->len);
	minisign_hash_final(&h, out);
}

bool
rotate_vouched(const char *path, const struct str *text,
    const struct minisign_public *known)
{
	char *name = xasprintf("%s.minisig", path);
	unsigned char hash[MINISIGN_HASH];
	struct str sig_text = STR_INIT;
	struct minisign_sig sig;
	struct err none = ERR_INIT;
	bool yes = false;

	if (file_exists(name) && file_read(&sig_text, name, SIG_LIMIT,
	    &none) == 0 && minisign_sig_parse(&sig, sig_text.buf,
	    sig_text.len, &none) == 0) {
		hash_of(text, hash);
		yes = minisign_verify_hash(&sig, known, hash, &none) == 0;
	}
	str_done(&sig_text);
	free(name);
	return yes;
}

/* The former key's word for the new card, kept below keys/. */
static int
vouch(const char *home, const char *name, const struct keycard *card,
    const char *kind, const struct minisign_secret *former, struct err *e)
{
	unsigned char hash[MINISIGN_HASH];
	struct str text = STR_INIT, sig = STR_INIT;
	char *path = keyring_path(home, name);
	int rc;

	keycard_text(card, kind, &text);
	hash_of(&text, hash);
	rc = minisign_sign(&sig, former, hash, kind, e);
	if (rc == 0)
		rc = file_write(path, sig.buf, sig.len, 0644, e);
	str_done(&text);
	str_done(&sig);
	free(path);
	return rc;
}

/* ---- new keys ------------------------------------------------------------ */

struct fresh {
	struct age_identity id;
	struct minisign_secret signer, former;
	struct age_keys older;
};

static void
fresh_done(struct fresh *f)
{
	age_identity_wipe(&f->id);
	minisign_wipe(&f->signer);
	minisign_wipe(&f->former);
	age_keys_done(&f->older);
}

/* The card with the new public parts in place of the old ones. */
static void
renew_card(struct keycard *card, const struct fresh *f)
{
	card->recipient = f->id.recipient;
	card->signer = f->signer.public;
	key_fingerprint(&card->recipient, card->has_archive ? &card->archive :
	    NULL, &card->signer, card->fingerprint);
}

/* The voucher first: a crash then leaves old keys and a useless paper. */
static int
replace(const char *home, const char *base, const char *voucher,
    const struct keycard *card, const char *kind, struct fresh *f,
    const char *passphrase, struct err *e)
{
	int rc = vouch(home, voucher, card, kind, &f->former, e);

	if (rc == 0)
		rc = keyring_put_age(home, base, &f->id, &f->older,
		    passphrase, e);
	return rc == 0 ? keyring_put_minisign(home, base, &f->signer,
	    passphrase, e) : rc;
}

int
rotate_site(struct forms *fs, const char *home, struct keycard *out,
    struct err *e)
{
	struct db *db = forms_db(fs);
	char *site = db_meta(db, "site"), *name = db_meta(db, "site_name");
	struct fresh f = { .older = AGE_KEYS_INIT };
	int rc;

	age_identity_new(&f.id);
	minisign_new(&f.signer);
	rc = keyring_site(home, site != NULL ? site : "",
	    name != NULL ? name : "", out, e);
	if (rc == 0)
		rc = keyring_identity(home, &f.older, e);
	if (rc == 0)
		rc = keyring_signer(home, &f.former, e);
	if (rc == 0)
		rc = signer_retire(home, &f.former.public, e);
	if (rc == 0) {
		renew_card(out, &f);
		rc = replace(home, "site", "enrol.minisig", out, "township",
		    &f, NULL, e);
	}
	if (rc == 0)
		rc = db_set_meta(db, "enrol_again", "1", e);
	if (rc == 0)
		rc = journal_note(db, "key_rotate", NULL, NULL,
		    out->fingerprint, e);
	fresh_done(&f);
	free(site);
	free(name);
	return rc;
}

int
rotate_county(struct forms *fs, const char *home, const char *passphrase,
    struct keycard *out, struct err *e)
{
	struct fresh f = { .older = AGE_KEYS_INIT };
	struct age_keys all = AGE_KEYS_INIT;
	char *age = keyring_path(home, "county.age");
	int held = keyring_hold(home, e), rc = held < 0 ? held : 0;

	age_identity_new(&f.id);
	minisign_new(&f.signer);
	if (rc == 0)
		rc = keyring_county(home, out, e);
	if (rc == 0)		/* also says whether the passphrase is right */
		rc = keyring_unlock_held(home, passphrase, &all, &f.former, e);
	if (rc == 0)
		rc = age_keys_load(&f.older, age, passphrase, e);
	if (rc == 0) {
		renew_card(out, &f);
		rc = replace(home, "county", "county.key.minisig", out,
		    "county", &f, passphrase, e);
	}
	if (rc == 0)
		rc = keyring_keep(home, out, "county", e);
	if (rc == 0)
		rc = journal_note(forms_db(fs), "key_rotate", NULL, NULL,
		    out->fingerprint, e);
	age_keys_done(&all);
	fresh_done(&f);
	if (held >= 0)
		close(held);
	free(age);
	return rc;
}

/* ---- on the stick -------------------------------------------------------- */

int
rotate_carry(const char *home, const char *voucher, const char *name,
    struct str *card, const char *dir, struct err *e)
{
	char *from = keyring_path(home, voucher);
	char *sig = xasprintf("%s.minisig", name);
	struct str text = STR_INIT;
	int rc = 0;

	if (file_exists(from)) {
		rc = file_read(&text, from, SIG_LIMIT, e);
		if (rc == 0)
			rc = sticktext_put(dir, name, card, true, e);
		if (rc == 0)
			rc = sticktext_put(dir, sig, &text, true, e);
	}
	str_done(&text);
	free(from);
	free(sig);
	return rc;
}
