/* See digest.h. */
#include "digest.h"

#include <nettle/nettle-meta.h>
#include <string.h>
#include <strings.h>

#include "log.h"

static const struct {
	const char *name;
	size_t size;
	const struct nettle_hash *hash;
} kinds[DIGEST_KINDS] = {
	[DIGEST_MD5] = { "md5", 16, &nettle_md5 },
	[DIGEST_SHA1] = { "sha1", 20, &nettle_sha1 },
	[DIGEST_SHA224] = { "sha224", 28, &nettle_sha224 },
	[DIGEST_SHA256] = { "sha256", 32, &nettle_sha256 },
	[DIGEST_SHA384] = { "sha384", 48, &nettle_sha384 },
	[DIGEST_SHA512] = { "sha512", 64, &nettle_sha512 },
};

void
digest_init(struct digest *d, enum digest_kind kind)
{
	const struct nettle_hash *h;

	if ((unsigned)kind >= DIGEST_KINDS)
		BUG("digest kind %d", (int)kind);
	d->kind = kind;
	h = kinds[kind].hash;
	if (h->context_size > sizeof d->state.room)
		BUG("digest %s needs %u bytes", h->name, h->context_size);
	else
		h->init(d->state.room);
}

void
digest_update(struct digest *d, const void *p, size_t len)
{
	if (len > 0)
		kinds[d->kind].hash->update(d->state.room, len, p);
}

void
digest_final(struct digest *d, unsigned char out[DIGEST_MAX])
{
	kinds[d->kind].hash->digest(d->state.room, kinds[d->kind].size, out);
}

size_t
digest_size(enum digest_kind kind)
{
	return kinds[kind].size;
}

int
digest_find(const char *name, size_t len)
{
	char bare[16];
	size_t i, n = 0;

	for (i = 0; i < len; i++) {
		if (name[i] == '-')
			continue;
		if (n + 1 >= sizeof bare || name[i] == '\0')
			return -1;
		bare[n++] = name[i];
	}
	bare[n] = '\0';
	for (i = 0; i < DIGEST_KINDS; i++)
		if (strcasecmp(bare, kinds[i].name) == 0)
			return (int)i;
	return -1;
}
