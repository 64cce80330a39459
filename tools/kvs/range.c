// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which keys a command works on, as options.
 */
#include <errno.h>
#include <string.h>

#include "args.h"
#include "failure.h"
#include "range.h"
#include "store.h"

/* A prefix and a start have the same place. */
static void set_start(const struct args *args, struct kvs_range *range,
		      unsigned int prefix)
{
	if (range->start && (range->flags & KVS_RANGE_PREFIX) != prefix)
		args_die(args, "use one of --prefix, --start");
	range->flags |= prefix;
	range->start = optarg;
	range->start_len = strlen(optarg);
}

bool range_option(const struct args *args, int code, struct kvs_range *range)
{
	switch (code) {
	case OPTION_PREFIX:
		set_start(args, range, KVS_RANGE_PREFIX);
		return true;
	case OPTION_START:
		set_start(args, range, 0);
		return true;
	case OPTION_END:
		range->end = optarg;
		range->end_len = strlen(optarg);
		return true;
	default:
		return false;
	}
}

void range_check(const struct args *args, const struct kvs_range *range)
{
	if (range->flags & KVS_RANGE_PREFIX && range->end)
		args_die(args, "use one of --prefix, --end");
	if (range->end && !range->end_len)
		args_die(args, "--end needs a key: leave it out for no end");
	if (range->start_len > KVS_KEY_MAX || range->end_len > KVS_KEY_MAX)
		args_die(args, "a key has at most %d bytes", KVS_KEY_MAX);
}

void range_failed(const struct args *args, int error)
{
	if (error == -EOPNOTSUPP)
		die(STATUS_FAILED,
		    "store '%s' does not keep its keys in order: 'kvs store create --index' makes one that does",
		    store_name(args));
	die(STATUS_FAILED, "store '%s': %s", store_name(args),
	    failure_text(error));
}
