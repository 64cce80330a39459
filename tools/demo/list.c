// SPDX-License-Identifier: GPL-2.0-only
/*
 * The list of what was loaded, read without the tool that loaded it.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "demo.h"

/* The file as a text; a NUL would end it. */
static char *read_text(const char *name)
{
	FILE *file = fopen(name, "re");
	char *text = NULL;
	size_t size = 0;

	if (!file)
		die("cannot open %s: %s", name, strerror(errno));
	if (getdelim(&text, &size, '\0', file) < 0)
		die("%s is empty, or cannot be read", name);
	fclose(file);
	return text;
}

static size_t count_lines(const char *text)
{
	size_t lines = 0;

	for (; *text; text++)
		lines += *text == '\n';
	return lines;
}

void list_read(struct list *list, const char *file)
{
	char *line, *rest;

	list->text = read_text(file);
	list->count = 0;
	list->entries =
		calloc(count_lines(list->text) + 1, sizeof(*list->entries));
	if (!list->entries)
		die("no memory for the entries of %s", file);

	rest = list->text;
	while (*rest) {
		struct entry *entry = &list->entries[list->count++];
		char *tab;

		line = strsep(&rest, "\n");
		tab = strchr(line, '\t');
		if (!rest || !tab)
			die("%s:%zu: not a key, a tab, a value, a newline",
			    file, list->count);
		*entry = (struct entry){
			.key = line,
			.key_len = tab - line,
			.value = tab + 1,
			.value_len = rest - 1 - (tab + 1),
		};
	}
}

void list_free(struct list *list)
{
	free(list->entries);
	free(list->text);
}
