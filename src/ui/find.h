/* Find first: by name, pinyin, initials, part of the number, telephone, over
 * every register. */
#ifndef TONGJI_FIND_H
#define TONGJI_FIND_H

void find_run(void);

#endif
