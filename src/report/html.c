/* See html.h. */
#include "html.h"

#include "safe.h"

/* Fonts are named, not carried: the county's PC has one of them. */
static const char head[] =
    "<!DOCTYPE html>\n<html lang=\"zh-CN\">\n<head>\n"
    "<meta charset=\"utf-8\">\n"
    "<meta name=\"viewport\" content=\"width=device-width\">\n";

static const char style[] =
    "<style>\n"
    "@page{size:A4;margin:18mm 15mm}\n"
    "body{font:14px/1.5 \"Noto Sans CJK SC\",\"Source Han Sans SC\","
    "\"Microsoft YaHei\",SimSun,\"WenQuanYi Zen Hei\",sans-serif;"
    "max-width:900px;margin:24px auto;padding:0 12px;color:#111}\n"
    "h1{font-size:22px;text-align:center;margin:0 0 4px}\n"
    "h2{font-size:16px;margin:22px 0 6px;page-break-after:avoid}\n"
    "p{margin:4px 0}.sub{text-align:center;color:#333}\n"
    "table{border-collapse:collapse;width:100%;margin:4px 0 12px}\n"
    "th,td{border:1px solid #555;padding:3px 6px;vertical-align:top}\n"
    "th{background:#eee}thead{display:table-header-group}\n"
    "tr{page-break-inside:avoid}\n"
    "td:first-child{white-space:nowrap}\n"
    ".r{text-align:right}.c{text-align:center}\n"
    ".group td{background:#f4f4f4;font-weight:bold}\n"
    ".total td{font-weight:bold;border-top:2px solid #111}\n"
    ".alert td{font-weight:bold}.alert td:first-child:before{content:\"! \"}\n"
    ".roomy td{height:9mm;vertical-align:middle}\n"
    ".bars td{border:0;padding:2px 6px;white-space:nowrap}\n"
    ".bars{width:auto}\n"
    ".end{margin-top:28px;display:flex;justify-content:space-between}\n"
    ".secret{border:2px solid #111;display:inline-block;padding:2px 8px}\n"
    "@media print{body{margin:0;max-width:none;font-size:12px}}\n"
    "</style>\n</head>\n<body>\n";

static void
element(const char *tag, const char *attr, const char *s, struct str *out)
{
	if (s == NULL)
		return;
	str_addf(out, "<%s%s>", tag, attr);
	safe_xml(out, s);
	str_addf(out, "</%s>\n", tag);
}

static const char *
align_class(enum paper_align a)
{
	return a == ALIGN_RIGHT ? " class=\"r\"" :
	    a == ALIGN_CENTRE ? " class=\"c\"" : "";
}

static void
table_row(const struct paper_block *b, const struct paper_cells *r,
    struct str *out)
{
	static const char *const classes[] = { "", " class=\"group\"",
	    " class=\"total\"", " class=\"alert\"" };
	size_t c;

	str_addf(out, "<tr%s>", classes[r->kind]);
	if (r->kind == ROW_GROUP) {
		str_addf(out, "<td colspan=\"%zu\">", b->ncolumns);
		safe_xml(out, r->cell[0] != NULL ? r->cell[0] : "");
		str_add(out, "</td>");
	} else {
		for (c = 0; c < b->ncolumns; c++) {
			str_addf(out, "<td%s>",
			    align_class(b->columns[c].align));
			if (c < r->n && r->cell[c] != NULL)
				safe_xml(out, r->cell[c]);
			str_add(out, "</td>");
		}
	}
	str_add(out, "</tr>\n");
}

static void
table(const struct paper_block *b, bool roomy, struct str *out)
{
	size_t i;

	str_addf(out, "<table%s>\n<thead><tr>", roomy ? " class=\"roomy\"" :
	    "");
	for (i = 0; i < b->ncolumns; i++) {
		str_add(out, "<th>");
		safe_xml(out, b->columns[i].label);
		str_add(out, "</th>");
	}
	str_add(out, "</tr></thead>\n<tbody>\n");
	for (i = 0; i < b->nrows; i++)
		table_row(b, &b->rows[i], out);
	str_add(out, "</tbody>\n</table>\n");
}

static void
bars(const struct paper_block *b, struct str *out)
{
	enum { WIDTH = 300 };
	size_t i;

	str_add(out, "<table class=\"bars\">\n");
	for (i = 0; i < b->nbars; i++) {
		const struct paper_bar *bar = &b->bars[i];
		int w = bar->percent <= 0 ? 0 : bar->percent >= 100 ? WIDTH :
		    (int)(bar->percent * WIDTH / 100 + 0.5);

		str_add(out, "<tr><td>");
		safe_xml(out, bar->label);
		str_add(out, "</td><td>");
		if (bar->percent >= 0)
			str_addf(out, "<svg width=\"%d\" height=\"14\" "
			    "role=\"img\"><rect x=\"0.5\" y=\"0.5\" "
			    "width=\"%d\" height=\"13\" fill=\"#fff\" "
			    "stroke=\"#555\"/><rect x=\"0.5\" y=\"0.5\" "
			    "width=\"%d\" height=\"13\" fill=\"#356\"/></svg>",
			    WIDTH + 1, WIDTH, w);
		str_add(out, "</td><td class=\"r\">");
		safe_xml(out, bar->words != NULL ? bar->words : "");
		str_add(out, "</td></tr>\n");
	}
	str_add(out, "</table>\n");
}

static void
ending(const struct paper *p, struct str *out)
{
	if (p->signed_form)
		str_add(out, "<p class=\"end\"><span>填报单位（盖章）：</span>"
		    "<span>填表人：</span><span>审核人：</span>"
		    "<span>联系电话：</span></p>\n");
	if (p->made_on != NULL) {
		str_add(out, "<p>填报日期：");
		safe_xml(out, p->made_on);
		if (p->made_by != NULL) {
			str_add(out, "　制表：");
			safe_xml(out, p->made_by);
		}
		str_add(out, "</p>\n");
	}
	str_add(out, "</body>\n</html>\n");
}

void
html_report(const struct paper *p, struct str *out)
{
	size_t i;

	str_add(out, head);
	element("title", "", p->title, out);
	str_add(out, style);
	element("h1", "", p->title, out);
	element("p", " class=\"sub\"", p->site, out);
	element("p", " class=\"sub\"", p->subtitle, out);
	if (p->personal)
		element("p", " class=\"secret\"", paper_secret(p), out);
	for (i = 0; i < p->n; i++) {
		const struct paper_block *b = &p->blocks[i];

		element(b->kind == PAPER_LINE ? "p" : "h2", "", b->caption,
		    out);
		if (b->kind == PAPER_TABLE)
			table(b, p->roomy, out);
		else if (b->kind == PAPER_BARS)
			bars(b, out);
	}
	ending(p, out);
}
