/* See certpage.h.  Sizes are millimetres of the sheet, so that what is seen in
 * a browser is what comes out of the printer. */
#include "certpage.h"

#include <stdlib.h>
#include <string.h>

#include "safe.h"

static const char style[] =
    "<style>\n"
    "@page{size:A4 landscape;margin:0}\n"
    "*{box-sizing:border-box}\n"
    "body{margin:0;background:#ddd;color:#111;font-family:SimSun,"
    "NSimSun,\"Songti SC\",\"Noto Serif CJK SC\",\"Source Han Serif SC\","
    "\"Noto Sans CJK SC\",\"Microsoft YaHei\",\"WenQuanYi Zen Hei\",serif}\n"
    ".sheet{position:relative;width:297mm;height:209.5mm;margin:0 auto 6mm;"
    "background:#fff;overflow:hidden;page-break-after:always;"
    "break-after:page;page-break-inside:avoid}\n"
    ".sheet:last-of-type{page-break-after:auto;break-after:auto}\n"
    ".frame{position:absolute;left:12mm;top:12mm;right:12mm;bottom:12mm;"
    "border:1.2mm solid #8a1f1f}\n"
    ".inner{position:absolute;left:2mm;top:2mm;right:2mm;bottom:2mm;"
    "border:.3mm solid #8a1f1f}\n"
    "h1{position:absolute;left:0;right:0;top:30mm;margin:0;"
    "text-align:center;font-size:15mm;letter-spacing:5mm;text-indent:5mm;"
    "font-family:KaiTi,STKaiti,\"Kaiti SC\",\"AR PL UKai CN\",SimSun,"
    "\"Noto Serif CJK SC\",\"Noto Sans CJK SC\",serif;font-weight:bold}\n"
    ".no{position:absolute;right:32mm;top:54mm;font-size:4.6mm}\n"
    ".body{position:absolute;left:36mm;right:36mm;top:68mm;font-size:7mm;"
    "line-height:2}\n"
    ".body p{margin:0;text-indent:2em;overflow-wrap:anywhere}\n"
    ".body p.who{text-indent:0}\n"
    ".who b{font-size:8.4mm;border-bottom:.3mm solid #111;padding:0 4mm}\n"
    ".who span{font-size:5.2mm}\n"
    ".by{position:absolute;right:36mm;bottom:34mm;text-align:center;"
    "font-size:6.4mm;line-height:1.8}\n"
    ".by small{font-size:4.4mm;color:#555}\n"
    "@media print{body{background:#fff}.sheet{margin:0}}\n"
    "</style>\n";

void
certpage_begin(struct str *out, const char *title)
{
	str_add(out, "<!DOCTYPE html>\n<html lang=\"zh-CN\">\n<head>\n"
	    "<meta charset=\"utf-8\">\n<title>");
	safe_xml(out, title);
	str_add(out, "</title>\n");
	str_add(out, style);
	str_add(out, "</head>\n<body>\n");
}

void
certpage_day(struct str *out, const char *iso)
{
	if (iso != NULL && strlen(iso) >= 10)
		str_addf(out, "%.4s年%d月%d日", iso, atoi(iso + 5),
		    atoi(iso + 8));
}

void
certpage_add(struct str *out, const struct certpage *c)
{
	str_add(out, "<section class=\"sheet\"><div class=\"frame\">"
	    "<div class=\"inner\"></div></div>\n<h1>");
	safe_xml(out, c->title);
	str_add(out, "</h1>\n");
	if (c->number != NULL) {
		str_add(out, "<div class=\"no\">证书编号：");
		safe_xml(out, c->number);
		str_add(out, "</div>\n");
	}
	str_add(out, "<div class=\"body\"><p class=\"who\"><b>");
	safe_xml(out, c->name);
	str_add(out, "</b> 同志");
	if (c->unit != NULL) {
		str_add(out, "<span>（");
		safe_xml(out, c->unit);
		str_add(out, "）</span>");
	}
	str_add(out, "：</p>\n<p>");
	safe_xml(out, c->text);
	str_add(out, "</p></div>\n<div class=\"by\">");
	safe_xml(out, c->issuer != NULL ? c->issuer : "");
	str_add(out, "<br><small>（盖章）</small><br>");
	certpage_day(out, c->on);
	str_add(out, "</div>\n</section>\n");
}

void
certpage_end(struct str *out)
{
	str_add(out, "</body>\n</html>\n");
}
