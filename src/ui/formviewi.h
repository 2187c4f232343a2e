/* What the files of the entry screen share (formview, formdraw, formlay,
 * formkeys).  Not for others. */
#ifndef TONGJI_FORMVIEWI_H
#define TONGJI_FORMVIEWI_H

#include <stdint.h>

#include "edit.h"
#include "formview.h"
#include "screen.h"

/* Where a field of the present page is drawn; `y` counts from the page's
 * first line and may be scrolled out of sight. */
struct slot {
	const struct field *f;
	int y, x, label, cols, rows;
};

struct formview {
	struct screen base;
	struct record *r;
	const struct form *form;
	struct form_want want;
	char *title;
	bool readonly;		/* this session may only look */
	bool masked;		/* numbers hidden until F6 */
	bool hint;		/* the person has been here for a moment */
	bool tried;		/* F2 was pressed: show every finding */
	bool *touched;		/* per field: left once with a new value */
	char **refused;		/* per field: why the typed text was refused */
	const struct field *at;	/* NULL when a page has no field to type in */
	int page;
	struct edit edit;	/* the text of `at`, when it is typed */
	int64_t drafted;	/* when the last draft was written, ms */
	/* layout of the page, made when drawing */
	struct slot *slot;
	int nslot, height, top;
};

enum { NOTE_ROWS = 3, FORM_TOP = 2 };

/* formlay.c */
bool form_visible(const struct formview *fv, const struct field *f);
/* Can the cursor stand there? */
bool form_enterable(const struct formview *fv, const struct field *f);
/* Is its text typed in place (not chosen from a list)? */
bool form_is_text(const struct field *f);
bool form_page_shown(const struct formview *fv, int page);
void form_layout(struct formview *fv, int cols);
const struct slot *form_slot(const struct formview *fv, const struct field *f);

/* formdraw.c */
void form_draw(struct screen *s);
void form_help(struct screen *s, struct str *out);
/* The finding to show at a field, NULL if none. */
const struct finding *form_finding(const struct formview *fv,
    const struct field *f);

/* formview.c */
void form_go(struct formview *fv, const struct field *f);
/* The enterable field before/after `f` on any page, NULL at the ends. */
const struct field *form_next(const struct formview *fv,
    const struct field *f);
const struct field *form_prev(const struct formview *fv,
    const struct field *f);
/* Take what was typed into the record; 0, or negative when it was refused (the
 * cursor stays), 1 when it was taken but breaks a check just now. */
int form_commit(struct formview *fv);
/* After a value changed by choosing: check, draft. */
int form_changed(struct formview *fv, const struct field *f);
void form_draft(struct formview *fv);
bool form_dirty(const struct formview *fv);

/* formsave.c */
void form_save(struct screen *s);
void form_leave(struct screen *s);
/* Leave without saving or asking: the record turned out to exist. */
void form_drop(struct formview *fv);
void form_same(struct screen *s);

/* formkeys.c */
extern const struct screen_ops form_ops;

#endif
