/* A file to read: those in 收件箱 and on the sticks (and their folders, two
 * deep), or a place that is typed. */
#ifndef TONGJI_FILEPICK_H
#define TONGJI_FILEPICK_H

enum filepick { FILEPICK_TABLE, FILEPICK_EVIDENCE };

/* Heap path, NULL for back. */
char *filepick_run(const char *title, enum filepick kind);

#endif
