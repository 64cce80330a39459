/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Lines of words, with the escapes of the load format.
 */
#ifndef KVS_TOOL_WORDS_H
#define KVS_TOOL_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#define MOST_WORDS 32

/**
 * struct word - a word of a line
 * @text: its bytes, NUL-terminated
 * @len: how many; they may hold NULs
 * @quoted: it stood in double quotes
 */
struct word {
	char *text;
	size_t len;
	bool quoted;
};

struct words {
	struct word at[MOST_WORDS];
	size_t count;
};

/**
 * words_split() - take a line apart
 * @line: the line, NUL-terminated; changed in place, and where the words lie
 * @len: its length, without the NUL
 * @words: out: its words
 *
 * Blanks and tabs part them. One in double quotes may hold them and be empty.
 *
 * Return: NULL, or what is wrong with the line.
 */
const char *words_split(char *line, size_t len, struct words *words);

#endif /* KVS_TOOL_WORDS_H */
