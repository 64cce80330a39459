/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The load format: lines of KEY, tab, VALUE, read one by one.
 */
#ifndef KVS_TOOL_LINE_H
#define KVS_TOOL_LINE_H

#include <stddef.h>

/**
 * struct line_reader - a file read line by line within bounded memory
 * @fd: where to read from
 * @limit: longest line, without its newline
 * @number: number of the line read last, from 1 on
 * @buffer: what was read and not yet answered, grown up to about twice @limit
 * @size: bytes allocated at @buffer
 * @start: first byte of the next line
 * @end: first byte behind what was read
 */
struct line_reader {
	int fd;
	size_t limit;
	unsigned long number;
	char *buffer;
	size_t size;
	size_t start;
	size_t end;
};

void line_reader_init(struct line_reader *reader, int fd, size_t limit);
void line_reader_free(struct line_reader *reader);

/**
 * line_read() - the next line
 * @reader: where from
 * @line: out: the line without its newline; valid until the next call
 * @len: out: its length
 *
 * A line longer than the limit is read over. The last line needs no newline.
 *
 * Return: 1; 0 at the end; -EMSGSIZE for a line that is too long; any other
 *	negative errno when reading failed.
 */
int line_read(struct line_reader *reader, char **line, size_t *len);

/**
 * struct entry_line - the key and the value that a line names
 * @key: points into the line
 * @value: points into the line
 * @key_len: bytes at @key
 * @value_len: bytes at @value
 */
struct entry_line {
	char *key;
	char *value;
	size_t key_len;
	size_t value_len;
};

/**
 * line_parse() - take a line apart, replacing its escapes
 * @line: the line, changed in place
 * @len: its length
 * @entry: out: what it names
 *
 * Return: NULL, or what is wrong with the line.
 */
const char *line_parse(char *line, size_t len, struct entry_line *entry);

#endif /* KVS_TOOL_LINE_H */
