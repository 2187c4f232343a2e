/* The verbs of `tongji bundle` for 下发资料: the county publishes its forms and
 * policy data, both sides look at what is in use. */
#include "exchange.h"

#include <stdio.h>
#include <stdlib.h>

#include "db.h"
#include "desk.h"
#include "editions.h"
#include "log.h"
#include "model.h"
#include "user.h"

enum { PUBLISHERS = ROLE_ADMIN | ROLE_COUNTY };

static int
run_publish(struct cli *c, const struct exchange *x)
{
	const struct editions_new by = { x->doc, x->reason, x->effective };
	struct str words = STR_INIT;
	struct err e = ERR_INIT;
	struct forms *fs = cli_open(c);
	int64_t version = 0;
	int rc;

	if (fs == NULL)
		return ST_FAILED;
	rc = user_require(forms_db(fs), PUBLISHERS, &e);
	if (rc == 0)
		rc = editions_publish(fs, c->home, &by, x->dry, &words,
		    &version, &e);
	cli_close(fs);
	if (words.len > 0)
		fputs(words.buf, stdout);
	str_done(&words);
	if (rc < 0)
		return cli_fail(&e);
	say(x->dry ? "第%lld版还没有下发" : "第%lld版资料已定，随县回执带给各"
	    "乡镇", (long long)version);
	return ST_DONE;
}

static int
show_towns(struct forms *fs, struct err *e)
{
	struct desk_site *v;
	size_t n, i;
	int rc = desk_sites(fs, &v, &n, e);

	for (i = 0; rc == 0 && i < n; i++) {
		int64_t k = editions_of(forms_db(fs), v[i].site);

		printf("%s %s ", v[i].site, v[i].name);
		if (k > 0)
			printf("第%lld版\n", (long long)k);
		else
			puts("还没有换上");
	}
	free(v);
	return rc;
}

static int
run_edition(struct cli *c, const struct exchange *x)
{
	struct str words = STR_INIT;
	struct err e = ERR_INIT;
	struct forms *fs = cli_open(c);
	char *level;
	int rc = 0;

	(void)x;
	if (fs == NULL)
		return ST_FAILED;
	level = db_meta(forms_db(fs), "level");
	if (editions_words(fs, &words))
		fputs(words.buf, stdout);
	else
		say("没有下发过资料，用的是程序自带的");
	if (words.len > 0 && str_eq(level, "county"))
		rc = show_towns(fs, &e);
	free(level);
	str_done(&words);
	cli_close(fs);
	return rc < 0 ? cli_fail(&e) : ST_DONE;
}

const struct exchange_verb edition_verbs[] = {
	{ "publish", 0, 0, run_publish },
	{ "edition", 0, 0, run_edition },
	{ .name = NULL },
};
