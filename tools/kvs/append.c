// SPDX-License-Identifier: GPL-2.0-only
/*
 * kvs append: write behind the present value.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

#include <kvs.h>

#include "args.h"
#include "commands.h"
#include "expiry.h"
#include "input.h"
#include "json.h"
#include "key.h"
#include "store.h"

static enum status append_failed(const struct key *key, int error)
{
	switch (-error) {
	case ENOENT:
		key_message(key, "not found: use --create to make it");
		return STATUS_REFUSED;
	case EPROTOTYPE:
		key_message(key, "is a counter: 'kvs put' makes it a value");
		return STATUS_FAILED;
	default:
		return key_failed(key, error);
	}
}

static void print_json(const struct args *args, const struct key *key,
		       const struct kvs_result *result)
{
	struct json_object *object = json_new();

	json_add_text(object, "store", store_name(args));
	json_add_bytes(object, "key", key->bytes, key->len);
	json_add_u64(object, "version", result->version);
	expiry_json(object, result->ttl);
	json_add_u64(object, "length", result->length);
	json_add_bool(object, "created", result->flags & KVS_RESULT_CREATED);
	json_print(object);
}

enum status command_append(struct args *args)
{
	static const struct option options[] = {
		{ "create", no_argument, NULL, 'c' }, { NULL, 0, NULL, 0 }
	};
	struct kvs_result result;
	unsigned int flags = 0;
	struct kvs *kvs;
	struct key key;
	char *bytes;
	size_t len;
	int err;

	while (args_next(args, options) != -1)
		flags |= KVS_FLAG_CREATE;
	args_want(args, 2, 2);
	key = key_operand(args);

	kvs = store_open(args, O_WRONLY);
	bytes = input_value(args, kvs, &key, &len);
	err = kvs_append(kvs, key.bytes, key.len, bytes, len, flags, &result);
	kvs_close(kvs);
	free(bytes);
	if (err)
		return append_failed(&key, err);
	if (args->json)
		print_json(args, &key, &result);
	return STATUS_DONE;
}
