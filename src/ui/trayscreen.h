/* What the county's answer left for this township: records sent back,
 * corrections, changes on both sides, children to claim, look-alikes. */
#ifndef TONGJI_TRAYSCREEN_H
#define TONGJI_TRAYSCREEN_H

void trayscreen_run(void);

#endif
