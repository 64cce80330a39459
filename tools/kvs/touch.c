// SPDX-License-Identifier: GPL-2.0-only
/*
 * kvs touch: change the deadline of an entry.
 */
#include <errno.h>
#include <fcntl.h>

#include <kvs.h>

#include "args.h"
#include "commands.h"
#include "compiler.h"
#include "expiry.h"
#include "json.h"
#include "key.h"
#include "store.h"

/* The options by their modes, and what is said where the mode refuses. */
static const struct {
	const char *option;
	const char *refused;
} modes[] = {
	[KVS_TTL_SET] = { "", "" },
	[KVS_TTL_IF_NONE] = { "--if-none",
			      "has a deadline already: leave out --if-none" },
	[KVS_TTL_IF_SOME] = { "--if-has",
			      "has no deadline: leave out --if-has" },
	[KVS_TTL_IF_LONGER] = { "--longer",
				"does not end before that: leave out --longer" },
	[KVS_TTL_IF_SHORTER] = { "--shorter",
				 "does not end after that: leave out --shorter" },
	[KVS_TTL_PERSIST] = { "--persist", "" },
};

static void read_mode(const struct args *args, unsigned int code,
		      unsigned int *mode)
{
	if (*mode != KVS_TTL_SET && *mode != code)
		args_die(args, "%s and %s exclude each other",
			 modes[*mode].option, modes[code].option);
	*mode = code;
}

static unsigned int read_options(struct args *args, struct expiry *expiry)
{
	static const struct option options[] = {
		{ "ttl", required_argument, NULL, OPTION_TTL },
		{ "at", required_argument, NULL, OPTION_AT },
		{ "if-none", no_argument, NULL, KVS_TTL_IF_NONE },
		{ "if-has", no_argument, NULL, KVS_TTL_IF_SOME },
		{ "longer", no_argument, NULL, KVS_TTL_IF_LONGER },
		{ "shorter", no_argument, NULL, KVS_TTL_IF_SHORTER },
		{ "persist", no_argument, NULL, KVS_TTL_PERSIST },
		{ NULL, 0, NULL, 0 }
	};
	unsigned int mode = KVS_TTL_SET;
	int code;

	while ((code = args_next(args, options)) != -1)
		if (!expiry_option(args, code, expiry))
			read_mode(args, code, &mode);

	if (mode == KVS_TTL_PERSIST && expiry->option)
		args_die(args, "--persist and %s exclude each other",
			 expiry->option);
	if (mode != KVS_TTL_PERSIST && !expiry->option)
		args_die(args, "use one of --ttl, --at, --persist");
	return mode;
}

static void print_json(const struct args *args, const struct key *key,
		       const struct kvs_result *result)
{
	struct json_object *object = json_new();

	json_add_text(object, "store", store_name(args));
	json_add_bytes(object, "key", key->bytes, key->len);
	json_add_u64(object, "version", result->version);
	expiry_json(object, result->ttl);
	json_print(object);
}

enum status command_touch(struct args *args)
{
	struct expiry expiry = { 0 };
	struct kvs_request request;
	struct kvs_result result;
	unsigned int mode;
	struct kvs *kvs;
	struct key key;
	int err;

	mode = read_options(args, &expiry);
	args_want(args, 1, 1);
	key = key_operand(args);

	kvs = store_open(args, O_WRONLY);
	expiry_resolve(args, kvs, &expiry);
	kvs_request_touch(&request, key.bytes, key.len, expiry.ttl, mode,
			  &result);
	expiry_apply(&expiry, &request);
	err = kvs_do(kvs, &request);
	kvs_close(kvs);

	if (err == -ESTALE) {
		key_message(&key, "%s", modes[mode].refused);
		return STATUS_REFUSED;
	}
	if (err)
		return key_failed(&key, err);
	if (args->json)
		print_json(args, &key, &result);
	return STATUS_DONE;
}
