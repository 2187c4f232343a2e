/* Boxes for questions, pickers and help.  ASCII only: line drawing characters
 * are ambiguous in width (PITFALLS 4). */
#include <string.h>

#include "box.h"
#include "cut.h"
#include "draw.h"
#include "str.h"
#include "width.h"

void
box_centre(int rows, int cols, int *y, int *x)
{
	*y = (draw_rows() - rows) / 2;
	*x = (draw_cols() - cols) / 2;
	if (*y < 0)
		*y = 0;
	if (*x < 0)
		*x = 0;
}

static void
border(int y, int x, int cols)
{
	draw_rule(y, x, cols, '-');
	draw_text(y, x, 1, "+", D_PLAIN);
	draw_text(y, x + cols - 1, 1, "+", D_PLAIN);
}

void
box_draw(int y, int x, int rows, int cols, const char *title)
{
	struct str t = STR_INIT;
	int i, w;

	border(y, x, cols);
	for (i = 1; i < rows - 1; i++) {
		draw_text(y + i, x, cols, "|", D_PLAIN);
		draw_text(y + i, x + cols - 1, 1, "|", D_PLAIN);
	}
	border(y + rows - 1, x, cols);
	if (title != NULL && *title != '\0') {
		str_addf(&t, " %s ", title);
		w = width_str(t.buf);
		draw_text(y, x + 2, w < cols - 4 ? w : cols - 4, t.buf,
		    D_REVERSE);
	}
	str_done(&t);
}

int
box_text(int y, int x, int rows, int cols, const char *text)
{
	size_t at, next, end;
	int n = 0;

	for (at = 0; at != CUT_END && n < rows; at = next, n++) {
		next = cut_line(text, at, cols, &end);
		draw_span(y + n, x, cols, text + at, end - at, D_PLAIN);
	}
	return n;
}
