/* A file to read: those in 收件箱 and on the sticks (and their folders, two
 * deep), or a place that is typed. */
#ifndef TONGJI_FILEPICK_H
#define TONGJI_FILEPICK_H

enum filepick {
	FILEPICK_TABLE, FILEPICK_EVIDENCE,
	FILEPICK_COUNTY_KEY, FILEPICK_ENROL, FILEPICK_BUNDLE
};

/* Heap path, NULL for back. */
char *filepick_run(const char *title, enum filepick kind);
/* The only such file there is; heap, or NULL. */
char *filepick_only(enum filepick kind);

#endif
