/* See acts.h. */
#include "acts.h"

#include <string.h>

#include "caseacts.h"
#include "certs.h"
#include "evidenceacts.h"
#include "mem.h"
#include "scores.h"
#include "signin.h"
#include "signinadd.h"

static const struct act acts[] = {
	{ "case", "受理回执", caseacts_receipt, NULL, NULL },
	{ "case", "办理经过（时间线）", caseacts_timeline, NULL, NULL },
	{ "case", "不予确认告知书", caseacts_refusal, NULL,
	  "refusal_reason" },
	{ "mandatory_report", "书面报告", caseacts_report, NULL, NULL },
	{ "evidence", "收进文件（照片、扫描件、PDF）", evidenceacts_put, NULL, NULL },
	{ "evidence", "把文件另存出来", evidenceacts_save, NULL, NULL },
	{ "referral", "转办单", caseacts_referral, NULL, NULL },
	{ "referral", "催办单（记一次催办）", caseacts_remind, NULL, NULL },
	{ "training", "签到（逐个点名）", signin_run, "trainee", NULL },
	{ "training", "成绩", scores_run, NULL, NULL },
	{ "training", "证书与参训证明", certs_run, NULL, NULL },
	{ "training", "签到表、签到记录、成绩册", certs_sheets, NULL, NULL },
	{ "training", "名单：按参训范围列出", signin_invite, NULL, NULL },
	{ "training", "名单：逐个加人", signinadd_invite, NULL, NULL },
};

const struct act *
acts_of(const struct form *f, size_t i)
{
	size_t k;

	for (k = 0; k < COUNT_OF(acts); k++)
		if (strcmp(acts[k].form, f->name) == 0 && i-- == 0)
			return &acts[k];
	return NULL;
}

bool
acts_apply(const struct act *a, const struct record *r)
{
	return a->when == NULL || record_get(r, a->when) != NULL;
}

bool
acts_sign_in(const struct form *f, const struct form *child)
{
	size_t k;

	for (k = 0; k < COUNT_OF(acts); k++)
		if (strcmp(acts[k].form, f->name) == 0 &&
		    acts[k].replaces != NULL &&
		    strcmp(acts[k].replaces, child->name) == 0)
			return true;
	return false;
}
