/* See troublescreen.h. */
#include "troublescreen.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "ask.h"
#include "cardscreen.h"
#include "countykeys.h"
#include "db.h"
#include "desk.h"
#include "entry.h"
#include "file.h"
#include "give.h"
#include "help.h"
#include "mem.h"
#include "menu.h"
#include "picker.h"
#include "outbox.h"
#include "placepick.h"
#include "progress.h"
#include "rotate.h"
#include "stickask.h"
#include "tasks.h"
#include "ui.h"
#include "user.h"

/* ---- what to do, in words ------------------------------------------------- */

static void
read_stick(void)
{
	help_text("优盘丢了怎么办",
	    "上报包和县回执都加了密：捡到的人只看得到单位代码和大小，打不开。\n\n"
	    "1. 乡镇：换一个U盘，再做一次上报包。里面有县里还没收到的全部变动，"
	    "不会漏，也不会重。\n"
	    "2. 县里：县回执丢了，再收一次同一个包，会再写一张。\n"
	    "3. 名单、打印稿、没有加密的表格如果也在那个U盘上，按泄露处理：马上"
	    "报告主任和县里，写清什么时候、丢了什么。\n"
	    "4. 在“系统设置 → 备份”里往另一个盘上再备份一次。\n");
}

static void
read_pc(void)
{
	help_text("电脑坏了怎么办",
	    "有备份（在别的盘上）和恢复码：请技术人员在新电脑上装好童记，运行\n\n"
	    "  echo 恢复码 | tongji restore 备份文件 --recovery-stdin\n\n"
	    "没有备份：县里存着已经报上去的记录，按下面做。\n\n"
	    "1. 新电脑上打开童记，选好乡镇，选“这台电脑是换来的”，建好管理员。"
	    "登录以后一步一步做：\n"
	    "2. 导入县里的公钥，打电话向县里核对三十位数字。\n"
	    "3. 做上报包，把U盘交给县里：上面有新的登记文件。\n"
	    "4. 县里：“系统设置 → 密钥：登记乡镇…”登记新的公钥（打电话核对），再到"
	    "“密钥、换新电脑…”里选“乡镇换新电脑：还回记录”，写到同一个U盘。\n"
	    "5. 新电脑上：取回记录（“系统设置”的“密钥、换新电脑…”里也有）。\n"
	    "6. 马上再做一次上报包交到县里。没有报过的那几天要重新录入。\n");
}

static void
read_town_key(void)
{
	help_text("密钥、密码丢了怎么办",
	    "本单位的密钥在这台电脑的数据文件夹里，不用记，也不要拷给别人。\n\n"
	    "怀疑被人拷走：换密钥（这个菜单里），旧包仍打得开。\n"
	    "电脑连同密钥一起丢了：见“电脑坏了怎么办”，新电脑会有新密钥。\n"
	    "忘了登录密码：登录界面按 F9，用恢复码重设；或请另一位管理员在"
	    "“用户”里重设。\n"
	    "恢复码丢了：“系统设置 → 新的恢复码”，旧的就作废了。\n");
}

static void
read_county_key(void)
{
	help_text("口令、密钥丢了怎么办",
	    "口令忘了，或县里电脑坏了：用建密钥时抄下的存档钥匙（保险柜里那张"
	    "纸）仍能打开所有的包。请技术人员按手册用 tongji bundle decrypt -i"
	    " 打开，再建新的县级密钥，把新的 county.key 发给各乡镇核对导入。\n\n"
	    "怀疑口令被人知道：先改口令（“系统设置 → 密钥：登记乡镇…”），再换县级"
	    "密钥。拷走过密钥文件的人仍打得开以前的包；各乡镇换上新公钥以后做的包"
	    "打不开。\n\n"
	    "口令和存档钥匙都丢了：旧包谁也打不开。乡镇的记录还在乡镇：建新的"
	    "县级密钥，各乡镇重新导入，再全部报一次。\n");
}

/* ---- new keys --------------------------------------------------------------- */

static void
rotate_town(void)
{
	struct keycard card;
	struct err e = ERR_INIT;
	struct str s = STR_INIT;

	if (!ask_yes("换密钥", false, "换上一对新的密钥？旧包仍打得开；下一个"
	    "上报包的U盘上会有新的登记文件，县里一登记就用新的。"))
		return;
	if (rotate_site(ui_forms(), ui_home(), &card, &e) < 0) {
		screen_say_err(&e);
		return;
	}
	str_addf(&s, "已换新密钥。新的核对码：\n\n  %s\n\n接下来做一次上报包，"
	    "把U盘交给县里。旧密钥已替新密钥作保，县里不用再打电话。\n",
	    card.fingerprint);
	help_text("换密钥", s.buf);
	str_done(&s);
}

static int
submit_rotate(void *arg, struct entry *en, int *at, struct err *e)
{
	*at = 0;
	screen_say("正在换密钥");
	screen_paint();
	return rotate_county(ui_forms(), ui_home(), entry_text(en, 0), arg, e);
}

static void
rotate_here(void)
{
	struct keycard card;
	struct entry_field f[] = {
		{ .label = "口令", .max = 200, .secret = true,
		    .required = true, .hint = "县级密钥现在的口令；不变" },
		{ .label = NULL }
	};
	struct entry en = { .title = "换县级密钥", .submit = submit_rotate,
	    .arg = &card, .clear_secrets = true,
	    .text = "换上一对新的县级密钥。旧包仍打得开，存档钥匙不变。" };
	struct str s = STR_INIT;

	entry_init(&en, f);
	if (entry_run(&en)) {
		countykeys_forget();
		str_addf(&s, "已换新密钥。新的核对码：\n\n  %s\n\n新的 county.key"
		    " 会随县回执放到各乡镇的U盘上，旧密钥已替它作保；乡镇导入"
		    "以后生效。\n", card.fingerprint);
		help_text("换县级密钥", s.buf);
	}
	str_done(&s);
	entry_done(&en);
}

/* ---- a new PC: the township -------------------------------------------------- */

/* The newest file of records for this township in a folder; heap or NULL. */
static char *
find_given(const char *dir)
{
	char *site = db_meta(ui_db(), "site"), *prefix, *best = NULL;
	struct dirent **v;
	long long top = -1, k;
	int n = scandir(dir, &v, NULL, NULL), i;

	prefix = xasprintf("tj1g-%s-", site != NULL ? site : "?");
	for (i = 0; i < n; i++) {
		const char *name = v[i]->d_name, *dash = strrchr(name, '-');
		size_t len = strlen(name);

		k = dash != NULL ? strtoll(dash + 1, NULL, 10) : -1;
		if (str_starts(name, prefix) && len > 4 &&
		    strcmp(name + len - 4, ".age") == 0 && k > top) {
			top = k;
			free(best);
			best = xasprintf("%s/%s", dir, name);
		}
		free(v[i]);
	}
	if (n >= 0)
		free(v);
	free(prefix);
	free(site);
	return best;
}

static int
given_in(const char *dir)
{
	char *path = find_given(dir);
	int n = path != NULL;

	free(path);
	return n;
}

/* "1" while the records of a dead PC have not come back. */
static void
await(struct db *db, const char *value)
{
	struct err e = ERR_INIT;

	db_trust(db);
	if (db_set_meta(db, "awaits_records", value, &e) < 0)
		screen_say_err(&e);
	db_untrust(db);
}

void
troublescreen_await(struct db *db)
{
	await(db, "1");
}

static void
fetch(void)
{
	char *dir = placepick_run("县里还回的记录在哪里", "份记录", given_in);
	char *path = dir != NULL ? find_given(dir) : NULL;
	struct give_result r;
	struct str s = STR_INIT;
	struct err e = ERR_INIT;

	if (dir != NULL && path == NULL)
		ask_ok("换新电脑", "这里没有县里还给本镇的记录。请先看“电脑坏了"
		    "怎么办”。");
	if (path != NULL && ask_yes("换新电脑", true, "把县里存着的本镇记录取回"
	    "到这台电脑？本机已经录的不会丢。")) {
		screen_say("正在取回");
		screen_paint();
		if (give_take(ui_forms(), ui_home(), path, &r, &e) < 0) {
			str_addf(&s, "没有取回，数据库没有动：%s", e.msg);
			ask_ok("换新电脑", s.buf);
		} else {
			str_addf(&s, "县里存着 %lld 条记录，取回 %lld 条，待定"
			    " %lld 项。\n\n请马上再做一次上报包交到县里。\n",
			    (long long)r.rows, (long long)r.taken,
			    (long long)r.tray);
			await(ui_db(), "");
			help_text("已取回", s.buf);
			stickask_run(dir);
		}
	}
	str_done(&s);
	free(path);
	free(dir);
}

/* ---- a new PC: the county ---------------------------------------------------- */

struct towns {
	struct desk_site *v;
	size_t n;
	size_t *shown, nshown;
};

static size_t
load(void *arg, const char *typed)
{
	struct towns *k = arg;
	size_t i;

	for (i = k->nshown = 0; i < k->n; i++)
		if (pick_matches(k->v[i].name, k->v[i].site, typed))
			k->shown[k->nshown++] = i;
	return k->nshown;
}

static void
line(void *arg, size_t i, struct str *out)
{
	struct towns *k = arg;

	str_add(out, k->v[k->shown[i]].name);
}

/* True: `site` is chosen. */
static bool
pick_town(char site[13])
{
	struct towns k = { .n = 0 };
	struct pick p = { .title = "哪个乡镇换了新电脑", .arg = &k,
	    .load = load, .row = line };
	struct err e = ERR_INIT;
	long i;

	if (desk_sites(ui_forms(), &k.v, &k.n, &e) < 0) {
		screen_say_err(&e);
		return false;
	}
	k.shown = xcalloc(k.n + 1, sizeof *k.shown);
	pick_init(&p);
	i = pick_run(&p);
	pick_done(&p);
	if (i >= 0)
		memcpy(site, k.v[k.shown[i]].site, 13);
	free(k.shown);
	free(k.v);
	return i >= 0;
}

static int
step(void *ctx, uint64_t done, uint64_t whole)
{
	(void)ctx;
	return progress_step((int64_t)done, (int64_t)whole) ? 0 : -1;
}

static int
cards_in(const char *dir)
{
	struct dirent **v;
	int n = scandir(dir, &v, NULL, NULL), i, found = 0;

	for (i = 0; i < n; i++) {
		found += str_starts(v[i]->d_name, "enrol-");
		free(v[i]);
	}
	if (n >= 0)
		free(v);
	return found;
}

/* The new PC's key first: its card is on the stick that it made. */
static bool
enrolled(const char *site, const char *dir)
{
	char *card = xasprintf("%s/enrol-%s.txt", dir, site);
	bool here = file_exists(card), done = true;

	if (here && !cardscreen_enrolled(card))
		done = cardscreen_enrol(card);
	else if (!here)
		done = ask_yes("换新电脑", false, "这个U盘上没有新电脑的登记文件"
		    "（enrol-%s.txt）。以前登记的公钥就是新电脑的吗？", site);
	free(card);
	return done;
}

static void
write_given(const char *site, const char *dir)
{
	struct receiver *r = countykeys_open();
	char file[160], *to = outbox_answer(ui_home(), dir);
	struct err e = ERR_INIT;
	struct str s = STR_INIT;
	int64_t rows = 0;
	int rc;

	if (r != NULL) {
		progress_begin("写本镇的记录");
		rc = give_write(ui_forms(), ui_home(), site, &r->signer, to,
		    step, NULL, file, &rows, &e);
		progress_end();
		if (rc < 0)
			ask_ok("没有写成", e.msg);
		else
			str_addf(&s, "%lld 条记录，已写入并读回核对：\n\n  %s/%s"
			    "\n\n请乡镇在新电脑上选“系统设置 → 密钥、换新电脑、"
			    "优盘丢了 → 换新电脑：取回记录”。\n",
			    (long long)rows, to, file);
		if (s.len > 0) {
			help_text("已还回", s.buf);
			stickask_run(to);
		}
	}
	str_done(&s);
	free(to);
}

static void
give_back(void)
{
	char site[13], *dir;

	if (!pick_town(site))
		return;
	dir = placepick_run("新电脑做的U盘（上面有登记文件）在哪里",
	    "份登记文件", cards_in);
	if (dir != NULL && enrolled(site, dir))
		write_given(site, dir);
	free(dir);
}

/* ---- step by step ------------------------------------------------------------ */

static void
no_more(void)
{
	if (ask_yes("换新电脑", false, "以后登录不再提这件事？“系统设置 → 密钥、"
	    "换新电脑、优盘丢了”里仍可以取回记录。")) {
		await(ui_db(), "");
		screen_say("以后登录不再提，按 Esc 返回");
	}
}

void
troublescreen_offer(void)
{
	static const struct menu_item steps[] = {
		{ .word = "先看一看怎么做", .run = read_pc },
		{ .word = "第一步：导入县里的公钥", .run = cardscreen_county,
		    .roles = ROLE_ADMIN },
		{ .word = "第二步：做上报包，交给县里登记", .run = tasks_bundle,
		    .roles = ROLE_ADMIN | ROLE_SUPERVISOR },
		{ .word = "第三步：县里还回后，取回记录", .run = fetch,
		    .roles = ROLE_ADMIN },
		{ .word = "不再提这件事", .run = no_more, .roles = ROLE_ADMIN }
	};
	char *awaits = db_meta(ui_db(), "awaits_records");

	if (str_eq(awaits, "1") && ui_role(ROLE_ADMIN))
		menu_run("换新电脑：记录还没有取回", steps, COUNT_OF(steps));
	free(awaits);
}

/* ---- the menu ---------------------------------------------------------------- */

void
troublescreen_run(void)
{
	static const struct menu_item town[] = {
		{ .word = "优盘丢了怎么办", .run = read_stick },
		{ .word = "电脑坏了怎么办", .run = read_pc },
		{ .word = "换新电脑：取回记录", .run = fetch,
		    .roles = ROLE_ADMIN },
		{ .word = "换密钥（每年一次）", .run = rotate_town,
		    .roles = ROLE_ADMIN },
		{ .word = "密钥、密码丢了怎么办", .run = read_town_key }
	}, county[] = {
		{ .word = "优盘丢了怎么办", .run = read_stick },
		{ .word = "乡镇电脑坏了怎么办", .run = read_pc },
		{ .word = "乡镇换新电脑：还回记录", .run = give_back,
		    .roles = ROLE_ADMIN | ROLE_COUNTY },
		{ .word = "换县级密钥（每年一次）", .run = rotate_here,
		    .roles = ROLE_ADMIN },
		{ .word = "口令、密钥丢了怎么办", .run = read_county_key }
	};

	if (countykeys_here())
		menu_run("密钥、换新电脑、优盘丢了", county, COUNT_OF(county));
	else
		menu_run("密钥、换新电脑、优盘丢了", town, COUNT_OF(town));
}
