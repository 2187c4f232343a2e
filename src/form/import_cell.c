/* The cells of one row, from what people and spreadsheets write to stored
 * values. */
#include <stdlib.h>
#include <string.h>

#include "importi.h"
#include "mem.h"
#include "number.h"
#include "recordi.h"
#include "safe.h"
#include "type.h"

/* What a spreadsheet shows instead of a value. */
static bool
is_error(const char *s)
{
	static const char *const errors[] = { "#N/A", "#REF!", "#VALUE!",
	    "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!" };
	size_t i;

	if (*s != '#')
		return false;
	for (i = 0; i < COUNT_OF(errors); i++)
		if (strcmp(s, errors[i]) == 0)
			return true;
	return s[1] == '#' && s[strspn(s, "#")] == '\0';
}

static bool
ends_name(const struct field *f)
{
	size_t n = strlen(f->name);

	return n >= 4 && strcmp(f->name + n - 4, "name") == 0;
}

/* Is there anything to read, or to complain about? */
static bool
holds(const struct import *m, size_t col)
{
	return m->row.cell[col][0] != '\0' ||
	    m->row.kind[col] == CELL_FORMULA;
}

/* Digits that a spreadsheet destroyed, in a column where digits count. */
static const char *
damage(const struct field *f, const char *text, bool numeric)
{
	switch (f->type) {
	case T_ID_CARD: case T_PHONE: case T_SERIAL: case T_DIVISION:
	case T_REF:
		return number_damage(text, numeric);
	case T_TEXT:
		return numeric || strstr(text, "E+") != NULL ?
		    number_damage(text, numeric) : NULL;
	default:
		return NULL;
	}
}

/* Zero-width characters come along when people paste from web pages; nobody
 * can find them to delete them.  (Marks that turn the direction of text are
 * no accident: they stay and are refused.) */
static const char *
without_zero_width(struct import *m, const char *text)
{
	static const char *const zero[] = { "\u200b", "\u200c", "\u200d",
	    "\u2060", "\ufeff" };
	const char *p;
	size_t i, n;

	if (strpbrk(text, "\xE2\xEF") == NULL)
		return text;
	str_clear(&m->clean);
	for (p = text; *p != '\0'; p += n) {
		for (i = 0, n = 1; i < COUNT_OF(zero); i++)
			if (str_starts(p, zero[i]))
				n = strlen(zero[i]);
		if (n == 1)
			str_addc(&m->clean, *p);
	}
	return m->clean.buf;
}

/* The text of a cell as it is to be parsed, or NULL after a problem.  Borrowed
 * until the next one, but for references until the row ends. */
static const char *
cell_text(struct import *m, const struct field *f, size_t col)
{
	const char *text = safe_unguard(m->row.cell[col]), *why;
	int kind = m->row.kind[col];

	if (kind == CELL_FORMULA) {
		import_problem(m, f, "格子里是公式，还没有算出结果。"
		    "请用 WPS 或 Excel 打开、保存一次再导入");
		return NULL;
	}
	if (kind == CELL_ERROR || is_error(text)) {
		import_problem(m, f, "格子里是“%s”，不是内容，请改正", text);
		return NULL;
	}
	why = damage(f, text, kind == CELL_NUMBER);
	if (why != NULL) {
		import_problem(m, f, "%s", why);
		return NULL;
	}
	if (f->type == T_REF)
		return text;
	if (*text == '\'' && (text[1] & 0x80) != 0 && ends_name(f))
		text++;			/* a spreadsheet's mark for text */
	return without_zero_width(m, text);
}

static void
take_plain(struct import *m, const struct field *f, size_t col)
{
	const char *text = cell_text(m, f, col);
	struct err e = ERR_INIT;

	free(m->val[f->index]);		/* a name kept for a reference */
	m->val[f->index] = NULL;
	if (text != NULL && type_parse(m->fs, f, text, &m->val[f->index],
	    &e) < 0)
		import_problem(m, f, "%s", e.msg);
}

/* ---- references --------------------------------------------------------- */

/* A name whose reference is known by now is not looked up again. */
static int
resolve(struct import *m, const struct field *f, const char *text,
    char **out, struct err *e)
{
	struct str key = STR_INIT;
	const struct textmap_slot *s;
	int rc = 0;

	*out = NULL;
	str_addf(&key, "%d %s", f->index, text);
	s = textmap_find(&m->refs, key.buf);
	if (s != NULL) {
		*out = xstrdup(s->text);
	} else {
		rc = resolve_ref(m->fs, f, text, out, e);
		if (rc == 0 && *out != NULL &&
		    strcmp(f->list, m->f->name) != 0)
			textmap_put(&m->refs, key.buf, *out, 0);
	}
	str_done(&key);
	return rc;
}

/* Is `text` what people call the record `uid`? */
static bool
called(struct import *m, const struct field *f, const char *uid,
    const char *text)
{
	const struct form *t = forms_get(m->fs, f->list, NULL);
	struct str name = STR_INIT;
	char *display;
	bool same;

	if (t == NULL)
		return false;
	display = record_display(m->fs, t, uid);
	safe_name(&name, text);
	same = strcmp(display, name.buf) == 0;
	str_done(&name);
	free(display);
	return same;
}

/* A reference written in several columns (证件号码 and 姓名): those that can
 * be resolved must agree; a name that several records have is settled by the
 * number beside it. */
struct ref {
	const char *text[2];	/* what names the record; an ambiguous name */
	char *uid;
	struct err e;		/* of the ambiguous one */
};

/* A name that no record has, where the form keeps such names as text: a
 * number or a uid is no name, and what the other column says stays. */
static bool
keep_name(struct import *m, const struct field *f, const char *text)
{
	const struct field *other = f->or_other == NULL ? NULL :
	    form_field(m->f, f->or_other);

	if (other == NULL || strpbrk(text, "0123456789") != NULL)
		return false;
	return m->val[other->index] != NULL || type_parse(m->fs, other, text,
	    &m->val[other->index], NULL) == 0;
}

static void
add_ref(struct import *m, const struct field *f, struct ref *r, size_t col)
{
	const char *text = cell_text(m, f, col);
	struct err e = ERR_INIT;
	char a[SAFE_BRIEF], b[SAFE_BRIEF], *uid;

	if (text == NULL)
		return;
	if (resolve(m, f, text, &uid, &e) < 0) {
		if (e.code == E_NOTFOUND && keep_name(m, f, text))
			return;
		if (e.code == E_RANGE && r->text[1] == NULL) {
			r->text[1] = text;
			r->e = e;
		} else {
			import_problem(m, f, "%s", e.msg);
		}
		return;
	}
	if (uid == NULL)
		return;
	if (r->uid == NULL) {
		r->uid = uid;
		r->text[0] = text;
		return;
	}
	if (strcmp(r->uid, uid) != 0)
		import_problem(m, f, "“%s”和“%s”不是同一条记录，请核对",
		    safe_brief(r->text[0], a), safe_brief(text, b));
	free(uid);
}

static void
take_ref(struct import *m, const struct field *f)
{
	struct ref r = { { NULL, NULL }, NULL, ERR_INIT };
	char a[SAFE_BRIEF], b[SAFE_BRIEF];
	size_t i, before = m->nproblems;

	for (i = 0; i < m->head.n && i < m->row.n; i++)
		if (m->head.meaning[i] == f->index && holds(m, i))
			add_ref(m, f, &r, i);
	if (m->nproblems == before && r.text[1] != NULL) {
		if (r.uid == NULL)
			import_problem(m, f, "%s", r.e.msg);
		else if (!called(m, f, r.uid, r.text[1]))
			import_problem(m, f, "“%s”和“%s”不是同一条记录，"
			    "请核对", safe_brief(r.text[0], a),
			    safe_brief(r.text[1], b));
	}
	m->val[f->index] = r.uid;
}

/* ---- the row ------------------------------------------------------------ */

static void
clear_row(struct import *m)
{
	size_t i;

	for (i = 0; i < m->f->nfields; i++) {
		free(m->val[i]);
		m->val[i] = NULL;
	}
	while (m->nproblems > 0)
		free(m->problem[--m->nproblems].text);
	m->uid = m->state = NULL;
}

/* Cells beyond the header that hold something: the row has slipped. */
static void
check_width(struct import *m)
{
	size_t i;

	for (i = m->head.n; i < m->row.n; i++)
		if (m->row.cell[i][0] != '\0') {
			import_problem(m, NULL, "这一行比表头多出内容（第 %zu "
			    "列“%.40s”），可能有逗号或引号没有写对", i + 1,
			    m->row.cell[i]);
			return;
		}
}

int
import_cells(struct import *m, struct err *e)
{
	const struct field *f;
	size_t i;

	(void)e;
	clear_row(m);
	check_width(m);
	for (i = 0; i < m->head.n && i < m->row.n; i++) {
		int what = m->head.meaning[i];

		if (!holds(m, i))
			continue;
		if (what == HEAD_UID)
			m->uid = m->row.cell[i];
		else if (what == HEAD_STATE)
			m->state = m->row.cell[i];
		if (what < 0)
			continue;
		f = &m->f->fields[what];
		if (f->type == T_REF) {
			if (m->val[what] == NULL)
				take_ref(m, f);
		} else {
			take_plain(m, f, i);
		}
	}
	return 0;
}
