// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
/* Handles: /dev/kvs opened, bound, adopted, restricted, described, closed. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "internal.h"

#define DEVICE "/dev/kvs"

/* The one place from which the library calls the kernel's store. */
int kvs_ioctl(int fd, unsigned long number, const void *arg)
{
	int ret = ioctl(fd, number, arg);

	if (ret < 0)
		return -errno;
	/* kvs never answers a positive number: this is some other device. */
	return ret ? -ENOTTY : 0;
}

int kvs_device_open(int open_flags)
{
	int access = open_flags & ~O_CLOEXEC;
	int fd;

	if (access != O_RDONLY && access != O_WRONLY && access != O_RDWR)
		return -EINVAL;
	fd = open(DEVICE, access | O_CLOEXEC);
	if (fd >= 0)
		return fd;
	/* ENOENT is left to mean that there is no such store. */
	if (errno == ENOENT || errno == ENXIO)
		return -ENODEV;
	return -errno;
}

int kvs_set_name(__u8 field[KVS_STORE_NAME_SIZE], const char *store)
{
	size_t len = store ? strlen(store) : 0;

	if (len > KVS_STORE_NAME_MAX)
		return -ENAMETOOLONG;
	if (len)
		memcpy(field, store, len);
	return 0;
}

/* The handle owns fd from here on, unless it could not be made. */
static int make_handle(int fd, bool made, struct kvs **kvs)
{
	struct kvs *handle = malloc(sizeof(*handle));

	if (!handle)
		return -ENOMEM;
	handle->fd = fd;
	handle->made = made;
	*kvs = handle;
	return 0;
}

int kvs_device_bind(int fd, struct kvs_bind *bind, bool made, struct kvs **kvs)
{
	int ret = kvs_ioctl(fd, KVS_IOC_BIND, bind);

	if (ret)
		return ret;
	return make_handle(fd, made || bind->out_flags & KVS_BIND_CREATED, kvs);
}

static int open_bound(struct kvs_bind *bind, int open_flags, struct kvs **kvs)
{
	int fd = kvs_device_open(open_flags);
	int ret;

	if (fd < 0)
		return fd;
	ret = kvs_device_bind(fd, bind, false, kvs);
	if (ret)
		close(fd);
	return ret;
}

KVS_API int kvs_open(const char *store, int open_flags, struct kvs **kvs)
{
	struct kvs_bind bind = { .size = sizeof(bind) };
	int ret;

	*kvs = NULL;
	ret = kvs_set_name(bind.store_name, store);
	return ret ? ret : open_bound(&bind, open_flags, kvs);
}

KVS_API int kvs_open_number(unsigned int store_number, int open_flags,
			    struct kvs **kvs)
{
	struct kvs_bind bind = {
		.size = sizeof(bind),
		.flags = KVS_BIND_NUMBER,
		.store_number = store_number,
	};

	*kvs = NULL;
	return open_bound(&bind, open_flags, kvs);
}

KVS_API int kvs_store_made(const struct kvs *kvs)
{
	return kvs->made;
}

static int get_info(int fd, struct kvs_info *info)
{
	memset(info, 0, sizeof(*info));
	info->size = sizeof(*info);
	return kvs_ioctl(fd, KVS_IOC_INFO, info);
}

KVS_API int kvs_from_fd(int fd, struct kvs **kvs)
{
	struct kvs_info info;
	int ret;

	*kvs = NULL;
	ret = get_info(fd, &info);
	if (ret)
		return ret;
	if (!info.store_id)
		return -ENOTCONN;
	ret = make_handle(fd, false, kvs);
	if (!ret)
		/* Cannot fail on a descriptor that has just worked. */
		fcntl(fd, F_SETFD, FD_CLOEXEC);
	return ret;
}

KVS_API int kvs_restrict(const struct kvs *kvs, unsigned int rights,
			 struct kvs **restricted)
{
	struct kvs_restrict args = { .size = sizeof(args), .rights = rights };
	int ret;

	*restricted = NULL;
	ret = kvs_ioctl(kvs->fd, KVS_IOC_RESTRICT, &args);
	if (ret)
		return ret;
	ret = make_handle(args.out_fd, false, restricted);
	if (ret)
		close(args.out_fd);
	return ret;
}

KVS_API void kvs_close(struct kvs *kvs)
{
	if (!kvs)
		return;
	close(kvs->fd);
	free(kvs);
}

KVS_API int kvs_fd(const struct kvs *kvs)
{
	return kvs->fd;
}

KVS_API int kvs_info(const struct kvs *kvs, struct kvs_store_info *info)
{
	struct kvs_info from;
	int ret;

	memset(info, 0, sizeof(*info));
	ret = get_info(kvs->fd, &from);
	if (ret)
		return ret;
	info->features = from.features;
	info->store_id = from.store_id;
	info->version = from.version;
	info->max_bytes = from.max_bytes;
	info->max_entries = from.max_entries;
	info->boottime = from.boottime_ns;
	info->rights = from.rights;
	info->store_number = from.store_number;
	info->max_key = from.max_key;
	info->max_value = from.max_value;
	info->max_batch = from.max_batch;
	memcpy(info->name, from.store_name, sizeof(info->name));
	info->name[sizeof(info->name) - 1] = '\0';
	return 0;
}
