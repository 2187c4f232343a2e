/* Commands at a GBK or GB18030 terminal: what people read and type goes
 * through the session's encoding.  Data that goes to a file or a pipe stays
 * what the command says it is. */
#ifndef TONGJI_SPEAK_H
#define TONGJI_SPEAK_H

#include <stdbool.h>

/* Look at the locale; with a Chinese one that is not UTF-8, let standard error
 * and standard output convert where they are a terminal, and make the
 * arguments UTF-8 (names of existing files stay as they are; the converted
 * ones live as long as the process).  `streams` false: arguments only, the
 * screens speak for themselves. */
void speak_start(int argc, char **argv, bool streams);
/* A line that was typed, as UTF-8; takes and returns heap. */
char *speak_line(char *line);

#endif
