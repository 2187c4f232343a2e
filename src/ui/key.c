/* getch() gives bytes or KEY_*; text/codec decodes and resynchronises, since
 * get_wch() would swallow the keyboard (PITFALLS 2).  Waiting is our own
 * poll(), so that a signal or a hangup is seen at once and a dead line never
 * spins (PITFALLS 7). */
#include <curses.h>
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "codec.h"
#include "date.h"
#include "key.h"
#include "mem.h"
#include "str.h"
#include "term.h"
#include "utf8.h"

enum {
	TAIL_MS = 500,		/* a lead byte waits this long for its tail */
	PASTE_MS = 1000,	/* a paste that stops arriving is over */
	QUEUE = 8,
	PASTE_MAX = 65536,	/* bytes; the rest of a paste is dropped */
	PASTE_BEGIN = 2000,	/* above KEY_MAX */
	PASTE_END
};

static struct {
	struct codec_in in;
	uint32_t queue[QUEUE];
	int nqueue;
	struct str paste;
	int64_t touched;
} keys = { .paste = STR_INIT };

/* What PuTTY, xterm, the Linux console, rxvt, tmux and the VT family send,
 * whatever TERM says (PITFALLS 6). */
static const struct {
	const char *seq;
	int code;
} defs[] = {
	{ "\033[11~", KEY_F(1) }, { "\033OP", KEY_F(1) }, { "\033[[A", KEY_F(1) },
	{ "\033[12~", KEY_F(2) }, { "\033OQ", KEY_F(2) }, { "\033[[B", KEY_F(2) },
	{ "\033[13~", KEY_F(3) }, { "\033OR", KEY_F(3) }, { "\033[[C", KEY_F(3) },
	{ "\033[14~", KEY_F(4) }, { "\033OS", KEY_F(4) }, { "\033[[D", KEY_F(4) },
	{ "\033[15~", KEY_F(5) }, { "\033[[E", KEY_F(5) },
	{ "\033[17~", KEY_F(6) }, { "\033[18~", KEY_F(7) },
	{ "\033[19~", KEY_F(8) }, { "\033[20~", KEY_F(9) },
	{ "\033[21~", KEY_F(10) }, { "\033[23~", KEY_F(11) },
	{ "\033[24~", KEY_F(12) },
	{ "\033[A", KEY_UP }, { "\033OA", KEY_UP },
	{ "\033[B", KEY_DOWN }, { "\033OB", KEY_DOWN },
	{ "\033[C", KEY_RIGHT }, { "\033OC", KEY_RIGHT },
	{ "\033[D", KEY_LEFT }, { "\033OD", KEY_LEFT },
	{ "\033[1~", KEY_HOME }, { "\033[7~", KEY_HOME },
	{ "\033[H", KEY_HOME }, { "\033OH", KEY_HOME },
	{ "\033[4~", KEY_END }, { "\033[8~", KEY_END },
	{ "\033[F", KEY_END }, { "\033OF", KEY_END },
	{ "\033[2~", KEY_IC }, { "\033[3~", KEY_DC },
	{ "\033[5~", KEY_PPAGE }, { "\033[6~", KEY_NPAGE },
	{ "\033[Z", KEY_BTAB },
	{ "\010", KEY_BACKSPACE }, { "\177", KEY_BACKSPACE },
	{ "\033[200~", PASTE_BEGIN }, { "\033[201~", PASTE_END }
};

static const struct {
	int from;
	uint32_t to;
} names[] = {
	{ KEY_ENTER, K_ENTER }, { KEY_BTAB, K_BACKTAB },
	{ KEY_UP, K_UP }, { KEY_DOWN, K_DOWN },
	{ KEY_LEFT, K_LEFT }, { KEY_RIGHT, K_RIGHT },
	{ KEY_HOME, K_HOME }, { KEY_END, K_END },
	{ KEY_FIND, K_HOME }, { KEY_SELECT, K_END },
	{ KEY_PPAGE, K_PGUP }, { KEY_NPAGE, K_PGDN },
	{ KEY_IC, K_INS }, { KEY_DC, K_DEL },
	{ KEY_BACKSPACE, K_BACKSPACE }, { KEY_RESIZE, K_RESIZE }
};

/* Control characters; the letters of DESIGN.md's second keys. */
static const struct {
	uint32_t from, to;
} controls[] = {
	{ 0x01, K_HOME }, { 0x03, K_ESC }, { 0x04, K_F0 + 5 },
	{ 0x05, K_END }, { 0x06, K_F0 + 3 }, { 0x07, K_F0 + 1 },
	{ 0x08, K_BACKSPACE }, { 0x09, K_TAB }, { 0x0A, K_ENTER },
	{ 0x0C, K_F0 + 4 }, { 0x0D, K_ENTER }, { 0x0E, K_NEWLINE },
	{ 0x12, K_REDRAW }, { 0x13, K_F0 + 2 }, { 0x14, K_F0 + 8 },
	{ 0x15, K_KILL }, { 0x17, K_WORD }, { 0x1A, K_UNDO },
	{ 0x1B, K_ESC }, { 0x7F, K_BACKSPACE }
};

void
key_start(const char *typed, size_t len)
{
	size_t i;

	for (i = 0; i < COUNT_OF(defs); i++)
		define_key(defs[i].seq, defs[i].code);
	codec_in_init(&keys.in, codec_session());
	keys.nqueue = 0;
	key_touch();
	while (len-- > 0)
		ungetch((unsigned char)typed[len]);
}

void
key_touch(void)
{
	keys.touched = date_unix_ms();
}

int64_t
key_idle_ms(void)
{
	return date_unix_ms() - keys.touched;
}

/* One byte or KEY_*, waiting at most `ms`; ERR when nothing came.  A hangup
 * is recorded with term_set_gone(). */
static int
next_byte(int ms)
{
	struct pollfd fd = { .fd = STDIN_FILENO, .events = POLLIN };
	int c, n;

	if (term_gone())
		return ERR;
	c = getch();		/* what curses holds already, or KEY_RESIZE */
	if (c != ERR || ms == 0)
		return c;
	n = poll(&fd, 1, ms);
	if (term_gone())
		return ERR;
	if (n < 0)
		return getch();		/* a signal: perhaps a new size */
	if (n == 0)
		return ERR;
	if ((fd.revents & POLLIN) != 0) {
		errno = 0;
		c = getch();
		if (c != ERR)
			return c;
		/* readable, but nothing to read: end of file or EIO */
	}
	if (errno != EINTR && (fd.revents & (POLLHUP | POLLERR | POLLNVAL |
	    POLLIN)) != 0)
		term_set_gone();
	return ERR;
}

bool
key_waiting(void)
{
	struct pollfd fd = { .fd = STDIN_FILENO, .events = POLLIN };
	int c;

	if (keys.nqueue > 0)
		return true;
	if (poll(&fd, 1, 0) > 0)
		return true;
	c = next_byte(0);
	if (c == ERR)
		return false;
	ungetch(c);
	return true;
}

static void
push(uint32_t cp)
{
	if (keys.nqueue < QUEUE)
		keys.queue[keys.nqueue++] = cp;
}

/* Give a byte to the decoder; the complete characters go to the queue. */
static void
decode(int byte)
{
	uint32_t out[4];
	int i, n, bad = 0;

	n = byte < 0 ? codec_flush(&keys.in, out, &bad) :
	    codec_push(&keys.in, (unsigned char)byte, out, &bad);
	for (i = 0; i < n; i++)
		push(out[i]);
	if (bad > 0)
		push(K_BAD);
}

/* After an ESC that began no known key: a sequence that we do not know (an
 * unusual key, a late answer of the terminal) must not become text.  Only what
 * is here already is looked at. */
static void
swallow_rest(void)
{
	int c, n;

	for (n = 0; n < 32; n++) {
		c = next_byte(n == 0 ? 20 : 5);
		if (c == ERR || c > 255 || (c >= 0x40 && c <= 0x7E && c != '['))
			break;
	}
}

static bool
swallow_sequence(void)
{
	int c = next_byte(0);

	if (c != '[' && c != 'O') {
		if (c != ERR)
			ungetch(c);
		return false;
	}
	swallow_rest();
	return true;
}

/* Everything up to the end of the paste, as text.  No key inside it runs. */
static void
read_paste(void)
{
	char utf8[UTF8_MAX];
	int c, i, n;

	str_clear(&keys.paste);
	for (;;) {
		c = next_byte(PASTE_MS);
		if (c == ERR || c == PASTE_END)
			break;
		if (c > 255)
			continue;
		decode(c);
		for (i = 0; i < keys.nqueue; i++) {
			n = utf8_encode(utf8, keys.queue[i]);
			if (n > 0 && keys.paste.len < PASTE_MAX)
				str_addn(&keys.paste, utf8, (size_t)n);
		}
		keys.nqueue = 0;
	}
	decode(-1);
	keys.nqueue = 0;
}

static uint32_t
name_of(int c)
{
	size_t i;

	if (c >= KEY_F(1) && c <= KEY_F(12))
		return K_F(c - KEY_F(0));
	for (i = 0; i < COUNT_OF(names); i++) {
		if (names[i].from == c)
			return names[i].to;
	}
	return K_NONE;
}

static uint32_t
control_of(uint32_t cp)
{
	size_t i;

	if (cp >= 0x20 && cp != 0x7F)
		return cp;
	for (i = 0; i < COUNT_OF(controls); i++) {
		if (controls[i].from == cp)
			return controls[i].to;
	}
	return K_NONE;
}

/* One character from the queue as a key. */
static uint32_t
take(void)
{
	uint32_t cp = keys.queue[0];

	keys.nqueue--;
	memmove(keys.queue, keys.queue + 1,
	    (size_t)keys.nqueue * sizeof keys.queue[0]);
	if (cp >= K_NONE)
		return cp;
	cp = control_of(cp);
	return cp == K_ESC && swallow_sequence() ? K_NONE : cp;
}

void
key_read(struct key *k, int ms)
{
	int c;

	k->text = NULL;
	k->code = K_NONE;
	while (k->code == K_NONE) {
		if (keys.nqueue > 0) {
			k->code = take();
			continue;
		}
		c = next_byte(codec_pending(&keys.in) ? TAIL_MS : ms);
		if (term_gone()) {
			k->code = K_GONE;
			return;
		}
		if (c == ERR || c > 255)
			decode(-1);	/* the character stays incomplete */
		if (c == ERR && keys.nqueue == 0) {
			k->code = K_TICK;
			return;
		}
		if (c == PASTE_BEGIN) {
			read_paste();
			k->code = K_PASTE;
			k->text = keys.paste.buf;
		} else if (c == KEY_MOUSE) {
			swallow_rest();		/* never asked for */
		} else if (c > 255) {
			k->code = name_of(c);
		} else if (c != ERR) {
			decode(c);
		}
	}
	if (k->code != K_RESIZE)
		key_touch();
}

bool
key_is_text(const struct key *k)
{
	return k->code >= 0x20 && k->code != 0x7F && k->code < UTF8_BAD;
}

uint32_t
key_plain(const struct key *k)
{
	uint32_t c = k->code;

	if (c >= 0xFF01 && c <= 0xFF5E)
		c -= 0xFEE0;
	else if (c == 0x3000)
		c = ' ';
	else if (c == 0x3001)		/* 、 is the / key of a Chinese input */
		c = '/';
	return c >= 'A' && c <= 'Z' ? c + 32 : c;
}
