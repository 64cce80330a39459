// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lines of words, with the escapes of the load format.
 */
#include <string.h>

#include "escape.h"
#include "words.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static char *skip_blanks(char *at, const char *end)
{
	while (at < end && is_blank(*at))
		at++;
	return at;
}

/* The word at @at; where the next may begin, or NULL without a closing quote */
static char *take_word(char *at, char *end, struct word *word)
{
	char *close = at;

	word->quoted = *at == '"';
	word->text = at + word->quoted;
	if (word->quoted) {
		close = memchr(word->text, '"', end - word->text);
		if (!close || (close + 1 < end && !is_blank(close[1])))
			return NULL;
	} else {
		while (close < end && !is_blank(*close))
			close++;
	}
	word->len = close - word->text;
	return close < end ? close + 1 : end;
}

const char *words_split(char *line, size_t len, struct words *words)
{
	char *end = line + len;
	char *at = line;
	size_t i;

	words->count = 0;
	while ((at = skip_blanks(at, end)) < end) {
		if (words->count == MOST_WORDS)
			return "there are too many words";
		at = take_word(at, end, &words->at[words->count++]);
		if (!at)
			return "a double quote does not end a word: write it as \\x22";
	}
	for (i = 0; i < words->count; i++) {
		struct word *word = &words->at[i];

		if (!unescape(word->text, &word->len))
			return "a backslash begins no escape: use \\t, \\n, \\\\ or \\xHH";
		word->text[word->len] = '\0';
	}
	return NULL;
}
