/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Named stores. In this state of the module there is one, "default", which
 * lives from module load to module exit: whoever has an open file of the device
 * holds the module, and so may use the store without a reference to it.
 */
#ifndef _KVS_STORE_H
#define _KVS_STORE_H

#include <linux/kvs.h>
#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/uidgid.h>

#include "account.h"
#include "expiry.h"
#include "stats.h"
#include "table.h"

struct cred;

/**
 * struct kvs_store - a key space
 * @stripes: writers' locks, by hash of the key; under them preconditions,
 *	accounting and publication of a change are one step
 * @stripe_mask: number of @stripes less one
 * @max_value: longest value in bytes; immutable
 * @stats: what was done to it
 * @id: random number of this creation; immutable
 * @name: immutable
 * @uid: owner; immutable
 * @gid: group; immutable
 * @mode: nine permission bits; immutable
 * @link: in the list of stores; immutable while a store can be found
 * @table: its entries; its first line is for readers, its count of entries for
 *	writers
 * @version: the last version drawn; drawn under a stripe
 * @account: what its entries cost
 * @expiry: those of its entries that have a deadline
 *
 * What readers need does not share a line with what writers write.
 */
struct kvs_store {
	spinlock_t *stripes; /* by hash of the key: its writers */
	unsigned int stripe_mask;
	u32 max_value;
	struct kvs_stats __percpu *stats;
	u64 id;
	char name[KVS_STORE_NAME_SIZE];
	kuid_t uid;
	kgid_t gid;
	umode_t mode;
	struct list_head link;
	struct kvs_table table ____cacheline_aligned_in_smp;
	atomic64_t version ____cacheline_aligned_in_smp;
	struct kvs_account account;
	struct kvs_expiry expiry;
};

/**
 * struct kvs_store_config - how to make a store
 * @name: its name
 * @number: its number, below KVS_STORES_MAX
 * @mode: permission bits; the owner is root
 * @max_bytes: byte cap
 * @max_entries: entry cap
 * @max_value: longest value
 * @reap: how an entry is ended whose deadline has come
 */
struct kvs_store_config {
	const char *name;
	u16 number;
	umode_t mode;
	u64 max_bytes;
	u64 max_entries;
	u32 max_value;
	kvs_expiry_reap_fn *reap;
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
	struct kvs_stats stats;
};

/**
 * kvs_store_create() - make a store and let it be found
 * @config: how
 *
 * Context: module init; may sleep.
 *
 * Return: the store or an ERR_PTR().
 */
struct kvs_store *kvs_store_create(const struct kvs_store_config *config);

/**
 * kvs_store_destroy() - free a store and all that is in it
 * @store: no handle is bound to it any more
 *
 * Waits for the RCU callbacks of its entries. Context: may sleep.
 */
void kvs_store_destroy(struct kvs_store *store);

/**
 * kvs_store_find() - find a store by name
 * @name: a valid name
 *
 * Return: the store or NULL.
 */
struct kvs_store *kvs_store_find(const char *name);

/**
 * kvs_store_for_each() - call a function for each store
 * @fn: the function; what it returns other than 0 ends the round
 * @data: for the function
 *
 * Context: may sleep.
 *
 * Return: the last return value.
 */
int kvs_store_for_each(int (*fn)(struct kvs_store *store, void *data),
		       void *data);

/**
 * kvs_store_rights() - rights that a store gives to someone
 * @store: the store
 * @cred: who
 *
 * Return: KVS_RIGHT_*, not bounded by open flags.
 */
u32 kvs_store_rights(const struct kvs_store *store, const struct cred *cred);

/**
 * kvs_store_snapshot() - take down the figures of a store
 * @store: the store
 * @snap: the figures
 */
void kvs_store_snapshot(struct kvs_store *store,
			struct kvs_store_snapshot *snap);

static inline spinlock_t *kvs_store_stripe(struct kvs_store *store, u32 hash)
{
	return &store->stripes[hash & store->stripe_mask];
}

/* Context: under a stripe. */
static inline u64 kvs_store_draw_version(struct kvs_store *store)
{
	return atomic64_inc_return(&store->version);
}

#endif /* _KVS_STORE_H */
