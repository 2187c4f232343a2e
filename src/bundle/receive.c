/* See receive.h. */
#include "receive.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "answer.h"
#include "db.h"
#include "enclosed.h"
#include "file.h"
#include "incoming.h"
#include "journal.h"
#include "keyring.h"
#include "mem.h"
#include "verify.h"

int
receive_open(struct receiver *r, struct forms *fs, const char *home,
    const char *passphrase, struct err *e)
{
	char *level = db_meta(forms_db(fs), "level");
	int rc = 0;

	memset(r, 0, sizeof *r);
	r->fs = fs;
	r->home = home;
	if (!str_eq(level, "county"))
		rc = err_set(e, E_REFUSED, "只有县级数据库才收乡镇的包");
	free(level);
	return rc == 0 ? keyring_unlock(home, passphrase, &r->keys,
	    &r->signer, e) : rc;
}

void
receive_close(struct receiver *r)
{
	age_keys_done(&r->keys);
	minisign_wipe(&r->signer);
}

void
receive_item_done(struct receive_item *it)
{
	merge_result_done(&it->result);
	str_done(&it->sentence);
}

/* ---- what is there ------------------------------------------------------ */

static bool
is_delivery(const char *name)
{
	size_t len = strlen(name);

	return str_starts(name, "tj1-") && len > 8 &&
	    strcmp(name + len - 4, ".age") == 0;
}

/* tj1-SITE-INC-FROM-TO: by township, then by TO. */
static int
by_number(const void *a, const void *b)
{
	const char *x = strrchr(*(char *const *)a, '/');
	const char *y = strrchr(*(char *const *)b, '/');
	long long i, j;
	int c;

	x = x != NULL ? x + 1 : *(char *const *)a;
	y = y != NULL ? y + 1 : *(char *const *)b;
	c = strncmp(x, y, strcspn(x + 4, "-") + 4);
	if (c != 0)
		return c;
	i = strtoll(strrchr(x, '-') + 1, NULL, 10);
	j = strtoll(strrchr(y, '-') + 1, NULL, 10);
	return i < j ? -1 : i > j;
}

static int
list_folder(const char *path, char ***out, size_t *n, size_t *halves,
    struct err *e)
{
	DIR *dir = opendir(path);
	struct dirent *d;
	size_t cap = 0;

	if (dir == NULL)
		return err_errno(e, "打不开 %s", path);
	while ((d = readdir(dir)) != NULL) {
		char *one, *sig;

		if (!is_delivery(d->d_name))
			continue;
		one = xasprintf("%s/%s", path, d->d_name);
		sig = xasprintf("%s.minisig", one);
		if (file_exists(sig)) {
			*out = mem_grow(*out, *n, &cap, sizeof **out);
			(*out)[(*n)++] = one;
		} else {
			++*halves;
			free(one);
		}
		free(sig);
	}
	closedir(dir);
	if (*n > 0)
		qsort(*out, *n, sizeof **out, by_number);
	return 0;
}

int
receive_list(const char *path, char ***out, size_t *n, size_t *halves,
    struct err *e)
{
	struct stat st;

	*out = NULL;
	*n = *halves = 0;
	if (stat(path, &st) < 0)
		return err_errno(e, "打不开 %s", path);
	if (S_ISDIR(st.st_mode))
		return list_folder(path, out, n, halves, e);
	*out = xcalloc(1, sizeof **out);
	(*out)[(*n)++] = xstrdup(path);
	return 0;
}

/* ---- parking ------------------------------------------------------------ */

static int
copy_file(const char *from, const char *to, struct err *e)
{
	int in = open(from, O_RDONLY | O_CLOEXEC | O_NOFOLLOW), out, rc = 0;

	if (in < 0)
		return err_errno(e, "打不开 %s", from);
	unlink(to);
	out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (out < 0)
		rc = err_errno(e, "写不了 %s", to);
	if (rc == 0 && flow_copy(flow_from_fd(in), flow_to_fd(out), e) < 0)
		rc = e != NULL ? e->code : E_IO;
	if (rc == 0 && fsync(out) < 0)
		rc = err_errno(e, "写不了 %s", to);
	if (out >= 0)
		close(out);
	close(in);
	return rc;
}

/* Keep a copy of the two files, the marker last, so that the stick may go. */
static int
park(struct receiver *r, const char *path, struct err *e)
{
	const char *name = strrchr(path, '/');
	char *dir = xasprintf("%s/parked", r->home);
	char *to = xasprintf("%s/%s", dir, name != NULL ? name + 1 : path);
	char *sig = xasprintf("%s.minisig", path);
	char *to_sig = xasprintf("%s.minisig", to);
	int rc = 0;

	if (strcmp(path, to) != 0) {
		rc = file_mkdirs(dir, 0700, e);
		if (rc == 0)
			rc = copy_file(path, to, e);
		if (rc == 0)
			rc = copy_file(sig, to_sig, e);
	}
	free(dir);
	free(to);
	free(sig);
	free(to_sig);
	return rc;
}

static void
unpark(const char *path)
{
	char *sig = xasprintf("%s.minisig", path);

	unlink(sig);
	unlink(path);
	free(sig);
}

/* ---- receiving ---------------------------------------------------------- */

static int
for_us(struct receiver *r, const struct header *h, const char *site,
    struct err *e)
{
	char *own = db_meta(forms_db(r->fs), "site");
	int rc = 0;

	if (strcmp(h->site, site) != 0)
		rc = err_set(e, E_FORMAT, "文件名与包头的乡镇不符");
	else if (own == NULL || strcmp(h->county, own) != 0)
		rc = err_set(e, E_REFUSED, "这个包不是给本县的");
	free(own);
	return rc;
}

/* The township's name as the county knows it, not as the bundle says. */
static void
name_site(struct receiver *r, const char *site, char *out, size_t size)
{
	char *name;

	db_trust(forms_db(r->fs));
	name = db_str(forms_db(r->fs), "SELECT name FROM main.division"
	    " WHERE code=?1", "s", site);
	db_untrust(forms_db(r->fs));
	snprintf(out, size, "%s", name != NULL ? name : site);
	free(name);
}

static int
unknown_site(struct receiver *r, struct receive_item *it, struct err *e)
{
	it->stranger = true;
	name_site(r, it->site, it->name, sizeof it->name);
	return err_set(e, E_NOTFOUND, "待核对（未并入）：还没有登记%s的公钥，"
	    "请先运行 tongji key enrol enrol-%s.txt", it->name, it->site);
}

static int
merge_path(struct receiver *r, const char *path, bool dry,
    merge_progress_fn *progress, void *ctx, struct receive_item *it,
    struct err *e)
{
	const char *file = strrchr(path, '/');
	struct incoming_bundle b;
	struct keycard card;
	struct err none = ERR_INIT;
	size_t files = 0;
	int rc = verify_site_of(path, it->site, e);

	if (rc < 0)
		return rc;
	if (keyring_enrolled(r->home, it->site, &card, &none) < 0)
		return unknown_site(r, it, e);
	rc = incoming_bundle(&b, path, &r->keys, &card.signer, r->home, e);
	if (rc == E_CRYPTO || rc == E_DENIED)
		err_prefix(e, "待核对（未并入）");
	if (rc == 0)
		rc = for_us(r, &b.header, it->site, e);
	if (rc == 0) {
		const struct merge_job job = { .header = &b.header,
		    .chain = b.chain, .file = file != NULL ? file + 1 : path,
		    .rows = flow_from_fd(b.part[1].fd), .dry = dry,
		    .progress = progress, .ctx = ctx };

		strcpy(it->inc, b.header.inc);
		name_site(r, it->site, b.header.site_name,
		    sizeof b.header.site_name);
		strcpy(it->name, b.header.site_name);
		rc = merge_bundle(r->fs, &job, &it->result, e);
		if (rc == 0 && !dry && it->result.status != MERGE_GAP &&
		    it->result.status != MERGE_FORK)
			rc = enclosed_take(r->fs, &b.in, &files, e);
		if (rc == 0)
			merge_sentence(&b.header, &it->result, &it->sentence);
		if (rc == 0 && files > 0)
			str_addf(&it->sentence, "，佐证文件 %zu 份", files);
	}
	incoming_bundle_done(&b);
	return rc;
}

/* Parked deliveries of the township that fit by now; what still does not is
 * left for the next time. */
static void
try_parked(struct receiver *r, const char *site)
{
	char *dir = xasprintf("%s/parked", r->home), **v = NULL;
	size_t n = 0, halves, i;
	struct err none = ERR_INIT;

	if (file_exists(dir) && receive_list(dir, &v, &n, &halves, &none) < 0)
		n = 0;
	for (i = 0; i < n; i++) {
		struct receive_item it = { .sentence = STR_INIT };
		char whose[13];

		if (verify_site_of(v[i], whose, NULL) == 0 &&
		    strcmp(whose, site) == 0 && merge_path(r, v[i], false,
		    NULL, NULL, &it, &none) == 0 &&
		    it.result.status != MERGE_GAP)
			unpark(v[i]);
		receive_item_done(&it);
		free(v[i]);
	}
	free(v);
	free(dir);
}

/* Leave a trace of what was turned away; the refusal stands without it. */
static void
note_refusal(struct receiver *r, const char *path, const struct err *why)
{
	struct err none = ERR_INIT;
	struct str s = STR_INIT;

	str_addf(&s, "%s：%s", path, why->msg);
	if (journal_note(forms_db(r->fs), "receive", NULL, NULL, s.buf,
	    &none) < 0)
		str_clear(&s);
	str_done(&s);
}

int
receive_one(struct receiver *r, const char *path, bool dry,
    merge_progress_fn *progress, void *ctx, struct receive_item *it,
    struct err *e)
{
	struct err local = ERR_INIT;
	int rc;

	if (e == NULL)
		e = &local;
	memset(it, 0, sizeof *it);
	str_init(&it->sentence);
	rc = merge_path(r, path, dry, progress, ctx, it, e);
	if (rc < 0 && !dry)
		note_refusal(r, path, e);
	if (rc < 0 || dry)
		return rc;
	if (it->result.status == MERGE_GAP)
		return park(r, path, e);
	if (it->result.status == MERGE_OK)
		try_parked(r, it->site);
	return 0;
}

void
receive_fold(struct receive_item *it, const struct receive_item *before)
{
	struct merge_result *m = &it->result;
	const struct merge_result *b = &before->result;

	if (b->status < MERGE_GAP || b->status <= m->status ||
	    (m->status < MERGE_GAP && b->status != MERGE_FORK))
		return;
	m->status = b->status;
	memcpy(m->reason, b->reason, sizeof m->reason);
}

int
receive_answer(struct receiver *r, const struct receive_item *it,
    const char *dir, stick_progress_fn *progress, void *ctx, char file[160],
    struct err *e)
{
	return answer_deliver(r->fs, r->home, it->site, it->inc,
	    it->result.status, it->result.reason, &r->signer, dir, progress,
	    ctx, file, e);
}
