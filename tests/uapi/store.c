// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "control.h"
#include "request.h"
#include "store.h"

struct kvs_create store_wish(const char *name)
{
	struct kvs_create wish = { .size = sizeof(wish), .out_number = ~0U };

	memcpy(wish.store_name, name, strnlen(name, sizeof(wish.store_name)));
	return wish;
}

int store_create_as(int fd, struct kvs_create wish)
{
	int ret = control_ioctl(fd, KVS_IOC_CREATE, &wish);

	return ret ? ret : (int)wish.out_number;
}

int store_create_staging(int fd, const char *name)
{
	struct kvs_create wish = store_wish(name);

	wish.flags = KVS_CREATE_STAGING;
	return store_create_as(fd, wish);
}

int store_open(const char *name, int open_flags)
{
	int fd = control_open(open_flags);
	struct kvs_bind bind;
	int ret;

	if (fd < 0)
		return fd;
	ret = control_bind(fd, name, &bind);
	if (!ret)
		return fd;
	close(fd);
	return ret;
}

int store_open_number(__u32 number, int open_flags)
{
	struct kvs_bind bind = {
		.size = sizeof(bind),
		.flags = KVS_BIND_NUMBER,
		.store_number = number,
	};
	int fd = control_open(open_flags);
	int ret;

	if (fd < 0)
		return fd;
	ret = control_ioctl(fd, KVS_IOC_BIND, &bind);
	if (!ret)
		return fd;
	close(fd);
	return ret;
}

int store_make_as(struct kvs_create wish)
{
	const char *name = (const char *)wish.store_name;
	struct kvs_bind bind;
	int fd, ret;

	store_clear(name);
	fd = control_open(O_RDWR);
	if (fd < 0)
		return fd;
	/* By the same handle: another namespace ends with its last one */
	ret = store_create_as(fd, wish);
	if (ret >= 0)
		ret = control_bind(fd, name, &bind);
	if (!ret)
		return fd;
	close(fd);
	return ret;
}

int store_make(const char *name)
{
	return store_make_as(store_wish(name));
}

int store_make_open(const char *name)
{
	struct kvs_create wish = store_wish(name);

	wish.set = KVS_SET_MODE;
	wish.mode = 0666;
	return store_make_as(wish);
}

int store_stage(int fd, const char *name)
{
	int ret;

	store_clear(name);
	ret = store_create_staging(fd, name);
	return ret < 0 ? ret : store_open(name, O_RDWR);
}

int store_alter(int fd, struct kvs_alter alter)
{
	alter.size = sizeof(alter);
	return control_ioctl(fd, KVS_IOC_ALTER, &alter);
}

int store_stats(int fd, struct kvs_store_stats *stats)
{
	poison(stats, sizeof(*stats));
	stats->size = sizeof(*stats);
	stats->flags = 0;
	return control_ioctl(fd, KVS_IOC_STATS, stats);
}

int store_act(int fd, unsigned int number, __u64 *version)
{
	struct kvs_act act = { .size = sizeof(act), .out_version = ~0ULL };
	int ret = control_ioctl(fd, number, &act);

	if (version)
		*version = act.out_version;
	return ret;
}

int store_flush(int fd)
{
	return store_act(fd, KVS_IOC_FLUSH, NULL);
}

int store_publish(int fd)
{
	return store_act(fd, KVS_IOC_PUBLISH, NULL);
}

int store_destroy(int fd)
{
	return store_act(fd, KVS_IOC_DESTROY, NULL);
}

/* Its staging store has to go first. */
void store_clear(const char *name)
{
	struct kvs_list_item item;
	struct kvs_info info;
	__u32 start = 0;
	int fd = store_open(name, O_RDWR);
	int staging;

	if (fd < 0)
		return;
	if (store_destroy(fd) == -EBUSY && !control_info(fd, &info)) {
		while (store_list(fd, 0, &item, 1, &start) == 1) {
			if (!(item.flags & KVS_STORE_STAGING) ||
			    item.of != info.store_number)
				continue;
			staging = store_open((char *)item.store_name, O_RDWR);
			store_destroy(staging);
			close(staging);
			break;
		}
		store_destroy(fd);
	}
	close(fd);
}

int store_list(int fd, __u32 flags, struct kvs_list_item *items, __u32 count,
	       __u32 *start)
{
	struct kvs_list list = {
		.size = sizeof(list),
		.flags = flags,
		.items = addr_of(items),
		.count = count,
		.item_size = sizeof(*items),
		.start = *start,
	};
	int ret = control_ioctl(fd, KVS_IOC_LIST, &list);

	if (ret)
		return ret;
	*start = list.start;
	/* Where nothing is left the next call would begin again */
	return list.count;
}

bool store_find_number(int fd, __u32 flags, __u32 number,
		       struct kvs_list_item *item)
{
	__u32 start = number;

	return store_list(fd, flags, item, 1, &start) == 1 &&
	       item->number == number;
}

bool store_find(int fd, __u32 flags, const char *name,
		struct kvs_list_item *item)
{
	__u32 start = 0;

	do {
		if (store_list(fd, flags, item, 1, &start) != 1)
			return false;
		if (!strcmp((char *)item->store_name, name))
			return true;
	} while (start);
	return false;
}

__u64 store_bytes(int fd)
{
	struct kvs_store_stats stats;

	return store_stats(fd, &stats) ? UINT64_MAX : stats.bytes;
}

__u64 store_entries(int fd)
{
	struct kvs_store_stats stats;

	return store_stats(fd, &stats) ? UINT64_MAX : stats.entries;
}

bool store_falls_to(int fd, __u64 want, int seconds)
{
	int tries = seconds * 20;

	while (store_bytes(fd) > want) {
		if (!tries--)
			return false;
		usleep(50000);
	}
	return true;
}

bool store_user_falls_to(int fd, __u64 want, int seconds)
{
	struct kvs_store_stats stats;
	int tries;

	for (tries = seconds * 20; tries; tries--) {
		if (!store_stats(fd, &stats) && stats.user_bytes <= want)
			return true;
		usleep(50000);
	}
	return false;
}
