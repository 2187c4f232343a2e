/* Menus: a digit, a word, and what it opens. */
#ifndef TONGJI_MENU_H
#define TONGJI_MENU_H

#include <stddef.h>
#include <stdint.h>

struct menu_item {
	const char *word;	/* NULL with a form: the form's title */
	const char *form;	/* opens the list of this kind, or NULL */
	void (*run)(void);
	unsigned roles;		/* who sees it; 0 everybody */
};

/* Show the items that the session may use, one a line. */
void menu_run(const char *title, const struct menu_item *items, size_t n);

/* The main menu of the first screen, `1`…`9`. */
struct menu_main {
	char digit;
	const char *word;
	void (*run)(void);
};
extern const struct menu_main menu_main[];
enum { MENU_MAIN = 9 };

#endif
