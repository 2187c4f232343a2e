/* See precheck.h.  The last reason is kept in meta `precheck` as
 * 「2026-11-30 王芳：理由」. */
#include "precheck.h"

#include <stdlib.h>
#include <string.h>

#include "date.h"
#include "db.h"
#include "journal.h"
#include "listing.h"
#include "mem.h"
#include "period.h"
#include "user.h"

long
precheck_alarms(struct forms *fs, const char *on, struct err *e)
{
	struct listings *all;
	long n;
	int rc = listings_load(&all, forms_data(fs), e);

	if (rc < 0)
		return rc;
	n = listing_alarms(fs, all, on, e);
	listings_free(all);
	return n;
}

int
precheck_override(struct forms *fs, long alarms, const char *why,
    struct err *e)
{
	const struct session *s = db_session(forms_db(fs));
	char *kept, *note;
	int rc;

	if (str_blank(why))
		return err_set(e, E_USAGE, "请写明为什么照报");
	kept = xasprintf("%.10s %s：%s", date_today(), s != NULL ? s->name :
	    "cli", why);
	note = xasprintf("数据核查 %ld 处，照报：%s", alarms, why);
	rc = db_set_meta(forms_db(fs), "precheck", kept, e);
	if (rc == 0)
		rc = journal_note(forms_db(fs), "override", NULL, NULL, note,
		    e);
	free(kept);
	free(note);
	return rc;
}

/* The reason given in the month of the day, or NULL; heap. */
static char *
reason(struct forms *fs, const char *on)
{
	char *kept = db_meta(forms_db(fs), "precheck"), day[DATE_SIZE];
	struct period then, now;

	if (kept == NULL || strlen(kept) < 10) {
		free(kept);
		return NULL;
	}
	memcpy(day, kept, 10);
	day[10] = '\0';
	period_closed(&now, PERIOD_MONTH, on);
	if (date_valid(day)) {
		period_closed(&then, PERIOD_MONTH, day);
		if (strcmp(then.to, now.from) >= 0)
			return kept;
	}
	free(kept);
	return NULL;
}

int
precheck_words(struct forms *fs, const char *on, struct str *out,
    struct err *e)
{
	long n = precheck_alarms(fs, on, e);
	char *why;

	if (n < 0)
		return (int)n;
	if (n == 0) {
		str_add(out, "数据核查：没有要紧的问题");
		return 0;
	}
	why = reason(fs, on);
	str_addf(out, "数据核查：%ld 处要紧的问题没有改。%s%s", n, why != NULL ?
	    "照报的原因：" : "没有写照报的原因", why != NULL ? why : "");
	free(why);
	return 0;
}
