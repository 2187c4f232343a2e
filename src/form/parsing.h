/* What the files that parse a form share: parse.c (sections, groups),
 * parse_form.c ([form]), parse_field.c and parse_type.c (fields),
 * parse_flow.c (workflow). */
#ifndef TONGJI_PARSING_H
#define TONGJI_PARSING_H

#include "ini.h"
#include "model.h"

struct parsing {
	struct ini ini;
	struct arena *arena;
	struct messages *ms;
	struct form *form;
	size_t field_cap, page_cap;
};

/* A message at a property's value, or at a section's name. */
void parse_at(struct parsing *p, enum msg id, const struct ini_property *pr,
    const char *a, const char *b, const char *c);
void parse_at_section(struct parsing *p, enum msg id,
    const struct ini_section *s, const char *a, const char *b, const char *c);
/* An unknown property: says which is near among `known`. */
void parse_unknown(struct parsing *p, const struct ini_section *s,
    const struct ini_property *pr, const char *const *known);
/* False (with a message) if the key stood before in this section. */
bool parse_once(struct parsing *p, const struct ini_section *s, size_t i);

/* Take over an expression after a first look (token.h). */
void parse_expr(struct parsing *p, const struct ini_property *pr,
    struct expr *out);
/* The part of a raw value from byte `from` on. */
void parse_expr_from(struct parsing *p, const struct ini_property *pr,
    size_t from, struct expr *out);

/* Words separated by blanks, NULL-terminated, in the arena. */
const char **parse_words(struct parsing *p, const char *text, size_t *n);
/* [a-z][a-z0-9_]*, at most 40 letters. */
bool parse_is_name(const char *word);

/* The property or section of that name, or NULL. */
const struct ini_property *parse_property(const struct ini_section *s,
    const char *key);
struct ini_section *parse_section(struct parsing *p, const char *name);

/* [form] itself; then: is the file called after the form? */
void parse_form(struct parsing *p, const struct ini_section *s);
void parse_file_name(struct parsing *p, const struct ini_section *s);
/* A ref column for each parent that the file does not describe itself. */
void parse_refs(struct parsing *p);
/* `list`, `key`, `find` of [form]: words into field indexes. */
void parse_named(struct parsing *p, const struct ini_section *s,
    const char *key, int **out, size_t *n);

/* One [field] section, appended to the form. */
void parse_field(struct parsing *p, const struct ini_section *s);
/* The `type` line. */
void parse_type(struct parsing *p, const struct ini_property *pr,
    struct field *f);
void parse_workflow(struct parsing *p, const struct ini_section *s);
void parse_move(struct parsing *p, const struct ini_section *s,
    const char *name);
bool parse_is_parent(const struct form *f, const char *name);
/* A new last page. */
struct page *parse_page(struct parsing *p);
/* The next field, zeroed; its index and form set. */
struct field *parse_new_field(struct parsing *p);

#endif
