/* One picker over all kinds; the kind stands behind the words.  Choosing
 * opens the record, or goes on with the draft. */
#include <stdlib.h>

#include "countykeys.h"
#include "cut.h"
#include "db.h"
#include "draft.h"
#include "find.h"
#include "kind.h"
#include "lookup.h"
#include "mem.h"
#include "picker.h"
#include "refpick.h"
#include "resume.h"
#include "ui.h"

enum { HITS = 100 };

struct find {
	struct lookup_hit hit[HITS];
	size_t n;
	bool county;
};

static size_t
load(void *arg, const char *typed)
{
	struct find *f = arg;
	struct err e = ERR_INIT;
	int n = 0;

	if (*typed != '\0')
		n = lookup_find(ui_db(), NULL, typed, f->hit, HITS, &e);
	if (n < 0)
		screen_say_err(&e);
	f->n = n > 0 ? (size_t)n : 0;
	return f->n;
}

/* Whose it is: a county has every village's name more than once. */
static void
add_town(const char *uid, struct str *out)
{
	char *town;

	db_trust(ui_db());
	town = db_str(ui_db(), "SELECT d.name FROM main.held h"
	    " JOIN main.incarnation i ON i.id=h.incarnation"
	    " JOIN main.division d ON d.code=i.site WHERE h.uid=?1", "s", uid);
	db_untrust(ui_db());
	cut_pad(out, town != NULL ? town : "", 10, CUT_LEFT);
	str_add(out, " ");
	free(town);
}

static void
line(void *arg, size_t i, struct str *out)
{
	struct find *f = arg;
	const struct form *form = ui_form(f->hit[i].form);

	cut_pad(out, form != NULL ? form->title : "", 12, CUT_LEFT);
	str_add(out, " ");
	if (f->county)
		add_town(f->hit[i].uid, out);
	refpick_line(ui_forms(), &f->hit[i], out);
}

void
find_run(void)
{
	struct find *f = xcalloc(1, sizeof *f);
	struct pick p = {
		.title = "查找", .arg = f, .load = load, .row = line,
		.hint = "姓名、拼音首字母、证件号一段、村名、电话",
		.none = "打几个字来找；打了还空着，就是没有"
	};
	const struct form *form;
	long i;

	f->county = countykeys_here();
	pick_init(&p);
	i = pick_run(&p);
	pick_done(&p);
	if (i >= 0 && (form = ui_form(f->hit[i].form)) != NULL) {
		if (f->hit[i].draft)
			resume_one(form, f->hit[i].uid);
		else
			kind_open(form, f->hit[i].uid);
	}
	free(f);
}
