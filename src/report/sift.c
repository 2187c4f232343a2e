/* See sift.h. */
#include "sift.h"

#include <stdlib.h>

#include "date.h"
#include "mem.h"

static bool
keep(void *arg, const char *form, const char *uid)
{
	return handout_allows(arg, form, uid);
}

static int
consented_only(struct forms *fs, struct paper *p, const struct handout *h,
    struct sifted *out, struct err *e)
{
	struct handout_set *s;
	size_t i;
	int rc;

	if (!p->owned)
		return err_set(e, E_REFUSED, "这份材料不能逐个孩子核对同意，"
		    "不能给外单位。要给名单，请用 8 查询统计 的“模板、填县里的"
		    "空表”");
	rc = handout_load(fs, h, date_today(), &s, e);
	if (rc < 0)
		return rc;
	out->gone = paper_sift(p, keep, s);
	handout_free(s);
	for (i = 0; i < p->n; i++)
		out->left += p->blocks[i].nrows;
	return 0;
}

int
sift_paper(struct forms *fs, struct paper *p, const struct handout *h,
    struct sifted *out, struct err *e)
{
	char *said;
	int rc = 0;

	*out = (struct sifted){ 0 };
	if (h->ground == GROUND_CONSENT)
		rc = consented_only(fs, p, h, out, e);
	if (rc < 0)
		return rc;
	said = handout_words(fs, h);
	out->words = out->gone > 0 ? xasprintf("%s，没有同意的 %zu 人未列入",
	    said, out->gone) : xstrdup(said);
	free(said);
	if (h->ground == GROUND_OWN)
		return 0;
	said = xasprintf("含个人信息，%s", out->words);
	p->only = paper_keep(p, said);
	free(said);
	return 0;
}
