// SPDX-License-Identifier: GPL-2.0-only
/*
 * kvs del: remove an entry, or those of a prefix.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>

#include <kvs.h>

#include "args.h"
#include "commands.h"
#include "del_range.h"
#include "expected.h"
#include "json.h"
#include "key.h"
#include "range.h"
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

/**
 * struct del - what the command line asks for
 * @if_version: whether @version was given
 * @version: version that the entry must have
 * @if_eq: value that the entry must have, or NULL
 * @prefix: --prefix was given
 * @range: which keys then
 */
struct del {
	bool if_version;
	uint64_t version;
	const char *if_eq;
	bool prefix;
	struct kvs_range range;
};

static void check_options(const struct args *args, const struct del *del)
{
	if (del->if_version && del->if_eq)
		args_die(args, "use one of --if-version, --if-eq");
	if (del->prefix && (del->if_version || del->if_eq))
		args_die(args, "--prefix goes without a condition");
	/* Such as that of a variable that is not set: all keys begin with it. */
	if (del->prefix && !del->range.start_len)
		args_die(args,
			 "--prefix is empty: 'kvs store flush' removes all");
	args_want(args, !del->prefix, !del->prefix);
}

static void read_options(struct args *args, struct del *del)
{
	static const struct option options[] = {
		{ "if-version", required_argument, NULL, 'v' },
		{ "if-eq", required_argument, NULL, 'e' },
		{ "prefix", required_argument, NULL, OPTION_PREFIX },
		{ NULL, 0, NULL, 0 }
	};
	int code;

	while ((code = args_next(args, options)) != -1) {
		if (range_option(args, code, &del->range)) {
			del->prefix = true;
			continue;
		}
		if (code == 'e') {
			del->if_eq = optarg;
			continue;
		}
		del->version =
			args_u64(args, "--if-version", optarg, INT64_MAX);
		del->if_version = true;
	}
	check_options(args, del);
}

static int del_entry(struct kvs *kvs, const struct key *key,
		     const struct del *del, const struct expected *expected,
		     struct kvs_result *result)
{
	if (del->if_eq)
		return kvs_delete_if_equal(kvs, key->bytes, key->len,
					   expected->bytes, expected->len,
					   result);
	if (del->if_version)
		return kvs_delete_if(kvs, key->bytes, key->len, del->version,
				     result);
	return kvs_delete(kvs, key->bytes, key->len, 0, result);
}

enum status command_del(struct args *args)
{
	struct expected expected = { 0 };
	struct del del = { 0 };
	struct kvs_result result;
	struct kvs *kvs;
	struct key key;
	int err;

	read_options(args, &del);
	if (del.prefix)
		return del_range(args, &del.range);
	key = key_operand(args);
	if (del.if_eq)
		expected_read(args, del.if_eq, false, &expected);

	kvs = store_open(args, del.if_eq ? O_RDWR : O_WRONLY);
	err = del_entry(kvs, &key, &del, &expected, &result);
	kvs_close(kvs);

	if (err == -ESTALE && del.if_eq)
		return key_differs(&key, result.version);
	if (err == -ESTALE)
		return key_stale(&key, del.version, result.version);
	if (err)
		return key_failed(&key, err);
	if (args->json)
		print_json(args, &key, &result);
	return STATUS_DONE;
}
