// SPDX-License-Identifier: GPL-2.0-only
/*
 * The store that a command works on.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "args.h"
#include "failure.h"
#include "store.h"

const char *store_name(const struct args *args)
{
	return args->store[0] ? args->store : "default";
}

/* --store='#7' */
static int try_open(const struct args *args, int open_flags, struct kvs **kvs)
{
	if (args->store[0] != '#')
		return kvs_open(args->store, open_flags, kvs);
	return kvs_open_number(args_u64(args, "store number", args->store + 1,
					UINT32_MAX),
			       open_flags, kvs);
}

/* Whether it was the device that was closed, rather than the store. */
static bool device_is_closed(void)
{
	return access("/dev/kvs", R_OK) && access("/dev/kvs", W_OK);
}

__noreturn static void no_right(const struct args *args)
{
	const char *name = store_name(args);

	if (args->store[0] == '#')
		die(STATUS_FAILED,
		    "store '%s': permission denied: only root of the host uses numbers; use the name",
		    name);
	if (args->store[0] && strcmp(name, "default") && !device_is_closed())
		die(STATUS_FAILED,
		    "store '%s': permission denied: 'kvs store alter %s --mode' of its owner lets you in",
		    name, name);
	die(STATUS_FAILED,
	    "store '%s': permission denied: become root, or load the module with mode= and gid=",
	    name);
}

void store_failed(const struct args *args, int error, enum status missing)
{
	const char *name = store_name(args);

	switch (-error) {
	case ENODEV:
		die(STATUS_FAILED,
		    "no /dev/kvs: is the module loaded? ('modprobe kvs' loads it)");
	case ENOENT:
		die(missing,
		    "there is no store '%s': 'kvs store list' lists those there are",
		    name);
	case EACCES:
	case EPERM:
		no_right(args);
	case EINVAL:
	case ENAMETOOLONG:
		args_die(args,
			 "'%s' names no store: up to %d of A-Z a-z 0-9 . _ -",
			 name, KVS_STORE_NAME_MAX);
	case EDQUOT:
		die(STATUS_FAILED,
		    "store '%s' would have to be made, and you have as many as you may: 'kvs store destroy' one",
		    name);
	default:
		die(STATUS_FAILED, "store '%s': cannot open /dev/kvs: %s", name,
		    kvs_strerror(error));
	}
}

/* What is put to a store that ends with this program was put in vain. */
static struct kvs *opened(const struct args *args, struct kvs *kvs)
{
	if (kvs_store_made(kvs))
		message("store '%s' was made now, and ends with its last user: see 'kvs help hold'",
			store_name(args));
	return kvs;
}

struct kvs *store_open(const struct args *args, int open_flags)
{
	struct kvs *kvs;
	int err;

	err = try_open(args, open_flags, &kvs);
	if (err)
		store_failed(args, err, STATUS_FAILED);
	return opened(args, kvs);
}

static struct kvs *open_any(const struct args *args, enum status missing)
{
	struct kvs *kvs;
	int err;

	if (!try_open(args, O_RDWR, &kvs) || !try_open(args, O_WRONLY, &kvs))
		return kvs;
	err = try_open(args, O_RDONLY, &kvs);
	if (err)
		store_failed(args, err, missing);
	return kvs;
}

int store_try(const char *name, struct kvs **kvs)
{
	if (!kvs_open(name, O_RDWR, kvs) || !kvs_open(name, O_WRONLY, kvs))
		return 0;
	return kvs_open(name, O_RDONLY, kvs);
}

struct kvs *store_open_any(const struct args *args)
{
	return opened(args, open_any(args, STATUS_FAILED));
}

struct kvs *store_hold(const struct args *args)
{
	return open_any(args, STATUS_FAILED);
}

struct kvs *store_manage(const struct args *args)
{
	return opened(args, open_any(args, STATUS_REFUSED));
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
