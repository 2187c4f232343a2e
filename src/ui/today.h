/* F8 今日工作: what this person entered today, from the journal. */
#ifndef TONGJI_TODAY_H
#define TONGJI_TODAY_H

void today_run(void);

#endif
