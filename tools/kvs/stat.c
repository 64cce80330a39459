// SPDX-License-Identifier: GPL-2.0-only
/*
 * kvs stat: describe an entry.
 */
#include <fcntl.h>
#include <stdio.h>

#include <kvs.h>

#include "args.h"
#include "commands.h"
#include "compiler.h"
#include "duration.h"
#include "expiry.h"
#include "json.h"
#include "key.h"
#include "store.h"

static void print_seconds(const char *label, uint64_t ns)
{
	printf("%s: %llu.%09llu s\n", label,
	       (unsigned long long)(ns / NS_PER_SECOND),
	       (unsigned long long)(ns % NS_PER_SECOND));
}

static void print_ttl(uint64_t ttl)
{
	char text[DURATION_SIZE];

	duration_text(text, ttl);
	printf("ttl: %s (%llu ns)\n", text, (unsigned long long)ttl);
}

static const struct trait {
	const char *name;
	unsigned int flag;
} traits[] = {
	{ "visited", KVS_ENTRY_VISITED },
	{ "fetched", KVS_ENTRY_FETCHED },
	{ "pinned", KVS_ENTRY_PINNED },
};

static void print_text(const struct key *key, const struct kvs_entry_stat *stat)
{
	size_t i;

	printf("key: %s\n", key_name(key->bytes, key->len));
	printf("kind: %s\n", kind_name(stat->kind));
	if (stat->kind == KVS_ENTRY_COUNTER)
		printf("value: %lld\n", (long long)stat->number);
	printf("length: %u\n", stat->length);
	printf("version: %llu\n", (unsigned long long)stat->version);
	printf("charged: %llu\n", (unsigned long long)stat->charged);
	print_seconds("age", stat->age);
	if (stat->ttl != KVS_TTL_FOREVER)
		print_ttl(stat->ttl);
	printf("app_version: %llu\n", (unsigned long long)stat->app_version);
	printf("user_flags: 0x%x\n", stat->user_flags);
	printf("flags: 0x%x\n", stat->flags);
	for (i = 0; i < ARRAY_SIZE(traits); i++)
		printf("%s: %s\n", traits[i].name,
		       stat->flags & traits[i].flag ? "yes" : "no");
}

static void print_json(const struct args *args, const struct key *key,
		       const struct kvs_entry_stat *stat)
{
	struct json_object *object = json_new();
	size_t i;

	json_add_text(object, "store", store_name(args));
	json_add_bytes(object, "key", key->bytes, key->len);
	json_add_text(object, "kind", kind_name(stat->kind));
	if (stat->kind == KVS_ENTRY_COUNTER)
		json_add_s64(object, "value", stat->number);
	json_add_u64(object, "length", stat->length);
	json_add_u64(object, "version", stat->version);
	json_add_u64(object, "charged", stat->charged);
	json_add_u64(object, "age_ns", stat->age);
	expiry_json(object, stat->ttl);
	json_add_u64(object, "app_version", stat->app_version);
	json_add_u64(object, "user_flags", stat->user_flags);
	json_add_u64(object, "flags", stat->flags);
	for (i = 0; i < ARRAY_SIZE(traits); i++)
		json_add_bool(object, traits[i].name,
			      stat->flags & traits[i].flag);
	json_print(object);
}

enum status command_stat(struct args *args)
{
	struct kvs_entry_stat stat;
	struct kvs *kvs;
	struct key key;
	int err;

	args_read(args);
	args_want(args, 1, 1);
	key = key_operand(args);

	kvs = store_open(args, O_RDONLY);
	err = kvs_stat(kvs, key.bytes, key.len, &stat);
	kvs_close(kvs);
	if (err)
		return key_failed(&key, err);

	if (args->json)
		print_json(args, &key, &stat);
	else
		print_text(&key, &stat);
	return STATUS_DONE;
}
