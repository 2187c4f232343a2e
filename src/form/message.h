/* What is wrong with a form, a code list or an expression: messages sorted by
 * severity, each with its place.
 *
 * The order of enum msg is the severity: everything before MSG_WARNING is an
 * error (the form cannot be used), everything after it a warning (the form
 * works; `tongji form check` shows it).  One table in message.c has the
 * sentences; $1 $2 $3 stand for the arguments. */
#ifndef TONGJI_MESSAGE_H
#define TONGJI_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "err.h"
#include "str.h"

enum msg {
	/* The file as such. */
	MSG_READ, MSG_EMPTY, MSG_TOO_BIG, MSG_UTF8, MSG_NUL, MSG_CONTROL,
	/* Lines. */
	MSG_NO_EQUALS, MSG_WIDE_EQUALS, MSG_NO_BRACKET, MSG_AFTER_BRACKET,
	MSG_WIDE_BRACKET, MSG_BEFORE_SECTION, MSG_STRAY_CONTINUATION,
	MSG_NO_KEY, MSG_NO_VALUE,
	/* Sections. */
	MSG_NO_FORM, MSG_SECTION_TWICE, MSG_SECTION_NAME, MSG_SECTION_UNKNOWN,
	MSG_SECTION_NEAR, MSG_FIELD_FIXED, MSG_FIELD_KEYWORD, MSG_FIELD_LONG,
	MSG_MOVE_NO_NAME, MSG_MOVE_ALONE, MSG_NO_FIELDS,
	/* Properties. */
	MSG_PROPERTY_UNKNOWN, MSG_PROPERTY_NEAR, MSG_PROPERTY_TWICE,
	MSG_PROPERTY_MISSING, MSG_PROPERTY_MISPLACED, MSG_FORM_NAME,
	MSG_LABEL_MISSING, MSG_NAME_BAD,
	/* Types. */
	MSG_TYPE_MISSING, MSG_TYPE_UNKNOWN, MSG_TYPE_NEAR, MSG_TYPE_RANGE,
	MSG_RANGE_BAD, MSG_RANGE_ORDER, MSG_RANGE_NEGATIVE, MSG_TYPE_LIST,
	MSG_TYPE_FORM, MSG_TYPE_LEVEL, MSG_TYPE_SERIAL, MSG_SERIAL_WORD,
	MSG_SERIAL_SEQ, MSG_TYPE_EXTRA, MSG_CALCULATE_EMPTY,
	/* Values of properties. */
	MSG_SEVERITY_BAD, MSG_CHECK_BEFORE, MSG_CONSTRAINT_BEFORE,
	MSG_FIELD_UNKNOWN, MSG_FIELD_NEAR, MSG_WORD_TWICE, MSG_MIRROR_BAD,
	MSG_HISTORY_TYPE, MSG_FILTER_TYPE, MSG_SETS_BAD,
	MSG_INITIAL_MISSING, MSG_IMPLICIT_TYPE,
	/* Expressions. */
	MSG_EXPR_QUOTE, MSG_EXPR_DQUOTE, MSG_EXPR_PAREN_EARLY,
	MSG_EXPR_PAREN_OPEN, MSG_EXPR_SEMICOLON, MSG_EXPR_COMMENT,
	MSG_EXPR_PARAM, MSG_EXPR_PARAM_NEAR, MSG_EXPR_COLUMNS, MSG_EXPR_CHAR,
	MSG_EXPR_EMPTY, MSG_EXPR_COLUMN, MSG_EXPR_COLUMN_NEAR,
	MSG_EXPR_QUOTED, MSG_EXPR_THIS,
	MSG_EXPR_TABLE, MSG_EXPR_TABLE_NEAR, MSG_EXPR_FUNCTION,
	MSG_EXPR_FUNCTION_NEAR, MSG_EXPR_FORBIDDEN_FUNCTION, MSG_EXPR_ARGS,
	MSG_EXPR_SYNTAX, MSG_EXPR_INCOMPLETE, MSG_EXPR_DENIED,
	MSG_EXPR_NOT_NUMBER, MSG_EXPR_NOT_TEXT, MSG_EXPR_CAST,
	MSG_EXPR_AMBIGUOUS, MSG_EXPR_AGGREGATE, MSG_EXPR_OTHER,
	MSG_CONSTRAINT_SELECT, MSG_CONSTRAINT_FUNCTION, MSG_CONSTRAINT_PARAM,
	MSG_CONSTRAINT_TODAY, MSG_TRIGGER_FUNCTION, MSG_TRIGGER_PARAM,
	MSG_ROW_ACCESS, MSG_QUERY_PARAM, MSG_EXPR_TODAY, MSG_EXPR_RECURSIVE,
	MSG_EXPR_WIDE, MSG_EXPR_CHOICE, MSG_EXPR_CHOICE_HERE,
	/* Against other forms, lists and the database. */
	MSG_LIST_UNKNOWN, MSG_LIST_NEAR, MSG_LIST_BAD, MSG_FORM_UNKNOWN,
	MSG_FORM_NEAR, MSG_STATE_UNKNOWN, MSG_STATE_NEAR, MSG_ROLE_UNKNOWN,
	MSG_ROLE_NEAR, MSG_ACCESS_UNKNOWN, MSG_ACCESS_NEAR, MSG_SCOPE_PATH,
	MSG_SCOPE_END, MSG_OWN, MSG_MIRROR_FIELD, MSG_HISTORY_FORM,
	MSG_OTHER_FIELD, MSG_OF_CYCLE,
	MSG_REMOVED_FIELD, MSG_REMOVED_FORM, MSG_REMOVED_CODE,
	MSG_CHANGED_TYPE, MSG_CHANGED_LIST,

	MSG_WARNING,		/* marker: from here on only warnings */
	MSG_LABEL_WIDE, MSG_LABEL_SAME, MSG_PAGE_EMPTY, MSG_PAGE_LONG,
	MSG_STATE_UNREACHABLE, MSG_MOVE_FROM_ITSELF,
	MSG_CAPTURE, MSG_LABEL_SEPARATOR, MSG_REQUIRED_IRRELEVANT,
	MSG_REQUIRED_CALCULATE, MSG_REQUIRED_READONLY,
	MSG_NO_LIST, MSG_CHECK_NO_MESSAGE,
	MSG_CONSTRAINT_TIGHTER, MSG_CHANGED_LABEL, MSG_CONDITION_NO_MESSAGE,
	MSG_EXPR_CONSTANT,
	MSG_COUNT
};

struct message {
	enum msg id;
	char *file;		/* "child.form"; heap */
	int line, col;		/* from 1; 0: the file as a whole */
	char *text;		/* the sentence; heap */
};

struct messages {
	struct message *v;
	size_t n, cap, errors;
	bool full;		/* more errors than MESSAGES_MAX were found */
};

/* Errors kept per run; the rest are counted by `full`. */
enum { MESSAGES_MAX = 20 };

#define MESSAGES_INIT { NULL, 0, 0, 0, false }

bool msg_is_warning(enum msg id);
/* Add a message.  `a`, `b`, `c` fill $1 $2 $3 (NULL: empty).  Repeats of the
 * same sentence at the same place are dropped. */
void messages_add(struct messages *ms, enum msg id, const char *file,
    int line, int col, const char *a, const char *b, const char *c);
void messages_done(struct messages *ms);
/* By file, line, column; errors before warnings of one place. */
void messages_sort(struct messages *ms);
/* `child.form:12:5: 句子`, warnings with 「警告：」 in front. */
void message_format(const struct message *m, struct str *out);
/* The first error as a struct err (E_FORMAT); 0 if there is none. */
int messages_first(const struct messages *ms, struct err *e);

#endif
