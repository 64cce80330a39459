// SPDX-License-Identifier: GPL-2.0-only
/*
 * A value that a request answers.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "json.h"
#include "message.h"
#include "output.h"
#include "value.h"

#define FIRST_SIZE (64 << 10)

/* It may grow between the answer that tells its length and the next try. */
int value_read(struct value *value, value_read_fn *read, void *context)
{
	int err;

	value->bytes = NULL;
	value->room = FIRST_SIZE;
	do {
		free(value->bytes);
		value->bytes = malloc(value->room);
		if (!value->bytes)
			die_no_memory();
		err = read(context, value);
		if (err == -ERANGE)
			value->room = value->result.length;
	} while (err == -ERANGE);
	return err;
}

void value_free(struct value *value)
{
	free(value->bytes);
	value->bytes = NULL;
}

static bool is_number(const struct value *value)
{
	return value->result.kind == KVS_ENTRY_COUNTER && !value->raw;
}

void value_print(const struct value *value)
{
	char number[24];
	int len;

	if (!is_number(value)) {
		output_bytes(value->bytes, value->len, true);
		return;
	}
	len = snprintf(number, sizeof(number), "%lld",
		       (long long)value->result.number);
	output_bytes(number, len, true);
}

void value_json(struct json_object *object, const char *name,
		const struct value *value)
{
	if (is_number(value))
		json_add_s64(object, name, value->result.number);
	else
		json_add_bytes(object, name, value->bytes, value->len);
}
