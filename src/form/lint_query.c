/* Linting a whole query of a data file (lint_query of lint.h). */
#include <stdio.h>
#include <string.h>

#include "exprin.h"
#include "ini.h"
#include "lint.h"
#include "nearest.h"
#include "str.h"

struct query {
	struct forms *fs;
	const char *file, *sql;
	int line;
	struct messages *ms;
};

static void
tell(struct query *q, enum msg id, size_t at, const char *a, const char *b)
{
	int line = q->line, col = 1;

	ini_place(q->sql, at, &line, &col);
	messages_add(q->ms, id, q->file, line, col, a, b, NULL);
}

/* Every :name outside quotes must be one that is filled in. */
static void
look_for_params(struct query *q, const char *const *params)
{
	const char *p, *near;
	char word[64];
	size_t len, i;
	bool quoted = false;

	for (p = q->sql; *p != '\0'; p++) {
		if (*p == '\'')
			quoted = !quoted;
		if (quoted || strchr(":?@$", *p) == NULL)
			continue;
		len = 1 + strspn(p + 1, "abcdefghijklmnopqrstuvwxyz"
		    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
		snprintf(word, sizeof word, "%.*s",
		    (int)(len < sizeof word ? len : sizeof word - 1), p);
		for (i = 0; params[i] != NULL; i++)
			if (strcmp(params[i], word) == 0)
				break;
		near = nearest_of(word, params);
		if (params[i] == NULL)
			tell(q, near == NULL ? MSG_QUERY_PARAM :
			    MSG_EXPR_PARAM_NEAR, (size_t)(p - q->sql), word,
			    near);
	}
}

/* The word behind `before` in SQLite's sentence. */
static bool
word_after(const char *words, const char *before, char *out, size_t size)
{
	const char *hit = strstr(words, before);
	size_t len;

	if (hit == NULL)
		return false;
	hit += strlen(before);
	len = strcspn(hit, "\"():");
	snprintf(out, size, "%.*s", (int)(len < size ? len : size - 1), hit);
	return true;
}

static void
translate(struct query *q, const struct dry *d)
{
	static const struct {
		const char *before;
		enum msg id, near_id;
	} rows[] = {
		{ "no such column: ", MSG_EXPR_COLUMN, MSG_COUNT },
		{ "no such table: ", MSG_EXPR_TABLE, MSG_EXPR_TABLE_NEAR },
		{ "no such function: ", MSG_EXPR_FUNCTION, MSG_COUNT },
		{ "near \"", MSG_EXPR_SYNTAX, MSG_COUNT },
		{ "ambiguous column name: ", MSG_EXPR_AMBIGUOUS, MSG_COUNT },
		{ "arguments to function ", MSG_EXPR_ARGS, MSG_COUNT },
		{ "incomplete input", MSG_EXPR_INCOMPLETE, MSG_COUNT },
	};
	size_t at = d->offset < 0 ? 0 : (size_t)d->offset, i;
	const char *near;
	char word[64];

	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (!word_after(d->words, rows[i].before, word, sizeof word))
			continue;
		near = rows[i].near_id == MSG_COUNT ? NULL :
		    nearest_of(word, forms_names(q->fs));
		tell(q, near == NULL ? rows[i].id : rows[i].near_id, at, word,
		    near);
		return;
	}
	tell(q, MSG_EXPR_OTHER, at, d->words, NULL);
}

void
lint_query(struct forms *fs, const char *file, int line, const char *sql,
    const char *const *params, struct messages *ms)
{
	struct query q = { fs, file, sql, line, ms };
	struct dry d;

	look_for_params(&q, params);
	if (expr_dry(fs, sql, &d))
		return;
	if (d.denied[0] != '\0')
		tell(&q, d.function ? MSG_EXPR_FORBIDDEN_FUNCTION :
		    MSG_EXPR_DENIED, d.offset < 0 ? 0 : (size_t)d.offset,
		    d.denied, NULL);
	else
		translate(&q, &d);
}
