/* See width.h.  The tables are Unicode's (data/width/make). */
#include "width.h"

#include <string.h>

#include "codec.h"
#include "mem.h"
#include "safe.h"
#include "utf8.h"
#include "width_table.h"

static struct {
	int ambiguous;			/* columns of the ambiguous ones */
	bool dbcs;			/* two-byte characters take two */
} session = { 1, false };

void
width_set_ambiguous(int cols)
{
	session.ambiguous = cols == 2 ? 2 : 1;
}

int
width_ambiguous_cols(void)
{
	return session.ambiguous;
}

void
width_set_dbcs(bool on)
{
	session.dbcs = on;
}

bool
width_dbcs(void)
{
	return session.dbcs;
}

static bool
find(const struct width_range *t, size_t n, uint32_t cp)
{
	size_t lo = 0, hi = n, mid;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (cp > t[mid].hi)
			lo = mid + 1;
		else if (cp < t[mid].lo)
			hi = mid;
		else
			return true;
	}
	return false;
}

/* In a double-byte session what counts is the bytes: two bytes, two cells.
 * 0: not such a character, Unicode's width holds (four-byte ones). */
static int
dbcs_width(uint32_t cp)
{
	enum codec c = codec_session();
	char bytes[4];

	if (!codec_can_show(cp))
		return -1;
	if (c == CODEC_UTF8)		/* the switch without a session */
		c = CODEC_GBK;
	return codec_encode(c, cp, bytes) == 2 ? 2 : 0;
}

int
width_cp(uint32_t cp)
{
	int w;

	if (cp >= 0x20 && cp < 0x7F)
		return 1;
	if (cp >= 0x4E00 && cp <= 0x9FFF && !session.dbcs)
		return 2;
	if (!safe_cp(cp))
		return -1;
	if (session.dbcs && (w = dbcs_width(cp)) != 0)
		return w;
	if (find(width_zero, COUNT_OF(width_zero), cp))
		return 0;
	if (find(width_wide, COUNT_OF(width_wide), cp))
		return 2;
	if (find(width_ambiguous, COUNT_OF(width_ambiguous), cp))
		return session.ambiguous;
	return 1;
}

int
width_drawn(uint32_t cp)
{
	int w = width_cp(cp);

	if (w >= 0)
		return w;
	return safe_blank(cp) ? 1 : 2;
}

int
width_strn(const char *s, size_t len)
{
	uint32_t cp;
	size_t at = 0;
	int cols = 0, n;

	while (at < len && s[at] != '\0') {
		if (s[at] >= 0x20 && s[at] < 0x7F) {
			cols++;
			at++;
			continue;
		}
		n = utf8_decode(&cp, s + at, len - at);
		cols += n < 0 ? 2 : width_drawn(cp);
		at += n < 0 ? 1 : (size_t)n;
	}
	return cols;
}

int
width_str(const char *s)
{
	return width_strn(s, strlen(s));
}
