/* See enrol.h. */
#include "enrol.h"

#include <stdio.h>
#include <stdlib.h>

#include "db.h"
#include "keyring.h"
#include "rotate.h"
#include "sticktext.h"

enum { TRIES = 20 };

static int
card_text(struct forms *fs, const char *home, char **site, struct str *text,
    struct err *e)
{
	char *name = db_meta(forms_db(fs), "site_name");
	struct keycard card;
	int rc;

	*site = db_meta(forms_db(fs), "site");
	rc = keyring_site(home, *site != NULL ? *site : "",
	    name != NULL ? name : "", &card, e);
	if (rc == 0)
		keycard_text(&card, "township", text);
	free(name);
	return rc;
}

int
enrol_write(struct forms *fs, const char *home, const char *dir,
    char file[64], struct err *e)
{
	struct str text = STR_INIT;
	char *site;
	int i, rc = card_text(fs, home, &site, &text, e), put = E_EXISTS;

	for (i = 1; rc == 0 && put == E_EXISTS && i <= TRIES; i++) {
		if (i == 1)
			snprintf(file, 64, "enrol-%s.txt", site);
		else
			snprintf(file, 64, "enrol-%s-%d.txt", site, i);
		put = sticktext_put(dir, file, &text, false, e);
	}
	if (rc == 0)
		rc = put;
	if (rc == E_EXISTS)
		err_set(e, E_EXISTS, "%s 里已有太多 enrol 文件", dir);
	if (rc == 0)		/* the former key's word for a new one */
		rc = rotate_carry(home, "enrol.minisig", file, &text, dir, e);
	free(site);
	str_done(&text);
	return rc;
}
