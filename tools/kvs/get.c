// SPDX-License-Identifier: GPL-2.0-only
/*
 * kvs get: a value, and nothing else.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

#include <kvs.h>

#include "args.h"
#include "commands.h"
#include "json.h"
#include "key.h"
#include "output.h"
#include "store.h"

#define FIRST_SIZE (64 << 10)

/**
 * struct value - a value that was read
 * @bytes: the value, of @result.length bytes
 * @result: what was answered with it
 */
struct value {
	char *bytes;
	struct kvs_result result;
};

/* A value may grow between the answer that tells its length and the next try. */
static int read_value(struct kvs *kvs, const struct key *key,
		      struct value *value)
{
	size_t size = FIRST_SIZE;
	int err;

	value->bytes = NULL;
	do {
		free(value->bytes);
		value->bytes = malloc(size);
		if (!value->bytes)
			die_no_memory();
		err = kvs_get(kvs, key->bytes, key->len, value->bytes, size,
			      &value->result);
		size = value->result.length;
	} while (err == -ERANGE);
	return err;
}

static void print_value(const struct value *value, bool raw)
{
	const struct kvs_result *result = &value->result;
	char number[24];
	int len;

	if (raw || result->kind != KVS_ENTRY_COUNTER) {
		output_bytes(value->bytes, result->length, true);
		return;
	}
	len = snprintf(number, sizeof(number), "%lld",
		       (long long)result->number);
	output_bytes(number, len, true);
}

static void print_json(const struct args *args, const struct key *key,
		       const struct value *value, bool raw)
{
	const struct kvs_result *result = &value->result;
	struct json_object *object = json_new();

	json_add_text(object, "store", store_name(args));
	json_add_bytes(object, "key", key->bytes, key->len);
	json_add_text(object, "kind", kind_name(result->kind));
	json_add_u64(object, "version", result->version);
	json_add_u64(object, "user_flags", result->user_flags);
	json_add_u64(object, "length", result->length);
	if (raw || result->kind != KVS_ENTRY_COUNTER)
		json_add_bytes(object, "value", value->bytes, result->length);
	else
		json_add_s64(object, "value", result->number);
	json_print(object);
}

enum status command_get(struct args *args)
{
	static const struct option options[] = {
		{ "raw", no_argument, NULL, 'r' }, { NULL, 0, NULL, 0 }
	};
	struct value value;
	struct kvs *kvs;
	struct key key;
	bool raw = false;
	int err;

	while (args_next(args, options) != -1)
		raw = true;
	args_want(args, 1, 1);
	key = key_operand(args);

	kvs = store_open(args, O_RDONLY);
	err = read_value(kvs, &key, &value);
	if (!err && args->json)
		print_json(args, &key, &value, raw);
	else if (!err)
		print_value(&value, raw);

	free(value.bytes);
	kvs_close(kvs);
	return err ? key_failed(&key, err) : STATUS_DONE;
}
