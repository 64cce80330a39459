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
#include "expected.h"
#include "expiry.h"
#include "input.h"
#include "json.h"
#include "key.h"
#include "store.h"
#include "value.h"

/**
 * struct put - what the command line asks for
 * @kvs: handle
 * @key: key
 * @bytes: the value
 * @len: bytes at @bytes
 * @flags: KVS_FLAG_*
 * @if_version: whether @version was given
 * @version: version that the entry must have
 * @if_newer: whether @app_version was given
 * @app_version: application version, above that of the entry
 * @if_eq: value that the entry must have, or NULL
 * @expected: its bytes
 * @old: the old value is wanted
 * @user_flags: kept with the entry
 * @expiry: the deadline
 */
struct put {
	struct kvs *kvs;
	struct key key;
	char *bytes;
	size_t len;
	unsigned int flags;
	bool if_version;
	uint64_t version;
	bool if_newer;
	uint64_t app_version;
	const char *if_eq;
	struct expected expected;
	bool old;
	uint32_t user_flags;
	struct expiry expiry;
};

static void read_condition(const struct args *args, int code, struct put *put)
{
	switch (code) {
	case 'c':
		put->flags |= KVS_FLAG_CREATE;
		break;
	case 'r':
		put->flags |= KVS_FLAG_REPLACE;
		break;
	case 'v':
		put->version =
			args_u64(args, "--if-version", optarg, INT64_MAX);
		put->if_version = true;
		break;
	case 'w':
		put->app_version =
			args_u64(args, "--if-newer", optarg, UINT64_MAX);
		if (!put->app_version)
			args_die(args, "--if-newer counts from 1");
		put->if_newer = true;
		break;
	case 'e':
		put->if_eq = optarg;
		break;
	}
}

static void read_option(const struct args *args, int code, struct put *put)
{
	switch (code) {
	case 'n':
		put->flags |= KVS_FLAG_COUNTER;
		break;
	case 'p':
		put->flags |= KVS_FLAG_PINNED;
		break;
	case 'k':
		put->flags |= KVS_FLAG_KEEP_TTL;
		break;
	case 'o':
		put->old = true;
		break;
	case 'u':
		put->user_flags =
			args_u64(args, "--user-flags", optarg, UINT32_MAX);
		break;
	default:
		read_condition(args, code, put);
	}
}

static void check_options(const struct args *args, const struct put *put)
{
	bool create = put->flags & KVS_FLAG_CREATE;
	bool replace = put->flags & KVS_FLAG_REPLACE;
	int conditions;

	/* A newer value of what is there: the one pair that makes sense. */
	conditions = create + (replace || put->if_newer) + put->if_version +
		     !!put->if_eq;
	if (conditions > 1)
		args_die(args, "use one of --create, --replace, --if-...");
	if (put->flags & KVS_FLAG_KEEP_TTL && put->expiry.option)
		args_die(args, "--keep-ttl and %s exclude each other",
			 put->expiry.option);
}

static void read_options(struct args *args, struct put *put)
{
	static const struct option options[] = {
		{ "create", no_argument, NULL, 'c' },
		{ "replace", no_argument, NULL, 'r' },
		{ "if-version", required_argument, NULL, 'v' },
		{ "if-eq", required_argument, NULL, 'e' },
		{ "if-newer", required_argument, NULL, 'w' },
		{ "counter", no_argument, NULL, 'n' },
		{ "old", no_argument, NULL, 'o' },
		{ "ttl", required_argument, NULL, OPTION_TTL },
		{ "at", required_argument, NULL, OPTION_AT },
		{ "keep-ttl", no_argument, NULL, 'k' },
		{ "user-flags", required_argument, NULL, 'u' },
		{ "pin", no_argument, NULL, 'p' },
		{ NULL, 0, NULL, 0 }
	};
	int code;

	while ((code = args_next(args, options)) != -1)
		if (!expiry_option(args, code, &put->expiry))
			read_option(args, code, put);
	check_options(args, put);
	if (put->if_eq)
		expected_read(args, put->if_eq, put->flags & KVS_FLAG_COUNTER,
			      &put->expected);
}

/* Makes the text of a counter the number that the store takes. */
static void to_counter(const struct args *args, struct put *put)
{
	int64_t *number = malloc(sizeof(*number));
	char *text = put->bytes;

	if (!number)
		die_no_memory();
	if (put->len && text[put->len - 1] == '\n')
		text[--put->len] = '\0';
	if (strlen(text) != put->len)
		args_die(args, "the value is not an integer");
	*number = args_s64(args, "value", text);
	free(text);
	put->bytes = (char *)number;
	put->len = sizeof(*number);
}

/* @old: the value that was replaced, where that is wanted. */
static int put_value(void *context, struct value *old)
{
	const struct put *put = context;
	struct kvs_operands operands;
	struct kvs_request request;
	int err;

	kvs_request_put(&request, put->key.bytes, put->key.len, put->bytes,
			put->len, put->flags, &old->result);
	kvs_request_set_user_flags(&request, put->user_flags);
	if (put->if_version)
		kvs_request_set_version(&request, put->version);
	if (put->if_newer)
		kvs_request_set_app_version(&request, put->app_version);
	if (put->if_eq)
		kvs_request_set_expected(&request, put->expected.bytes,
					 put->expected.len, &operands);
	if (put->old)
		kvs_request_set_old(&request, old->bytes, old->room, &operands);
	expiry_apply(&put->expiry, &request);
	err = kvs_do(put->kvs, &request);
	old->len = put->old ? old->result.length : 0;
	return err;
}

static enum status put_failed(const struct put *put, int error,
			      const struct kvs_result *result)
{
	if (error == -ENOENT && put->flags & KVS_FLAG_REPLACE) {
		key_message(&put->key,
			    "not found: leave out --replace to make it");
		return STATUS_REFUSED;
	}
	if (error != -ESTALE)
		return key_failed(&put->key, error);
	if (put->if_eq)
		return key_differs(&put->key, result->version);
	if (put->if_version)
		return key_stale(&put->key, put->version, result->version);
	key_message(&put->key,
		    "is as new already: its application version is %llu",
		    (unsigned long long)result->app_version);
	return STATUS_REFUSED;
}

static bool had_value(const struct put *put, const struct value *old)
{
	return put->old && old->result.kind != KVS_ENTRY_NONE;
}

static void print_json(const struct args *args, const struct put *put,
		       const struct value *old)
{
	const struct kvs_result *result = &old->result;
	struct json_object *object = json_new();

	json_add_text(object, "store", store_name(args));
	json_add_bytes(object, "key", put->key.bytes, put->key.len);
	json_add_text(object, "kind",
		      kind_name(put->flags & KVS_FLAG_COUNTER ?
					KVS_ENTRY_COUNTER :
					KVS_ENTRY_BLOB));
	json_add_u64(object, "version", result->version);
	expiry_json(object, result->ttl);
	json_add_bool(object, "created", result->flags & KVS_RESULT_CREATED);
	if (had_value(put, old))
		value_json(object, "old", old);
	json_print(object);
}

static enum status put_answer(const struct args *args, const struct put *put,
			      int error, const struct value *old)
{
	if (error)
		return put_failed(put, error, &old->result);
	if (args->json)
		print_json(args, put, old);
	else if (had_value(put, old))
		value_print(old);
	return STATUS_DONE;
}

enum status command_put(struct args *args)
{
	struct value old = { 0 };
	struct put put = { 0 };
	enum status status;
	int err;

	read_options(args, &put);
	args_want(args, 2, 2);
	put.key = key_operand(args);

	/* What tells something of the old value reads it. */
	put.kvs = store_open(args, put.old || put.if_eq ? O_RDWR : O_WRONLY);
	put.bytes = input_value(args, put.kvs, &put.key, &put.len);
	if (put.flags & KVS_FLAG_COUNTER)
		to_counter(args, &put);

	expiry_resolve(args, put.kvs, &put.expiry);
	err = value_read(&old, put_value, &put);
	kvs_close(put.kvs);
	free(put.bytes);
	status = put_answer(args, &put, err, &old);
	value_free(&old);
	return status;
}
