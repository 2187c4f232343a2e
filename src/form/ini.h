/* The outer shape of a .form file: sections and properties with their places.
 * What the names mean is parse.c's business.
 *
 * A line that starts with a blank continues the value above.  A comment is a
 * line whose first character is `;` or `#`, or the rest of a line after a `;`
 * that stands at its start or behind a blank and outside single quotes; empty
 * lines and comments may stand between a value and its continuation. */
#ifndef TONGJI_INI_H
#define TONGJI_INI_H

#include <stddef.h>

#include "mem.h"
#include "message.h"

enum { INI_LIMIT = 256 * 1024 };	/* bytes of a file */

struct ini_property {
	const char *key;
	const char *value;	/* lines joined by one blank, trimmed */
	/* The same for expressions: from the value's first character on, with
	 * its line breaks and indents, so that an offset in it is a place in
	 * the file (ini_place). */
	const char *raw;
	int line, col;		/* of the value's first character */
	int key_col;
};

struct ini_section {
	const char *name;	/* between the brackets, blanks trimmed */
	int line, col;		/* of the name */
	struct ini_property *props;
	size_t n, cap;
};

struct ini {
	const char *file;	/* name for messages */
	struct arena keys;	/* what does not outlive the parsing */
	struct ini_section *sections;
	size_t n, cap;
};

/* Split `text` (borrowed only during the call; names of sections and values go
 * to the arena, keys live until ini_done()).  What is wrong goes to `ms`;
 * what can be read is read all the same. */
void ini_read(struct ini *ini, const char *file, const char *text, size_t len,
    struct arena *a, struct messages *ms);
void ini_done(struct ini *ini);

/* The place of byte `at` of a raw value that begins at *line, *col: both are
 * moved there.  Columns count characters. */
void ini_place(const char *raw, size_t at, int *line, int *col);

#endif
