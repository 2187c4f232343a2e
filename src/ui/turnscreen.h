/* 换届: every village with its director; Enter on a village changes it. */
#ifndef TONGJI_TURNSCREEN_H
#define TONGJI_TURNSCREEN_H

void turnscreen_run(void);

#endif
