// SPDX-License-Identifier: GPL-2.0-only
/*
 * kvs bitop: change bits of a counter.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include <kvs.h>

#include "args.h"
#include "commands.h"
#include "compiler.h"
#include "json.h"
#include "key.h"
#include "store.h"

static const struct operation {
	const char *name;
	uint32_t op;
} operations[] = {
	{ "or", KVS_BITS_OR },
	{ "and", KVS_BITS_AND },
	{ "xor", KVS_BITS_XOR },
};

static uint32_t read_operation(const struct args *args, const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(operations); i++)
		if (!strcmp(operations[i].name, name))
			return operations[i].op;
	args_die(args, "'%s' is none of or, and, xor", name);
}

/* 64 bits, as a signed number where there is a minus sign. */
static uint64_t read_bits(const struct args *args, const char *what,
			  const char *text)
{
	if (*text == '-')
		return args_s64(args, what, text);
	return args_u64(args, what, text, UINT64_MAX);
}

static unsigned int read_options(struct args *args, struct kvs_bits *bits)
{
	static const struct option options[] = {
		{ "mask", required_argument, NULL, 'm' },
		{ "create", no_argument, NULL, 'c' },
		{ "init", required_argument, NULL, 'i' },
		{ NULL, 0, NULL, 0 }
	};
	unsigned int flags = 0;
	bool init = false;
	int code;

	while ((code = args_next(args, options)) != -1) {
		if (code == 'm') {
			bits->mask = read_bits(args, "--mask", optarg);
		} else if (code == 'i') {
			bits->initial = read_bits(args, "--init", optarg);
			init = true;
		} else {
			flags |= KVS_FLAG_CREATE;
		}
	}
	if (init && !flags)
		args_die(args, "--init is for a counter that --create makes");
	return flags;
}

static void print_json(const struct args *args, const struct key *key,
		       const struct kvs_result *result)
{
	struct json_object *object = json_new();

	json_add_text(object, "store", store_name(args));
	json_add_bytes(object, "key", key->bytes, key->len);
	json_add_s64(object, "value", result->number);
	json_add_s64(object, "old", result->applied);
	json_add_u64(object, "version", result->version);
	json_add_bool(object, "created", result->flags & KVS_RESULT_CREATED);
	json_print(object);
}

enum status command_bitop(struct args *args)
{
	struct kvs_bits bits = { .mask = UINT64_MAX };
	struct kvs_result result;
	unsigned int flags;
	struct kvs *kvs;
	struct key key;
	int err;

	flags = read_options(args, &bits);
	args_want(args, 3, 3);
	key = key_operand(args);
	bits.op = read_operation(args, args->operands[1]);
	bits.operand = read_bits(args, "OPERAND", args->operands[2]);

	kvs = store_open(args, O_RDWR);
	err = kvs_bitop(kvs, key.bytes, key.len, &bits, flags, &result);
	kvs_close(kvs);
	if (err)
		return key_counter_failed(&key, err);
	if (args->json)
		print_json(args, &key, &result);
	else
		printf("%lld\n", (long long)result.number);
	return STATUS_DONE;
}
