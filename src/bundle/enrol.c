/* See enrol.h. */
#include "enrol.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "db.h"
#include "file.h"
#include "keyring.h"
#include "mem.h"
#include "rotate.h"

enum { TRIES = 20, LIMIT = 16384 };

/* 1: written; 0: the name is taken by another file. */
static int
write_new(const char *path, const struct str *text, struct err *e)
{
	struct str have = STR_INIT;
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW |
	    O_CLOEXEC, 0644), rc = 1;

	if (fd < 0 && errno == EEXIST) {
		rc = file_read(&have, path, LIMIT, NULL) == 0 &&
		    strcmp(have.buf, text->buf) == 0;
		str_done(&have);
		return rc;
	}
	if (fd < 0)
		return err_errno(e, "写不了 %s", path);
	if (file_write_all(fd, text->buf, text->len) < 0 || fsync(fd) < 0)
		rc = err_errno(e, "写不了 %s", path);
	if (close(fd) < 0 && rc > 0)
		rc = err_errno(e, "写不了 %s", path);
	if (rc < 0)
		unlink(path);
	return rc;
}

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
	char *site, *path;
	int i, rc = card_text(fs, home, &site, &text, e);

	for (i = 1; rc == 0 && i <= TRIES; i++) {
		if (i == 1)
			snprintf(file, 64, "enrol-%s.txt", site);
		else
			snprintf(file, 64, "enrol-%s-%d.txt", site, i);
		path = xasprintf("%s/%s", dir, file);
		rc = write_new(path, &text, e);
		free(path);
	}
	if (rc == 0)
		rc = err_set(e, E_EXISTS, "%s 里已有太多 enrol 文件", dir);
	if (rc > 0)		/* the former key's word for a new one */
		rc = rotate_carry(home, "enrol.minisig", file, &text, dir, e);
	if (rc == 0)
		rc = file_sync_dir(dir, e);
	free(site);
	str_done(&text);
	return rc;
}
