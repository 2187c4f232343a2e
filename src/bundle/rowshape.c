/* See rowshape.h. */
#include "rowshape.h"

#include <jansson.h>

#include "rowscan.h"
#include "uid.h"

static bool
text_of(json_t *row, const char *name)
{
	return json_is_string(json_object_get(row, name));
}

bool
rows_shape(void *json)
{
	json_t *row = json;
	const char *uid = json_string_value(json_object_get(row, "uid"));
	json_t *v = json_object_get(row, "v"), *one;
	const char *key;

	if (!text_of(row, "form") || !text_of(row, "rv") ||
	    !text_of(row, "site") || !uid_valid(uid) ||
	    !json_is_array(json_object_get(row, "sup")))
		return false;
	if (json_is_true(json_object_get(row, "deleted")))
		return v == NULL;
	if (!json_is_object(v))
		return false;
	json_object_foreach(v, key, one)
		if (!json_is_string(one))
			return false;
	return true;
}

int
rows_check_line(const char *text, size_t len, struct err *e)
{
	json_error_t je;
	json_t *row;
	bool good;

	if (rowscan_plain(text, len))
		return 0;
	row = json_loadb(text, len, JSON_REJECT_DUPLICATES, &je);
	good = json_is_object(row) && rows_shape(row);
	json_decref(row);
	return good ? 0 : err_set(e, E_FORMAT, "有一条记录不是正确的格式");
}
