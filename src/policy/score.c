/* See score.h. */
#include "score.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "record.h"
#include "str.h"

static bool
same_score(const char *a, const char *b)
{
	if (a == NULL || b == NULL)
		return a == b;
	return fabs(strtod(a, NULL) - strtod(b, NULL)) < 1e-6;
}

/* The row as it is now, when it may be marked at all. */
static struct record *
open_row(struct forms *fs, const struct roll_person *p, struct err *e)
{
	const struct form *f = forms_get(fs, "trainee", e);
	struct record *rec = f != NULL ? record_load(fs, f, p->row, e) : NULL;
	const char *now;

	if (rec == NULL)
		return NULL;
	now = record_get(rec, "score");
	if (!str_eq(record_get(rec, "present"), "yes"))
		err_set(e, E_REFUSED, "%s 没有到场，不能有成绩；到了的先签到",
		    p->name);
	else if (record_get(rec, "certificate_no") != NULL &&
	    record_get(rec, "revoked_on") == NULL)
		err_set(e, E_REFUSED, "%s 已发证书 %s，改成绩前先作废证书",
		    p->name, record_get(rec, "certificate_no"));
	else if (!same_score(now, p->score))
		err_set(e, E_STALE, "%s 的成绩别人刚录成 %s，没有存您的，请核对",
		    p->name, now != NULL ? now : "空");
	else
		return rec;
	record_free(rec);
	return NULL;
}

static int
finish(struct record *rec, struct err *e)
{
	int rc = record_save(rec, NULL, e);

	record_free(rec);
	return rc;
}

int
score_set(struct forms *fs, const struct roll *r, const struct roll_person *p,
    const char *text, struct err *e)
{
	struct record *rec = open_row(fs, p, e);
	const char *score;
	int rc;

	if (rec == NULL)
		return e->code;
	rc = record_set(rec, form_field(rec->form, "score"), text, e);
	if (rc < 0) {
		record_free(rec);
		return rc;
	}
	rec->typed[form_field(rec->form, "score")->index] = true;
	score = record_get(rec, "score");
	if (r->pass_mark >= 0)
		record_fill(rec, "result", score == NULL ? NULL :
		    strtod(score, NULL) >= r->pass_mark ? "passed" : "failed");
	return finish(rec, e);
}

int
score_result(struct forms *fs, const struct roll *r,
    const struct roll_person *p, const char *result, struct err *e)
{
	struct record *rec;

	if (r->pass_mark >= 0)
		return err_set(e, E_REFUSED, "这个班按成绩定合格，请录成绩");
	rec = open_row(fs, p, e);
	if (rec == NULL)
		return e->code;
	record_fill(rec, "result", result);
	return finish(rec, e);
}
