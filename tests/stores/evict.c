// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>

#include "control.h"
#include "evict.h"
#include "request.h"
#include "store.h"

struct kvs_create evict_wish(__u64 max_bytes, __u64 max_entries)
{
	struct kvs_create wish = store_wish(EVICT_STORE);

	wish.set = KVS_SET_POLICY;
	wish.policy = KVS_POLICY_EVICT;
	if (max_bytes)
		wish.set |= KVS_SET_MAX_BYTES;
	if (max_entries)
		wish.set |= KVS_SET_MAX_ENTRIES;
	wish.max_bytes = max_bytes;
	wish.max_entries = max_entries;
	return wish;
}

int evict_make(__u64 max_bytes, __u64 max_entries)
{
	return store_make_as(evict_wish(max_bytes, max_entries));
}

struct kvs_req evict_req(__u16 verb, unsigned int number)
{
	char key[KVS_INLINE_KEY];
	int len = snprintf(key, sizeof(key), "evict.%06u", number);

	return req_key(verb, key, len);
}

struct kvs_req evict_put(unsigned int number, const void *value, size_t len)
{
	struct kvs_req req = evict_req(KVS_PUT, number);

	req.value = addr_of(value);
	req.value_len = len;
	return req;
}

int evict_get(int fd, unsigned int number, __u32 flags)
{
	return control_request(fd,
			       req_flags(evict_req(KVS_GET, number), flags));
}

bool evict_has(int fd, unsigned int number)
{
	return !evict_get(fd, number, KVS_F_NO_TOUCH);
}

__u32 evict_flags(int fd, unsigned int number)
{
	struct kvs_req req = evict_req(KVS_STAT, number);
	struct kvs_stat stat;

	req.value = addr_of(&stat);
	req.value_len = sizeof(stat);
	return control_request(fd, req) ? ~0U : stat.flags;
}

struct kvs_store_stats evict_stats(int fd)
{
	struct kvs_store_stats stats;

	if (store_stats(fd, &stats))
		memset(&stats, 0xff, sizeof(stats));
	return stats;
}
