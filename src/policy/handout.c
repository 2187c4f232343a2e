/* See handout.h. */
#include "handout.h"

#include <stdlib.h>
#include <string.h>

#include "code.h"
#include "db.h"
#include "indsql.h"
#include "mem.h"
#include "policy.h"
#include "str.h"

struct handout_set {
	struct forms *fs;
	char **uid;		/* in order */
	size_t n, cap;
};

static const struct {
	enum handout_ground ground;
	const char *code;	/* of consent_scope, with GROUND_CONSENT */
	const char *word;
} grounds[] = {
	{ GROUND_OWN, "own", "本镇自己用，不给外人" },
	{ GROUND_DUTY, "duty", "报县里或有权的部门（履行法定职责）" },
	{ GROUND_CONSENT, "share", "给别的单位（只列已同意的孩子）" },
	{ GROUND_CONSENT, "charity", "给慈善组织（只列已同意的孩子）" },
	{ GROUND_CONSENT, "publicity", "宣传报道（只列已同意的孩子）" },
	{ GROUND_CONSENT, "cross_region", "给外地的单位（只列已同意的孩子）" },
};

size_t
handout_count(void)
{
	return COUNT_OF(grounds);
}

const char *
handout_ground(size_t i)
{
	return grounds[i].word;
}

void
handout_take(struct handout *h, size_t i)
{
	h->ground = grounds[i].ground;
	h->scope = h->ground == GROUND_CONSENT ? grounds[i].code : NULL;
}

bool
handout_find(struct handout *h, const char *code)
{
	size_t i;

	for (i = 0; i < COUNT_OF(grounds); i++)
		if (strcmp(grounds[i].code, code) == 0) {
			handout_take(h, i);
			return true;
		}
	return false;
}

void
handout_codes(struct str *out)
{
	size_t i;

	for (i = 0; i < COUNT_OF(grounds); i++)
		str_addf(out, "%s%s", i > 0 ? "、" : "", grounds[i].code);
}

void
handout_done(struct handout *h)
{
	free(h->to);
	free(h->why);
	memset(h, 0, sizeof *h);
}

char *
handout_words(struct forms *fs, const struct handout *h)
{
	const struct codes *cs = forms_codes(fs, "consent_scope", NULL);

	if (h->ground == GROUND_OWN)
		return xstrdup("本镇工作用");
	return xasprintf("给%s，用于%s，依据：%s%s", h->to, h->why,
	    h->ground == GROUND_DUTY ? "履行法定职责" : "已同意",
	    h->ground == GROUND_CONSENT && cs != NULL ?
	    codes_label(cs, h->scope) : "");
}

/* A consent that names a recipient is for that one only; people write 县残联
 * and 沂源县残联 for the same. */
static bool
is_for(const char *recipient, const char *to)
{
	return str_blank(recipient) || strstr(to, recipient) != NULL ||
	    strstr(recipient, to) != NULL;
}

static bool
in_scope(const char *scopes, const char *scope)
{
	char *want = xasprintf(";%s;", scope);
	bool yes = scopes != NULL && strstr(scopes, want) != NULL;

	free(want);
	return yes;
}

static int
collect(struct handout_set *s, const struct handout *h, struct stmt *q,
    struct err *e)
{
	const char *uid;
	int rc;

	while ((rc = stmt_step(q, e)) > 0) {
		uid = stmt_col(q, 0);
		if (!in_scope(stmt_col(q, 1), h->scope) ||
		    !is_for(stmt_col(q, 2), h->to) ||
		    (s->n > 0 && strcmp(s->uid[s->n - 1], uid) == 0))
			continue;
		s->uid = mem_grow(s->uid, s->n, &s->cap, sizeof *s->uid);
		s->uid[s->n++] = xstrdup(uid);
	}
	return rc;
}

int
handout_load(struct forms *fs, const struct handout *h, const char *on,
    struct handout_set **out, struct err *e)
{
	struct indsql sql = { .file = "home.ini", .line = 1, .col = 1,
	    .head = "", .tail = "", .body = "SELECT child, scope_of,"
	    " recipient FROM consented ORDER BY child" };
	const struct scheme *home = policy_home(fs, e);
	struct handout_set *s;
	struct period p;
	struct stmt *q;
	int rc;

	period_of(&p, PERIOD_AS_OF, on);
	q = home != NULL ? indsql_get(fs, home, &sql, &p, on, e) : NULL;
	if (q == NULL)
		return e->code;
	s = xcalloc(1, sizeof *s);
	s->fs = fs;
	rc = collect(s, h, q, e);
	stmt_reset(q);
	if (rc < 0)
		handout_free(s);
	else
		*out = s;
	return rc;
}

static int
order(const void *key, const void *at)
{
	return strcmp(key, *(char *const *)at);
}

/* The child behind a record, heap; NULL when there is none. */
static char *
child_of(struct forms *fs, const struct form *f, const char *uid)
{
	struct str sql = STR_INIT;
	char *child;

	if (strcmp(f->name, "child") == 0)
		return xstrdup(uid);
	str_add(&sql, "SELECT child FROM ");
	db_quote(&sql, f->name);
	str_add(&sql, " WHERE uid=?1");
	child = db_str(forms_db(fs), sql.buf, "s", uid);
	str_done(&sql);
	return child;
}

bool
handout_allows(const struct handout_set *s, const char *form, const char *uid)
{
	const struct form *f = form != NULL && uid != NULL ?
	    forms_get(s->fs, form, NULL) : NULL;
	char *child;
	bool yes;

	if (f == NULL)
		return false;
	if (strcmp(form, "child") != 0 && form_field(f, "child") == NULL)
		return true;
	child = child_of(s->fs, f, uid);
	yes = child != NULL && s->n > 0 && bsearch(child, s->uid, s->n,
	    sizeof *s->uid, order) != NULL;
	free(child);
	return yes;
}

void
handout_free(struct handout_set *s)
{
	size_t i;

	for (i = 0; s != NULL && i < s->n; i++)
		free(s->uid[i]);
	if (s != NULL)
		free(s->uid);
	free(s);
}
