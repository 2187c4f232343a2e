/* Small CSV files of our own (rules): UTF-8 text cut up in place, line by
 * line.  Lines that start with # and empty lines are skipped; a cell in double
 * quotes may hold commas and doubled quotes, but no line end.  (Files of
 * people are read by the importer, which forgives much more.) */
#ifndef TONGJI_CSVLINE_H
#define TONGJI_CSVLINE_H

struct csvline {
	char *next;
	int line;		/* of the last row, from 1 */
};

/* `text` is changed while it is read and must outlive the cells. */
void csvline_start(struct csvline *c, char *text);
/* The next row's cells.  Their number; 0 at the end; -1 when quotes do not
 * close or there are more than `max` cells. */
int csvline_next(struct csvline *c, char **cell, int max);

#endif
