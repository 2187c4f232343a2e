/* See certs.h.  Certificates leave as one HTML page with a sheet for each
 * person, to be printed on the PC that has the printer. */
#include "certs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ask.h"
#include "certificate.h"
#include "choose.h"
#include "classpaper.h"
#include "date.h"
#include "db.h"
#include "draw.h"
#include "entry.h"
#include "file.h"
#include "journal.h"
#include "mem.h"
#include "output.h"
#include "picker.h"
#include "plainask.h"
#include "rollcall.h"
#include "screen.h"
#include "ui.h"

enum what { ISSUE, PRINT, REPRINT, REVOKE, ATTEST, WHAT_COUNT };

struct certs {
	struct roll roll;
	size_t count[WHAT_COUNT];
	size_t *row;		/* of the person picker */
	size_t nrow;
	enum what what;
};

/* Whom does a line of the menu concern? */
static bool
concerns(enum what what, const struct roll_person *p)
{
	switch (what) {
	case ISSUE:
		return certificate_due(p);
	case PRINT:
		return certificate_valid(p) && p->printed == 0;
	case REPRINT:
		return certificate_valid(p) && p->printed > 0;
	case REVOKE:
		return certificate_valid(p);
	default:
		return p->present;
	}
}

static void
count(struct certs *c)
{
	size_t i;
	int w;

	memset(c->count, 0, sizeof c->count);
	for (i = 0; i < c->roll.n; i++)
		for (w = 0; w < WHAT_COUNT; w++)
			c->count[w] += concerns((enum what)w, &c->roll.p[i]);
}

/* ---- files ------------------------------------------------------------ */

/* A class's title may hold anything; a file name may not. */
static char *
file_title(const char *title)
{
	char *t = xstrdup(title), *p;

	for (p = t; *p != '\0'; p++)
		if (strchr("/\\:*?\"<>|", *p) != NULL)
			*p = '-';
	return t;
}

static int
store(const char *kind, const struct roll *r, const struct str *html,
    struct err *e)
{
	char *dir = plainask_place("放到哪里", kind), *path, *title;
	int rc;

	if (dir == NULL)
		return E_CANCEL;
	title = file_title(r->title);
	path = xasprintf("%s/%s-%s-%s.html", dir, kind, title, date_today());
	rc = file_write(path, html->buf, html->len, 0600, e);
	if (rc == 0)
		ask_ok(kind, path);
	free(path);
	free(title);
	free(dir);
	return rc;
}

struct wanted {
	enum what what;
	const char *row;	/* only this one, or NULL */
};

static bool
want(const struct roll_person *p, const void *arg)
{
	const struct wanted *w = arg;

	return w->row != NULL ? strcmp(p->row, w->row) == 0 :
	    concerns(w->what, p);
}

/* Once they are on file, say so in the records. */
static int
note_printed(struct certs *c, const struct wanted *w, const char *reason,
    struct err *e)
{
	size_t i;
	int rc = 0;

	for (i = 0; i < c->roll.n && rc == 0; i++)
		if (want(&c->roll.p[i], w))
			rc = certificate_printed(ui_forms(), &c->roll.p[i],
			    reason, e);
	return rc;
}

static void
print(struct certs *c, const struct wanted *w, const char *reason)
{
	bool attest = w->what == ATTEST;
	struct str html = STR_INIT;
	struct err e = ERR_INIT;
	int rc = 0;

	if (classpaper_certificates(ui_forms(), &c->roll, attest, want, w,
	    &html) == 0)
		screen_say("没有可打的");
	else
		rc = store(attest ? "参训证明" : "证书", &c->roll, &html, &e);
	if (rc == 0 && html.len > 0)
		rc = attest ? journal_note(ui_db(), "print", "training",
		    c->roll.training, "参训证明", &e) :
		    note_printed(c, w, reason, &e);
	if (rc < 0 && e.code != 0)
		screen_say_err(&e);
	str_done(&html);
}

/* ---- one person ------------------------------------------------------- */

static size_t
load_people(void *arg, const char *typed)
{
	struct certs *c = arg;
	size_t i;

	c->nrow = 0;
	for (i = 0; i < c->roll.n; i++)
		if (concerns(c->what, &c->roll.p[i]) &&
		    pick_matches(c->roll.p[i].name, NULL, typed))
			c->row[c->nrow++] = i;
	return c->nrow;
}

static void
person_line(void *arg, size_t i, struct str *out)
{
	struct certs *c = arg;
	const struct roll_person *p = &c->roll.p[c->row[i]];

	str_addf(out, "%s  %s  %s", p->name, p->unit != NULL ? p->unit : "",
	    p->certificate);
}

static void
one_person(struct certs *c, enum what what)
{
	struct pick pick = { .title = what == REVOKE ? "作废谁的证书" :
	    "补打谁的证书", .arg = c, .load = load_people,
	    .row = person_line, .none = "没有" };
	const struct roll_person *p;
	struct wanted w = { .what = what };
	struct err e = ERR_INIT;
	char *reason = NULL;
	long at;

	c->what = what;
	c->row = xcalloc(c->roll.n + 1, sizeof *c->row);
	pick_init(&pick);
	at = pick_run(&pick);
	pick_done(&pick);
	p = at >= 0 ? &c->roll.p[c->row[at]] : NULL;
	free(c->row);
	if (p == NULL || !entry_ask(pick.title, "原因", p->certificate, 100,
	    "", &reason))
		return;
	if (what == REPRINT) {
		w.row = p->row;
		print(c, &w, reason);
	} else if (certificate_revoke(ui_forms(), p, reason, &e) < 0) {
		screen_say_err(&e);
	} else {
		screen_say("%s 已作废；这个号不会再用", p->certificate);
	}
	free(reason);
}

/* ---- the menu --------------------------------------------------------- */

static size_t
load_menu(void *arg, const char *typed)
{
	(void)arg;
	(void)typed;
	return WHAT_COUNT;
}

static void
menu_line(void *arg, size_t i, struct str *out)
{
	static const char *const words[] = { [ISSUE] = "给合格的人编证书号",
	    [PRINT] = "打印证书（没打过的）", [REPRINT] = "补打一个人的证书",
	    [REVOKE] = "作废一个人的证书", [ATTEST] = "打印参训证明（到场的）" };
	const struct certs *c = arg;

	str_addf(out, "%s  %zu 人", words[i], c->count[i]);
}

/* Those who passed and have left since are named, for a person to decide. */
static bool
sure(const struct certs *c)
{
	struct str left = STR_INIT;
	bool yes;
	size_t i;

	for (i = 0; i < c->roll.n; i++)
		if (certificate_due(&c->roll.p[i]) && c->roll.p[i].left)
			str_addf(&left, "%s%s", left.len > 0 ? "、" :
			    "其中已经离任：", c->roll.p[i].name);
	yes = ask_yes("编证书号", true, "给到场并合格的 %zu 人编号？编出的号"
	    "不能收回，只能作废。%s", c->count[ISSUE], left.buf);
	str_done(&left);
	return yes;
}

static void
issue(struct certs *c)
{
	struct err e = ERR_INIT;
	int n;

	if (certificate_here(ui_forms(), &c->roll, &e) < 0) {
		screen_say_err(&e);
		return;
	}
	if (c->count[ISSUE] > 0 && !sure(c))
		return;
	n = certificate_issue(ui_forms(), &c->roll, &e);
	if (n < 0)
		screen_say_err(&e);
	else if (n == 0)
		screen_say("没有要编号的：到场、合格、还没有证书的人");
	else
		screen_say("已编 %d 个号", n);
}

static void
act(struct certs *c, enum what what)
{
	struct wanted w = { .what = what };

	if (what == ISSUE)
		issue(c);
	else if (what == REPRINT || what == REVOKE)
		one_person(c, what);
	else
		print(c, &w, NULL);
}

static bool
load(struct certs *c, const char *uid)
{
	struct err e = ERR_INIT;

	if (roll_load(ui_forms(), uid, &c->roll, &e) < 0) {
		screen_say_err(&e);
		return false;
	}
	count(c);
	return true;
}

void
certs_run(const char *uid)
{
	struct certs c = { .nrow = 0 };
	struct pick p = { .title = "证书与参训证明", .arg = &c,
	    .load = load_menu, .row = menu_line, .digits = true };
	long at;

	do {
		if (!load(&c, uid))
			return;
		pick_init(&p);
		at = pick_run(&p);
		pick_done(&p);
		if (at >= 0)
			act(&c, (enum what)at);
		roll_done(&c.roll);
	} while (at >= 0 && screen_leaving() == LEAVE_NOT);
}

/* ---- sheets ----------------------------------------------------------- */

static const char *const sheet_words[] = { [SHEET_BLANK] = "空白签到表",
    [SHEET_FILLED] = "签到记录", [SHEET_RESULTS] = "成绩册" };

static size_t
load_sheets(void *arg, const char *typed)
{
	(void)arg;
	(void)typed;
	return COUNT_OF(sheet_words);
}

static void
sheet_line(void *arg, size_t i, struct str *out)
{
	(void)arg;
	str_add(out, sheet_words[i]);
}

void
certs_sheets(const char *uid)
{
	struct certs c = { .nrow = 0 };
	struct pick p = { .title = "签到表", .load = load_sheets,
	    .row = sheet_line, .digits = true };
	struct paper *paper;
	long at;

	pick_init(&p);
	at = pick_run(&p);
	pick_done(&p);
	if (at < 0 || !load(&c, uid))
		return;
	paper = classpaper_sheet(ui_forms(), &c.roll, (enum class_sheet)at);
	output_paper(paper, sheet_words[at]);
	paper_free(paper);
	roll_done(&c.roll);
}

void
certs_record(void)
{
	const struct form *f = ui_form("staff");
	struct err e = ERR_INIT;
	struct paper *paper;
	char *uid = f == NULL ? NULL : choose_record(ui_forms(), f,
	    "谁的培训记录", "", NULL, NULL, NULL);

	if (uid == NULL)
		return;
	if (classpaper_record(ui_forms(), uid, &paper, &e) < 0) {
		screen_say_err(&e);
	} else {
		output_paper(paper, "培训记录");
		paper_free(paper);
	}
	free(uid);
}
