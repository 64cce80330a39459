// SPDX-License-Identifier: GPL-2.0-only
/*
 * kvs stats: the figures of the store, by the names that /proc/kvs and sysfs
 * have for them. They come from the store itself, which can be reached where
 * neither can be seen.
 */
#include <stddef.h>
#include <stdio.h>

#include <kvs.h>

#include "args.h"
#include "commands.h"
#include "compiler.h"
#include "failure.h"
#include "json.h"
#include "store.h"

#define FIGURE(name)                                         \
	{                                                    \
#name, offsetof(struct kvs_statistics, name) \
	}

static const struct figure {
	const char *label;
	size_t offset;
} figures[] = {
	FIGURE(entries),
	FIGURE(bytes),
	FIGURE(waiting_bytes),
	FIGURE(table_bytes),
	FIGURE(max_bytes),
	FIGURE(max_entries),
	FIGURE(max_value),
	FIGURE(version),
	FIGURE(hits),
	FIGURE(misses),
	FIGURE(puts),
	FIGURE(deletes),
	FIGURE(adds),
	FIGURE(xchgs),
	FIGURE(bitops),
	FIGURE(buckets),
	FIGURE(refusals),
	FIGURE(touches),
	FIGURE(expired),
	FIGURE(stats),
	FIGURE(rejected_bytes),
	FIGURE(rejected_entries),
	FIGURE(rejected_memory),
	FIGURE(rejected_quota),
	FIGURE(flushes),
	FIGURE(publishes),
	FIGURE(txns),
	FIGURE(scans),
	FIGURE(user_bytes),
	FIGURE(user_max_bytes),
	FIGURE(user_entries),
	FIGURE(user_max_entries),
	FIGURE(user_stores),
	FIGURE(user_max_stores),
};

static uint64_t value_of(const struct kvs_statistics *stats,
			 const struct figure *figure)
{
	return *(const uint64_t *)((const char *)stats + figure->offset);
}

static void print_text(const struct kvs_store_info *info,
		       const struct kvs_statistics *stats)
{
	size_t i;

	printf("store: %s\n", info->name);
	printf("number: %u\n", info->store_number);
	for (i = 0; i < ARRAY_SIZE(figures); i++)
		printf("%s: %llu\n", figures[i].label,
		       (unsigned long long)value_of(stats, &figures[i]));
}

static void print_json(const struct kvs_store_info *info,
		       const struct kvs_statistics *stats)
{
	struct json_object *object = json_new();
	size_t i;

	json_add_text(object, "store", info->name);
	json_add_u64(object, "number", info->store_number);
	for (i = 0; i < ARRAY_SIZE(figures); i++)
		json_add_u64(object, figures[i].label,
			     value_of(stats, &figures[i]));
	json_print(object);
}

enum status command_stats(struct args *args)
{
	struct kvs_statistics stats;
	struct kvs_store_info info;
	struct kvs *kvs;
	int err;

	args_read(args);
	args_want(args, 0, 0);

	kvs = store_open_any(args);
	store_info(args, kvs, &info);
	err = kvs_store_stats(kvs, &stats);
	kvs_close(kvs);
	if (err)
		die(STATUS_FAILED, "store '%s': %s", store_name(args),
		    failure_text(err));
	if (args->json)
		print_json(&info, &stats);
	else
		print_text(&info, &stats);
	return STATUS_DONE;
}
