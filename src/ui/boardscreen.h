/* 指标看板: every item of a scheme with its numbers on one day; Enter opens
 * the records behind a number, Enter again the record. */
#ifndef TONGJI_BOARDSCREEN_H
#define TONGJI_BOARDSCREEN_H

void boardscreen_run(const char *scheme);
/* Choose among the site's schemes (no question when there is one). */
void boardscreen_menu(void);
/* Which schemes this site is judged by. */
void boardscreen_choose(void);

#endif
