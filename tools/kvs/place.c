// SPDX-License-Identifier: GPL-2.0-only
/*
 * A line of a file that a user wrote.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "message.h"
#include "number.h"
#include "place.h"
#include "words.h"

#define LONGEST_TEXT 256

void place_die(const struct place *place, const char *format, ...)
{
	char text[LONGEST_TEXT];
	va_list values;

	va_start(values, format);
	vsnprintf(text, sizeof(text), format, values);
	va_end(values);
	die(STATUS_FAILED, "%s:%lu: %s", place->file, place->line, text);
}

/* A number ends where its text does, and not at a NUL within. */
static void check(const struct place *place, const char *what,
		  const struct word *word, const char *wrong)
{
	if (!wrong && strlen(word->text) != word->len)
		wrong = "is not a number";
	if (wrong)
		place_die(place, "%s '%s' %s", what,
			  key_name(word->text, word->len), wrong);
}

int64_t place_s64(const struct place *place, const char *what,
		  const struct word *word)
{
	int64_t number;

	check(place, what, word, number_s64(word->text, &number));
	return number;
}

uint64_t place_u64(const struct place *place, const char *what,
		   const struct word *word, uint64_t most)
{
	uint64_t number;

	check(place, what, word, number_u64(word->text, most, &number));
	return number;
}

uint64_t place_bits(const struct place *place, const char *what,
		    const struct word *word)
{
	if (*word->text == '-')
		return place_s64(place, what, word);
	return place_u64(place, what, word, UINT64_MAX);
}
