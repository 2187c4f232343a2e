/* See stick.h. */
#include "stick.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mem.h"
#include "signer.h"
#include "stickread.h"
#include "tally.h"

enum {
	NAME_BYTES = 200,
	MARKER_MAX = 8192,		/* bytes of a .minisig */
	STRETCH = 1 << 20,		/* bytes sent to the medium at a time */
	SLACK = 1 << 20			/* bytes to leave free */
};

/* --- the real calls --- */

static int
real_openat(int dir, const char *name, int flags, mode_t mode)
{
	return openat(dir, name, flags, mode);
}

static int
real_start(int fd, off_t at, off_t len)
{
	return sync_file_range(fd, at, len, SYNC_FILE_RANGE_WRITE);
}

const struct stick_sys stick_sys_real = {
	.openat = real_openat,
	.write = write,
	.start = real_start,
	.pread = pread,
	.fsync = fsync,
	.close = close,
	.unlinkat = unlinkat,
	.fstat = fstat,
	.fstatvfs = fstatvfs,
	.fadvise = posix_fadvise,
	.syncfs = syncfs,
};

/* --- opening the folder --- */

int
stick_open(struct stick *s, const char *path, const struct stick_sys *sys,
    struct err *e)
{
	struct statvfs vfs;

	memset(s, 0, sizeof *s);
	s->sys = sys != NULL ? sys : &stick_sys_real;
	s->dir = s->sys->openat(AT_FDCWD, path, O_RDONLY | O_DIRECTORY |
	    O_NOFOLLOW | O_CLOEXEC, 0);
	if (s->dir < 0)
		return err_errno(e, "打不开 %s", path);
	s->path = xstrdup(path);
	if (s->sys->fstatvfs(s->dir, &vfs) == 0 &&
	    (vfs.f_flag & ST_RDONLY) != 0) {
		stick_close(s);
		return err_set(e, E_DENIED, "%s 是只读的，"
		    "请打开U盘的写保护开关或换一个U盘", path);
	}
	if (faccessat(s->dir, ".", W_OK | X_OK, AT_EACCESS) < 0) {
		stick_close(s);
		return err_errno(e, "不能往 %s 里写文件", path);
	}
	return 0;
}

void
stick_close(struct stick *s)
{
	if (s->dir >= 0 && s->path != NULL)
		s->sys->close(s->dir);
	free(s->path);
	s->path = NULL;
	s->dir = -1;
}

/* --- small steps --- */

/* How much is done, and of how much. */
struct work {
	struct stick *s;
	uint64_t done, whole;
};

static int
advance(struct work *w, uint64_t bytes, struct err *e)
{
	struct stick *s = w->s;

	w->done += bytes;
	if (w->whole < w->done)
		w->whole = w->done;
	if (s->progress != NULL && s->progress(s->ctx, w->done, w->whole) < 0)
		return err_set(e, E_CANCEL, "已取消，U盘上没有留下半个文件");
	return 0;
}

static int
sync_fd(struct stick *s, int fd)
{
	int rc;

	do
		rc = s->sys->fsync(fd);
	while (rc < 0 && errno == EINTR);
	return rc;
}

static int
sync_folder(struct stick *s, struct err *e)
{
	if (sync_fd(s, s->dir) < 0)
		return err_errno(e, "%s 的目录没有写到U盘上", s->path);
	return 0;
}

/* --- writing one file --- */

struct writing {
	struct work *work;
	const char *name;
	int fd;
	off_t at, started;	/* bytes written; begun to be on the medium */
	struct minisign_hash blake;
	struct tally tally;
	unsigned char hash[MINISIGN_HASH];	/* once it is written */
};

/* Let the medium begin with what is whole: it works while the next bytes are
 * made, and the fsync, which alone counts, waits for the rest only. */
static void
start_writing(struct writing *w)
{
	off_t whole = w->at - w->at % STRETCH;

	if (whole > w->started)
		w->work->s->sys->start(w->fd, w->started, whole - w->started);
	w->started = whole;
}

static int
put_bytes(void *ctx, const void *p, size_t len, struct err *e)
{
	struct writing *w = ctx;
	struct stick *s = w->work->s;
	const char *from = p;
	size_t left = len;
	ssize_t n;

	while (left > 0) {
		n = s->sys->write(w->fd, from, left);
		if (n < 0 && errno == EINTR)
			continue;
		if (n == 0)
			errno = EIO;
		if (n <= 0)
			return err_errno(e, "往U盘写 %s 时出错", w->name);
		from += n;
		left -= (size_t)n;
	}
	w->at += (off_t)len;
	start_writing(w);
	minisign_hash_update(&w->blake, p, len);
	tally_add(&w->tally, p, len);
	return advance(w->work, len, e);
}

struct comparing {
	struct work *work;
	struct tally tally;
};

static int
take_back(void *ctx, const void *p, size_t len, struct err *e)
{
	struct comparing *c = ctx;

	tally_add(&c->tally, p, len);
	return advance(c->work, len, e);
}

/* What the medium now gives must be what was written. */
static int
compare(struct writing *w, struct err *e)
{
	struct comparing c = { .work = w->work };
	int rc;

	tally_init(&c.tally, &w->tally);
	rc = stick_read(w->work->s, w->name, take_back, &c, e);
	if (rc == 0 && !tally_equal(&w->tally, &c.tally))
		rc = err_set(e, E_CORRUPT, "写到U盘的 %s 读回来不一样，"
		    "这个U盘可能有故障或容量是假的，请换一个", w->name);
	return rc;
}

/* Create, fill, sync, close, read back, sync the folder.  `*made` is set as
 * soon as the name exists. */
static int
write_file(struct writing *w, stick_fill_fn *fill, void *ctx, bool *made,
    struct err *e)
{
	struct stick *s = w->work->s;
	struct flow_out out = { put_bytes, w };
	int rc;

	minisign_hash_init(&w->blake);
	tally_init(&w->tally, NULL);
	w->fd = stick_open_name(s, w->name, O_WRONLY | O_CREAT | O_EXCL);
	if (w->fd < 0)
		return err_errno(e, "不能在 %s 里新建 %s", s->path, w->name);
	*made = true;
	rc = fill(ctx, out, e);
	if (rc == 0 && sync_fd(s, w->fd) < 0)
		rc = err_errno(e, "%s 没有全部写到U盘上", w->name);
	/* an error that waited until now is an error of the writes */
	if (s->sys->close(w->fd) < 0 && rc == 0)
		rc = err_errno(e, "%s 没有全部写到U盘上", w->name);
	minisign_hash_final(&w->blake, w->hash);
	if (rc == 0)
		rc = compare(w, e);
	if (rc == 0)
		rc = sync_folder(s, e);
	return rc;
}

/* --- leftovers --- */

static int
append_block(void *ctx, const void *p, size_t len, struct err *e)
{
	struct str *text = ctx;

	if (text->len + len > MARKER_MAX)
		return err_set(e, E_FORMAT, "签名文件太大");
	str_addn(text, p, len);
	return 0;
}

/* Is there a name in the folder?  Negative when that cannot be told. */
static int
name_exists(struct stick *s, const char *name, struct err *e)
{
	int fd = stick_open_name(s, name, O_RDONLY | O_NONBLOCK);

	if (fd >= 0) {
		s->sys->close(fd);
		return 1;
	}
	if (errno == ENOENT)
		return 0;
	return err_errno(e, "看不了 %s/%s", s->path, name);
}

static int
remove_name(struct stick *s, const char *name, struct err *e)
{
	if (s->sys->unlinkat(s->dir, name, 0) < 0 && errno != ENOENT)
		return err_errno(e, "删不掉上次留下的半个文件 %s", name);
	return 0;
}

/* A half delivery of the same name: removed.  A whole one: E_EXISTS.  What
 * decides is the marker, whether it is a whole signature file. */
static int
clear_leftover(struct stick *s, const char *name, const char *marker,
    struct err *e)
{
	struct minisign_sig sig;
	struct str text = STR_INIT;
	int rc = name_exists(s, marker, e);

	if (rc > 0) {
		rc = stick_read(s, marker, append_block, &text, e);
		if (rc == 0 && minisign_sig_parse(&sig, text.buf, text.len,
		    NULL) == 0)
			rc = err_set(e, E_EXISTS, "%s 已在 %s 里", name,
			    s->path);
		else if (rc == 0)
			rc = remove_name(s, marker, e);
		str_done(&text);
	}
	if (rc == 0)
		rc = name_exists(s, name, e);
	if (rc > 0)
		rc = remove_name(s, name, e);
	return rc;
}

/* --- delivering --- */

/* A delivery's name must do on every file system; of a file by itself a
 * person chose it. */
static int
check_name(const struct stick_delivery *d, struct err *e)
{
	const char *name = d->name;
	size_t n = strlen(name);

	if (d->mark == NULL && *name != '\0' && strchr(name, '/') == NULL)
		return 0;
	if (n < 5 || n > NAME_BYTES || strcmp(name + n - 4, ".age") != 0 ||
	    name[0] == '.' || name[0] == '-' ||
	    name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789.-")] !=
	    '\0')
		return err_set(e, E_USAGE, "不能作为U盘上的文件名：%s", name);
	return 0;
}

static int
check_room(struct stick *s, uint64_t size, struct err *e)
{
	struct statvfs vfs;
	uint64_t room;

	if (s->sys->fstatvfs(s->dir, &vfs) < 0)
		return err_errno(e, "看不了 %s 的剩余空间", s->path);
	room = (uint64_t)vfs.f_bavail * (uint64_t)vfs.f_frsize;
	if (room < SLACK || room - SLACK < size)
		return err_set(e, E_FULL, "U盘空间不够：需要 %llu 兆，"
		    "只剩 %llu 兆，请删掉些文件或换一个U盘",
		    (unsigned long long)((size + SLACK) >> 20) + 1,
		    (unsigned long long)(room >> 20));
	return 0;
}

int
stick_fill_text(void *ctx, struct flow_out out, struct err *e)
{
	const struct str *text = ctx;

	return flow_write(out, text->buf, text->len, e);
}

struct pair {
	struct writing body, marker;
	bool body_made, marker_made;
};

static int
write_pair(struct pair *p, const struct stick_delivery *d, struct err *e)
{
	struct str text = STR_INIT;
	int rc;

	rc = write_file(&p->body, d->fill, d->ctx, &p->body_made, e);
	if (rc < 0 || d->mark == NULL)
		return rc;
	rc = d->mark(d->ctx, p->body.hash, &text, e);
	if (rc == 0)
		rc = write_file(&p->marker, stick_fill_text, &text,
		    &p->marker_made, e);
	str_done(&text);
	return rc;
}

/* Take back what was made; the marker first, so that at no moment a marker
 * stands without its file being meant. */
static void
undo_pair(struct stick *s, const struct pair *p)
{
	if (p->marker_made)
		s->sys->unlinkat(s->dir, p->marker.name, 0);
	if (p->body_made)
		s->sys->unlinkat(s->dir, p->body.name, 0);
	sync_fd(s, s->dir);
}

int
stick_deliver(struct stick *s, const struct stick_delivery *d, struct err *e)
{
	struct work work = { s, 0, 2 * d->size };
	struct pair *p;
	char *marker;
	int rc = check_name(d, e);

	if (rc < 0)
		return rc;
	marker = xasprintf("%s.minisig", d->name);
	p = xcalloc(1, sizeof *p);
	p->body.work = p->marker.work = &work;
	p->body.name = d->name;
	p->marker.name = marker;
	if (d->mark != NULL)
		rc = clear_leftover(s, d->name, marker, e);
	if (rc == 0)
		rc = check_room(s, d->size, e);
	if (rc == 0)
		rc = write_pair(p, d, e);
	if (rc == 0 && s->sys->syncfs(s->dir) < 0)
		rc = err_errno(e, "%s 没有全部写到U盘上", s->path);
	if (rc < 0)
		undo_pair(s, p);
	free(p);
	free(marker);
	return rc;
}

/* --- earlier deliveries --- */

enum { DAMAGED, IN_ORDER, NOT_OURS };

struct rechecking {
	struct work *work;
	struct minisign_hash blake;
};

static int
hash_again(void *ctx, const void *p, size_t len, struct err *e)
{
	struct rechecking *c = ctx;

	minisign_hash_update(&c->blake, p, len);
	return advance(c->work, len, e);
}

static const struct minisign_public *
key_of(const struct minisign_sig *sig, const struct signer *k, size_t nk)
{
	size_t i;

	for (i = 0; i < nk; i++)
		if (memcmp(sig->id, k[i].key.id, sizeof sig->id) == 0)
			return &k[i].key;
	return NULL;
}

/* What the medium gives of `name` is what `sig` was made over: DAMAGED or
 * IN_ORDER, or E_CANCEL. */
static int
hold_against(struct work *w, const char *name, const struct minisign_sig *sig,
    const struct minisign_public *k, struct err *e)
{
	struct rechecking c = { .work = w };
	unsigned char hash[MINISIGN_HASH];
	struct err why = ERR_INIT;
	int rc;

	minisign_hash_init(&c.blake);
	rc = stick_read(w->s, name, hash_again, &c, &why);
	if (rc == E_CANCEL)
		return err_set(e, E_CANCEL, "%s", why.msg);
	minisign_hash_final(&c.blake, hash);
	return rc == 0 && minisign_verify_hash(sig, k, hash, NULL) == 0 ?
	    IN_ORDER : DAMAGED;
}

/* Hold one delivery against its marker: one of the three, not ours when it
 * has no marker or another key's; or a negative code to stop. */
static int
recheck_one(struct work *w, const char *name, const struct signer *k,
    size_t nk, struct err *e)
{
	char *marker = xasprintf("%s.minisig", name);
	const struct minisign_public *by;
	struct minisign_sig sig;
	struct str text = STR_INIT;
	struct err why = ERR_INIT;
	int rc, answer = DAMAGED;

	rc = stick_read(w->s, marker, append_block, &text, &why);
	if (rc == E_NOTFOUND)
		answer = NOT_OURS;
	else if (rc == 0 && minisign_sig_parse(&sig, text.buf, text.len,
	    NULL) == 0) {
		by = key_of(&sig, k, nk);
		answer = by == NULL ? NOT_OURS :
		    hold_against(w, name, &sig, by, e);
	}
	str_done(&text);
	free(marker);
	return answer;
}

static bool
is_delivery(const char *name, const char *prefix)
{
	size_t n = strlen(name);

	return n > 4 && strncmp(name, prefix, strlen(prefix)) == 0 &&
	    strcmp(name + n - 4, ".age") == 0;
}

int
stick_recheck(struct stick *s, const char *prefix,
    const struct signer *k, size_t nk, size_t *n, struct str *bad,
    struct err *e)
{
	int copy = openat(s->dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dp = copy < 0 ? NULL : fdopendir(copy);
	struct work w = { s, 0, 0 };
	struct dirent *de;
	int rc = 0;

	*n = 0;
	if (dp == NULL) {
		if (copy >= 0)
			close(copy);
		return err_errno(e, "看不了 %s", s->path);
	}
	while (rc >= 0 && (errno = 0, de = readdir(dp)) != NULL) {
		if (!is_delivery(de->d_name, prefix))
			continue;
		rc = recheck_one(&w, de->d_name, k, nk, e);
		if (rc < 0 || rc == NOT_OURS)
			continue;
		++*n;
		if (rc == DAMAGED)
			str_addf(bad, "%s\n", de->d_name);
	}
	if (rc >= 0 && errno != 0)
		rc = err_errno(e, "看不了 %s", s->path);
	closedir(dp);
	return rc < 0 ? rc : 0;
}
