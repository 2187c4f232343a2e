/* F1: the text of the screen or field, then its keys, printed from the same
 * rows that run them. */
#ifndef TONGJI_HELP_H
#define TONGJI_HELP_H

struct screen;

void help_run(struct screen *s);
/* A text to read, page by page (also used for logs and lists to print). */
void help_text(const char *title, const char *text);

#endif
