/* 系统设置. */
#ifndef TONGJI_SETTINGS_H
#define TONGJI_SETTINGS_H

void settings_run(void);

/* users.c */
void users_run(void);
void users_own_password(void);

#endif
