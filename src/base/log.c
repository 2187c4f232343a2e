/* See log.h. */
#include "log.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static void (*restorer)(void);

void
log_set_restorer(void (*restore)(void))
{
	restorer = restore;
}

void
die(const char *fmt, ...)
{
	void (*restore)(void) = restorer;
	va_list ap;

	restorer = NULL;
	if (restore != NULL)
		restore();
	va_start(ap, fmt);
	fputs("童记：", stderr);
	vfprintf(stderr, fmt, ap);
	fputc('\n', stderr);
	va_end(ap);
	exit(3);
}

void
say(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
}
