/* See halfday.h. */
#include "halfday.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "str.h"

static const char *const codes[] = { "on_time", "late", "early", "both" };

/* ---- ";1;3;" and "第1场 2026-03-20 08:25；…" ---------------------------- */

static unsigned
bits_of(const char *v)
{
	unsigned bits = 0;
	const char *p;
	int i;

	for (p = v; p != NULL && *p != '\0'; p++) {
		if (*p < '0' || *p > '9')
			continue;
		i = atoi(p);
		if (i >= 1 && i <= HALFDAYS)
			bits |= 1u << (i - 1);
		while (p[1] >= '0' && p[1] <= '9')
			p++;
	}
	return bits;
}

static void
fill_bits(struct record *r, const char *field, unsigned bits)
{
	struct str out = STR_INIT;
	int i;

	for (i = 0; i < HALFDAYS; i++)
		if ((bits & 1u << i) != 0)
			str_addf(&out, "%s%d;", out.len == 0 ? ";" : "",
			    i + 1);
	record_fill(r, field, out.buf);
	str_done(&out);
}

static void
times_of(struct halfdays *h, const char *v)
{
	const char *p = v;
	char when[HALFDAY_TIME], space;
	int i;

	while (p != NULL && (p = strstr(p, "第")) != NULL) {
		if (sscanf(p, "第%2d场%c%16[-0-9: ]", &i, &space, when) == 3 &&
		    i >= 1 && i <= HALFDAYS &&
		    strlen(when) == HALFDAY_TIME - 1)
			memcpy(h->at[i - 1], when, sizeof when);
		p += strlen("第");
	}
}

static void
fill_times(struct record *r, const struct halfdays *h)
{
	struct str out = STR_INIT;
	int i;

	for (i = 0; i < HALFDAYS; i++)
		if (h->at[i][0] != '\0')
			str_addf(&out, "%s第%d场 %s", out.len == 0 ? "" :
			    "；", i + 1, h->at[i]);
	record_fill(r, "session_times", out.buf);
	str_done(&out);
}

/* ---- the record ------------------------------------------------------- */

static unsigned
lowest(unsigned bits)
{
	return bits & (~bits + 1u);
}

static unsigned
highest(unsigned bits)
{
	while ((bits & (bits - 1u)) != 0)
		bits &= bits - 1u;
	return bits;
}

void
halfdays_read(struct halfdays *h, const struct halfday_text *t)
{
	int i;

	memset(h, 0, sizeof *h);
	if (!str_eq(t->present, "yes"))
		return;
	h->came = bits_of(t->sessions);
	if (h->came == 0)
		h->came = 1;
	h->late = bits_of(t->late) & h->came;
	h->early = bits_of(t->early) & h->came;
	if (h->late == 0 && (str_eq(t->punctuality, "late") ||
	    str_eq(t->punctuality, "both")))
		h->late = lowest(h->came);
	if (h->early == 0 && (str_eq(t->punctuality, "early") ||
	    str_eq(t->punctuality, "both")))
		h->early = highest(h->came);
	times_of(h, t->times);
	if (t->times != NULL || t->signed_at == NULL)
		return;
	for (i = 0; (h->came & 1u << i) == 0; i++)
		;
	snprintf(h->at[i], sizeof h->at[i], "%s", t->signed_at);
}

void
halfdays_load(struct halfdays *h, const struct record *r)
{
	struct halfday_text t = { record_get(r, "present"),
	    record_get(r, "sessions"), record_get(r, "late_at"),
	    record_get(r, "early_at"), record_get(r, "session_times"),
	    record_get(r, "signed_at"), record_get(r, "punctuality") };

	halfdays_read(h, &t);
}

void
halfdays_fill(struct record *r, const struct halfdays *h)
{
	const char *first = NULL;
	int i;

	for (i = 0; i < HALFDAYS; i++)
		if (h->at[i][0] != '\0' &&
		    (first == NULL || strcmp(h->at[i], first) < 0))
			first = h->at[i];
	record_fill(r, "present", h->came != 0 ? "yes" : NULL);
	fill_bits(r, "sessions", h->came);
	fill_bits(r, "late_at", h->late);
	fill_bits(r, "early_at", h->early);
	fill_times(r, h);
	record_fill(r, "signed_at", first);
	record_fill(r, "punctuality", h->came == 0 ? NULL :
	    halfdays_punctual(h));
}

/* ---- one half-day ----------------------------------------------------- */

void
halfday_mark(struct halfdays *h, int i, bool came, const char *now)
{
	unsigned bit = 1u << i;

	if (came) {
		h->came |= bit;
		if (h->at[i][0] == '\0' && now != NULL)
			snprintf(h->at[i], sizeof h->at[i], "%s", now);
		return;
	}
	h->came &= ~bit;
	h->late &= ~bit;
	h->early &= ~bit;
	h->at[i][0] = '\0';
}

const char *
halfday_punctual(const struct halfdays *h, int i)
{
	return codes[(h->late >> i & 1u) + 2 * (h->early >> i & 1u)];
}

const char *
halfdays_punctual(const struct halfdays *h)
{
	return codes[(h->late != 0) + 2 * (h->early != 0)];
}

void
halfday_set(struct halfdays *h, int i, const char *code)
{
	unsigned bit = 1u << i;

	h->late &= ~bit;
	h->early &= ~bit;
	if (strcmp(code, "late") == 0 || strcmp(code, "both") == 0)
		h->late |= bit;
	if (strcmp(code, "early") == 0 || strcmp(code, "both") == 0)
		h->early |= bit;
}

int
halfdays_count(const struct halfdays *h)
{
	unsigned bits;
	int n = 0;

	for (bits = h->came; bits != 0; bits &= bits - 1u)
		n++;
	return n;
}
