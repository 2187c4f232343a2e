/* 收上报包: what townships brought, judged, merged and answered. */
#ifndef TONGJI_RECEIVESCREEN_H
#define TONGJI_RECEIVESCREEN_H

void receivescreen_run(void);

#endif
