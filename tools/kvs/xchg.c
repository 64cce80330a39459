// SPDX-License-Identifier: GPL-2.0-only
/*
 * kvs xchg: set a counter and tell what it was.
 */
#include <fcntl.h>
#include <stdio.h>

#include <kvs.h>

#include "args.h"
#include "commands.h"
#include "json.h"
#include "key.h"
#include "store.h"

static void print_json(const struct args *args, const struct key *key,
		       int64_t number, const struct kvs_result *result)
{
	struct json_object *object = json_new();

	json_add_text(object, "store", store_name(args));
	json_add_bytes(object, "key", key->bytes, key->len);
	json_add_s64(object, "value", number);
	json_add_s64(object, "old", result->number);
	json_add_u64(object, "version", result->version);
	json_add_bool(object, "created", result->flags & KVS_RESULT_CREATED);
	json_print(object);
}

enum status command_xchg(struct args *args)
{
	static const struct option options[] = {
		{ "create", no_argument, NULL, 'c' }, { NULL, 0, NULL, 0 }
	};
	struct kvs_result result;
	unsigned int flags = 0;
	struct kvs *kvs;
	struct key key;
	int64_t number;
	int err;

	while (args_next(args, options) != -1)
		flags |= KVS_FLAG_CREATE;
	args_want(args, 2, 2);
	key = key_operand(args);
	number = args_s64(args, "N", args->operands[1]);

	kvs = store_open(args, O_RDWR);
	err = kvs_xchg(kvs, key.bytes, key.len, number, flags, &result);
	kvs_close(kvs);
	if (err)
		return key_counter_failed(&key, err);
	if (args->json)
		print_json(args, &key, number, &result);
	else
		printf("%lld\n", (long long)result.number);
	return STATUS_DONE;
}
