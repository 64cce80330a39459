// SPDX-License-Identifier: GPL-2.0-only
/*
 * kvs take: get and remove in one step.
 */
#include <fcntl.h>

#include <kvs.h>

#include "args.h"
#include "commands.h"
#include "json.h"
#include "key.h"
#include "store.h"
#include "value.h"

/**
 * struct take - what to take from where
 * @kvs: handle
 * @key: key
 */
struct take {
	struct kvs *kvs;
	struct key key;
};

static int take_value(void *context, struct value *value)
{
	const struct take *take = context;
	int err;

	err = kvs_take(take->kvs, take->key.bytes, take->key.len, value->bytes,
		       value->room, &value->result);
	value->len = value->result.length;
	return err;
}

static void print_json(const struct args *args, const struct key *key,
		       const struct value *value)
{
	const struct kvs_result *result = &value->result;
	struct json_object *object = json_new();

	json_add_text(object, "store", store_name(args));
	json_add_bytes(object, "key", key->bytes, key->len);
	json_add_text(object, "kind", kind_name(result->kind));
	json_add_u64(object, "version", result->version);
	json_add_u64(object, "user_flags", result->user_flags);
	json_add_u64(object, "length", result->length);
	value_json(object, "value", value);
	json_print(object);
}

enum status command_take(struct args *args)
{
	static const struct option options[] = {
		{ "raw", no_argument, NULL, 'r' }, { NULL, 0, NULL, 0 }
	};
	struct value value = { 0 };
	struct take take;
	int err;

	while (args_next(args, options) != -1)
		value.raw = true;
	args_want(args, 1, 1);
	take.key = key_operand(args);

	take.kvs = store_open(args, O_RDWR);
	err = value_read(&value, take_value, &take);
	kvs_close(take.kvs);
	if (!err && args->json)
		print_json(args, &take.key, &value);
	else if (!err)
		value_print(&value);
	value_free(&value);
	return err ? key_failed(&take.key, err) : STATUS_DONE;
}
