/* The `type` line of a field: a word, then a range or a name (see
 * parsing.h). */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "parsing.h"
#include "type.h"

enum argument { A_NONE, A_LENGTH, A_RANGE, A_LIST, A_FORM, A_LEVEL, A_SERIAL };

static const enum argument arguments[T_COUNT] = {
	[T_TEXT] = A_LENGTH, [T_NOTE] = A_LENGTH,
	[T_INTEGER] = A_RANGE, [T_DECIMAL] = A_RANGE, [T_MONEY] = A_NONE,
	[T_DATE] = A_NONE, [T_DATETIME] = A_NONE, [T_TIME] = A_NONE,
	[T_SELECT_ONE] = A_LIST, [T_SELECT_MULTIPLE] = A_LIST,
	[T_REF] = A_FORM, [T_DIVISION] = A_LEVEL, [T_ID_CARD] = A_NONE,
	[T_PHONE] = A_NONE, [T_CALCULATE] = A_NONE, [T_SERIAL] = A_SERIAL,
};

static const char *const levels[] = {
	"province", "city", "county", "town", "village", NULL
};

/* One end of a range, up to `end`; an empty one is open. */
static bool
bound(const char *s, const char *end, long *out, bool *has)
{
	char *stop;

	*has = false;
	if (s == end)
		return true;
	if (*s != '-' && (*s < '0' || *s > '9'))
		return false;
	errno = 0;
	*out = strtol(s, &stop, 10);
	*has = true;
	return stop == end && errno == 0;
}

/* MIN..MAX, ..MAX, MIN.., or MAX alone for lengths. */
static void
range(struct parsing *p, const struct ini_property *pr, const char *word,
    bool length, struct field *f)
{
	const char *dots = strstr(word, ".."), *end = word + strlen(word);
	bool ok;

	if (dots == NULL)
		ok = length && bound(word, end, &f->max, &f->has_max);
	else
		ok = bound(word, dots, &f->min, &f->has_min) &&
		    bound(dots + 2, end, &f->max, &f->has_max) &&
		    (f->has_min || f->has_max);
	if (!ok)
		parse_at(p, MSG_RANGE_BAD, pr, word, NULL, NULL);
	else if (length && ((f->has_min && f->min < 0) ||
	    (f->has_max && f->max < 0)))
		parse_at(p, MSG_RANGE_NEGATIVE, pr, word, NULL, NULL);
	else if (f->has_min && f->has_max && f->min > f->max)
		parse_at(p, MSG_RANGE_ORDER, pr, word, NULL, NULL);
}

/* SL{year}-{seq4}: known words in braces, exactly one number. */
static void
serial(struct parsing *p, const struct ini_property *pr, const char *pattern,
    struct field *f)
{
	static const char *const words[] = {
		"year", "month", "day", "site", NULL
	};
	const char *open = pattern, *close;
	char *word;
	int seqs = 0, i;

	f->list = pattern;
	while ((open = strchr(open, '{')) != NULL) {
		close = strchr(open, '}');
		if (close == NULL)
			close = open + strlen(open);
		word = arena_strn(p->arena, open + 1,
		    (size_t)(close - open - 1));
		for (i = 0; words[i] != NULL; i++)
			if (strcmp(words[i], word) == 0)
				break;
		if (str_starts(word, "seq") && word[3] >= '1' &&
		    word[3] <= '9' && word[4] == '\0')
			seqs++;
		else if (words[i] == NULL || *close == '\0')
			parse_at(p, MSG_SERIAL_WORD, pr, word, NULL, NULL);
		open = close;
	}
	if (seqs != 1)
		parse_at(p, MSG_SERIAL_SEQ, pr, NULL, NULL, NULL);
}

static void
named(struct parsing *p, const struct ini_property *pr, enum argument kind,
    const char *word, struct field *f)
{
	size_t i;

	f->list = word;
	if (kind != A_LEVEL) {
		if (!parse_is_name(word))
			parse_at(p, MSG_NAME_BAD, pr, word, NULL, NULL);
		return;
	}
	for (i = 0; levels[i] != NULL; i++)
		if (strcmp(levels[i], word) == 0)
			return;
	parse_at(p, MSG_TYPE_LEVEL, pr, word, NULL, NULL);
}

static void
missing(struct parsing *p, const struct ini_property *pr, enum argument kind,
    const char *type)
{
	if (kind == A_LIST)
		parse_at(p, MSG_TYPE_LIST, pr, type, NULL, NULL);
	else if (kind == A_FORM)
		parse_at(p, MSG_TYPE_FORM, pr, NULL, NULL, NULL);
	else if (kind == A_LEVEL)
		parse_at(p, MSG_TYPE_LEVEL, pr, "", NULL, NULL);
	else if (kind == A_SERIAL)
		parse_at(p, MSG_TYPE_SERIAL, pr, NULL, NULL, NULL);
}

void
parse_type(struct parsing *p, const struct ini_property *pr, struct field *f)
{
	const char **words, *near;
	const struct type *t;
	enum argument kind;
	size_t n;

	words = parse_words(p, pr->value, &n);
	if (n == 0)
		return;			/* ini.c has said so */
	t = type_by_name(words[0]);
	if (t == NULL) {
		near = type_nearest(words[0]);
		parse_at(p, near == NULL ? MSG_TYPE_UNKNOWN : MSG_TYPE_NEAR,
		    pr, words[0], near, NULL);
		return;
	}
	f->type = type_number(t);
	kind = arguments[f->type];
	if (n == 1)
		missing(p, pr, kind, words[0]);
	else if (kind == A_NONE)
		parse_at(p, MSG_TYPE_RANGE, pr, words[0], words[1], NULL);
	else if (n > 2)
		parse_at(p, MSG_TYPE_EXTRA, pr, words[2], NULL, NULL);
	else if (kind == A_LENGTH || kind == A_RANGE)
		range(p, pr, words[1], kind == A_LENGTH, f);
	else if (kind == A_SERIAL)
		serial(p, pr, words[1], f);
	else
		named(p, pr, kind, words[1], f);
}
