/* See vault.h. */
#include "vault.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "age.h"
#include "backup.h"
#include "date.h"
#include "db.h"
#include "file.h"
#include "incarnation.h"
#include "journal.h"
#include "keyring.h"
#include "mem.h"
#include "stick.h"
#include "user.h"
#include "wreck.h"

enum {
	DAILY_KEPT = 7,		/* days */
	NAMES = 100		/* restores in one second */
};

/* The code has about 124 random bits: a plain hash of it is a key. */
static void
code_identity(const char *code, struct age_identity *id)
{
	static const char label[] = "tongji recovery v1\n";
	struct str clean = STR_INIT;
	struct sha s;
	const char *p;

	for (p = code; *p != '\0'; p++)
		if (*p != '-' && *p != ' ')
			str_addc(&clean, *p >= 'a' && *p <= 'z' ?
			    (char)(*p - 32) : *p);
	sha_init(&s);
	sha_add(&s, label, strlen(label));
	sha_add(&s, clean.buf, clean.len);
	sha_done(&s, id->scalar);
	age_identity_complete(id);
	age_wipe_str(&clean);
}

int
vault_recovery(struct forms *fs, const char *home, char code[32],
    struct err *e)
{
	struct age_identity id;
	char r[AGE_RECIPIENT_SIZE + 1], *path;
	int rc = user_make_recovery(forms_db(fs), code, e);

	if (rc < 0)
		return rc;
	age_init();
	code_identity(code, &id);
	age_recipient_format(&id.recipient, r);
	strcat(r, "\n");
	path = xasprintf("%s/keys/recovery.age.pub", home);
	rc = file_write(path, r, strlen(r), 0600, e);
	free(path);
	age_identity_wipe(&id);
	return rc;
}

/* ---- out ---------------------------------------------------------------- */

static int
read_recipient(const char *home, const char *name, struct age_recipient *r)
{
	char *path = xasprintf("%s/keys/%s", home, name);
	struct str text = STR_INIT;
	int rc = file_read(&text, path, 4096, NULL);

	if (rc == 0) {
		text.buf[strcspn(text.buf, "\r\n")] = '\0';
		rc = age_recipient_parse(r, text.buf, NULL);
	}
	str_done(&text);
	free(path);
	return rc;
}

static size_t
recipients(const char *home, struct age_recipient to[4])
{
	struct keycard county;
	size_t n = 0;

	if (read_recipient(home, "site.age.pub", &to[n]) == 0)
		n++;
	if (read_recipient(home, "recovery.age.pub", &to[n]) == 0)
		n++;
	if (keyring_county(home, &county, NULL) == 0) {
		to[n++] = county.recipient;
		if (county.has_archive)
			to[n++] = county.archive;
	}
	return n;
}

struct sealing {
	int in;
	struct age_recipient to[4];
	size_t nto;
};

static int
fill_sealed(void *ctx, struct flow_out out, struct err *e)
{
	struct sealing *k = ctx;
	struct age_writer *w = age_writer_new(out, k->to, k->nto, e);
	int64_t n = w == NULL ? E_CRYPTO : flow_copy(flow_from_fd(k->in),
	    age_writer_flow(w), e);
	int rc = n < 0 ? (int)n : age_writer_finish(w, e);

	age_writer_free(w);
	return rc;
}

/* The copy `from`, encrypted, as the new file `path`: on the medium and read
 * back from it, as a delivery is. */
static int
seal(const char *home, const char *from, const char *path,
    struct vault_result *out, struct err *e)
{
	struct sealing k = { .nto = recipients(home, k.to) };
	char *copy = xstrdup(path), *name = xstrdup(path);
	char *dir = realpath(dirname(copy), NULL);
	struct stick_delivery d = { .name = basename(name),
	    .fill = fill_sealed, .ctx = &k };
	struct stick s;
	struct stat st;
	int rc = 0;

	out->recoverable = k.nto > 1;
	k.in = open(from, O_RDONLY | O_CLOEXEC);
	if (k.in < 0 || fstat(k.in, &st) < 0 || dir == NULL)
		rc = err_errno(e, "写不了 %s", path);
	if (rc == 0)
		rc = stick_open(&s, dir, NULL, e);
	if (rc == 0) {
		d.size = age_payload_size((uint64_t)st.st_size) + 4096;
		rc = stick_deliver(&s, &d, e);
		stick_close(&s);
	}
	if (k.in >= 0)
		close(k.in);
	free(copy);
	free(name);
	free(dir);
	return rc;
}

/* Decrypt `path` into the new file `to`. */
static int
unseal(const char *path, const struct age_keys *keys, const char *to,
    struct err *e)
{
	struct age_reader *r = NULL;
	int in = open(path, O_RDONLY | O_CLOEXEC), fd = -1, rc = 0;

	if (in < 0)
		return err_errno(e, "打不开 %s", path);
	r = age_reader_new(flow_from_fd(in), keys, e);
	if (r == NULL)
		rc = e != NULL ? e->code : E_CRYPTO;
	if (rc == 0) {
		unlink(to);
		fd = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
		if (fd < 0)
			rc = err_errno(e, "写不了 %s", to);
	}
	if (rc == 0 && flow_copy(age_reader_flow(r), flow_to_fd(fd), e) < 0)
		rc = e != NULL ? e->code : E_IO;
	if (rc == 0 && fsync(fd) < 0)
		rc = err_errno(e, "%s 没有存稳", to);
	age_reader_free(r);
	close(in);
	if (fd >= 0)
		close(fd);
	return rc;
}

/* Read back what was sealed and compare it with the copy. */
static int
read_back(const char *home, const char *path, const char *want, struct err *e)
{
	struct age_keys keys = AGE_KEYS_INIT;
	char *again = xasprintf("%s.again", want);
	int rc = keyring_identity(home, &keys, e);

	if (rc == 0)
		rc = unseal(path, &keys, again, e);
	if (rc == 0)
		rc = backup_verify(again, e);
	unlink(again);
	free(again);
	age_keys_done(&keys);
	return rc;
}

static bool
same_medium(const char *a, const char *b)
{
	struct stat x, y;

	return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev;
}

/* For the first screen. */
static int
remember(struct forms *fs, struct err *e)
{
	char stamp[STAMP_SIZE];

	date_stamp(stamp);
	return db_set_meta(forms_db(fs), "last_backup", stamp, e);
}

int
vault_backup(struct forms *fs, const char *home, const char *path,
    struct vault_result *out, struct err *e)
{
	char *copy = xstrdup(path), *dir = dirname(copy);
	char *tmp = xasprintf("%s/.backup.db", home);
	size_t len = strlen(path);
	int rc = 0;

	age_init();
	out->sealed = !same_medium(home, dir) || file_bad_fs(dir) != NULL ||
	    (len > 4 && strcmp(path + len - 4, ".age") == 0);
	out->recoverable = true;
	if (file_exists(path))
		rc = err_set(e, E_EXISTS, "%s 已存在，不会覆盖", path);
	if (rc == 0)
		rc = backup_copy(forms_db(fs), out->sealed ? tmp : path, e);
	if (rc == 0 && out->sealed) {
		rc = seal(home, tmp, path, out, e);
		if (rc == 0 && (rc = read_back(home, path, tmp, e)) < 0)
			unlink(path);
	}
	if (rc == 0)
		rc = journal_note(forms_db(fs), "backup", NULL, NULL, path, e);
	if (rc == 0)
		rc = remember(fs, e);
	unlink(tmp);
	free(tmp);
	free(copy);
	return rc;
}

int
vault_daily(struct forms *fs, const char *home, struct err *e)
{
	int rc = backup_daily(forms_db(fs), home, DAILY_KEPT, e);

	return rc == 1 && remember(fs, e) < 0 ? E_IO : rc;
}

/* ---- back --------------------------------------------------------------- */

static int
open_sealed(const char *home, const char *path, const char *code,
    const char *tmp, struct err *e)
{
	struct age_keys keys = AGE_KEYS_INIT;
	struct age_identity id;
	int rc = 0;

	if (code != NULL) {
		code_identity(code, &id);
		age_keys_add(&keys, &id);
		age_identity_wipe(&id);
	} else {
		rc = keyring_identity(home, &keys, e);
	}
	if (rc == 0)
		rc = unseal(path, &keys, tmp, e);
	if (rc == E_DENIED)
		err_set(e, E_DENIED, "打不开这份备份：%s", code != NULL ?
		    "恢复码不对" : "本机的钥匙打不开，请用 --recovery-stdin"
		    " 输入恢复码");
	age_keys_done(&keys);
	return rc;
}

int
vault_copy(const char *path, const char *tmp, struct err *e)
{
	int in = open(path, O_RDONLY | O_CLOEXEC), fd, rc = 0;

	if (in < 0)
		return err_errno(e, "打不开 %s", path);
	unlink(tmp);
	fd = open(tmp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		rc = err_errno(e, "写不了 %s", tmp);
	if (rc == 0 && flow_copy(flow_from_fd(in), flow_to_fd(fd), e) < 0)
		rc = e != NULL ? e->code : E_IO;
	if (rc == 0 && fsync(fd) < 0)
		rc = err_errno(e, "%s 没有存稳", tmp);
	close(in);
	if (fd >= 0)
		close(fd);
	return rc;
}

static bool
sealed_file(const char *path)
{
	unsigned char head[64];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd >= 0 ? read(fd, head, sizeof head) : 0;

	if (fd >= 0)
		close(fd);
	return n > 0 && age_looks_like(head, (size_t)n);
}

/* A restored database is another branch of history. */
static int
new_incarnation(const char *path, struct err *e)
{
	struct db *db;
	int rc = db_open(&db, path, DB_ANYWHERE, e);

	if (rc < 0)
		return rc;
	rc = incarnation_new(db, "restore", e);
	if (rc == 0)
		rc = db_exec(db, "PRAGMA wal_checkpoint(TRUNCATE)", e);
	db_close(db);
	return rc;
}

/* The log of a database that could not be folded in goes with it. */
static void
log_aside(const char *path, const char *kept)
{
	char *wal = xasprintf("%s-wal", path), *shm = xasprintf("%s-shm", path);
	char *to = xasprintf("%s-wal", kept);

	if (rename(wal, to) < 0)
		unlink(wal);
	unlink(shm);
	free(wal);
	free(shm);
	free(to);
}

/* Nobody else may have it open: what they go on typing would be lost.  Leaving
 * the log asks for that, and folds it in. */
static int
alone(const char *path, struct err *e)
{
	struct err why = ERR_INIT;
	struct db *db;

	if (db_open(&db, path, DB_ANYWHERE, &why) == 0 &&
	    db_exec(db, "PRAGMA busy_timeout=2000;"
	    "PRAGMA journal_mode=DELETE", &why) < 0 && why.code == E_BUSY)
		err_set(e, E_BUSY, "有人正在使用，请先都退出再恢复");
	db_close(db);
	return why.code == E_BUSY ? E_BUSY : 0;
}

/* A second, dated name for the file, which nothing has yet: two restores in
 * one second must not share one.  Heap, or NULL. */
static char *
second_name(const char *home, const char *path, struct err *e)
{
	char stamp[STAMP_SIZE], *to = NULL;
	int n;

	date_stamp(stamp);
	stamp[10] = '-';
	stamp[13] = stamp[16] = '.';
	for (n = 1; n < NAMES; n++) {
		free(to);
		to = n == 1 ?
		    xasprintf("%s/tongji-before-%s.db", home, stamp) :
		    xasprintf("%s/tongji-before-%s-%d.db", home, stamp, n);
		if (link(path, to) == 0)
			return to;
		/* a file system without links */
		if (errno != EEXIST && !file_exists(to) &&
		    rename(path, to) == 0)
			return to;
		if (errno != EEXIST)
			break;
	}
	free(to);
	err_errno(e, "移不开 %s", path);
	return NULL;
}

/* The present database gets a dated name as well: at no moment is there none
 * under the usual one, whatever is pulled or killed. */
static int
step_aside(const char *home, char **kept, struct err *e)
{
	char *path = xasprintf("%s/tongji.db", home);
	int rc = 0;

	*kept = NULL;
	if (file_exists(path)) {
		rc = alone(path, e);
		if (rc == 0 && (*kept = second_name(home, path, e)) == NULL)
			rc = E_IO;
		if (rc == 0)
			log_aside(path, *kept);
	}
	free(path);
	return rc;
}

int
vault_install(const char *home, const char *tmp, char **kept, struct err *e)
{
	char *db = xasprintf("%s/tongji.db", home);
	int rc = new_incarnation(tmp, e);

	*kept = NULL;
	if (rc == 0)
		rc = step_aside(home, kept, e);
	if (rc == 0)
		wreck_map_stale(home);
	if (rc == 0 && rename(tmp, db) < 0)
		rc = err_errno(e, "写不了 %s", db);
	if (rc == 0)
		rc = file_sync_dir(home, e);
	if (rc == 0)
		rc = keyring_init(home, e);
	free(db);
	return rc;
}

int
vault_restore(const char *home, const char *path, const char *code,
    char **kept, struct err *e)
{
	char *tmp = xasprintf("%s/.restore.db", home);
	int rc = file_mkdirs(home, 0700, e);

	*kept = NULL;
	age_init();
	if (rc == 0)
		rc = sealed_file(path) ? open_sealed(home, path, code, tmp, e) :
		    vault_copy(path, tmp, e);
	if (rc == 0 && (rc = backup_verify(tmp, e)) < 0)
		err_prefix(e, "%s", path);
	if (rc == 0)
		rc = vault_install(home, tmp, kept, e);
	unlink(tmp);
	free(tmp);
	return rc;
}
