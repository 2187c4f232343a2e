/* See outcome.h. */
#include "outcome.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "record.h"
#include "safe.h"

const char *
outcome_word(enum outcome what)
{
	static const char *const words[] = {
		[OUTCOME_CONFLICT] = "两边都改过",
		[OUTCOME_ASIDE] = "待核对（未并入）",
		[OUTCOME_TWIN] = "可能重复", [OUTCOME_OLD] = "是旧的一份",
		[OUTCOME_RETURNED] = "退回", [OUTCOME_CHANGED] = "已照县里更正",
		[OUTCOME_BACK] = "还回", [OUTCOME_ISSUED] = "下发",
		[OUTCOME_TRAY] = "待定", [OUTCOME_LEFT] = "本机还收不下"
	};

	return words[what];
}

/* 「儿童台账 张三」 */
static void
add_who(struct str *s, struct forms *fs, const struct form *f,
    const char *uid, const char *name)
{
	char *who = f != NULL && str_blank(name) ? record_dated(fs, f, uid) :
	    NULL;

	if (f != NULL)
		str_add(s, f->title);
	else
		str_add(s, "记录");
	str_addc(s, ' ');
	safe_line(s, !str_blank(name) ? name : !str_blank(who) ? who : uid);
	free(who);
}

void
outcomes_add(struct outcomes *o, struct forms *fs, enum outcome what,
    const struct form *f, const char *uid, const char *name, const char *why)
{
	struct str s = STR_INIT;

	if (o == NULL)
		return;
	if (o->n == OUTCOMES_MAX) {
		o->more++;
		return;
	}
	add_who(&s, fs, f, uid, name);
	if (!str_blank(why)) {
		str_add(&s, "：");
		safe_line(&s, why);
	}
	o->v = mem_grow(o->v, o->n, &o->cap, sizeof *o->v);
	o->v[o->n++] = (struct outcome_line){ what, str_take(&s) };
}

void
outcomes_cut(struct outcomes *o, size_t n, size_t more)
{
	if (o == NULL)
		return;
	while (o->n > n)
		free(o->v[--o->n].text);
	o->more = more;
}

void
outcomes_text(const struct outcomes *o, size_t limit, struct str *out)
{
	size_t n = limit == 0 || limit > o->n ? o->n : limit, i;

	for (i = 0; i < n; i++)
		str_addf(out, "  %s  %s\n", outcome_word(o->v[i].what),
		    o->v[i].text);
	if (o->n - n + o->more > 0)
		str_addf(out, "  还有 %zu 条\n", o->n - n + o->more);
}

void
outcomes_done(struct outcomes *o)
{
	outcomes_cut(o, 0, 0);
	free(o->v);
	*o = (struct outcomes){ NULL, 0, 0, 0 };
}
