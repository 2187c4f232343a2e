/* The protocol of the stick, held to its promise over random histories: lost
 * sticks, duplicates, reordering, lost receipts, restored backups, cloned
 * disks; real databases, the real export, merge, answer and apply.  Whatever
 * happens, no image of a record disappears without a trace: it is replaced by
 * a descendant, or kept as a conflict.
 *
 * `make test` plays 10,000 histories, or as many as five minutes of processor
 * time allow (few under the sanitizers); TONGJI_SOAK=1 plays TONGJI_SOAK_N of
 * each kind, default 10,000, from TONGJI_SOAK_SEED on. */
#include "circle_help.h"

#include <time.h>

enum { SITES = 3, NODES = 5, STEPS = 120, QUEUE = 64 };

/* ---- what is true: every version, what it says, what it came from ---------- */

struct version {
	char rv[17];
	char val[24];		/* "-": deleted */
	int parent[32];
	int nparents;
	int mark;
};

static struct {
	struct version *v;
	int n, cap, mark;
	int silent, conflicts, merges, forks, renewed, taken, trays;
} truth;

static int
version_of(const char *rv)
{
	int i;

	for (i = truth.n - 1; i >= 0; i--)
		if (strcmp(truth.v[i].rv, rv) == 0)
			return i;
	return -1;
}

static int
version_add(const char *rv, const char *val)
{
	int i = version_of(rv);

	if (i >= 0)
		return i;
	if (truth.n == truth.cap) {
		truth.cap = truth.cap * 2 + 256;
		truth.v = xrealloc(truth.v, (size_t)truth.cap,
		    sizeof *truth.v);
	}
	memset(&truth.v[truth.n], 0, sizeof *truth.v);
	snprintf(truth.v[truth.n].rv, 17, "%s", rv);
	snprintf(truth.v[truth.n].val, 24, "%s", val);
	return truth.n++;
}

static void
version_from(int child, int parent)
{
	struct version *v = &truth.v[child];
	int i;

	for (i = 0; i < v->nparents; i++)
		if (v->parent[i] == parent)
			return;
	if (child == parent)
		return;
	assert_true(v->nparents < 32);
	v->parent[v->nparents++] = parent;
}

static bool
reaches(int from, int to)
{
	int i;

	if (from == to)
		return true;
	if (truth.v[from].mark == truth.mark)
		return false;
	truth.v[from].mark = truth.mark;
	for (i = 0; i < truth.v[from].nparents; i++)
		if (reaches(truth.v[from].parent[i], to))
			return true;
	return false;
}

/* Does the image `old` live on in `now`? */
static bool
lives_on(int old, int now)
{
	truth.mark++;
	return strcmp(truth.v[old].val, truth.v[now].val) == 0 ||
	    reaches(now, old);
}

/* ---- a database at one moment ---------------------------------------------- */

struct shot {
	struct { char uid[37], rv[17], val[24]; } row[256];
	int n;
};

static void
take_shot(struct node *n, const char *site, struct shot *s)
{
	struct stmt *q = db_get(n->db, "SELECT uid, rv, iif(deleted,'-',val)"
	    " FROM main.item WHERE site=?1 ORDER BY rowid", ER);

	s->n = 0;
	assert_non_null(q);
	stmt_text(q, 1, site);
	while (stmt_step(q, ER) > 0) {
		assert_true(s->n < 256);
		snprintf(s->row[s->n].uid, 37, "%s", stmt_col(q, 0));
		snprintf(s->row[s->n].rv, 17, "%s", stmt_col(q, 1));
		snprintf(s->row[s->n].val, 24, "%s", stmt_col(q, 2));
		s->n++;
	}
}

static int
shot_find(const struct shot *s, const char *uid)
{
	int i;

	for (i = 0; i < s->n; i++)
		if (strcmp(s->row[i].uid, uid) == 0)
			return i;
	return -1;
}

static bool
same_shot(const struct shot *a, const struct shot *b)
{
	int i, k;

	if (a->n != b->n)
		return false;
	for (i = 0; i < a->n; i++) {
		k = shot_find(b, a->row[i].uid);
		if (k < 0 || strcmp(a->row[i].val, b->row[k].val) != 0)
			return false;
	}
	return true;
}

/* ---- the actors ---------------------------------------------------------- */

static struct help_rand rng;

static int
pick(int n)
{
	return n > 0 ? (int)((help_rand(&rng) >> 16) % (unsigned)n) : 0;
}

static bool
chance(int percent)
{
	return (int)((help_rand(&rng) >> 16) % 100) < percent;
}

struct world {
	struct node county, node[NODES];
	int nnodes;
	struct parcel *stick[QUEUE];
	int nsticks;
	struct { struct answer *a; char site[13]; } receipt[QUEUE];
	int nreceipts;
	char backup[SITES][96];
};

static void
edit(struct node *n)
{
	struct shot s, t;
	char val[24], uid[37];
	int i;

	take_shot(n, n->site, &s);
	snprintf(val, sizeof val, "%016llx",
	    (unsigned long long)help_rand(&rng));
	i = pick(s.n);
	if (s.n > 0 && strcmp(s.row[i].val, "-") != 0 && chance(60)) {
		strcpy(uid, s.row[i].uid);
		node_change(n, uid, chance(5) ? NULL : val);
		take_shot(n, n->site, &t);
		version_from(version_add(t.row[i].rv, t.row[i].val),
		    version_of(s.row[i].rv));
	} else {
		node_insert(n, val, uid);
		take_shot(n, n->site, &t);
		i = shot_find(&t, uid);
		version_add(t.row[i].rv, t.row[i].val);
	}
}

/* Versions that a row's database says it superseded. */
static int
superseded(struct node *n, const char *uid, int out[64])
{
	struct stmt *q = db_get(n->db, "SELECT rv FROM main.sup WHERE uid=?1",
	    ER);
	int k = 0, v;

	stmt_text(q, 1, uid);
	while (stmt_step(q, ER) > 0)
		if ((v = version_of(stmt_col(q, 0))) >= 0 && k < 64)
			out[k++] = v;
	return k;
}

/* Is the image, or what became of it, before a person in the tray? */
static bool
in_tray(struct node *n, const char *uid, int old)
{
	struct stmt *q = db_get(n->db, "SELECT mark FROM main.tray WHERE"
	    " kind='conflict' AND uid=?1", ER);
	bool found = false;
	int v;

	stmt_text(q, 1, uid);
	while (stmt_step(q, ER) > 0) {
		v = version_of(stmt_col(q, 0));
		found |= v >= 0 && lives_on(old, v);
	}
	return found;
}

/* What a receipt did to the rows: an untouched row may only give way to what
 * came from it; `decided`: a person saw both. */
static void
judge_site(struct node *n, const struct shot *before, bool decided)
{
	struct shot after;
	int i, k, j, m, old, now, sup[64];
	bool ok;

	take_shot(n, n->site, &after);
	for (i = 0; i < after.n; i++) {
		k = shot_find(before, after.row[i].uid);
		now = version_add(after.row[i].rv, after.row[i].val);
		if (k < 0)
			continue;
		old = version_of(before->row[k].rv);
		assert_true(old >= 0);
		m = superseded(n, after.row[i].uid, sup);
		if (now == old) {
			for (j = 0; j < m; j++)
				if (strcmp(truth.v[sup[j]].val,
				    truth.v[now].val) == 0 && !decided)
					version_from(now, sup[j]);
			continue;
		}
		ok = decided || strcmp(truth.v[old].val,
		    truth.v[now].val) == 0;
		for (j = 0; j < m; j++) {
			if (sup[j] != old && lives_on(old, sup[j]))
				ok = true;
			if (sup[j] != old)
				version_from(now, sup[j]);
		}
		if (!ok && in_tray(n, after.row[i].uid, old))
			ok = true;
		version_from(now, old);
		truth.silent += !ok;
	}
	for (i = 0; i < before->n; i++)
		truth.silent += shot_find(&after, before->row[i].uid) < 0;
}

static void
decide_some(struct node *n, int percent)
{
	struct tray_item *v;
	struct shot before;
	size_t count, i;

	OK(tray_list(n->fs, &v, &count, ER));
	for (i = 0; i < count; i++) {
		if (!chance(percent))
			continue;
		take_shot(n, n->site, &before);
		OK(tray_decide(n->fs, v[i].id, chance(50), ER));
		judge_site(n, &before, true);
		truth.trays++;
	}
	tray_list_free(v, count);
}

static void
apply(struct node *n, const struct answer *a)
{
	struct apply_result out;
	struct shot before;

	take_shot(n, n->site, &before);
	node_apply(n, a, &out);
	truth.renewed += out.outcome == APPLY_FORK ||
	    out.outcome == APPLY_RESTORED;
	truth.taken += (int)out.taken;
	judge_site(n, &before, false);
	decide_some(n, 50);
}

/* ---- the county ---------------------------------------------------------- */

static bool
kept_aside(struct node *c, const char *uid, const char *rv, const char *val)
{
	return db_int(c->db, 0, "SELECT count(*) FROM main.conflict WHERE"
	    " uid=?1 AND lost_rv=?2 AND (instr(lost, ?3) > 0 OR"
	    " (?3='-' AND instr(lost,'\"deleted\":true') > 0))", "sss", uid,
	    rv, val) > 0;
}

static struct answer *
deliver(struct world *w, const struct parcel *p)
{
	struct merge_result r, again;
	struct shot before, after, twice;
	struct answer *a;
	char inc[33];
	int i, k;

	take_shot(&w->county, p->site, &before);
	county_merge(&w->county, p, false, &r, inc);
	take_shot(&w->county, p->site, &after);
	for (i = 0; i < before.n; i++) {
		k = shot_find(&after, before.row[i].uid);
		if (k < 0 || (strcmp(before.row[i].rv, after.row[k].rv) != 0 &&
		    !lives_on(version_of(before.row[i].rv),
		    version_of(after.row[k].rv)) && !kept_aside(&w->county,
		    before.row[i].uid, before.row[i].rv, before.row[i].val)))
			truth.silent++;
	}
	county_merge(&w->county, p, false, &again, NULL);
	take_shot(&w->county, p->site, &twice);
	assert_true(same_shot(&after, &twice));
	assert_true(again.status != MERGE_OK);
	truth.merges += r.status == MERGE_OK;
	truth.forks += r.status == MERGE_FORK;
	truth.conflicts += (int)r.conflicts;
	a = county_answer(&w->county, p->site, inc, &r);
	merge_result_done(&r);
	merge_result_done(&again);
	return a;
}

static void
answer_drop(struct answer *a)
{
	answer_done(a);
	free(a);
}

/* ---- faults -------------------------------------------------------------- */

/* Put a file in place of a node's database, as a restored disk does. */
static void
replace(struct node *n, const char *from)
{
	node_close(n);
	copy_file(from, n->path);
	node_open(n);
}

static void
step(struct world *w, bool restore, bool clone)
{
	int x = pick(1000), i = pick(w->nnodes), s;
	struct node *n = &w->node[i];
	struct parcel *p;

	if (x < 500) {
		edit(n);
	} else if (x < 620) {
		p = node_export(n);
		if (chance(80) && w->nsticks < QUEUE)
			w->stick[w->nsticks++] = p, p->copies++;
		if (chance(10) && w->nsticks < QUEUE)
			w->stick[w->nsticks++] = p, p->copies++;
		parcel_free(p);
	} else if (x < 800 && w->nsticks > 0) {
		struct answer *a;

		s = pick(w->nsticks);
		p = w->stick[s];
		w->stick[s] = w->stick[--w->nsticks];
		a = deliver(w, p);
		if (chance(85) && w->nreceipts < QUEUE) {
			w->receipt[w->nreceipts].a = a;
			strcpy(w->receipt[w->nreceipts++].site, p->site);
		} else {
			answer_drop(a);
		}
		parcel_free(p);
	} else if (x < 930 && w->nreceipts > 0) {
		s = pick(w->nreceipts);
		for (i = 0; i < w->nnodes; i++)
			if (strcmp(w->node[i].site, w->receipt[s].site) == 0)
				apply(&w->node[i], w->receipt[s].a);
		answer_drop(w->receipt[s].a);
		w->receipt[s] = w->receipt[--w->nreceipts];
	} else if (x < 960 && i < SITES) {
		snprintf(w->backup[i], sizeof w->backup[i], "%s/backup-%d",
		    help_dir, i);
		copy_file(n->path, w->backup[i]);
	} else if (x < 975 && restore && i < SITES &&
	    w->backup[i][0] != '\0') {
		replace(n, w->backup[i]);
	} else if (x >= 975 && x < 985 && clone && w->nnodes < NODES) {
		struct node *fresh = &w->node[w->nnodes++];
		static int count;

		*fresh = *n;
		snprintf(fresh->path, sizeof fresh->path, "%s/clone-%d.db",
		    help_dir, count++);
		copy_file(n->path, fresh->path);
		node_open(fresh);
	}
}

/* Bundles and answers until two rounds in a row bring nothing new. */
static void
sync_all(struct world *w)
{
	struct parcel *p;
	struct answer *a;
	int round, quiet = 0, i, before;

	for (round = 0; round < 8 && quiet < 2; round++) {
		before = truth.n + truth.trays + truth.renewed + truth.taken;
		for (i = 0; i < w->nnodes; i++) {
			p = node_export(&w->node[i]);
			if (p->rows.len > 0)
				quiet = -1;
			a = deliver(w, p);
			apply(&w->node[i], a);
			decide_some(&w->node[i], 100);
			answer_drop(a);
			parcel_free(p);
		}
		quiet = truth.n + truth.trays + truth.renewed + truth.taken ==
		    before && quiet >= 0 ? quiet + 1 : 0;
	}
}

static void
count_bad(void *arg, const char *text)
{
	(void)arg;
	print_message("  %s\n", text);
}

static void
history(uint64_t seed, bool restore, bool clone, int *equal, int *ends)
{
	static const char *const sites[SITES] = { "370323101", "370323102",
	    "370323103" };
	struct world *w = xcalloc(1, sizeof *w);
	struct shot mine, theirs;
	int i;

	rng.s = seed * 2654435761u + 88172645463325252u;
	truth.n = 0;
	node_new(&w->county, "county", "370323", "county");
	for (i = 0; i < SITES; i++)
		node_new(&w->node[i], "town", sites[i], "town");
	w->nnodes = SITES;
	for (i = 0; i < STEPS; i++)
		step(w, restore, clone);
	sync_all(w);
	for (i = 0; i < w->nnodes; i++) {
		take_shot(&w->node[i], w->node[i].site, &mine);
		take_shot(&w->county, w->node[i].site, &theirs);
		*equal += same_shot(&mine, &theirs);
		++*ends;
		assert_int_equal(journal_check(w->node[i].db, count_bad, NULL,
		    ER), 0);
		node_drop(&w->node[i]);
	}
	assert_int_equal(journal_check(w->county.db, count_bad, NULL, ER), 0);
	node_drop(&w->county);
	while (w->nsticks > 0)
		parcel_free(w->stick[--w->nsticks]);
	while (w->nreceipts > 0)
		answer_drop(w->receipt[--w->nreceipts].a);
	free(w);
}

#ifdef __has_feature
#define SANITIZED __has_feature(address_sanitizer)
#else
#define SANITIZED 0
#endif

/* How many histories of a kind; `seconds` of processor time at most. */
static int
how_many(double *seconds)
{
	const char *n = getenv("TONGJI_SOAK_N");

	*seconds = 100;
	if (getenv("TONGJI_SOAK") == NULL)
		return SANITIZED ? 60 : 3400;
	*seconds = 1e9;
	return n != NULL ? atoi(n) : 10000;
}

static void
many(bool restore, bool clone, const char *name)
{
	const char *from = getenv("TONGJI_SOAK_SEED");
	int seed = from != NULL ? atoi(from) : 1, equal = 0, ends = 0, i;
	clock_t begun = clock();
	double seconds;
	int histories = how_many(&seconds);

	memset(&truth, 0, sizeof truth);
	for (i = 0; i < histories && (double)(clock() - begun) <
	    seconds * CLOCKS_PER_SEC; i++) {
		history((uint64_t)(seed + i), restore, clone, &equal, &ends);
		if (truth.silent > 0)
			fail_msg("history %d: %d silent overwrites", seed + i,
			    truth.silent);
	}
	histories = i;
	print_message("  %s: %d histories, %d merges, %d conflicts, %d forks,"
	    " %d renewed, %d taken back, %d decided; equal %d of %d\n", name,
	    histories, truth.merges, truth.conflicts, truth.forks,
	    truth.renewed, truth.taken, truth.trays, equal, ends);
	assert_true(truth.merges > 0);
	if (!clone)
		assert_int_equal(equal, ends);
	if (!restore)
		assert_int_equal(truth.conflicts, 0);
	else
		assert_true(truth.conflicts > 0 && truth.renewed > 0);
	free(truth.v);
	truth.v = NULL;
}

static void
test_plain(void **state)
{
	(void)state;
	many(false, false, "lost, doubled, reordered");
}

static void
test_restore(void **state)
{
	(void)state;
	many(true, false, "and restored backups");
}

static void
test_clone(void **state)
{
	(void)state;
	many(true, true, "and cloned disks");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain),
		cmocka_unit_test(test_restore),
		cmocka_unit_test(test_clone),
	};

	return cmocka_run_group_tests(tests, circle_setup, circle_teardown);
}
