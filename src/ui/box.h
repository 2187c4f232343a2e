/* A box over the screen: ASCII border, a title, lines of text. */
#ifndef TONGJI_BOX_H
#define TONGJI_BOX_H

/* Blank an area and draw its border: `rows` and `cols` include it. */
void box_draw(int y, int x, int rows, int cols, const char *title);
/* Centre a box of that size; *y and *x become its corner. */
void box_centre(int rows, int cols, int *y, int *x);
/* Wrapped text inside; returns the lines used, at most `rows`. */
int box_text(int y, int x, int rows, int cols, const char *text);

#endif
