/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The one path by which entries come, change and go.
 */
#ifndef _KVS_UPDATE_H
#define _KVS_UPDATE_H

#include <linux/kvs.h>
#include <linux/types.h>

#include "counter.h"
#include "entry.h"

struct kvs_expiry;
struct kvs_store;

/*
 * What updates with @if_seen return besides an errno: the entry is not the one
 * that was seen, or cannot take the change where it stands.
 */
#define KVS_UPDATE_STALE 3

/**
 * enum kvs_ttl - what an update does to the deadline
 * @KVS_TTL_CLEAR: the entry has none afterwards
 * @KVS_TTL_KEEP: it stays
 * @KVS_TTL_SET: it becomes another one
 * @KVS_TTL_SET_NEW: it becomes one if the entry is made
 */
enum kvs_ttl {
	KVS_TTL_CLEAR,
	KVS_TTL_KEEP,
	KVS_TTL_SET,
	KVS_TTL_SET_NEW,
};

/**
 * struct kvs_update - a change to one key
 * @store: where
 * @key: which, hashed
 * @flags: KVS_F_* that say under which condition
 * @nowait: do not sleep; -EAGAIN before the first effect instead
 * @patience: jiffies that the call may still wait
 * @if_seen: only if the version is @seen; else KVS_UPDATE_STALE
 * @seen: a version, 0 for a key that is absent
 * @if_version: KVS_F_IF_VERSION: the version it must have
 * @expect: KVS_F_IF_EQ: the bytes it must have
 * @expect_len: how many
 * @value: PUT: the new value; KVS_F_APPEND: what to append
 * @max_value: KVS_F_APPEND: longest value allowed
 * @ttl: what becomes of the deadline
 * @deadline: @ttl: host CLOCK_BOOTTIME in nanoseconds, or KVS_DEADLINE_NONE
 * @extras: what a fresh entry must have room for
 * @touch: TOUCH: KVS_TOUCH_*
 * @initial: KVS_F_CREATE: what a missing counter starts from
 * @add: ADD: what to add
 * @number: XCHG: the new value
 * @bitop: BITOP: what to do
 * @bucket: BUCKET: what to take
 * @fresh: an entry made for it and not yet published; charged
 * @shrinks: @fresh was charged as a replacement of something not smaller
 * @res: what became of it
 *
 * kvs_update_end() frees what was not used, whatever the outcome.
 */
struct kvs_update {
	struct kvs_store *store;
	const struct kvs_key *key;
	u32 flags;
	bool nowait;
	long *patience;
	bool if_seen;
	u64 seen;
	u64 if_version;
	const u8 *expect;
	u32 expect_len;
	u32 max_value;
	enum kvs_ttl ttl;
	u64 deadline;
	u16 extras;
	u32 touch;
	struct kvs_value value;
	s64 initial;
	union {
		struct kvs_counter_add add;
		s64 number;
		struct kvs_counter_bitop bitop;
		struct kvs_counter_bucket bucket;
	};
	struct kvs_entry *fresh;
	bool shrinks;
	struct kvs_res *res;
};

/**
 * kvs_update_probe() - would a PUT be refused by its conditions now?
 * @update: without a value
 *
 * So that what would be refused anyway costs no memory and no waiting. Context:
 * takes the stripe of the key.
 *
 * Return: 0 or what kvs_update_put() would return.
 */
int kvs_update_probe(struct kvs_update *update);

/**
 * kvs_update_prepare() - make the entry that a PUT will publish
 * @update: with @value; where its data is NULL the caller fills
 *	kvs_entry_bytes() of @fresh before the PUT
 *
 * Context: may sleep without @nowait; takes no lock.
 *
 * Return: 0, -ENOSPC, -ENOMEM, -EINTR after a fatal signal, -EAGAIN with
 * @nowait.
 */
int kvs_update_prepare(struct kvs_update *update);

/**
 * kvs_update_put() - write a value
 * @update: with @value, and with @fresh if the value is in it
 *
 * Context: as kvs_update_prepare(). Takes the stripe of the key.
 *
 * Return: 0 or a negative errno of the ABI; KVS_UPDATE_STALE with @if_seen;
 * -EAGAIN with @nowait.
 */
int kvs_update_put(struct kvs_update *update);

/**
 * kvs_update_append() - write behind a value where that needs no memory
 * @update: with @value
 *
 * Context: takes the stripe of the key.
 *
 * Return: 0 or a negative errno of the ABI; KVS_UPDATE_STALE if it needs memory,
 * so that the whole value must be put.
 */
int kvs_update_append(struct kvs_update *update);

/**
 * kvs_update_touch() - change a deadline, and neither value nor version
 * @update: with @touch and @deadline; with @if_seen and @fresh, a copy of the
 *	entry with room for a deadline, after KVS_UPDATE_STALE
 *
 * Context: takes the stripe of the key.
 *
 * Return: 0 or a negative errno of the ABI, -ESTALE if @touch says no;
 * KVS_UPDATE_STALE.
 */
int kvs_update_touch(struct kvs_update *update);

/**
 * kvs_update_reap() - end an entry whose deadline has come
 * @expiry: the queue of a store
 * @entry: an entry that it does not have any more
 *
 * A &typedef kvs_expiry_reap_fn.
 *
 * Return: whether it was ended.
 */
bool kvs_update_reap(struct kvs_expiry *expiry, struct kvs_entry *entry);

/**
 * kvs_update_add() - add to a counter
 * @update: with @initial and @add
 *
 * Context: as kvs_update_put().
 *
 * Return: 0 or a negative errno of the ABI; -EAGAIN with @nowait.
 */
int kvs_update_add(struct kvs_update *update);

/**
 * kvs_update_xchg() - set a counter and answer its old value
 * @update: with @initial and @number
 *
 * Context: as kvs_update_put().
 *
 * Return: as kvs_update_add().
 */
int kvs_update_xchg(struct kvs_update *update);

/**
 * kvs_update_bitop() - change bits of a counter
 * @update: with @initial and @bitop
 *
 * Context: as kvs_update_put().
 *
 * Return: as kvs_update_add().
 */
int kvs_update_bitop(struct kvs_update *update);

/**
 * kvs_update_bucket() - take tokens from a bucket
 * @update: with @bucket
 *
 * Changes nothing and answers KVS_RES_REFUSED if there are too few. Context: as
 * kvs_update_put().
 *
 * Return: as kvs_update_add().
 */
int kvs_update_bucket(struct kvs_update *update);

/**
 * kvs_update_delete() - remove an entry
 * @update: without a value
 *
 * Allocates nothing and does not wait. Takes the stripe of the key.
 *
 * Return: 0 or a negative errno of the ABI.
 */
int kvs_update_delete(struct kvs_update *update);

/**
 * kvs_update_end() - free what the update did not use
 * @update: after the last of the calls above; it may begin again
 */
void kvs_update_end(struct kvs_update *update);

#endif /* _KVS_UPDATE_H */
