/* The wrong-clock question: dead CMOS batteries are common, and a wrong date
 * must neither stop the work nor slip into the records. */
#ifndef TONGJI_CLOCK_H
#define TONGJI_CLOCK_H

#include <stdbool.h>

/* Before anyone logs in: remember the last day the journal knows, and take
 * over an offset that was given before, if the clock is still as wrong. */
void clock_look(void);
/* After login: ask what day it is when the clock is earlier than the journal
 * or the program, or more than 30 days ahead of the journal. */
void clock_ask(void);
/* Is an offset in use? */
bool clock_wrong(void);

#endif
