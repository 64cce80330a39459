// SPDX-License-Identifier: GPL-2.0-only
/*
 * kvs get: a value, and nothing else.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>

#include <kvs.h>

#include "args.h"
#include "commands.h"
#include "expiry.h"
#include "json.h"
#include "key.h"
#include "store.h"
#include "value.h"

/**
 * struct get - what the command line asks for
 * @kvs: handle
 * @key: key
 * @raw: a counter as its 8 bytes
 * @part: not the whole value
 * @offset: the first byte wanted
 * @length: bytes wanted at most
 * @expiry: the deadline that the reading gives the entry
 */
struct get {
	struct kvs *kvs;
	struct key key;
	bool raw;
	bool part;
	uint64_t offset;
	uint64_t length;
	struct expiry expiry;
};

static void read_options(struct args *args, struct get *get)
{
	static const struct option options[] = {
		{ "raw", no_argument, NULL, 'r' },
		{ "offset", required_argument, NULL, 'o' },
		{ "length", required_argument, NULL, 'l' },
		{ "ttl", required_argument, NULL, OPTION_TTL },
		{ "at", required_argument, NULL, OPTION_AT },
		{ NULL, 0, NULL, 0 }
	};
	int code;

	while ((code = args_next(args, options)) != -1) {
		if (expiry_option(args, code, &get->expiry))
			continue;
		if (code == 'r') {
			get->raw = true;
			continue;
		}
		if (code == 'o')
			get->offset =
				args_u64(args, "--offset", optarg, UINT32_MAX);
		else
			get->length =
				args_u64(args, "--length", optarg, UINT32_MAX);
		get->part = true;
	}
}

static int get_value(void *context, struct value *value)
{
	const struct kvs_result *result = &value->result;
	const struct get *get = context;
	struct kvs_request request;
	size_t room = value->room;
	int err;

	if (room > get->length)
		room = get->length;
	kvs_request_get(&request, get->key.bytes, get->key.len, value->bytes,
			room, 0, &value->result);
	if (get->part)
		kvs_request_set_offset(&request, get->offset);
	expiry_apply(&get->expiry, &request);
	err = kvs_do(get->kvs, &request);
	if (err)
		return err;

	value->len = 0;
	if (result->length > get->offset)
		value->len = result->length - get->offset;
	if (value->len > get->length)
		value->len = get->length;
	return value->len > room ? -ERANGE : 0;
}

static void print_json(const struct args *args, const struct get *get,
		       const struct value *value)
{
	const struct kvs_result *result = &value->result;
	struct json_object *object = json_new();

	json_add_text(object, "store", store_name(args));
	json_add_bytes(object, "key", get->key.bytes, get->key.len);
	json_add_text(object, "kind", kind_name(result->kind));
	json_add_u64(object, "version", result->version);
	expiry_json(object, result->ttl);
	json_add_u64(object, "app_version", result->app_version);
	json_add_u64(object, "user_flags", result->user_flags);
	json_add_u64(object, "length", result->length);
	if (get->part)
		json_add_u64(object, "offset", get->offset);
	value_json(object, "value", value);
	json_print(object);
}

enum status command_get(struct args *args)
{
	struct get get = { .length = UINT32_MAX };
	struct value value;
	int err;

	read_options(args, &get);
	args_want(args, 1, 1);
	get.key = key_operand(args);
	value.raw = get.raw || get.part;

	/* To move the deadline is a change. */
	get.kvs = store_open(args, get.expiry.option ? O_RDWR : O_RDONLY);
	expiry_resolve(args, get.kvs, &get.expiry);
	err = value_read(&value, get_value, &get);
	kvs_close(get.kvs);
	if (!err && args->json)
		print_json(args, &get, &value);
	else if (!err)
		value_print(&value);
	value_free(&value);
	return err ? key_failed(&get.key, err) : STATUS_DONE;
}
