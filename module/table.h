/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _KVS_TABLE_H
#define _KVS_TABLE_H

#include <linux/atomic.h>
#include <linux/rhashtable-types.h>
#include <linux/types.h>

#include "entry.h"

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
 * kvs_table_hash() - hash a key
 * @key: with data and len set; its hash is set
 *
 * The hash is keyed with a secret of this module load, so that nobody can
 * choose keys that share a chain.
 */
void kvs_table_hash(struct kvs_key *key);

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

/**
 * kvs_table_lookup() - find an entry
 * @table: the table
 * @key: a hashed key
 *
 * Context: under rcu_read_lock(), which the result needs.
 *
 * Return: the entry or NULL.
 */
struct kvs_entry *kvs_table_lookup(struct kvs_table *table,
				   const struct kvs_key *key);

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
u64 kvs_table_bytes(struct kvs_table *table);

#endif /* _KVS_TABLE_H */
