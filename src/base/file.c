/* See file.h. */
#include "file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "mem.h"

#ifndef TONGJI_SHARE
#define TONGJI_SHARE "/usr/local/share/tongji"
#endif

int
file_read(struct str *out, const char *path, size_t limit, struct err *e)
{
	struct stat st;
	ssize_t n = 0;
	int fd, rc = 0;

	str_clear(out);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return err_errno(e, "打不开 %s", path);
	if (fstat(fd, &st) < 0)
		rc = err_errno(e, "读不了 %s", path);
	else if (!S_ISREG(st.st_mode))
		rc = err_set(e, E_FORMAT, "%s 不是普通文件", path);
	else if ((unsigned long long)st.st_size > limit)
		rc = err_set(e, E_RANGE, "%s 太大（%lld 字节，上限 %zu）",
		    path, (long long)st.st_size, limit);
	while (rc == 0) {
		str_room(out, 65536);
		n = read(fd, out->buf + out->len, 65536);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		out->len += (size_t)n;
		out->buf[out->len] = '\0';
		if (out->len > limit)
			rc = err_set(e, E_RANGE, "%s 太大（上限 %zu 字节）",
			    path, limit);
	}
	if (rc == 0 && n < 0)
		rc = err_errno(e, "读不了 %s", path);
	close(fd);
	return rc;
}

int
file_write_all(int fd, const void *p, size_t len)
{
	const char *b = p;
	ssize_t n;

	while (len > 0) {
		n = write(fd, b, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return -1;
		b += n;
		len -= (size_t)n;
	}
	return 0;
}

int
file_sync_dir(const char *path, struct err *e)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), rc = 0;

	if (fd < 0)
		return err_errno(e, "打不开文件夹 %s", path);
	if (fsync(fd) < 0 && errno != EINVAL)
		rc = err_errno(e, "文件夹 %s 没有存稳", path);
	close(fd);
	return rc;
}

static int
write_temp(const char *tmp, const void *p, size_t len, unsigned mode,
    struct err *e)
{
	int fd, bad;

	unlink(tmp);
	fd = open(tmp, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
	    (mode_t)mode);
	if (fd < 0)
		return err_errno(e, "写不了 %s", tmp);
	bad = file_write_all(fd, p, len) < 0 || fsync(fd) < 0;
	if (bad)
		err_errno(e, "写不了 %s", tmp);
	if (close(fd) < 0 && !bad) {
		bad = 1;
		err_errno(e, "写不了 %s", tmp);
	}
	if (bad)
		unlink(tmp);
	return bad ? e != NULL ? e->code : E_IO : 0;
}

int
file_write(const char *path, const void *p, size_t len, unsigned mode,
    struct err *e)
{
	char *tmp = xasprintf("%s.tmp", path), *copy = xstrdup(path);
	int rc = write_temp(tmp, p, len, mode, e);

	if (rc == 0 && rename(tmp, path) < 0) {
		rc = err_errno(e, "写不了 %s", path);
		unlink(tmp);
	}
	if (rc == 0)
		rc = file_sync_dir(dirname(copy), e);
	free(tmp);
	free(copy);
	return rc;
}

bool
file_exists(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0;
}

int
file_mkdirs(const char *path, unsigned mode, struct err *e)
{
	char *copy = xstrdup(path), *p;
	int rc = 0;

	for (p = copy + 1; rc == 0; p++) {
		char c = *p;

		if (c != '/' && c != '\0')
			continue;
		*p = '\0';
		if (mkdir(copy, (mode_t)mode) < 0 && errno != EEXIST &&
		    !file_exists(copy))
			rc = err_errno(e, "建不了文件夹 %s", copy);
		*p = c;
		if (c == '\0')
			break;
	}
	if (rc == 0) {
		struct stat st;

		if (stat(path, &st) < 0 || !S_ISDIR(st.st_mode))
			rc = err_set(e, E_FORMAT, "%s 不是文件夹", path);
	}
	free(copy);
	return rc;
}

void
file_remove_tree(const char *path)
{
	DIR *d = opendir(path);
	struct dirent *x;
	struct stat st;
	char *p;

	while (d != NULL && (x = readdir(d)) != NULL) {
		if (strcmp(x->d_name, ".") == 0 || strcmp(x->d_name, "..") == 0)
			continue;
		p = xasprintf("%s/%s", path, x->d_name);
		if (lstat(p, &st) == 0 && S_ISDIR(st.st_mode))
			file_remove_tree(p);
		else
			unlink(p);
		free(p);
	}
	if (d != NULL)
		closedir(d);
	rmdir(path);
}

static char *
try_dir(const char *dir, const char *name)
{
	char *p = xasprintf("%s/%s", dir, name);
	struct stat st;

	if (stat(p, &st) == 0 && S_ISDIR(st.st_mode))
		return p;
	free(p);
	return NULL;
}

char *
file_share(const char *home, const char *name)
{
	char exe[PATH_MAX], *found = NULL, *up;
	ssize_t n;

	if (home != NULL && (found = try_dir(home, name)) != NULL)
		return found;
	n = readlink("/proc/self/exe", exe, sizeof exe - 1);
	if (n > 0) {
		exe[n] = '\0';
		up = strrchr(exe, '/');		/* the folder of the binary */
		if (up != NULL) {
			*up = '\0';
			found = try_dir(exe, name);
		}
		up = strrchr(exe, '/');		/* a build tree: one up */
		if (found == NULL && up != NULL) {
			*up = '\0';
			found = try_dir(exe, name);
			if (found == NULL) {	/* PREFIX/bin → PREFIX/share */
				char *s = xasprintf("%s/share/tongji", exe);

				found = try_dir(s, name);
				free(s);
			}
		}
	}
	return found != NULL ? found : try_dir(TONGJI_SHARE, name);
}

static const struct {
	unsigned long magic;
	const char *name;
} bad_fs[] = {
	{ 0x4d44, "FAT（U盘格式）" },
	{ 0x2011BAB0, "exFAT（U盘格式）" },
	{ 0x6969, "NFS 网络盘" },
	{ 0xFF534D42, "CIFS 网络盘" },
	{ 0xFE534D42, "SMB2 网络盘" },
	{ 0x517B, "SMB 网络盘" },
	{ 0x01021997, "9p 共享盘" },
	{ 0x65735546, "FUSE 盘" },
	{ 0x5346544e, "NTFS（Windows 格式）" },
	{ 0x7366746e, "NTFS（Windows 格式）" },
	{ 0x564c, "NCP 网络盘" },
	{ 0x5346414f, "AFS 网络盘" },
	{ 0x9660, "光盘" },
};

const char *
file_bad_fs(const char *path)
{
	char *p = xstrdup(path), *slash;
	const char *name = NULL;
	struct statfs fs;
	size_t i;

	while (statfs(*p != '\0' ? p : ".", &fs) < 0) {
		slash = strrchr(p, '/');
		if (slash == NULL || slash == p) {
			strcpy(p, slash == p && p[0] == '/' ? "/" : ".");
			if (statfs(p, &fs) < 0)
				goto out;
			break;
		}
		*slash = '\0';
	}
	for (i = 0; i < COUNT_OF(bad_fs); i++)
		if ((unsigned long)(unsigned int)fs.f_type == bad_fs[i].magic)
			name = bad_fs[i].name;
out:
	free(p);
	return name;
}
