/* A table to read: those in 收件箱 and on the sticks, or a place that is
 * typed. */
#ifndef TONGJI_FILEPICK_H
#define TONGJI_FILEPICK_H

/* Heap path, NULL for back. */
char *filepick_run(const char *title);

#endif
