/* What the policy floor keeps with an open database: the rules, as SQL
 * functions, and the indexes that its statements want. */
#ifndef TONGJI_POLICY_H
#define TONGJI_POLICY_H

#include "err.h"
#include "model.h"

struct rules;
struct scheme;

/* Load the rules of forms_data(fs), give SQL its functions (rule, rule_date,
 * case_due) and make missing indexes.  Called by every entry of this floor;
 * the second call costs nothing. */
int policy_open(struct forms *fs, struct err *e) MUST_CHECK;
/* No statement may run on fs's database after it. */
void policy_close(struct forms *fs);
/* Borrowed; NULL before policy_open(). */
const struct rules *policy_rules(struct forms *fs);
/* The first screen's scheme (home.ini) with the common pieces of SQL, read at
 * the first call and kept; NULL and `e` when it is wrong. */
const struct scheme *policy_home(struct forms *fs, struct err *e);
/* Give the home scheme back; it is read again when it is asked for. */
void policy_shed(struct forms *fs);

#endif
