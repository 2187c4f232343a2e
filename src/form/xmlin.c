/* See xmlin.h. */
#include "xmlin.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"

typedef void on_start(void *arg, const char *name, const char **attr);
typedef void on_end(void *arg, const char *name);
typedef void on_text(void *arg, const char *s, int len);
typedef void on_doctype(void *arg, const char *name, const char *sysid,
    const char *pubid, int internal);

/* The few functions of expat that are used; its parser is opaque. */
static struct {
	void *lib;
	void *(*create)(const char *encoding);
	void (*free)(void *p);
	void (*user)(void *p, void *arg);
	void (*element)(void *p, on_start *start, on_end *end);
	void (*text)(void *p, on_text *text);
	void (*doctype)(void *p, on_doctype *start);
	int (*parse)(void *p, const char *s, int len, int last);
	int (*stop)(void *p, unsigned char resumable);
} ex;

struct xmlin {
	void *parser;
	const struct xmlin_handler *h;
	void *arg;
};

static bool
find(void *fn, const char *name)
{
	void *p = dlsym(ex.lib, name);

	memcpy(fn, &p, sizeof p);
	return p != NULL;
}

static int
load(struct err *e)
{
	if (ex.stop != NULL)
		return 0;
	if (ex.lib == NULL)
		ex.lib = dlopen("libexpat.so.1", RTLD_NOW | RTLD_LOCAL);
	if (ex.lib == NULL || !find(&ex.create, "XML_ParserCreate") ||
	    !find(&ex.free, "XML_ParserFree") ||
	    !find(&ex.user, "XML_SetUserData") ||
	    !find(&ex.element, "XML_SetElementHandler") ||
	    !find(&ex.text, "XML_SetCharacterDataHandler") ||
	    !find(&ex.doctype, "XML_SetStartDoctypeDeclHandler") ||
	    !find(&ex.parse, "XML_Parse") ||
	    !find(&ex.stop, "XML_StopParser"))
		return err_set(e, E_NOTFOUND, "读 XLSX 要用的组件 libexpat1 "
		    "没有装。请安装它，或在 WPS 里另存为 CSV 再导入");
	return 0;
}

static const char *
bare(const char *name)
{
	const char *colon = strchr(name, ':');

	return colon != NULL ? colon + 1 : name;
}

static void
started(void *arg, const char *name, const char **attr)
{
	struct xmlin *x = arg;

	x->h->start(x->arg, bare(name), attr);
}

static void
ended(void *arg, const char *name)
{
	struct xmlin *x = arg;

	x->h->end(x->arg, bare(name));
}

static void
said(void *arg, const char *s, int len)
{
	struct xmlin *x = arg;

	x->h->text(x->arg, s, (size_t)len);
}

static void
doctype(void *arg, const char *name, const char *sysid, const char *pubid,
    int internal)
{
	struct xmlin *x = arg;

	(void)name;
	(void)sysid;
	(void)pubid;
	(void)internal;
	ex.stop(x->parser, 0);
}

int
xmlin_new(struct xmlin **out, const struct xmlin_handler *h, void *arg,
    struct err *e)
{
	struct xmlin *x;
	int rc;

	*out = NULL;
	if ((rc = load(e)) < 0)
		return rc;
	x = xcalloc(1, sizeof *x);
	x->h = h;
	x->arg = arg;
	x->parser = ex.create(NULL);
	if (x->parser == NULL) {
		free(x);
		return err_set(e, E_NOTFOUND, "读 XLSX 的组件启动失败");
	}
	ex.user(x->parser, x);
	ex.element(x->parser, started, ended);
	ex.text(x->parser, said);
	ex.doctype(x->parser, doctype);
	*out = x;
	return 0;
}

int
xmlin_feed(struct xmlin *x, const char *p, size_t len, bool last,
    struct err *e)
{
	if (ex.parse(x->parser, p, (int)len, last) == 1)
		return 0;
	return err_set(e, E_FORMAT, "工作簿的内容不合规范，请用 WPS 或 Excel "
	    "打开核对后另存为 XLSX");
}

void
xmlin_free(struct xmlin *x)
{
	if (x == NULL)
		return;
	ex.free(x->parser);
	free(x);
}

const char *
xmlin_attr(const char **attr, const char *name)
{
	for (; attr[0] != NULL; attr += 2)
		if (strcmp(bare(attr[0]), name) == 0)
			return attr[1];
	return NULL;
}
