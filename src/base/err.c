/* See err.h. */
#include "err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Cut a possibly truncated UTF-8 tail so that a message never ends in half a
 * character. */
static void
trim_tail(char *s, size_t size)
{
	size_t len = strlen(s), i = len;

	if (len + 1 < size)
		return;
	while (i > 0 && ((unsigned char)s[i - 1] & 0xC0) == 0x80)
		i--;
	if (i > 0 && (unsigned char)s[i - 1] >= 0xC0)
		s[i - 1] = '\0';
}

int
err_set(struct err *e, int code, const char *fmt, ...)
{
	va_list ap;

	if (e == NULL)
		return code;
	e->code = code;
	va_start(ap, fmt);
	vsnprintf(e->msg, sizeof e->msg, fmt, ap);
	va_end(ap);
	trim_tail(e->msg, sizeof e->msg);
	return code;
}

int
err_prefix(struct err *e, const char *fmt, ...)
{
	char old[sizeof e->msg], head[256];
	va_list ap;

	if (e == NULL)
		return E_IO;
	memcpy(old, e->msg, sizeof old);
	va_start(ap, fmt);
	vsnprintf(head, sizeof head, fmt, ap);
	va_end(ap);
	trim_tail(head, sizeof head);
	if ((size_t)snprintf(e->msg, sizeof e->msg, "%s：%s", head, old) >=
	    sizeof e->msg)
		trim_tail(e->msg, sizeof e->msg);
	return e->code;
}

static const struct {
	int num, code;
	const char *text;
} causes[] = {
	{ ENOSPC, E_FULL, "磁盘已满，请腾出空间后重试" },
	{ EDQUOT, E_FULL, "磁盘配额已满，请腾出空间后重试" },
	{ EROFS, E_IO, "磁盘是只读的，请换一个位置或解除写保护" },
	{ EACCES, E_DENIED, "没有权限，请检查文件夹的所有者" },
	{ EPERM, E_DENIED, "没有权限，请检查文件夹的所有者" },
	{ ENOENT, E_NOTFOUND, "找不到文件或文件夹" },
	{ ENOTDIR, E_NOTFOUND, "路径中有一段不是文件夹" },
	{ EISDIR, E_FORMAT, "这是文件夹，不是文件" },
	{ EEXIST, E_EXISTS, "同名文件已存在" },
	{ EIO, E_IO, "读写出错，磁盘或U盘可能已损坏或已拔出" },
	{ ENXIO, E_IO, "设备已不在，U盘可能已拔出" },
	{ ENODEV, E_IO, "设备已不在，U盘可能已拔出" },
	{ EFBIG, E_FULL, "文件超过了这个磁盘允许的大小" },
	{ ELOOP, E_DENIED, "路径是符号链接，为安全起见不跟随" },
	{ EMFILE, E_IO, "打开的文件太多" },
};

int
err_errno(struct err *e, const char *fmt, ...)
{
	int num = errno, code = E_IO;
	const char *why = strerror(num);
	char head[512];
	va_list ap;
	size_t i;

	for (i = 0; i < sizeof causes / sizeof causes[0]; i++)
		if (causes[i].num == num) {
			why = causes[i].text;
			code = causes[i].code;
		}
	va_start(ap, fmt);
	vsnprintf(head, sizeof head, fmt, ap);
	va_end(ap);
	trim_tail(head, sizeof head);
	return err_set(e, code, "%s：%s", head, why);
}
