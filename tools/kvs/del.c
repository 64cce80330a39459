// SPDX-License-Identifier: GPL-2.0-only
/*
 * kvs del: remove an entry.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>

#include <kvs.h>

#include "args.h"
#include "commands.h"
#include "json.h"
#include "key.h"
#include "store.h"

static void print_json(const struct args *args, const struct key *key,
		       const struct kvs_result *result)
{
	struct json_object *object = json_new();

	json_add_text(object, "store", store_name(args));
	json_add_bytes(object, "key", key->bytes, key->len);
	json_add_u64(object, "version", result->version);
	json_print(object);
}

enum status command_del(struct args *args)
{
	static const struct option options[] = {
		{ "if-version", required_argument, NULL, 'v' },
		{ NULL, 0, NULL, 0 }
	};
	struct kvs_result result;
	bool if_version = false;
	uint64_t version = 0;
	struct kvs *kvs;
	struct key key;
	int err;

	while (args_next(args, options) != -1) {
		version = args_u64(args, "--if-version", optarg, INT64_MAX);
		if_version = true;
	}
	args_want(args, 1, 1);
	key = key_operand(args);

	kvs = store_open(args, O_WRONLY);
	if (if_version)
		err = kvs_delete_if(kvs, key.bytes, key.len, version, &result);
	else
		err = kvs_delete(kvs, key.bytes, key.len, 0, &result);
	kvs_close(kvs);

	if (err == -ESTALE)
		return key_stale(&key, version, result.version);
	if (err)
		return key_failed(&key, err);
	if (args->json)
		print_json(args, &key, &result);
	return STATUS_DONE;
}
