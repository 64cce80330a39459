// SPDX-License-Identifier: GPL-2.0-only
/*
 * kvs info: what the store and the module are, and what they allow.
 */
#include <stdio.h>

#include <kvs.h>

#include "args.h"
#include "commands.h"
#include "compiler.h"
#include "json.h"
#include "store.h"

#define LONGEST_RIGHTS 64

static const struct right {
	unsigned int bit;
	const char *name;
} rights[] = {
	{ KVS_MAY_READ, "read" },   { KVS_MAY_WRITE, "write" },
	{ KVS_MAY_COUNT, "count" }, { KVS_MAY_LIST, "list" },
	{ KVS_MAY_ADMIN, "admin" },
};

static void rights_text(char text[LONGEST_RIGHTS], unsigned int bits)
{
	size_t used = 0;
	size_t i;

	text[0] = '\0';
	for (i = 0; i < ARRAY_SIZE(rights); i++)
		if (bits & rights[i].bit)
			used += snprintf(text + used, LONGEST_RIGHTS - used,
					 "%s%s", used ? " " : "",
					 rights[i].name);
}

static void print_text(const struct kvs_store_info *info)
{
	char text[LONGEST_RIGHTS];

	rights_text(text, info->rights);
	printf("store: %s\n", info->name);
	printf("number: %u\n", info->store_number);
	printf("store_id: 0x%016llx\n", (unsigned long long)info->store_id);
	printf("version: %llu\n", (unsigned long long)info->version);
	printf("rights: %s\n", text);
	printf("max_bytes: %llu\n", (unsigned long long)info->max_bytes);
	printf("max_entries: %llu\n", (unsigned long long)info->max_entries);
	printf("max_key: %u\n", info->max_key);
	printf("max_value: %u\n", info->max_value);
	printf("max_batch: %u\n", info->max_batch);
	printf("io_uring: %s\n", info->features & KVS_HAS_URING ? "yes" : "no");
}

static void print_json(const struct kvs_store_info *info)
{
	struct json_object *object = json_new();
	char text[LONGEST_RIGHTS];

	json_add_text(object, "store", info->name);
	json_add_u64(object, "number", info->store_number);
	/* A random 64-bit number: most readers of JSON would round it. */
	snprintf(text, sizeof(text), "0x%016llx",
		 (unsigned long long)info->store_id);
	json_add_text(object, "store_id", text);
	json_add_u64(object, "version", info->version);
	rights_text(text, info->rights);
	json_add_text(object, "rights", text);
	json_add_u64(object, "max_bytes", info->max_bytes);
	json_add_u64(object, "max_entries", info->max_entries);
	json_add_u64(object, "max_key", info->max_key);
	json_add_u64(object, "max_value", info->max_value);
	json_add_u64(object, "max_batch", info->max_batch);
	json_add_bool(object, "io_uring", info->features & KVS_HAS_URING);
	json_print(object);
}

enum status command_info(struct args *args)
{
	struct kvs_store_info info;
	struct kvs *kvs;

	args_read(args);
	args_want(args, 0, 0);

	kvs = store_open_any(args);
	store_info(args, kvs, &info);
	kvs_close(kvs);

	if (args->json)
		print_json(&info);
	else
		print_text(&info);
	return STATUS_DONE;
}
