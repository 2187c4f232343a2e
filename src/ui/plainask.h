/* A file with names that leaves on a stick without encryption: only after a
 * word was typed, and with an entry in the journal. */
#ifndef TONGJI_PLAINASK_H
#define TONGJI_PLAINASK_H

/* tasks_place() for a file `what` that holds names.  Heap, NULL for back. */
char *plainask_place(const char *title, const char *what);

#endif
