/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is in a store. FLUSH gives a store another space, an empty one; PUBLISH
 * exchanges those of two stores.
 *
 * States of a space, and who frees it:
 *
 *   open     reached through a store by rcu_dereference(), for any length of
 *            one RCU section
 *   closed   changes leave again without an effect, readers go on; after
 *            kvs_space_close() no change is under way. Ends by being opened
 *            again or by kvs_space_drop()
 *   dropped  out of reach; after a grace period a worker frees its entries and
 *            then itself
 */
#ifndef _KVS_SPACE_H
#define _KVS_SPACE_H

#include <linux/spinlock.h>
#include <linux/workqueue.h>

#include "entry.h"
#include "evict.h"
#include "expiry.h"
#include "index.h"
#include "payer.h"
#include "size.h"
#include "table.h"

struct kvs_store;

/**
 * struct kvs_removal - the one removal path, for those who choose what goes
 * @expire: ends an entry whose deadline has come
 * @evict: ends an entry to make room
 */
struct kvs_removal {
	kvs_expiry_reap_fn *expire;
	kvs_evict_take_fn *evict;
};

/**
 * struct kvs_space - the contents of a store
 * @stripes: writers' locks, by hash of the key; under them preconditions,
 *	accounting and publication of a change are one step
 * @stripe_mask: number of @stripes less one
 * @closed: no change may begin
 * @store: whose contents it is; changes while closed
 * @ledger: what its entries cost, with a reference; immutable
 * @since: every entry counts as changed by this version, or later: when it was
 *	published; changes while closed
 * @sizes: of its entries
 * @table: its entries; its first line is for readers, its count of entries for
 *	writers
 * @index: its entries in order, where they have room for that
 * @expiry: those of its entries that have a deadline
 * @evict: those of its entries that may be evicted
 * @pinned: bytes of those of its entries that are pinned; see kvs_space_pin()
 * @table_bytes: bytes of @table that are charged
 * @drop: frees it
 */
struct kvs_space {
	spinlock_t *stripes; /* by hash of the key: its writers */
	unsigned int stripe_mask;
	bool closed;
	struct kvs_store *store;
	struct kvs_ledger *ledger;
	u64 since;
	struct kvs_sizes __percpu *sizes;
	struct kvs_table table ____cacheline_aligned_in_smp;
	struct kvs_index index;
	struct kvs_expiry expiry;
	struct kvs_evict evict;
	atomic64_t pinned;
	atomic64_t table_bytes;
	struct rcu_work drop;
};

/**
 * kvs_spaces_init() - before the first space
 *
 * Return: 0 or -ENOMEM.
 */
int kvs_spaces_init(void);

/**
 * kvs_spaces_exit() - wait until every space that was dropped is gone
 *
 * Their entries may still wait for a grace period afterwards.
 */
void kvs_spaces_exit(void);

/**
 * kvs_space_alloc() - make an empty space
 * @ledger: of which it takes a reference
 * @shape: KVS_SHAPE_LINK where it has an index
 * @removal: how entries are removed
 * @lag: where the lag of expiry is counted, see &struct kvs_expiry
 *
 * Context: may sleep.
 *
 * Return: the space, open, or NULL.
 */
struct kvs_space *kvs_space_alloc(struct kvs_ledger *ledger, u16 shape,
				  const struct kvs_removal *removal,
				  struct kvs_lag *lag);

/**
 * kvs_space_free() - free a space that was never in reach
 * @space: the space
 *
 * Context: may sleep, for a grace period.
 */
void kvs_space_free(struct kvs_space *space);

/**
 * kvs_space_close() - let no change begin any more
 * @space: open; the caller keeps others from closing or dropping it
 *
 * The caller waits for those under way by synchronize_rcu().
 */
static inline void kvs_space_close(struct kvs_space *space)
{
	WRITE_ONCE(space->closed, true);
}

static inline void kvs_space_open(struct kvs_space *space)
{
	WRITE_ONCE(space->closed, false);
}

/**
 * kvs_space_seal() - the end of a space begins
 * @space: closed, no change under way
 *
 * Its entries do not count any more; their bytes do until they are free, and
 * until then those who find no room wait for them. Context: may sleep.
 */
void kvs_space_seal(struct kvs_space *space);

/**
 * kvs_space_pin() - count bytes of pinned entries
 * @space: where they are
 * @bytes: more, or less if negative
 *
 * Context: under the stripe of the entry's key.
 *
 * Return: false at the cap, and then nothing changed; never for less.
 */
bool kvs_space_pin(struct kvs_space *space, s64 bytes);

/**
 * kvs_space_drop() - free a space and all that is in it
 * @space: sealed, and just put out of reach
 *
 * Does not wait for the end.
 */
void kvs_space_drop(struct kvs_space *space);

/**
 * kvs_space_charge_table() - charge the table as large as it is now
 * @space: the space
 */
void kvs_space_charge_table(struct kvs_space *space);

/**
 * kvs_space_table_is_charged() - need kvs_space_charge_table() do nothing?
 * @space: the space
 *
 * Context: under rcu_read_lock().
 *
 * Return: whether the table is as large as it was when it was charged.
 */
static inline bool kvs_space_table_is_charged(struct kvs_space *space)
{
	return kvs_table_bytes(&space->table) ==
	       atomic64_read(&space->table_bytes);
}

/**
 * kvs_space_enter() - count an entry that comes into the table
 * @space: the space
 * @entry: the entry; under its stripe
 */
static inline void kvs_space_enter(struct kvs_space *space,
				   struct kvs_entry *entry)
{
	kvs_sizes_add(space->sizes, kvs_entry_charge(entry));
}

/**
 * kvs_space_leave() - count an entry that goes out of the table
 * @space: the space
 * @entry: the entry; under its stripe
 */
static inline void kvs_space_leave(struct kvs_space *space,
				   struct kvs_entry *entry)
{
	kvs_sizes_sub(space->sizes, kvs_entry_charge(entry));
}

/* The version of an entry, whose own is @version. */
static inline u64 kvs_space_version(const struct kvs_space *space, u64 version)
{
	return max(version, READ_ONCE(space->since));
}

static inline spinlock_t *kvs_space_stripe(struct kvs_space *space, u32 hash)
{
	return &space->stripes[hash & space->stripe_mask];
}

#endif /* _KVS_SPACE_H */
