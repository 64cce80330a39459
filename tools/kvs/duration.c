// SPDX-License-Identifier: GPL-2.0-only
/*
 * Spans of time.
 */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compiler.h"
#include "duration.h"

static const struct unit {
	const char *name;
	uint64_t ns;
} units[] = {
	{ "d", 86400 * NS_PER_SECOND },
	{ "h", 3600 * NS_PER_SECOND },
	{ "m", 60 * NS_PER_SECOND },
	{ "s", NS_PER_SECOND },
	{ "ms", 1000000 },
	{ "us", 1000 },
	{ "ns", 1 },
};

uint64_t unit_ns(const char *name, size_t len)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(units); i++)
		if (strlen(units[i].name) == len &&
		    !memcmp(units[i].name, name, len))
			return units[i].ns;
	return 0;
}

/* What the digits behind the point of a number are worth. */
static uint64_t fraction_ns(const char *digits, size_t count, uint64_t unit)
{
	uint64_t ns = 0;

	while (count--) {
		unit /= 10;
		ns += (*digits++ - '0') * unit;
	}
	return ns;
}

/* One number and its unit; *@text goes behind them. */
static bool parse_part(const char **text, uint64_t *ns)
{
	const char *fraction, *name;
	uint64_t whole, unit;
	size_t digits = 0;
	char *end;

	if (!isdigit((unsigned char)**text))
		return false;
	errno = 0;
	whole = strtoull(*text, &end, 10);
	if (errno)
		return false;

	fraction = end;
	if (*end == '.') {
		fraction++;
		digits = strspn(fraction, "0123456789");
		if (!digits)
			return false;
	}
	name = fraction + digits;
	*text = name + strspn(name, "abcdefghijklmnopqrstuvwxyz");
	unit = unit_ns(name, *text - name);
	if (!unit || __builtin_mul_overflow(whole, unit, ns))
		return false;
	return !__builtin_add_overflow(*ns, fraction_ns(fraction, digits, unit),
				       ns);
}

bool duration_parse(const char *text, uint64_t *ns)
{
	uint64_t part;

	*ns = 0;
	do {
		if (!parse_part(&text, &part) ||
		    __builtin_add_overflow(*ns, part, ns))
			return false;
	} while (*text);
	return true;
}

/* The largest unit alone where that is below a second, else down to seconds. */
void duration_text(char text[DURATION_SIZE], uint64_t ns)
{
	uint64_t least = NS_PER_SECOND;
	size_t used = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(units); i++) {
		uint64_t count = ns / units[i].ns;

		if (!count || (used && units[i].ns < least))
			continue;
		used += snprintf(text + used, DURATION_SIZE - used, "%llu%s",
				 (unsigned long long)count, units[i].name);
		ns %= units[i].ns;
	}
	if (!used)
		snprintf(text, DURATION_SIZE, "0s");
}

void duration_seconds(char text[DURATION_SIZE], uint64_t ns)
{
	char *end;

	end = text + snprintf(text, DURATION_SIZE, "%llu.%09llu",
			      (unsigned long long)(ns / NS_PER_SECOND),
			      (unsigned long long)(ns % NS_PER_SECOND));
	while (end[-1] == '0')
		end--;
	if (end[-1] == '.')
		end--;
	*end++ = 's';
	*end = '\0';
}
