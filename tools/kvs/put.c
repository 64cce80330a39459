// SPDX-License-Identifier: GPL-2.0-only
/*
 * kvs put: write a value of the command line or of stdin.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <kvs.h>

#include "args.h"
#include "commands.h"
#include "input.h"
#include "json.h"
#include "key.h"
#include "store.h"

/**
 * struct put - what the command line asks for
 * @flags: KVS_FLAG_*
 * @if_version: whether @version was given
 * @version: version that the entry must have
 * @user_flags: kept with the entry
 */
struct put {
	unsigned int flags;
	bool if_version;
	uint64_t version;
	uint32_t user_flags;
};

static void read_options(struct args *args, struct put *put)
{
	static const struct option options[] = {
		{ "create", no_argument, NULL, 'c' },
		{ "replace", no_argument, NULL, 'r' },
		{ "if-version", required_argument, NULL, 'v' },
		{ "counter", no_argument, NULL, 'n' },
		{ "user-flags", required_argument, NULL, 'u' },
		{ NULL, 0, NULL, 0 }
	};
	int code;

	while ((code = args_next(args, options)) != -1) {
		switch (code) {
		case 'c':
			put->flags |= KVS_FLAG_CREATE;
			break;
		case 'r':
			put->flags |= KVS_FLAG_REPLACE;
			break;
		case 'v':
			put->version = args_u64(args, "--if-version", optarg,
						INT64_MAX);
			put->if_version = true;
			break;
		case 'n':
			put->flags |= KVS_FLAG_COUNTER;
			break;
		case 'u':
			put->user_flags = args_u64(args, "--user-flags", optarg,
						   UINT32_MAX);
			break;
		}
	}
}

static void check_options(const struct args *args, const struct put *put)
{
	bool create = put->flags & KVS_FLAG_CREATE;
	bool replace = put->flags & KVS_FLAG_REPLACE;

	if (create + replace + put->if_version > 1)
		args_die(args, "use one of --create, --replace, --if-version");
}

/* The value, from stdin where the operand is "-"; for the caller to free. */
static char *read_value(const struct args *args, struct kvs *kvs,
			const struct key *key, size_t *len)
{
	const char *operand = args->operands[1];
	struct kvs_store_info info;
	char *bytes;

	if (!strcmp(operand, "-")) {
		store_info(args, kvs, &info);
		bytes = input_bytes(info.max_value, len);
		if (!bytes)
			exit(key_failed(key, -EFBIG));
		return bytes;
	}

	bytes = strdup(operand);
	if (!bytes)
		die_no_memory();
	*len = strlen(bytes);
	return bytes;
}

/* Makes the text of a counter the number that the store takes. */
static char *to_counter(const struct args *args, char *text, size_t *len)
{
	int64_t *number = malloc(sizeof(*number));

	if (!number)
		die_no_memory();
	if (*len && text[*len - 1] == '\n')
		text[--*len] = '\0';
	if (strlen(text) != *len)
		args_die(args, "the value is not an integer");
	*number = args_s64(args, "value", text);
	*len = sizeof(*number);
	free(text);
	return (char *)number;
}

static enum status put_failed(const struct put *put, const struct key *key,
			      int error, const struct kvs_result *result)
{
	if (error == -ENOENT && !put->if_version) {
		key_message(key, "not found: leave out --replace to make it");
		return STATUS_REFUSED;
	}
	if (error == -ESTALE)
		return key_stale(key, put->version, result->version);
	return key_failed(key, error);
}

static void print_json(const struct args *args, const struct key *key,
		       const struct kvs_result *result)
{
	struct json_object *object = json_new();

	json_add_text(object, "store", store_name(args));
	json_add_bytes(object, "key", key->bytes, key->len);
	json_add_text(object, "kind", kind_name(result->kind));
	json_add_u64(object, "version", result->version);
	json_add_bool(object, "created", result->flags & KVS_RESULT_CREATED);
	json_print(object);
}

enum status command_put(struct args *args)
{
	struct put put = { 0 };
	struct kvs_request request;
	struct kvs_result result;
	struct kvs *kvs;
	struct key key;
	char *value;
	size_t len;
	int err;

	read_options(args, &put);
	args_want(args, 2, 2);
	check_options(args, &put);
	key = key_operand(args);

	kvs = store_open(args, O_WRONLY);
	value = read_value(args, kvs, &key, &len);
	if (put.flags & KVS_FLAG_COUNTER)
		value = to_counter(args, value, &len);

	kvs_request_put(&request, key.bytes, key.len, value, len, put.flags,
			&result);
	kvs_request_set_user_flags(&request, put.user_flags);
	if (put.if_version)
		kvs_request_set_version(&request, put.version);
	err = kvs_do(kvs, &request);

	free(value);
	kvs_close(kvs);
	if (err)
		return put_failed(&put, &key, err, &result);
	if (args->json)
		print_json(args, &key, &result);
	return STATUS_DONE;
}
