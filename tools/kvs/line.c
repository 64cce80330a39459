// SPDX-License-Identifier: GPL-2.0-only
/*
 * The load format: lines of KEY, tab, VALUE.
 *
 * getline() would take as much memory as the longest line needs, which a file
 * without any newline makes as long as it likes.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "escape.h"
#include "line.h"
#include "message.h"

#define FIRST_SIZE (64 << 10)

void line_reader_init(struct line_reader *reader, int fd, size_t limit)
{
	*reader = (struct line_reader){
		.fd = fd,
		.limit = limit,
		.size = FIRST_SIZE,
		.buffer = malloc(FIRST_SIZE),
	};
	if (!reader->buffer)
		die_no_memory();
}

void line_reader_free(struct line_reader *reader)
{
	free(reader->buffer);
	reader->buffer = NULL;
}

/* Makes room behind what was read. */
static void make_room(struct line_reader *reader)
{
	char *larger;

	if (reader->start) {
		memmove(reader->buffer, reader->buffer + reader->start,
			reader->end - reader->start);
		reader->end -= reader->start;
		reader->start = 0;
	}
	if (reader->end < reader->size)
		return;

	larger = realloc(reader->buffer, reader->size * 2);
	if (!larger)
		die_no_memory();
	reader->buffer = larger;
	reader->size *= 2;
}

/* Reads on: 1, 0 at the end of the file, or a negative errno. */
static int refill(struct line_reader *reader)
{
	ssize_t got;

	make_room(reader);
	do {
		got = read(reader->fd, reader->buffer + reader->end,
			   reader->size - reader->end);
	} while (got < 0 && errno == EINTR);
	if (got < 0)
		return -errno;

	reader->end += got;
	return got > 0;
}

/* Reads over the rest of a line whose beginning was too long already. */
static int skip_line(struct line_reader *reader)
{
	int err;

	for (;;) {
		char *from = reader->buffer + reader->start;
		char *newline = memchr(from, '\n', reader->end - reader->start);

		if (newline) {
			reader->start = newline + 1 - reader->buffer;
			return -EMSGSIZE;
		}
		reader->start = 0;
		reader->end = 0;
		err = refill(reader);
		if (err < 0)
			return err;
		if (!err)
			return -EMSGSIZE;
	}
}

static int answer(struct line_reader *reader, size_t length, bool newline,
		  char **line, size_t *len)
{
	*line = reader->buffer + reader->start;
	*len = length;
	reader->start += length + newline;
	return length > reader->limit ? -EMSGSIZE : 1;
}

int line_read(struct line_reader *reader, char **line, size_t *len)
{
	size_t seen = 0;
	int err;

	reader->number++;
	for (;;) {
		char *from = reader->buffer + reader->start;
		size_t held = reader->end - reader->start;
		char *newline = memchr(from + seen, '\n', held - seen);

		if (newline)
			return answer(reader, newline - from, true, line, len);
		if (held > reader->limit)
			return skip_line(reader);

		seen = held;
		err = refill(reader);
		if (err < 0)
			return err;
		if (!err)
			return held ? answer(reader, held, false, line, len) :
				      0;
	}
}

const char *line_parse(char *line, size_t len, struct entry_line *entry)
{
	char *tab = memchr(line, '\t', len);

	if (!len)
		return "the line is empty: a line is KEY, a tab, VALUE";
	if (!tab)
		return "there is no tab: a line is KEY, a tab, VALUE";

	entry->key = line;
	entry->key_len = tab - line;
	entry->value = tab + 1;
	entry->value_len = line + len - entry->value;
	if (!entry->key_len)
		return "the key is empty: a key has 1 to 1024 bytes";
	if (!unescape(entry->key, &entry->key_len) ||
	    !unescape(entry->value, &entry->value_len))
		return "a backslash begins no escape: use \\t, \\n, \\\\ or \\xHH";
	return NULL;
}
