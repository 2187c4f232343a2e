/* A county's secrets and their passphrase: opened, and replaced by one rename
 * that decides and one that follows.  See keyringi.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

#include "file.h"
#include "keyringi.h"
#include "mem.h"

int
keyring_unlock_held(const char *home, const char *passphrase,
    struct age_keys *keys, struct minisign_secret *signer, struct err *e)
{
	char *age = keyring_path(home, "county.age");
	char *sign = keyring_path(home, "county.minisign");
	int rc = 0;

	if (!file_exists(age) || !file_exists(sign))
		rc = err_set(e, E_NOTFOUND, "还没有县级密钥，请先运行"
		    " tongji key county");
	if (rc == 0)
		rc = age_keys_load(keys, age, passphrase, e);
	if (rc == 0)
		rc = minisign_secret_load(signer, sign, passphrase, e);
	if (rc == E_DENIED)
		err_set(e, E_DENIED, "县级密钥的口令不对");
	if (rc == 0)
		rc = keyring_identity(home, keys, e);
	free(age);
	free(sign);
	return rc;
}

/* HOME/keys/FROM becomes HOME/keys/TO, durably; NULL: it goes. */
static int
move(const char *home, const char *from, const char *to, struct err *e)
{
	char *a = keyring_path(home, from);
	char *b = to != NULL ? keyring_path(home, to) : NULL;
	char *dir = keyring_path(home, "");
	int rc = 0;

	if (b != NULL && rename(a, b) < 0)
		rc = err_errno(e, "换不了 %s", b);
	else if (b == NULL && unlink(a) < 0 && errno != ENOENT)
		rc = err_errno(e, "删不了 %s", a);
	if (rc == 0)
		rc = file_sync_dir(dir, e);
	free(a);
	free(b);
	free(dir);
	return rc;
}

int
keyring_next(const char *home, bool take, struct err *e)
{
	/* in this order: without its .age, a .minisign has been decided on */
	static const char *const files[] = { KEYRING_NEXT ".minisign.pub",
	    KEYRING_NEXT ".age.pub", KEYRING_NEXT ".minisign",
	    KEYRING_NEXT ".age" };
	size_t i;
	int rc = take ? move(home, files[3], "county.age", e) : 0;

	if (rc == 0 && take)
		rc = move(home, files[2], "county.minisign", e);
	for (i = 0; rc == 0 && i < COUNT_OF(files); i++)
		rc = move(home, files[i], NULL, e);
	return rc;
}

/* A crash may have left the second of the two files of a change. */
static int
settle(const char *home, struct err *e)
{
	char *age = keyring_path(home, KEYRING_NEXT ".age");
	char *sign = keyring_path(home, KEYRING_NEXT ".minisign");
	bool begun = file_exists(age), decided = file_exists(sign) && !begun;
	int rc = 0;

	if (decided)
		rc = move(home, KEYRING_NEXT ".minisign", "county.minisign", e);
	if (rc == 0 && (begun || decided))
		rc = keyring_next(home, false, e);
	free(age);
	free(sign);
	return rc;
}

int
keyring_hold(const char *home, struct err *e)
{
	char *dir = keyring_path(home, "");
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC), rc = 0;

	if (fd < 0)
		rc = err_errno(e, "打不开 %s", dir);
	else if (flock(fd, LOCK_EX) < 0)
		rc = err_errno(e, "锁不了 %s", dir);
	if (rc == 0)
		rc = settle(home, e);
	if (rc < 0 && fd >= 0)
		close(fd);
	free(dir);
	return rc < 0 ? rc : fd;
}
