/* See output.h.  Printing runs lp(1) itself, never a shell; without it the
 * report goes to the outbox, from where the PC with the printer fetches it. */
#include "output.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "book.h"
#include "comma.h"
#include "db.h"
#include "date.h"
#include "file.h"
#include "handing.h"
#include "help.h"
#include "html.h"
#include "journal.h"
#include "mem.h"
#include "picker.h"
#include "plainask.h"
#include "screen.h"
#include "stickask.h"
#include "tasks.h"
#include "text.h"
#include "ui.h"
#include "user.h"

enum { PAGE_COLS = 96 };

enum how { HOW_LOOK, HOW_PRINT, HOW_TEXT, HOW_CSV, HOW_XLSX, HOW_HTML,
	HOW_COUNT };

static const char *const words[] = {
	[HOW_LOOK] = "在屏幕上看",
	[HOW_PRINT] = "打印（本机的打印机）",
	[HOW_TEXT] = "存成文本，到 Windows 上打印",
	[HOW_CSV] = "存成表格（CSV，WPS、Excel 能打开）",
	[HOW_XLSX] = "存成工作簿（XLSX）",
	[HOW_HTML] = "存成网页（能直接打印）"
};

static size_t
load(void *arg, const char *typed)
{
	(void)arg;
	(void)typed;
	return HOW_COUNT;
}

static void
line(void *arg, size_t i, struct str *out)
{
	(void)arg;
	str_add(out, words[i]);
}

static int
run_lp(const struct str *text, struct err *e)
{
	int fd[2], status = 0;
	pid_t pid;

	if (pipe(fd) < 0)
		return err_errno(e, "打印");
	pid = fork();
	if (pid == 0) {
		dup2(fd[0], 0);
		close(fd[0]);
		close(fd[1]);
		if (freopen("/dev/null", "w", stdout) == NULL ||
		    freopen("/dev/null", "w", stderr) == NULL)
			_exit(127);
		execlp("lp", "lp", "-o", "cpi=12", (char *)NULL);
		_exit(127);
	}
	close(fd[0]);
	if (pid > 0 && file_write_all(fd[1], text->buf, text->len) < 0)
		status = 1;
	close(fd[1]);
	if (pid < 0 || waitpid(pid, &status, 0) < 0 || status != 0)
		return err_set(e, E_IO, "打印不了：本机没有接打印机。"
		    "请存到发件箱，在有打印机的电脑上打");
	return 0;
}

static int
store(struct paper *p, enum how how, const char *name, const struct str *text,
    struct err *e)
{
	static const char *const ext[] = { [HOW_TEXT] = "txt",
	    [HOW_CSV] = "csv", [HOW_XLSX] = "xlsx", [HOW_HTML] = "html", [HOW_COUNT] = NULL };
	char *dir = p->personal ? plainask_place("放到哪里", p->title) :
	    tasks_place("放到哪里"), *path;
	struct str bom = STR_INIT;
	int rc;

	if (dir == NULL)
		return E_CANCEL;
	path = xasprintf("%s/%s-%s.%s", dir, name, date_today(), ext[how]);
	if (how != HOW_HTML)
		str_add(&bom, "\xef\xbb\xbf");
	str_addn(&bom, text->buf, text->len);
	rc = how == HOW_XLSX ? book_report(p, path, e) :
	    file_write(path, bom.buf, bom.len, 0600, e);
	if (rc == 0) {
		screen_say("已存好：%s", path);
		stickask_run(dir);
	}
	str_done(&bom);
	free(path);
	free(dir);
	return rc;
}

static int
note(const struct paper *p, enum how how, const char *whom, struct err *e)
{
	char *text = xasprintf("%s%s%s", p->title, whom != NULL ? "；" : "",
	    whom != NULL ? whom : "");
	int rc = journal_note(ui_db(), how == HOW_PRINT ? "print" : "export",
	    NULL, NULL, text, e);

	free(text);
	return rc;
}

static int
send(struct paper *p, enum how how, const char *name, const char *whom,
    struct err *e)
{
	struct str text = STR_INIT;
	int rc = 0;

	if (how == HOW_CSV)
		comma_report(p, &text);
	else if (how == HOW_HTML)
		html_report(p, &text);
	else
		text_report(p, how == HOW_LOOK ? 78 : PAGE_COLS, &text);
	if (how == HOW_LOOK)
		help_text(p->title, text.buf);
	else if (how == HOW_PRINT)
		rc = run_lp(&text, e);
	else
		rc = store(p, how, name, &text, e);
	if (rc == 0 && how != HOW_LOOK)
		rc = note(p, how, whom, e);
	if (rc == 0 && how == HOW_PRINT)
		screen_say("已送去打印");
	str_done(&text);
	return rc;
}

/* A list of people is asked about whichever way it leaves; a paper about one
 * matter (a case, a sheet to sign) only as a file that others work on. */
static bool
asks(const struct paper *p, long how)
{
	if (how <= HOW_LOOK || !p->personal)
		return false;
	return p->owned || how == HOW_CSV || how == HOW_XLSX;
}

/* `whom`: whom it is for, when that was asked already. */
static void
output(struct paper *p, const char *name, char *whom)
{
	struct pick pick = { .title = p->title, .load = load, .row = line,
	    .digits = true };
	struct err e = ERR_INIT;
	long i;

	p->site = paper_keep(p, ui_place());
	p->made_on = paper_keep(p, date_today());
	p->made_by = paper_keep(p, db_session(ui_db())->name);
	pick_init(&pick);
	i = pick_run(&pick);
	pick_done(&pick);
	if (whom == NULL && asks(p, i) && !handing_ask(p, &whom))
		i = -1;
	if (i >= 0 && send(p, (enum how)i, name, whom, &e) < 0 && e.code != 0)
		screen_say_err(&e);
	free(whom);
}

void
output_paper(struct paper *p, const char *name)
{
	output(p, name, NULL);
}

void
output_asked(struct paper *p, const char *name)
{
	char *whom = NULL;

	if (handing_ask(p, &whom))
		output(p, name, whom);
}
