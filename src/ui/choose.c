/* Code lists and days.  Records are in refpick.c. */
#include <stdlib.h>
#include <string.h>

#include "choose.h"
#include "date.h"
#include "mem.h"
#include "picker.h"
#include "refpick.h"

static bool
all_digits(const char *s)
{
	return *s != '\0' && s[strspn(s, "0123456789")] == '\0';
}

/* What a digit means in this list. */
static void
sort_out(struct choices *c)
{
	size_t i, single = 0, several = 0, labels = 0, in_place = 0;
	const struct code *k;

	for (i = 0; i < c->codes->n; i++) {
		k = &c->codes->rows[i];
		if (!c->keep[i])
			continue;
		c->n++;
		labels += k->label[0] >= '0' && k->label[0] <= '9';
		if (!all_digits(k->name))
			continue;
		single += k->name[1] == '\0';
		several += k->name[1] != '\0';
		in_place += strtoul(k->name, NULL, 10) == c->n;
	}
	c->by_name = single == c->n;
	/* 1 to 13: the place is the number already */
	c->numbered = several > 0 && single + several > c->n / 2 &&
	    in_place < c->n;
	c->spelt = c->n > 9 && labels > 0 && single + several == 0;
}

int
choices_open(struct choices *c, const struct record *r, const struct field *f,
    struct err *e)
{
	size_t i;
	int rc;

	memset(c, 0, sizeof *c);
	c->codes = forms_codes(r->fs, f->list, e);
	if (c->codes == NULL)
		return e->code;
	c->keep = xmalloc(c->codes->n + 1);
	for (i = 0; i < c->codes->n; i++)
		c->keep[i] = true;
	if (f->choice_filter.sql != NULL) {
		rc = expr_choices(r->fs, f, r->uid, r->val, c->keep, e);
		if (rc < 0) {
			choices_done(c);
			return rc;
		}
	}
	sort_out(c);
	return 0;
}

void
choices_done(struct choices *c)
{
	free(c->keep);
	c->keep = NULL;
}

const struct code *
choices_digit(const struct choices *c, int digit)
{
	size_t i;
	int k = 0;

	if (c->numbered || c->spelt)
		return NULL;
	for (i = 0; i < c->codes->n; i++) {
		if (!c->keep[i])
			continue;
		k++;
		if (c->by_name ? c->codes->rows[i].name[0] == '0' + digit :
		    k == digit)
			return &c->codes->rows[i];
	}
	return NULL;
}

void
choices_hint(const struct choices *c, struct str *out)
{
	size_t i;
	int k = 0;

	for (i = 0; i < c->codes->n; i++) {
		if (!c->keep[i])
			continue;
		k++;
		if (k > 1)
			str_add(out, "  ");
		if (c->by_name || (c->numbered &&
		    all_digits(c->codes->rows[i].name)))
			str_add(out, c->codes->rows[i].name);
		else if (k <= 9 && !c->spelt)
			str_addf(out, "%d", k);
		str_add(out, c->codes->rows[i].label);
		if (out->len > 200)
			break;
	}
}

bool
choices_has(const char *value, const char *name)
{
	char *key;
	bool has;

	if (value == NULL)
		return false;
	key = xasprintf(";%s;", name);
	has = strstr(value, key) != NULL;
	free(key);
	return has;
}

void
choices_toggle(struct record *r, const struct field *f, const struct codes *cs,
    const char *name)
{
	const char *old = r->val[f->index];
	struct str out = STR_INIT;
	size_t i;
	bool has;

	for (i = 0; i < cs->n; i++) {
		has = choices_has(old, cs->rows[i].name);
		if (strcmp(cs->rows[i].name, name) == 0)
			has = !has;
		if (!has)
			continue;
		if (out.len == 0)
			str_addc(&out, ';');
		str_addf(&out, "%s;", cs->rows[i].name);
	}
	record_put(r, f, out.buf);
	r->typed[f->index] = true;
	str_done(&out);
}

/* The picker of a code list. */
struct codepick {
	struct record *rec;
	const struct field *field;
	struct choices ch;
	size_t *row;		/* filtered: indexes of codes->rows */
	size_t n;
};

static size_t
load_codes(void *arg, const char *typed)
{
	struct codepick *c = arg;
	size_t i;

	c->n = 0;
	for (i = 0; i < c->ch.codes->n; i++) {
		const struct code *k = &c->ch.codes->rows[i];

		if (c->ch.keep[i] && pick_matches(k->label, k->name, typed))
			c->row[c->n++] = i;
	}
	return c->n;
}

static void
code_text(void *arg, size_t i, struct str *out)
{
	struct codepick *c = arg;
	const struct code *k = &c->ch.codes->rows[c->row[i]];

	if (c->ch.by_name || (c->ch.numbered && all_digits(k->name)))
		str_addf(out, "%s ", k->name);
	str_add(out, k->label);
}

static bool
code_marked(void *arg, size_t i)
{
	struct codepick *c = arg;

	return choices_has(c->rec->val[c->field->index],
	    c->ch.codes->rows[c->row[i]].name);
}

static void
code_toggle(void *arg, size_t i)
{
	struct codepick *c = arg;

	choices_toggle(c->rec, c->field, c->ch.codes,
	    c->ch.codes->rows[c->row[i]].name);
}

static int
choose_code(struct record *r, const struct field *f, const char *typed,
    struct err *e)
{
	struct codepick c = { .rec = r, .field = f };
	bool many = f->type == T_SELECT_MULTIPLE;
	struct pick p = {
		.title = f->label, .hint = f->hint, .arg = &c,
		.none = "没有这一项", .load = load_codes, .row = code_text
	};
	char *old = xstrdup(r->val[f->index]);
	long i;
	int rc;

	rc = choices_open(&c.ch, r, f, e);
	if (rc < 0) {
		free(old);
		return rc;
	}
	c.row = xcalloc(c.ch.codes->n + 1, sizeof *c.row);
	p.digits = !c.ch.numbered && !c.ch.by_name && !c.ch.spelt;
	if (many) {
		p.marked = code_marked;
		p.toggle = code_toggle;
	}
	pick_init(&p);
	edit_set(&p.filter, typed);
	i = pick_run(&p);
	if (many && i < 0) {
		record_put(r, f, old);
	} else if (!many && i >= 0) {
		record_put(r, f, c.ch.codes->rows[c.row[i]].name);
		r->typed[f->index] = true;
	}
	pick_done(&p);
	free(c.row);
	choices_done(&c.ch);
	free(old);
	return i >= 0 ? 1 : 0;
}

/* The last days, today first. */
enum { DAYS = 15 };

static size_t
load_days(void *arg, const char *typed)
{
	(void)arg;
	(void)typed;
	return DAYS;
}

static void
day_text(void *arg, size_t i, struct str *out)
{
	static const char *const week[] = { "一", "二", "三", "四", "五", "六",
	    "日" };
	static const char *const names[] = { "今天", "昨天", "前天" };
	char iso[DATE_SIZE];
	int32_t day = date_days(date_today()) - (int32_t)i;

	(void)arg;
	date_from_days(day, iso);
	str_addf(out, "%s 周%s %s", iso, week[date_weekday(day) - 1],
	    i < COUNT_OF(names) ? names[i] : "");
}

static int
choose_day(struct record *r, const struct field *f)
{
	struct pick p = {
		.title = f->label, .hint = "别的日子请直接打数字，如 20260301",
		.load = load_days, .row = day_text, .digits = true
	};
	char iso[DATE_SIZE];
	long i;

	pick_init(&p);
	i = pick_run(&p);
	pick_done(&p);
	if (i < 0)
		return 0;
	date_from_days(date_days(date_today()) - (int32_t)i, iso);
	record_put(r, f, iso);
	r->typed[f->index] = true;
	return 1;
}

int
choose_value(struct record *r, const struct field *f, const char *typed,
    struct err *e)
{
	const struct form *target;
	char *uid;

	switch (f->type) {
	case T_SELECT_ONE:
	case T_SELECT_MULTIPLE:
		return choose_code(r, f, typed, e);
	case T_DATE:
		return choose_day(r, f);
	case T_REF:
		target = forms_get(r->fs, f->list, e);
		if (target == NULL)
			return e->code;
		uid = choose_record(r->fs, target, f->label, typed, NULL, NULL,
		    NULL);
		if (uid == NULL)
			return 0;
		record_put(r, f, uid);
		r->typed[f->index] = true;
		free(uid);
		return 1;
	default:
		return err_set(e, E_USAGE, "这一项没有可选的，请直接填写");
	}
}
