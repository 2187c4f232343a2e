/* See bagit.h: where a bag's files come from, a folder or a tar.  The
 * judgement itself is bagcheck.c's. */
#include "bagit.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bagcheck.h"
#include "digest.h"
#include "mem.h"
#include "safe.h"
#include "str.h"

enum {
	DEPTH_MAX = 64,			/* folders within folders */
	TAGS_TOTAL = 256 << 20		/* bytes of tag files held in memory */
};

/* --- findings --- */

void
bagcheck_note(struct bagit_result *r, bool fatal, const char *fmt,
    const char *path)
{
	enum bagit_verdict v = fatal ? BAGIT_INVALID : BAGIT_WARNING;
	struct str shown = STR_INIT;

	if (r->verdict < v)
		r->verdict = v;
	/* warnings may not crowd out what is fatal */
	if (r->n >= BAGIT_FINDINGS || (!fatal && r->n >= BAGIT_FINDINGS / 2)) {
		r->more++;
		return;
	}
	if (path != NULL)
		safe_line(&shown, path);
	r->v = mem_grow(r->v, r->n, &r->cap, sizeof *r->v);
	r->v[r->n].fatal = fatal;
	r->v[r->n++].text = xasprintf(fmt, shown.buf);
	str_done(&shown);
}

void
bagit_result_done(struct bagit_result *r)
{
	size_t i;

	for (i = 0; i < r->n; i++)
		free(r->v[i].text);
	free(r->v);
	*r = (struct bagit_result)BAGIT_RESULT_INIT;
}

/* --- a folder --- */

struct folder {
	struct bagcheck *check;
	struct bagit_result *r;
	const char *top;		/* its name, for messages */
	int fd;
};

static int walk(struct folder *d, int dir, const char *path, int depth,
    struct err *e);

/* Whether `name` in the open folder is a folder to walk, a file to add, or
 * something that may not be in a bag. */
static int
walk_entry(struct folder *d, int dir, const char *name, const char *path,
    int depth, struct err *e)
{
	struct bag_file *f;
	struct stat st;
	int fd, rc;

	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return err_errno(e, "看不了 %s/%s", d->top, path);
	if (S_ISLNK(st.st_mode)) {
		bagcheck_note(d->r, true,
		    "有符号链接，可能通向包外，不跟随：%s", path);
		return 0;
	}
	if (S_ISREG(st.st_mode)) {
		f = bagcheck_add(d->check, path, (uint64_t)st.st_size);
		return f == NULL && d->r->more > 0 ? 1 : 0;
	}
	if (!S_ISDIR(st.st_mode)) {
		bagcheck_note(d->r, true, "有不是普通文件的东西：%s", path);
		return 0;
	}
	if (depth >= DEPTH_MAX) {
		bagcheck_note(d->r, true, "文件夹套得太深：%s", path);
		return 0;
	}
	fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW |
	    O_CLOEXEC);
	if (fd < 0)
		return err_errno(e, "打不开 %s/%s", d->top, path);
	rc = walk(d, fd, path, depth + 1, e);
	close(fd);
	return rc;
}

/* Add what is in a folder; 1 when it is not worth going on. */
static int
walk(struct folder *d, int dir, const char *path, int depth, struct err *e)
{
	int copy = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dp = copy < 0 ? NULL : fdopendir(copy);
	struct dirent *de;
	char *below;
	int rc = 0;

	if (dp == NULL) {
		if (copy >= 0)
			close(copy);
		return err_errno(e, "打不开 %s/%s", d->top, path);
	}
	while (rc == 0 && (errno = 0, de = readdir(dp)) != NULL) {
		if (strcmp(de->d_name, ".") == 0 ||
		    strcmp(de->d_name, "..") == 0)
			continue;
		below = xasprintf("%s%s%s", path, path[0] == '\0' ? "" : "/",
		    de->d_name);
		rc = walk_entry(d, dir, de->d_name, below, depth, e);
		free(below);
	}
	if (rc == 0 && errno != 0)
		rc = err_errno(e, "看不了 %s/%s", d->top, path);
	closedir(dp);
	return rc;
}

/* Open a file of the bag, no symbolic link anywhere below the top. */
static int
open_below(const struct folder *d, const char *path, struct err *e)
{
	char *copy = xstrdup(path), *part = copy, *slash;
	int fd = d->fd, next;

	while ((slash = strchr(part, '/')) != NULL) {
		*slash = '\0';
		next = openat(fd, part, O_RDONLY | O_DIRECTORY | O_NOFOLLOW |
		    O_CLOEXEC);
		if (fd != d->fd)
			close(fd);
		fd = next;
		if (fd < 0)
			break;
		part = slash + 1;
	}
	if (fd >= 0) {
		next = openat(fd, part, O_RDONLY | O_NOFOLLOW | O_NONBLOCK |
		    O_CLOEXEC);
		if (fd != d->fd)
			close(fd);
		fd = next;
	}
	free(copy);
	return fd < 0 ? err_errno(e, "打不开 %s/%s", d->top, path) : fd;
}

static int
folder_text(void *ctx, const struct bag_file *f, struct str *out,
    struct err *e)
{
	int fd = open_below(ctx, f->path, e);
	ssize_t n = 1;

	if (fd < 0)
		return fd;
	while (n > 0 && out->len <= BAGIT_TAG_MAX) {
		str_room(out, FLOW_CHUNK);
		n = flow_fill(flow_from_fd(fd), out->buf + out->len,
		    FLOW_CHUNK, e);
		if (n > 0)
			out->len += (size_t)n;
	}
	out->buf[out->len] = '\0';
	close(fd);
	return n < 0 ? (int)n : 0;
}

static int
folder_sums(void *ctx, const struct bag_file *f, unsigned kinds,
    unsigned char out[DIGEST_KINDS][DIGEST_MAX], struct err *e)
{
	unsigned char *buf;
	struct digest d[DIGEST_KINDS];
	ssize_t n;
	int fd = open_below(ctx, f->path, e), k;

	if (fd < 0)
		return fd;
	buf = xmalloc(FLOW_CHUNK);
	for (k = 0; k < DIGEST_KINDS; k++)
		if (kinds >> k & 1)
			digest_init(&d[k], (enum digest_kind)k);
	while ((n = flow_fill(flow_from_fd(fd), buf, FLOW_CHUNK, e)) > 0)
		for (k = 0; k < DIGEST_KINDS; k++)
			if (kinds >> k & 1)
				digest_update(&d[k], buf, (size_t)n);
	for (k = 0; k < DIGEST_KINDS; k++)
		if (kinds >> k & 1)
			digest_final(&d[k], out[k]);
	free(buf);
	close(fd);
	return n < 0 ? (int)n : 0;
}

int
bagit_check_dir(struct bagit_result *r, const char *path, struct err *e)
{
	struct folder d = { .r = r, .top = path };
	const struct bag_source src = { folder_text, folder_sums,
	    (1u << DIGEST_KINDS) - 1, &d };
	int rc;

	d.fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (d.fd < 0)
		return err_errno(e, "打不开文件夹 %s", path);
	d.check = bagcheck_new(r);
	rc = walk(&d, d.fd, "", 0, e);
	if (rc == 0)
		rc = bagcheck_run(d.check, &src, e);
	bagcheck_free(d.check);
	close(d.fd);
	return rc < 0 ? rc : 0;
}

/* --- a tar --- */

struct stream {
	struct tar_reader *tar;
	struct bagcheck *check;
	struct bagit_result *r;
	const struct bagit_visit *visit;
	char base[TAR_NAME];		/* "name/" or "" */
	bool started;
	size_t held;			/* bytes of tag files so far */
};

static int
stream_text(void *ctx, const struct bag_file *f, struct str *out,
    struct err *e)
{
	(void)ctx;
	if (f->text == NULL)
		return err_set(e, E_RANGE, "包里的 %s 太大", f->path);
	str_addn(out, f->text, (size_t)f->size);
	return 0;
}

static int
stream_sums(void *ctx, const struct bag_file *f, unsigned kinds,
    unsigned char out[DIGEST_KINDS][DIGEST_MAX], struct err *e)
{
	(void)ctx;
	(void)kinds;
	(void)e;
	memcpy(out[DIGEST_SHA256], f->sha256, sizeof f->sha256);
	return 0;
}

/* The bag lies in one folder, named by the first member (RFC 8493 §4.2), or
 * at the top. */
static const char *
strip_base(struct stream *s, const char *name)
{
	const char *slash = strchr(name, '/');
	size_t n;

	if (!s->started && slash != NULL && strncmp(name, "data/", 5) != 0) {
		n = (size_t)(slash - name) + 1;
		memcpy(s->base, name, n);
		s->base[n] = '\0';
	}
	s->started = true;
	n = strlen(s->base);
	return strncmp(name, s->base, n) == 0 ? name + n : NULL;
}

/* Hash, hand on and (a tag file) hold a member as it passes. */
static int
stream_body(struct stream *s, struct bag_file *f, struct err *e)
{
	const struct bagit_visit *v = s->visit;
	unsigned char *buf = xmalloc(FLOW_CHUNK), sum[DIGEST_MAX];
	bool hold = !f->payload && f->size <= BAGIT_TAG_MAX &&
	    s->held + f->size <= TAGS_TOTAL;
	struct str text = STR_INIT;
	struct digest d;
	ssize_t n;
	int rc = 0;

	if (hold)
		s->held += (size_t)f->size;
	digest_init(&d, DIGEST_SHA256);
	while (rc == 0 && (n = tar_read(s->tar, buf, FLOW_CHUNK, e)) != 0) {
		if (n < 0) {
			rc = (int)n;
			break;
		}
		digest_update(&d, buf, (size_t)n);
		if (hold)
			str_addn(&text, buf, (size_t)n);
		if (v != NULL && v->data != NULL)
			rc = v->data(v->ctx, buf, (size_t)n, e);
	}
	digest_final(&d, sum);
	memcpy(f->sha256, sum, sizeof f->sha256);
	if (hold)
		f->text = str_take(&text);
	str_done(&text);
	free(buf);
	return rc;
}

static int
stream_member(struct stream *s, const struct tar_entry *entry, struct err *e)
{
	const struct bagit_visit *v = s->visit;
	const char *path = strip_base(s, entry->name);
	struct bag_file *f;
	int rc = 0;

	if (path == NULL) {
		bagcheck_note(s->r, true, "包文件夹之外还有文件：%s",
		    entry->name);
		return 0;
	}
	f = bagcheck_add(s->check, path, entry->size);
	if (f == NULL)
		return 0;
	if (v != NULL && v->file != NULL)
		rc = v->file(v->ctx, path, entry->size, e);
	if (rc == 0)
		rc = stream_body(s, f, e);
	if (rc == 0 && v != NULL && v->end != NULL)
		rc = v->end(v->ctx, e);
	if (rc == 0 && v != NULL && v->sum != NULL)
		rc = v->sum(v->ctx, path, f->sha256, e);
	return rc;
}

int
bagit_check_tar(struct bagit_result *r, struct flow_in in,
    const struct tar_limits *limits, const struct bagit_visit *visit,
    struct err *e)
{
	struct stream s = { .r = r, .visit = visit };
	const struct bag_source src = { stream_text, stream_sums,
	    1u << DIGEST_SHA256, &s };
	struct tar_entry entry;
	int rc;

	s.tar = tar_reader_new(in, limits);
	s.check = bagcheck_new(r);
	while ((rc = tar_next(s.tar, &entry, e)) == 1) {
		rc = stream_member(&s, &entry, e);
		if (rc < 0)
			break;
	}
	if (rc == 0)
		rc = bagcheck_run(s.check, &src, e);
	if (rc < 0)
		r->verdict = BAGIT_INVALID;
	bagcheck_free(s.check);
	tar_reader_free(s.tar);
	return rc;
}
