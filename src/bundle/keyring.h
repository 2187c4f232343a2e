/* The keys of a site, in files of age's and minisign's own formats below
 * HOME/keys/ (0700, files 0600), so that those programs can be used on them:
 *
 *	site.age  site.age.pub  site.minisign  site.minisign.pub
 *	county.key		the county's public parts (a township's copy)
 *	county.age county.minisign	a county's secrets, under a passphrase
 *	archive.age.pub		the county's archive recipient
 *	enrolled/CODE.txt	townships that a county knows */
#ifndef TONGJI_KEYRING_H
#define TONGJI_KEYRING_H

#include <stdbool.h>

#include "agekey.h"
#include "err.h"
#include "fingerprint.h"
#include "minikey.h"
#include "str.h"

/* Public parts of somebody: a site, a township, a county. */
struct keycard {
	char division[13];
	char name[96];
	struct age_recipient recipient;
	struct age_recipient archive;	/* counties: a second recipient */
	bool has_archive;
	struct minisign_public signer;
	char fingerprint[FINGERPRINT_SIZE];
};

/* Make the township's (or county's receiving) keys if there are none. */
int keyring_init(const char *home, struct err *e) MUST_CHECK;
/* The site's own public parts. */
int keyring_site(const char *home, const char *division, const char *name,
    struct keycard *out, struct err *e) MUST_CHECK;
int keyring_identity(const char *home, struct age_keys *out, struct err *e)
	MUST_CHECK;
int keyring_signer(const char *home, struct minisign_secret *out,
    struct err *e) MUST_CHECK;

/* The county's card in this home; E_NOTFOUND if none was imported. */
int keyring_county(const char *home, struct keycard *out, struct err *e)
	MUST_CHECK;
/* Make a county's keys under a passphrase, and the archive key, whose secret
 * is returned in `paper` (for the paper copy) and kept nowhere. */
int keyring_make_county(const char *home, const char *division,
    const char *name, const char *passphrase, struct str *paper,
    struct keycard *out, struct err *e) MUST_CHECK;

/* The county's secrets, for receiving and answering: decryption keys (the
 * site's own too) and the signing key.  E_DENIED for a wrong passphrase.
 * Wipe both when done. */
int keyring_unlock(const char *home, const char *passphrase,
    struct age_keys *keys, struct minisign_secret *signer, struct err *e)
	MUST_CHECK;

/* A card as text (county.key, enrol-CODE.txt) and back.  `kind` is "county"
 * or "township"; a card of the other kind is refused. */
void keycard_text(const struct keycard *c, const char *kind, struct str *out);
int keycard_parse(struct keycard *c, const char *kind, const char *text,
    struct err *e) MUST_CHECK;
/* Keep a card: the county's, or an enrolled township's. */
int keyring_keep(const char *home, const struct keycard *c, const char *kind,
    struct err *e) MUST_CHECK;
/* An enrolled township's card by its division code. */
int keyring_enrolled(const char *home, const char *division,
    struct keycard *out, struct err *e) MUST_CHECK;

#endif
