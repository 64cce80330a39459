/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What an update is to do: filled in by those who know requests, carried out by
 * those who know entries.
 */
#ifndef _KVS_PLAN_H
#define _KVS_PLAN_H

#include <linux/kvs.h>
#include <linux/types.h>

#include "counter.h"
#include "entry.h"

struct kvs_evict_budget;
struct kvs_purse;
struct kvs_space;
struct kvs_store;

/**
 * enum kvs_want - what a try says that neither was made nor refused
 * @KVS_CHANGE_ALLOC: it wants a fresh entry
 * @KVS_CHANGE_GROW: a larger table
 * @KVS_CHANGE_ROOM: a place at the cap of entries
 * @KVS_CHANGE_OPEN: a store that is not closed
 * @KVS_CHANGE_MOVE: a fresh entry that is paid for where the change is made
 * @KVS_UPDATE_STALE: the entry is not the one that was seen, or cannot take the
 *	change where it stands: for those who planned it
 */
enum kvs_want {
	KVS_CHANGE_ALLOC = 1,
	KVS_CHANGE_GROW,
	KVS_CHANGE_ROOM,
	KVS_CHANGE_OPEN,
	KVS_CHANGE_MOVE,
	KVS_UPDATE_STALE,
};

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
 * enum kvs_stage - how far a change goes
 * @KVS_STAGE_WHOLE: it is made
 * @KVS_STAGE_TRY: nothing is done, but for what has no effect: would it be made?
 * @KVS_STAGE_MAKE: it is made; what it inserts has its place already
 *
 * A transaction tries all of its changes and then makes all of them, with their
 * stripes held all the time.
 */
enum kvs_stage {
	KVS_STAGE_WHOLE,
	KVS_STAGE_TRY,
	KVS_STAGE_MAKE,
};

/**
 * struct kvs_update - a change to one key
 * @store: where
 * @space: what was in it when it was last tried; change.c's own, valid in a try
 * @purse: who pays
 * @key: which, hashed
 * @flags: KVS_F_* that say under which condition
 * @nowait: do not sleep; -EAGAIN before the first effect instead
 * @patience: jiffies that the call may still wait
 * @budget: what the call may still evict
 * @stage: how far it goes
 * @spared: hashes of the keys that it depends on: they make no room for it
 * @spared_count: how many
 * @evicts: the policy when it was tried: what is found out then must hold when
 *	it is made
 * @ranks: the last try lacked nothing but a rank for what is there
 * @unranked: that is not to be had: it is done without
 * @inserts: KVS_STAGE_TRY: it would insert @fresh
 * @pins: bytes that it pins more than were, or less
 * @old: transactions: the entry that is there, or NULL; NULL once it is dead
 * @version: KVS_STAGE_MAKE: the version of the transaction
 * @now: KVS_STAGE_TRY, KVS_STAGE_MAKE: host CLOCK_BOOTTIME in nanoseconds
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
 * @own: @fresh was charged as a replacement of something of the same user
 * @res: what became of it
 *
 * kvs_room_drop() frees what was not used, whatever the outcome.
 */
struct kvs_update {
	struct kvs_store *store;
	struct kvs_space *space;
	struct kvs_purse *purse;
	const struct kvs_key *key;
	u32 flags;
	bool nowait;
	long *patience;
	struct kvs_evict_budget *budget;
	enum kvs_stage stage;
	const u32 *spared;
	u32 spared_count;
	bool evicts;
	bool ranks;
	bool unranked;
	bool inserts;
	s64 pins;
	struct kvs_entry *old;
	u64 version;
	u64 now;
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
	bool own;
	struct kvs_res *res;
};

#endif /* _KVS_PLAN_H */
