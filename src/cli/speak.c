/* See speak.h. */
#include "speak.h"

#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "codec.h"
#include "mem.h"
#include "str.h"
#include "utf8.h"

static enum codec session = CODEC_UTF8;

/* A stream on a terminal; `rest` is the beginning of a character whose end
 * comes with the next write. */
struct mouth {
	int fd;
	struct str rest;
};

static int
write_all(int fd, const char *p, size_t len)
{
	ssize_t n;

	while (len > 0) {
		n = write(fd, p, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return -1;
		p += n;
		len -= (size_t)n;
	}
	return 0;
}

/* Bytes at the end of `s` that begin a character and do not end it. */
static size_t
unfinished(const char *s, size_t len)
{
	size_t i, want;

	for (i = 1; i <= 3 && i <= len; i++) {
		unsigned char c = (unsigned char)s[len - i];

		if ((c & 0xC0) == 0x80)
			continue;
		want = c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : c >= 0xC0 ? 2 : 1;
		return want > i ? i : 0;
	}
	return 0;
}

static ssize_t
utter(void *cookie, const char *buf, size_t size)
{
	struct mouth *m = cookie;
	struct codec_loss loss = CODEC_LOSS_INIT;
	struct str out = STR_INIT;
	size_t keep;
	char tail[4];
	int rc;

	str_addn(&m->rest, buf, size);
	keep = unfinished(m->rest.buf, m->rest.len);
	memcpy(tail, m->rest.buf + m->rest.len - keep, keep);
	codec_write(&out, m->rest.buf, m->rest.len - keep, session, &loss);
	rc = write_all(m->fd, out.buf, out.len);
	str_clear(&m->rest);
	str_addn(&m->rest, tail, keep);
	str_done(&out);
	return rc < 0 ? -1 : (ssize_t)size;
}

static FILE *
mouth_open(int fd, struct mouth *m)
{
	const cookie_io_functions_t io = { .write = utter };
	FILE *f;

	m->fd = fd;
	str_init(&m->rest);
	f = fopencookie(m, "w", io);
	if (f != NULL)
		setvbuf(f, NULL, fd == 2 ? _IONBF : _IOLBF, 0);
	return f;
}

static char *
decoded(const char *s)
{
	struct str out = STR_INIT;

	if (s == NULL || utf8_valid(s) ||
	    codec_read(&out, s, strlen(s), session, NULL, NULL) < 0) {
		str_done(&out);
		return NULL;
	}
	return str_take(&out);
}

static void
replace(FILE **stream, int fd, struct mouth *m)
{
	FILE *f;

	if (!isatty(fd) || (f = mouth_open(fd, m)) == NULL)
		return;
	fflush(*stream);
	*stream = f;
}

void
speak_start(int argc, char **argv, bool streams)
{
	static struct mouth err, out;
	char *utf8;
	int i;

	if (setlocale(LC_CTYPE, "") == NULL ||
	    codec_parse(nl_langinfo(CODESET), &session, NULL) < 0 ||
	    (session != CODEC_GBK && session != CODEC_GB18030)) {
		session = CODEC_UTF8;
		return;
	}
	for (i = 1; i < argc; i++)
		if (access(argv[i], F_OK) != 0 &&
		    (utf8 = decoded(argv[i])) != NULL)
			argv[i] = utf8;
	if (!streams)
		return;
	replace(&stderr, 2, &err);
	replace(&stdout, 1, &out);
}

char *
speak_line(char *line)
{
	char *utf8;

	if (session == CODEC_UTF8 || !isatty(0))
		return line;
	utf8 = decoded(line);
	if (utf8 == NULL)
		return line;
	free(line);
	return utf8;
}
