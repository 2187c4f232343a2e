/* The screens from start to end, and what all of them share. */
#ifndef TONGJI_UI_H
#define TONGJI_UI_H

#include <stdbool.h>

#include "err.h"
#include "str.h"

struct db;
struct forms;
struct form;

/* `tongji` without a command: the wizard when there is no database, then
 * login and the first screen, until the person leaves or the terminal is
 * lost.  Returns an exit status. */
int ui_run(const char *home);

/* Leave everything as F12 does and open the program anew, as after an upgrade:
 * its forms or its database were changed. */
void ui_restart(void);

/* For the screens. */
struct forms *ui_forms(void);
struct db *ui_db(void);
const char *ui_home(void);		/* the data folder */
const char *ui_place(void);		/* 悦庄镇 */
/* Is somebody logged in and the screen not locked? */
bool ui_present(void);
/* Does the session have one of these roles? */
bool ui_role(unsigned roles);
/* A form by name; an error is shown and NULL returned. */
const struct form *ui_form(const char *name);
/* The clock was found wrong and corrected by a person. */
bool ui_clock_wrong(void);

#endif
