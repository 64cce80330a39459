// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
/* Stores: made, altered, emptied, published, destroyed. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "internal.h"

/*
 * Only what is set is read: a program that was built when there were fewer
 * members has no others to read.
 */
static void apply_options(struct kvs_create *create,
			  const struct kvs_store_options *options)
{
	__u32 set = options->set;

	create->set = set;
	if (set & KVS_OPTION_MODE)
		create->mode = options->mode;
	if (set & KVS_OPTION_UID)
		create->uid = options->uid;
	if (set & KVS_OPTION_GID)
		create->gid = options->gid;
	if (set & KVS_OPTION_MAX_BYTES)
		create->max_bytes = options->max_bytes;
	if (set & KVS_OPTION_MAX_ENTRIES)
		create->max_entries = options->max_entries;
	if (set & KVS_OPTION_MAX_VALUE)
		create->max_value = options->max_value;
	if (set & KVS_OPTION_POLICY)
		create->policy = options->policy;
	if (set & KVS_OPTION_MAX_PINNED)
		create->max_pinned = options->max_pinned;
}

static int open_made(int fd, const struct kvs_create *create, struct kvs **kvs)
{
	struct kvs_bind bind = { .size = sizeof(bind) };

	memcpy(bind.store_name, create->store_name, sizeof(bind.store_name));
	return kvs_device_bind(fd, &bind, true, kvs);
}

/*
 * The descriptor that made the store becomes its handle: closed in between it
 * could be the last one of a user namespace, and the store would be gone.
 */
static int create_and_open(struct kvs_create *create, int open_flags,
			   struct kvs **kvs)
{
	int fd = kvs_device_open(open_flags);
	int ret;

	if (fd < 0)
		return fd;
	ret = kvs_ioctl(fd, KVS_IOC_CREATE, create);
	if (!ret && kvs)
		ret = open_made(fd, create, kvs);
	if (ret || !kvs)
		close(fd);
	return ret;
}

KVS_API int kvs_store_create(const char *store,
			     const struct kvs_store_options *options,
			     int open_flags, struct kvs **kvs)
{
	struct kvs_create create = { .size = sizeof(create) };
	int ret;

	if (kvs)
		*kvs = NULL;
	ret = kvs_set_name(create.store_name, store);
	if (ret)
		return ret;
	if (options)
		apply_options(&create, options);
	if (create.set & KVS_OPTION_INDEX) {
		create.set &= ~KVS_OPTION_INDEX;
		create.flags |= KVS_CREATE_INDEX;
	}
	return create_and_open(&create, open_flags, kvs);
}

KVS_API int kvs_store_create_staging(const struct kvs *kvs, const char *staging)
{
	struct kvs_create create = {
		.size = sizeof(create),
		.flags = KVS_CREATE_STAGING,
	};
	int ret = kvs_set_name(create.store_name, staging);

	return ret ? ret : kvs_ioctl(kvs->fd, KVS_IOC_CREATE, &create);
}

KVS_API int kvs_store_alter(const struct kvs *kvs,
			    const struct kvs_store_options *options)
{
	struct kvs_create wanted = { 0 };
	struct kvs_alter alter = { .size = sizeof(alter) };

	apply_options(&wanted, options);
	alter.set = wanted.set;
	alter.mode = wanted.mode;
	alter.uid = wanted.uid;
	alter.gid = wanted.gid;
	alter.max_bytes = wanted.max_bytes;
	alter.max_entries = wanted.max_entries;
	alter.max_value = wanted.max_value;
	alter.policy = wanted.policy;
	alter.max_pinned = wanted.max_pinned;
	return kvs_ioctl(kvs->fd, KVS_IOC_ALTER, &alter);
}

static int act(const struct kvs *kvs, unsigned long number, uint64_t *version)
{
	struct kvs_act act = { .size = sizeof(act) };
	int ret = kvs_ioctl(kvs->fd, number, &act);

	if (version)
		*version = act.out_version;
	return ret;
}

KVS_API int kvs_store_flush(const struct kvs *kvs, uint64_t *version)
{
	return act(kvs, KVS_IOC_FLUSH, version);
}

KVS_API int kvs_store_publish(const struct kvs *kvs, uint64_t *version)
{
	return act(kvs, KVS_IOC_PUBLISH, version);
}

KVS_API int kvs_store_destroy(const struct kvs *kvs)
{
	return act(kvs, KVS_IOC_DESTROY, NULL);
}

KVS_API int kvs_store_measure(const struct kvs *kvs, unsigned int latencies)
{
	const struct kvs_measure measure = {
		.size = sizeof(measure),
		.latency = latencies,
	};

	return kvs_ioctl(kvs->fd, KVS_IOC_MEASURE, &measure);
}
