/* 转出转入: children that left a township; the county names where they may be
 * claimed. */
#ifndef TONGJI_MOVEDESK_H
#define TONGJI_MOVEDESK_H

void movedesk_run(void);

#endif
