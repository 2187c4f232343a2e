/* 各乡镇上报情况: who has reported, who has not, what waits for whom. */
#ifndef TONGJI_SITESCREEN_H
#define TONGJI_SITESCREEN_H

void sitescreen_run(void);
/* 待核对和冲突: records set aside or changed on two sides. */
void sitescreen_matters(void);

#endif
