// SPDX-License-Identifier: GPL-2.0-only
/*
 * Numbers as people write them.
 */
#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "number.h"

#define MOST_MODE 0777

static int base_of(const char *text)
{
	if (*text == '-' || *text == '+')
		text++;
	return text[0] == '0' && (text[1] == 'x' || text[1] == 'X') ? 16 : 10;
}

/* strtoll() and strtoull() accept leading white space and an empty number. */
static bool is_number(const char *text, const char *end)
{
	return end != text && !*end && !isspace((unsigned char)*text);
}

const char *number_s64(const char *text, int64_t *number)
{
	char *end;

	errno = 0;
	*number = strtoll(text, &end, base_of(text));
	if (!is_number(text, end))
		return "is not an integer";
	return errno ? "does not fit in 64 bits" : NULL;
}

static const char *too_large(uint64_t most)
{
	static char wrong[48];

	snprintf(wrong, sizeof(wrong), "is above %llu",
		 (unsigned long long)most);
	return wrong;
}

const char *number_u64(const char *text, uint64_t most, uint64_t *number)
{
	char *end;

	errno = 0;
	*number = strtoull(text, &end, base_of(text));
	if (!is_number(text, end) || *text == '-')
		return "is not a number from 0 on";
	return errno || *number > most ? too_large(most) : NULL;
}

const char *number_mode(const char *text, uint32_t *mode)
{
	unsigned long number;
	char *end;

	number = strtoul(text, &end, 8);
	if (!isdigit((unsigned char)*text) || *end || number > MOST_MODE)
		return "is no octal mode from 0 to 0777 such as 0640";
	*mode = number;
	return NULL;
}

const char *number_size(const char *text, uint64_t most, uint64_t *bytes)
{
	static const char units[] = "kMGT";
	unsigned int power = 0;
	const char *unit;
	char *end;

	errno = 0;
	*bytes = strtoull(text, &end, 10);
	unit = *end ? strchr(units, *end == 'K' ? 'k' : *end) : NULL;
	if (unit) {
		power = unit - units + 1;
		end++;
	}
	if (!isdigit((unsigned char)*text) || *end)
		return "is no size such as 4096, 64k, 512M, 2G";
	if (errno || *bytes > most >> 10 * power)
		return too_large(most);
	*bytes <<= 10 * power;
	return NULL;
}
