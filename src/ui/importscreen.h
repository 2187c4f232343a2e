/* 导入名册: the file, what its columns mean, the import, and the refused rows
 * corrected on the screen. */
#ifndef TONGJI_IMPORTSCREEN_H
#define TONGJI_IMPORTSCREEN_H

void importscreen_run(void);
/* The same with the register: a township's first day. */
void importscreen_children(void);
/* Work through a file of refused rows. */
void importscreen_rejects(const char *form, const char *path);

#endif
