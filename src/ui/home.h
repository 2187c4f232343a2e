/* The first screen: what is overdue, the menu, the three reassurances. */
#ifndef TONGJI_HOME_H
#define TONGJI_HOME_H

#include <stdbool.h>
#include <stddef.h>

#include "err.h"
#include "model.h"

/* One thing to do.  Opening it lists the records of `form` that fit `where`
 * (SQL over the session's view, trusted text), or runs `open`. */
struct home_todo {
	const char *name;	/* home_find_todo() first; or NULL */
	char word[40];
	long n;
	const char *unit;	/* 人 件 条 */
	char note[40];		/* "最久3工作日", or "" */
	bool urgent;
	const char *form;	/* or NULL */
	char where[400];
	void (*open)(void);
};

/* One indicator bar; percent -1: 无对象. */
struct home_bar {
	char word[32];
	int percent;
};

enum { HOME_TODOS = 10, HOME_BARS = 10 };

/* Where the two columns come from; either may be NULL.  Each fills at most
 * `max` rows and returns how many, or a negative code. */
struct home_source {
	int (*todos)(struct forms *fs, struct home_todo *out, int max,
	    struct err *e);
	int (*bars)(struct forms *fs, struct home_bar *out, int max,
	    struct err *e);
};
/* Replace the built-in to-dos (hometodo.c). */
void home_set_source(const struct home_source *s);

/* Run until the person leaves; false: leave the program. */
void home_run(void);

/* hometodo.c: what the policy floor says (todo.h). */
int home_todos(struct forms *fs, struct home_todo *out, int max,
    struct err *e);
int home_bars(struct forms *fs, struct home_bar *out, int max,
    struct err *e);
/* Make `where` of a to-do find its records. */
int home_find_todo(struct forms *fs, const struct home_todo *t,
    struct err *e) MUST_CHECK;

#endif
