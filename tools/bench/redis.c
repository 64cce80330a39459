// SPDX-License-Identifier: GPL-2.0-only
/*
 * The client of Redis: see redis.h.
 */
#include <errno.h>

#include "redis.h"
#include "wire.h"

/* A part of the request, whose bytes are known when this is compiled. */
#define put_literal(to, text) wire_put(to, text, sizeof(text) - 1)

static char *redis_put_bulk(char *to, const void *bytes, size_t len)
{
	*to++ = '$';
	to = wire_put_number(to, len);
	to = put_literal(to, "\r\n");
	to = wire_put(to, bytes, len);
	return put_literal(to, "\r\n");
}

void redis_ask_get(struct wire *wire, const void *key, size_t key_len)
{
	char *to = wire_begin(wire, REDIS_FRAME + key_len);

	to = put_literal(to, "*2\r\n$3\r\nGET\r\n");
	wire_end(wire, redis_put_bulk(to, key, key_len));
}

void redis_ask_set(struct wire *wire, const void *key, size_t key_len,
		   const void *value, size_t value_len)
{
	char *to = wire_begin(wire, REDIS_FRAME + key_len + value_len);

	to = put_literal(to, "*3\r\n$3\r\nSET\r\n");
	to = redis_put_bulk(to, key, key_len);
	wire_end(wire, redis_put_bulk(to, value, value_len));
}

void redis_ask_incr(struct wire *wire, const void *key, size_t key_len)
{
	char *to = wire_begin(wire, REDIS_FRAME + key_len);

	to = put_literal(to, "*2\r\n$4\r\nINCR\r\n");
	wire_end(wire, redis_put_bulk(to, key, key_len));
}

/* A line of this type, without the letter that says so. */
static int redis_line(struct wire *wire, char type, char **line, size_t *len)
{
	int err;

	err = wire_line(wire, line, len);
	if (err)
		return err;
	if (!*len || **line != type)
		return -EPROTO;
	++*line;
	--*len;
	return 0;
}

int redis_answer_get(struct wire *wire, void *buf, size_t size, size_t *len)
{
	size_t digits;
	char *line;
	int err;

	err = redis_line(wire, '$', &line, &digits);
	if (err)
		return err;
	if (digits == 2 && !memcmp(line, "-1", 2))
		return -ENOENT;
	err = wire_number(line, digits, len);
	if (err)
		return err;
	return wire_value(wire, *len, buf, size);
}

int redis_answer_set(struct wire *wire)
{
	size_t len;
	char *line;
	int err;

	err = redis_line(wire, '+', &line, &len);
	if (err)
		return err;
	return len == 2 && !memcmp(line, "OK", 2) ? 0 : -EPROTO;
}

int redis_answer_incr(struct wire *wire, int64_t *value)
{
	size_t len, number;
	char *line;
	int err;

	err = redis_line(wire, ':', &line, &len);
	if (err)
		return err;
	*value = *line == '-' ? -1 : 1;
	if (*line == '-') {
		line++;
		len--;
	}
	err = wire_number(line, len, &number);
	*value *= (int64_t)number;
	return err;
}

int redis_version(struct wire *wire, char *text, size_t size)
{
	static const char word[] = "\r\nredis_version:";
	char info[8192];
	char *from, *end;
	size_t len;
	int err;

	wire_end(wire, put_literal(wire_begin(wire, REDIS_FRAME),
				   "*2\r\n$4\r\nINFO\r\n$6\r\nserver\r\n"));
	err = wire_send(wire);
	if (!err)
		err = redis_answer_get(wire, info, sizeof(info) - 1, &len);
	if (err)
		return err;
	info[len] = '\0';
	from = strstr(info, word);
	if (!from)
		return -EPROTO;
	from += sizeof(word) - 1;
	end = strstr(from, "\r\n");
	if (!end)
		return -EPROTO;
	if ((size_t)(end - from) >= size)
		return -ERANGE;
	*wire_put(text, from, end - from) = '\0';
	return 0;
}

int redis_entries(struct wire *wire, size_t *entries)
{
	int64_t value;
	int err;

	wire_end(wire, put_literal(wire_begin(wire, REDIS_FRAME),
				   "*1\r\n$6\r\nDBSIZE\r\n"));
	err = wire_send(wire);
	if (!err)
		err = redis_answer_incr(wire, &value);
	if (!err)
		*entries = value;
	return err;
}
