/* 排查汇总表 on the screen: block after block, from every cell to the names,
 * this month against the last. */
#ifndef TONGJI_SURVEYSCREEN_H
#define TONGJI_SURVEYSCREEN_H

void surveyscreen_run(void);

#endif
