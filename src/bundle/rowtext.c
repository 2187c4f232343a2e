/* See rowtext.h. */
#include "rowtext.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "rowscan.h"
#include "rowshape.h"

enum { VALUES = 32 };		/* of most rows: room at once */

void
rowtext_add_sup(struct rowtext *t, const char *rv)
{
	t->sup = mem_grow(t->sup, t->nsup, &t->sup_cap, sizeof *t->sup);
	t->sup[t->nsup++] = rv;
}

void
rowtext_add_value(struct rowtext *t, const char *name, const char *text)
{
	if (t->v_cap == 0) {
		t->v_cap = VALUES;
		t->v = xcalloc(VALUES, sizeof *t->v);
	}
	t->v = mem_grow(t->v, t->nv, &t->v_cap, sizeof *t->v);
	t->v[t->nv++] = (struct rowtext_value){ name, text };
}

static const char *
text_of(json_t *root, const char *name)
{
	return json_string_value(json_object_get(root, name));
}

static void
take_pair(json_t *root, const char *name, const char *out[2])
{
	json_t *pair = json_object_get(root, name);

	out[0] = json_string_value(json_array_get(pair, 0));
	out[1] = json_string_value(json_array_get(pair, 1));
}

/* Of an object of the right shape. */
static void
take(struct rowtext *t, json_t *root)
{
	json_t *one;
	const char *name;
	size_t i;

	t->form = text_of(root, "form");
	t->uid = text_of(root, "uid");
	t->rv = text_of(root, "rv");
	t->site = text_of(root, "site");
	t->state = text_of(root, "state");
	t->deleted = json_is_true(json_object_get(root, "deleted"));
	take_pair(root, "created", t->created);
	take_pair(root, "updated", t->updated);
	json_array_foreach(json_object_get(root, "sup"), i, one)
		if (json_is_string(one))
			rowtext_add_sup(t, json_string_value(one));
	json_object_foreach(json_object_get(root, "v"), name, one)
		rowtext_add_value(t, name, json_string_value(one));
}

int
rowtext_read(struct rowtext *t, const char *line, size_t len, struct err *e)
{
	json_t *root;

	memset(t, 0, sizeof *t);
	if (rowscan_take(t, line, len))
		return 0;
	rowtext_done(t);
	root = json_loadb(line, len, JSON_REJECT_DUPLICATES, NULL);
	t->json = root;
	if (!json_is_object(root) || !rows_shape(root)) {
		rowtext_done(t);
		return err_set(e, E_FORMAT, "有一条记录不是正确的格式");
	}
	take(t, root);
	return 0;
}

void
rowtext_done(struct rowtext *t)
{
	json_decref(t->json);
	free(t->copy);
	free(t->sup);
	free(t->v);
	memset(t, 0, sizeof *t);
}
