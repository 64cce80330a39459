/* SPDX-License-Identifier: GPL-2.0-only */
/* SCAN and DELETE_RANGE as the tests write them, and pages as they read them. */
#ifndef KVS_TEST_SCAN_H
#define KVS_TEST_SCAN_H

#include "door.h"
#include "request.h"

#define SCAN_PAGE (64 << 10)
#define SCAN_ITEM sizeof(struct kvs_scan_item)

struct scan {
	struct kvs_scan_args args;
	struct kvs_res res;
	__u8 last[KVS_MAX_KEY];
	__u8 page[SCAN_PAGE] __attribute__((aligned(8)));
};

static inline void scan_begin(struct scan *scan, __u32 flags)
{
	scan->args = (struct kvs_scan_args){
		.size = sizeof(scan->args),
		.flags = flags,
		.last = addr_of(scan->last),
	};
	poison(scan->last, sizeof(scan->last));
}

static inline void scan_from(struct scan *scan, const void *key, size_t len)
{
	scan->args.start = addr_of(key);
	scan->args.start_len = len;
}

static inline void scan_to(struct scan *scan, const void *key, size_t len)
{
	scan->args.end = addr_of(key);
	scan->args.end_len = len;
}

static inline void scan_prefix(struct scan *scan, const char *prefix)
{
	scan->args.flags |= KVS_SCAN_PREFIX;
	scan_from(scan, prefix, strlen(prefix));
}

/* Behind @key, wherever the scan has been. */
static inline void scan_after(struct scan *scan, const void *key, size_t len)
{
	scan->args.flags |= KVS_SCAN_AFTER;
	memcpy(scan->last, key, len);
	scan->args.last_len = len;
}

static inline struct kvs_req scan_req(struct scan *scan, size_t room)
{
	struct kvs_req req = { .verb = KVS_SCAN, .flags = KVS_F_ARGS };

	req.cond = addr_of(&scan->args);
	req.value = room ? addr_of(scan->page) : 0;
	req.value_len = room;
	return req;
}

/* One page; its status. What follows is to go on behind it. */
static inline int scan_page(struct scan *scan, struct door *door, size_t room)
{
	int ret;

	poison(scan->page, sizeof(scan->page));
	ret = door_do(door, scan_req(scan, room), &scan->res);
	if (!ret && scan->res.visited)
		scan->args.flags |= KVS_SCAN_AFTER;
	return ret;
}

static inline struct kvs_req scan_delete_req(struct scan *scan)
{
	struct kvs_req req = scan_req(scan, 0);

	req.verb = KVS_DELETE_RANGE;
	return req;
}

static inline int scan_delete(struct scan *scan, struct door *door)
{
	int ret = door_do(door, scan_delete_req(scan), &scan->res);

	if (!ret && scan->res.visited)
		scan->args.flags |= KVS_SCAN_AFTER;
	return ret;
}

static inline bool scan_has_more(const struct scan *scan)
{
	return scan->res.flags & KVS_RES_MORE;
}

/* The bytes of an item. */
static inline size_t scan_size(size_t key_len, size_t value_len)
{
	return SCAN_ITEM + ((key_len + 7) & ~7UL) + ((value_len + 7) & ~7UL);
}

static inline const struct kvs_scan_item *scan_first(const struct scan *scan)
{
	return (const struct kvs_scan_item *)scan->page;
}

static inline const struct kvs_scan_item *
scan_next(const struct kvs_scan_item *item)
{
	return (const void *)((const char *)item + item->next);
}

static inline const char *scan_key(const struct kvs_scan_item *item)
{
	return (const char *)(item + 1);
}

static inline const char *scan_value(const struct kvs_scan_item *item)
{
	return scan_key(item) + ((item->key_len + 7) & ~7UL);
}

static inline bool scan_is(const struct kvs_scan_item *item, const void *key,
			   size_t len)
{
	return item->key_len == len && !memcmp(scan_key(item), key, len);
}

#endif /* KVS_TEST_SCAN_H */
