// SPDX-License-Identifier: GPL-2.0-only
/*
 * The order of entries: a red-black tree under one lock, taken by whoever
 * inserts or removes, never by a GET or an overwrite.
 */
#include "entry.h"
#include "index.h"

void kvs_index_init(struct kvs_index *index)
{
	spin_lock_init(&index->lock);
	index->tree = RB_ROOT;
}

/* Where a key is, seen from an entry: before it, at it, behind it. */
static int kvs_index_side(const u8 *key, u16 len, const struct rb_node *node)
{
	const struct kvs_entry *entry = kvs_entry_of_link(node);

	return kvs_index_compare(key, len, entry->data,
				 kvs_entry_key_len(entry));
}

static bool kvs_index_less(struct rb_node *a, const struct rb_node *b)
{
	const struct kvs_entry *entry = kvs_entry_of_link(a);

	return kvs_index_side(entry->data, kvs_entry_key_len(entry), b) < 0;
}

void kvs_index_insert(struct kvs_index *index, struct kvs_entry *entry)
{
	if (!kvs_entry_link(entry))
		return;
	spin_lock(&index->lock);
	rb_add(kvs_entry_link(entry), &index->tree, kvs_index_less);
	spin_unlock(&index->lock);
}

void kvs_index_replace(struct kvs_index *index, struct kvs_entry *old,
		       struct kvs_entry *entry)
{
	if (!kvs_entry_link(entry))
		return;
	spin_lock(&index->lock);
	rb_replace_node(kvs_entry_link(old), kvs_entry_link(entry),
			&index->tree);
	spin_unlock(&index->lock);
}

void kvs_index_remove(struct kvs_index *index, struct kvs_entry *entry)
{
	if (!kvs_entry_link(entry))
		return;
	spin_lock(&index->lock);
	rb_erase(kvs_entry_link(entry), &index->tree);
	spin_unlock(&index->lock);
}

/* The first entry whose key is not less; NULL: there is none. */
static struct rb_node *kvs_index_lower_bound(const struct kvs_index *index,
					     const u8 *key, u16 len)
{
	struct rb_node *node = index->tree.rb_node;
	struct rb_node *found = NULL;

	while (node) {
		if (kvs_index_side(key, len, node) <= 0) {
			found = node;
			node = node->rb_left;
		} else {
			node = node->rb_right;
		}
	}
	return found;
}

static struct rb_node *kvs_index_first(const struct kvs_index *index,
				       const struct kvs_range *range)
{
	struct rb_node *behind;

	if (!range->descending)
		return kvs_index_lower_bound(index, range->start,
					     range->start_len);
	if (!range->end)
		return rb_last(&index->tree);
	behind = kvs_index_lower_bound(index, range->end, range->end_len);
	return behind ? rb_prev(behind) : rb_last(&index->tree);
}

/* Of what kvs_index_first() found, or what follows that. */
static bool kvs_index_is_in(const struct kvs_range *range,
			    const struct rb_node *node)
{
	if (range->descending)
		return kvs_index_side(range->start, range->start_len, node) <=
		       0;
	return !range->end ||
	       kvs_index_side(range->end, range->end_len, node) > 0;
}

unsigned int kvs_index_collect(struct kvs_index *index,
			       const struct kvs_range *range,
			       struct kvs_entry **entries, unsigned int most)
{
	struct rb_node *node;
	unsigned int count = 0;

	spin_lock(&index->lock);
	node = kvs_index_first(index, range);
	while (node && count < most && kvs_index_is_in(range, node)) {
		entries[count++] = kvs_entry_of_link(node);
		node = range->descending ? rb_prev(node) : rb_next(node);
	}
	spin_unlock(&index->lock);
	return count;
}
