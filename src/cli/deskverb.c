/* The verbs of `tongji bundle` for the clerk's desk and the township's tray:
 * list, decide, review, propose, accept, transfer, give. */
#include "exchange.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db.h"
#include "desk.h"
#include "give.h"
#include "log.h"
#include "mem.h"
#include "model.h"
#include "receive.h"
#include "record.h"
#include "safe.h"
#include "str.h"
#include "transfer.h"
#include "tray.h"
#include "user.h"

enum { WRITERS = ROLE_ADMIN | ROLE_SUPERVISOR | ROLE_COUNTY };

static int
finish(struct forms *fs, int rc, const struct err *e, int status)
{
	cli_close(fs);
	return rc < 0 ? cli_fail(e) : status;
}

/* Open, and only for those who may write. */
static struct forms *
open_for(struct cli *c, int *rc, struct err *e)
{
	struct forms *fs = cli_open(c);

	if (fs != NULL)
		*rc = user_require(forms_db(fs), WRITERS, e);
	return fs;
}

/* ---- list ---------------------------------------------------------------- */

static void
show_sites(const struct desk_site *v, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		printf("%s %s ", v[i].site, v[i].name);
		if (v[i].last_at[0] == '\0')
			printf("还没有报过");
		else
			printf("第%lld包 %.16s", (long long)v[i].number,
			    v[i].last_at);
		printf(" 待审 %lld 退回 %lld 冲突 %lld 待核对 %lld%s%s\n",
		    (long long)v[i].pending, (long long)v[i].returned,
		    (long long)v[i].conflicts, (long long)v[i].refused,
		    v[i].trouble[0] != '\0' ? " " : "", v[i].trouble);
	}
}

static int
list_county(struct forms *fs, struct err *e)
{
	struct desk_site *sites;
	struct desk_matter *m;
	size_t n, k, i;
	int rc = desk_sites(fs, &sites, &n, e);

	if (rc == 0)
		show_sites(sites, n);
	free(sites);
	if (rc < 0)
		return rc;
	rc = desk_matters(fs, &m, &k, e);
	for (i = 0; rc == 0 && i < k; i++)
		printf("%s %s %s %s\n", m[i].site, m[i].kind, m[i].uid,
		    m[i].text);
	desk_matters_free(m, k);
	return rc;
}

static void
show_item(struct forms *fs, const struct tray_item *t)
{
	const struct form *f = forms_get(fs, t->form, NULL);
	char *who = f != NULL ? record_display(fs, f, t->uid) : NULL;
	struct str s = STR_INIT, line = STR_INIT;
	struct err none = ERR_INIT;

	str_addf(&s, "%lld %s %s %s %s", (long long)t->id,
	    tray_kind(t->kind), f != NULL ? f->title : t->form,
	    who != NULL ? who : "", t->uid);
	if (t->field != NULL)
		str_addf(&s, " %s=%s", t->field, t->theirs != NULL ?
		    t->theirs : "");
	if (t->note != NULL)
		str_addf(&s, " %s", t->note);
	safe_line(&line, s.buf);
	puts(line.buf);
	str_clear(&s);
	if (strcmp(t->kind, "conflict") == 0 && !t->hidden &&
	    tray_differences(fs, t, &s, &none) == 0) {
		str_clear(&line);
		safe_text(&line, s.buf);
		fputs(line.buf, stdout);
	}
	str_done(&s);
	str_done(&line);
	free(who);
}

static int
list_town(struct forms *fs, struct err *e)
{
	struct tray_item *v;
	size_t n, i;
	int rc = tray_list(fs, &v, &n, e);

	for (i = 0; rc == 0 && i < n; i++)
		show_item(fs, &v[i]);
	if (rc == 0 && n == 0)
		say("没有待定的事项");
	tray_list_free(v, n);
	return rc;
}

static int
run_list(struct cli *c, const struct exchange *x)
{
	struct err e = ERR_INIT;
	struct forms *fs;
	char *level;
	int rc = 0;

	(void)x;
	fs = open_for(c, &rc, &e);
	if (fs == NULL)
		return ST_FAILED;
	level = db_meta(forms_db(fs), "level");
	if (rc == 0)
		rc = str_eq(level, "county") ? list_county(fs, &e) :
		    list_town(fs, &e);
	free(level);
	return finish(fs, rc, &e, ST_DONE);
}

/* ---- one record ---------------------------------------------------------- */

static int
run_decide(struct cli *c, const struct exchange *x)
{
	bool theirs = strcmp(x->word[1], "县里") == 0 ||
	    strcmp(x->word[1], "theirs") == 0;
	struct err e = ERR_INIT;
	struct forms *fs;
	int rc = 0;

	if (!theirs && strcmp(x->word[1], "本机") != 0 &&
	    strcmp(x->word[1], "ours") != 0)
		return cli_usage(c);
	fs = open_for(c, &rc, &e);
	if (fs == NULL)
		return ST_FAILED;
	if (rc == 0)
		rc = tray_decide(fs, strtoll(x->word[0], NULL, 10), theirs,
		    &e);
	if (rc == 0)
		say("已定：用%s的", theirs ? "县里" : "本机");
	return finish(fs, rc, &e, ST_DONE);
}

static int
run_review(struct cli *c, const struct exchange *x)
{
	struct err e = ERR_INIT;
	struct forms *fs;
	int i, rc = 0;

	fs = open_for(c, &rc, &e);
	if (fs == NULL)
		return ST_FAILED;
	for (i = 1; rc == 0 && i < x->n; i++)
		rc = desk_review(fs, x->word[i], x->word[0], x->reason, &e);
	if (rc == 0)
		say("%d 条记录：%s", x->n - 1, x->word[0]);
	return finish(fs, rc, &e, ST_DONE);
}

static int
run_propose(struct cli *c, const struct exchange *x)
{
	struct err e = ERR_INIT;
	struct forms *fs;
	int rc = 0;

	fs = open_for(c, &rc, &e);
	if (fs == NULL)
		return ST_FAILED;
	if (rc == 0)
		rc = desk_propose(fs, x->word[0], x->word[1], x->word[2],
		    x->reason, &e);
	if (rc == 0)
		say("已记下，随下一张县回执带给乡镇");
	return finish(fs, rc, &e, ST_DONE);
}

static int
run_accept(struct cli *c, const struct exchange *x)
{
	struct err e = ERR_INIT;
	struct forms *fs;
	int rc = 0;

	fs = open_for(c, &rc, &e);
	if (fs == NULL)
		return ST_FAILED;
	if (rc == 0)
		rc = desk_accept(fs, x->word[0], x->word[1], &e);
	if (rc == 0)
		say("已认可，请再收一次这个包");
	return finish(fs, rc, &e, ST_DONE);
}

static int
run_transfer(struct cli *c, const struct exchange *x)
{
	bool back = strcmp(x->word[1], "撤回") == 0;
	struct err e = ERR_INIT;
	struct forms *fs;
	int rc = 0;

	fs = open_for(c, &rc, &e);
	if (fs == NULL)
		return ST_FAILED;
	if (rc == 0)
		rc = transfer_order(fs, x->word[0], back ? NULL : x->word[1],
		    &e);
	if (rc == 0)
		say(back ? "已撤回" : "已记下，随下一张县回执带给那个乡镇");
	return finish(fs, rc, &e, ST_DONE);
}

/* ---- give ---------------------------------------------------------------- */

static int
run_give(struct cli *c, const struct exchange *x)
{
	struct receiver r = { .fs = NULL };
	struct err e = ERR_INIT;
	struct forms *fs;
	char *pass, file[160];
	int64_t rows = 0;
	int rc = 0;

	if (x->to == NULL)
		return cli_usage(c);
	fs = open_for(c, &rc, &e);
	if (fs == NULL)
		return ST_FAILED;
	pass = rc == 0 ? exchange_passphrase(x) : NULL;
	if (rc == 0 && pass == NULL)
		rc = err_set(&e, E_USAGE, "要输入县级密钥的口令："
		    "加 --passphrase-stdin，从标准输入给一行");
	if (rc == 0)
		rc = receive_open(&r, fs, c->home, pass, &e);
	if (rc == 0)
		rc = give_write(fs, c->home, x->word[0], &r.signer, x->to,
		    NULL, NULL, file, &rows, &e);
	if (rc == 0) {
		printf("%s/%s\n", x->to, file);
		say("%lld 条记录，已写入并读回核对。请在乡镇的新电脑上运行"
		    " tongji restore", (long long)rows);
	}
	receive_close(&r);
	free(pass);
	return finish(fs, rc, &e, ST_DONE);
}

const struct exchange_verb desk_verbs[] = {
	{ "list", 0, 0, run_list },
	{ "decide", 2, 2, run_decide },
	{ "review", 2, 1000, run_review },
	{ "propose", 3, 3, run_propose },
	{ "accept", 2, 2, run_accept },
	{ "transfer", 2, 2, run_transfer },
	{ "give", 1, 1, run_give },
	{ .name = NULL },
};
