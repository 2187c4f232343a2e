/* See stickfind.h. */
#include "stickfind.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>

#include "mem.h"
#include "str.h"

/* One line of mountinfo (proc(5)):
 *	36 35 98:0 /root /mnt rw,noatime master:1 - ext3 /dev/sda1 rw */
struct mount {
	char *number, *root, *path, *options, *fs, *device;
};

/* The next word of a line, NUL-terminated in place; NULL at the end. */
static char *
word(char **at)
{
	char *p = *at + strspn(*at, " ");

	if (*p == '\0' || *p == '\n')
		return NULL;
	*at = p + strcspn(p, " \n");
	if (**at != '\0')
		*(*at)++ = '\0';
	return p;
}

/* "\040" stands for a blank, in octal. */
static void
unescape(char *s)
{
	char *to = s;

	while (*s != '\0') {
		if (s[0] == '\\' && s[1] >= '0' && s[1] <= '3' &&
		    s[2] >= '0' && s[2] <= '7' && s[3] >= '0' &&
		    s[3] <= '7') {
			*to++ = (char)((s[1] - '0') << 6 | (s[2] - '0') << 3 |
			    (s[3] - '0'));
			s += 4;
		} else {
			*to++ = *s++;
		}
	}
	*to = '\0';
}

static bool
parse_mount(struct mount *m, char *line)
{
	char *at = line, *w;

	if (word(&at) == NULL || word(&at) == NULL)
		return false;
	m->number = word(&at);
	m->root = word(&at);
	m->path = word(&at);
	m->options = word(&at);
	while ((w = word(&at)) != NULL && strcmp(w, "-") != 0)
		;
	m->fs = word(&at);
	m->device = word(&at);
	if (m->device == NULL)
		return false;
	unescape(m->root);
	unescape(m->path);
	unescape(m->device);
	return true;
}

/* Does the file `dir`/`name` hold "1"? */
static bool
holds_one(const char *dir, const char *name)
{
	char *path = xasprintf("%s/%s", dir, name);
	FILE *f = fopen(path, "re");
	int c = f == NULL ? EOF : fgetc(f);

	if (f != NULL)
		fclose(f);
	free(path);
	return c == '1';
}

/* A USB hard disk says removable=0, a card reader inside the machine has no
 * "/usb": either sign will do. */
static bool
is_removable(const char *sys, const char *number)
{
	char *link, *real;
	bool yes;

	if (number[strspn(number, "0123456789:")] != '\0')
		return false;
	link = xasprintf("%s/dev/block/%s", sys, number);
	real = realpath(link, NULL);
	free(link);
	if (real == NULL)
		return false;
	yes = strstr(real, "/usb") != NULL || holds_one(real, "removable") ||
	    holds_one(real, "../removable");
	free(real);
	return yes;
}

/* The machine's own places are no sticks, even if it was started from one. */
static bool
is_own_place(const char *path)
{
	static const char *const own[] = { "/", "/boot", "/boot/efi", "/home",
	    "/usr", "/var", "/opt", "/srv" };
	size_t i;

	for (i = 0; i < COUNT_OF(own); i++)
		if (strcmp(path, own[i]) == 0)
			return true;
	return false;
}

static bool
has_option(const char *options, const char *want)
{
	size_t n = strlen(want);

	for (; options != NULL; options = strchr(options, ',')) {
		options += *options == ',';
		if (strncmp(options, want, n) == 0 &&
		    (options[n] == ',' || options[n] == '\0'))
			return true;
	}
	return false;
}

static void
add_place(struct stick_list *l, const struct mount *m)
{
	struct stick_place *p;
	struct statvfs vfs;
	size_t i;

	for (i = 0; i < l->n; i++)		/* mounted a second time */
		if (strcmp(l->v[i].device, m->device) == 0)
			return;
	l->v = mem_grow(l->v, l->n, &l->cap, sizeof *l->v);
	p = &l->v[l->n++];
	memset(p, 0, sizeof *p);
	p->path = xstrdup(m->path);
	p->device = xstrdup(m->device);
	snprintf(p->fs, sizeof p->fs, "%s", m->fs);
	p->readonly = has_option(m->options, "ro");
	if (statvfs(m->path, &vfs) == 0) {
		p->size = (uint64_t)vfs.f_blocks * (uint64_t)vfs.f_frsize;
		p->room = (uint64_t)vfs.f_bavail * (uint64_t)vfs.f_frsize;
		p->readonly |= (vfs.f_flag & ST_RDONLY) != 0;
	}
}

/* Where to look: as given, as a test says, or in the system. */
static const char *
place(const char *given, const char *variable, const char *usual)
{
	const char *said = getenv(variable);

	return given != NULL ? given : !str_blank(said) ? said : usual;
}

static FILE *
open_mounts(const char *mountinfo)
{
	return fopen(place(mountinfo, "TONGJI_MOUNTINFO",
	    "/proc/self/mountinfo"), "re");
}

bool
stick_mounted(const char *device, const char *mountinfo)
{
	FILE *f = open_mounts(mountinfo);
	struct mount m;
	char *line = NULL;
	size_t cap = 0;
	bool yes = f == NULL;

	while (f != NULL && getline(&line, &cap, f) >= 0)
		yes |= parse_mount(&m, line) && strcmp(m.device, device) == 0;
	free(line);
	if (f != NULL)
		fclose(f);
	return yes;
}

int
stick_find(struct stick_list *l, const char *mountinfo, const char *sys,
    struct err *e)
{
	FILE *f = open_mounts(mountinfo);
	struct mount m;
	char *line = NULL;
	size_t cap = 0;

	if (f == NULL) {
		err_errno(e, "查不到接了哪些磁盘");
		return err_set(e, E_IO, "%s", e == NULL ? "" : e->msg);
	}
	while (getline(&line, &cap, f) >= 0)
		if (parse_mount(&m, line) && strcmp(m.root, "/") == 0 &&
		    !is_own_place(m.path) &&
		    is_removable(place(sys, "TONGJI_SYS", "/sys"), m.number))
			add_place(l, &m);
	free(line);
	fclose(f);
	return 0;
}

void
stick_list_done(struct stick_list *l)
{
	size_t i;

	for (i = 0; i < l->n; i++) {
		free(l->v[i].path);
		free(l->v[i].device);
	}
	free(l->v);
	*l = (struct stick_list){ NULL, 0, 0 };
}
