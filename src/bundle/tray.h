/* What a county's answer leaves for a person of the township to decide: one
 * row each of 两边都改过 (conflict), 更正建议 (proposal), 可能重复 (duplicate),
 * 转入待接收 (transfer). */
#ifndef TONGJI_TRAY_H
#define TONGJI_TRAY_H

#include <stdbool.h>
#include <stdint.h>

#include "err.h"
#include "model.h"

struct tray_item {
	int64_t id;
	char *kind, *form, *uid, *field;	/* heap; field may be NULL */
	char *theirs;	/* proposal: the value; conflict: the row's line;
			 * transfer: the package */
	char *note;	/* a sentence, or NULL */
	char *at;
	bool hidden;	/* not for this session: no field, value or note */
};
#define TRAY_HIDDEN "限专办人员办理"
const char *tray_kind(const char *kind);	/* the Chinese word */

/* Add once: the same (kind, uid, mark) is never added again, decided or not.
 * 1: added; 0: was there. */
int tray_add(struct forms *fs, const char *kind, const char *form,
    const char *uid, const char *mark, const char *field, const char *theirs,
    const char *note, struct err *e) MUST_CHECK;

/* The open items, oldest first; heap array. */
int tray_list(struct forms *fs, struct tray_item **out, size_t *n,
    struct err *e) MUST_CHECK;
void tray_list_free(struct tray_item *v, size_t n);

/* Decide: take the county's value or image (`theirs`), or keep ours.  Of a
 * conflict either way makes a new version that knows the other one, so that
 * the next bundle settles it.  A duplicate is only marked as seen.  E_DENIED
 * for what is hidden from the session. */
int tray_decide(struct forms *fs, int64_t id, bool theirs, struct err *e)
	MUST_CHECK;

/* The fields in which a conflict's image differs from the present row, one a
 * line: 「监护人：张三 / 李四」 (ours / theirs). */
int tray_differences(struct forms *fs, const struct tray_item *t,
    struct str *out, struct err *e) MUST_CHECK;

#endif
