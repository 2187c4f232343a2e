/* See incoming.h. */
#include "incoming.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "age.h"
#include "file.h"
#include "mem.h"
#include "minisign.h"

enum { SIG_LIMIT = 8192, HEADER_LIMIT = 4 << 20 };

static const struct tar_limits limits = {
	.total = (uint64_t)8 << 30, .member = (uint64_t)4 << 30, .count = 10000
};

/* ---- the file as it is read --------------------------------------------- */

struct source {
	int fd;
	struct minisign_hash hash;
};

static ssize_t
source_read(void *ctx, void *p, size_t len, struct err *e)
{
	struct source *s = ctx;
	struct flow_in in = flow_from_fd(s->fd);
	ssize_t n = in.read(in.ctx, p, len, e);

	if (n > 0)
		minisign_hash_update(&s->hash, p, (size_t)n);
	return n;
}

/* ---- parts -------------------------------------------------------------- */

struct taking {
	struct incoming *in;
	struct incoming_part *part;
	size_t n;
	struct incoming_part *at;	/* being written, or NULL */
	struct incoming_more *more;	/* or this one, or NULL */
	const char *spool;
};

static int
open_spool(struct taking *t, struct err *e)
{
	char *path = xasprintf("%s/.incoming-XXXXXX", t->spool);
	int fd = mkostemp(path, O_CLOEXEC);

	if (fd < 0)
		err_errno(e, "写不了临时文件 %s", path);
	else
		unlink(path);
	free(path);
	return fd;
}

static int
open_part(struct taking *t, struct incoming_part *p, struct err *e)
{
	if (p->fd >= 0)
		close(p->fd);
	p->fd = open_spool(t, e);
	p->size = 0;
	return p->fd < 0 ? e != NULL ? e->code : E_IO : 0;
}

static bool
in_folder(const struct incoming *in, const char *path)
{
	size_t len = in->folder != NULL ? strlen(in->folder) : 0;

	return len > 0 && str_starts(path, "data/") &&
	    strncmp(path + 5, in->folder, len) == 0 && path[5 + len] == '/';
}

/* One more file behind the others of the spool. */
static int
add_more(struct taking *t, const char *path, struct err *e)
{
	struct incoming *in = t->in;
	const struct incoming_more *last = in->nmore > 0 ?
	    &in->more[in->nmore - 1] : NULL;
	uint64_t at = last != NULL ? last->at + last->size : 0;

	if (in->spool < 0 && (in->spool = open_spool(t, e)) < 0)
		return e != NULL ? e->code : E_IO;
	in->more = mem_grow(in->more, in->nmore, &in->cap, sizeof *in->more);
	t->more = &in->more[in->nmore++];
	memset(t->more, 0, sizeof *t->more);
	snprintf(t->more->name, sizeof t->more->name, "%s", path + 5);
	t->more->at = at;
	return 0;
}

static struct incoming_part *
wanted(struct taking *t, const char *path)
{
	size_t i;

	for (i = 0; str_starts(path, "data/") && i < t->n; i++)
		if (strcmp(path + 5, t->part[i].name) == 0)
			return &t->part[i];
	return NULL;
}

static int
on_file(void *ctx, const char *path, uint64_t size, struct err *e)
{
	struct taking *t = ctx;

	(void)size;
	t->at = wanted(t, path);
	t->more = NULL;
	if (t->at == NULL && in_folder(t->in, path))
		return add_more(t, path, e);
	return t->at != NULL ? open_part(t, t->at, e) : 0;
}

static int
on_data(void *ctx, const void *p, size_t len, struct err *e)
{
	struct taking *t = ctx;

	if (t->at == NULL && t->more == NULL)
		return 0;
	*(t->at != NULL ? &t->at->size : &t->more->size) += len;
	if (file_write_all(t->at != NULL ? t->at->fd : t->in->spool, p,
	    len) < 0)
		return err_errno(e, "写不了临时文件");
	return 0;
}

static int
on_sum(void *ctx, const char *path, const unsigned char sha256[32],
    struct err *e)
{
	struct taking *t = ctx;
	struct incoming_part *p = wanted(t, path);

	(void)e;
	if (t->more != NULL && strcmp(t->more->name, path + 5) == 0)
		hex_encode(t->more->sha256, sha256, 32);
	if (p != NULL) {
		hex_encode(p->sha256, sha256, 32);
		p->found = true;
	}
	return 0;
}

/* ---- all together ------------------------------------------------------- */

static int
read_signature(const char *path, struct minisign_sig *sig, struct err *e)
{
	char *name = xasprintf("%s.minisig", path);
	struct str text = STR_INIT;
	int rc;

	if (!file_exists(name))
		rc = err_set(e, E_NOTFOUND, "旁边没有签名文件（.minisig），"
		    "这个包没有写完，请让对方重新写一次");
	else
		rc = file_read(&text, name, SIG_LIMIT, e);
	if (rc == 0)
		rc = minisign_sig_parse(sig, text.buf, text.len, e);
	str_done(&text);
	free(name);
	return rc;
}

static int
first_fault(const struct bagit_result *bag, struct err *e)
{
	size_t i;

	for (i = 0; i < bag->n; i++)
		if (bag->v[i].fatal)
			return err_set(e, E_CORRUPT, "%s", bag->v[i].text);
	return err_set(e, E_CORRUPT, "包的清单与内容不符");
}

static int
unpack(struct incoming *in, struct source *s, const struct age_keys *keys,
    struct taking *t, struct err *e)
{
	const struct bagit_visit visit = { .file = on_file, .data = on_data,
	    .sum = on_sum, .ctx = t };
	struct flow_in file = { source_read, s };
	struct age_reader *r = age_reader_new(file, keys, e);
	int rc;

	if (r == NULL)
		return e != NULL ? e->code : E_CRYPTO;
	rc = bagit_check_tar(&in->bag, age_reader_flow(r), &limits, &visit, e);
	if (rc == 0 && in->bag.verdict == BAGIT_INVALID)
		rc = first_fault(&in->bag, e);
	age_reader_free(r);
	return rc;
}

static int
check(struct incoming *in, const struct minisign_sig *sig, struct source *s,
    const struct minisign_public *k, struct err *e)
{
	unsigned char hash[MINISIGN_HASH];
	int rc;

	minisign_hash_final(&s->hash, hash);
	rc = minisign_verify_hash(sig, k, hash, e);
	if (rc == 0)
		snprintf(in->comment, sizeof in->comment, "%s", sig->comment);
	return rc;
}

int
incoming_read(struct incoming *in, const char *path,
    const struct age_keys *keys, const struct minisign_public *k,
    const char *spool, struct incoming_part *part, size_t n, struct err *e)
{
	struct taking t = { .in = in, .part = part, .n = n, .spool = spool };
	struct minisign_sig sig;
	struct source s;
	size_t i;
	int rc;

	for (i = 0; i < n; i++)
		part[i].fd = -1;
	in->spool = -1;
	rc = read_signature(path, &sig, e);
	if (rc < 0)
		return rc;
	s.fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (s.fd < 0)
		return err_errno(e, "打不开 %s", path);
	minisign_hash_init(&s.hash);
	rc = unpack(in, &s, keys, &t, e);
	if (rc == 0)
		rc = check(in, &sig, &s, k, e);
	close(s.fd);
	for (i = 0; rc == 0 && i < n; i++)
		if (part[i].found)
			rc = incoming_rewind(&part[i], e);
	return rc;
}

void
incoming_done(struct incoming *in, struct incoming_part *part, size_t n)
{
	while (n-- > 0)
		if (part[n].fd >= 0) {
			close(part[n].fd);
			part[n].fd = -1;
		}
	if (in->spool >= 0)
		close(in->spool);
	in->spool = -1;
	free(in->more);
	in->more = NULL;
	in->nmore = 0;
	bagit_result_done(&in->bag);
}

int
incoming_more_text(const struct incoming *in, const struct incoming_more *m,
    size_t limit, struct str *out, struct err *e)
{
	ssize_t n;

	str_clear(out);
	if (m->size > limit)
		return err_set(e, E_RANGE, "包里的 %s 太大", m->name);
	str_room(out, (size_t)m->size);
	while (out->len < m->size) {
		n = pread(in->spool, out->buf + out->len,
		    (size_t)m->size - out->len, (off_t)(m->at + out->len));
		if (n <= 0)
			return err_errno(e, "读不了临时文件");
		out->len += (size_t)n;
		out->buf[out->len] = '\0';
	}
	return 0;
}

int
incoming_rewind(struct incoming_part *p, struct err *e)
{
	if (lseek(p->fd, 0, SEEK_SET) < 0)
		return err_errno(e, "读不了临时文件");
	return 0;
}

int
incoming_text(struct incoming_part *p, size_t limit, struct str *out,
    struct err *e)
{
	int rc;

	if (!p->found)
		return err_set(e, E_FORMAT, "包里缺少 %s", p->name);
	if (p->size > limit)
		return err_set(e, E_RANGE, "包里的 %s 太大", p->name);
	rc = incoming_rewind(p, e);
	if (rc == 0 && flow_copy(flow_from_fd(p->fd), flow_to_str(out), e) < 0)
		rc = e != NULL ? e->code : E_IO;
	return rc;
}

/* ---- a township's bundle ------------------------------------------------ */

static int
agree(struct incoming_bundle *b, const char *path, struct err *e)
{
	const char *name = strrchr(path, '/');
	char want[160];

	if (!b->part[1].found)
		return err_set(e, E_FORMAT, "包里缺少 rows.jsonl");
	header_name(&b->header, want, sizeof want);
	name = name != NULL ? name + 1 : path;
	if (!str_starts(name, want) || strcmp(name + strlen(want), ".age") != 0)
		return err_set(e, E_FORMAT, "文件名与包头不符，应是 %s.age",
		    want);
	header_chain(&b->header, b->part[1].sha256, b->chain);
	return 0;
}

int
incoming_bundle(struct incoming_bundle *b, const char *path,
    const struct age_keys *keys, const struct minisign_public *k,
    const char *spool, struct err *e)
{
	struct str text = STR_INIT;
	int rc;

	memset(b, 0, sizeof *b);
	b->part[0].name = "header.json";
	b->part[1].name = "rows.jsonl";
	b->in.folder = "evidence";
	rc = incoming_read(&b->in, path, keys, k, spool, b->part, 2, e);
	if (rc == 0)
		rc = incoming_text(&b->part[0], HEADER_LIMIT, &text, e);
	if (rc == 0)
		rc = header_parse(&b->header, text.buf, text.len, e);
	if (rc == 0)
		rc = agree(b, path, e);
	str_done(&text);
	return rc;
}

void
incoming_bundle_done(struct incoming_bundle *b)
{
	header_done(&b->header);
	incoming_done(&b->in, b->part, 2);
}
