// SPDX-License-Identifier: GPL-2.0-only
/*
 * The store that a command works on.
 */
#include <errno.h>
#include <fcntl.h>

#include "args.h"
#include "failure.h"
#include "store.h"

const char *store_name(const struct args *args)
{
	return args->store[0] ? args->store : "default";
}

static void open_failed(const struct args *args, int error)
{
	const char *name = store_name(args);

	switch (-error) {
	case ENODEV:
		die(STATUS_FAILED,
		    "no /dev/kvs: is the module loaded? ('modprobe kvs' loads it)");
	case ENOENT:
		die(STATUS_FAILED,
		    "there is no store '%s': /proc/kvs lists those there are",
		    name);
	case EACCES:
	case EPERM:
		die(STATUS_FAILED,
		    "store '%s': permission denied: become root, or load the module with mode= and gid=",
		    name);
	case EINVAL:
	case ENAMETOOLONG:
		args_die(args,
			 "'%s' names no store: up to %d of A-Z a-z 0-9 . _ -",
			 name, KVS_STORE_NAME_MAX);
	default:
		die(STATUS_FAILED, "store '%s': cannot open /dev/kvs: %s", name,
		    kvs_strerror(error));
	}
}

struct kvs *store_open(const struct args *args, int open_flags)
{
	struct kvs *kvs;
	int err;

	err = kvs_open(args->store, open_flags, &kvs);
	if (err)
		open_failed(args, err);
	return kvs;
}

struct kvs *store_open_any(const struct args *args)
{
	struct kvs *kvs;

	if (!kvs_open(args->store, O_RDWR, &kvs) ||
	    !kvs_open(args->store, O_WRONLY, &kvs))
		return kvs;
	return store_open(args, O_RDONLY);
}

void store_info(const struct args *args, struct kvs *kvs,
		struct kvs_store_info *info)
{
	int err = kvs_info(kvs, info);

	if (err)
		die(STATUS_FAILED, "store '%s': %s", store_name(args),
		    failure_text(err));
}

const char *kind_name(unsigned int kind)
{
	switch (kind) {
	case KVS_ENTRY_BLOB:
		return "blob";
	case KVS_ENTRY_COUNTER:
		return "counter";
	default:
		return "unknown";
	}
}
