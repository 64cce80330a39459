// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rhashtable of a store. It knows entries and keys, nothing above them.
 *
 * Readers need rcu_read_lock() only. Two writers of one key never meet: the
 * caller holds the stripe of the key, so that what it looked up is still there
 * when it changes it, and what was absent still is when it inserts.
 *
 * rhashtable allocates a new table in the context of an insert when it finds
 * the present one full, or 16 entries in one chain. Callers hold a spinlock, so
 * neither may happen: an insert reserves its place first, looks at the chain,
 * and keeps away while the worker may be about to attach a smaller table. What
 * does not fit waits for the worker outside all locks.
 */
#include <linux/random.h>
#include <linux/workqueue.h>

#include "table.h"

struct kvs_hash_state kvs_hash_start __read_mostly;
static siphash_key_t kvs_table_secret __read_mostly;

/* Not get_random_once(): its worker would hold the module. */
void kvs_table_setup(void)
{
	get_random_bytes(&kvs_table_secret, sizeof(kvs_table_secret));
	kvs_hash_set_secret(&kvs_hash_start, &kvs_table_secret);
}

u32 kvs_table_hash_shown(u32 hash)
{
	return siphash_1u32(hash, &kvs_table_secret);
}

static u32 kvs_table_hashfn(const void *data, u32 len, u32 seed)
{
	const struct kvs_key *key = data;

	return kvs_table_mix(key->hash, seed);
}

static u32 kvs_table_obj_hashfn(const void *data, u32 len, u32 seed)
{
	const struct kvs_entry *entry = data;

	return kvs_table_mix(entry->hash, seed);
}

static int kvs_table_obj_cmpfn(struct rhashtable_compare_arg *arg,
			       const void *obj)
{
	return !kvs_key_is(arg->key, obj);
}

/* Const and in view of its users, so that the calls above are inlined. */
static const struct rhashtable_params kvs_table_params = {
	.head_offset = offsetof(struct kvs_entry, node),
	.hashfn = kvs_table_hashfn,
	.obj_hashfn = kvs_table_obj_hashfn,
	.obj_cmpfn = kvs_table_obj_cmpfn,
	.min_size = KVS_TABLE_MIN,
	.automatic_shrinking = true,
};

int kvs_table_init(struct kvs_table *table)
{
	atomic_set(&table->reserved, 0);
	return rhashtable_init(&table->ht, &kvs_table_params);
}

static void kvs_table_drop(void *obj, void *unused)
{
	kvs_entry_drop(obj);
}

void kvs_table_destroy(struct kvs_table *table)
{
	rhashtable_free_and_destroy(&table->ht, kvs_table_drop, NULL);
}

/* The table that inserts go to: the last one while a rehash is going on. */
static struct bucket_table *kvs_table_last(struct kvs_table *table)
{
	struct bucket_table *tbl, *next;

	tbl = rht_dereference_rcu(table->ht.tbl, &table->ht);
	while ((next = rht_dereference_rcu(tbl->future_tbl, &table->ht)))
		tbl = next;
	return tbl;
}

static bool kvs_table_chain_full(struct kvs_table *table,
				 struct bucket_table *tbl,
				 const struct kvs_entry *entry)
{
	unsigned int length = 0;
	struct rhash_head *pos;
	unsigned int bucket;

	bucket = rht_head_hashfn(&table->ht, tbl, &entry->node,
				 kvs_table_params);
	rht_for_each_rcu(pos, tbl, bucket)
		length++;
	return length >= KVS_CHAIN_MAX;
}

/*
 * The worker chooses the size of a smaller table by the entries that it counts,
 * and attaches it after an allocation that may sleep: what is inserted in
 * between may be too much for it. Once it is attached it is the last table.
 */
static bool kvs_table_shrinking(struct kvs_table *table,
				struct bucket_table *tbl)
{
	return rht_shrink_below_30(&table->ht, tbl) &&
	       work_busy(&table->ht.run_work);
}

/* Is there a place for one entry more, in this bucket? */
static bool kvs_table_has_place(struct kvs_table *table,
				struct bucket_table *tbl,
				const struct kvs_entry *entry)
{
	return atomic_read(&table->reserved) <= tbl->size &&
	       !kvs_table_shrinking(table, tbl) &&
	       !kvs_table_chain_full(table, tbl, entry);
}

int kvs_table_insert(struct kvs_table *table, struct kvs_entry *entry)
{
	int ret = -EBUSY;

	atomic_inc(&table->reserved);
	if (kvs_table_has_place(table, kvs_table_last(table), entry))
		ret = rhashtable_insert_fast(&table->ht, &entry->node,
					     kvs_table_params);
	if (!ret)
		return 0;
	/* Whatever rhashtable says, it means: not before the table grew. */
	atomic_dec(&table->reserved);
	return -EBUSY;
}

void kvs_table_replace(struct kvs_table *table, struct kvs_entry *old,
		       struct kvs_entry *entry)
{
	int ret;

	ret = rhashtable_replace_fast(&table->ht, &old->node, &entry->node,
				      kvs_table_params);
	WARN_ON_ONCE(ret);
}

void kvs_table_remove(struct kvs_table *table, struct kvs_entry *entry)
{
	int ret;

	ret = rhashtable_remove_fast(&table->ht, &entry->node,
				     kvs_table_params);
	WARN_ON_ONCE(ret);
	atomic_dec(&table->reserved);
}

/*
 * The worker is queued by an insert that makes the table three quarters full.
 * That was long ago if it became so by the attachment of a smaller one: then
 * nobody is there to queue it but who waits.
 */
bool kvs_table_has_room(struct kvs_table *table)
{
	struct bucket_table *tbl;
	bool room;

	tbl = kvs_table_last(table);
	room = atomic_read(&table->reserved) < tbl->size &&
	       !kvs_table_shrinking(table, tbl);
	if (rht_grow_above_75(&table->ht, tbl))
		schedule_work(&table->ht.run_work);
	return room;
}

static u64 kvs_table_size(const struct bucket_table *tbl)
{
	return sizeof(*tbl) + (u64)tbl->size * sizeof(tbl->buckets[0]);
}

u64 kvs_table_bytes(struct kvs_table *table)
{
	struct bucket_table *tbl;
	u64 bytes = 0;

	tbl = rht_dereference_rcu(table->ht.tbl, &table->ht);
	for (; tbl; tbl = rht_dereference_rcu(tbl->future_tbl, &table->ht))
		bytes += kvs_table_size(tbl);
	return bytes;
}
