/* Papers of a period and cross tables, asked for step by step and handed to
 * output.h (screen, printer, outbox, stick). */
#ifndef TONGJI_REPORTSCREEN_H
#define TONGJI_REPORTSCREEN_H

/* 月报、季报、半年报、年报: which, and of which period; then whether to keep it
 * as handed in. */
void reportscreen_run(void);
/* 统计: a ledger, a field for the rows, perhaps one for the columns. */
void reportscreen_cross(void);

#endif
