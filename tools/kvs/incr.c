// SPDX-License-Identifier: GPL-2.0-only
/*
 * kvs incr: add to a counter.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>

#include <kvs.h>

#include "args.h"
#include "commands.h"
#include "expiry.h"
#include "json.h"
#include "key.h"
#include "store.h"

/**
 * struct addition - what the command line asks for
 * @by: amount to add
 * @flags: KVS_FLAG_*
 * @limits: initial value and bounds
 * @init: whether --init was given
 * @expiry: the deadline
 */
struct addition {
	int64_t by;
	unsigned int flags;
	struct kvs_limits limits;
	bool init;
	struct expiry expiry;
};

static void read_option(const struct args *args, int code,
			struct addition *addition)
{
	struct kvs_limits *limits = &addition->limits;

	switch (code) {
	case 'i':
		limits->initial = args_s64(args, "--init", optarg);
		addition->init = true;
		break;
	case 'n':
		limits->min = args_s64(args, "--min", optarg);
		addition->flags |= KVS_FLAG_MIN;
		break;
	case 'x':
		limits->max = args_s64(args, "--max", optarg);
		addition->flags |= KVS_FLAG_MAX;
		break;
	case 'e':
		addition->flags &= ~KVS_FLAG_CREATE;
		break;
	case 'a':
		addition->flags |= KVS_FLAG_SATURATE;
		break;
	case 'w':
		addition->flags |= KVS_FLAG_WRAP;
		break;
	}
}

/* The store refuses it even where the counter is there already. */
static void check_initial(const struct args *args,
			  const struct addition *addition)
{
	const struct kvs_limits *limits = &addition->limits;
	unsigned int flags = addition->flags;

	if (!(flags & KVS_FLAG_CREATE))
		return;
	if ((flags & KVS_FLAG_MIN && limits->initial < limits->min) ||
	    (flags & KVS_FLAG_MAX && limits->initial > limits->max))
		args_die(args,
			 "it cannot start at %lld: use --init or --exists",
			 (long long)limits->initial);
}

static void read_options(struct args *args, struct addition *addition)
{
	static const struct option options[] = {
		{ "init", required_argument, NULL, 'i' },
		{ "min", required_argument, NULL, 'n' },
		{ "max", required_argument, NULL, 'x' },
		{ "exists", no_argument, NULL, 'e' },
		{ "saturate", no_argument, NULL, 'a' },
		{ "wrap", no_argument, NULL, 'w' },
		{ "ttl", required_argument, NULL, OPTION_TTL },
		{ "ttl-if-new", required_argument, NULL, OPTION_TTL_IF_NEW },
		{ "at", required_argument, NULL, OPTION_AT },
		{ NULL, 0, NULL, 0 }
	};
	const unsigned int both = KVS_FLAG_SATURATE | KVS_FLAG_WRAP;
	const unsigned int bounds = KVS_FLAG_MIN | KVS_FLAG_MAX;
	int code;

	while ((code = args_next(args, options)) != -1)
		if (!expiry_option(args, code, &addition->expiry))
			read_option(args, code, addition);

	if (addition->expiry.if_new && !(addition->flags & KVS_FLAG_CREATE))
		args_die(args, "--ttl-if-new and --exists exclude each other");
	if (addition->init && !(addition->flags & KVS_FLAG_CREATE))
		args_die(args, "--init and --exists exclude each other");
	if ((addition->flags & both) == both)
		args_die(args, "--saturate and --wrap exclude each other");
	if ((addition->flags & bounds) == bounds &&
	    addition->limits.min > addition->limits.max)
		args_die(args, "--min is above --max");
	check_initial(args, addition);
}

static int add(struct kvs *kvs, const struct key *key,
	       struct addition *addition, struct kvs_result *result)
{
	unsigned int flags = addition->flags;
	struct kvs_request request;

	if (addition->expiry.if_new)
		flags |= KVS_FLAG_TTL_IF_NEW;
	kvs_request_add(&request, key->bytes, key->len, addition->by, flags,
			result);
	kvs_request_set_limits(&request, &addition->limits);
	expiry_apply(&addition->expiry, &request);
	return kvs_do(kvs, &request);
}

static enum status add_failed(const struct addition *addition,
			      const struct key *key, int error)
{
	const char *stop = "use --saturate or --wrap";

	switch (-error) {
	case ENOENT:
		key_message(key, "not found: leave out --exists to make it");
		return STATUS_REFUSED;
	case EOVERFLOW:
		if (addition->flags & (KVS_FLAG_SATURATE | KVS_FLAG_WRAP))
			stop = "'kvs put --counter' sets it";
		key_message(key, "adding %lld would leave its range: %s",
			    (long long)addition->by, stop);
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
	json_add_s64(object, "value", result->number);
	json_add_s64(object, "applied", result->applied);
	json_add_u64(object, "version", result->version);
	expiry_json(object, result->ttl);
	json_add_bool(object, "created", result->flags & KVS_RESULT_CREATED);
	json_add_bool(object, "limited", result->flags & KVS_RESULT_LIMITED);
	json_print(object);
}

enum status command_incr(struct args *args)
{
	struct addition addition = { .by = 1, .flags = KVS_FLAG_CREATE };
	struct kvs_result result;
	struct kvs *kvs;
	struct key key;
	int err;

	read_options(args, &addition);
	args_want(args, 1, 2);
	key = key_operand(args);
	if (args->count == 2)
		addition.by = args_s64(args, "BY", args->operands[1]);

	kvs = store_open(args, O_WRONLY);
	expiry_resolve(args, kvs, &addition.expiry);
	err = add(kvs, &key, &addition, &result);
	kvs_close(kvs);
	if (err)
		return add_failed(&addition, &key, err);

	if (args->json)
		print_json(args, &key, &result);
	else
		printf("%lld\n", (long long)result.number);
	return STATUS_DONE;
}
