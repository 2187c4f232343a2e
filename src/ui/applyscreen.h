/* 用县回执: the county's answer taken from a stick. */
#ifndef TONGJI_APPLYSCREEN_H
#define TONGJI_APPLYSCREEN_H

void applyscreen_run(void);

#endif
