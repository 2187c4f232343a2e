/* The question is written at once, so a line with a long delay is asked only
 * one round trip:
 *	CR 中中(UTF-8) CPR   CR ·(UTF-8) CPR   [CR 㐀(GB18030) CPR]   CR EL
 * E4 B8 AD twice is six bytes: two characters of two columns in UTF-8, three
 * whole two-byte characters in GBK, six in a one-byte encoding; once alone
 * would leave a lead byte in front of the ESC. */
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "date.h"
#include "file.h"
#include "probe.h"

enum { WAIT_MS = 500 };

int
probe_report(char *buf, size_t *len)
{
	size_t i, j;
	int row, col;

	for (i = 0; i + 5 < *len; i++) {
		if (buf[i] != '\033' || buf[i + 1] != '[')
			continue;
		row = col = 0;
		for (j = i + 2; j < *len && buf[j] >= '0' && buf[j] <= '9'; j++)
			row = (row * 10 + buf[j] - '0') % 10000;
		if (j >= *len || buf[j] != ';' || j == i + 2)
			continue;
		for (j++; j < *len && buf[j] >= '0' && buf[j] <= '9'; j++)
			col = (col * 10 + buf[j] - '0') % 10000;
		if (j >= *len || buf[j] != 'R' || row == 0)
			continue;
		memmove(buf + i, buf + j + 1, *len - j - 1);
		*len -= j + 1 - i;
		return col;
	}
	return 0;
}

/* Read until a report is there or the time is over; 0 for none. */
static int
wait_report(struct probe *p, int in, int64_t until)
{
	struct pollfd fd = { .fd = in, .events = POLLIN };
	int64_t left;
	ssize_t n;
	int col;

	for (;;) {
		col = probe_report(p->typed, &p->ntyped);
		if (col != 0)
			return col;
		left = until - date_unix_ms();
		if (left <= 0 || p->ntyped == sizeof p->typed)
			return 0;
		if (poll(&fd, 1, (int)left) <= 0)
			return 0;
		n = read(in, p->typed + p->ntyped,
		    sizeof p->typed - p->ntyped);
		if (n <= 0)
			return 0;
		p->ntyped += (size_t)n;
	}
}

void
probe_ask(struct probe *p, int in, int out, bool gb18030)
{
	static const char ask[] = "\r\xE4\xB8\xAD\xE4\xB8\xAD\033[6n"
	    "\r\xC2\xB7\033[6n";
	static const char four[] = "\r\x81\x39\xEE\x39\033[6n";
	static const char wipe[] = "\r\033[K";
	int64_t until;
	int col;

	memset(p, 0, sizeof *p);
	if (file_write_all(out, ask, sizeof ask - 1) != 0)
		return;
	if (gb18030 && file_write_all(out, four, sizeof four - 1) != 0)
		return;
	if (file_write_all(out, wipe, sizeof wipe - 1) != 0)
		return;
	until = date_unix_ms() + WAIT_MS;
	col = wait_report(p, in, until);
	if (col == 5)
		p->encoding = PROBE_UTF8;
	else if (col == 7)
		p->encoding = PROBE_OTHER;
	if (col == 0)
		return;
	col = wait_report(p, in, until);
	if (col == 2 || col == 3)
		p->ambiguous = col - 1;
	if (gb18030)
		p->four_byte = wait_report(p, in, until) == 3;
}
