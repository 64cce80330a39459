// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
/*
 * What is told of stores: the list of them, the figures of one and how they are
 * distributed.
 */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "internal.h"

#define PAGE_ITEMS 16 /* on the stack */

static void fill_item(struct kvs_store_item *item,
		      const struct kvs_list_item *from)
{
	item->store_id = from->store_id;
	item->entries = from->entries;
	item->bytes = from->bytes;
	item->max_bytes = from->max_bytes;
	item->max_entries = from->max_entries;
	item->store_number = from->number;
	item->flags = from->flags;
	item->mode = from->mode;
	item->uid = from->uid;
	item->gid = from->gid;
	item->max_value = from->max_value;
	item->staging_of = from->of;
	item->namespace_uid = from->ns_uid;
	memcpy(item->name, from->store_name, sizeof(item->name));
	item->name[sizeof(item->name) - 1] = '\0';
}

static int tell_page(const struct kvs_list_item *items, size_t count,
		     kvs_store_fn *found, void *context)
{
	struct kvs_store_item item;
	int ret = 0;
	size_t i;

	for (i = 0; i < count && !ret; i++) {
		fill_item(&item, &items[i]);
		ret = found(context, &item);
	}
	return ret;
}

static int list_stores(int fd, unsigned int flags, kvs_store_fn *found,
		       void *context)
{
	struct kvs_list_item items[PAGE_ITEMS];
	struct kvs_list list = {
		.size = sizeof(list),
		.flags = flags,
		.items = address(items),
		.item_size = sizeof(items[0]),
	};
	int ret;

	do {
		list.count = PAGE_ITEMS;
		ret = kvs_ioctl(fd, KVS_IOC_LIST, &list);
		if (!ret)
			ret = tell_page(items, list.count, found, context);
	} while (!ret && list.start);
	return ret;
}

KVS_API int kvs_store_list(unsigned int flags, kvs_store_fn *found,
			   void *context)
{
	int fd = kvs_device_open(O_RDONLY);
	int ret;

	if (fd < 0)
		return fd;
	ret = list_stores(fd, flags, found, context);
	close(fd);
	return ret;
}

KVS_API int kvs_store_stats(const struct kvs *kvs, struct kvs_statistics *stats)
{
	const struct kvs_store_stats head = { .size = sizeof(head) };
	int ret;

	memset(stats, 0, sizeof(*stats));
	memcpy(&stats->reserved, &head, sizeof(stats->reserved));
	ret = kvs_ioctl(kvs->fd, KVS_IOC_STATS, stats);
	stats->reserved = 0;
	return ret;
}

static void fill_distribution(struct kvs_distribution *distribution,
			      const struct kvs_histogram *from)
{
	__u32 i;

	memset(distribution, 0, sizeof(*distribution));
	distribution->buckets = from->out_buckets;
	distribution->unit = from->out_unit;
	distribution->sum = from->out_sum;
	for (i = 0; i < KVS_HISTOGRAM_BUCKETS; i++)
		distribution->count[i] = from->out_count[i];
}

KVS_API int kvs_store_histogram(const struct kvs *kvs, unsigned int kind,
				unsigned int operation,
				struct kvs_distribution *distribution)
{
	struct kvs_histogram histogram = {
		.size = sizeof(histogram),
		.kind = kind,
		.verb = operation,
	};
	int ret = kvs_ioctl(kvs->fd, KVS_IOC_HISTOGRAM, &histogram);

	fill_distribution(distribution, &histogram);
	return ret;
}
