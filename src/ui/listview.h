/* A full-screen table: columns, incremental filter, sort, jump, marks, batch
 * action, paging.  Only the rows that are seen are fetched. */
#ifndef TONGJI_LISTVIEW_H
#define TONGJI_LISTVIEW_H

#include <stdbool.h>
#include <stddef.h>

#include "edit.h"
#include "err.h"
#include "screen.h"
#include "str.h"

struct listview;

struct list_column {
	const char *title;
	int cols;		/* display columns wished for */
	bool right;
	bool sortable;
};

struct list_source {
	/* Query anew: `filter` typed text ("" all), `sort` a column index or
	 * -1 for the natural order.  Sets lv->n. */
	int (*open)(struct listview *lv, const char *filter, int sort,
	    bool desc, struct err *e);
	/* Append the text of one cell; `row` absolute, near the last asked. */
	void (*cell)(struct listview *lv, long row, int col, struct str *out);
	/* Something stands before the row (one column): '!' '*', or ' '. */
	char (*flag)(struct listview *lv, long row);
	/* Identity of a row for marks (heap, the caller frees). */
	char *(*id)(struct listview *lv, long row);
};

struct listview {
	struct screen base;
	const struct list_source *src;
	void *arg;
	const char *title;
	char right[96];		/* right of the title; the count by default */
	const char *none;	/* when there are no rows */
	struct list_column *col;
	int ncols;
	unsigned loose;		/* bit i: column i may be cut for the next */
	bool can_mark;
	/* state */
	long n, at, top;
	int sort;
	bool desc, filtering;
	struct edit filter;
	char **mark;		/* ids */
	size_t nmark, capmark;
};

void listview_init(struct listview *lv);
void listview_done(struct listview *lv);
/* Query again, keeping place as far as possible. */
int listview_reload(struct listview *lv, struct err *e);
/* For the owner's screen_ops: */
void listview_draw(struct screen *s);
/* Movement, filter, sort, mark.  False: not a list key. */
bool listview_key(struct listview *lv, const struct key *k);
bool listview_typing(struct screen *s);
bool listview_marked(const struct listview *lv, const char *id);

/* The rows every list has, to be put into the owner's table:
 * `LISTVIEW_ROWS, { 0 … }`. */
/* For Esc: ends a filter first, then the screen. */
void listview_back(struct screen *s);
void listview_up(struct screen *s);
void listview_down(struct screen *s);
void listview_page_up(struct screen *s);
void listview_page_down(struct screen *s);
void listview_first(struct screen *s);
void listview_last(struct screen *s);
void listview_filter(struct screen *s);
void listview_sort(struct screen *s);
void listview_jump(struct screen *s);
void listview_mark(struct screen *s);
void listview_mark_all(struct screen *s);

#define LISTVIEW_ROWS \
	{ K_UP, 0, "上 下", NULL, "移动一行", listview_up }, \
	{ K_DOWN, 0, "下", NULL, NULL, listview_down }, \
	{ K_PGUP, 0, "PgUp PgDn", NULL, "移动一页", listview_page_up }, \
	{ K_PGDN, 0, "PgDn", NULL, NULL, listview_page_down }, \
	{ K_HOME, 0, "Home End", NULL, "到第一行、最后一行", listview_first }, \
	{ K_END, 0, "End", NULL, NULL, listview_last }, \
	{ 's', 0, "S", "排序", "换一列排序；再按反过来", listview_sort }, \
	{ 'f', 0, "F", "筛选", "打字筛选：姓名、首字母、日期…", listview_filter }

#endif
