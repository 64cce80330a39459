/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A value that a request answers.
 */
#ifndef KVS_TOOL_VALUE_H
#define KVS_TOOL_VALUE_H

#include <stdbool.h>
#include <stddef.h>

#include <kvs.h>

struct json_object;

/**
 * struct value - a value and what was answered with it
 * @bytes: where it is, of @room bytes
 * @room: bytes that there is room for
 * @len: how many of them the value has
 * @raw: a counter is wanted as its 8 bytes, not in decimal
 * @result: what was answered
 */
struct value {
	char *bytes;
	size_t room;
	size_t len;
	bool raw;
	struct kvs_result result;
};

/* Executes a request that answers @value; 0 or a negative errno. */
typedef int value_read_fn(void *context, struct value *value);

/**
 * value_read() - read a value of any length
 * @value: where to; for value_free() to free, whatever this returns
 * @read: called again with more room for as long as it returns -ERANGE, the
 *	length needed in the result
 * @context: handed to @read
 *
 * Return: what @read returned at last.
 */
int value_read(struct value *value, value_read_fn *read, void *context);
void value_free(struct value *value);

/* Writes it to stdout, and nothing else. */
void value_print(const struct value *value);

/* Adds it as the member @name, or @name_base64. */
void value_json(struct json_object *object, const char *name,
		const struct value *value);

#endif /* KVS_TOOL_VALUE_H */
