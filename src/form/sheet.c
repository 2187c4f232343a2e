/* See sheet.h. */
#include "sheet.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "file.h"
#include "mem.h"
#include "workbook.h"

static const char delimiters[] = { ',', '\t', ';' };

struct sheet {
	struct str text;	/* UTF-8; empty for workbooks */
	enum codec codec;
	bool bom;
	struct csv csv;
	size_t way;
	struct workbook *book;
	size_t at;		/* row of the workbook's sheet */
};

/* Files that people take for workbooks. */
static int
refuse_others(const struct str *raw, const char *path, struct err *e)
{
	static const struct {
		const char *end, *what;
	} others[] = {
		{ ".ods", "这是 .ods 表格" }, { ".numbers", "这是 .numbers 表格" },
		{ ".xlsb", "这是 .xlsb 表格" }, { ".docx", "这是 Word 文档" },
		{ ".wps", "这是 WPS 文字文档" }, { ".zip", "这是压缩包" },
	};
	size_t len = strlen(path), n, i;

	if (raw->len == 0)
		return err_set(e, E_FORMAT, "%s 是空文件，没有可导入的内容",
		    path);
	for (i = 0; i < COUNT_OF(others); i++) {
		n = strlen(others[i].end);
		if (len > n && strcasecmp(path + len - n, others[i].end) == 0)
			return err_set(e, E_FORMAT, "%s，请在 WPS 或 Excel "
			    "里另存为 XLSX 或 CSV 再导入", others[i].what);
	}
	return 0;
}

static int
open_text(struct sheet *s, const struct str *raw, enum codec want,
    struct err *e)
{
	const unsigned char *p = (const unsigned char *)raw->buf;

	s->bom = raw->len >= 3 && p[0] == 0xEF && p[1] == 0xBB && p[2] == 0xBF;
	return codec_read(&s->text, raw->buf, raw->len, want, &s->codec, e);
}

int
sheet_open(struct sheet **out, const char *path, enum codec want,
    struct err *e)
{
	struct sheet *s = xcalloc(1, sizeof *s);
	struct str raw = STR_INIT;
	int rc = file_read(&raw, path, SHEET_LIMIT, e);

	*out = NULL;
	str_init(&s->text);
	if (rc == 0)
		rc = refuse_others(&raw, path, e);
	if (rc == 0 && str_starts(raw.buf, "PK\003\004"))
		rc = workbook_open(&s->book, path, e);
	else if (rc == 0)
		rc = open_text(s, &raw, want, e);
	str_done(&raw);
	if (rc == 0)
		rc = sheet_choose(s, 0, 0, e);
	if (rc < 0) {
		sheet_close(s);
		return rc;
	}
	*out = s;
	return 0;
}

void
sheet_close(struct sheet *s)
{
	if (s == NULL)
		return;
	workbook_close(s->book);
	str_done(&s->text);
	free(s);
}

bool
sheet_is_book(const struct sheet *s)
{
	return s->book != NULL;
}

enum codec
sheet_codec(const struct sheet *s)
{
	return s->codec;
}

bool
sheet_bom(const struct sheet *s)
{
	return s->bom;
}

size_t
sheet_ways(const struct sheet *s)
{
	return s->book != NULL ? workbook_count(s->book) :
	    COUNT_OF(delimiters);
}

const char *
sheet_way_name(const struct sheet *s, size_t way, bool *hidden)
{
	if (hidden != NULL)
		*hidden = false;
	return s->book != NULL ? workbook_name(s->book, way, hidden) : "";
}

int
sheet_choose(struct sheet *s, size_t way, size_t max, struct err *e)
{
	int rc = 0;

	s->way = way;
	if (s->book != NULL)
		rc = workbook_load(s->book, way, max, e);
	sheet_rewind(s);
	return rc;
}

int
sheet_find(const struct sheet *s, const char *text, size_t *way,
    struct err *e)
{
	struct str names = STR_INIT;
	size_t i, n = sheet_ways(s);
	char *end;
	unsigned long number = strtoul(text, &end, 10);
	int rc;

	if (s->book == NULL)
		return err_set(e, E_USAGE, "--sheet 只用于 XLSX 工作簿");
	for (i = 0; i < n; i++)
		if (strcmp(sheet_way_name(s, i, NULL), text) == 0) {
			*way = i;
			return 0;
		}
	if (*text != '\0' && *end == '\0' && number >= 1 && number <= n) {
		*way = number - 1;
		return 0;
	}
	for (i = 0; i < n && i < 20; i++)
		str_addf(&names, "%s%zu.%s", i > 0 ? "，" : "", i + 1,
		    sheet_way_name(s, i, NULL));
	rc = err_set(e, E_NOTFOUND, "没有工作表“%s”，有这些：%s", text,
	    names.buf);
	str_done(&names);
	return rc;
}

void
sheet_rewind(struct sheet *s)
{
	s->at = 0;
	if (s->book == NULL)
		csv_init(&s->csv, s->text.buf, s->text.len,
		    delimiters[s->way]);
}

int
sheet_next(struct sheet *s, struct cells *r, struct err *e)
{
	int rc;

	do {
		if (s->book != NULL)
			rc = workbook_row(s->book, s->at++, r);
		else
			rc = csv_next(&s->csv, r, e);
	} while (rc > 0 && cells_empty(r));
	return rc;
}

struct sheet_place
sheet_tell(const struct sheet *s)
{
	return (struct sheet_place){ s->csv, s->at };
}

void
sheet_seek(struct sheet *s, struct sheet_place place)
{
	s->csv = place.csv;
	s->at = place.at;
}

int
sheet_progress(const struct sheet *s)
{
	size_t all = s->book != NULL ? workbook_lines(s->book) : s->text.len;
	size_t at = s->book != NULL ? s->at :
	    (size_t)(s->csv.p - s->text.buf);

	return all == 0 ? 1000 : (int)(at * 1000 / all);
}
