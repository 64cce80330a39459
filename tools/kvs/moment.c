// SPDX-License-Identifier: GPL-2.0-only
/*
 * Points in time.
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "compiler.h"
#include "duration.h"

/* What strptime() shall read; the first that fits counts. */
static const char *const formats[] = {
	"%Y-%m-%dT%H:%M:%S",
	"%Y-%m-%d %H:%M:%S",
	"%Y-%m-%dT%H:%M",
	"%Y-%m-%d %H:%M",
};

/* The decimals at *@text, which goes behind them. */
static bool parse_fraction(const char **text, int64_t *ns)
{
	int64_t unit = NS_PER_SECOND;
	const char *at = *text;

	*ns = 0;
	if (*at != '.')
		return true;
	if (!isdigit((unsigned char)*++at))
		return false;
	for (; isdigit((unsigned char)*at); at++) {
		unit /= 10;
		*ns += (*at - '0') * unit;
	}
	*text = at;
	return true;
}

static bool moment_ns(int64_t seconds, int64_t fraction, int64_t *ns)
{
	return !__builtin_mul_overflow(seconds, (int64_t)NS_PER_SECOND, ns) &&
	       !__builtin_add_overflow(*ns, fraction, ns);
}

static bool parse_seconds(const char *text, int64_t *ns)
{
	int64_t fraction;
	long long seconds;
	const char *rest;
	char *end;

	if (!isdigit((unsigned char)*text))
		return false;
	errno = 0;
	seconds = strtoll(text, &end, 10);
	rest = end;
	if (errno || !parse_fraction(&rest, &fraction) || *rest)
		return false;
	return moment_ns(seconds, fraction, ns);
}

static const char *parse_date(const char *text, struct tm *date)
{
	const char *end = NULL;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(formats) && !end; i++) {
		*date = (struct tm){ .tm_isdst = -1 };
		end = strptime(text, formats[i], date);
	}
	return end;
}

/* With @zone, what follows the date, instead of the local one where given. */
static bool date_seconds(struct tm *date, const char *zone, int64_t *seconds)
{
	struct tm offset = { 0 };
	int day = date->tm_mday;
	const char *end;

	if (!*zone) {
		*seconds = mktime(date);
		return date->tm_mday == day;
	}
	end = strptime(zone, "%z", &offset);
	if (!end || *end)
		return false;
	*seconds = timegm(date) - offset.tm_gmtoff;
	/* The 31st of a month that has 30 days became another day. */
	return date->tm_mday == day;
}

bool moment_parse(const char *text, int64_t *ns)
{
	int64_t seconds, fraction;
	struct tm date;
	const char *end;

	if (*text == '@')
		return parse_seconds(text + 1, ns);

	end = parse_date(text, &date);
	return end && parse_fraction(&end, &fraction) &&
	       date_seconds(&date, end, &seconds) &&
	       moment_ns(seconds, fraction, ns);
}
