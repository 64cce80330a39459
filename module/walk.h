/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A walk through a range of a store in byte order, in steps: each looks at no
 * more entries than the lock of the index may be held for, under one RCU
 * section, and puts what it finds into a buffer of its own.
 *
 * Each step begins behind the key that the one before ended at. So an entry that
 * is there during the whole walk is met exactly once, whatever becomes of
 * others, and of the table.
 */
#ifndef _KVS_WALK_H
#define _KVS_WALK_H

#include <linux/kvs.h>
#include <linux/sizes.h>
#include <linux/types.h>

#include "entry.h"
#include "index.h"

struct kvs_store;

/* Bytes that one step gathers; many times the longest item. */
#define KVS_WALK_BYTES SZ_16K

/**
 * enum kvs_walk_what - what of each entry is wanted
 * @KVS_WALK_VALUES: an item with key and value
 * @KVS_WALK_KEYS: an item with the key
 * @KVS_WALK_COUNT: that it is there
 * @KVS_WALK_NAMES: an item with the key, whether it is still there or not; the
 *	caller passes what it has dealt with
 */
enum kvs_walk_what {
	KVS_WALK_VALUES,
	KVS_WALK_KEYS,
	KVS_WALK_COUNT,
	KVS_WALK_NAMES,
};

/**
 * enum kvs_walk_state - how a step ended
 * @KVS_WALK_GO: not yet; walk.c's own
 * @KVS_WALK_END: with the range
 * @KVS_WALK_MORE: there may be more
 * @KVS_WALK_FULL: before an entry for which there is no room, or which would be
 *	one too many
 * @KVS_WALK_LOOK: before an entry that must be looked at by its key
 */
enum kvs_walk_state {
	KVS_WALK_GO,
	KVS_WALK_END,
	KVS_WALK_MORE,
	KVS_WALK_FULL,
	KVS_WALK_LOOK,
};

/**
 * struct kvs_walk - a walk
 * @store: where
 * @what: what is wanted
 * @opaque: of what is kept with entries nothing is told
 * @range: what is left; its bounds are @start and @end
 * @room: bytes that items may still take
 * @need: KVS_WALK_FULL: bytes of the item that there was no room for; 0: it is
 *	one too many
 * @limit: entries at most
 * @count: entries found
 * @visited: entries passed
 * @filled: bytes at @items
 * @key: KVS_WALK_LOOK: the key to look at
 * @start: bound, a zero byte longer than a key
 * @end: bound
 * @look: bytes of @key
 * @items: each a &struct kvs_scan_item with what follows it
 */
struct kvs_walk {
	struct kvs_store *store;
	enum kvs_walk_what what;
	bool opaque;
	struct kvs_range range;
	u32 room;
	u32 need;
	u32 limit;
	u32 count;
	u32 visited;
	u32 filled;
	struct kvs_key key;
	u8 start[KVS_MAX_KEY + 1];
	u8 end[KVS_MAX_KEY];
	u8 look[KVS_MAX_KEY] __aligned(8);
	u8 items[KVS_WALK_BYTES] __aligned(8);
};

/* Bytes of an item with such a key and such a value. */
static inline u32 kvs_walk_item_size(u16 key_len, u32 value_len)
{
	return sizeof(struct kvs_scan_item) + ALIGN(key_len, 8) +
	       ALIGN(value_len, 8);
}

/**
 * kvs_walk_step() - go on
 * @walk: the walk; @walk->items is overwritten
 *
 * Context: under no lock.
 *
 * Return: &enum kvs_walk_state, or -EIDRM.
 */
int kvs_walk_step(struct kvs_walk *walk);

/**
 * kvs_walk_pass() - go on behind a key
 * @walk: the walk
 * @key: its bytes
 * @len: how many
 * @visited: entries that were visited on the way
 */
void kvs_walk_pass(struct kvs_walk *walk, const u8 *key, u16 len, u32 visited);

/**
 * kvs_walk_resume() - go on behind a key if that is in the range
 * @walk: a walk that has not begun
 * @key: its bytes
 * @len: how many
 */
void kvs_walk_resume(struct kvs_walk *walk, const u8 *key, u16 len);

/**
 * kvs_walk_last() - the key passed last
 * @walk: the walk
 * @len: its length
 *
 * Return: its bytes; NULL if none was passed.
 */
const u8 *kvs_walk_last(const struct kvs_walk *walk, u16 *len);

/**
 * kvs_walk_describe() - what an item says before its key
 * @walk: who wants to know
 * @item: the item
 * @key_len: length of the key
 * @value_len: bytes of value that follow
 * @res: what was read of the entry
 */
void kvs_walk_describe(const struct kvs_walk *walk, struct kvs_scan_item *item,
		       u16 key_len, u32 value_len, const struct kvs_res *res);

#endif /* _KVS_WALK_H */
