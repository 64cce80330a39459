/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The table of a store, and how a key is found in it. What each request does is
 * in line.
 */
#ifndef _KVS_TABLE_H
#define _KVS_TABLE_H

#include <linux/atomic.h>
#include <linux/bits.h>
#include <linux/rhashtable.h>
#include <linux/types.h>

#include "entry.h"
#include "hash.h"

/**
 * struct kvs_table - entries by key
 * @ht: the hash table; it grows and shrinks in a worker of its own
 * @reserved: entries in it and on their way into it; keeps an insert from
 *	finding the table full, where rhashtable would allocate under our lock
 */
struct kvs_table {
	struct rhashtable ht;
	atomic_t reserved;
};

/**
 * kvs_table_key() - make of some bytes a key as the table looks it up
 * @key: the key
 * @data: its bytes, aligned to 8: what follows them up to the next 8 is zeroed
 * @len: 1 to KVS_MAX_KEY
 *
 * They are hashed with a secret of this module load, so that nobody can choose
 * keys that share a chain.
 */
static __always_inline void kvs_table_key(struct kvs_key *key, u8 *data,
					  unsigned int len)
{
	unsigned int rest = len % sizeof(__le64);

	if (rest)
		*(__le64 *)(data + len - rest) &=
			cpu_to_le64(GENMASK_ULL(rest * 8 - 1, 0));
	key->data = data;
	key->len = len;
	key->hash = kvs_hash(data, len);
}

/**
 * kvs_table_hash_shown() - what may be shown of a hash
 * @hash: hash of a key
 *
 * Return: a number that tells keys apart and nothing about their place in the
 * table.
 */
u32 kvs_table_hash_shown(u32 hash);

/**
 * kvs_table_setup() - draw this module load's secret
 */
void kvs_table_setup(void);

/**
 * kvs_table_init() - make an empty table
 * @table: the table
 *
 * Return: 0 or -ENOMEM.
 */
int kvs_table_init(struct kvs_table *table);

/**
 * kvs_table_destroy() - free the table and drop all that is in it
 * @table: nobody has been able to reach it for a grace period
 *
 * Context: may sleep.
 */
void kvs_table_destroy(struct kvs_table *table);

/* The hash is a good one; what is wanted is that another seed shuffles it. */
static __always_inline u32 kvs_table_mix(u32 hash, u32 seed)
{
	hash = (hash ^ seed) * 0x9e3779b1;
	return hash ^ hash >> 15;
}

/* By words: both are padded alike. */
static __always_inline bool kvs_key_is(const void *want,
				       const struct kvs_entry *entry)
{
	const struct kvs_key *key = want;
	unsigned int at;

	if (entry->hash != key->hash || kvs_entry_key_len(entry) != key->len)
		return false;
	for (at = 0; at < key->len; at += sizeof(u64)) {
		if (*(const u64 *)(entry->data + at) !=
		    *(const u64 *)(key->data + at))
			return false;
	}
	return true;
}

/* Has an entry the key that is wanted, whatever that is kept in? */
typedef bool kvs_table_is_fn(const void *want, const struct kvs_entry *entry);

/*
 * One table of rhashtable's, as rhashtable_lookup() walks it: that is not
 * inlined, and asks where in an entry its link is.
 */
static __always_inline struct kvs_entry *
kvs_table_find(const struct bucket_table *tbl, u32 hash, kvs_table_is_fn *is,
	       const void *want)
{
	unsigned int bucket =
		rht_bucket_index(tbl, kvs_table_mix(hash, tbl->hash_rnd));
	struct rhash_lock_head __rcu *const *head = rht_bucket(tbl, bucket);
	struct rhash_head *pos;

	do {
		rht_for_each_rcu_from(pos, rht_ptr_rcu(head), tbl, bucket) {
			struct kvs_entry *entry =
				container_of(pos, struct kvs_entry, node);

			/* The compiler is told to believe in NULL that is read. */
			if (!entry)
				__builtin_unreachable();
			if (is(want, entry))
				return entry;
		}
		/* Else it was moved to another chain on the way. */
	} while (unlikely(pos != RHT_NULLS_MARKER(head)));
	return NULL;
}

/**
 * kvs_table_search() - find an entry
 * @table: the table
 * @hash: of its key
 * @is: a constant, so that it is inlined
 * @want: the first argument of @is
 *
 * Context: under rcu_read_lock(), which the result needs.
 *
 * Return: the entry or NULL.
 */
static __always_inline struct kvs_entry *
kvs_table_search(struct kvs_table *table, u32 hash, kvs_table_is_fn *is,
		 const void *want)
{
	struct bucket_table *tbl;
	struct kvs_entry *entry;

	tbl = rht_dereference_rcu(table->ht.tbl, &table->ht);
	do {
		entry = kvs_table_find(tbl, hash, is, want);
		if (likely(entry))
			return entry;
		/* What is not in the old table is seen in the new one. */
		smp_rmb();
		tbl = rht_dereference_rcu(tbl->future_tbl, &table->ht);
	} while (unlikely(tbl));
	return NULL;
}

/**
 * kvs_table_lookup() - find the entry of a key
 * @table: the table
 * @key: a hashed key
 *
 * Context: as kvs_table_search().
 *
 * Return: the entry or NULL.
 */
static __always_inline struct kvs_entry *
kvs_table_lookup(struct kvs_table *table, const struct kvs_key *key)
{
	return kvs_table_search(table, key->hash, kvs_key_is, key);
}

/**
 * kvs_table_insert() - publish an entry whose key is absent
 * @table: the table
 * @entry: fresh
 *
 * Context: under the stripe of the key and rcu_read_lock().
 *
 * Return: 0 or -EBUSY if the table must grow first, see
 * kvs_table_has_room().
 */
int kvs_table_insert(struct kvs_table *table, struct kvs_entry *entry);

/**
 * kvs_table_link() - publish an entry in a table that stays as it is
 * @table: the table
 * @entry: fresh
 *
 * What most inserts are: one walk of the chain for all that there is to know.
 * Context: as kvs_table_insert().
 *
 * Return: 0; -EEXIST if its key is there; -EAGAIN if the table changes its size,
 * or must first: kvs_table_insert() knows.
 */
int kvs_table_link(struct kvs_table *table, struct kvs_entry *entry);

/**
 * kvs_table_take() - find an entry, mark it dead and unlink it, in one walk
 * @table: the table
 * @key: its key
 *
 * Only one that is nowhere else, see kvs_entry_is_plain(), and from a table that
 * stays as it is. Context: as kvs_table_insert().
 *
 * Return: the entry or NULL: then the long way knows more.
 */
struct kvs_entry *kvs_table_take(struct kvs_table *table,
				 const struct kvs_key *key);

/**
 * kvs_table_replace() - put one entry in the place of another, in one step
 * @table: the table
 * @old: in the table
 * @entry: fresh, with the same key
 *
 * Context: under the stripe of the key and rcu_read_lock().
 */
void kvs_table_replace(struct kvs_table *table, struct kvs_entry *old,
		       struct kvs_entry *entry);

/**
 * kvs_table_remove() - unlink an entry
 * @table: the table
 * @entry: in the table
 *
 * Context: under the stripe of the key and rcu_read_lock().
 */
void kvs_table_remove(struct kvs_table *table, struct kvs_entry *entry);

/**
 * kvs_table_has_room() - may an insert that was refused be tried again?
 * @table: the table
 *
 * It takes as long as it takes to allocate and clear the new buckets; inserts go
 * there at once, while the worker still moves what is old. Context: under
 * rcu_read_lock().
 *
 * Return: whether it may.
 */
bool kvs_table_has_room(struct kvs_table *table);

/**
 * kvs_table_bytes() - memory of the buckets
 * @table: the table
 *
 * Context: under rcu_read_lock().
 *
 * Return: bytes.
 */
static inline u64 kvs_table_bytes(struct kvs_table *table)
{
	const struct bucket_table *tbl;
	u64 bytes = 0;

	tbl = rht_dereference_rcu(table->ht.tbl, &table->ht);
	for (; tbl; tbl = rht_dereference_rcu(tbl->future_tbl, &table->ht))
		bytes +=
			sizeof(*tbl) + (u64)tbl->size * sizeof(tbl->buckets[0]);
	return bytes;
}

#endif /* _KVS_TABLE_H */
