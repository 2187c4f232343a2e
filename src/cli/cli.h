/* Commands: one file and one `const struct command` each, listed in main.c.
 *
 * Exit status: 0 done; 1 done, but something was found or refused; 2 wrong
 * usage; 3 could not run.  Messages for people go to standard error in
 * Chinese, data to standard output. */
#ifndef TONGJI_CLI_H
#define TONGJI_CLI_H

#include <stdbool.h>
#include <stddef.h>

#include "err.h"

struct forms;

enum status { ST_DONE = 0, ST_FOUND = 1, ST_USAGE = 2, ST_FAILED = 3 };

/* What every command is given. */
struct cli {
	const char *home;	/* the data folder */
	const char *as;		/* --as LOGIN, or NULL: administrator `cli` */
	const struct command *self;
	int (*screens)(const char *home);	/* opens the screens */
};

struct command {
	const char *name;
	const char *usage;	/* after `tongji `, one line a form */
	const char *summary;	/* Chinese, one line */
	int (*run)(struct cli *c, int argc, char **argv);	/* argv[0] is the name */
};

/* Options of one command: long names, with or without a value. */
struct cli_opt {
	const char *name;	/* "--month" */
	const char **value;	/* takes a value; the last one wins */
	bool *flag;		/* or is a flag */
	const char **list;	/* or may be repeated: NULL-terminated … */
	size_t list_max;	/* … up to this many */
};
/* Take the options out of argv (they may stand anywhere; `--` ends them);
 * what is left is argv[1..] in order and its count is returned.  -1 after a
 * message when an option is unknown or lacks its value. */
int cli_options(struct cli *c, int argc, char **argv,
    const struct cli_opt *opts, size_t n);

/* Open the site's database with a session (`c->as` or the owner); the forms
 * are applied.  On failure prints and returns NULL. Close with cli_close. */
struct forms *cli_open(struct cli *c);
void cli_close(struct forms *fs);

/* Print an error with the sanitiser and return the exit status for its code
 * (refusals 1, usage 2, the rest 3). */
int cli_fail(const struct err *e);
/* Print the usage of this command and return ST_USAGE. */
int cli_usage(struct cli *c);
/* Names that would go onto a stick without encryption to the file `out` (NULL:
 * standard output): `said` (--plain) or the typed word, and a journal entry;
 * else E_REFUSED. */
int cli_plain(struct forms *fs, const char *out, const char *what, bool said,
    struct err *e);
/* One line of standard input without its newline (passwords); heap, NULL at
 * the end. */
char *cli_line(void);

#endif
