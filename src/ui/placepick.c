/* See placepick.h. */
#include "placepick.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "file.h"
#include "mem.h"
#include "picker.h"
#include "stickfind.h"
#include "ui.h"

enum { PLACES_MAX = 20, PATH_LONGEST = 200 };

struct place {
	char *path, *words;
	int n;
};

struct places {
	struct place v[PLACES_MAX];
	size_t n;
	const char *what;
	char *typed;		/* an absolute path, or NULL */
};

static void
add(struct places *p, char *path, char *words, int n)
{
	if (p->n < PLACES_MAX) {
		p->v[p->n++] = (struct place){ path, words, n };
	} else {
		free(path);
		free(words);
	}
}

static int
by_count(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	return (y->n > 0) - (x->n > 0);
}

static void
gather(struct places *p, int (*holds)(const char *dir))
{
	struct stick_list l = { 0 };
	struct err e = ERR_INIT;
	char *in = xasprintf("%s/收件箱", ui_home());
	size_t i;

	if (stick_find(&l, NULL, NULL, &e) < 0)
		screen_say_err(&e);
	for (i = 0; i < l.n; i++)
		add(p, xstrdup(l.v[i].path), xasprintf("U盘 %s%s",
		    l.v[i].path, l.v[i].readonly ? "（只读）" : ""),
		    holds(l.v[i].path));
	stick_list_done(&l);
	if (file_mkdirs(in, 0700, &e) < 0)
		screen_say_err(&e);
	add(p, in, xstrdup("收件箱（用 WinSCP 放进来的）"), holds(in));
	qsort(p->v, p->n, sizeof *p->v, by_count);
}

void
placepick_where(const char *dir, struct str *out)
{
	char *real = realpath(dir, NULL);

	str_addf(out, "  %s", real != NULL ? real : dir);
	free(real);
}

static size_t
load(void *arg, const char *typed)
{
	struct places *p = arg;

	free(p->typed);
	p->typed = *typed == '/' ? xstrdup(typed) : NULL;
	return p->typed != NULL ? 1 : p->n;
}

static void
line(void *arg, size_t i, struct str *out)
{
	struct places *p = arg;

	if (p->typed != NULL) {
		str_add(out, p->typed);
		return;
	}
	str_add(out, p->v[i].words);
	if (p->v[i].n > 0)
		str_addf(out, "  有 %d 个%s", p->v[i].n, p->what);
	else
		str_addf(out, "  没有%s", p->what);
	if (str_starts(p->v[i].path, ui_home()))
		placepick_where(p->v[i].path, out);
}

char *
placepick_run(const char *title, const char *what,
    int (*holds)(const char *dir))
{
	struct places p = { .what = what };
	struct pick k = { .title = title, .arg = &p, .load = load, .row = line,
	    .digits = true, .hint = "也可以打文件夹的完整位置，如 /media/usb" };
	struct stat st;
	char *path = NULL;
	long i;

	gather(&p, holds);
	pick_init(&k);
	k.filter.max = PATH_LONGEST;
	i = pick_run(&k);
	pick_done(&k);
	if (i >= 0)
		path = xstrdup(p.typed != NULL ? p.typed : p.v[i].path);
	if (path != NULL && (stat(path, &st) < 0 || !S_ISDIR(st.st_mode))) {
		screen_say("没有这个文件夹：%s", path);
		free(path);
		path = NULL;
	}
	while (p.n-- > 0) {
		free(p.v[p.n].path);
		free(p.v[p.n].words);
	}
	free(p.typed);
	return path;
}
