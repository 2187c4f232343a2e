/* The first screen: what is overdue, worst first, and this month's bars. */
#ifndef TONGJI_TODO_H
#define TONGJI_TODO_H

#include <stdbool.h>

#include "err.h"
#include "model.h"

/* One thing to do.  The records meant are the rows of `form` for which
 * `where` holds (SQL over the session's view). */
struct todo {
	const char *name;	/* for todo_list(); NULL: there is no list */
	const char *word;	/* 受理单逾期; static */
	const char *unit;	/* 人 件 村 条 */
	long n;
	char note[48];		/* 「最久3工作日」「高风险1人」 or "" */
	bool urgent;
	const char *form;	/* NULL: rows of several forms (reviews) */
	char where[96];
};

/* At most `max` rows into `out`, those with n = 0 left out; how many, or a
 * negative code. */
int todo_load(struct forms *fs, struct todo *out, int max, struct err *e);
/* Find the records meant by one of them: their uids are in temp.todo(uid)
 * until the next call, and `where` finds them there. */
int todo_list(struct forms *fs, const char *name, struct err *e) MUST_CHECK;

struct todo_bar {
	char word[40];
	int percent;		/* -1: 无对象 */
};

/* The items of data/indicators/home.ini. */
int todo_bars(struct forms *fs, struct todo_bar *out, int max, struct err *e);

#endif
