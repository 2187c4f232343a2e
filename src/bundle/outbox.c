/* See outbox.h. */
#include "outbox.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "file.h"
#include "journal.h"
#include "mem.h"
#include "str.h"

enum { DAY = 24 * 3600 };

/* Encrypted or public: they may wait for their stick. */
static bool
stays(const char *name)
{
	static const char *const tails[] = { ".age", ".minisig", ".key" };
	size_t len = strlen(name), n, i;

	for (i = 0; i < COUNT_OF(tails); i++) {
		n = strlen(tails[i]);
		if (len > n && strcmp(name + len - n, tails[i]) == 0)
			return true;
	}
	return name[0] == '.' || str_starts(name, "enrol-");
}

int
outbox_clear(struct forms *fs, const char *home, size_t *n, struct err *e)
{
	char *dir = xasprintf("%s/发件箱", home), *note;
	time_t limit = time(NULL) - (time_t)OUTBOX_DAYS * DAY;
	struct dirent **v;
	int all = scandir(dir, &v, NULL, alphasort), i, rc = 0;

	*n = 0;
	for (i = 0; i < all; i++) {
		char *path = xasprintf("%s/%s", dir, v[i]->d_name);
		struct stat st;

		if (!stays(v[i]->d_name) && lstat(path, &st) == 0 &&
		    S_ISREG(st.st_mode) && st.st_mtime < limit)
			*n += unlink(path) == 0;
		free(path);
		free(v[i]);
	}
	if (all >= 0)
		free(v);
	if (*n > 0) {
		note = xasprintf("清掉发件箱里放了%d天以上的文件 %zu 个",
		    OUTBOX_DAYS, *n);
		rc = journal_note(forms_db(fs), "outbox", NULL, NULL, note, e);
		free(note);
	}
	free(dir);
	return rc;
}

char *
outbox_answer(const char *home, const char *dir)
{
	char *in = xasprintf("%s/收件箱", home);
	char *out = xasprintf("%s/发件箱", home);
	bool here = strcmp(dir, in) != 0 &&
	    faccessat(AT_FDCWD, dir, W_OK | X_OK, AT_EACCESS) == 0;

	/* without a 发件箱 whoever writes there says what is wrong */
	if (here || file_mkdirs(out, 0700, NULL) < 0) {
		free(out);
		out = xstrdup(dir);
	}
	free(in);
	return out;
}
