// SPDX-License-Identifier: GPL-2.0-only
/*
 * Numbers as short as they can be read.
 */
#include <stdio.h>
#include <string.h>

#include "compiler.h"
#include "scale.h"

/* Zeroes behind the point, and the point, if nothing else is there. */
static void cut_zeroes(char *text)
{
	size_t len = strlen(text);

	if (!strchr(text, '.'))
		return;
	while (text[len - 1] == '0')
		text[--len] = '\0';
	if (text[len - 1] == '.')
		text[--len] = '\0';
}

static void scale(char text[SCALE_SIZE], double number, double step,
		  const char *const *units, size_t last)
{
	size_t unit = 0;
	int decimals;

	/* What would be rounded to a fourth digit is one of the next unit. */
	while (unit < last && number >= step * 0.9995) {
		number /= step;
		unit++;
	}
	decimals = number < 9.995 ? 2 : number < 99.95 ? 1 : 0;
	snprintf(text, SCALE_SIZE, "%.*f", decimals, number);
	cut_zeroes(text);
	strcat(text, units[unit]);
}

void scale_count(char text[SCALE_SIZE], double number)
{
	static const char *const units[] = { "", "k", "M", "G", "T", "P", "E" };

	scale(text, number, 1000, units, ARRAY_SIZE(units) - 1);
}

void scale_bytes(char text[SCALE_SIZE], uint64_t bytes)
{
	static const char *const units[] = { "", "K", "M", "G", "T", "P", "E" };

	scale(text, bytes, 1024, units, ARRAY_SIZE(units) - 1);
}

void scale_ns(char text[SCALE_SIZE], uint64_t ns)
{
	static const char *const units[] = { "ns", "us", "ms", "s" };

	scale(text, ns, 1000, units, ARRAY_SIZE(units) - 1);
}
