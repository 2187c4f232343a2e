/* What a site's bundle holds besides its rows: the period's report as a page
 * that any browser prints, and with `full` every form as CSV and every file of
 * evidence, as the county may read it without this program.  The same whoever packs: the parts are
 * made with the owner's eyes, not the session's. */
#include "create.h"

#include <stdlib.h>
#include <string.h>

#include "date.h"
#include "db.h"
#include "evidence.h"
#include "export.h"
#include "html.h"
#include "mem.h"
#include "monthly.h"
#include "paper.h"
#include "str.h"
#include "user.h"

struct parts {
	struct create_part *v;
	size_t n, cap;
};

/* Takes the text; the name is copied. */
static void
add(struct parts *p, const char *name, struct str *text)
{
	struct create_part *part;

	p->v = mem_grow(p->v, p->n, &p->cap, sizeof *p->v);
	part = &p->v[p->n++];
	part->name = xstrdup(name);
	part->sha256[0] = '\0';
	part->len = text->len;
	part->text = str_take(text);
}

static void
parts_done(struct parts *p)
{
	while (p->n > 0) {
		struct create_part *part = &p->v[--p->n];

		free((char *)(uintptr_t)part->name);
		free((char *)(uintptr_t)part->text);
	}
	free(p->v);
}

/* The month's report, up to today. */
static int
add_report(struct forms *fs, struct parts *p, struct err *e)
{
	struct paper *paper = paper_new("儿童工作月报");
	char *site = db_meta(forms_db(fs), "site_name");
	struct str text = STR_INIT;
	struct period month;
	int rc;

	period_closed(&month, PERIOD_MONTH, date_today());
	paper->subtitle = paper_keep(paper, month.words);
	paper->site = paper_keep(paper, site);
	paper->made_on = paper_keep(paper, date_today());
	rc = monthly_add(fs, &month, date_today(), paper, e);
	if (rc == 0) {
		html_report(paper, &text);
		add(p, "report.html", &text);
	}
	str_done(&text);
	free(site);
	paper_free(paper);
	return rc;
}

static int
append(void *arg, const char *text, size_t len, struct err *e)
{
	(void)e;
	str_addn(arg, text, len);
	return 0;
}

static int
add_table(struct forms *fs, const char *form, struct parts *p, struct err *e)
{
	const struct form *f = forms_get(fs, form, e);
	struct export *x = f != NULL ? export_new(fs, f, e) : NULL;
	struct codec_loss loss = { 0 };
	struct str text = STR_INIT;
	char *name;
	int rc;

	if (x == NULL)
		return f != NULL ? E_SQL : E_FORMAT;
	rc = export_csv(x, CODEC_UTF8, true, append, &text, &loss, e);
	if (rc == 0 && export_rows(x) > 0) {
		name = xasprintf("%s.csv", form);
		add(p, name, &text);
		free(name);
	}
	str_done(&text);
	export_free(x);
	return rc;
}

/* The files of evidence, by name only. */
static int
add_files(struct forms *fs, struct parts *p, struct err *e)
{
	struct evidence_file *v;
	size_t i, n;
	int rc = evidence_sweep(fs, e);

	if (rc == 0)
		rc = evidence_files(fs, NULL, &v, &n, e);
	if (rc < 0)
		return rc;
	for (i = 0; i < n; i++) {
		struct create_part *part;

		p->v = mem_grow(p->v, p->n, &p->cap, sizeof *p->v);
		part = &p->v[p->n++];
		part->name = xstrdup(v[i].name);
		part->text = NULL;
		part->len = v[i].size;
		strcpy(part->sha256, v[i].sha256);
	}
	free(v);
	return 0;
}

static int
compose(struct forms *fs, bool full, struct parts *p, struct err *e)
{
	const char *const *name;
	int rc = add_report(fs, p, e);

	for (name = forms_names(fs); rc == 0 && full && *name != NULL; name++)
		rc = add_table(fs, *name, p, e);
	if (rc == 0 && full)
		rc = add_files(fs, p, e);
	return rc;
}

int
create_site(struct forms *fs, const char *home, const char *dir, bool full,
    stick_progress_fn *progress, void *ctx, struct create_result *out,
    struct err *e)
{
	struct db *db = forms_db(fs);
	const struct session *s = db_session(db);
	char *login = xstrdup(s != NULL && strcmp(s->login, "cli") != 0 ?
	    s->login : NULL);
	struct parts p = { NULL, 0, 0 };
	struct err lost = ERR_INIT;
	int rc = login != NULL ? user_assume(db, NULL, e) : 0;

	if (rc == 0)
		rc = compose(fs, full, &p, e);
	if (login != NULL && user_assume(db, login, &lost) < 0)
		rc = err_set(e, lost.code, "%s", lost.msg);
	if (rc == 0)
		rc = create_bundle(fs, home, dir, p.v, p.n, progress, ctx, out,
		    e);
	free(login);
	parts_done(&p);
	return rc;
}
