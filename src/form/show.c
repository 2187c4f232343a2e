/* How stored values are shown (type_show of type.h). */
#include <stdlib.h>
#include <string.h>

#include "division.h"
#include "idcard.h"
#include "mem.h"
#include "number.h"
#include "record.h"
#include "type.h"

/* `;a;b;` as labels with 、 between. */
static void
show_multiple(struct forms *fs, const struct field *f, const char *value,
    struct str *out)
{
	const struct codes *cs = forms_codes(fs, f->list, NULL);
	const char *p = value;
	bool first = true;
	char *name;
	size_t len;

	while (*p != '\0') {
		len = strcspn(p, ";");
		if (len > 0) {
			name = xstrndup(p, len);
			str_addf(out, "%s%s", first ? "" : "、",
			    cs == NULL ? name : codes_label(cs, name));
			free(name);
			first = false;
		}
		p += len + (p[len] == ';');
	}
}

static void
show_one(struct forms *fs, const struct field *f, const char *value,
    struct str *out)
{
	const struct codes *cs = forms_codes(fs, f->list, NULL);

	str_add(out, cs == NULL ? value : codes_label(cs, value));
}

static void
show_ref(struct forms *fs, const struct field *f, const char *value,
    struct str *out)
{
	const struct form *target = forms_get(fs, f->list, NULL);
	char *words = target == NULL || forms_db(fs) == NULL ? NULL :
	    record_display(fs, target, value);

	str_add(out, words == NULL ? "（已不在）" : words);
	free(words);
}

static void
show_number(const char *value, bool phone, struct str *out)
{
	char masked[24];

	if (phone)
		id_mask_phone(value, masked);
	else
		id_mask(value, masked);
	str_add(out, masked);
}

void
type_show(struct forms *fs, const struct field *f, const char *value,
    bool mask, struct str *out)
{
	char money[NUMBER_MONEY_SIZE];
	size_t n;

	if (str_blank(value))
		return;
	switch (f->type) {
	case T_SELECT_ONE:
		show_one(fs, f, value, out);
		return;
	case T_SELECT_MULTIPLE:
		show_multiple(fs, f, value, out);
		return;
	case T_REF:
		show_ref(fs, f, value, out);
		return;
	case T_DIVISION:
		if (division_words(forms_data(fs), value, out))
			return;
		break;
	case T_MONEY:
		number_money_text(strtoll(value, NULL, 10), money);
		str_add(out, money);
		return;
	case T_DECIMAL:
		n = strlen(value);
		if (n > 2 && strcmp(value + n - 2, ".0") == 0)
			n -= 2;
		str_addn(out, value, n);
		return;
	case T_ID_CARD:
	case T_PHONE:
		if (mask) {
			show_number(value, f->type == T_PHONE, out);
			return;
		}
		break;
	default:
		break;
	}
	str_add(out, value);
}
