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
 *
 * While there is one table, as nearly always, entries are linked and unlinked
 * here as rhashtable would do it, under its lock of the bucket: one walk of the
 * chain instead of two or three, for keys are known here. While there are two it
 * is rhashtable's.
 */
#include <linux/random.h>
#include <linux/workqueue.h>

#include "compat/rhashtable.h"
#include "sequence.h"
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

/**
 * struct kvs_bucket - a bucket of the only table, locked
 * @tbl: the table
 * @head: the bucket
 * @number: its number
 * @flags: of the lock
 */
struct kvs_bucket {
	struct bucket_table *tbl;
	struct rhash_lock_head __rcu **head;
	unsigned int number;
	unsigned long flags;
};

static __always_inline void kvs_bucket_unlock(struct kvs_bucket *bucket)
{
	kvs_rht_unlock(bucket->tbl, bucket->head, bucket->flags);
}

/*
 * Return: false while entries move to another table: who attaches that moves
 * none out of a bucket without its lock.
 */
static __always_inline bool kvs_bucket_lock(struct kvs_bucket *bucket,
					    struct bucket_table *tbl, u32 hash)
{
	bucket->tbl = tbl;
	bucket->number =
		rht_bucket_index(tbl, kvs_table_mix(hash, tbl->hash_rnd));
	bucket->head = rht_bucket_var(tbl, bucket->number);
	if (unlikely(!bucket->head))
		return false;
	kvs_rht_lock(tbl, bucket->head, bucket->flags);
	if (likely(!rcu_access_pointer(tbl->future_tbl)))
		return true;
	kvs_bucket_unlock(bucket);
	return false;
}

static __always_inline struct rhash_head *
kvs_bucket_next(const struct kvs_bucket *bucket, const struct rhash_head *pos)
{
	return rht_dereference_bucket(pos->next, bucket->tbl, bucket->number);
}

static __always_inline struct rhash_head *
kvs_bucket_first(const struct kvs_bucket *bucket)
{
	return rht_ptr(bucket->head, bucket->tbl, bucket->number);
}

/* In front of the others; unlocks. */
static __always_inline void kvs_bucket_push(struct kvs_bucket *bucket,
					    struct kvs_table *table,
					    struct kvs_entry *entry)
{
	RCU_INIT_POINTER(entry->node.next, kvs_bucket_first(bucket));
	atomic_inc(&table->ht.nelems);
	kvs_rht_assign_unlock(bucket->tbl, bucket->head, &entry->node,
			      bucket->flags);
	if (unlikely(rht_grow_above_75(&table->ht, bucket->tbl)))
		schedule_work(&table->ht.run_work);
}

/* Where @before is what points to it, NULL for the bucket itself; unlocks. */
static __always_inline void kvs_bucket_cut(struct kvs_bucket *bucket,
					   struct kvs_table *table,
					   struct kvs_entry *entry,
					   struct rhash_head *before)
{
	struct rhash_head *next = kvs_bucket_next(bucket, &entry->node);

	if (before) {
		rcu_assign_pointer(before->next, next);
		kvs_bucket_unlock(bucket);
	} else {
		kvs_rht_assign_unlock(bucket->tbl, bucket->head, next,
				      bucket->flags);
	}
	atomic_dec(&table->ht.nelems);
	atomic_dec(&table->reserved);
	if (unlikely(rht_shrink_below_30(&table->ht, bucket->tbl)))
		schedule_work(&table->ht.run_work);
}

static __always_inline struct kvs_entry *
kvs_bucket_find(const struct kvs_bucket *bucket, const struct kvs_key *key,
		struct rhash_head **before)
{
	struct rhash_head *pos;

	*before = NULL;
	for (pos = kvs_bucket_first(bucket); !rht_is_a_nulls(pos);
	     pos = kvs_bucket_next(bucket, pos)) {
		struct kvs_entry *entry =
			container_of(pos, struct kvs_entry, node);

		if (kvs_key_is(key, entry))
			return entry;
		*before = pos;
	}
	return NULL;
}

/* Return: 0 if there is a place for it, -EEXIST, -EAGAIN. */
static __always_inline int kvs_bucket_vet(const struct kvs_bucket *bucket,
					  const struct kvs_entry *entry)
{
	const struct kvs_key key = kvs_entry_key(entry);
	unsigned int length = 0;
	struct rhash_head *pos;

	for (pos = kvs_bucket_first(bucket); !rht_is_a_nulls(pos);
	     pos = kvs_bucket_next(bucket, pos)) {
		if (kvs_key_is(&key, container_of(pos, struct kvs_entry, node)))
			return -EEXIST;
		length++;
	}
	return length < KVS_CHAIN_MAX ? 0 : -EAGAIN;
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

/* Is there a place for one entry more, but for that in its bucket? */
static bool kvs_table_takes(struct kvs_table *table, struct bucket_table *tbl)
{
	return atomic_read(&table->reserved) <= tbl->size &&
	       !kvs_table_shrinking(table, tbl);
}

int kvs_table_link(struct kvs_table *table, struct kvs_entry *entry)
{
	struct bucket_table *tbl;
	struct kvs_bucket bucket __uninitialized;
	int ret = -EAGAIN;

	tbl = rht_dereference_rcu(table->ht.tbl, &table->ht);
	atomic_inc(&table->reserved);
	if (kvs_table_takes(table, tbl) &&
	    kvs_bucket_lock(&bucket, tbl, entry->hash)) {
		ret = kvs_bucket_vet(&bucket, entry);
		if (!ret)
			kvs_bucket_push(&bucket, table, entry);
		else
			kvs_bucket_unlock(&bucket);
	}
	if (unlikely(ret))
		atomic_dec(&table->reserved);
	return ret;
}

int kvs_table_insert(struct kvs_table *table, struct kvs_entry *entry)
{
	struct bucket_table *tbl;
	int ret;

	ret = kvs_table_link(table, entry);
	if (ret != -EAGAIN)
		return ret;
	ret = -EBUSY;
	tbl = kvs_table_last(table);
	atomic_inc(&table->reserved);
	if (kvs_table_takes(table, tbl) &&
	    !kvs_table_chain_full(table, tbl, entry))
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

struct kvs_entry *kvs_table_take(struct kvs_table *table,
				 const struct kvs_key *key)
{
	struct kvs_bucket bucket __uninitialized;
	struct rhash_head *before;
	struct kvs_entry *entry;

	if (!kvs_bucket_lock(&bucket,
			     rht_dereference_rcu(table->ht.tbl, &table->ht),
			     key->hash))
		return NULL;
	entry = kvs_bucket_find(&bucket, key, &before);
	if (!entry || !kvs_entry_is_plain(entry)) {
		kvs_bucket_unlock(&bucket);
		return NULL;
	}
	/* Before it leaves, as in kvs_change_unlink(). */
	kvs_entry_write_begin(entry);
	kvs_bucket_cut(&bucket, table, entry, before);
	return entry;
}

/* While entries move. */
static void kvs_table_remove_moving(struct kvs_table *table,
				    struct kvs_entry *entry)
{
	int ret;

	ret = rhashtable_remove_fast(&table->ht, &entry->node,
				     kvs_table_params);
	WARN_ON_ONCE(ret);
	atomic_dec(&table->reserved);
}

void kvs_table_remove(struct kvs_table *table, struct kvs_entry *entry)
{
	const struct kvs_key key = kvs_entry_key(entry);
	struct kvs_bucket bucket __uninitialized;
	struct rhash_head *before;

	if (!kvs_bucket_lock(&bucket,
			     rht_dereference_rcu(table->ht.tbl, &table->ht),
			     key.hash)) {
		kvs_table_remove_moving(table, entry);
		return;
	}
	if (WARN_ON_ONCE(kvs_bucket_find(&bucket, &key, &before) != entry))
		kvs_bucket_unlock(&bucket);
	else
		kvs_bucket_cut(&bucket, table, entry, before);
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
