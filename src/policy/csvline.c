/* See csvline.h. */
#include "csvline.h"

#include <string.h>

void
csvline_start(struct csvline *c, char *text)
{
	if (strncmp(text, "\xef\xbb\xbf", 3) == 0)
		text += 3;
	c->next = text;
	c->line = 0;
}

/* A quoted cell behind its first quote: unescaped in place.  Where the cell
 * ends, NULL when it does not. */
static char *
quoted(char *s)
{
	char *to = s;

	for (; *s != '\0'; s++) {
		if (*s == '"' && s[1] != '"')
			break;
		if (*s == '"')
			s++;
		*to++ = *s;
	}
	if (*s != '"' || (s[1] != ',' && s[1] != '\0'))
		return NULL;
	*to = '\0';
	return s + 1;
}

static int
cut(char *s, char **cell, int max)
{
	int n = 0;

	for (;;) {
		if (n == max)
			return -1;
		if (*s == '"') {
			cell[n++] = s + 1;
			s = quoted(s + 1);
			if (s == NULL)
				return -1;
		} else {
			cell[n++] = s;
			s += strcspn(s, ",");
		}
		if (*s == '\0')
			return n;
		*s++ = '\0';
	}
}

int
csvline_next(struct csvline *c, char **cell, int max)
{
	char *s, *end;

	while (*c->next != '\0') {
		s = c->next;
		end = s + strcspn(s, "\n");
		c->next = *end == '\0' ? end : end + 1;
		*end = '\0';
		if (end > s && end[-1] == '\r')
			end[-1] = '\0';
		c->line++;
		if (*s != '\0' && *s != '#')
			return cut(s, cell, max);
	}
	return 0;
}
