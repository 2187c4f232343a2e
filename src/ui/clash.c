/* See clash.h.  Nothing is chosen for the person: there is no default that
 * would lose someone's words by Enter alone. */
#include <stdlib.h>

#include "ask.h"
#include "clash.h"
#include "str.h"
#include "type.h"

static void
add_value(const struct record *r, const struct clash *c, const char *word,
    const char *value, struct str *out)
{
	str_addf(out, "%s：", word);
	if (str_blank(value))
		str_add(out, "（空）");
	else
		type_show(r->fs, c->field, value, false, out);
	str_add(out, "\n");
}

bool
clash_ask(const struct record *r, const struct clashes *c, bool *keep_mine)
{
	static const struct ask_item items[] = {
		{ 'b', "先不存，回去看看" },
		{ 't', "用对方的" },
		{ 'm', "用我的" }
	};
	struct str text = STR_INIT;
	size_t i;
	int choice = 0;

	for (i = 0; i < c->n; i++) {
		str_clear(&text);
		str_addf(&text, "%s 在 %s 存了这一条，“%s”两边都改过（%zu/%zu）"
		    "\n\n", c->who, c->when, c->row[i].field->label, i + 1,
		    c->n);
		add_value(r, &c->row[i], "原来", c->row[i].base, &text);
		add_value(r, &c->row[i], "对方", c->row[i].theirs, &text);
		add_value(r, &c->row[i], "我的", c->row[i].mine, &text);
		choice = ask_items("两边都改过", text.buf, items, 3, 0);
		if (choice <= 0)
			break;
		keep_mine[i] = choice == 2;
	}
	str_done(&text);
	return c->n == 0 || choice > 0;
}
