/* What keyring.c and rotate.c share: writing key files below HOME/keys. */
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

#endif
