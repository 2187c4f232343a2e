/* 童记: argv in, exit status out.  Without a command: the screens. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli.h"
#include "date.h"
#include "log.h"
#include "mem.h"
#include "site.h"
#include "speak.h"
#include "ui.h"

#define TONGJI_VERSION "0.1.0"

extern const struct command cli_init, cli_import, cli_export, cli_report,
    cli_indicators, cli_bundle, cli_key, cli_user, cli_form, cli_check,
    cli_backup, cli_restore, cli_purge, cli_demo, cli_evidence;

static const struct command *const commands[] = {
	&cli_init, &cli_import, &cli_export, &cli_report, &cli_indicators,
	&cli_evidence, &cli_bundle, &cli_key, &cli_user, &cli_form, &cli_check, &cli_backup,
	&cli_restore, &cli_purge, &cli_demo,
};

static int
help(int status)
{
	FILE *out = status == ST_DONE ? stdout : stderr;
	size_t i;

	fputs("童记：乡镇儿童关爱服务台账\n\n"
	    "  tongji                 打开屏幕\n", out);
	for (i = 0; i < COUNT_OF(commands); i++)
		fprintf(out, "  tongji %-14s  %s\n", commands[i]->name,
		    commands[i]->summary);
	fputs("\n  -C 文件夹   数据放在哪里（或用环境变量 TONGJI_HOME）\n"
	    "  --as 用户   以这个用户的权限运行命令\n"
	    "  tongji 命令 --help   看一个命令的用法\n", out);
	return status;
}

static int
run_command(struct cli *c, int argc, char **argv)
{
	size_t i;

	for (i = 0; i < COUNT_OF(commands); i++)
		if (strcmp(argv[0], commands[i]->name) == 0) {
			c->self = commands[i];
			return commands[i]->run(c, argc, argv);
		}
	say("没有“%s”这个命令", argv[0]);
	return help(ST_USAGE);
}

/* Will this print lines, or open the screens (which speak for themselves)? */
static bool
prints(int argc, char **argv)
{
	int i;

	for (i = 1; i < argc && argv[i][0] == '-'; i++)
		if (strcmp(argv[i], "-C") == 0 || strcmp(argv[i], "--as") == 0)
			i++;
	return i < argc ? strcmp(argv[i], "demo") != 0 :
	    argc > 1 && argv[argc - 1][0] == '-';
}

int
main(int argc, char **argv)
{
	struct cli c = { .screens = ui_run };
	const char *given = NULL;
	char *home;
	int i, rc;

	umask(077);
	speak_start(argc, argv, prints(argc, argv));
	for (i = 1; i < argc && argv[i][0] == '-'; i++) {
		if (strcmp(argv[i], "--version") == 0) {
			puts("tongji " TONGJI_VERSION);
			return ST_DONE;
		}
		if (strcmp(argv[i], "--help") == 0)
			return help(ST_DONE);
		if (strcmp(argv[i], "-C") == 0 && i + 1 < argc)
			given = argv[++i];
		else if (strcmp(argv[i], "--as") == 0 && i + 1 < argc)
			c.as = argv[++i];
		else
			return help(ST_USAGE);
	}
	home = site_home(given);
	c.home = home;
	rc = i < argc ? run_command(&c, argc - i, argv + i) : ui_run(home);
	free(home);
	return rc;
}
