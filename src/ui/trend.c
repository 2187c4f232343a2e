/* See trend.h. */
#include "trend.h"

#include <string.h>

#include "help.h"
#include "screen.h"
#include "snapshot.h"
#include "ui.h"

enum { MONTHS = 12, BAR = 20 };

/* What a whole bar stands for: 100 %, else the target or the largest. */
static double
whole(const struct number *x, size_t n)
{
	double most = x->part->measure == MEASURE_RATIO ? 100 : x->target;
	size_t i;

	for (i = 0; i < n && x->part->measure != MEASURE_RATIO; i++)
		most = x[i].has_value && x[i].value > most ? x[i].value :
		    most;
	return most;
}

static void
trend_line(const struct number *x, double full, const char *on,
    struct str *out)
{
	int bar = 0, i;

	if (x->has_value && full > 0)
		bar = (int)(x->value * BAR / full + 0.5);
	bar = bar > BAR ? BAR : bar;
	str_addf(out, "%.10s  ", on);
	for (i = 0; full > 0 && i < BAR; i++)
		str_addc(out, i < bar ? '=' : '-');
	str_add(out, full > 0 ? "  " : "");
	number_words(x, out);
}

bool
trend_handed_in(const struct scheme *s, const struct indicator *it,
    const struct number *now, const char *on, struct str *out)
{
	struct snapshot_number was;
	struct number then = *now;
	struct period month;

	period_closed(&month, PERIOD_MONTH, on);
	if (!snapshot_number(ui_forms(), s->name, it, now->part, month.label,
	    &was))
		return false;
	then.has_n = was.has_n;
	then.n = was.n;
	then.d = was.d;
	then.has_value = was.has_value;
	then.value = was.value;
	number_words(&then, out);
	return true;
}

void
trend_run(const struct scheme *s, const struct indicator *it,
    const struct number *x, const char *on)
{
	struct err e = ERR_INIT;
	struct str text = STR_INIT, was = STR_INIT;
	struct period month;
	char day[MONTHS][DATE_SIZE];
	struct number then[MONTHS];
	double full;
	int i;

	date_add(on, 0, day[0]);
	for (i = 1; i < MONTHS; i++) {
		period_closed(&month, PERIOD_MONTH, day[i - 1]);
		date_add(month.from, -1, day[i]);
	}
	for (i = 0; i < MONTHS; i++)
		if (indicator_number(ui_forms(), s, it, x->part, day[i], -1,
		    &then[i], &e) < 0) {
			screen_say_err(&e);
			return;
		}
	full = whole(then, MONTHS);
	for (i = MONTHS - 1; i >= 0; i--) {
		trend_line(&then[i], full, day[i], &text);
		str_clear(&was);
		if (trend_handed_in(s, it, &then[i], day[i], &was))
			str_addf(&text, "  上报时 %s", was.buf);
		str_addc(&text, '\n');
	}
	help_text(it->nparts > 1 ? x->part->label : it->item, text.buf);
	str_done(&text);
	str_done(&was);
}
