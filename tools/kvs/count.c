// SPDX-License-Identifier: GPL-2.0-only
/*
 * kvs count: the number of entries.
 */
#include <fcntl.h>
#include <stdio.h>

#include <kvs.h>

#include "args.h"
#include "commands.h"
#include "json.h"
#include "range.h"
#include "store.h"

static void read_options(struct args *args, struct kvs_range *range)
{
	static const struct option options[] = {
		{ "prefix", required_argument, NULL, OPTION_PREFIX },
		{ "start", required_argument, NULL, OPTION_START },
		{ "end", required_argument, NULL, OPTION_END },
		{ NULL, 0, NULL, 0 }
	};
	int code;

	while ((code = args_next(args, options)) != -1)
		range_option(args, code, range);
	args_want(args, 0, 0);
	range_check(args, range);
}

static void print_json(const struct args *args, uint64_t count)
{
	struct json_object *object = json_new();

	json_add_text(object, "store", store_name(args));
	json_add_u64(object, "count", count);
	json_print(object);
}

enum status command_count(struct args *args)
{
	struct kvs_range range = { 0 };
	struct kvs *kvs;
	uint64_t count;
	int err;

	read_options(args, &range);
	kvs = store_open(args, O_RDONLY);
	err = kvs_count(kvs, &range, &count);
	kvs_close(kvs);
	if (err)
		range_failed(args, err);
	if (args->json)
		print_json(args, count);
	else
		printf("%llu\n", (unsigned long long)count);
	return STATUS_DONE;
}
