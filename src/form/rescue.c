/* See rescue.h. */
#include "rescue.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db.h"
#include "journal.h"
#include "mem.h"
#include "recordi.h"
#include "salvage.h"
#include "uid.h"

struct rescuing {
	struct forms *fs;
	struct db *db;
	struct rescue *out;
	struct rescue_count *now;
	int64_t last_lost;	/* number of the last entry that is gone */
	struct err *e;
	int rc;
};

void
rescue_done(struct rescue *r)
{
	free(r->v);
	r->v = NULL;
	r->n = 0;
}

/* ---- a record from its journal ------------------------------------------ */

struct replay {
	struct record *r;
	bool gone;		/* deleted, or a tombstone */
	int entries, values;
};

static void
replay_change(struct replay *p, const char *name, const char *now)
{
	const struct field *f;

	if (name == NULL)
		return;
	if (strcmp(name, "state") == 0) {
		free(p->r->state);
		p->r->state = xstrdup(now);
	} else if ((f = form_field(p->r->form, name)) != NULL) {
		record_put(p->r, f, now);
		p->values += now != NULL;
	}
}

static void
replay_entry(struct replay *p, struct stmt *q)
{
	struct record *r = p->r;

	if (p->entries++ == 0) {
		snprintf(r->created_at, sizeof r->created_at, "%s",
		    stmt_col(q, 1));
		snprintf(r->created_by, sizeof r->created_by, "%s",
		    stmt_col(q, 2));
	}
	snprintf(r->updated_at, sizeof r->updated_at, "%s", stmt_col(q, 1));
	snprintf(r->updated_by, sizeof r->updated_by, "%s", stmt_col(q, 2));
	p->gone = strcmp(stmt_col(q, 3), "delete") == 0;
}

static int
replay_all(struct rescuing *s, struct replay *p)
{
	struct stmt *q = db_new(s->db, "SELECT j.seq, j.at, j.by, j.op, c.key,"
	    " json_extract(c.value,'$[1]') FROM main.journal j LEFT JOIN"
	    " json_each(iif(json_valid(j.vals), j.vals, '{}')) c WHERE"
	    " j.uid=?1 AND j.form=?2 AND j.image IS NOT NULL ORDER BY j.seq",
	    s->e);
	int64_t seq = 0;
	int rc;

	if (q == NULL)
		return E_SQL;
	stmt_text(q, 1, p->r->uid);
	stmt_text(q, 2, p->r->form->name);
	while ((rc = stmt_step(q, s->e)) > 0) {
		if (stmt_col_int(q, 0) != seq)
			replay_entry(p, q);
		seq = stmt_col_int(q, 0);
		replay_change(p, stmt_col(q, 4), stmt_col(q, 5));
	}
	stmt_free(q);
	return rc;
}

/* Does the replay have all that no record lacks?  A tombstone has nothing. */
static bool
complete(struct replay *p)
{
	const struct record *r = p->r;
	bool any = false, all = true;
	size_t i;

	for (i = 0; i < r->form->nfields; i++) {
		const char *must = r->form->fields[i].required.sql;

		any |= r->val[i] != NULL;
		if (must != NULL && strcmp(must, "true") == 0 &&
		    r->form->fields[i].relevant.sql == NULL)
			all &= r->val[i] != NULL;
	}
	if (p->values > 0 && !any)
		p->gone = true;
	return p->values > 0 && (all || p->gone);
}

/* ---- writing ------------------------------------------------------------ */

/* Whose the county took it from; or as the row says; or this site's own. */
static char *
owner(struct rescuing *s, const char *uid, const struct record *old)
{
	char *site = db_str(s->db, "SELECT i.site FROM main.held h JOIN"
	    " main.incarnation i ON i.id=h.incarnation WHERE h.uid=?1", "s",
	    uid);

	if (site == NULL && old != NULL && old->site[0] != '\0' &&
	    old->site[strspn(old->site, "0123456789")] == '\0')
		site = xstrdup(old->site);
	return site != NULL ? site : db_meta(s->db, "site");
}

static int
run_on(struct rescuing *s, const char *sql, const char *uid, const char *site)
{
	struct str text = STR_INIT;
	int rc;

	str_addf(&text, sql, s->now->form->name);
	rc = site == NULL ? db_run(s->db, s->e, text.buf, "s", uid) :
	    db_run(s->db, s->e, text.buf, "ss", uid, site);
	str_done(&text);
	return rc;
}

/* Nobody's for a moment, so that no rule of the workflow minds the state. */
static int
write_row(struct rescuing *s, struct record *r, struct record *old,
    bool gone, const char *why)
{
	char *site = owner(s, r->uid, old);
	int rc = 0;

	free(r->site);
	r->site = xstrdup("");
	if (old != NULL)
		rc = run_on(s, "UPDATE main.\"%s\" SET site='' WHERE uid=?1",
		    r->uid, NULL);
	if (rc == 0)
		rc = record_store(r, old, "salvage", why, gone, s->e);
	if (rc == 0)
		rc = run_on(s, "UPDATE main.\"%s\" SET site=?2 WHERE uid=?1",
		    r->uid, site);
	free(site);
	return rc;
}

/* 1: written anew; 0: the journal does not have enough of it. */
static int
rebuild(struct rescuing *s, const char *uid)
{
	struct replay p = { .r = record_blank(s->fs, s->now->form) };
	struct record *old = record_load_main(s->fs, s->now->form, uid, NULL);
	int rc;

	snprintf(p.r->uid, sizeof p.r->uid, "%s", uid);
	rc = replay_all(s, &p);
	if (rc == 0 && complete(&p)) {
		rv_new(p.r->rv);
		rc = write_row(s, p.r, old, p.gone,
		    "数据库损坏后按日志重建");
		rc = rc < 0 ? rc : 1;
	}
	record_free(old);
	record_free(p.r);
	return rc;
}

/* Put the row on record as it stands. */
static int
keep(struct rescuing *s, const char *uid)
{
	struct record *r = record_load_main(s->fs, s->now->form, uid, s->e);
	struct record *old = record_load_main(s->fs, s->now->form, uid, s->e);
	struct str sql = STR_INIT;
	int rc = E_SQL;

	str_addf(&sql, "SELECT deleted FROM main.\"%s\" WHERE uid=?1",
	    s->now->form->name);
	if (r != NULL && old != NULL)
		rc = write_row(s, r, old, db_int(s->db, 0, sql.buf, "s", uid)
		    != 0, "数据库损坏，最后的改动没有日志");
	str_done(&sql);
	record_free(r);
	record_free(old);
	return rc;
}

static int
note_lost(struct rescuing *s, const char *uid)
{
	s->now->lost++;
	return journal_note(s->db, "lost", s->now->form->name, uid,
	    "数据库损坏，救不回来", s->e);
}

/* ---- one form ----------------------------------------------------------- */

struct uids {
	char (*v)[37];
	size_t n, cap;
};

static void
add_uid(void *arg, const char *uid)
{
	struct uids *u = arg;

	u->v = mem_grow(u->v, u->n, &u->cap, sizeof *u->v);
	snprintf(u->v[u->n++], sizeof *u->v, "%s", uid != NULL ? uid : "");
}

/* A row that does not fit its last entry: if a later entry may be lost, the
 * row is the better witness, else the journal is. */
static int
settle_doubt(struct rescuing *s, const char *uid)
{
	int64_t last = db_int(s->db, 0, "SELECT max(seq) FROM main.journal"
	    " WHERE uid=?1 AND image IS NOT NULL", "s", uid);
	int rc = last > 0 && last > s->last_lost ? rebuild(s, uid) : 0;

	if (rc == 1)
		s->now->rebuilt++;
	if (rc == 0) {
		s->now->doubtful++;
		rc = keep(s, uid);
	}
	return rc;
}

static int
settle_missing(struct rescuing *s, const char *uid)
{
	int rc = rebuild(s, uid);

	if (rc == 1)
		s->now->rebuilt++;
	return rc == 0 ? note_lost(s, uid) : rc;
}

static int
find_missing(struct rescuing *s, struct uids *u)
{
	struct str sql = STR_INIT;
	struct stmt *q;
	int rc;

	str_addf(&sql, "SELECT DISTINCT uid FROM main.journal WHERE form=?1"
	    " AND image IS NOT NULL AND uid NOT IN (SELECT uid FROM"
	    " main.\"%s\") AND uid NOT IN (SELECT uid FROM main.journal WHERE"
	    " op='lost' AND uid IS NOT NULL)", s->now->form->name);
	q = db_new(s->db, sql.buf, s->e);
	str_done(&sql);
	if (q == NULL)
		return E_SQL;
	stmt_text(q, 1, s->now->form->name);
	while ((rc = stmt_step(q, s->e)) > 0)
		add_uid(u, stmt_col(q, 0));
	stmt_free(q);
	return rc;
}

static int
settle_form(struct rescuing *s)
{
	struct uids doubt = { .n = 0 }, missing = { .n = 0 };
	struct str sql = STR_INIT;
	size_t i;
	int rc = journal_doubtful(s->db, s->now->form->name, add_uid, &doubt,
	    s->e);

	if (rc == 0)
		rc = find_missing(s, &missing);
	str_addf(&sql, "SELECT count(*) FROM main.\"%s\"", s->now->form->name);
	s->now->kept = db_int(s->db, 0, sql.buf, "") - (int64_t)doubt.n;
	for (i = 0; rc >= 0 && i < doubt.n; i++)
		rc = settle_doubt(s, doubt.v[i]);
	for (i = 0; rc >= 0 && i < missing.n; i++)
		rc = settle_missing(s, missing.v[i]);
	str_done(&sql);
	free(doubt.v);
	free(missing.v);
	return rc < 0 ? rc : 0;
}

static int
settle_forms(struct rescuing *s)
{
	const char *const *name;
	size_t cap = 0;
	int rc = 0;

	for (name = forms_names(s->fs); rc == 0 && *name != NULL; name++) {
		struct rescue *o = s->out;

		o->v = mem_grow(o->v, o->n, &cap, sizeof *o->v);
		s->now = &o->v[o->n];
		*s->now = (struct rescue_count){
		    .form = forms_get(s->fs, *name, s->e) };
		rc = s->now->form == NULL ? E_FORMAT : settle_form(s);
		o->n++;
	}
	return rc;
}

/* ---- records that only others know of ----------------------------------- */

static struct rescue_count *
count_of(struct rescue *o, const char *form)
{
	size_t i;

	for (i = 0; i < o->n; i++)
		if (strcmp(o->v[i].form->name, form) == 0)
			return &o->v[i];
	return NULL;
}

/* A page of the table and the journal's pages gone as well: nothing tells of
 * the record but those that belong to it. */
static int
follow_ref(struct rescuing *s, const struct field *f)
{
	struct str sql = STR_INIT;
	struct uids u = { .n = 0 };
	struct stmt *q;
	size_t i;
	int rc;

	s->now = count_of(s->out, f->list);
	str_addf(&sql, "SELECT DISTINCT \"%s\" FROM main.\"%s\" WHERE"
	    " NOT deleted AND \"%s\" IS NOT NULL AND \"%s\" NOT IN (SELECT"
	    " uid FROM main.\"%s\") AND \"%s\" NOT IN (SELECT uid FROM"
	    " main.journal WHERE op='lost' AND uid IS NOT NULL)", f->name, f->form->name,
	    f->name, f->name, f->list, f->name);
	q = s->now != NULL ? db_new(s->db, sql.buf, s->e) : NULL;
	rc = s->now != NULL && q == NULL ? E_SQL : 0;
	while (q != NULL && (rc = stmt_step(q, s->e)) > 0)
		add_uid(&u, stmt_col(q, 0));
	stmt_free(q);
	for (i = 0; rc == 0 && i < u.n; i++)
		rc = note_lost(s, u.v[i]);
	free(u.v);
	str_done(&sql);
	return rc;
}

static int
follow_refs(struct rescuing *s)
{
	size_t i, k, n = s->out->n;
	int rc = 0;

	for (i = 0; rc == 0 && i < n; i++) {
		const struct form *f = s->out->v[i].form;

		for (k = 0; rc == 0 && k < f->nfields; k++)
			if (f->fields[k].type == T_REF)
				rc = follow_ref(s, &f->fields[k]);
	}
	return rc;
}

/* ---- what hangs on the records ------------------------------------------ */

static int
index_form(struct rescuing *s, const struct form *f)
{
	struct str sql = STR_INIT;
	struct stmt *q;
	int rc = 0;

	str_addf(&sql, "SELECT uid FROM main.\"%s\" WHERE NOT deleted",
	    f->name);
	q = db_new(s->db, sql.buf, s->e);
	str_done(&sql);
	if (q == NULL)
		return E_SQL;
	while (rc >= 0 && (rc = stmt_step(q, s->e)) > 0) {
		struct record *r = record_load_main(s->fs, f, stmt_col(q, 0),
		    s->e);

		rc = r == NULL ? E_SQL : record_index(r, s->e);
		record_free(r);
	}
	stmt_free(q);
	return rc;
}

/* The county's note of the version it has taken. */
static int
hold_form(struct rescuing *s, const struct form *f)
{
	struct str sql = STR_INIT;
	int rc;

	str_addf(&sql, "INSERT OR REPLACE INTO main.held(uid,form,rv,"
	    "incarnation,upto) SELECT t.uid, '%s', t.rv, (SELECT max(i.id)"
	    " FROM main.incarnation i WHERE i.site=t.site), 0 FROM main.\"%s\""
	    " t LEFT JOIN main.held h ON h.uid=t.uid WHERE h.uid IS NULL AND"
	    " EXISTS (SELECT 1 FROM main.incarnation i WHERE i.site=t.site)",
	    f->name, f->name);
	rc = db_run(s->db, s->e, sql.buf, "");
	str_done(&sql);
	return rc;
}

static int
restore_links(struct rescuing *s)
{
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < s->out->n; i++) {
		const struct form *f = s->out->v[i].form;

		rc = hold_form(s, f);
		if (rc == 0 && f->nfind > 0)
			rc = index_form(s, f);
	}
	return rc;
}

/* Which township, if the page that said so is gone. */
static int
know_site(struct rescuing *s)
{
	char *site = db_meta(s->db, "site"), *name = NULL;
	int rc = 0;

	if (site == NULL) {
		site = db_str(s->db, "SELECT site FROM main.village GROUP BY"
		    " site ORDER BY count(*) DESC LIMIT 1", "");
		if (str_blank(site))
			rc = err_set(s->e, E_CORRUPT, "损坏太重，看不出是哪个"
			    "乡镇的数据库");
		else
			name = db_str(s->db, "SELECT name FROM main.division"
			    " WHERE code=?1", "s", site);
		if (rc == 0)
			rc = db_set_meta(s->db, "site", site, s->e);
		if (rc == 0)
			rc = db_set_meta(s->db, "site_name", name != NULL ?
			    name : site, s->e);
		if (rc == 0)
			rc = db_set_meta(s->db, "level", strlen(site) == 6 ?
			    "county" : "town", s->e);
	}
	free(site);
	free(name);
	return rc;
}

/* ---- all together ------------------------------------------------------- */

static int
rescue(struct rescuing *s, const char *path, const char *map)
{
	struct salvage *from;
	int64_t handed;
	int rc = salvage_open(&from, path, map, s->db, s->e);

	if (rc < 0)
		return rc;
	rc = salvage_copy(from, s->e);
	salvage_close(from);
	if (rc == 0)
		rc = know_site(s);
	handed = db_int(s->db, 0, "SELECT max(upto) FROM main.export", "");
	if (rc == 0)
		s->out->entries = journal_mend(s->db, handed, &s->last_lost,
		    s->e);
	if (rc == 0 && s->out->entries < 0)
		rc = (int)s->out->entries;
	if (rc == 0)
		rc = settle_forms(s);
	if (rc == 0)
		rc = follow_refs(s);
	return rc == 0 ? restore_links(s) : rc;
}

int
rescue_run(struct forms *fs, const char *path, const char *map,
    struct rescue *out, struct err *e)
{
	struct rescuing s = { .fs = fs, .db = forms_db(fs), .out = out,
	    .e = e };
	int rc = db_begin(s.db, e);

	memset(out, 0, sizeof *out);
	if (rc < 0)
		return rc;
	db_trust(s.db);
	rc = rescue(&s, path, map);
	db_untrust(s.db);
	if (rc < 0) {
		db_rollback(s.db);
		return rc;
	}
	return db_commit(s.db, e);
}
