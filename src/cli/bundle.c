/* tongji bundle: create, verify, open, decrypt. */
#include "cli.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "age.h"
#include "create.h"
#include "db.h"
#include "exchange.h"
#include "file.h"
#include "journal.h"
#include "keyring.h"
#include "log.h"
#include "mem.h"
#include "model.h"
#include "safe.h"
#include "signer.h"
#include "site.h"
#include "str.h"
#include "user.h"
#include "verify.h"

struct want {
	const char *to, *identity;
	bool full, from_stdin, yes, plain;
};

/* ---- create ------------------------------------------------------------- */

static int
report_created(const struct create_result *r, const char *dir)
{
	struct str s = STR_INIT;

	printf("%s/%s\n", dir, r->file);
	create_sentence(r, &s);
	str_addf(&s, "，已写入并读回核对：%s\n", r->file);
	census_lines(&r->census, &s);
	say("%.*s", (int)s.len - 1, s.buf);
	str_done(&s);
	if (r->rechecked > 1)
		say("以前写的 %zu 个包也读了一遍", r->rechecked - 1);
	exchange_remind(dir);
	if (r->enrol[0] != '\0')
		say("旁边有登记文件 %s，请县里用它登记本镇的公钥", r->enrol);
	if (r->damaged != NULL) {
		say("注意：这些旧包已损坏，U盘可能是坏的或假的，请换一个：\n%s",
		    r->damaged);
		return ST_FOUND;
	}
	if (!r->for_county) {
		say("县里打不开：还没有导入县里的公钥。请先向县里要"
		    " county.key，运行 tongji key import");
		return ST_FOUND;
	}
	return ST_DONE;
}

/* Without --to: the only stick that is plugged in and can be written. */
static char *
find_target(const char *to, struct err *e)
{
	struct stick_list l = { 0 };
	char *dir = NULL;
	size_t i, at = 0, n = 0;

	if (to != NULL)
		return xstrdup(to);
	if (stick_find(&l, NULL, NULL, e) < 0)
		return NULL;
	for (i = 0; i < l.n; i++) {
		if (l.v[i].readonly)	/* a disc, a stick's switch */
			continue;
		n++;
		at = i;
	}
	if (n == 1)
		dir = xstrdup(l.v[at].path);
	else
		err_set(e, E_USAGE, n > 1 ? "插着不止一个U盘，请用 --to"
		    " 写明放到哪一个" : l.n == 0 ? "没有找到U盘，请插上U盘，"
		    "或用 --to 写明放到哪个文件夹" : "插着的U盘或光盘是只读的，"
		    "请打开U盘的写保护开关，或用 --to 写明放到哪个文件夹");
	stick_list_done(&l);
	return dir;
}

static int
create(struct cli *c, const struct want *w)
{
	struct create_result r = { .rows = 0 };
	struct err e = ERR_INIT;
	char *dir = find_target(w->to, &e);
	struct forms *fs;
	int rc;

	if (dir == NULL)
		return cli_fail(&e);
	fs = cli_open(c);
	if (fs == NULL) {
		free(dir);
		return ST_FAILED;
	}
	rc = create_site(fs, c->home, dir, w->full, NULL, NULL, &r, &e);
	rc = rc < 0 ? cli_fail(&e) == ST_USAGE ? ST_USAGE : ST_FAILED :
	    report_created(&r, dir);
	create_result_done(&r);
	cli_close(fs);		/* the result names its forms */
	free(dir);
	return rc;
}

/* ---- verify ------------------------------------------------------------- */

/* Keys that may open a delivery: the site's own, or a county's under its
 * passphrase, or a given identity file. */
static int
load_keys(struct cli *c, const struct want *w, struct age_keys *keys,
    struct err *e)
{
	char *county = xasprintf("%s/keys/county.age", c->home), *pass = NULL;
	int rc;

	if (w->from_stdin)
		pass = cli_line();
	if (w->identity != NULL)
		rc = age_keys_load(keys, w->identity, pass, e);
	else if (pass != NULL && file_exists(county))
		rc = age_keys_load(keys, county, pass, e);
	else
		rc = keyring_identity(c->home, keys, e);
	free(county);
	free(pass);
	return rc;
}

static void
show_header(const char *path, const struct verify_result *r)
{
	struct str s = STR_INIT;

	safe_line(&s, r->header.site_name);
	str_addf(&s, "（%s）第%lld包：", r->header.site,
	    (long long)r->header.nlineage + 1);
	if (r->header.children >= 0)
		census_words(r->header.children, r->header.items, &s);
	else
		str_addf(&s, "%lld 条记录", (long long)r->rows);
	say("%s：完好。%s，写于 %s", path, s.buf, r->header.created);
	if (r->until[0] != '\0')
		say("  由旧密钥签名，%.10s 起已更换", r->until);
	str_done(&s);
}

static int
verify_one(struct cli *c, const struct want *w, const char *path)
{
	struct verify_result r = VERIFY_RESULT_INIT;
	struct age_keys keys = AGE_KEYS_INIT;
	struct err e = ERR_INIT;
	int rc = signer_verify(c->home, path, r.comment, sizeof r.comment,
	    r.until, &e);

	if (rc == 0)
		rc = load_keys(c, w, &keys, &e);
	if (rc == 0)
		rc = verify_content(path, &keys, &r, &e);
	if (rc == 0) {
		show_header(path, &r);
	} else {
		err_prefix(&e, "%s 不能收", path);
		cli_fail(&e);
	}
	age_keys_done(&keys);
	verify_result_done(&r);
	return rc == 0 ? ST_DONE : ST_FOUND;
}

static int
verify_bag(const char *path)
{
	struct bagit_result r = BAGIT_RESULT_INIT;
	struct err e = ERR_INIT;
	size_t i;
	int rc = bagit_check_dir(&r, path, &e);

	if (rc < 0)
		return cli_fail(&e) == ST_USAGE ? ST_USAGE : ST_FOUND;
	for (i = 0; i < r.n; i++)
		say("  %s：%s", r.v[i].fatal ? "错误" : "注意", r.v[i].text);
	if (r.more > 0)
		say("  还有 %zu 处", r.more);
	rc = r.verdict == BAGIT_INVALID ? ST_FOUND : ST_DONE;
	say("%s：%s（BagIt %s，%llu 个文件）", path, rc == ST_DONE ?
	    r.verdict == BAGIT_WARNING ? "可以收，但有要注意的" : "完好" :
	    "不能收", r.version[0] != '\0' ? r.version : "?",
	    (unsigned long long)r.files);
	bagit_result_done(&r);
	return rc;
}

static int
is_delivery(const struct dirent *d)
{
	size_t len = strlen(d->d_name);

	return str_starts(d->d_name, "tj1-") && len > 4 &&
	    strcmp(d->d_name + len - 4, ".age") == 0;
}

/* A folder: a bag, or a stick with deliveries on it. */
static int
verify_dir(struct cli *c, const struct want *w, const char *path)
{
	struct dirent **v;
	char *bagit = xasprintf("%s/bagit.txt", path);
	bool bag = file_exists(bagit);
	int i, n, rc = ST_DONE;

	free(bagit);
	n = bag ? 0 : scandir(path, &v, is_delivery, alphasort);
	if (bag || n <= 0) {
		if (!bag && n == 0)
			free(v);
		return verify_bag(path);
	}
	for (i = 0; i < n; i++) {
		char *one = xasprintf("%s/%s", path, v[i]->d_name);

		if (verify_one(c, w, one) != ST_DONE)
			rc = ST_FOUND;
		free(one);
		free(v[i]);
	}
	free(v);
	return rc;
}

static int
verify(struct cli *c, const struct want *w, const char *path)
{
	struct stat st;

	if (stat(path, &st) < 0) {
		say("找不到 %s", path);
		return ST_FOUND;
	}
	if (S_ISDIR(st.st_mode))
		return verify_dir(c, w, path);
	return verify_one(c, w, path);
}

/* ---- open, decrypt ------------------------------------------------------ */

static bool
confirmed(const struct want *w)
{
	char *answer;
	bool yes;

	if (w->yes)
		return true;
	fputs("拆开后的文件没有加密，含个人信息。确定要拆开吗？请输入“拆开”：",
	    stderr);
	answer = cli_line();
	yes = str_eq(answer, "拆开");
	free(answer);
	return yes;
}

/* Names leave the program: an entry in the journal first.  What is left of a
 * site without its database can still be opened. */
static int
journal_open(struct cli *c, const struct want *w, const char *path,
    struct err *e)
{
	const char *file = strrchr(path, '/');
	struct forms *fs;
	char *note;
	int rc;

	if (!site_exists(c->home))
		return 0;
	fs = cli_open(c);
	if (fs == NULL)
		return err_set(e, E_REFUSED, "打不开数据库，没有拆开");
	note = xasprintf("拆开数据包 %s 到 %s", file != NULL ? file + 1 : path,
	    w->to);
	rc = user_require(forms_db(fs), ROLE_ADMIN, e);
	if (rc == 0)
		rc = cli_plain(fs, w->to, "拆开的数据包", w->plain, e);
	if (rc == 0)
		rc = journal_note(forms_db(fs), "export", NULL, NULL, note, e);
	cli_close(fs);
	free(note);
	return rc;
}

static int
open_bundle(struct cli *c, const struct want *w, const char *path)
{
	struct verify_result r = VERIFY_RESULT_INIT;
	struct age_keys keys = AGE_KEYS_INIT;
	struct err e = ERR_INIT;
	int rc;

	if (w->to == NULL)
		return cli_usage(c);
	rc = signer_verify(c->home, path, r.comment, sizeof r.comment, r.until,
	    &e);
	if (rc == 0)
		rc = load_keys(c, w, &keys, &e);
	if (rc == 0)
		rc = verify_content(path, &keys, &r, &e);
	if (rc == 0) {
		show_header(path, &r);
		if (!confirmed(w))
			rc = err_set(&e, E_REFUSED, "没有拆开");
	}
	if (rc == 0 && file_exists(w->to))
		rc = err_set(&e, E_EXISTS, "%s 已经有了，请写一个新文件夹",
		    w->to);
	if (rc == 0)
		rc = journal_open(c, w, path, &e);
	if (rc == 0)
		rc = verify_extract(path, &keys, w->to, &e);
	age_keys_done(&keys);
	verify_result_done(&r);
	if (rc < 0)
		return cli_fail(&e);
	say("已拆到 %s，用完请删除。已记入日志", w->to);
	return ST_DONE;
}

static int
decrypt(struct cli *c, const struct want *w, const char *path)
{
	struct age_keys keys = AGE_KEYS_INIT;
	struct age_reader *r = NULL;
	struct err e = ERR_INIT;
	char *pass = NULL;
	int fd, rc;

	if (w->identity == NULL)
		return cli_usage(c);
	fd = strcmp(path, "-") == 0 ? 0 : open(path, O_RDONLY | O_CLOEXEC);
	rc = fd < 0 ? err_errno(&e, "打不开 %s", path) : 0;
	if (w->from_stdin)
		pass = cli_line();
	if (rc == 0)
		rc = age_keys_load(&keys, w->identity, pass, &e);
	if (rc == 0) {
		r = age_reader_new(flow_from_fd(fd), &keys, &e);
		rc = r == NULL ? e.code : 0;
	}
	if (rc == 0 && flow_copy(age_reader_flow(r), flow_to_fd(1), &e) < 0)
		rc = e.code;
	age_reader_free(r);
	age_keys_done(&keys);
	free(pass);
	if (fd > 0)
		close(fd);
	return rc < 0 ? cli_fail(&e) : ST_DONE;
}

static int
run(struct cli *c, int argc, char **argv)
{
	struct want w = { .to = NULL };
	struct exchange x = { .to = NULL };
	const struct exchange_verb *v;
	const struct cli_opt opts[] = {
		{ .name = "--to", .value = &w.to },
		{ .name = "--reason", .value = &x.reason },
		{ .name = "--note", .value = &x.reason },
		{ .name = "--doc", .value = &x.doc },
		{ .name = "--effective", .value = &x.effective },
		{ .name = "--dry-run", .flag = &x.dry },
		{ .name = "--clean", .flag = &x.clean },
		{ .name = "--all", .flag = &x.all },
		{ .name = "-i", .value = &w.identity },
		{ .name = "--full", .flag = &w.full },
		{ .name = "--passphrase-stdin", .flag = &w.from_stdin },
		{ .name = "--yes", .flag = &w.yes },
		{ .name = "--plain", .flag = &w.plain },
	};
	int n = cli_options(c, argc, argv, opts, COUNT_OF(opts));
	const char *verb = n > 0 ? argv[1] : "";

	if (n < 0)
		return ST_USAGE;
	age_init();
	if (n == 1 && strcmp(verb, "create") == 0)
		return create(c, &w);
	if (n == 2 && strcmp(verb, "verify") == 0)
		return verify(c, &w, argv[2]);
	if (n == 2 && strcmp(verb, "open") == 0)
		return open_bundle(c, &w, argv[2]);
	if (n == 2 && strcmp(verb, "decrypt") == 0)
		return decrypt(c, &w, argv[2]);
	v = exchange_find(verb);
	if (v == NULL || n - 1 < v->min || n - 1 > v->max)
		return cli_usage(c);
	x.to = w.to;
	x.yes = w.yes;
	x.from_stdin = w.from_stdin;
	x.n = n - 1;
	x.word = argv + 2;
	return v->run(c, &x);
}

const struct command cli_bundle = {
	.name = "bundle",
	.usage = "bundle create [--to 文件夹] [--full]\n"
	    "bundle verify 文件或文件夹 [-i 身份文件] [--passphrase-stdin]\n"
	    "bundle open 文件 --to 文件夹 [--yes] [--plain] [-i 身份文件]"
	    " [--passphrase-stdin]\n"
	    "bundle decrypt -i 身份文件 文件\n"
	    "bundle receive 文件或文件夹... [--dry-run] [--yes] [--all]"
	    " [--passphrase-stdin] [--to 文件夹]\n"
	    "bundle apply 县回执或文件夹 [--dry-run] [--clean] [--all]\n"
	    "bundle eject 文件夹   （卸下U盘，说能不能拔）\n"
	    "bundle list   （县：各乡镇报送情况和待办；乡镇：待定事项）\n"
	    "bundle decide 编号 本机|县里\n"
	    "bundle review 已审|已上报|退回|待审 记录编号... [--reason 原因]\n"
	    "bundle propose 记录编号 字段 新内容 [--reason 原因]\n"
	    "bundle transfer 儿童记录编号 转去的乡镇代码|撤回\n"
	    "bundle accept 区划代码 数据库编号\n"
	    "bundle give 区划代码 --to 文件夹 [--passphrase-stdin]\n"
	    "bundle publish [--doc 文号] [--note 说明] [--effective 日期]"
	    " [--dry-run]   （县：下发表单和资料）\n"
	    "bundle edition   （现在用第几版资料，改了什么）",
	.summary = "做数据包、查数据包、收数据包、用县回执",
	.run = run,
};
