/* See verify.h. */
#include "verify.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "age.h"
#include "file.h"
#include "mem.h"
#include "minisign.h"
#include "rows.h"
#include "rowshape.h"

enum { SIG_LIMIT = 8192, HEADER_LIMIT = 4 << 20 };

static const struct tar_limits limits = {
	.total = (uint64_t)8 << 30, .member = (uint64_t)4 << 30, .count = 10000
};

void
verify_result_done(struct verify_result *r)
{
	bagit_result_done(&r->bag);
	header_done(&r->header);
}

int
verify_site_of(const char *path, char site[13], struct err *e)
{
	const char *name = strrchr(path, '/');
	size_t len;

	name = name != NULL ? name + 1 : path;
	if (str_starts(name, "tj1r-"))
		return err_set(e, E_FORMAT, "这是县回执，请用 tongji bundle"
		    " apply 文件 --dry-run 看");
	len = strspn(name + (str_starts(name, "tj1-") ? 4 : 0), "0123456789");
	if (!str_starts(name, "tj1-") || (len != 6 && len != 9) ||
	    name[4 + len] != '-')
		return err_set(e, E_FORMAT, "文件名不是童记的数据包：%s", name);
	memcpy(site, name + 4, len);
	site[len] = '\0';
	return 0;
}

int
verify_read_sig(const char *path, struct minisign_sig *sig, struct err *e)
{
	char *name = xasprintf("%s.minisig", path);
	struct str text = STR_INIT;
	int rc;

	if (!file_exists(path))
		rc = err_set(e, E_NOTFOUND, "找不到 %s", path);
	else if (!file_exists(name))
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

int
verify_signature(const char *path, const struct minisign_public *k,
    char *comment, size_t size, struct err *e)
{
	struct minisign_sig sig;
	int fd, rc = verify_read_sig(path, &sig, e);

	if (rc < 0)
		return rc;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return err_errno(e, "打不开 %s", path);
	rc = minisign_verify(&sig, k, flow_from_fd(fd), e);
	if (rc == 0)
		snprintf(comment, size, "%s", sig.comment);
	close(fd);
	return rc;
}

/* ---- the content, streaming --------------------------------------------- */

enum part { PART_NONE, PART_HEADER, PART_ROWS };

struct look {
	struct verify_result *r;
	enum part part;
	struct str text;	/* header.json, or the row at hand */
	bool rows_seen;
};

static int
on_file(void *ctx, const char *path, uint64_t size, struct err *e)
{
	struct look *k = ctx;

	(void)size;
	(void)e;
	str_clear(&k->text);
	k->part = PART_NONE;
	if (strcmp(path, "data/header.json") == 0)
		k->part = PART_HEADER;
	if (strcmp(path, "data/rows.jsonl") == 0) {
		k->part = PART_ROWS;
		k->rows_seen = true;
	}
	return 0;
}

static int
take_row(struct look *k, const char *p, size_t len, struct err *e)
{
	int rc;

	k->r->rows++;
	rc = rows_check_line(p, len, e);
	if (rc < 0)
		err_prefix(e, "第 %lld 条", (long long)k->r->rows);
	return rc;
}

/* Cut the stream into lines; only one that two pieces share is ever held. */
static int
take_rows(struct look *k, const char *p, size_t len, struct err *e)
{
	const char *nl;
	int rc = 0;

	while (rc == 0 && (nl = memchr(p, '\n', len)) != NULL) {
		size_t n = (size_t)(nl - p);

		if (k->text.len == 0) {
			rc = take_row(k, p, n, e);
		} else {
			str_addn(&k->text, p, n);
			rc = take_row(k, k->text.buf, k->text.len, e);
			str_clear(&k->text);
		}
		p += n + 1;
		len -= n + 1;
	}
	if (rc == 0 && k->text.len + len > ROWS_LINE_MAX)
		rc = err_set(e, E_RANGE, "有一条记录太长");
	if (rc == 0)
		str_addn(&k->text, p, len);
	return rc;
}

static int
on_data(void *ctx, const void *p, size_t len, struct err *e)
{
	struct look *k = ctx;

	if (k->part == PART_ROWS)
		return take_rows(k, p, len, e);
	if (k->part == PART_HEADER) {
		if (k->text.len + len > HEADER_LIMIT)
			return err_set(e, E_RANGE, "包头太大");
		str_addn(&k->text, p, len);
	}
	return 0;
}

static int
on_end(void *ctx, struct err *e)
{
	struct look *k = ctx;

	if (k->part == PART_ROWS && k->text.len > 0)
		return err_set(e, E_FORMAT, "最后一条记录不完整");
	if (k->part == PART_HEADER) {
		k->r->has_header = true;
		return header_parse(&k->r->header, k->text.buf, k->text.len,
		    e);
	}
	return 0;
}

/* The bag's check has hashed the rows already. */
static int
on_sum(void *ctx, const char *path, const unsigned char sha256[32],
    struct err *e)
{
	struct look *k = ctx;

	(void)path;
	(void)e;
	if (k->part == PART_ROWS)
		hex_encode(k->r->rows_sha256, sha256, 32);
	return 0;
}

/* What header, rows and file name must agree on. */
static int
agree(const char *path, const struct look *k, struct err *e)
{
	struct verify_result *r = k->r;
	const char *name = strrchr(path, '/');
	char want[160];
	size_t i;

	if (r->bag.verdict == BAGIT_INVALID) {
		for (i = 0; i < r->bag.n; i++)
			if (r->bag.v[i].fatal)
				return err_set(e, E_CORRUPT, "%s",
				    r->bag.v[i].text);
		return err_set(e, E_CORRUPT, "包的清单与内容不符");
	}
	if (!r->has_header || !k->rows_seen)
		return err_set(e, E_FORMAT, "包里缺少 header.json 或"
		    " rows.jsonl");
	if (r->rows != r->header.rows)
		return err_set(e, E_CORRUPT, "包头说有 %lld 条记录，实际 %lld 条",
		    (long long)r->header.rows, (long long)r->rows);
	header_name(&r->header, want, sizeof want);
	name = name != NULL ? name + 1 : path;
	if (!str_starts(name, want) || strcmp(name + strlen(want), ".age") != 0)
		return err_set(e, E_FORMAT, "文件名与包头不符，应是 %s.age",
		    want);
	if (r->until[0] != '\0' && strcmp(r->header.created, r->until) > 0)
		return err_set(e, E_CRYPTO, "由旧密钥签名，却写于 %s；旧密钥 %s"
		    " 起已更换", r->header.created, r->until);
	header_chain(&r->header, r->rows_sha256, r->chain);
	return 0;
}

static int
open_reader(const char *path, const struct age_keys *keys, int *fd,
    struct age_reader **out, struct err *e)
{
	*fd = open(path, O_RDONLY | O_CLOEXEC);
	if (*fd < 0)
		return err_errno(e, "打不开 %s", path);
	*out = age_reader_new(flow_from_fd(*fd), keys, e);
	if (*out == NULL) {
		close(*fd);
		return e != NULL ? e->code : E_CRYPTO;
	}
	return 0;
}

int
verify_content(const char *path, const struct age_keys *keys,
    struct verify_result *out, struct err *e)
{
	struct look k = { .r = out, .text = STR_INIT };
	const struct bagit_visit visit = { .file = on_file, .data = on_data,
	    .end = on_end, .ctx = &k, .sum = on_sum };
	struct age_reader *r;
	int fd, rc = open_reader(path, keys, &fd, &r, e);

	if (rc < 0)
		return rc;
	rc = bagit_check_tar(&out->bag, age_reader_flow(r), &limits, &visit,
	    e);
	if (rc == 0)
		rc = agree(path, &k, e);
	age_reader_free(r);
	close(fd);
	str_done(&k.text);
	return rc;
}

/* ---- taking it apart ---------------------------------------------------- */

static int
write_member(struct tar_reader *t, const char *dir, const char *name,
    struct err *e)
{
	char *path = xasprintf("%s/%s", dir, name), *slash;
	int fd, rc;

	slash = strrchr(path, '/');
	*slash = '\0';
	rc = file_mkdirs(path, 0700, e);
	*slash = '/';
	fd = rc == 0 ? open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW |
	    O_CLOEXEC, 0600) : -1;
	if (rc == 0 && fd < 0)
		rc = err_errno(e, "写不了 %s", path);
	if (fd >= 0) {
		rc = flow_copy(tar_reader_flow(t), flow_to_fd(fd), e) < 0 ?
		    (e != NULL ? e->code : E_IO) : 0;
		if (rc == 0 && fsync(fd) < 0)
			rc = err_errno(e, "写不了 %s", path);
		close(fd);
	}
	free(path);
	return rc;
}

int
verify_extract(const char *path, const struct age_keys *keys, const char *dir,
    struct err *e)
{
	struct tar_entry entry;
	struct tar_reader *t;
	struct age_reader *r;
	int fd, rc = 0;

	if (mkdir(dir, 0700) < 0)
		rc = err_errno(e, "建不了文件夹 %s", dir);
	if (rc == 0)
		rc = open_reader(path, keys, &fd, &r, e);
	if (rc < 0)
		return rc;
	t = tar_reader_new(age_reader_flow(r), &limits);
	while ((rc = tar_next(t, &entry, e)) > 0 &&
	    (rc = write_member(t, dir, entry.name, e)) == 0)
		;
	tar_reader_free(t);
	age_reader_free(r);
	close(fd);
	return rc;
}
