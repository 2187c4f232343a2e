/* 下发资料 on the screen: the county publishes its forms and policy data and
 * sees who uses which; a township is asked when a receipt brings a new one. */
#ifndef TONGJI_EDITIONSCREEN_H
#define TONGJI_EDITIONSCREEN_H

/* The county's list of townships and their editions. */
void editionscreen_run(void);
/* The edition that the receipt at `path` brings, if it is a newer one: shown,
 * asked, taken; then the program opens anew. */
void editionscreen_offer(const char *path);

#endif
