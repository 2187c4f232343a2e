/* See lint.h. */
#include "lint.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compare.h"
#include "db.h"
#include "exprin.h"
#include "linting.h"
#include "log.h"
#include "mem.h"
#include "modelling.h"
#include "nearest.h"
#include "parse.h"
#include "width.h"

enum { LABEL_COLS = 20, PAGE_FIELDS = 24 };

static struct {
	lint_fn *fn[LINT_MORE];
	size_t n;
} more;

void
lint_add(lint_fn *fn)
{
	size_t i;

	for (i = 0; i < more.n; i++)
		if (more.fn[i] == fn)
			return;
	if (more.n == LINT_MORE)
		BUG("too many linters");
	more.fn[more.n++] = fn;
}

void
lint_tell(struct lint *l, enum msg id, int line, int col, const char *a,
    const char *b, const char *c)
{
	messages_add(l->ms, id, l->f->file, line, col, a, b, c);
}

/* A message about a field; fields without a section are made by `of`. */
static void
tell_field(struct lint *l, enum msg id, const struct field *fld,
    const char *a, const char *b, const char *c)
{
	lint_tell(l, id, fld->line, fld->line > 0 ? 2 : 0, a, b, c);
}

static void
lint_form_name(struct lint *l, const struct field *fld, const char *name)
{
	const char *near;

	if (forms_exist(l->fs, name))
		return;
	near = nearest_of(name, forms_names(l->fs));
	tell_field(l, near == NULL ? MSG_FORM_UNKNOWN : MSG_FORM_NEAR, fld,
	    name, near, NULL);
}

/* The names of all lists, for the nearest one. */
static void
offer_lists(struct forms *fs, struct nearest *n, char *found, size_t size)
{
	char *path = xasprintf("%s/codes", forms_data(fs));
	DIR *d = opendir(path);
	struct dirent *entry;
	char name[64];
	size_t len;

	free(path);
	while (d != NULL && (entry = readdir(d)) != NULL) {
		len = strcspn(entry->d_name, ".");
		if (len == 0 || len >= sizeof name ||
		    strcmp(entry->d_name + len, ".csv") != 0)
			continue;
		memcpy(name, entry->d_name, len);
		name[len] = '\0';
		nearest_offer(n, name);
		if (n->word == name) {
			snprintf(found, size, "%s", name);
			n->word = found;
		}
	}
	if (d != NULL)
		closedir(d);
}

const struct codes *
lint_list(struct lint *l, int line, const char *list)
{
	struct err e = ERR_INIT;
	const struct codes *cs = forms_codes(l->fs, list, &e);
	struct nearest n = NEAREST_INIT(list);
	char found[64];

	if (cs != NULL)
		return cs;
	if (e.code != E_NOTFOUND) {
		lint_tell(l, MSG_LIST_BAD, line, 2, e.msg, NULL, NULL);
		return NULL;
	}
	offer_lists(l->fs, &n, found, sizeof found);
	lint_tell(l, n.word == NULL ? MSG_LIST_UNKNOWN : MSG_LIST_NEAR, line, 2,
	    list, n.word, NULL);
	return NULL;
}

void
lint_code(struct lint *l, const struct codes *cs, const char *word, int line,
    enum msg unknown, enum msg near_id)
{
	struct nearest n = NEAREST_INIT(word);
	size_t i;

	if (cs == NULL)
		return;
	for (i = 0; i < cs->n; i++) {
		if (strcmp(cs->rows[i].name, word) == 0)
			return;
		nearest_offer(&n, cs->rows[i].name);
	}
	if (unknown == MSG_STATE_UNKNOWN)
		lint_tell(l, n.word == NULL ? unknown : near_id, line, 2, word,
		    cs->list, n.word);
	else
		lint_tell(l, n.word == NULL ? unknown : near_id, line, 2, word,
		    n.word, NULL);
}

static void
lint_access(struct lint *l, const char *class, int line)
{
	if (class != NULL)
		lint_code(l, lint_list(l, line, "access"), class, line,
		    MSG_ACCESS_UNKNOWN, MSG_ACCESS_NEAR);
}

/* Two fields with one label cannot be told apart in a roster's header. */
static void
lint_labels(struct lint *l)
{
	const struct form *f = l->f;
	char cols[16];
	size_t i, j;

	for (i = 0; i < f->nfields; i++) {
		const struct field *fld = &f->fields[i];
		int width = width_str(fld->label);

		snprintf(cols, sizeof cols, "%d", width);
		if (width > LABEL_COLS)
			tell_field(l, MSG_LABEL_WIDE, fld, fld->label, cols,
			    NULL);
		for (j = 0; j < i; j++)
			if (str_eq(f->fields[j].label, fld->label)) {
				tell_field(l, MSG_LABEL_SAME, fld, fld->label,
				    f->fields[j].name, NULL);
				break;
			}
	}
}

static void
lint_pages(struct lint *l)
{
	const struct form *f = l->f;
	char count[16];
	size_t i, j, n;

	for (i = 0; i < f->npages; i++) {
		for (j = 0, n = 0; j < f->nfields; j++)
			n += f->fields[j].page == (int)i;
		snprintf(count, sizeof count, "%zu", n);
		if (n == 0)
			lint_tell(l, MSG_PAGE_EMPTY, 0, 0, f->pages[i].label, NULL,
			    NULL);
		else if (n > PAGE_FIELDS)
			lint_tell(l, MSG_PAGE_LONG, 0, 0, f->pages[i].label, count,
			    NULL);
	}
}

static bool
says(const struct expr *x, const char *word)
{
	return x->sql != NULL && strcmp(x->sql, word) == 0;
}

static void
lint_contradictions(struct lint *l, const struct field *fld)
{
	size_t i;

	if (fld->required.sql != NULL && fld->type == T_CALCULATE)
		tell_field(l, MSG_REQUIRED_CALCULATE, fld, fld->name, NULL,
		    NULL);
	if (says(&fld->required, "true") && says(&fld->readonly, "true") &&
	    fld->default_.sql == NULL && fld->calculation.sql == NULL &&
	    fld->type != T_SERIAL && !fld->implicit)
		tell_field(l, MSG_REQUIRED_READONLY, fld, fld->name, NULL,
		    NULL);
	if (says(&fld->required, "true") && (says(&fld->relevant, "false") ||
	    says(&fld->relevant, "0")))
		tell_field(l, MSG_REQUIRED_IRRELEVANT, fld, fld->name, NULL,
		    NULL);
	for (i = 0; i < fld->nchecks; i++)
		if (fld->checks[i].message == NULL)
			lint_tell(l, MSG_CHECK_NO_MESSAGE, fld->checks[i].expr.line,
			    fld->checks[i].expr.col, fld->name, "check", NULL);
	if (fld->constraint.sql != NULL && fld->constraint_message == NULL)
		lint_tell(l, MSG_CHECK_NO_MESSAGE, fld->constraint.line,
		    fld->constraint.col, fld->name, "constraint", NULL);
}

static void
lint_mirror(struct lint *l, const struct field *fld)
{
	const struct form *target;
	const char *column = strchr(fld->mirror, '.');

	target = l->f->mirror == NULL ? NULL :
	    forms_get(l->fs, l->f->mirror, NULL);
	if (target != NULL && column != NULL &&
	    form_field(target, column + 1) == NULL)
		tell_field(l, MSG_MIRROR_FIELD, fld, target->name, column + 1,
		    NULL);
}

static void
lint_history(struct lint *l, const struct field *fld)
{
	static const char *const needs[] = {
		"category", "starts_on", "ends_on", NULL
	};
	const struct form *h;
	size_t i;
	bool ok;

	lint_form_name(l, fld, fld->history);
	h = forms_get(l->fs, fld->history, NULL);
	if (h == NULL)
		return;
	ok = h->of[0] != NULL && strcmp(h->of[0], l->f->name) == 0;
	for (i = 0; needs[i] != NULL; i++)
		ok = ok && form_field(h, needs[i]) != NULL;
	if (!ok)
		tell_field(l, MSG_HISTORY_FORM, fld, h->name, l->f->name, NULL);
}

/* or_other = FIELD: a name that no record has is kept there. */
static void
lint_other(struct lint *l, const struct field *fld)
{
	const struct field *other = form_field(l->f, fld->or_other);

	if (fld->type != T_REF || other == NULL || other->type != T_TEXT)
		tell_field(l, MSG_OTHER_FIELD, fld, fld->or_other, NULL, NULL);
}

/* Labels that an import could not cut apart again. */
static void
lint_multiple(struct lint *l, const struct codes *cs)
{
	char file[96];
	size_t i;

	snprintf(file, sizeof file, "%.80s.csv", cs->list);
	for (i = 0; i < cs->n; i++)
		if (strpbrk(cs->rows[i].label, ";,") != NULL ||
		    strstr(cs->rows[i].label, "；") != NULL)
			messages_add(l->ms, MSG_LABEL_SEPARATOR, file, 0, 0,
			    cs->rows[i].label, NULL, NULL);
}

static void
lint_field(struct lint *l, const struct field *fld)
{
	const struct codes *cs;

	if (fld->type == T_SELECT_ONE || fld->type == T_SELECT_MULTIPLE) {
		cs = lint_list(l, fld->line, fld->list);
		if (cs != NULL && fld->type == T_SELECT_MULTIPLE)
			lint_multiple(l, cs);
	}
	if (fld->type == T_REF)
		lint_form_name(l, fld, fld->list);
	lint_access(l, fld->access, fld->line);
	lint_contradictions(l, fld);
	if (fld->mirror != NULL)
		lint_mirror(l, fld);
	if (fld->history != NULL)
		lint_history(l, fld);
	if (fld->or_other != NULL)
		lint_other(l, fld);
}

/* child.village: refs all the way, the last one to village. */
static void
lint_scope(struct lint *l)
{
	const struct form *at = l->f;
	const struct field *fld = NULL;
	char *path, *save = NULL, *word;

	if (l->f->scope == NULL)
		return;
	path = xstrdup(l->f->scope);
	for (word = strtok_r(path, ".", &save); word != NULL && at != NULL;
	    word = strtok_r(NULL, ".", &save)) {
		fld = form_field(at, word);
		if (fld == NULL || fld->type != T_REF) {
			/* village itself is scoped by its own uid */
			if (strcmp(word, "uid") != 0 ||
			    strcmp(at->name, "village") != 0)
				lint_tell(l, MSG_SCOPE_PATH, 0, 0, word, at->name,
				    NULL);
			free(path);
			return;
		}
		at = forms_get(l->fs, fld->list, NULL);
	}
	if (fld != NULL && strcmp(fld->list, "village") != 0 &&
	    forms_exist(l->fs, fld->list))
		lint_tell(l, MSG_SCOPE_END, 0, 0, fld->name, NULL, NULL);
	free(path);
}

/* A ref to people who may have an account. */
static void
lint_own(struct lint *l)
{
	const struct field *fld;
	const struct form *people;

	if (l->f->own == NULL)
		return;
	fld = form_field(l->f, l->f->own);
	people = fld != NULL && fld->type == T_REF ?
	    forms_get(l->fs, fld->list, NULL) : NULL;
	if (people == NULL || form_field(people, "name") == NULL ||
	    form_field(people, "login") == NULL)
		lint_tell(l, MSG_OWN, 0, 0, l->f->own, NULL, NULL);
}

/* Does the chain of first parents come back to the form? */
static void
lint_cycle(struct lint *l)
{
	const struct form *at = l->f;
	size_t steps;

	for (steps = 0; at != NULL && at->of[0] != NULL && steps < 32;
	    steps++) {
		if (strcmp(at->of[0], l->f->name) == 0) {
			lint_tell(l, MSG_OF_CYCLE, 0, 0, l->f->name, NULL, NULL);
			return;
		}
		at = forms_get(l->fs, at->of[0], NULL);
	}
}

/* Against the text that the database was made for. */
static void
lint_applied(struct lint *l)
{
	struct db *db = forms_db(l->fs);
	struct messages ignored = MESSAGES_INIT;
	struct arena arena = ARENA_INIT;
	const struct form *old;
	char *text;

	if (db == NULL)
		return;
	db_trust(db);
	text = db_str(db, "SELECT text FROM main.applied WHERE form=?1", "s",
	    l->f->name);
	old = text == NULL ? NULL : form_parse(text, strlen(text),
	    l->f->file, &arena, &ignored);
	if (old != NULL)
		compare_forms(old, l->f, l->ms);
	compare_codes(l->fs, l->f, false, l->ms);
	db_untrust(db);
	messages_done(&ignored);
	arena_done(&arena);
	free(text);
}

void
lint_form(struct forms *fs, const char *name, struct messages *ms)
{
	struct lint l = { .fs = fs, .ms = ms };
	size_t i;

	l.f = forms_get(fs, name, NULL);
	if (l.f == NULL) {
		forms_parse(fs, name, ms);	/* for the messages */
		return;
	}
	for (i = 0; l.f->of[i] != NULL; i++)
		lint_form_name(&l, form_field(l.f, l.f->of[i]), l.f->of[i]);
	for (i = 0; i < l.f->nfields; i++)
		lint_field(&l, &l.f->fields[i]);
	if (l.f->mirror != NULL && !forms_exist(fs, l.f->mirror))
		lint_tell(&l, MSG_FORM_UNKNOWN, 0, 0, l.f->mirror, NULL, NULL);
	if (l.f->nlist == 0)
		lint_tell(&l, MSG_NO_LIST, 0, 0, NULL, NULL, NULL);
	lint_access(&l, l.f->access, 0);
	lint_labels(&l);
	lint_pages(&l);
	lint_scope(&l);
	lint_own(&l);
	lint_cycle(&l);
	lint_workflow(&l);
	expr_check_form(fs, l.f, ms);
	lint_applied(&l);
}

/* Lists that no form uses are read too: indicators and screens use them. */
static void
lint_lists(struct forms *fs, struct messages *ms)
{
	char *path = xasprintf("%s/codes", forms_data(fs)), name[64];
	struct dirent **list;
	struct err e;
	size_t len;
	int n = scandir(path, &list, NULL, alphasort), i;

	for (i = 0; i < n; i++) {
		len = strcspn(list[i]->d_name, ".");
		if (len > 0 && len < sizeof name &&
		    strcmp(list[i]->d_name + len, ".csv") == 0) {
			memcpy(name, list[i]->d_name, len);
			name[len] = '\0';
			e = (struct err)ERR_INIT;
			if (forms_codes(fs, name, &e) == NULL)
				messages_add(ms, MSG_LIST_BAD, "data/codes",
				    0, 0, e.msg, NULL, NULL);
		}
		free(list[i]);
	}
	if (n >= 0)
		free(list);
	free(path);
}

void
lint_all(struct forms *fs, struct messages *ms)
{
	const char *const *names = forms_names(fs);
	size_t i;

	for (i = 0; names[i] != NULL; i++)
		lint_form(fs, names[i], ms);
	lint_lists(fs, ms);
	if (forms_db(fs) != NULL) {
		db_trust(forms_db(fs));
		compare_missing(fs, ms);
		db_untrust(forms_db(fs));
	}
	for (i = 0; i < more.n; i++)
		more.fn[i](fs, ms);
}
