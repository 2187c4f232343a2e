/* See xlsx.h. */
#include "xlsx.h"

#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mem.h"
#include "str.h"
#include "utf8.h"

enum { TITLE_SIZE = 16, PAPER_A4 = 9 };
enum { SHEET_NAME = 31, CELL_TEXT = 32000 };	/* code points */

static const char default_name[] = "Sheet1";

/* What is used of the library's interface, which has kept it since 2014; its
 * own structs are opaque here. */
enum { BORDER_THIN = 1, ALIGN_CENTRE = 2, ALIGN_MIDDLE = 10, NO_ERROR = 0 };

struct book_options {
	uint8_t constant_memory;	/* the first member in every version */
	void *rest[15];			/* all zero: defaults */
};

static struct {
	void *lib;
	void *(*open)(const char *path, struct book_options *o);
	void *(*add_sheet)(void *book, const char *name);
	void *(*add_format)(void *book);
	int (*close)(void *book);
	int (*text)(void *sheet, uint32_t row, uint16_t col, const char *v,
	    void *format);
	int (*number)(void *sheet, uint32_t row, uint16_t col, double v,
	    void *format);
	int (*note)(void *sheet, uint32_t row, uint16_t col, const char *v);
	int (*merge)(void *sheet, uint32_t row, uint16_t col, uint32_t row2,
	    uint16_t col2, const char *v, void *format);
	int (*column)(void *sheet, uint16_t col, uint16_t col2, double width,
	    void *format);
	void (*freeze)(void *sheet, uint32_t row, uint16_t col);
	void (*bold)(void *format);
	void (*align)(void *format, uint8_t how);
	void (*border)(void *format, uint8_t how);
	void (*pattern)(void *format, const char *v);
	void (*wrap)(void *format);
	void (*size)(void *format, double points);
	void (*landscape)(void *sheet);
	void (*paper)(void *sheet, uint8_t kind);
	void (*fit)(void *sheet, uint16_t width, uint16_t height);
	int (*repeat)(void *sheet, uint32_t row, uint32_t row2);
	int (*footer)(void *sheet, const char *v);
	bool ready;
} lx;

static const struct {
	const char *name;
	void *slot;
} wanted[] = {
	{ "workbook_new_opt", &lx.open },
	{ "workbook_add_worksheet", &lx.add_sheet },
	{ "workbook_add_format", &lx.add_format },
	{ "workbook_close", &lx.close },
	{ "worksheet_write_string", &lx.text },
	{ "worksheet_write_number", &lx.number },
	{ "worksheet_write_comment", &lx.note },
	{ "worksheet_merge_range", &lx.merge },
	{ "worksheet_set_column", &lx.column },
	{ "worksheet_freeze_panes", &lx.freeze },
	{ "format_set_bold", &lx.bold },
	{ "format_set_align", &lx.align },
	{ "format_set_border", &lx.border },
	{ "format_set_num_format", &lx.pattern },
	{ "format_set_text_wrap", &lx.wrap },
	{ "format_set_font_size", &lx.size },
	{ "worksheet_set_landscape", &lx.landscape },
	{ "worksheet_set_paper", &lx.paper },
	{ "worksheet_fit_to_pages", &lx.fit },
	{ "worksheet_repeat_rows", &lx.repeat },
	{ "worksheet_set_footer", &lx.footer },
};

struct xlsx {
	char *path, *part;	/* the name wanted, and the one written */
	void *book, *sheet;
	void *plain, *head, *title, *under, *percent;	/* formats */
	void *framed[2], *figure[2], *band;	/* [1]: bold */
	uint32_t row;
	uint16_t col;
	bool stream;
	int failed;
};

static bool
load(void)
{
	static const char *const names[] = { "libxlsxwriter.so.4",
	    "libxlsxwriter.so.5", "libxlsxwriter.so.6", "libxlsxwriter.so.7",
	    "libxlsxwriter.so.8" };
	size_t i;
	void *p;

	if (lx.ready)
		return true;
	for (i = 0; i < COUNT_OF(names) && lx.lib == NULL; i++)
		lx.lib = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
	for (i = 0; lx.lib != NULL && i < COUNT_OF(wanted); i++) {
		p = dlsym(lx.lib, wanted[i].name);
		if (p == NULL)
			return false;
		memcpy(wanted[i].slot, &p, sizeof p);
	}
	lx.ready = lx.lib != NULL;
	return lx.ready;
}

static void
make_framed(struct xlsx *x, int bold)
{
	void **how[] = { &x->framed[bold], &x->figure[bold] };
	size_t i;

	for (i = 0; i < COUNT_OF(how); i++) {
		*how[i] = lx.add_format(x->book);
		lx.border(*how[i], BORDER_THIN);
		lx.align(*how[i], ALIGN_MIDDLE);
		if (bold)
			lx.bold(*how[i]);
	}
	lx.pattern(x->framed[bold], "@");
	lx.wrap(x->framed[bold]);
}

static void
make_formats(struct xlsx *x)
{
	make_framed(x, 0);
	make_framed(x, 1);
	x->band = lx.add_format(x->book);
	lx.border(x->band, BORDER_THIN);
	lx.bold(x->band);
	x->under = lx.add_format(x->book);
	lx.align(x->under, ALIGN_CENTRE);
	x->plain = lx.add_format(x->book);
	lx.pattern(x->plain, "@");
	x->percent = lx.add_format(x->book);
	lx.pattern(x->percent, "0.0%");
	x->head = lx.add_format(x->book);
	lx.bold(x->head);
	lx.border(x->head, BORDER_THIN);
	lx.align(x->head, ALIGN_CENTRE);
	lx.align(x->head, ALIGN_MIDDLE);
	lx.wrap(x->head);
	x->title = lx.add_format(x->book);
	lx.bold(x->title);
	lx.size(x->title, TITLE_SIZE);
	lx.align(x->title, ALIGN_CENTRE);
}

struct xlsx *
xlsx_new(const char *path, const char *sheet, unsigned flags, struct err *e)
{
	struct book_options o = { 0, { NULL } };
	struct xlsx *x;

	if (!load()) {
		err_set(e, E_NOTFOUND, "写 XLSX 要用的组件 libxlsxwriter "
		    "没有装。请安装它，或改用 CSV");
		return NULL;
	}
	x = xcalloc(1, sizeof *x);
	x->path = xstrdup(path);
	x->part = xasprintf("%s.part", path);
	x->stream = (flags & XLSX_STREAM) != 0;
	o.constant_memory = x->stream;
	x->book = lx.open(x->part, &o);
	if (x->book == NULL) {
		err_set(e, E_IO, "建不了工作簿 %s", path);
		xlsx_drop(x);
		return NULL;
	}
	make_formats(x);
	if (xlsx_sheet(x, sheet, e) < 0) {
		xlsx_drop(x);
		return NULL;
	}
	return x;
}

static void
release(struct xlsx *x)
{
	free(x->path);
	free(x->part);
	free(x);
}

/* libxlsxwriter frees a workbook only by writing it. */
void
xlsx_drop(struct xlsx *x)
{
	if (x == NULL)
		return;
	if (x->book != NULL) {
		lx.close(x->book);
		unlink(x->part);
	}
	release(x);
}

static int
sync_file(const char *path, struct err *e)
{
	FILE *f = fopen(path, "rb");
	int rc;

	if (f == NULL)
		return err_errno(e, "写不了 %s", path);
	rc = fsync(fileno(f));
	fclose(f);
	return rc == 0 ? 0 : err_errno(e, "写不了 %s", path);
}

int
xlsx_finish(struct xlsx *x, struct err *e)
{
	int why = lx.close(x->book);
	int rc = 0;

	if (why == NO_ERROR)
		why = x->failed;
	if (why != NO_ERROR)
		rc = err_set(e, E_IO, "工作簿 %s 没有写成，请检查磁盘空间和"
		    "文件夹权限（%d）", x->path, why);
	if (rc == 0)
		rc = sync_file(x->part, e);
	if (rc == 0 && rename(x->part, x->path) != 0)
		rc = err_errno(e, "写不了 %s", x->path);
	if (rc < 0)
		unlink(x->part);
	release(x);
	return rc;
}

int
xlsx_sheet(struct xlsx *x, const char *name, struct err *e)
{
	struct str s = STR_INIT;
	size_t end = utf8_skip(name, SHEET_NAME), i;

	str_addn(&s, name, end);
	for (i = 0; i < s.len; i++)
		if (strchr("[]:*?/\\'", s.buf[i]) != NULL)
			s.buf[i] = ' ';
	x->sheet = lx.add_sheet(x->book, s.len > 0 ? s.buf : default_name);
	str_done(&s);
	x->row = 0;
	x->col = 0;
	return x->sheet != NULL ? 0 :
	    err_set(e, E_EXISTS, "工作表“%s”已经有了", name);
}

static void
done(struct xlsx *x, int why)
{
	if (why != NO_ERROR && x->failed == NO_ERROR)
		x->failed = why;
}

/* Text that the library takes: valid UTF-8, not too long. */
static const char *
fit(const char *text, struct str *store)
{
	size_t len = strlen(text);

	if (len <= CELL_TEXT && utf8_valid(text))
		return text;
	utf8_repair(store, text, len);
	store->len = utf8_skip(store->buf, CELL_TEXT);
	store->buf[store->len] = '\0';
	return store->buf;
}

static void
put(struct xlsx *x, const char *text, void *how)
{
	struct str store = STR_INIT;

	if (text != NULL && *text != '\0')
		done(x, lx.text(x->sheet, x->row, x->col, fit(text, &store),
		    how));
	x->col++;
	str_done(&store);
}

void
xlsx_text(struct xlsx *x, const char *text)
{
	put(x, text, x->plain);
}

void
xlsx_number(struct xlsx *x, double v)
{
	done(x, lx.number(x->sheet, x->row, x->col++, v, NULL));
}

void
xlsx_percent(struct xlsx *x, double v)
{
	done(x, lx.number(x->sheet, x->row, x->col++, v, x->percent));
}

void
xlsx_head(struct xlsx *x, const char *text, const char *note)
{
	if (note != NULL)
		done(x, lx.note(x->sheet, x->row, x->col, note));
	put(x, text, x->head);
}

void
xlsx_skip(struct xlsx *x, size_t cells)
{
	x->col = (uint16_t)(x->col + cells);
}

void
xlsx_row(struct xlsx *x)
{
	x->row++;
	x->col = 0;
}

void
xlsx_framed(struct xlsx *x, const char *text, bool strong)
{
	put(x, text != NULL && *text != '\0' ? text : " ",
	    x->framed[strong]);
}

void
xlsx_framed_number(struct xlsx *x, double v, bool strong)
{
	done(x, lx.number(x->sheet, x->row, x->col++, v, x->figure[strong]));
}

static void
across(struct xlsx *x, const char *text, size_t cells, void *how)
{
	struct str store = STR_INIT;

	if (cells > 1 && !x->stream)
		done(x, lx.merge(x->sheet, x->row, 0, x->row,
		    (uint16_t)(cells - 1), fit(text, &store), how));
	else
		put(x, text, how);
	str_done(&store);
	xlsx_row(x);
}

void
xlsx_title(struct xlsx *x, const char *text, size_t cells)
{
	across(x, text, cells, x->title);
}

void
xlsx_under(struct xlsx *x, const char *text, size_t cells)
{
	across(x, text, cells, x->under);
}

void
xlsx_band(struct xlsx *x, const char *text, size_t cells)
{
	across(x, text, cells, x->band);
}

void
xlsx_page(struct xlsx *x, bool wide)
{
	lx.paper(x->sheet, PAPER_A4);
	if (wide)
		lx.landscape(x->sheet);
	lx.fit(x->sheet, 1, 0);
	if (x->row > 0)
		done(x, lx.repeat(x->sheet, 0, x->row - 1));
	done(x, lx.footer(x->sheet, "&C第 &P 页，共 &N 页"));
}

void
xlsx_width(struct xlsx *x, size_t col, double width)
{
	done(x, lx.column(x->sheet, (uint16_t)col, (uint16_t)col, width,
	    NULL));
}

void
xlsx_freeze(struct xlsx *x)
{
	lx.freeze(x->sheet, x->row, 0);
}
