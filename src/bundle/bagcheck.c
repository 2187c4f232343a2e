/* See bagcheck.h. */
#include "bagcheck.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bagtag.h"
#include "mem.h"
#include "names.h"
#include "norm.h"
#include "safe.h"

enum { MANIFESTS_MAX = 16 };

struct bagcheck {
	struct bagit_result *r;
	const struct bag_source *src;
	struct bag_file *files;
	size_t n, cap;
	struct names by_path, by_norm;	/* by_norm: made when first needed */
	struct bagtag_declaration decl;
	unsigned manifests;		/* payload manifests so far */
	struct names fetched;		/* names in fetch.txt */
	bool special;			/* a special file lacks or is extra */
	bool too_many;
};

/* --- findings --- */

/* Refused, and more was found than is kept: a hostile list need not be read
 * to its end.  Never true while the bag may still be accepted. */
static bool
enough(const struct bagcheck *c)
{
	return c->r->more > 0 && c->r->verdict == BAGIT_INVALID;
}

static void
fatal(struct bagcheck *c, const char *fmt, const char *path)
{
	bagcheck_note(c->r, true, fmt, path);
}

static void
warn(struct bagcheck *c, const char *fmt, const char *path)
{
	bagcheck_note(c->r, false, fmt, path);
}

/* "清单 X 第N行：…" */
static void
line_note(struct bagcheck *c, bool is_fatal, const char *file, size_t no,
    const char *what)
{
	char *where = xasprintf("%s 第%zu行：%s", file, no, what);

	bagcheck_note(c->r, is_fatal, "%s", where);
	free(where);
}

/* --- files by name --- */

struct bagcheck *
bagcheck_new(struct bagit_result *r)
{
	struct bagcheck *c = xcalloc(1, sizeof *c);

	c->r = r;
	return c;
}

void
bagcheck_free(struct bagcheck *c)
{
	struct bag_want *w, *next;
	size_t i;

	if (c == NULL)
		return;
	for (i = 0; i < c->n; i++) {
		for (w = c->files[i].want; w != NULL; w = next) {
			next = w->next;
			free(w);
		}
		free(c->files[i].path);
		free(c->files[i].text);
	}
	free(c->files);
	names_done(&c->by_path);
	names_done(&c->by_norm);
	names_done(&c->fetched);
	free(c);
}

struct bag_file *
bagcheck_add(struct bagcheck *c, const char *path, uint64_t size)
{
	struct bag_file *f;

	if (c->n >= BAGIT_FILES_MAX) {
		if (!c->too_many)
			fatal(c, "包里的文件太多，只看到 %s 为止", path);
		c->too_many = true;
		return NULL;
	}
	if (!names_add(&c->by_path, xstrdup(path), c->n)) {
		fatal(c, "包里有重名的文件：%s", path);
		return NULL;
	}
	c->files = mem_grow(c->files, c->n, &c->cap, sizeof *c->files);
	f = &c->files[c->n++];
	memset(f, 0, sizeof *f);
	f->path = xstrdup(path);
	f->size = size;
	f->payload = strncmp(path, "data/", 5) == 0;
	if (f->payload) {
		c->r->files++;
		c->r->bytes += size;
	}
	return f;
}

static struct bag_file *
find(struct bagcheck *c, const char *path)
{
	const struct names_slot *s = names_find(&c->by_path, path);

	return s == NULL ? NULL : &c->files[s->value];
}

/* The file whose name is the same to a person, though other bytes. */
static struct bag_file *
find_alike(struct bagcheck *c, const char *path)
{
	const struct names_slot *s;
	char *key;
	size_t i;

	if (c->by_norm.cap == 0)
		for (i = 0; i < c->n; i++)
			names_add(&c->by_norm, norm_key(c->files[i].path), i);
	key = norm_key(path);
	s = names_find(&c->by_norm, key);
	free(key);
	return s == NULL ? NULL : &c->files[s->value];
}

/* --- tag files --- */

/* The decoded text of a tag file; 1 if it is there and fit, 0 if not (with a
 * finding when it is there), negative when reading failed. */
static int
tag_text(struct bagcheck *c, const char *path, struct str *out,
    struct err *e)
{
	struct bag_file *f = find(c, path);
	struct str raw = STR_INIT;
	const char *fault;
	char *what;
	int rc;

	if (f == NULL)
		return 0;
	if (f->size > BAGIT_TAG_MAX) {
		fatal(c, "%s 太大，不像是包的说明文件", path);
		return 0;
	}
	rc = c->src->text(c->src->ctx, f, &raw, e);
	if (rc == 0) {
		fault = bagtag_decode(out, raw.buf, raw.len,
		    c->decl.encoding);
		rc = fault == NULL;
		if (fault != NULL) {
			what = xasprintf("%s %s", path, fault);
			fatal(c, "%s", what);
			free(what);
		}
	}
	str_done(&raw);
	return rc;
}

/* bagit.txt; 1 to go on. */
static int
check_declaration(struct bagcheck *c, struct err *e)
{
	struct str text = STR_INIT;
	const char *fault;
	int rc;

	snprintf(c->decl.encoding, sizeof c->decl.encoding, "UTF-8");
	if (find(c, "bagit.txt") == NULL) {
		fatal(c, "不是 BagIt 包：没有 bagit.txt%s", NULL);
		return 0;
	}
	/* read raw: a byte order mark is a fault here */
	rc = find(c, "bagit.txt")->size > 4096 ? 1 :
	    c->src->text(c->src->ctx, find(c, "bagit.txt"), &text, e);
	if (rc < 0)
		return rc;
	fault = rc > 0 ? "太大" :
	    bagtag_declare(&c->decl, text.buf, text.len);
	str_done(&text);
	snprintf(c->r->version, sizeof c->r->version, "%s",
	    c->decl.version);
	if (fault != NULL)
		fatal(c, "bagit.txt 不合规范：%s", fault);
	else if (c->decl.number == 0)
		fatal(c, "不支持的 BagIt 版本：%s", c->decl.version);
	return fault == NULL && c->decl.number != 0;
}

/* --- manifests --- */

struct manifest {
	const char *file;	/* its name */
	enum digest_kind kind;
	bool tags;		/* a tag manifest */
	unsigned bit;		/* of a payload manifest */
	struct names seen;	/* names listed so far */
};

/* Demand a digest; a second one for the same file must be the same. */
static void
want_sum(struct bag_file *f, enum digest_kind kind, const unsigned char *sum)
{
	struct bag_want *w = xcalloc(1, sizeof *w);

	w->next = f->want;
	w->kind = kind;
	memcpy(w->sum, sum, digest_size(kind));
	f->want = w;
}

/* A listed name that is not there. */
static void
missing(struct bagcheck *c, const struct manifest *m, const char *path)
{
	if (bagtag_is_special(path)) {
		c->special = true;
		warn(c, "清单里的系统文件不在包里：%s", path);
	} else if (!m->tags && names_find(&c->fetched, path) != NULL) {
		fatal(c, "包不完整，%s 要另外下载（本程序不下载）", path);
	} else {
		fatal(c, "清单里的文件不在包里：%s", path);
	}
}

/* Is a listed name one that this manifest may list? */
static bool
listable(struct bagcheck *c, const struct manifest *m, const char *path)
{
	const char *fault = bagtag_path_fault(path, false);
	char *what;
	size_t n;

	if (fault == NULL && !m->tags && strncmp(path, "data/", 5) != 0)
		fault = "不在 data/ 下";
	if (fault == NULL && m->tags &&
	    (bagtag_algorithm(path, "tagmanifest-", &n) != NULL ||
	    strncmp(path, "data/", 5) == 0))
		fault = "不该列在这里";
	if (fault == NULL)
		return true;
	what = xasprintf("%s 里的「%s」%s", m->file, path, fault);
	fatal(c, "%s", what);
	free(what);
	return false;
}

/* The same name twice in one manifest: RFC 8493 §2.1.3 forbids it, earlier
 * versions did not; two different digests can never both be right. */
static void
note_twice(struct bagcheck *c, const struct manifest *m, const char *path)
{
	char *what = xasprintf("%s 把「%s」列了两次", m->file, path);

	bagcheck_note(c->r, c->decl.number >= 100, "%s", what);
	free(what);
}

static void
take_entry(struct bagcheck *c, struct manifest *m, struct bagtag_entry *en,
    size_t no)
{
	unsigned char sum[DIGEST_MAX];
	char hex[2 * DIGEST_MAX + 1];
	struct bag_file *f;

	if (en->sum_len != 2 * digest_size(m->kind)) {
		line_note(c, true, m->file, no, "校验值的长度不对");
		return;
	}
	memcpy(hex, en->sum, en->sum_len);
	hex[en->sum_len] = '\0';
	if (hex_decode(sum, digest_size(m->kind), hex) < 0) {
		line_note(c, true, m->file, no, "校验值不是十六进制");
		return;
	}
	if (en->star)
		line_note(c, false, m->file, no,
		    "文件名前有 *（md5sum 的写法）");
	if (!listable(c, m, en->path))
		return;
	if (!names_add(&m->seen, xstrdup(en->path), 0))
		note_twice(c, m, en->path);
	f = find(c, en->path);
	if (f == NULL) {
		f = find_alike(c, en->path);
		if (f != NULL)
			warn(c, "文件名的 Unicode 写法与清单不同：%s",
			    en->path);
	}
	if (f == NULL) {
		missing(c, m, en->path);
		return;
	}
	f->listed |= m->bit;
	want_sum(f, m->kind, sum);
}

static int
read_manifest(struct bagcheck *c, struct manifest *m, struct err *e)
{
	struct str text = STR_INIT;
	struct bagtag_entry en;
	const char *at, *end, *line, *fault;
	size_t len, no = 0;
	int rc = tag_text(c, m->file, &text, e);

	at = text.buf;
	end = at + text.len;
	while (rc > 0 && !enough(c) &&
	    bagtag_line(&line, &len, &at, end)) {
		no++;
		if (len == 0)
			continue;
		fault = bagtag_manifest(&en, line, len,
		    c->decl.number >= 100);
		if (fault != NULL)
			line_note(c, true, m->file, no, fault);
		else
			take_entry(c, m, &en, no);
	}
	names_done(&m->seen);
	str_done(&text);
	return rc < 0 ? rc : 0;
}

/* Read every manifest of one sort; the names are taken from the files, for
 * reading may not change the list under us. */
static int
read_manifests(struct bagcheck *c, bool tags, struct err *e)
{
	const char *prefix = tags ? "tagmanifest-" : "manifest-", *alg;
	size_t i, len;
	int kind, rc = 0;

	for (i = 0; i < c->n && rc == 0; i++) {
		struct manifest m = { .file = c->files[i].path, .tags = tags };

		alg = bagtag_algorithm(m.file, prefix, &len);
		if (alg == NULL)
			continue;
		kind = digest_find(alg, len);
		if (kind < 0 || (c->src->kinds >> kind & 1) == 0) {
			bagcheck_note(c->r, kind >= 0,
			    "清单的校验算法无法核对：%s", m.file);
			continue;
		}
		m.kind = (enum digest_kind)kind;
		if (!tags && c->manifests < MANIFESTS_MAX)
			m.bit = 1u << c->manifests++;
		rc = read_manifest(c, &m, e);
	}
	return rc;
}

/* --- fetch.txt --- */

static void
take_fetch(struct bagcheck *c, const char *path, size_t no)
{
	const char *fault = bagtag_path_fault(path, true);

	if (fault != NULL) {
		line_note(c, true, "fetch.txt", no, fault);
		return;
	}
	if (strncmp(path, "data/", 5) != 0) {
		line_note(c, c->decl.number >= 100, "fetch.txt", no,
		    "文件不在 data/ 下");
		return;
	}
	names_add(&c->fetched, xstrdup(path), no);
}

static int
read_fetch(struct bagcheck *c, struct err *e)
{
	struct str text = STR_INIT;
	const char *at, *end, *line, *fault;
	char path[BAGTAG_PATH];
	size_t len, no = 0;
	int rc = tag_text(c, "fetch.txt", &text, e);

	at = text.buf;
	end = at + text.len;
	while (rc > 0 && !enough(c) &&
	    bagtag_line(&line, &len, &at, end)) {
		no++;
		if (len == 0)
			continue;
		fault = bagtag_fetch(path, line, len, c->decl.number >= 100);
		if (fault != NULL)
			line_note(c, true, "fetch.txt", no, fault);
		else
			take_fetch(c, path, no);
	}
	str_done(&text);
	return rc < 0 ? rc : 0;
}

/* Every file to fetch must be in the manifests, or it could be anything. */
static void
check_fetched(struct bagcheck *c)
{
	const struct bag_file *f;
	size_t i;

	for (i = 0; i < c->fetched.cap; i++) {
		if (c->fetched.v[i].name == NULL)
			continue;
		f = find(c, c->fetched.v[i].name);
		if (f == NULL || f->listed == 0)
			bagcheck_note(c->r, c->decl.number >= 100,
			    "fetch.txt 里的文件不在包里，或不在清单里：%s",
			    c->fetched.v[i].name);
	}
}

/* --- agreement --- */

static void
check_listed(struct bagcheck *c)
{
	unsigned all = (1u << c->manifests) - 1;
	const struct bag_file *f;
	size_t i;

	for (i = 0; i < c->n && !enough(c); i++) {
		f = &c->files[i];
		if (!f->payload || f->listed == all)
			continue;
		if (bagtag_is_special(f->path)) {
			c->special = true;
			warn(c, "包里有清单之外的系统文件：%s", f->path);
		} else if (f->listed == 0) {
			fatal(c, "包里有清单之外的文件：%s", f->path);
		} else {
			bagcheck_note(c->r, c->decl.number >= 100,
			    "有的清单没有列出：%s", f->path);
		}
	}
}

static int
check_sums(struct bagcheck *c, struct err *e)
{
	unsigned char have[DIGEST_KINDS][DIGEST_MAX];
	const struct bag_want *w;
	struct bag_file *f;
	unsigned kinds;
	size_t i;
	int rc;

	for (i = 0; i < c->n && !enough(c); i++) {
		f = &c->files[i];
		kinds = 0;
		for (w = f->want; w != NULL; w = w->next)
			kinds |= 1u << w->kind;
		if (kinds == 0)
			continue;
		rc = c->src->sums(c->src->ctx, f, kinds, have, e);
		if (rc < 0)
			return rc;
		for (w = f->want; w != NULL; w = w->next)
			if (memcmp(w->sum, have[w->kind],
			    digest_size(w->kind)) != 0)
				break;
		if (w != NULL)
			fatal(c, "内容与清单的校验值不符，文件可能被改动或损坏"
			    "：%s", f->path);
	}
	return 0;
}

/* --- bag-info.txt --- */

/* "bytes.files" of Payload-Oxum.  System files that came or went explain a
 * difference. */
static void
check_oxum(struct bagcheck *c, const char *value, size_t len)
{
	unsigned long long bytes, files;
	char text[64];
	int end = 0;

	if (len < sizeof text) {
		memcpy(text, value, len);
		text[len] = '\0';
		if (text[0] >= '0' && text[0] <= '9' && sscanf(text,
		    "%19llu.%19llu%n", &bytes, &files, &end) == 2 &&
		    (size_t)end == len) {
			if (bytes == c->r->bytes && files == c->r->files)
				return;
			bagcheck_note(c->r, !c->special,
			    "Payload-Oxum 写的字节数和文件数与实际不符：%s",
			    text);
			return;
		}
	}
	warn(c, "Payload-Oxum 不是「字节数.文件数」%s", NULL);
}

static int
check_info(struct bagcheck *c, struct err *e)
{
	/* until 0.95 it had another name */
	const char *name = find(c, "bag-info.txt") == NULL &&
	    c->decl.number <= 95 ? "package-info.txt" : "bag-info.txt";
	struct str text = STR_INIT;
	const char *at, *end, *line, *value;
	size_t len, value_len, label_len, no = 0;
	int rc = tag_text(c, name, &text, e);

	at = text.buf;
	end = at + text.len;
	while (rc > 0 && !enough(c) &&
	    bagtag_line(&line, &len, &at, end)) {
		no++;
		if (len == 0 || (no > 1 && (line[0] == ' ' ||
		    line[0] == '\t')))
			continue;
		if (!bagtag_label(line, len, &value, &value_len, &label_len))
			line_note(c, false, name, no, "不是「名称: 内容」");
		else if (label_len == 12 &&
		    strncasecmp(line, "Payload-Oxum", 12) == 0)
			check_oxum(c, value, value_len);
	}
	str_done(&text);
	return rc < 0 ? rc : 0;
}

int
bagcheck_run(struct bagcheck *c, const struct bag_source *src, struct err *e)
{
	int rc;

	c->src = src;
	rc = check_declaration(c, e);
	if (rc <= 0)
		return rc;
	rc = read_fetch(c, e);
	if (rc == 0)
		rc = read_manifests(c, false, e);
	if (rc == 0)
		rc = read_manifests(c, true, e);
	if (rc < 0)
		return rc;
	if (c->manifests == 0)
		fatal(c, "没有能核对的清单（manifest-*.txt）%s", NULL);
	check_fetched(c);
	check_listed(c);
	rc = check_sums(c, e);
	if (rc == 0)
		rc = check_info(c, e);
	return rc;
}
