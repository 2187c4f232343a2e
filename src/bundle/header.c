/* See header.h. */
#include "header.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "date.h"
#include "journal.h"
#include "json.h"
#include "mem.h"
#include "safe.h"

enum { LINEAGE_MAX = 20000, SERIES_MAX = 10000 };

void
header_done(struct header *h)
{
	free(h->lineage);
	h->lineage = NULL;
	h->nlineage = 0;
	free(h->series);
	h->series = NULL;
}

static void
member(struct str *out, const char *name, const char *value)
{
	str_addf(out, "  \"%s\": ", name);
	json_text(out, value);
	str_add(out, ",\n");
}

void
header_text(const struct header *h, struct str *out)
{
	size_t i;

	str_add(out, "{\n");
	member(out, "format", h->format);
	member(out, "suite", h->suite);
	member(out, "schema", h->schema);
	member(out, "site", h->site);
	member(out, "site_name", h->site_name);
	member(out, "incarnation", h->inc);
	if (h->parent_inc[0] != '\0') {
		str_add(out, "  \"parent\": [");
		json_text(out, h->parent_inc);
		str_addf(out, ", %lld, ", (long long)h->parent_seq);
		json_text(out, h->parent_chain);
		str_add(out, "],\n");
	} else {
		str_add(out, "  \"parent\": null,\n");
	}
	str_addf(out, "  \"base\": %lld,\n  \"to\": %lld,\n",
	    (long long)h->base, (long long)h->to);
	member(out, "base_chain", h->base_chain);
	member(out, "previous", h->previous);
	str_add(out, "  \"lineage\": [");
	for (i = 0; i < h->nlineage; i++) {
		str_add(out, i > 0 ? ", " : "");
		json_text(out, h->lineage[i]);
	}
	str_add(out, "],\n");
	member(out, "county", h->county);
	str_addf(out, "  \"rows\": %lld,\n  \"journal_seq\": %lld,\n",
	    (long long)h->rows, (long long)h->journal_seq);
	member(out, "journal_hash", h->journal_hash);
	if (h->children >= 0)
		str_addf(out, "  \"children\": %lld,\n  \"items\": %lld,\n",
		    (long long)h->children, (long long)h->items);
	str_addf(out, "  \"edition\": %lld,\n", (long long)h->edition);
	if (h->series != NULL)
		str_addf(out, "  \"series\": %s,\n", h->series);
	str_add(out, "  \"created\": ");
	json_text(out, h->created);
	str_add(out, "\n}\n");
}

static int
bad(struct err *e, const char *name)
{
	return err_set(e, E_FORMAT, "包头里的 %s 不对", name);
}

static bool
is_hex(const char *v, size_t len)
{
	return v != NULL && strlen(v) == len &&
	    strspn(v, "0123456789abcdef") == len;
}

/* `hex`: 0 any text, else exactly so many hexadecimal digits. */
static int
get_text(json_t *root, const char *name, char *out, size_t size, size_t hex,
    struct err *e)
{
	const char *v = json_string_value(json_object_get(root, name));

	if (v == NULL || strlen(v) >= size || (hex > 0 && !is_hex(v, hex)))
		return bad(e, name);
	strcpy(out, v);
	return 0;
}

static int
get_number(json_t *root, const char *name, int64_t *out, struct err *e)
{
	json_t *v = json_object_get(root, name);

	if (!json_is_integer(v) || json_integer_value(v) < 0)
		return bad(e, name);
	*out = json_integer_value(v);
	return 0;
}

static int
get_parent(json_t *root, struct header *h, struct err *e)
{
	json_t *p = json_object_get(root, "parent");
	const char *inc, *chain;

	if (json_is_null(p))
		return 0;
	inc = json_string_value(json_array_get(p, 0));
	chain = json_string_value(json_array_get(p, 2));
	if (json_array_size(p) != 3 || !is_hex(inc, 32) ||
	    !is_hex(chain, 64) || !json_is_integer(json_array_get(p, 1)) ||
	    json_integer_value(json_array_get(p, 1)) < 0)
		return bad(e, "parent");
	strcpy(h->parent_inc, inc);
	strcpy(h->parent_chain, chain);
	h->parent_seq = json_integer_value(json_array_get(p, 1));
	return 0;
}

static int
get_lineage(json_t *root, struct header *h, struct err *e)
{
	json_t *v = json_object_get(root, "lineage"), *one;
	size_t i, n = json_array_size(v);

	if (!json_is_array(v) || n > LINEAGE_MAX)
		return bad(e, "lineage");
	h->lineage = xcalloc(n, sizeof *h->lineage);
	json_array_foreach(v, i, one) {
		const char *s = json_string_value(one);

		if (!is_hex(s, 64))
			return bad(e, "lineage");
		strcpy(h->lineage[i], s);
		h->nlineage++;
	}
	return 0;
}

/* Optional: former programs did not say it. */
static int
get_series(json_t *root, struct header *h, struct err *e)
{
	json_t *o = json_object_get(root, "series"), *v;
	const char *name;

	if (o == NULL)
		return 0;
	if (!json_is_object(o) || json_object_size(o) > SERIES_MAX)
		return bad(e, "series");
	json_object_foreach(o, name, v)
		if (!json_is_integer(v) || json_integer_value(v) < 0)
			return bad(e, "series");
	h->series = json_dumps(o, JSON_COMPACT);
	return 0;
}

static int
take(json_t *root, struct header *h, struct err *e)
{
	int rc = get_text(root, "format", h->format, sizeof h->format, 0, e);

	if (rc == 0 && strcmp(h->format, "tj1") != 0)
		rc = err_set(e, E_FORMAT, "包的格式是“%s”，本程序只认 tj1，"
		    "请升级程序", h->format);
	if (rc == 0)
		rc = get_text(root, "suite", h->suite, sizeof h->suite, 0, e);
	if (rc == 0 && strcmp(h->suite, HEADER_SUITE) != 0)
		rc = bad(e, "suite");
	if (rc == 0)
		rc = get_text(root, "schema", h->schema, sizeof h->schema, 64,
		    e);
	if (rc == 0)
		rc = get_text(root, "site", h->site, sizeof h->site, 0, e);
	if (rc == 0)
		rc = get_text(root, "site_name", h->site_name,
		    sizeof h->site_name, 0, e);
	if (rc == 0 && safe_input_ok(h->site_name, false, NULL) < 0)
		rc = bad(e, "site_name");
	if (rc == 0)
		rc = get_text(root, "incarnation", h->inc, sizeof h->inc, 32,
		    e);
	if (rc == 0)
		rc = get_parent(root, h, e);
	if (rc == 0)
		rc = get_number(root, "base", &h->base, e);
	if (rc == 0)
		rc = get_number(root, "to", &h->to, e);
	if (rc == 0)
		rc = get_text(root, "base_chain", h->base_chain,
		    sizeof h->base_chain, 64, e);
	if (rc == 0)
		rc = get_text(root, "previous", h->previous,
		    sizeof h->previous, 64, e);
	if (rc == 0)
		rc = get_lineage(root, h, e);
	if (rc == 0)
		rc = get_text(root, "county", h->county, sizeof h->county, 0,
		    e);
	if (rc == 0)
		rc = get_number(root, "rows", &h->rows, e);
	if (rc == 0)
		rc = get_number(root, "journal_seq", &h->journal_seq, e);
	if (rc == 0)
		rc = get_text(root, "journal_hash", h->journal_hash,
		    sizeof h->journal_hash, 64, e);
	if (rc == 0)
		rc = get_text(root, "created", h->created, sizeof h->created,
		    0, e);
	if (rc == 0 && !date_stamp_valid(h->created))
		rc = bad(e, "created");
	if (rc == 0 && json_object_get(root, "edition") != NULL)
		rc = get_number(root, "edition", &h->edition, e);
	h->children = h->items = -1;
	if (rc == 0 && json_object_get(root, "children") != NULL)
		rc = get_number(root, "children", &h->children, e);
	if (rc == 0 && h->children >= 0)
		rc = get_number(root, "items", &h->items, e);
	return rc == 0 ? get_series(root, h, e) : rc;
}

int
header_parse(struct header *h, const char *text, size_t len, struct err *e)
{
	json_error_t je;
	json_t *root;
	int rc;

	memset(h, 0, sizeof *h);
	root = json_loadb(text, len, JSON_REJECT_DUPLICATES, &je);
	if (!json_is_object(root)) {
		if (root != NULL)	/* another value: the whole is wrong */
			je.line = 1;
		json_decref(root);
		return err_set(e, E_FORMAT, "包头不是正确的 JSON（第 %d 行）",
		    je.line);
	}
	rc = take(root, h, e);
	if (rc == 0 && h->base > h->to)
		rc = bad(e, "base");
	json_decref(root);
	if (rc < 0)
		header_done(h);
	return rc;
}

void
header_chain(const struct header *h, const char *rows_sha256, char out[65])
{
	struct str s = STR_INIT;
	unsigned char hash[HASH_SIZE];
	struct sha sha;

	str_addf(&s, "%s\n%s\n%lld\n%lld\n%s\n", h->previous, h->inc,
	    (long long)h->base, (long long)h->to, rows_sha256);
	sha_init(&sha);
	sha_add(&sha, s.buf, s.len);
	sha_done(&sha, hash);
	hex_encode(out, hash, sizeof hash);
	str_done(&s);
}

void
header_name(const struct header *h, char *out, size_t size)
{
	snprintf(out, size, "tj1-%s-%.8s-%lld-%lld", h->site, h->inc,
	    (long long)h->base, (long long)h->to);
}
