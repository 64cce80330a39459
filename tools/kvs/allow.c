// SPDX-License-Identifier: GPL-2.0-only
/*
 * kvs allow: limit a rate.
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <kvs.h>

#include "args.h"
#include "commands.h"
#include "duration.h"
#include "json.h"
#include "key.h"
#include "store.h"

/* Time in which one token comes back, never a shorter one than that. */
static uint64_t read_rate(const struct args *args, const char *text)
{
	uint64_t unit = 0;
	uint64_t count;
	char *end;

	errno = 0;
	count = strtoull(text, &end, 10);
	if (isdigit((unsigned char)*text) && !errno && *end == '/')
		unit = unit_ns(end + 1, strlen(end + 1));
	if (unit < NS_PER_SECOND || !count || count > unit)
		args_die(args,
			 "--rate '%s' is not a rate such as 10/s, 100/m or 5/h",
			 text);
	return unit / count + !!(unit % count);
}

static void check_rate(const struct args *args, const struct kvs_rate *rate)
{
	uint64_t span;

	if (!rate->interval || !rate->burst)
		args_die(args, "--rate and --burst are needed, from 1 on");
	if (!rate->cost || rate->cost > rate->burst)
		args_die(args, "--cost must be 1 to --burst, which is %llu",
			 (unsigned long long)rate->burst);
	if (__builtin_mul_overflow(rate->interval, rate->burst, &span) ||
	    span > INT64_MAX / 2)
		args_die(args,
			 "it would fill in 146 years: use a lower --burst");
}

static void read_options(struct args *args, struct kvs_rate *rate)
{
	static const struct option options[] = {
		{ "rate", required_argument, NULL, 'r' },
		{ "burst", required_argument, NULL, 'b' },
		{ "cost", required_argument, NULL, 'c' },
		{ NULL, 0, NULL, 0 }
	};
	int code;

	while ((code = args_next(args, options)) != -1) {
		if (code == 'r')
			rate->interval = read_rate(args, optarg);
		else if (code == 'b')
			rate->burst =
				args_u64(args, "--burst", optarg, INT64_MAX);
		else
			rate->cost =
				args_u64(args, "--cost", optarg, INT64_MAX);
	}
	check_rate(args, rate);
}

/*
 * A bucket that is full again is as good as none: it need not outlive the time
 * that filling it takes.
 */
static int take_tokens(struct kvs *kvs, const struct key *key,
		       struct kvs_rate *rate, struct kvs_result *result)
{
	struct kvs_request request;

	kvs_request_allow(&request, key->bytes, key->len, rate, KVS_FLAG_CREATE,
			  result);
	kvs_request_set_ttl(&request, rate->interval * rate->burst);
	return kvs_do(kvs, &request);
}

static void print_json(const struct args *args, const struct key *key,
		       const struct kvs_result *result)
{
	struct json_object *object = json_new();

	json_add_text(object, "store", store_name(args));
	json_add_bytes(object, "key", key->bytes, key->len);
	json_add_bool(object, "allowed", !(result->flags & KVS_RESULT_REFUSED));
	json_add_u64(object, "wait_ns", result->number);
	json_add_bool(object, "created", result->flags & KVS_RESULT_CREATED);
	json_print(object);
}

enum status command_allow(struct args *args)
{
	struct kvs_rate rate = { .cost = 1 };
	struct kvs_result result;
	char wait[DURATION_SIZE];
	struct kvs *kvs;
	struct key key;
	int err;

	read_options(args, &rate);
	args_want(args, 1, 1);
	key = key_operand(args);

	kvs = store_open(args, O_WRONLY);
	err = take_tokens(kvs, &key, &rate, &result);
	kvs_close(kvs);
	if (err)
		return key_failed(&key, err);

	duration_seconds(wait, result.number);
	if (args->json)
		print_json(args, &key, &result);
	else
		puts(result.flags & KVS_RESULT_REFUSED ? wait : "allowed");
	if (!(result.flags & KVS_RESULT_REFUSED))
		return STATUS_DONE;
	key_message(&key, "not allowed: wait %s and ask again", wait);
	return STATUS_REFUSED;
}
