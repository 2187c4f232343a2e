/* The end of the program: bugs and lost memory. */
#ifndef TONGJI_LOG_H
#define TONGJI_LOG_H

/* Print a message and leave with status 3, after the restorer (if one is set)
 * has given the terminal back.  For bugs and exhausted memory only. */
void die(const char *fmt, ...)
	__attribute__((format(printf, 1, 2), noreturn));

/* Called once by die(), before it prints; NULL removes it. */
void log_set_restorer(void (*restore)(void));

/* Print a Chinese message for a person on standard error, with a newline.
 * Control characters have been removed by the caller (safe.h). */
void say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#define BUG(...) die("程序内部错误 " __FILE__ ": " __VA_ARGS__)

#endif
