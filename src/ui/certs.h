/* Certificates of a class: number them, print, print again, revoke;
 * attestations of a township's class.  And the class's sheets. */
#ifndef TONGJI_CERTS_H
#define TONGJI_CERTS_H

/* Of the class `uid` (a training). */
void certs_run(const char *uid);
/* Blank sign-in sheet, filled sheet, results. */
void certs_sheets(const char *uid);
/* Asks whose training record to show or print. */
void certs_record(void);

#endif
