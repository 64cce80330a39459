// SPDX-License-Identifier: GPL-2.0-only
/*
 * kvs scan: entries in the order of their keys, as kvs load reads them.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>

#include <kvs.h>

#include "args.h"
#include "commands.h"
#include "escape.h"
#include "expiry.h"
#include "json.h"
#include "range.h"
#include "store.h"
#include "value.h"

/**
 * struct plan - what the command line asks for
 * @range: which keys
 * @options: how many, and whether their values too
 */
struct plan {
	struct kvs_range range;
	struct kvs_scan_options options;
};

/* 0 would be all of them to the library. */
static uint64_t read_limit(const struct args *args)
{
	uint64_t limit = args_u64(args, "--limit", optarg, INT64_MAX);

	if (!limit)
		args_die(args, "a limit of 0 is none");
	return limit;
}

static void read_options(struct args *args, struct plan *plan)
{
	static const struct option options[] = {
		{ "prefix", required_argument, NULL, OPTION_PREFIX },
		{ "start", required_argument, NULL, OPTION_START },
		{ "end", required_argument, NULL, OPTION_END },
		{ "reverse", no_argument, NULL, 'r' },
		{ "keys", no_argument, NULL, 'k' },
		{ "limit", required_argument, NULL, 'l' },
		{ NULL, 0, NULL, 0 }
	};
	int code;

	while ((code = args_next(args, options)) != -1) {
		if (range_option(args, code, &plan->range))
			continue;
		if (code == 'r')
			plan->range.flags |= KVS_RANGE_REVERSE;
		else if (code == 'k')
			plan->options.flags |= KVS_PAGE_KEYS;
		else
			plan->options.limit = read_limit(args);
	}
	args_want(args, 0, 0);
	range_check(args, &plan->range);
}

static bool has_value(const struct plan *plan)
{
	return !(plan->options.flags & KVS_PAGE_KEYS);
}

/* A number stands there in decimal, which is what load then puts. */
static void print_line(const struct plan *plan,
		       const struct kvs_scan_entry *entry)
{
	escape_print(entry->key, entry->key_len);
	if (has_value(plan)) {
		putchar('\t');
		if (entry->kind == KVS_ENTRY_COUNTER)
			printf("%lld", (long long)entry->number);
		else
			escape_print(entry->value, entry->length);
	}
	putchar('\n');
}

static void add_value(struct json_object *object,
		      const struct kvs_scan_entry *entry)
{
	const struct value value = {
		.bytes = (char *)entry->value,
		.len = entry->length,
		.result = { .kind = entry->kind, .number = entry->number },
	};

	json_add_u64(object, "length", entry->length);
	value_json(object, "value", &value);
}

static void print_json(const struct plan *plan,
		       const struct kvs_scan_entry *entry)
{
	struct json_object *object = json_new();

	json_add_bytes(object, "key", entry->key, entry->key_len);
	json_add_text(object, "kind", kind_name(entry->kind));
	json_add_u64(object, "version", entry->version);
	expiry_json(object, entry->ttl);
	json_add_u64(object, "user_flags", entry->user_flags);
	if (has_value(plan))
		add_value(object, entry);
	json_print(object);
}

static int print_entries(const struct args *args, const struct plan *plan,
			 struct kvs_scan *scan)
{
	struct kvs_scan_entry entry;
	int ret;

	while ((ret = kvs_scan_next(scan, &entry)) > 0) {
		if (args->json)
			print_json(plan, &entry);
		else
			print_line(plan, &entry);
	}
	return ret;
}

enum status command_scan(struct args *args)
{
	struct plan plan = { 0 };
	struct kvs_scan *scan;
	struct kvs *kvs;
	int err;

	read_options(args, &plan);
	kvs = store_open(args, O_RDONLY);
	err = kvs_scan_open(kvs, &plan.range, &plan.options, &scan);
	if (!err)
		err = print_entries(args, &plan, scan);
	kvs_scan_close(scan);
	kvs_close(kvs);
	if (err)
		range_failed(args, err);
	return STATUS_DONE;
}
