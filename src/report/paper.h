/* A report as blocks that every output draws in its own way: lines of text,
 * tables, bars.  report/{text,html,comma}.h draw it (xlsx.h makes a
 * workbook).  All strings are copied into the paper and die with it. */
#ifndef TONGJI_PAPER_H
#define TONGJI_PAPER_H

#include <stdbool.h>
#include <stddef.h>

#include "mem.h"

enum paper_align { ALIGN_LEFT, ALIGN_RIGHT, ALIGN_CENTRE };
enum paper_row { ROW_PLAIN, ROW_GROUP, ROW_TOTAL, ROW_ALERT };
enum paper_kind { PAPER_LINE, PAPER_TABLE, PAPER_BARS };

struct paper_column {
	const char *label;
	enum paper_align align;
	int widest;		/* most columns in text output, 0: as needed */
	bool serial;		/* 1, 2, 3 …: counted again by paper_sift */
};

struct paper_cells {
	enum paper_row kind;
	const char **cell;	/* ncells of them; NULL is empty */
	size_t n, cap;
	const char *form, *uid;	/* the record it shows, or NULL */
};

struct paper_bar {
	const char *label, *words;
	double percent;		/* below 0: no bar (无对象) */
};

struct paper_block {
	enum paper_kind kind;
	const char *caption;	/* of tables and bars; the text of a line */
	struct paper_column *columns;
	size_t ncolumns, cap_columns;
	struct paper_cells *rows;
	size_t nrows, cap_rows;
	struct paper_bar *bars;
	size_t nbars, cap_bars;
};

struct paper {
	struct arena arena;
	const char *title, *subtitle;	/* subtitle may be NULL */
	const char *about;	/* the subtitle without its 共 N 条, or NULL */
	bool personal;		/* says PAPER_SECRET, or `only` */
	const char *only;	/* whom it may go to and for what, or NULL */
	bool owned;		/* every row says which record it shows */
	bool roomy;		/* rows are written in by hand */
	bool signed_form;	/* ends in 填报单位（盖章） and so on */
	const char *site, *made_on, *made_by;	/* NULL: not shown */
	struct paper_block *blocks;
	size_t n, cap;
};

#define PAPER_SECRET "含个人信息，不得外传"

struct paper *paper_new(const char *title);
void paper_free(struct paper *p);

const char *paper_keep(struct paper *p, const char *s);
void paper_line(struct paper *p, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* A table: columns first, then rows, each cell in order.  The block is
 * borrowed until the next block is begun. */
struct paper_block *paper_table(struct paper *p, const char *caption);
void paper_column(struct paper *p, struct paper_block *b, const char *label,
    enum paper_align align, int widest);
void paper_row(struct paper_block *b, enum paper_row kind);
void paper_cell(struct paper *p, struct paper_block *b, const char *text);
void paper_cellf(struct paper *p, struct paper_block *b, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* The last row shows this record. */
void paper_owner(struct paper *p, struct paper_block *b, const char *form,
    const char *uid);
/* The last column counts the rows. */
void paper_serial(struct paper_block *b);
/* The subtitle 「<about>，共 N 条」, N kept true by paper_sift. */
void paper_count(struct paper *p, const char *about);
/* Take out the rows of records that `keep` does not want, and count again;
 * how many went. */
size_t paper_sift(struct paper *p, bool (*keep)(void *arg, const char *form,
    const char *uid), void *arg);
/* What a personal paper says of itself. */
const char *paper_secret(const struct paper *p);
/* A row that is one heading across the table. */
void paper_group(struct paper *p, struct paper_block *b, const char *text);

struct paper_block *paper_bars(struct paper *p, const char *caption);
void paper_bar(struct paper *p, struct paper_block *b, const char *label,
    double percent, const char *words);

#endif
