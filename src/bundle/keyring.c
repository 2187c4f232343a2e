/* See keyring.h. */
#include "keyring.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "age.h"
#include "date.h"
#include "file.h"
#include "keyringi.h"
#include "mem.h"
#include "safe.h"

enum { CARD_LIMIT = 16384 };

char *
keyring_path(const char *home, const char *name)
{
	return xasprintf("%s/keys/%s", home, name);
}

static int
write_text(const char *home, const char *name, const struct str *text,
    unsigned mode, struct err *e)
{
	char *path = keyring_path(home, name);
	int rc = file_write(path, text->buf, text->len, mode, e);

	free(path);
	return rc;
}

static int
make_dir(const char *home, struct err *e)
{
	char *dir = xasprintf("%s/keys", home);
	int rc = file_mkdirs(dir, 0700, e);

	free(dir);
	return rc;
}

static void
created(char out[32])
{
	char stamp[STAMP_SIZE];

	date_stamp(stamp);
	snprintf(out, 32, "%.10sT%.8s+08:00", stamp, stamp + 11);
}

int
keyring_put_age(const char *home, const char *name,
    const struct age_identity *id, const struct age_keys *older,
    const char *passphrase, struct err *e)
{
	struct str text = STR_INIT, sealed = STR_INIT, pub = STR_INIT;
	char when[32], r[AGE_RECIPIENT_SIZE], *file;
	struct age_writer *w;
	size_t i;
	int rc = 0;

	created(when);
	age_identity_text(&text, id, when);
	for (i = 0; older != NULL && i < older->n; i++)
		age_identity_text(&text, &older->v[i], NULL);
	if (passphrase != NULL) {
		w = age_writer_new_passphrase(flow_to_str(&sealed), passphrase,
		    AGE_WORK, e);
		rc = w == NULL ? E_CRYPTO : age_writer_write(w, text.buf,
		    text.len, e);
		if (rc == 0)
			rc = age_writer_finish(w, e);
		age_writer_free(w);
	}
	file = xasprintf("%s.age", name);
	if (rc == 0)
		rc = write_text(home, file, passphrase != NULL ? &sealed :
		    &text, 0600, e);
	free(file);
	age_recipient_format(&id->recipient, r);
	str_addf(&pub, "%s\n", r);
	file = xasprintf("%s.age.pub", name);
	if (rc == 0)
		rc = write_text(home, file, &pub, 0644, e);
	free(file);
	age_wipe_str(&text);
	str_done(&sealed);
	str_done(&pub);
	return rc;
}

int
keyring_put_minisign(const char *home, const char *name,
    const struct minisign_secret *s, const char *passphrase, struct err *e)
{
	struct str text = STR_INIT, pub = STR_INIT;
	char *file = xasprintf("%s.minisign", name);
	int rc = minisign_secret_text(&text, s, passphrase, e);

	if (rc == 0)
		rc = write_text(home, file, &text, 0600, e);
	free(file);
	file = xasprintf("%s.minisign.pub", name);
	minisign_public_text(&pub, &s->public);
	if (rc == 0)
		rc = write_text(home, file, &pub, 0644, e);
	free(file);
	age_wipe_str(&text);
	str_done(&pub);
	return rc;
}

int
keyring_init(const char *home, struct err *e)
{
	struct age_identity id;
	struct minisign_secret s;
	char *there = keyring_path(home, "site.minisign.pub");
	int rc = 0;

	age_init();
	if (!file_exists(there)) {
		rc = make_dir(home, e);
		age_identity_new(&id);
		minisign_new(&s);
		if (rc == 0)
			rc = keyring_put_age(home, "site", &id, NULL, NULL, e);
		if (rc == 0)
			rc = keyring_put_minisign(home, "site", &s, NULL, e);
		age_identity_wipe(&id);
		minisign_wipe(&s);
	}
	free(there);
	return rc;
}

static int
read_key_file(const char *home, const char *name, struct str *text,
    struct err *e)
{
	char *path = keyring_path(home, name);
	int rc = file_read(text, path, CARD_LIMIT, e);

	free(path);
	return rc;
}

static void
finish_card(struct keycard *c)
{
	key_fingerprint(&c->recipient, c->has_archive ? &c->archive : NULL,
	    &c->signer, c->fingerprint);
}

static int
read_card(const char *home, const char *base, const char *division,
    const char *name, struct keycard *out, struct err *e)
{
	struct str text = STR_INIT;
	char *file = xasprintf("%s.age.pub", base);
	int rc;

	memset(out, 0, sizeof *out);
	snprintf(out->division, sizeof out->division, "%s", division);
	snprintf(out->name, sizeof out->name, "%s", name);
	rc = read_key_file(home, file, &text, e);
	free(file);
	if (rc == 0) {
		text.buf[strcspn(text.buf, "\r\n")] = '\0';
		rc = age_recipient_parse(&out->recipient, text.buf, e);
	}
	file = xasprintf("%s.minisign.pub", base);
	if (rc == 0)
		rc = read_key_file(home, file, &text, e);
	free(file);
	if (rc == 0)
		rc = minisign_public_parse(&out->signer, text.buf, e);
	if (rc == 0)
		finish_card(out);
	str_done(&text);
	return rc;
}

int
keyring_site(const char *home, const char *division, const char *name,
    struct keycard *out, struct err *e)
{
	return read_card(home, "site", division, name, out, e);
}

int
keyring_identity(const char *home, struct age_keys *out, struct err *e)
{
	char *path = keyring_path(home, "site.age");
	int rc = age_keys_load(out, path, NULL, e);

	free(path);
	return rc;
}

int
keyring_signer(const char *home, struct minisign_secret *out, struct err *e)
{
	char *path = keyring_path(home, "site.minisign");
	int rc = minisign_secret_load(out, path, NULL, e);

	free(path);
	return rc;
}

int
keyring_unlock(const char *home, const char *passphrase,
    struct age_keys *keys, struct minisign_secret *signer, struct err *e)
{
	int held = keyring_hold(home, e);
	int rc = held < 0 ? held : keyring_unlock_held(home, passphrase, keys,
	    signer, e);

	if (held >= 0)
		close(held);
	return rc;
}

/* ---- cards -------------------------------------------------------------- */

static const struct {
	const char *kind, *title;
} kinds[] = {
	{ "county", "# 童记 县级公钥" },
	{ "township", "# 童记 乡镇登记" },
};

static const char *
kind_title(const char *kind)
{
	size_t i;

	for (i = 0; i < COUNT_OF(kinds); i++)
		if (strcmp(kinds[i].kind, kind) == 0)
			return kinds[i].title;
	return "";
}

void
keycard_text(const struct keycard *c, const char *kind, struct str *out)
{
	char r[AGE_RECIPIENT_SIZE], k[MINISIGN_PUBLIC_SIZE];

	age_recipient_format(&c->recipient, r);
	minisign_public_format(&c->signer, k);
	str_addf(out, "%s\nkind %s\ndivision %s\nname %s\nage %s\n",
	    kind_title(kind), kind, c->division, c->name, r);
	if (c->has_archive) {
		age_recipient_format(&c->archive, r);
		str_addf(out, "archive %s\n", r);
	}
	str_addf(out, "minisign %s\n", k);
	str_addf(out, "# 核对码 %s\n", c->fingerprint);
}

static int
take_line(struct keycard *c, char *key, char *value, unsigned *have,
    const char *kind, struct err *e)
{
	if (strcmp(key, "kind") == 0) {
		*have |= 1;
		if (strcmp(value, kind) != 0)
			return err_set(e, E_FORMAT, "这不是%s的公钥文件",
			    strcmp(kind, "county") == 0 ? "县里" : "乡镇");
	} else if (strcmp(key, "division") == 0) {
		*have |= 2;
		if (strlen(value) > 12 ||
		    strspn(value, "0123456789") != strlen(value))
			return err_set(e, E_FORMAT, "区划代码不对");
		strcpy(c->division, value);
	} else if (strcmp(key, "name") == 0) {
		struct str safe = STR_INIT;

		safe_line(&safe, value);
		snprintf(c->name, sizeof c->name, "%s", safe.buf);
		str_done(&safe);
	} else if (strcmp(key, "age") == 0) {
		*have |= 4;
		return age_recipient_parse(&c->recipient, value, e);
	} else if (strcmp(key, "archive") == 0) {
		c->has_archive = true;
		return age_recipient_parse(&c->archive, value, e);
	} else if (strcmp(key, "minisign") == 0) {
		*have |= 8;
		return minisign_public_parse(&c->signer, value, e);
	}
	return 0;
}

int
keycard_parse(struct keycard *c, const char *kind, const char *text,
    struct err *e)
{
	char *copy = xstrdup(text), *save = NULL, *line, *value;
	unsigned have = 0;
	int rc = 0;

	memset(c, 0, sizeof *c);
	for (line = strtok_r(copy, "\r\n", &save); rc == 0 && line != NULL;
	    line = strtok_r(NULL, "\r\n", &save)) {
		value = strchr(line, ' ');
		if (*line == '#' || value == NULL)
			continue;
		*value++ = '\0';
		rc = take_line(c, line, value, &have, kind, e);
	}
	free(copy);
	if (rc == 0 && have != 15)
		rc = err_set(e, E_FORMAT, "这不是完整的公钥文件，"
		    "请让对方重新给一份");
	if (rc == 0)
		finish_card(c);
	return rc;
}

int
keyring_keep(const char *home, const struct keycard *c, const char *kind,
    struct err *e)
{
	struct str text = STR_INIT;
	char *name, *dir;
	int rc;

	keycard_text(c, kind, &text);
	if (strcmp(kind, "county") == 0) {
		rc = make_dir(home, e);
		name = xstrdup("county.key");
	} else {
		dir = keyring_path(home, "enrolled");
		rc = file_mkdirs(dir, 0700, e);
		free(dir);
		name = xasprintf("enrolled/%s.txt", c->division);
	}
	if (rc == 0)
		rc = write_text(home, name, &text, 0600, e);
	free(name);
	str_done(&text);
	return rc;
}

static int
load_card(const char *home, const char *name, const char *kind,
    struct keycard *out, struct err *e)
{
	struct str text = STR_INIT;
	int rc = read_key_file(home, name, &text, e);

	if (rc == 0)
		rc = keycard_parse(out, kind, text.buf, e);
	str_done(&text);
	return rc;
}

int
keyring_county(const char *home, struct keycard *out, struct err *e)
{
	return load_card(home, "county.key", "county", out, e);
}

int
keyring_enrolled(const char *home, const char *division, struct keycard *out,
    struct err *e)
{
	char *name = xasprintf("enrolled/%.12s.txt", division);
	int rc = load_card(home, name, "township", out, e);

	free(name);
	return rc;
}

int
keyring_make_county(const char *home, const char *division, const char *name,
    const char *passphrase, struct str *paper, struct keycard *out,
    struct err *e)
{
	struct age_identity id, archive;
	struct minisign_secret s;
	char *there = keyring_path(home, "county.minisign");
	char secret[AGE_IDENTITY_SIZE];
	int rc = make_dir(home, e);

	age_init();
	if (rc == 0 && file_exists(there))
		rc = err_set(e, E_EXISTS, "县级密钥已经有了，不能再建一份。"
		    "要换密钥请运行 tongji key rotate");
	free(there);
	if (rc < 0)
		return rc;
	age_identity_new(&id);
	age_identity_new(&archive);
	minisign_new(&s);
	rc = keyring_put_age(home, "county", &id, NULL, passphrase,
	    e);
	if (rc == 0)
		rc = keyring_put_minisign(home, "county", &s, passphrase, e);
	if (rc == 0)
		rc = read_card(home, "county", division, name, out, e);
	if (rc == 0) {
		out->archive = archive.recipient;
		out->has_archive = true;
		finish_card(out);
		age_identity_format(&archive, secret);
		str_add(paper, secret);
		rc = keyring_keep(home, out, "county", e);
	}
	age_identity_wipe(&id);
	age_identity_wipe(&archive);
	minisign_wipe(&s);
	return rc;
}
