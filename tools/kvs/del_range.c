// SPDX-License-Identifier: GPL-2.0-only
/*
 * kvs del --prefix: remove many entries.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>

#include <kvs.h>

#include "args.h"
#include "del_range.h"
#include "json.h"
#include "range.h"
#include "store.h"

static void print_json(const struct args *args, uint64_t removed)
{
	struct json_object *object = json_new();

	json_add_text(object, "store", store_name(args));
	json_add_u64(object, "removed", removed);
	json_print(object);
}

enum status del_range(struct args *args, const struct kvs_range *range)
{
	uint64_t removed;
	struct kvs *kvs;
	int err;

	range_check(args, range);
	kvs = store_open(args, O_RDWR);
	err = kvs_delete_range(kvs, range, &removed);
	kvs_close(kvs);
	if (err == -EACCES && removed)
		die(STATUS_FAILED,
		    "store '%s': %llu entries were removed; only its owner and root remove more at a time: repeat the command for the others",
		    store_name(args), (unsigned long long)removed);
	if (err)
		range_failed(args, err);
	if (args->json)
		print_json(args, removed);
	else
		printf("%llu\n", (unsigned long long)removed);
	return STATUS_DONE;
}
