/* 强制报告 from anywhere (F9): what to do first, then the situation; the
 * report is saved with the situation and the time before anything else is
 * asked, and the entry screen opens on it.
 *
 * Bases of the thirteen situations: 侵害未成年人案件强制报告制度的意见（2020）
 * art. 4 (nine), 国发〔2016〕13号、36号 (three), 反家庭暴力法 art. 14. */
#ifndef TONGJI_URGENT_H
#define TONGJI_URGENT_H

/* Whatever was being entered stays as a draft beneath.  Does nothing while it
 * is on the screen already. */
void urgent_run(void);

#endif
