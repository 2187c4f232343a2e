/* 待审核: townships' records one after the other, 已审 or 退回 with a reason,
 * and 更正建议 that travel with the next receipt. */
#ifndef TONGJI_REVIEWSCREEN_H
#define TONGJI_REVIEWSCREEN_H

/* Of one township (its code), or of all with NULL. */
void reviewscreen_site(const char *site);
void reviewscreen_run(void);

#endif
