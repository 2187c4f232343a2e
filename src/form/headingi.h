/* What heading.c (the header row) and heading_words.c share. */
#ifndef TONGJI_HEADINGI_H
#define TONGJI_HEADINGI_H

#include "heading.h"

enum sure {			/* how sure a word is */
	SURE_USUAL, SURE_LABEL, SURE_FORM, SURE_NAME, SURE_MAP
};

struct word {
	char *text;		/* folded */
	int meaning;
	enum sure sure;
};

struct heading_words {
	const struct form *form;
	struct word *word;
	size_t n, cap;
};

/* The word that a header cell is, or NULL; also without its remark. */
const struct word *heading_meaning(const struct heading_words *w,
    const char *text);

#endif
