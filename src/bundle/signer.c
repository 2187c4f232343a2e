/* See signer.h. */
#include "signer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "keyringi.h"
#include "mem.h"
#include "minisign.h"
#include "str.h"
#include "verify.h"

enum { FORMER_LIMIT = 1 << 16 };	/* bytes: some 800 changes of keys */

static const char title[] = "# 本单位换下的签名公钥，旧数据包用它核对\n";

static char *
former_path(const char *home)
{
	return keyring_path(home, "site.former");
}

/* The lines of the file, the first one on top; none is no error. */
static int
read_former(const char *home, struct str *text, struct err *e)
{
	char *path = former_path(home);
	int rc = file_exists(path) ? file_read(text, path, FORMER_LIMIT, e) :
	    0;

	free(path);
	return rc;
}

int
signer_retire(const char *home, const struct minisign_public *k,
    struct err *e)
{
	char stamp[STAMP_SIZE], key[MINISIGN_PUBLIC_SIZE];
	char *path = former_path(home);
	struct str text = STR_INIT;
	int rc = read_former(home, &text, e);

	if (rc == 0) {
		date_stamp(stamp);
		minisign_public_format(k, key);
		if (text.len == 0)
			str_add(&text, title);
		str_addf(&text, "%s %s\n", stamp, key);
		rc = file_write(path, text.buf, text.len, 0644, e);
	}
	str_done(&text);
	free(path);
	return rc;
}

/* STAMP KEY; a line that is not so is a damaged file. */
static int
take_line(char *line, struct signer *s, struct err *e)
{
	enum { STAMP = STAMP_SIZE - 1 };

	if (strlen(line) <= STAMP || line[STAMP] != ' ')
		return err_set(e, E_FORMAT, "旧密钥的记录（site.former）坏了");
	memcpy(s->until, line, STAMP);
	s->until[STAMP] = '\0';
	return minisign_public_parse(&s->key, line + STAMP_SIZE, e);
}

int
signer_own(const char *home, struct signer **out, size_t *n, struct err *e)
{
	struct str text = STR_INIT;
	char *line, *save = NULL;
	struct keycard card;
	size_t cap = 0, i;
	int rc = keyring_site(home, "", "", &card, e);

	*out = NULL;
	*n = 0;
	if (rc == 0)
		rc = read_former(home, &text, e);
	if (rc < 0)
		return rc;
	for (line = text.len > 0 ? strtok_r(text.buf, "\r\n", &save) : NULL;
	    rc == 0 && line != NULL; line = strtok_r(NULL, "\r\n", &save)) {
		if (*line == '#')
			continue;
		*out = mem_grow(*out, *n, &cap, sizeof **out);
		rc = take_line(line, &(*out)[(*n)++], e);
	}
	*out = mem_grow(*out, *n, &cap, sizeof **out);
	(*out)[*n].key = card.signer;
	(*out)[(*n)++].until[0] = '\0';
	for (i = 0; i < *n / 2; i++) {		/* the last one first */
		struct signer s = (*out)[i];

		(*out)[i] = (*out)[*n - 1 - i];
		(*out)[*n - 1 - i] = s;
	}
	str_done(&text);
	if (rc < 0) {
		free(*out);
		*out = NULL;
	}
	return rc;
}

/* The key of this site that the signature names, else the one in use. */
static int
pick_own(const char *home, const unsigned char id[8], struct signer *out,
    struct err *e)
{
	struct signer *v;
	size_t n, i;
	int rc = signer_own(home, &v, &n, e);

	if (rc < 0)
		return rc;
	for (i = 0; i < n && memcmp(v[i].key.id, id, 8) != 0; i++)
		;
	*out = v[i < n ? i : 0];
	free(v);
	return 0;
}

int
signer_verify(const char *home, const char *path, char *comment, size_t size,
    char until[STAMP_SIZE], struct err *e)
{
	struct err none = ERR_INIT;
	struct keycard card;
	struct minisign_sig sig;
	struct signer who = { .until = "" };
	char site[13];
	int rc = verify_site_of(path, site, e);

	if (rc == 0)
		rc = verify_read_sig(path, &sig, e);
	if (rc < 0)
		return rc;
	if (keyring_enrolled(home, site, &card, &none) == 0)
		who.key = card.signer;
	else if (pick_own(home, sig.id, &who, &none) < 0)
		return err_set(e, none.code, "本机没有 %s 的公钥，无法验证签名：%s",
		    site, none.msg);
	strcpy(until, who.until);
	return verify_signature(path, &who.key, comment, size, e);
}
