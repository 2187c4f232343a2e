/* Codes as people write them, for select_one and select_multiple (see type.h
 * and typing.h). */
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "number.h"
#include "safe.h"
#include "typing.h"

enum { LISTED_MAX = 8 };	/* labels named in a message */

/* 「不在选项里，可填：…」 */
static int
refuse_code(struct input *in, const struct codes *cs, const char *word)
{
	char brief[SAFE_BRIEF];
	struct str list = STR_INIT;
	size_t i;
	int rc;

	for (i = 0; i < cs->n && i < LISTED_MAX; i++)
		str_addf(&list, "%s%s", i > 0 ? "、" : "",
		    cs->rows[i].label);
	if (cs->n > LISTED_MAX)
		str_addf(&list, "等%zu项", cs->n);
	rc = err_set(in->e, E_FORMAT, "“%s”不在“%s”的选项里，可填：%s",
	    safe_brief(word, brief), cs->title, list.buf);
	str_done(&list);
	return rc;
}

/* A code by name or label, in any width and case; yes/no words for yes/no
 * lists. */
static const struct code *
find_code(const struct codes *cs, const char *word)
{
	const struct code *c = codes_find(cs, word);
	char folded[256], *p;
	int yes;

	if (c != NULL)
		return c;
	if (number_fold_buf(word, folded, sizeof folded) < 0)
		return NULL;
	c = codes_find(cs, folded);
	for (p = folded; c == NULL && *p != '\0'; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p - 'A' + 'a');
	if (c == NULL)
		c = codes_find(cs, folded);
	yes = c == NULL ? number_yes(word) : -1;
	return yes < 0 ? c : codes_find(cs, yes ? "yes" : "no");
}

int
type_one(struct input *in)
{
	const struct codes *cs = forms_codes(in->fs, in->f->list, in->e);
	const struct code *c;
	struct str word = STR_INIT;
	int rc = 0;

	if (cs == NULL)
		return in->e == NULL ? E_NOTFOUND : in->e->code;
	c = codes_find(cs, in->text);
	if (c == NULL) {
		safe_trim(&word, in->text);
		if (word.len > 0 && (c = find_code(cs, word.buf)) == NULL)
			rc = refuse_code(in, cs, word.buf);
		str_done(&word);
	}
	if (c != NULL)
		str_add(in->out, c->name);
	return rc;
}

/* Mark the codes of a word that may be several joined by 、.  A label may
 * itself contain one, so the longest beginning that is a code goes first. */
static int
mark_words(struct input *in, const struct codes *cs, bool *on, char *word)
{
	static const char dun[] = "、";
	char *end = word + strlen(word), *p, *first = strstr(word, dun);
	const struct code *c;

	while (end > word && end[-1] == ' ')
		*--end = '\0';
	word += strspn(word, " ");
	c = *word == '\0' ? NULL : find_code(cs, word);
	if (c != NULL || *word == '\0') {
		if (c != NULL)
			on[c - cs->rows] = true;
		return 0;
	}
	for (p = end; first != NULL && p-- > word;) {
		if (!str_starts(p, dun))
			continue;
		*p = '\0';
		c = p == word ? NULL : find_code(cs, word);
		if (c != NULL)
			on[c - cs->rows] = true;
		if (c != NULL || p == word)
			return mark_words(in, cs, on, p + strlen(dun));
		*p = *dun;
	}
	if (first != NULL)
		*first = '\0';
	return refuse_code(in, cs, word);
}

static int
mark(struct input *in, const struct codes *cs, bool *on, const char *from,
    size_t len)
{
	char *raw = xstrndup(from, len);
	struct str word = STR_INIT;
	int rc;

	safe_trim(&word, raw);
	free(raw);
	rc = word.len == 0 ? 0 : mark_words(in, cs, on, word.buf);
	str_done(&word);
	return rc;
}

int
type_multiple(struct input *in)
{
	static const char wide[] = "；";
	const struct codes *cs = forms_codes(in->fs, in->f->list, in->e);
	const char *p = in->text, *q;
	size_t len, i;
	bool *on;
	int rc = 0;

	if (cs == NULL)
		return in->e == NULL ? E_NOTFOUND : in->e->code;
	on = xcalloc(cs->n, sizeof *on);
	while (rc == 0 && *p != '\0') {
		len = strcspn(p, ";\n");
		q = strstr(p, wide);
		if (q != NULL && (size_t)(q - p) < len)
			len = (size_t)(q - p);
		rc = mark(in, cs, on, p, len);
		p += len;
		if (*p != '\0')
			p += *p == ';' || *p == '\n' ? 1 : strlen(wide);
	}
	for (i = 0; rc == 0 && i < cs->n; i++)
		if (on[i])
			str_addf(in->out, "%s%s;", in->out->len == 0 ? ";" :
			    "", cs->rows[i].name);
	free(on);
	return rc;
}
