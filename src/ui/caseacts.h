/* What can be done with a case and a referral beside filling them in: the
 * printed pages, the case's course, a reminder. */
#ifndef TONGJI_CASEACTS_H
#define TONGJI_CASEACTS_H

/* A new case from the counter or the telephone; when it is saved its page
 * opens, with the receipt. */
void caseacts_intake(void);
/* 受理回执 for who came. */
void caseacts_receipt(const char *uid);
/* Everything that happened, in order. */
void caseacts_timeline(const char *uid);
/* 不予确认告知书: the county's refusal and why, for the applicant. */
void caseacts_refusal(const char *uid);
/* 书面报告 of a mandatory report, for 县民政 and the police; its day is
 * written down if it is wanted. */
void caseacts_report(const char *uid);
/* 转办单 to the department. */
void caseacts_referral(const char *uid);
/* Counts one more reminder, if it is wanted, and prints 催办单. */
void caseacts_remind(const char *uid);

#endif
