/* See scale.h. */
#include "scale.h"

#include <stdlib.h>
#include <string.h>

#include "csvline.h"
#include "file.h"
#include "mem.h"
#include "str.h"

enum { SCALE_LIMIT = 65536, CELLS = 8 };

static int
wrong(const char *name, int line, const char *what, struct err *e)
{
	return err_set(e, E_FORMAT, "scales/%s.csv:%d: %s", name, line, what);
}

static int
add_item(struct scale *s, char **cell, const char *name, int line,
    struct err *e)
{
	struct scale_item *it = &s->item[s->nitems];
	size_t i;

	if (s->nitems == SCALE_ITEMS)
		return wrong(name, line, "项目太多", e);
	*it = (struct scale_item){ cell[1], cell[2], atoi(cell[3]),
	    atoi(cell[4]) };
	if (it->name[0] == '\0' || it->label[0] == '\0' || it->min < 0 ||
	    it->max > 9 || it->min >= it->max)
		return wrong(name, line, "项目要有名字、文字和 0 到 9 的分值", e);
	for (i = 0; i < s->nitems; i++)
		if (strcmp(s->item[i].name, it->name) == 0)
			return wrong(name, line, "项目的名字重复", e);
	s->nitems++;
	return 0;
}

static int
add_level(struct scale *s, char **cell, bool veto, const char *name, int line,
    struct err *e)
{
	size_t *n = veto ? &s->nvetoes : &s->nlevels, i;
	struct scale_level *l = veto ? &s->veto[*n] : &s->level[*n];

	if (*n == SCALE_LEVELS)
		return wrong(name, line, "等级太多", e);
	*l = (struct scale_level){ veto ? cell[1] : NULL, cell[2],
	    atoi(cell[3]), atoi(cell[4]), cell[5], cell[6], cell[7] };
	for (i = 0; veto && i < s->nitems; i++)
		if (strcmp(s->item[i].name, l->item) == 0)
			break;
	if (veto && i == s->nitems)
		return wrong(name, line, "veto 说的项目不在上面", e);
	if (l->level[0] == '\0')
		return wrong(name, line, "没有写等级", e);
	++*n;
	return 0;
}

/* The levels must cover every sum, each once. */
static int
check_levels(const struct scale *s, const char *name, int line, struct err *e)
{
	int low = 0, high = 0;
	size_t i;

	for (i = 0; i < s->nitems; i++) {
		low += s->item[i].min;
		high += s->item[i].max;
	}
	for (i = 0; i < s->nlevels; i++) {
		if (s->level[i].min != low || s->level[i].max < low)
			return wrong(name, line, "等级的分数没有接上", e);
		low = s->level[i].max + 1;
	}
	if (s->nitems == 0 || low != high + 1)
		return wrong(name, line, "等级没有盖住全部总分", e);
	return 0;
}

static int
read_rows(struct scale *s, const char *name, struct err *e)
{
	char *cell[CELLS];
	struct csvline c;
	int n, rc = 0;
	bool head = true;

	csvline_start(&c, s->text);
	while (rc == 0 && (n = csvline_next(&c, cell, CELLS)) != 0) {
		if (n != CELLS)
			return wrong(name, c.line, "每行应有八格", e);
		if (head)
			head = false;
		else if (strcmp(cell[0], "item") == 0)
			rc = add_item(s, cell, name, c.line, e);
		else if (strcmp(cell[0], "level") == 0)
			rc = add_level(s, cell, false, name, c.line, e);
		else if (strcmp(cell[0], "veto") == 0)
			rc = add_level(s, cell, true, name, c.line, e);
		else
			rc = wrong(name, c.line, "第一格应是 item、level 或 veto",
			    e);
	}
	return rc == 0 ? check_levels(s, name, c.line, e) : rc;
}

/* `# 名称：…` */
static char *
title_of(const char *text, const char *name)
{
	static const char mark[] = "# 名称：";
	const char *p = strstr(text, mark);

	if (p == NULL)
		return xstrdup(name);
	p += strlen(mark);
	return xstrndup(p, strcspn(p, "\r\n"));
}

int
scale_load(struct scale *s, const char *data, const char *name, struct err *e)
{
	char *path = xasprintf("%s/scales/%s.csv", data, name);
	struct str text = STR_INIT;
	int rc = file_read(&text, path, SCALE_LIMIT, e);

	memset(s, 0, sizeof *s);
	free(path);
	if (rc < 0) {
		str_done(&text);
		return rc;
	}
	s->title = title_of(text.buf, name);
	s->text = str_take(&text);
	rc = read_rows(s, name, e);
	if (rc < 0)
		scale_done(s);
	return rc;
}

void
scale_done(struct scale *s)
{
	free(s->text);
	free(s->title);
	memset(s, 0, sizeof *s);
}

/* Place in the order of levels, worst last. */
static size_t
rank(const struct scale *s, const struct scale_level *l)
{
	size_t i;

	for (i = s->nlevels; i-- > 0; )
		if (strcmp(s->level[i].level, l->level) == 0 &&
		    strcmp(s->level[i].level4, l->level4) == 0)
			return i;
	return s->nlevels - 1;
}

const struct scale_level *
scale_judge(const struct scale *s, const int *score, int *sum,
    const char **why)
{
	const struct scale_level *best = NULL;
	size_t i, k;
	bool open = false;

	*sum = 0;
	*why = NULL;
	for (i = 0; i < s->nitems; i++) {
		open |= score[i] < 0;
		*sum += score[i] < 0 ? 0 : score[i];
	}
	if (open)
		return NULL;
	for (i = 0; i < s->nlevels; i++)
		if (*sum >= s->level[i].min && *sum <= s->level[i].max)
			best = &s->level[i];
	for (k = 0; best != NULL && k < s->nvetoes; k++)
		for (i = 0; i < s->nitems; i++)
			if (strcmp(s->item[i].name, s->veto[k].item) == 0 &&
			    score[i] >= s->veto[k].min &&
			    rank(s, &s->veto[k]) > rank(s, best)) {
				best = &s->veto[k];
				*why = best->label;
			}
	return best;
}
