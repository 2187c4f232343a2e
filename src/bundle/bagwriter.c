/* See bagwriter.h. */
#include "bagwriter.h"

#include <stdio.h>
#include <string.h>

static const char declaration[] =
    "BagIt-Version: 1.0\n"
    "Tag-File-Character-Encoding: UTF-8\n";

/* "base/name", or an error if it does not fit. */
static int
full_name(const struct bagit_writer *w, char out[TAR_NAME], const char *name,
    struct err *e)
{
	int n = snprintf(out, TAR_NAME, "%s%s%s", w->base,
	    w->base[0] == '\0' ? "" : "/", name);

	return n < TAR_NAME ? 0 : err_set(e, E_RANGE, "文件名太长：%s", name);
}

/* "digest  name" with the three bytes RFC 8493 encodes in a name; control
 * characters cannot come here (tar_name_check). */
static void
add_line(struct str *list, const unsigned char *sum, const char *name)
{
	char hex[2 * 32 + 1];

	hex_encode(hex, sum, 32);
	str_addf(list, "%s  ", hex);
	for (; *name != '\0'; name++) {
		if (*name == '%')
			str_add(list, "%25");
		else
			str_addc(list, *name);
	}
	str_addc(list, '\n');
}

/* A whole tag file; `listed` ones go into the tag manifest. */
static int
put_tag(struct bagit_writer *w, const char *name, const char *text, size_t len,
    bool listed, struct err *e)
{
	unsigned char sum[DIGEST_MAX];
	char path[TAR_NAME];
	struct digest d;
	int rc = full_name(w, path, name, e);

	if (rc == 0)
		rc = tar_member(&w->tar, path, len, e);
	if (rc == 0)
		rc = tar_data(&w->tar, text, len, e);
	if (rc == 0 && listed) {
		digest_init(&d, DIGEST_SHA256);
		digest_update(&d, text, len);
		digest_final(&d, sum);
		add_line(&w->tags, sum, name);
	}
	return rc;
}

int
bagit_begin(struct bagit_writer *w, struct flow_out out, const char *base,
    int64_t mtime, struct err *e)
{
	memset(w, 0, sizeof *w);
	str_init(&w->manifest);
	str_init(&w->tags);
	if (base[0] != '\0' && tar_name_check(base, 99, e) < 0)
		return e == NULL ? E_FORMAT : e->code;
	snprintf(w->base, sizeof w->base, "%s", base);
	tar_writer_init(&w->tar, out, mtime);
	return put_tag(w, "bagit.txt", declaration, sizeof declaration - 1,
	    true, e);
}

/* The current payload file has got all that was promised. */
static void
end_file(struct bagit_writer *w)
{
	unsigned char sum[DIGEST_MAX];

	digest_final(&w->sum, sum);
	add_line(&w->manifest, sum, w->name);
	w->open = false;
}

/* A file still open is one that got too little. */
static int
check_ended(const struct bagit_writer *w, struct err *e)
{
	if (!w->open)
		return 0;
	return err_set(e, E_RANGE, "%s 比事先算出的短，可能被同时改动",
	    w->name);
}

int
bagit_file(struct bagit_writer *w, const char *name, uint64_t size,
    struct err *e)
{
	char path[TAR_NAME];
	int rc = check_ended(w, e);

	if (rc == 0 && snprintf(w->name, sizeof w->name, "data/%s", name) >=
	    (int)sizeof w->name)
		rc = err_set(e, E_RANGE, "文件名太长：%s", name);
	if (rc == 0)
		rc = full_name(w, path, w->name, e);
	if (rc == 0)
		rc = tar_member(&w->tar, path, size, e);
	if (rc < 0)
		return rc;
	digest_init(&w->sum, DIGEST_SHA256);
	w->left = size;
	w->bytes += size;
	w->files++;
	w->open = true;
	if (size == 0)
		end_file(w);
	return 0;
}

int
bagit_data(struct bagit_writer *w, const void *p, size_t len, struct err *e)
{
	if (len == 0)
		return 0;
	if (!w->open || len > w->left)
		return err_set(e, E_RANGE,
		    "%s 比事先算出的长，可能被同时改动", w->name);
	w->left -= len;
	digest_update(&w->sum, p, len);
	if (w->left == 0)
		end_file(w);
	return tar_data(&w->tar, p, len, e);
}

static int
put_info(struct bagit_writer *w, const struct bagit_tag *tags, size_t n,
    struct err *e)
{
	struct str text = STR_INIT;
	size_t i;
	int rc = 0;

	for (i = 0; i < n && rc == 0; i++) {
		if (strpbrk(tags[i].value, "\r\n") != NULL)
			rc = err_set(e, E_FORMAT, "%s 的内容不能换行",
			    tags[i].label);
		str_addf(&text, "%s: %s\n", tags[i].label, tags[i].value);
	}
	str_addf(&text, "Payload-Oxum: %llu.%llu\n",
	    (unsigned long long)w->bytes, (unsigned long long)w->files);
	if (rc == 0)
		rc = put_tag(w, "bag-info.txt", text.buf, text.len, true, e);
	str_done(&text);
	return rc;
}

int
bagit_finish(struct bagit_writer *w, const struct bagit_tag *tags,
    size_t n, bool pad, struct err *e)
{
	uint64_t total = 0;
	int rc = check_ended(w, e);

	if (rc == 0)
		rc = put_info(w, tags, n, e);
	if (rc == 0)
		rc = put_tag(w, "manifest-sha256.txt", w->manifest.buf,
		    w->manifest.len, true, e);
	if (rc == 0)
		rc = put_tag(w, "tagmanifest-sha256.txt", w->tags.buf,
		    w->tags.len, false, e);
	if (pad)
		total = tar_padme(w->tar.written + 2 * TAR_BLOCK);
	if (rc == 0)
		rc = tar_finish(&w->tar, total, e);
	bagit_writer_done(w);
	return rc;
}

void
bagit_writer_done(struct bagit_writer *w)
{
	str_done(&w->manifest);
	str_done(&w->tags);
}
