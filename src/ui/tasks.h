/* Longer work started from the menus: bundles, checks, copies, exports. */
#ifndef TONGJI_TASKS_H
#define TONGJI_TASKS_H

/* Ask where a file goes: a stick, or the outbox in the data folder.  Heap,
 * NULL for back. */
char *tasks_place(const char *title);

void tasks_bundle(void);	/* 做上报包 */
void tasks_verify(void);	/* 检查上报包 */
void tasks_backup(void);	/* 备份 */
void tasks_check(void);		/* 检查数据库 */
void tasks_counts(void);	/* 各台账条数 */
void tasks_recovery(void);	/* 新的恢复码 */

#endif
