/* A report as a workbook: a sheet a table, numbers as numbers. */
#ifndef TONGJI_BOOK_H
#define TONGJI_BOOK_H

#include "err.h"
#include "paper.h"

/* Write to `path`; E_NOTFOUND when the workbook library is not installed. */
int book_report(const struct paper *p, const char *path, struct err *e)
	MUST_CHECK;

#endif
