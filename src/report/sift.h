/* A paper with names made fit for whom it goes to: policy/handout says who
 * may be on it, the paper says whose each row is. */
#ifndef TONGJI_SIFT_H
#define TONGJI_SIFT_H

#include "handout.h"
#include "paper.h"

struct sifted {
	size_t gone, left;	/* rows */
	char *words;		/* for the journal; heap, NULL on failure */
};

/* Take out who has not consented, where a consent is needed, and write on the
 * paper whom it may go to.  E_REFUSED: its rows cannot be told apart. */
int sift_paper(struct forms *fs, struct paper *p, const struct handout *h,
    struct sifted *out, struct err *e) MUST_CHECK;

#endif
