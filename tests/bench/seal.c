/* Sealing by itself: every row into an encrypted, signed bundle that is read
 * back, without the month's report (its cost is its queries').
 *
 *	seal HOME FOLDER */
#include <stdio.h>

#include "create.h"
#include "db.h"
#include "log.h"
#include "model.h"
#include "site.h"
#include "user.h"

int
main(int argc, char **argv)
{
	struct create_result made = { .rows = 0 };
	struct err e = ERR_INIT;
	struct forms *fs;

	if (argc != 3 || site_open(argv[1], &fs, NULL, &e) < 0 ||
	    user_assume(forms_db(fs), NULL, &e) < 0 ||
	    create_bundle(fs, argv[1], argv[2], NULL, 0, NULL, NULL, &made,
	    &e) < 0)
		die("seal HOME FOLDER: %s", e.msg);
	printf("%lld\n", (long long)made.rows);
	create_result_done(&made);
	site_close(fs);
	return 0;
}
