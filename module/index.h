/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The entries of a space in byte order of their keys. An entry is in it from
 * just after it came into the table until just before it leaves that;
 * overwriting it and reading it leave the index alone.
 *
 * Whoever found an entry here holds rcu_read_lock(), which keeps its memory.
 * It may be busy, dead or past its deadline, as one found in the table may.
 */
#ifndef _KVS_INDEX_H
#define _KVS_INDEX_H

#include <linux/minmax.h>
#include <linux/rbtree.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/types.h>

struct kvs_entry;

/**
 * struct kvs_index - entries in order
 * @lock: a leaf lock; protects @tree and the links of entries
 * @tree: entries
 */
struct kvs_index {
	spinlock_t lock; /* a leaf lock, taken under a stripe or alone */
	struct rb_root tree;
};

/**
 * struct kvs_range - keys from one to another
 * @start: the first key of it
 * @end: the first key behind it; NULL: it has no end
 * @start_len: bytes at @start; 0: it has no beginning
 * @end_len: bytes at @end
 * @descending: the last key comes first
 */
struct kvs_range {
	const u8 *start;
	const u8 *end;
	u16 start_len;
	u16 end_len;
	bool descending;
};

/**
 * kvs_index_init() - make an empty index
 * @index: the index
 */
void kvs_index_init(struct kvs_index *index);

/**
 * kvs_index_compare() - byte order
 * @a: a key
 * @a_len: its length
 * @b: another
 * @b_len: its length
 *
 * Return: less than 0, 0, or more, as @a is less than @b, equal, or greater.
 */
static inline int kvs_index_compare(const u8 *a, u16 a_len, const u8 *b,
				    u16 b_len)
{
	return memcmp(a, b, min(a_len, b_len)) ?: a_len - b_len;
}

/**
 * kvs_index_insert() - an entry came into the table
 * @index: of its space
 * @entry: with room for a link, its key absent
 *
 * Context: under the stripe of its key, as the two that follow.
 */
void kvs_index_insert(struct kvs_index *index, struct kvs_entry *entry);

/**
 * kvs_index_replace() - an entry took the place of another
 * @index: of their space
 * @old: the other one
 * @entry: with the same key
 */
void kvs_index_replace(struct kvs_index *index, struct kvs_entry *old,
		       struct kvs_entry *entry);

/**
 * kvs_index_remove() - an entry is about to leave the table
 * @index: of its space
 * @entry: the entry
 */
void kvs_index_remove(struct kvs_index *index, struct kvs_entry *entry);

/**
 * kvs_index_collect() - the next entries of a range
 * @index: the index
 * @range: the range
 * @entries: where they go
 * @most: how many at most; the lock is held for so many steps
 *
 * Context: under rcu_read_lock().
 *
 * Return: how many there were.
 */
unsigned int kvs_index_collect(struct kvs_index *index,
			       const struct kvs_range *range,
			       struct kvs_entry **entries, unsigned int most);

#endif /* _KVS_INDEX_H */
