/* What keyring.c, rotate.c and passphrase.c share: key files below HOME/keys. */
#ifndef TONGJI_KEYRINGI_H
#define TONGJI_KEYRINGI_H

#include "keyring.h"

/* HOME/keys/NAME; heap. */
char *keyring_path(const char *home, const char *name);
/* The age pair NAME.age / NAME.age.pub.  `older` identities (may be NULL) are
 * kept behind the new one, so that what they protect stays readable.  With a
 * passphrase the file is itself an age file, as `age -p` makes it. */
int keyring_put_age(const char *home, const char *name,
    const struct age_identity *id, const struct age_keys *older,
    const char *passphrase, struct err *e) MUST_CHECK;
int keyring_put_minisign(const char *home, const char *name,
    const struct minisign_secret *s, const char *passphrase, struct err *e)
	MUST_CHECK;

/* The base name of a county's keys that are about to replace the present ones
 * (passphrase.h). */
#define KEYRING_NEXT "county.new"

/* Keep others from changing the county's keys until the returned descriptor is
 * closed.  What a crash left of a change is brought to an end. */
int keyring_hold(const char *home, struct err *e) MUST_CHECK;
/* Put KEYRING_NEXT in place, or remove it; held. */
int keyring_next(const char *home, bool take, struct err *e) MUST_CHECK;
/* keyring_unlock() for those who hold. */
int keyring_unlock_held(const char *home, const char *passphrase,
    struct age_keys *keys, struct minisign_secret *signer, struct err *e)
	MUST_CHECK;

#endif
