/* See cli.h. */
#include "cli.h"

#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "db.h"
#include "journal.h"
#include "log.h"
#include "mem.h"
#include "model.h"
#include "safe.h"
#include "site.h"
#include "speak.h"
#include "stickoff.h"
#include "str.h"
#include "user.h"

static void
show_usage(struct cli *c, FILE *out)
{
	const char *p = c->self->usage, *end;

	for (; *p != '\0'; p = *end == '\0' ? end : end + 1) {
		end = p + strcspn(p, "\n");
		fprintf(out, "%s %s%.*s\n", p == c->self->usage ? "用法：" :
		    "      ", *p == ' ' ? "" : "tongji ", (int)(end - p), p);
	}
}

int
cli_usage(struct cli *c)
{
	show_usage(c, stderr);
	return ST_USAGE;
}

int
cli_fail(const struct err *e)
{
	struct str safe = STR_INIT;

	safe_text(&safe, e->msg);
	say("%s", safe.buf);
	str_done(&safe);
	switch (e->code) {
	case E_USAGE:
		return ST_USAGE;
	case E_REFUSED: case E_FORMAT: case E_RANGE: case E_EXISTS:
	case E_CRYPTO: case E_CORRUPT: case E_STALE: case E_DENIED:
		return ST_FOUND;
	default:
		return ST_FAILED;
	}
}

static int
take_value(const struct cli_opt *o, const char *value)
{
	size_t i;

	if (o->value != NULL) {
		*o->value = value;
		return 0;
	}
	for (i = 0; i < o->list_max; i++)
		if (o->list[i] == NULL) {
			o->list[i] = value;
			return 0;
		}
	say("%s 写得太多", o->name);
	return -1;
}

static const struct cli_opt *
find_opt(const struct cli_opt *opts, size_t n, const char *arg, size_t len)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (strlen(opts[i].name) == len &&
		    strncmp(opts[i].name, arg, len) == 0)
			return &opts[i];
	return NULL;
}

int
cli_options(struct cli *c, int argc, char **argv, const struct cli_opt *opts,
    size_t n)
{
	int i, left = 1;
	bool ended = false;

	for (i = 1; i < argc; i++) {
		const char *eq = strchr(argv[i], '=');
		size_t len = eq != NULL ? (size_t)(eq - argv[i]) :
		    strlen(argv[i]);
		const struct cli_opt *o;

		if (ended || argv[i][0] != '-' || argv[i][1] == '\0') {
			argv[left++] = argv[i];
			continue;
		}
		if (strcmp(argv[i], "--") == 0) {
			ended = true;
			continue;
		}
		if (strcmp(argv[i], "--help") == 0) {
			/* asked for, so it is data */
			show_usage(c, stdout);
			printf("\n%s\n", c->self->summary);
			exit(ST_DONE);
		}
		o = find_opt(opts, n, argv[i], len);
		if (o == NULL || (o->flag != NULL && eq != NULL)) {
			say("不认识的选项 %s", argv[i]);
			cli_usage(c);
			return -1;
		}
		if (o->flag != NULL) {
			*o->flag = true;
			continue;
		}
		if (eq == NULL && i + 1 >= argc) {
			say("%s 后面要写内容", argv[i]);
			cli_usage(c);
			return -1;
		}
		if (take_value(o, eq != NULL ? eq + 1 : argv[++i]) < 0)
			return -1;
	}
	argv[left] = NULL;
	return left - 1;
}

struct forms *
cli_open(struct cli *c)
{
	struct err e = ERR_INIT;
	struct str notes = STR_INIT;
	struct forms *fs = NULL;
	int rc = site_open(c->home, &fs, &notes, &e);

	if (rc == 0)
		rc = user_assume(forms_db(fs), c->as, &e);
	if (notes.len > 0)
		say("%s", notes.buf);
	str_done(&notes);
	if (rc < 0) {
		cli_fail(&e);
		site_close(fs);
		return NULL;
	}
	return fs;
}

void
cli_close(struct forms *fs)
{
	site_close(fs);
}

char *
cli_line(void)
{
	char *line = NULL;
	size_t cap = 0;
	ssize_t n = getline(&line, &cap, stdin);

	if (n < 0) {
		free(line);
		return NULL;
	}
	line[strcspn(line, "\r\n")] = '\0';
	return speak_line(line);
}

int
cli_plain(struct forms *fs, const char *out, const char *what, bool said,
    struct err *e)
{
	char *copy = out != NULL ? xstrdup(out) : NULL, *line, *note;
	char *device = copy != NULL ? stickoff_device(dirname(copy), NULL,
	    NULL) : NULL;
	bool stick = device != NULL;
	int rc;

	free(copy);
	free(device);
	if (!stick)
		return 0;
	if (!said && isatty(0)) {
		fprintf(stderr, "没有加密，含个人信息。确实要放到U盘上，请输入“%s”：",
		    STICKOFF_WORD);
		line = cli_line();
		said = str_eq(line, STICKOFF_WORD);
		free(line);
	}
	if (!said)
		return err_set(e, E_REFUSED, "没有加密、含个人信息的文件不放到U盘"
		    "上；交给县里请做上报包。确实要放，加 --plain，会记入日志");
	note = xasprintf("明文放到U盘：%s", what);
	rc = journal_note(forms_db(fs), "export", NULL, NULL, note, e);
	free(note);
	return rc;
}
