/* Who is there: login, the idle lock, and the day it is. */
#ifndef TONGJI_LOGIN_H
#define TONGJI_LOGIN_H

#include <stdbool.h>

/* Ask for name and password until a session is open.  False: leave. */
bool login_run(void);
/* Blank the screen until the same person gives the password, or F12. */
void login_lock(void);
/* Ask the person at the keyboard for the present password. */
bool login_confirm(const char *title);
/* Twice a new password; heap (the caller wipes and frees it), NULL if not. */
char *login_new_password(const char *title, const char *login);

#endif
