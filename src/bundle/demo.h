/* A throw-away database with a believable township. */
#ifndef TONGJI_DEMO_H
#define TONGJI_DEMO_H

#include "err.h"

#define DEMO_LOGIN "demo"
#define DEMO_PASSWORD "tongji-demo"

/* Make it in the new folder `home`: data/demo/ imported with its dates moved
 * to the business day, and one user. */
int demo_make(const char *home, struct err *e) MUST_CHECK;

#endif
