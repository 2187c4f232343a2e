/* Order of start (PITFALLS, last section): LINES/COLUMNS away, LC_CTYPE,
 * codeset, probe, terminfo, newterm, endwin() once, modes, keys, signals,
 * paste.  All state is in one struct. */
#include <curses.h>
#include <langinfo.h>
#include <linux/kd.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "codec.h"
#include "file.h"
#include "key.h"
#include "log.h"
#include "mem.h"
#include "probe.h"
#include "term.h"
#include "width.h"

static struct {
	bool on;
	struct termios saved;
	volatile sig_atomic_t gone;
	const char *note;
	int probed;
} term;

/* Paste off, attributes off, G0 back, cursor on, main screen, cursor keys and
 * keypad back to normal: good on all five TERM values. */
static const char restore[] =
    "\033[?2004l\033[m\017\033[?25h\033[?1049l\r\033[?1l\033>";
static const char paste_on[] = "\033[?2004h";
static const char paste_off[] = "\033[?2004l";

static void
on_gone(int sig)
{
	(void)sig;
	term.gone = 1;
}

/* A crash: only async-signal-safe calls, then the default action. */
static void
on_crash(int sig)
{
	ssize_t n = write(STDOUT_FILENO, restore, sizeof restore - 1);

	(void)n;
	tcsetattr(STDIN_FILENO, TCSANOW, &term.saved);
	raise(sig);
}

static void
catch_signals(void)
{
	static const int crash[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT };
	static char stack[16384];
	stack_t alt = { .ss_sp = stack, .ss_size = sizeof stack };
	struct sigaction sa;
	size_t i;

	memset(&sa, 0, sizeof sa);
	sigemptyset(&sa.sa_mask);
	sa.sa_handler = on_gone;
	sigaction(SIGHUP, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
	sa.sa_handler = SIG_IGN;
	sigaction(SIGTSTP, &sa, NULL);
	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGQUIT, &sa, NULL);
	sigaction(SIGPIPE, &sa, NULL);
	sigaltstack(&alt, NULL);
	sa.sa_handler = on_crash;
	sa.sa_flags = SA_ONSTACK | (int)SA_RESETHAND | SA_NODEFER;
	for (i = 0; i < COUNT_OF(crash); i++)
		sigaction(crash[i], &sa, NULL);
}

static int
refuse_console(struct err *e)
{
	const char *name = getenv("TERM");
	char type;

	if (name == NULL || strcmp(name, "linux") != 0)
		return 0;
	if (ioctl(STDIN_FILENO, KDGKBTYPE, &type) != 0)
		return 0;		/* a pty that only says linux */
	return err_set(e, E_USAGE, "This console cannot show Chinese. Run "
	    "\"apt-get install fbterm fonts-noto-cjk\", start \"fbterm\" and "
	    "then tongji; or log in over SSH (PuTTY, UTF-8).");
}

static int
raw_mode(void)
{
	struct termios t = term.saved;

	cfmakeraw(&t);
	return tcsetattr(STDIN_FILENO, TCSANOW, &t);
}

/* The first of these locales that exists becomes LC_CTYPE. */
static bool
use_locale(const char *const *names)
{
	for (; *names != NULL; names++) {
		if (setlocale(LC_CTYPE, *names) != NULL)
			return true;
	}
	return false;
}

/* What the session speaks, from the locale's word and the terminal's. */
static int
choose_encoding(const struct probe *p, bool known, enum codec *c,
    struct err *e)
{
	static const char *const utf8[] = { "C.UTF-8", "zh_CN.UTF-8",
	    "en_US.UTF-8", NULL };
	static const char *const gbk[] = { "zh_CN.GBK", "zh_CN.GB18030", NULL };

	if (p->encoding == PROBE_UTF8 && (!known || *c != CODEC_UTF8)) {
		if (!use_locale(utf8))
			return err_set(e, E_USAGE, "The terminal is UTF-8, but "
			    "no UTF-8 locale is installed. 终端是 UTF-8，系统里"
			    "却没有 UTF-8 区域设置：请安装 locales 软件包");
		if (known)
			term.note = "终端用的是 UTF-8，已改按 UTF-8 显示";
		*c = CODEC_UTF8;
		return 0;
	}
	if (p->encoding == PROBE_OTHER && known && *c == CODEC_UTF8) {
		if (!use_locale(gbk))
			return err_set(e, E_USAGE, "The terminal is not in "
			    "UTF-8: in PuTTY set Window > Translation > Remote "
			    "character set to UTF-8. 终端不是 UTF-8：请在 PuTTY "
			    "的“窗口-转换”里把字符集改为 UTF-8");
		term.note = "终端用的是 GBK，已改按 GBK 显示";
		*c = CODEC_GBK;
		return 0;
	}
	if (!known)
		return err_set(e, E_USAGE, "The locale (%s) is neither UTF-8 "
		    "nor GBK: set LANG=C.UTF-8 (or zh_CN.GBK). 区域设置不是 "
		    "UTF-8 也不是 GBK：请设 LANG=C.UTF-8 再启动",
		    nl_langinfo(CODESET));
	return 0;
}

static int
settle_encoding(const struct term_want *want, struct probe *p, struct err *e)
{
	struct err ignore = ERR_INIT;
	enum codec c = CODEC_UTF8;
	bool known, four;
	int rc;

	known = setlocale(LC_CTYPE, "") != NULL &&
	    codec_parse(nl_langinfo(CODESET), &c, &ignore) == 0;
	raw_mode();
	probe_ask(p, STDIN_FILENO, STDOUT_FILENO, known && c == CODEC_GB18030);
	tcsetattr(STDIN_FILENO, TCSANOW, &term.saved);
	rc = choose_encoding(p, known, &c, e);
	if (rc != 0)
		return rc;
	four = want->four_byte < 0 ? p->four_byte : want->four_byte != 0;
	codec_set_session(c, four);
	term.probed = p->ambiguous;
	if (want->ambiguous != 0)
		width_set_ambiguous(want->ambiguous);
	else if (p->ambiguous != 0 && c == CODEC_UTF8)
		width_set_ambiguous(p->ambiguous);
	return 0;
}

/* In GBK and GB18030 sessions ncurses compresses runs with REP, which many
 * terminals do not know: our own entries `tongji-NAME` lack it (PITFALLS 5).
 * Returns a SCREEN or NULL. */
static SCREEN *
open_screen(const char *home)
{
	const char *name = getenv("TERM");
	SCREEN *scr = NULL;
	char *dir, *own;

	if (name == NULL || *name == '\0')
		name = "vt100";
	if (codec_session() != CODEC_UTF8 &&
	    (dir = file_share(home, "terminfo")) != NULL) {
		char *dirs = xasprintf("%s:", dir);

		own = xasprintf("tongji-%s", name);
		setenv("TERMINFO_DIRS", dirs, 1);
		scr = newterm(own, stdout, stdin);
		free(dirs);
		free(own);
		free(dir);
	}
	if (scr == NULL)
		scr = newterm((char *)(uintptr_t)name, stdout, stdin);
	if (scr == NULL && strncmp(name, "putty", 5) == 0)
		scr = newterm((char *)(uintptr_t)"xterm", stdout, stdin);
	if (scr == NULL)
		scr = newterm((char *)(uintptr_t)"vt100", stdout, stdin);
	return scr;
}

int
term_start(const struct term_want *want, struct err *e)
{
	struct probe p;
	int rc;

	unsetenv("LINES");
	unsetenv("COLUMNS");
	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return err_set(e, E_USAGE, "The screens need a terminal "
		    "(ssh -t). 画面要在终端里运行，命令用法见 tongji --help");
	rc = refuse_console(e);
	if (rc != 0)
		return rc;
	if (tcgetattr(STDIN_FILENO, &term.saved) != 0)
		return err_errno(e, "终端");
	rc = settle_encoding(want, &p, e);
	if (rc != 0)
		return rc;
	if (open_screen(want->home) == NULL)
		return err_set(e, E_USAGE, "Unknown terminal type TERM=%s: "
		    "install ncurses-base, or set TERM=vt100. 不认识的终端类型",
		    getenv("TERM") != NULL ? getenv("TERM") : "");
	term.on = true;
	endwin();		/* ends the flush after every movement (8) */
	raw();
	noecho();
	nonl();
	intrflush(stdscr, FALSE);
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	scrollok(stdscr, FALSE);
	typeahead(-1);
	set_escdelay(150);
	key_start(p.typed, p.ntyped);
	catch_signals();
	log_set_restorer(term_stop);
	return file_write_all(STDOUT_FILENO, paste_on, sizeof paste_on - 1) == 0
	    ? 0 : err_errno(e, "终端");
}

void
term_stop(void)
{
	if (!term.on)
		return;
	term.on = false;
	log_set_restorer(NULL);
	if (!term.gone) {
		(void)file_write_all(STDOUT_FILENO, paste_off,
		    sizeof paste_off - 1);
		endwin();
	}
	tcsetattr(STDIN_FILENO, TCSANOW, &term.saved);
}

bool
term_gone(void)
{
	return term.gone != 0;
}

void
term_set_gone(void)
{
	term.gone = 1;
}

const char *
term_note(void)
{
	return term.note;
}

int
term_probed(void)
{
	return term.probed;
}
