/* See tally.h. */
#include "tally.h"

#include <sodium.h>
#include <string.h>

#include "agekey.h"

static crypto_onetimeauth_state *
state_of(struct tally *t)
{
	_Static_assert(sizeof(crypto_onetimeauth_state) <= sizeof t->room,
	    "Poly1305 outgrew its room");
	_Static_assert((int)crypto_onetimeauth_KEYBYTES == (int)TALLY_KEY &&
	    (int)crypto_onetimeauth_BYTES == (int)TALLY_TAG, "Poly1305");
	return (crypto_onetimeauth_state *)t->room;
}

void
tally_init(struct tally *t, const struct tally *other)
{
	age_init();
	if (other != NULL)
		memcpy(t->key, other->key, sizeof t->key);
	else
		crypto_onetimeauth_keygen(t->key);
	crypto_onetimeauth_init(state_of(t), t->key);
	t->len = 0;
}

void
tally_add(struct tally *t, const void *p, size_t len)
{
	if (len > 0)
		crypto_onetimeauth_update(state_of(t), p, len);
	t->len += len;
}

bool
tally_equal(struct tally *a, struct tally *b)
{
	unsigned char x[TALLY_TAG], y[TALLY_TAG];

	crypto_onetimeauth_final(state_of(a), x);
	crypto_onetimeauth_final(state_of(b), y);
	return a->len == b->len && memcmp(x, y, sizeof x) == 0;
}
