/* The parts of a workbook around its sheets: names, shared strings, styles. */
#include "workbooki.h"

#include <stdlib.h>
#include <string.h>

#include "xmlin.h"

struct part {
	struct xmlin *xml;
	const bool *stop;
};

static int
feed(void *arg, const char *p, size_t len, bool last, struct err *e)
{
	struct part *t = arg;
	int rc;

	if (t->stop != NULL && *t->stop)
		return 1;
	rc = xmlin_feed(t->xml, p, len, last, e);
	return rc < 0 ? rc : t->stop != NULL && *t->stop;
}

int
book_part(struct workbook *b, const char *member,
    const struct xmlin_handler *h, void *arg, const bool *stop,
    struct err *e)
{
	struct part t = { NULL, stop };
	int rc = xmlin_new(&t.xml, h, arg, e);

	if (rc == 0)
		rc = zipin_read(b->zip, member, feed, &t, e);
	xmlin_free(t.xml);
	return rc;
}

static void
ignore_end(void *arg, const char *name)
{
	(void)arg;
	(void)name;
}

static void
ignore_text(void *arg, const char *s, size_t len)
{
	(void)arg;
	(void)s;
	(void)len;
}

/* ---- xl/workbook.xml and its relations ---------------------------------- */

static void
book_start(void *arg, const char *name, const char **attr)
{
	struct workbook *b = arg;
	const char *v;

	if (strcmp(name, "workbookPr") == 0) {
		v = xmlin_attr(attr, "date1904");
		b->from_1904 = v != NULL && (*v == '1' || *v == 't');
		return;
	}
	if (strcmp(name, "sheet") != 0 || b->n >= 1000)
		return;
	b->sheet = mem_grow(b->sheet, b->n, &b->cap, sizeof *b->sheet);
	memset(&b->sheet[b->n], 0, sizeof *b->sheet);
	v = xmlin_attr(attr, "name");
	b->sheet[b->n].name = arena_str(&b->names, v != NULL ? v : "");
	b->sheet[b->n].id = arena_str(&b->names, xmlin_attr(attr, "id"));
	v = xmlin_attr(attr, "state");
	b->sheet[b->n].hidden = v != NULL && strstr(v, "idden") != NULL;
	b->n++;
}

static void
relation(void *arg, const char *name, const char **attr)
{
	struct workbook *b = arg;
	const char *id = xmlin_attr(attr, "Id");
	const char *target = xmlin_attr(attr, "Target");
	struct str path = STR_INIT;
	size_t i;

	if (strcmp(name, "Relationship") != 0 || id == NULL || target == NULL)
		return;
	for (i = 0; i < b->n; i++) {
		if (!str_eq(b->sheet[i].id, id))
			continue;
		str_clear(&path);
		if (*target != '/')
			str_add(&path, "xl/");
		str_add(&path, *target == '/' ? target + 1 : target);
		b->sheet[i].part = arena_str(&b->names, path.buf);
	}
	str_done(&path);
}

static const struct xmlin_handler book_handler = {
	book_start, ignore_end, ignore_text };
static const struct xmlin_handler relation_handler = {
	relation, ignore_end, ignore_text };

/* ---- xl/sharedStrings.xml ----------------------------------------------- */

struct strings {
	struct workbook *b;
	struct str text;
	bool in_text;
	int phonetic;
};

static void
string_start(void *arg, const char *name, const char **attr)
{
	struct strings *s = arg;

	(void)attr;
	if (strcmp(name, "si") == 0)
		str_clear(&s->text);
	else if (strcmp(name, "rPh") == 0)
		s->phonetic++;
	else if (strcmp(name, "t") == 0)
		s->in_text = s->phonetic == 0;
}

static void
string_end(void *arg, const char *name)
{
	struct strings *s = arg;
	struct workbook *b = s->b;

	if (strcmp(name, "t") == 0)
		s->in_text = false;
	else if (strcmp(name, "rPh") == 0)
		s->phonetic--;
	if (strcmp(name, "si") != 0)
		return;
	b->shared = mem_grow(b->shared, b->nshared, &b->shared_cap,
	    sizeof *b->shared);
	b->shared[b->nshared++] = arena_strn(&b->names, s->text.buf,
	    s->text.len);
}

static void
string_text(void *arg, const char *s, size_t len)
{
	struct strings *t = arg;

	if (t->in_text)
		str_addn(&t->text, s, len);
}

static const struct xmlin_handler string_handler = {
	string_start, string_end, string_text };

/* ---- xl/styles.xml ------------------------------------------------------ */

struct styles {
	struct workbook *b;
	long dated[256];	/* numbers of formats that show dates */
	size_t n;
	bool in_xfs;
};

/* Does a number format show a date or a time?  Quoted text, [colours] and
 * escaped characters do not count. */
static bool
format_dated(const char *code)
{
	for (; *code != '\0'; code++) {
		if (*code == '"' || *code == '[') {
			const char *end = strchr(code + 1,
			    *code == '"' ? '"' : ']');

			if (end == NULL)
				return false;
			code = end;
		} else if ((*code == '\\' || *code == '_' || *code == '*') &&
		    code[1] != '\0') {
			code++;
		} else if (strchr("yYmMdDhHsS", *code) != NULL) {
			return true;
		}
	}
	return false;
}

/* ECMA-376 part 1, 18.8.30: the built-in formats that are dates or times,
 * with those of Chinese editions. */
static bool
builtin_dated(long id)
{
	return (id >= 14 && id <= 22) || (id >= 27 && id <= 36) ||
	    (id >= 45 && id <= 47) || (id >= 50 && id <= 58);
}

static void
style_start(void *arg, const char *name, const char **attr)
{
	struct styles *s = arg;
	const char *id = xmlin_attr(attr, "numFmtId"), *code;
	long number = id != NULL ? atol(id) : 0;
	bool dated = builtin_dated(number);
	size_t i;

	if (strcmp(name, "numFmt") == 0) {
		code = xmlin_attr(attr, "formatCode");
		if (code != NULL && format_dated(code) &&
		    s->n < COUNT_OF(s->dated))
			s->dated[s->n++] = number;
	} else if (strcmp(name, "cellXfs") == 0) {
		s->in_xfs = true;
	} else if (strcmp(name, "xf") == 0 && s->in_xfs) {
		for (i = 0; i < s->n; i++)
			dated |= s->dated[i] == number;
		s->b->dated = mem_grow(s->b->dated, s->b->nstyles,
		    &s->b->styles_cap, 1);
		s->b->dated[s->b->nstyles++] = dated;
	}
}

static void
style_end(void *arg, const char *name)
{
	struct styles *s = arg;

	if (strcmp(name, "cellXfs") == 0)
		s->in_xfs = false;
}

static const struct xmlin_handler style_handler = {
	style_start, style_end, ignore_text };

/* ---- the book ----------------------------------------------------------- */

/* Parts that a book may do without. */
static int
optional(int rc, struct err *e)
{
	if (rc != E_NOTFOUND)
		return rc;
	if (e != NULL)
		e->code = 0, e->msg[0] = '\0';
	return 0;
}

static int
read_parts(struct workbook *b, struct err *e)
{
	struct strings strings = { .b = b, .text = STR_INIT };
	struct styles styles = { .b = b };
	int rc;

	rc = book_part(b, "xl/workbook.xml", &book_handler, b, NULL, e);
	if (rc == E_NOTFOUND)
		return err_set(e, E_FORMAT, "这不是 XLSX 工作簿，请在 WPS 或 "
		    "Excel 里另存为 XLSX 或 CSV 再导入");
	if (rc == 0)
		rc = book_part(b, "xl/_rels/workbook.xml.rels",
		    &relation_handler, b, NULL, e);
	if (rc == 0)
		rc = optional(book_part(b, "xl/sharedStrings.xml",
		    &string_handler, &strings, NULL, e), e);
	str_done(&strings.text);
	if (rc == 0)
		rc = optional(book_part(b, "xl/styles.xml", &style_handler,
		    &styles, NULL, e), e);
	if (rc == 0 && b->n == 0)
		rc = err_set(e, E_FORMAT, "工作簿里没有工作表");
	return rc;
}

int
workbook_open(struct workbook **out, const char *path, struct err *e)
{
	struct workbook *b = xcalloc(1, sizeof *b);
	int rc = zipin_open(&b->zip, path, e);

	*out = NULL;
	if (rc == 0)
		rc = read_parts(b, e);
	if (rc < 0) {
		workbook_close(b);
		return rc;
	}
	*out = b;
	return 0;
}

void
workbook_close(struct workbook *b)
{
	if (b == NULL)
		return;
	zipin_close(b->zip);
	arena_done(&b->names);
	arena_done(&b->texts);
	free(b->sheet);
	free(b->shared);
	free(b->dated);
	free(b->cell);
	free(b->line);
	free(b->merge);
	free(b);
}

size_t
workbook_count(const struct workbook *b)
{
	return b->n;
}

const char *
workbook_name(const struct workbook *b, size_t sheet, bool *hidden)
{
	if (hidden != NULL)
		*hidden = b->sheet[sheet].hidden;
	return b->sheet[sheet].name;
}
