/* See exchange.h. */
#include "exchange.h"

#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "age.h"
#include "apply.h"
#include "db.h"
#include "editions.h"
#include "journal.h"
#include "log.h"
#include "mem.h"
#include "model.h"
#include "outbox.h"
#include "receive.h"
#include "safe.h"
#include "stickoff.h"
#include "str.h"
#include "tidy.h"
#include "user.h"

enum { LINES_SHOWN = 20 };
enum { WRITERS = ROLE_ADMIN | ROLE_SUPERVISOR | ROLE_COUNTY };

/* ---- asking ------------------------------------------------------------- */

char *
exchange_passphrase(const struct exchange *x)
{
	struct termios was, hidden;
	char *line;
	bool tty = !x->from_stdin && isatty(0) && tcgetattr(0, &was) == 0;

	if (tty) {
		fputs("县级密钥的口令：", stderr);
		hidden = was;
		hidden.c_lflag &= (tcflag_t)~ECHO;
		tcsetattr(0, TCSAFLUSH, &hidden);
	}
	line = cli_line();
	if (tty) {
		tcsetattr(0, TCSAFLUSH, &was);
		fputc('\n', stderr);
	}
	return line;
}

static bool
confirmed(const struct exchange *x, const char *what)
{
	char *answer;
	bool yes;

	if (x->yes || !isatty(0))
		return true;
	fprintf(stderr, "%s请输入“是”：", what);
	answer = cli_line();
	yes = str_eq(answer, "是");
	free(answer);
	return yes;
}

/* ---- receive ------------------------------------------------------------ */

struct receiving {
	struct receiver r;
	const char *home;
	const struct exchange *x;
	bool found;		/* something for a person */
};

static void
show_counts(const struct merge_result *m)
{
	struct str s = STR_INIT;

	census_lines(&m->census, &s);
	if (s.len > 0)
		say("%.*s", (int)s.len - 1, s.buf);
	str_done(&s);
	if (m->twins > 0)
		say("  与别的乡镇可能重复 %lld 人，请核对",
		    (long long)m->twins);
}

/* One line a record that was not simply taken. */
static void
show_lines(const struct exchange *x, const struct outcomes *o)
{
	struct str s = STR_INIT;

	outcomes_text(o, x->all ? 0 : LINES_SHOWN, &s);
	if (s.len > 0)
		say("%.*s", (int)s.len - 1, s.buf);
	if (!x->all && o->n > LINES_SHOWN)
		say("全部列出请加 --all");
	str_done(&s);
}

static int
refused(struct receiving *k, const char *path, struct err *e)
{
	err_prefix(e, "%s", path);
	cli_fail(e);
	k->found = true;
	return -1;
}

/* Judge, show, ask, merge. -1: not taken. */
static int
receive_file(struct receiving *k, const char *path, struct receive_item *it)
{
	bool ask = !k->x->dry && !k->x->yes && isatty(0);
	struct err e = ERR_INIT;

	if (receive_one(&k->r, path, k->x->dry || ask, NULL, NULL, it, &e) < 0)
		return refused(k, path, &e);
	say("%s", it->sentence.buf);
	if (it->result.status == MERGE_UNKNOWN)
		say("  核实以后请运行 tongji bundle accept %s %.8s，再收一次",
		    it->site, it->inc);
	show_counts(&it->result);
	show_lines(k->x, &it->result.lines);
	if (k->x->dry)
		return -1;
	if (ask && it->result.status == MERGE_OK) {
		if (!confirmed(k->x, "并入吗？")) {
			say("没有并入");
			return -1;
		}
	}
	if (ask) {
		receive_item_done(it);
		if (receive_one(&k->r, path, false, NULL, NULL, it, &e) < 0)
			return refused(k, path, &e);
	}
	k->found |= it->result.conflicts > 0 || it->result.refused > 0 ||
	    it->result.status >= MERGE_GAP;
	return 0;
}

static void
answer(struct receiving *k, const struct receive_item *it, const char *dir)
{
	struct err e = ERR_INIT;
	char file[160];

	if (receive_answer(&k->r, it, dir, NULL, NULL, file, &e) < 0) {
		err_prefix(&e, "已并入，但县回执没有写成");
		cli_fail(&e);
		say("再收一次就补写；用 --to 可以写到别处");
		k->found = true;
		return;
	}
	printf("%s/%s\n", dir, file);
	say("县回执已写好：%s", file);
	exchange_remind(dir);
}

/* One answer for each database on the stick: after its last bundle, with the
 * gravest of their outcomes. */
static void
receive_all(struct receiving *k, char **v, size_t n, const char *dir)
{
	struct receive_item last = { .sentence = STR_INIT }, it;
	bool have = false;
	size_t i;

	for (i = 0; i < n; i++) {
		if (receive_file(k, v[i], &it) < 0) {
			receive_item_done(&it);
			continue;
		}
		if (have && strcmp(last.inc, it.inc) != 0)
			answer(k, &last, dir);
		else if (have)
			receive_fold(&it, &last);
		receive_item_done(&last);
		last = it;
		have = true;
	}
	if (have)
		answer(k, &last, dir);
	receive_item_done(&last);
}

/* The folder for the answer; heap. */
static char *
answer_place(const struct receiving *k, const char *path)
{
	char *copy = xstrdup(path), *out;
	struct stat st;
	const char *dir = stat(path, &st) == 0 && S_ISDIR(st.st_mode) ? path :
	    dirname(copy);

	if (k->x->to != NULL || k->x->dry) {
		out = xstrdup(k->x->to != NULL ? k->x->to : dir);
	} else {
		out = outbox_answer(k->home, dir);
		if (strcmp(out, dir) != 0)
			say("县回执不放回 %s，放在 %s", dir, out);
	}
	free(copy);
	return out;
}

static void
receive_path(struct receiving *k, const char *path)
{
	struct err e = ERR_INIT;
	char **v, *dir = NULL;
	size_t n, halves, i;

	if (receive_list(path, &v, &n, &halves, &e) < 0) {
		refused(k, path, &e);
		return;
	}
	if (halves > 0)
		say("%s：有 %zu 个包没有写完，不收", path, halves);
	if (n == 0) {
		say("%s 里没有乡镇的包", path);
		k->found = true;
	}
	if (n > 0)
		dir = answer_place(k, path);
	receive_all(k, v, n, dir);
	free(dir);
	for (i = 0; i < n; i++)
		free(v[i]);
	free(v);
}

static int
run_receive(struct cli *c, const struct exchange *x)
{
	struct receiving k = { .home = c->home, .x = x };
	struct err e = ERR_INIT;
	struct forms *fs = cli_open(c);
	char *pass = fs != NULL ? exchange_passphrase(x) : NULL;
	int i, rc;

	if (fs == NULL)
		return ST_FAILED;
	rc = user_require(forms_db(fs), WRITERS, &e);
	if (rc == 0 && pass == NULL)
		rc = err_set(&e, E_USAGE, "要输入县级密钥的口令："
		    "加 --passphrase-stdin，从标准输入给一行");
	if (rc == 0)
		rc = receive_open(&k.r, fs, c->home, pass, &e);
	for (i = 0; rc == 0 && i < x->n; i++)
		receive_path(&k, x->word[i]);
	receive_close(&k.r);
	free(pass);
	cli_close(fs);
	return rc < 0 ? cli_fail(&e) : k.found ? ST_FOUND : ST_DONE;
}

/* ---- apply -------------------------------------------------------------- */

static int
show_applied(const struct apply_result *r)
{
	static const char *const words[] = {
		[APPLY_OTHER] = "这张县回执是给以前的数据库的，没有用。"
		    "请再报一次",
		[APPLY_FORK] = "本机数据与县里对不上：这个数据库可能是从旧"
		    "备份恢复的，或有两台电脑在用。已作为新的一支继续，"
		    "请再报一次，县里会把缺的还回来",
		[APPLY_RESTORED] = "县里收到的比本机多：这个数据库是从旧备份"
		    "恢复的。已作为新的一支继续，请再报一次，县里会把缺的"
		    "还回来",
		[APPLY_GAP] = "县里缺前面的包，下一包会补齐，请再报一次",
		[APPLY_QUARANTINE] = "县里还不认识这个数据库，请打电话核实",
	};
	struct str reason = STR_INIT;

	if (r->number > 0 && r->outcome == APPLY_OK)
		say("县里已收到 第%lld包", (long long)r->number);
	if (r->outcome != APPLY_OK)
		say("%s", words[r->outcome]);
	if (r->reason[0] != '\0') {
		safe_line(&reason, r->reason);
		say("县里说：%s", reason.buf);
		str_done(&reason);
	}
	say("退回 %lld 条，更正 %lld 项，还回 %lld 条，下发 %lld 条，待定"
	    " %lld 项", (long long)r->returns, (long long)r->proposals_taken,
	    (long long)r->taken, (long long)r->issued, (long long)r->tray);
	return r->outcome == APPLY_OK && r->returns == 0 && r->tray == 0 ?
	    ST_DONE : ST_FOUND;
}

/* The stick is cleared only after the answer has been taken. */
static int
clean(struct cli *c, const char *path)
{
	char *copy = xstrdup(path);
	struct err e = ERR_INIT;
	struct forms *fs = cli_open(c);
	size_t n = 0;
	int rc = fs == NULL ? ST_FAILED : ST_DONE;

	if (fs != NULL && tidy_stick(fs, dirname(copy), &n, &e) < 0) {
		cli_fail(&e);
		rc = ST_FOUND;
	} else if (n > 0) {
		say("已清理县里收到的旧包和旧回执 %zu 个", n);
	}
	cli_close(fs);
	free(copy);
	return rc;
}

/* The county's forms and policy data: shown, tried, taken.  1 when the
 * database is to be opened again. */
static int
take_edition(struct cli *c, struct forms *fs, const struct exchange *x,
    const char *path, bool *found)
{
	struct str package = STR_INIT, words = STR_INIT;
	struct err e = ERR_INIT;
	int rc = apply_edition(c->home, path, &package, &e);

	if (rc == 1)
		rc = editions_look(fs, package.buf, package.len, &words, &e);
	if (rc == 1) {
		say("县里下发了%s", words.buf);
		if (x->dry || !confirmed(x, "换上吗？"))
			rc = 0;
	}
	if (rc == 1) {
		rc = editions_take(fs, c->home, package.buf, package.len, &e);
		rc = rc == 0 ? 1 : rc;
	}
	if (rc < 0) {
		if (rc != E_STALE)
			err_prefix(&e, "资料没有换上");
		cli_fail(&e);
		*found = true;
	}
	str_done(&package);
	str_done(&words);
	return rc == 1;
}

/* With the new forms: what the old ones could not take yet. */
static int
apply_again(struct cli *c, const char *path, struct err *e)
{
	struct apply_result again;
	struct forms *fs = cli_open(c);
	int rc;

	if (fs == NULL)
		return err_set(e, E_IO, "资料换上以后数据库打不开");
	say("已换上县里的资料");
	rc = apply_receipt(fs, c->home, path, false, NULL, &again, e);
	if (rc == 0 && again.issued > 0)
		say("用新的表单又收下 %lld 条", (long long)again.issued);
	cli_close(fs);
	return rc;
}

static int
run_apply(struct cli *c, const struct exchange *x)
{
	struct outcomes lines = { .n = 0 };
	struct apply_result r;
	struct err e = ERR_INIT;
	struct forms *fs = cli_open(c);
	struct stat st;
	bool fresh = false, found = false, applied;
	char *path;
	int rc;

	if (fs == NULL)
		return ST_FAILED;
	path = stat(x->word[0], &st) == 0 && S_ISDIR(st.st_mode) ?
	    apply_find(fs, x->word[0]) : xstrdup(x->word[0]);
	rc = user_require(forms_db(fs), WRITERS, &e);
	if (rc == 0 && path == NULL)
		rc = err_set(&e, E_NOTFOUND, "%s 里没有给本镇的县回执",
		    x->word[0]);
	if (rc == 0)
		rc = apply_receipt(fs, c->home, path, x->dry, &lines, &r, &e);
	if (rc == 0)
		fresh = take_edition(c, fs, x, path, &found);
	cli_close(fs);
	if (rc == 0 && fresh)
		rc = apply_again(c, path, &e);
	applied = rc == 0;
	rc = rc < 0 ? cli_fail(&e) : show_applied(&r);
	if (applied && x->clean && !x->dry && clean(c, path) != ST_DONE)
		found = true;
	free(path);
	if (rc == ST_DONE && found)
		rc = ST_FOUND;
	show_lines(x, &lines);
	outcomes_done(&lines);
	return rc;
}

/* ---- eject -------------------------------------------------------------- */

void
exchange_remind(const char *dir)
{
	char *device = stickoff_device(dir, NULL, NULL);

	if (device != NULL)
		say("拔U盘前请先卸载：tongji bundle eject %s", dir);
	free(device);
}

static int
run_eject(struct cli *c, const struct exchange *x)
{
	struct str words = STR_INIT;
	enum stickoff how = stickoff_run(x->word[0], NULL, NULL, &words);

	(void)c;
	say("%s", how == STICKOFF_NONE ? "这不是U盘上的文件夹，不用卸载" :
	    words.buf);
	str_done(&words);
	return how == STICKOFF_BUSY || how == STICKOFF_BY_HAND ? ST_FOUND :
	    ST_DONE;
}

static const struct exchange_verb verbs[] = {
	{ "receive", 1, 1000, run_receive },
	{ "apply", 1, 1, run_apply },
	{ "eject", 1, 1, run_eject },
	{ .name = NULL },
};

static const struct exchange_verb *
find(const struct exchange_verb *v, const char *name)
{
	for (; v->name != NULL; v++)
		if (strcmp(v->name, name) == 0)
			return v;
	return NULL;
}

const struct exchange_verb *
exchange_find(const char *name)
{
	const struct exchange_verb *const tables[] = { verbs, desk_verbs,
	    edition_verbs }, *v = NULL;
	size_t i;

	for (i = 0; v == NULL && i < COUNT_OF(tables); i++)
		v = find(tables[i], name);
	return v;
}
