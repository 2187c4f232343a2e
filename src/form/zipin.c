/* See zipin.h. */
#include "zipin.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"

enum { PIECE = 64 * 1024, CASE_SENSITIVE = 1, CASE_BLIND = 2 };

/* The few functions of minizip that are used; its handle is opaque. */
static struct {
	void *lib;
	void *(*open)(const char *path);
	int (*close)(void *file);
	int (*locate)(void *file, const char *name, int how);
	int (*enter)(void *file);
	int (*read)(void *file, void *buf, unsigned len);
	int (*leave)(void *file);
} mz;

struct zipin {
	void *file;
	size_t total;		/* bytes unpacked so far, of all members */
};

static bool
find(void *fn, const char *name)
{
	void *p = dlsym(mz.lib, name);

	memcpy(fn, &p, sizeof p);
	return p != NULL;
}

static int
load(struct err *e)
{
	if (mz.read != NULL)
		return 0;
	if (mz.lib == NULL)
		mz.lib = dlopen("libminizip.so.1", RTLD_NOW | RTLD_LOCAL);
	if (mz.lib == NULL || !find(&mz.open, "unzOpen64") ||
	    !find(&mz.close, "unzClose") ||
	    !find(&mz.locate, "unzLocateFile") ||
	    !find(&mz.enter, "unzOpenCurrentFile") ||
	    !find(&mz.leave, "unzCloseCurrentFile") ||
	    !find(&mz.read, "unzReadCurrentFile"))
		return err_set(e, E_NOTFOUND, "读 XLSX 要用的组件 libminizip1 "
		    "没有装。请安装它，或在 WPS 里另存为 CSV 再导入");
	return 0;
}

int
zipin_open(struct zipin **out, const char *path, struct err *e)
{
	struct zipin *z;
	void *file;
	int rc;

	*out = NULL;
	if ((rc = load(e)) < 0)
		return rc;
	file = mz.open(path);
	if (file == NULL)
		return err_set(e, E_FORMAT, "%s 打不开，工作簿可能没有下载完整"
		    "或已损坏，请用 WPS 或 Excel 打开核对后另存", path);
	z = xcalloc(1, sizeof *z);
	z->file = file;
	*out = z;
	return 0;
}

void
zipin_close(struct zipin *z)
{
	if (z == NULL)
		return;
	mz.close(z->file);
	free(z);
}

static int
pump(struct zipin *z, char *buf, zipin_feed *feed, void *arg, struct err *e)
{
	size_t size = 0;
	int n, rc = 0;

	while (rc == 0 && (n = mz.read(z->file, buf, PIECE)) > 0) {
		size += (size_t)n;
		z->total += (size_t)n;
		if (size > ZIP_FILE_LIMIT ||
		    z->total > 2 * (size_t)ZIP_FILE_LIMIT)
			return err_set(e, E_RANGE, "工作簿解开后太大（超过 "
			    "%d MB），不像正常的名册，没有导入",
			    ZIP_FILE_LIMIT >> 20);
		rc = feed(arg, buf, (size_t)n, false, e);
	}
	if (rc == 0 && n < 0)
		return err_set(e, E_FORMAT, "工作簿已损坏，读到一半读不下去，"
		    "请用 WPS 或 Excel 打开核对后另存");
	return rc == 0 ? feed(arg, "", 0, true, e) : rc;
}

int
zipin_read(struct zipin *z, const char *member, zipin_feed *feed, void *arg,
    struct err *e)
{
	char *buf;
	int rc, left;

	if (*member == '/')
		member++;
	if (mz.locate(z->file, member, CASE_SENSITIVE) != 0 &&
	    mz.locate(z->file, member, CASE_BLIND) != 0)
		return err_set(e, E_NOTFOUND, "工作簿里缺少 %s，"
		    "请用 WPS 或 Excel 打开后另存为 XLSX", member);
	if (mz.enter(z->file) != 0)
		return err_set(e, E_FORMAT, "工作簿已损坏或有打开密码，"
		    "请去掉密码后另存为 XLSX");
	buf = xmalloc(PIECE);
	rc = pump(z, buf, feed, arg, e);
	free(buf);
	left = mz.leave(z->file);
	if (rc == 0 && left != 0)
		return err_set(e, E_FORMAT, "工作簿已损坏（校验不对），"
		    "请用 WPS 或 Excel 打开核对后另存");
	return rc < 0 ? rc : 0;
}
