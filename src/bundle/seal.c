/* See seal.h. */
#include "seal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "age.h"
#include "bagit.h"
#include "blob.h"
#include "date.h"
#include "flow.h"
#include "mem.h"
#include "minisign.h"

static int
copy_file(struct bagit_writer *w, const struct seal_part *p, struct err *e)
{
	char buf[FLOW_CHUNK];
	ssize_t n = 0;
	int rc = 0;

	if (lseek(p->fd, 0, SEEK_SET) < 0)
		return err_errno(e, "读不了临时文件");
	while (rc == 0 && (n = read(p->fd, buf, sizeof buf)) > 0)
		rc = bagit_data(w, buf, (size_t)n, e);
	if (rc == 0 && n < 0)
		rc = err_errno(e, "读不了临时文件");
	return rc;
}

static int
add_part(struct bagit_writer *w, const struct seal_part *p, struct err *e)
{
	int rc = bagit_file(w, p->name, p->size, e);

	if (rc == 0 && p->sha256 != NULL) {
		struct str bytes = STR_INIT;

		rc = blob_get(p->db, p->sha256, &bytes, e);
		if (rc == 0)
			rc = bagit_data(w, bytes.buf, bytes.len, e);
		str_done(&bytes);
		return rc;
	}
	if (rc < 0)
		return rc;
	return p->text != NULL ? bagit_data(w, p->text, (size_t)p->size, e) :
	    copy_file(w, p, e);
}

static int
fill_bag(const struct seal *s, struct flow_out out, struct err *e)
{
	struct bagit_writer w;
	char stamp[STAMP_SIZE], day[DATE_SIZE];
	size_t i;
	int rc = bagit_begin(&w, out, s->name, date_unix_ms() / 1000, e);

	if (rc < 0)
		return rc;
	date_stamp(stamp);
	snprintf(day, sizeof day, "%.10s", stamp);
	for (i = 0; rc == 0 && i < s->nparts; i++)
		rc = add_part(&w, &s->part[i], e);
	if (rc < 0) {
		bagit_writer_done(&w);
		return rc;
	}
	{
		const struct bagit_tag tags[] = {
			{ "Source-Organization", s->from },
			{ "External-Identifier", s->name },
			{ "Bagging-Date", day },
		};

		return bagit_finish(&w, tags, COUNT_OF(tags), true, e);
	}
}

static int
fill(void *ctx, struct flow_out out, struct err *e)
{
	const struct seal *s = ctx;
	struct age_writer *w = age_writer_new(out, s->to, s->nto, e);
	int rc = w == NULL ? E_CRYPTO : fill_bag(s, age_writer_flow(w), e);

	if (rc == 0)
		rc = age_writer_finish(w, e);
	age_writer_free(w);
	return rc;
}

static int
mark(void *ctx, const unsigned char hash[MINISIGN_HASH], struct str *out,
    struct err *e)
{
	const struct seal *s = ctx;
	char comment[256];
	int rc = s->commit != NULL ? s->commit(s->ctx, e) : 0;

	snprintf(comment, sizeof comment, "file:%s.age", s->name);
	return rc == 0 ? minisign_sign(out, s->signer, hash, comment, e) : rc;
}

int
seal_deliver(const struct seal *s, const char *dir, struct err *e)
{
	struct seal copy = *s;
	char *file = xasprintf("%s.age", s->name);
	struct stick_delivery d = { .name = file, .fill = fill, .mark = mark,
	    .ctx = &copy };
	struct stick st;
	uint64_t size = 65536;
	size_t i;
	int rc = stick_open(&st, dir, NULL, e);

	for (i = 0; i < s->nparts; i++)
		size += tar_member_size(s->part[i].size);
	d.size = age_payload_size(tar_padme(size)) + 4096;
	if (rc == 0) {
		st.progress = s->progress;
		st.ctx = s->ctx;
		rc = stick_deliver(&st, &d, e);
		stick_close(&st);
	}
	free(file);
	return rc;
}
