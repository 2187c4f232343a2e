/* See receipt.h. */
#include "receipt.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"

enum { LIST_MAX = 1000000 };

const char *const receipt_names[RECEIPT_PARTS] = {
	[RECEIPT_JSON] = "receipt.json",
	[RECEIPT_LACKS] = "lacks.jsonl",
	[RECEIPT_CONFLICTS] = "conflicts.jsonl",
	[RECEIPT_ISSUED] = "issued.jsonl",
	[RECEIPT_TRANSFERS] = "transfers.jsonl",
	[RECEIPT_EDITION] = "edition.json",
};

void
receipt_name(const char *site, const char *inc, int64_t applied,
    int64_t serial, char *out, size_t size)
{
	snprintf(out, size, "tj1r-%s-%.8s-%lld-%lld", site, inc,
	    (long long)applied, (long long)serial);
}

static int
bad(struct err *e, const char *name)
{
	return err_set(e, E_FORMAT, "县回执里的 %s 不对", name);
}

static const char *
text(json_t *o, const char *name)
{
	return json_string_value(json_object_get(o, name));
}

/* A text that must be there; `hex`: exactly so many hexadecimal digits. */
static const char *
must(json_t *o, const char *name, size_t hex, int *rc, struct err *e)
{
	const char *v = text(o, name);

	if (v == NULL || (hex > 0 && (strlen(v) != hex ||
	    strspn(v, "0123456789abcdef") != hex))) {
		if (*rc == 0)
			*rc = bad(e, name);
		return "";
	}
	return v;
}

static int64_t
number(json_t *o, const char *name, int *rc, struct err *e)
{
	json_t *v = json_object_get(o, name);

	if (!json_is_integer(v) || json_integer_value(v) < 0) {
		if (*rc == 0)
			*rc = bad(e, name);
		return 0;
	}
	return json_integer_value(v);
}

static int
take_status(struct receipt *r, const char *word, struct err *e)
{
	static const char *const words[] = {
		[RECEIPT_OK] = "ok", [RECEIPT_GAP] = "gap",
		[RECEIPT_FORK] = "fork", [RECEIPT_QUARANTINE] = "quarantine",
	};
	size_t i;

	for (i = 0; i < COUNT_OF(words); i++)
		if (strcmp(words[i], word) == 0) {
			r->status = (enum receipt_status)i;
			return 0;
		}
	return bad(e, "status");
}

/* The array `name`, or NULL with `*rc` set when it is none or too long. */
static json_t *
list(json_t *root, const char *name, int *rc, struct err *e)
{
	json_t *a = json_object_get(root, name);

	if (json_is_array(a) && json_array_size(a) <= LIST_MAX)
		return a;
	if (*rc == 0)
		*rc = bad(e, name);
	return NULL;
}

static int
take_returns(struct receipt *r, json_t *root, struct err *e)
{
	int rc = 0;
	json_t *a = list(root, "returns", &rc, e), *o;
	size_t i;

	r->back = xcalloc(json_array_size(a) + 1, sizeof *r->back);
	json_array_foreach(a, i, o)
		r->back[r->nback++] = (struct receipt_return){
		    must(o, "form", 0, &rc, e), must(o, "uid", 0, &rc, e),
		    must(o, "rv", 0, &rc, e), must(o, "reason", 0, &rc, e) };
	return rc;
}

static int
take_proposals(struct receipt *r, json_t *root, struct err *e)
{
	int rc = 0;
	json_t *a = list(root, "proposals", &rc, e), *o;
	size_t i;

	r->proposal = xcalloc(json_array_size(a) + 1, sizeof *r->proposal);
	json_array_foreach(a, i, o)
		r->proposal[r->nproposals++] = (struct receipt_proposal){
		    must(o, "id", 0, &rc, e), must(o, "form", 0, &rc, e),
		    must(o, "uid", 0, &rc, e), must(o, "field", 0, &rc, e),
		    text(o, "old"), text(o, "new"), text(o, "reason") };
	return rc;
}

static int
take_twins(struct receipt *r, json_t *root, struct err *e)
{
	int rc = 0;
	json_t *a = list(root, "duplicates", &rc, e), *o;
	size_t i;

	r->twin = xcalloc(json_array_size(a) + 1, sizeof *r->twin);
	json_array_foreach(a, i, o)
		r->twin[r->ntwins++] = (struct receipt_twin){
		    must(o, "form", 0, &rc, e), must(o, "uid", 0, &rc, e),
		    must(o, "other", 0, &rc, e), must(o, "why", 0, &rc, e) };
	return rc;
}

static int
take(struct receipt *r, json_t *root, struct err *e)
{
	int rc = 0;

	if (strcmp(must(root, "format", 0, &rc, e), "tj1r") != 0 && rc == 0)
		rc = err_set(e, E_FORMAT, "这不是本程序认识的县回执，"
		    "请升级程序");
	r->site = must(root, "site", 0, &rc, e);
	r->county = must(root, "county", 0, &rc, e);
	r->county_name = must(root, "county_name", 0, &rc, e);
	r->inc = must(root, "incarnation", 32, &rc, e);
	r->chain = must(root, "chain", 64, &rc, e);
	r->created = must(root, "created", 0, &rc, e);
	r->reason = must(root, "reason", 0, &rc, e);
	r->applied = number(root, "applied", &rc, e);
	r->number = number(root, "number", &rc, e);
	r->serial = number(root, "serial", &rc, e);
	if (rc == 0)
		rc = take_status(r, must(root, "status", 0, &rc, e), e);
	if (rc == 0)
		rc = take_returns(r, root, e);
	if (rc == 0)
		rc = take_proposals(r, root, e);
	return rc == 0 ? take_twins(r, root, e) : rc;
}

int
receipt_parse(struct receipt *r, const char *s, size_t len, struct err *e)
{
	json_t *root = json_loadb(s, len, JSON_REJECT_DUPLICATES, NULL);
	int rc;

	memset(r, 0, sizeof *r);
	r->json = root;
	rc = json_is_object(root) ? take(r, root, e) : err_set(e, E_FORMAT,
	    "县回执不是正确的 JSON");
	if (rc < 0)
		receipt_done(r);
	return rc;
}

void
receipt_done(struct receipt *r)
{
	free(r->back);
	free(r->proposal);
	free(r->twin);
	json_decref(r->json);
	memset(r, 0, sizeof *r);
}
