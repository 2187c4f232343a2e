/* See passphrase.h. */
#include "passphrase.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "age.h"
#include "journal.h"
#include "keyringi.h"
#include "user.h"

enum { PASS_MIN = 8 };		/* bytes: eight letters, three 汉字 */

int
passphrase_fit(const char *pass, struct err *e)
{
	return strlen(pass) >= PASS_MIN ? 0 : err_set(e, E_REFUSED,
	    "口令至少8个字母数字，或三个汉字");
}

/* The same keys under `pass`, beside the present ones. */
static int
write_beside(const char *home, const struct age_keys *own,
    const struct minisign_secret *signer, const char *pass, struct err *e)
{
	const struct age_keys older = { .v = own->v + 1, .n = own->n - 1 };
	int rc = keyring_put_age(home, KEYRING_NEXT, &own->v[0], &older, pass,
	    e);

	return rc == 0 ? keyring_put_minisign(home, KEYRING_NEXT, signer,
	    pass, e) : rc;
}

static int
change(struct forms *fs, const char *home, const char *old, const char *pass,
    struct err *e)
{
	struct age_keys all = AGE_KEYS_INIT, own = AGE_KEYS_INIT;
	struct minisign_secret signer = { .key = { 0 } };
	char *age = keyring_path(home, "county.age");
	int rc = keyring_unlock_held(home, old, &all, &signer, e);

	if (rc == 0)
		rc = age_keys_load(&own, age, old, e);
	if (rc == 0)
		rc = write_beside(home, &own, &signer, pass, e);
	if (rc == 0)
		rc = journal_note(forms_db(fs), "key_passphrase", NULL, NULL,
		    "县级密钥的口令", e);
	if (rc < 0 && keyring_next(home, false, NULL) < 0)
		err_prefix(e, "没有改成");
	else if (rc == 0 && (rc = keyring_next(home, true, e)) < 0)
		err_prefix(e, "没有改完：先试新口令，打不开再试旧口令");
	age_keys_done(&all);
	age_keys_done(&own);
	minisign_wipe(&signer);
	free(age);
	return rc;
}

int
passphrase_change(struct forms *fs, const char *home, const char *old,
    const char *pass, struct err *e)
{
	int rc = user_require(forms_db(fs), ROLE_ADMIN, e), held;

	if (rc == 0)
		rc = passphrase_fit(pass, e);
	if (rc < 0)
		return rc;
	held = keyring_hold(home, e);
	if (held < 0)
		return held;
	rc = change(fs, home, old, pass, e);
	close(held);
	return rc;
}
