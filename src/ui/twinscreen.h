/* 可能重复: the same child in two townships, side by side for a decision. */
#ifndef TONGJI_TWINSCREEN_H
#define TONGJI_TWINSCREEN_H

void twinscreen_run(void);

#endif
