/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Named stores: who may do what with them, and what is done to them as a whole.
 *
 * States of a store, and who frees it:
 *
 *   named     in its namespace, found by name and number; that is one reference.
 *             It has a space
 *   gone      destroyed: the name is free, the space is NULL and whoever still
 *             has a handle gets EIDRM; the last handle frees it
 *
 * Order of locks: kvs_stores_lock > the control mutex of a store > that of its
 * staging store. Both kinds are held across no allocation and no user copy; the
 * second is held across grace periods.
 */
#ifndef _KVS_STORE_H
#define _KVS_STORE_H

#include <linux/kvs.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/refcount.h>
#include <linux/uidgid.h>

#include "gate.h"
#include "space.h"
#include "stats.h"

struct cred;
struct kvs_latency;
struct kvs_namespace;
struct kvs_quota;

/**
 * struct kvs_store - a key space under a name
 * @space: its contents; NULL once it is gone. Changed under @control
 * @max_value: longest value in bytes; ALTER changes it
 * @shape: KVS_SHAPE_LINK where it has an index, which every entry in it has room
 *	for then; immutable
 * @number: its directory in sysfs; immutable
 * @stats: what was done to it
 * @latency: how long requests take; NULL: it is not measured. Changed under
 *	@control
 * @version: the counter that versions are drawn from: its own, or that of the
 *	store that it is staging for; drawn under a stripe
 * @id: random number of this creation; immutable
 * @name: immutable
 * @uid: owner; under @control
 * @gid: group; likewise
 * @mode: nine permission bits; likewise
 * @removal: how an entry is removed that nobody asked to remove
 * @refs: of its name, its handles and its staging store
 * @namespace: where it has its name; NULL once it is gone; under
 *	kvs_stores_lock
 * @link: in @namespace; likewise
 * @maker: quota that the store was charged to, with a reference
 * @live: the store that it is staging for, with a reference, or NULL; immutable
 * @staging: the store that is staging for it, or NULL; written under
 *	kvs_stores_lock
 * @control: one administrative act at a time
 * @txn: one transaction at a time takes stripes
 * @gate: where changes wait for a closed space
 * @lag: how late its entries were ended
 * @own_version: what @version points to, unless it is staging
 *
 * What readers need does not share a line with what writers write.
 */
struct kvs_store {
	struct kvs_space __rcu *space;
	u32 max_value;
	u16 shape;
	u32 number;
	struct kvs_stats __percpu *stats;
	struct kvs_latency __rcu *latency;
	atomic64_t *version;
	u64 id;
	char name[KVS_STORE_NAME_SIZE];
	kuid_t uid;
	kgid_t gid;
	umode_t mode;
	const struct kvs_removal *removal;
	refcount_t refs;
	struct kvs_namespace *namespace;
	struct list_head link;
	struct kvs_quota *maker;
	struct kvs_store *live;
	struct kvs_store *staging;
	struct mutex control; /* see above */
	struct mutex txn; /* taken before stripes, and alone otherwise */
	struct kvs_gate gate;
	struct kvs_lag lag;
	atomic64_t own_version ____cacheline_aligned_in_smp;
};

/**
 * struct kvs_store_config - what a store is to be
 * @set: KVS_SET_*: which of these are given
 * @uid: owner
 * @gid: group
 * @mode: permission bits
 * @index: has an index; never changed
 * @max_value: longest value
 * @max_bytes: byte cap
 * @max_entries: entry cap
 * @max_pinned: cap of pinned bytes
 * @evicts: at the cap it evicts
 */
struct kvs_store_config {
	u32 set;
	kuid_t uid;
	kgid_t gid;
	umode_t mode;
	bool index;
	u32 max_value;
	u64 max_bytes;
	u64 max_entries;
	u64 max_pinned;
	bool evicts;
};

/**
 * struct kvs_store_snapshot - figures of a store, for those who print them
 * @entries: entries in the table
 * @bytes: charged for entries
 * @waiting_bytes: the part of @bytes that waits for a grace period
 * @table_bytes: memory of the buckets
 * @max_bytes: byte cap
 * @max_entries: entry cap
 * @max_value: longest value
 * @version: the last version drawn
 * @pinned_bytes: the part of @bytes that is never evicted
 * @max_pinned: cap of that
 * @evicts: at the cap it evicts
 * @stats: what was done
 */
struct kvs_store_snapshot {
	u64 entries;
	u64 bytes;
	u64 waiting_bytes;
	u64 table_bytes;
	u64 max_bytes;
	u64 max_entries;
	u64 max_value;
	u64 version;
	u64 pinned_bytes;
	u64 max_pinned;
	bool evicts;
	struct kvs_stats stats;
};

/**
 * kvs_store_alloc() - make a store that nobody can find yet
 * @name: a valid name
 * @config: all of it set
 * @maker: quota to charge
 * @live: the store that it is staging for, or NULL
 * @removal: how entries are removed
 *
 * Context: may sleep.
 *
 * Return: the store with a reference, or an ERR_PTR(): -ENOMEM, -EDQUOT,
 * -ENOSPC where there are too many.
 */
struct kvs_store *kvs_store_alloc(const char *name,
				  const struct kvs_store_config *config,
				  struct kvs_quota *maker,
				  struct kvs_store *live,
				  const struct kvs_removal *removal);

/**
 * kvs_store_hold() - take a reference more
 * @store: of which the caller holds one
 *
 * Return: @store.
 */
static inline struct kvs_store *kvs_store_hold(struct kvs_store *store)
{
	refcount_inc(&store->refs);
	return store;
}

/**
 * kvs_store_put() - drop a reference
 * @store: the store or NULL
 *
 * Context: may sleep.
 */
void kvs_store_put(struct kvs_store *store);

/**
 * kvs_store_show() - let a store be found by its number
 * @store: the store
 *
 * Context: under kvs_stores_lock, as all that follow it.
 */
void kvs_store_show(struct kvs_store *store);

/**
 * kvs_store_hide() - let it be found no more
 * @store: the store; its number stays its own
 */
void kvs_store_hide(struct kvs_store *store);

/**
 * kvs_store_next() - find a store by number
 * @number: the least wanted
 *
 * Return: the store, without a reference, or NULL.
 */
struct kvs_store *kvs_store_next(unsigned long number);

/**
 * kvs_store_ledger() - what a change in a store is charged to
 * @store: the store; its table is charged as large as it is now
 *
 * Return: the ledger with a reference, or NULL if the store is gone.
 */
struct kvs_ledger *kvs_store_ledger(struct kvs_store *store);

/**
 * kvs_store_empty() - drop all that is in a store, for good
 * @store: gone
 *
 * Context: may sleep.
 *
 * Return: the number of entries that it had.
 */
u64 kvs_store_empty(struct kvs_store *store);

/**
 * kvs_store_flush() - drop all that is in a store
 * @store: the store
 * @version: the version drawn for it
 *
 * Context: may sleep, for a grace period.
 *
 * Return: 0, -ENOMEM, -EIDRM.
 */
int kvs_store_flush(struct kvs_store *store, u64 *version);

/**
 * kvs_store_publish() - exchange the contents with those of the staging store
 * @store: the store
 * @staging: its staging store, with a reference
 * @version: the version drawn for it
 *
 * Context: may sleep, for grace periods.
 *
 * Return: 0, -EIDRM.
 */
int kvs_store_publish(struct kvs_store *store, struct kvs_store *staging,
		      u64 *version);

/**
 * kvs_store_alter() - change what a store and its staging store are
 * @store: the store
 * @staging: its staging store, with a reference, or NULL
 * @config: what is set of it
 *
 * Return: 0, -EIDRM, -EAGAIN if it has another staging store by now.
 */
int kvs_store_alter(struct kvs_store *store, struct kvs_store *staging,
		    const struct kvs_store_config *config);

/**
 * kvs_store_follow() - make a staging store what the other one is
 * @staging: the staging store, just named: an ALTER may have come before
 */
void kvs_store_follow(struct kvs_store *staging);

/**
 * kvs_store_wait_open() - wait while a store is closed to changes
 * @store: the store
 * @patience: jiffies that the caller may still wait; what it waits is taken off
 *
 * Between kvs_gate_join() and kvs_gate_leave(), the second after what was waited
 * for is done.
 *
 * Context: may sleep, for grace periods.
 *
 * Return: 0, -EBUSY if patience is at its end, -EINTR after a fatal signal.
 */
int kvs_store_wait_open(struct kvs_store *store, long *patience);

/**
 * kvs_store_rights() - rights that a store gives to someone
 * @store: the store
 * @cred: who
 *
 * Return: KVS_RIGHT_*, not bounded by open flags.
 */
u32 kvs_store_rights(struct kvs_store *store, const struct cred *cred);

/**
 * kvs_cred_in_group() - is somebody member of a group?
 * @cred: who
 * @gid: the group
 *
 * Return: whether it is.
 */
bool kvs_cred_in_group(const struct cred *cred, kgid_t gid);

/**
 * kvs_store_snapshot() - take down the figures of a store
 * @store: the store
 * @snap: the figures; those of the contents are 0 for a store that is gone
 */
void kvs_store_snapshot(struct kvs_store *store,
			struct kvs_store_snapshot *snap);

/* Context: under a stripe. */
static inline u64 kvs_store_draw_version(struct kvs_store *store)
{
	return atomic64_inc_return(store->version);
}

#endif /* _KVS_STORE_H */
