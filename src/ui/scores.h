/* Scores of a class in one column: digits and Enter, line after line. */
#ifndef TONGJI_SCORES_H
#define TONGJI_SCORES_H

/* Of the class `uid` (a training). */
void scores_run(const char *uid);

#endif
