/* The lists of data/lists/: every one runs for every role, and each of its
 * rows is there for a reason that was written down by hand. */
#include "site_help.h"

#include "listing.h"

static struct listings *lists;

static int
setup(void **state)
{
	site_setup(state);
	ok(listings_load(&lists, forms_data(site.fs), &err));
	return 0;
}

static int
teardown(void **state)
{
	listings_free(lists);
	return site_teardown(state);
}

static struct listed
run_list(const char *name, const char *village_uid)
{
	const struct listing *l = listings_find(lists, name);
	struct listing_want want = { .on = TODAY, .village = village_uid };
	struct listed r;

	if (l == NULL)
		fail_msg("no list %s", name);
	err = (struct err)ERR_INIT;
	ok(listing_run(site.fs, lists, l, &want, &r, &err));
	return r;
}

/* The cell of row `row` under `head`. */
static const char *
at(const struct listed *r, size_t row, const char *head)
{
	size_t c;

	assert_true(row < r->n);
	for (c = 0; c < r->ncols; c++)
		if (strcmp(r->head[c], head) == 0)
			return r->row[row].cell[c];
	fail_msg("no column %s", head);
	return NULL;
}

/* Rows with `value` under `head`. */
static size_t
with(const struct listed *r, const char *head, const char *value)
{
	size_t i, n = 0;

	for (i = 0; i < r->n; i++)
		n += str_eq(at(r, i, head), value);
	return n;
}

static void
test_all_run(void **state)
{
	static const unsigned roles[] = { ROLE_ADMIN, ROLE_SUPERVISOR,
	    ROLE_DIRECTOR, ROLE_SPECIAL, ROLE_READER };
	char login[16];
	size_t i, k;

	(void)state;
	assert_true(lists->n >= 15);
	child("张晓明", "2016-05-04", village(0));
	for (k = 0; k < COUNT_OF(roles); k++) {
		snprintf(login, sizeof login, "role%zu", k);
		as(login, roles[k], village(0));
		for (i = 0; i < lists->n; i++) {
			struct listed r = run_list(lists->v[i].name, NULL);

			assert_true(r.ncols > 1);
			if (lists->v[i].opens != NULL)
				assert_non_null(listings_find(lists,
				    lists->v[i].opens));
			listed_done(&r);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_all_run, setup, teardown),
	};

	(void)with;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
