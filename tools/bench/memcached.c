// SPDX-License-Identifier: GPL-2.0-only
/*
 * The client of memcached: see memcached.h.
 */
#include <errno.h>

#include "memcached.h"
#include "wire.h"

/* A part of the request, whose bytes are known when this is compiled. */
#define put_literal(to, text) wire_put(to, text, sizeof(text) - 1)

void memcached_ask_get(struct wire *wire, const void *key, size_t key_len)
{
	char *to = wire_begin(wire, MEMCACHED_FRAME + key_len);

	to = put_literal(to, "mg ");
	to = wire_put(to, key, key_len);
	wire_end(wire, put_literal(to, " v\r\n"));
}

void memcached_ask_set(struct wire *wire, const void *key, size_t key_len,
		       const void *value, size_t value_len)
{
	char *to = wire_begin(wire, MEMCACHED_FRAME + key_len + value_len);

	to = put_literal(to, "ms ");
	to = wire_put(to, key, key_len);
	*to++ = ' ';
	to = wire_put_number(to, value_len);
	to = put_literal(to, "\r\n");
	to = wire_put(to, value, value_len);
	wire_end(wire, put_literal(to, "\r\n"));
}

void memcached_ask_incr(struct wire *wire, const void *key, size_t key_len)
{
	char *to = wire_begin(wire, MEMCACHED_FRAME + key_len);

	to = put_literal(to, "ma ");
	to = wire_put(to, key, key_len);
	wire_end(wire, put_literal(to, " v\r\n"));
}

static int memcached_is(const char *line, size_t len, const char *word)
{
	return len == strlen(word) && !memcmp(line, word, len);
}

/* "VA <length>" before a value, @missing in its place. */
static int memcached_value_line(struct wire *wire, const char *missing,
				size_t *value_len)
{
	size_t len;
	char *line;
	int err;

	err = wire_line(wire, &line, &len);
	if (err)
		return err;
	if (memcached_is(line, len, missing))
		return -ENOENT;
	if (len < 4 || memcmp(line, "VA ", 3))
		return -EPROTO;
	/* It ends in a space where no flag is answered. */
	if (line[len - 1] == ' ')
		len--;
	return wire_number(line + 3, len - 3, value_len);
}

int memcached_answer_get(struct wire *wire, void *buf, size_t size, size_t *len)
{
	int err;

	err = memcached_value_line(wire, "EN", len);
	if (err)
		return err;
	return wire_value(wire, *len, buf, size);
}

int memcached_answer_set(struct wire *wire)
{
	size_t len;
	char *line;
	int err;

	err = wire_line(wire, &line, &len);
	if (err)
		return err;
	return memcached_is(line, len, "HD") ? 0 : -EPROTO;
}

int memcached_answer_incr(struct wire *wire, int64_t *value)
{
	size_t digits, number;
	char *bytes;
	int err;

	err = memcached_value_line(wire, "NF", &digits);
	if (!err)
		err = wire_bytes(wire, digits, &bytes);
	if (!err)
		err = wire_number(bytes, digits, &number);
	if (!err)
		*value = number;
	return err;
}

int memcached_version(struct wire *wire, char *text, size_t size)
{
	static const char word[] = "VERSION ";
	size_t len;
	char *line;
	int err;

	wire_end(wire,
		 put_literal(wire_begin(wire, MEMCACHED_FRAME), "version\r\n"));
	err = wire_send(wire);
	if (!err)
		err = wire_line(wire, &line, &len);
	if (err)
		return err;
	if (len < sizeof(word) || memcmp(line, word, sizeof(word) - 1))
		return -EPROTO;
	line += sizeof(word) - 1;
	len -= sizeof(word) - 1;
	if (len >= size)
		return -ERANGE;
	*wire_put(text, line, len) = '\0';
	return 0;
}

/* The line of `stats` that begins so; all are read. */
static int memcached_figure(struct wire *wire, const char *word, size_t *figure)
{
	size_t skip = strlen(word);
	int found = -EPROTO;
	size_t len;
	char *line;
	int err;

	for (;;) {
		err = wire_line(wire, &line, &len);
		if (err)
			return err;
		if (memcached_is(line, len, "END"))
			return found;
		if (len > skip && !memcmp(line, word, skip))
			found = wire_number(line + skip, len - skip, figure);
	}
}

int memcached_entries(struct wire *wire, size_t *entries)
{
	int err;

	wire_end(wire,
		 put_literal(wire_begin(wire, MEMCACHED_FRAME), "stats\r\n"));
	err = wire_send(wire);
	if (err)
		return err;
	return memcached_figure(wire, "STAT curr_items ", entries);
}
