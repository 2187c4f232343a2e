/* See census.h. */
#include "census.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"

static struct census_form *
at(const struct census *t, const char *form)
{
	size_t i;

	for (i = 0; form != NULL && i < t->n; i++)
		if (strcmp(t->v[i].form->name, form) == 0)
			return &t->v[i];
	return NULL;
}

int
census_init(struct census *t, struct forms *fs, struct err *e)
{
	const char *const *name;
	const struct form *f;
	struct census_form *kept;
	size_t i, j;

	memset(t, 0, sizeof *t);
	t->fs = fs;
	for (name = forms_names(fs); *name != NULL; name++) {
		f = forms_get(fs, *name, e);
		if (f == NULL)
			return e != NULL ? e->code : E_FORMAT;
		t->v = mem_grow(t->v, t->n, &t->cap, sizeof *t->v);
		t->v[t->n++] = (struct census_form){ .form = f,
		    .automatic = strcmp(f->name, "village") == 0 };
	}
	for (i = 0; i < t->n; i++) {
		f = t->v[i].form;
		for (j = 0; j < f->nfields; j++)
			if ((kept = at(t, f->fields[j].history)) != NULL)
				kept->automatic = true;
	}
	return 0;
}

void
census_done(struct census *t)
{
	free(t->v);
	t->v = NULL;
	t->n = t->cap = 0;
}

void
census_add(struct census *t, const struct form *f, enum census_kind kind)
{
	struct census_form *c = at(t, f->name);

	if (c != NULL)
		c->n[kind]++;
}

bool
census_automatic(const struct census *t, const struct form *f)
{
	const struct census_form *c = at(t, f->name);

	return c != NULL && c->automatic;
}

static int64_t
all_of(const struct census_form *c)
{
	return c->n[CENSUS_ADDED] + c->n[CENSUS_CHANGED] + c->n[CENSUS_REMOVED];
}

struct census_sum
census_sum(const struct census *t)
{
	const struct census_form *child = at(t, "child"), *guardian;
	struct census_sum s = { 0 };
	size_t i;

	for (i = 0; i < t->n; i++)
		if (!t->v[i].automatic)
			s.items += all_of(&t->v[i]);
	if (child == NULL)
		return s;
	s.children = child->n[CENSUS_ADDED];
	s.items -= s.children;
	guardian = at(t, child->form->mirror);
	if (guardian != NULL)
		s.items -= guardian->n[CENSUS_ADDED] < s.children ?
		    guardian->n[CENSUS_ADDED] : s.children;
	return s;
}

void
census_words(int64_t children, int64_t items, struct str *out)
{
	str_addf(out, "新增 %lld 名，变更 %lld 项", (long long)children,
	    (long long)items);
}

void
census_lines(const struct census *t, struct str *out)
{
	size_t i;

	for (i = 0; i < t->n; i++)
		if (!t->v[i].automatic && all_of(&t->v[i]) > 0)
			str_addf(out, "  %s：新增 %lld，修改 %lld，删除 %lld\n",
			    t->v[i].form->title,
			    (long long)t->v[i].n[CENSUS_ADDED],
			    (long long)t->v[i].n[CENSUS_CHANGED],
			    (long long)t->v[i].n[CENSUS_REMOVED]);
}
