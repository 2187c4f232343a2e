/* 模板: lists with chosen columns, kept for the next unexpected request, and
 * the county's empty tables filled. */
#ifndef TONGJI_TEMPLATESCREEN_H
#define TONGJI_TEMPLATESCREEN_H

void templatescreen_run(void);

#endif
