/* The end of every work with a stick: unmount it, and say whether it may be
 * pulled. */
#ifndef TONGJI_STICKASK_H
#define TONGJI_STICKASK_H

/* Nothing happens when `dir` is not on a stick. */
void stickask_run(const char *dir);

#endif
