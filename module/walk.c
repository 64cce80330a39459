// SPDX-License-Identifier: GPL-2.0-only
/*
 * A step finds entries under the lock of the index and reads them after it is
 * free again, each under its version word as a GET does. One that is being
 * written, or whose value is large, is left to the caller, who looks at it by
 * its key.
 */
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/rcupdate.h>
#include <linux/string.h>

#include "sequence.h"
#include "store.h"
#include "walk.h"

/* Entries that a step looks at: so long the lock of the index is held. */
#define KVS_WALK_STEP 64

void kvs_walk_pass(struct kvs_walk *walk, const u8 *key, u16 len, u32 visited)
{
	struct kvs_range *range = &walk->range;

	walk->visited += visited;
	if (range->descending) {
		memcpy(walk->end, key, len);
		range->end = walk->end;
		range->end_len = len;
		return;
	}
	/* The least key that is greater. */
	memcpy(walk->start, key, len);
	walk->start[len] = 0;
	range->start_len = len + 1;
}

void kvs_walk_resume(struct kvs_walk *walk, const u8 *key, u16 len)
{
	const struct kvs_range *range = &walk->range;
	bool in;

	if (range->descending)
		in = !range->end || kvs_index_compare(key, len, range->end,
						      range->end_len) < 0;
	else
		in = kvs_index_compare(key, len, range->start,
				       range->start_len) >= 0;
	if (in)
		kvs_walk_pass(walk, key, len, 0);
}

const u8 *kvs_walk_last(const struct kvs_walk *walk, u16 *len)
{
	if (!walk->visited)
		return NULL;
	if (walk->range.descending) {
		*len = walk->range.end_len;
		return walk->end;
	}
	*len = walk->range.start_len - 1;
	return walk->start;
}

void kvs_walk_describe(const struct kvs_walk *walk, struct kvs_scan_item *item,
		       u16 key_len, u32 value_len, const struct kvs_res *res)
{
	*item = (struct kvs_scan_item){
		.version = res->version,
		.ttl = res->ttl,
		.next = kvs_walk_item_size(key_len, value_len),
		.key_len = key_len,
		.kind = res->kind,
		.value_len = value_len,
		.user_flags = walk->opaque ? 0 : res->user_flags,
	};
}

/* Copies, and zeroes up to the next multiple of 8. */
static u8 *kvs_walk_append(u8 *to, const u8 *from, u32 len)
{
	memcpy(to, from, len);
	memset(to + len, 0, ALIGN(len, 8) - len);
	return to + ALIGN(len, 8);
}

/* Not yet counted: what was read may turn out to be none. */
static void kvs_walk_put_item(struct kvs_walk *walk, struct kvs_entry *entry,
			      const struct kvs_res *res)
{
	u32 value_len = walk->what == KVS_WALK_VALUES ? res->len : 0;
	u16 key_len = kvs_entry_key_len(entry);
	u8 *to = walk->items + walk->filled;

	kvs_walk_describe(walk, (struct kvs_scan_item *)to, key_len, value_len,
			  res);
	to += sizeof(struct kvs_scan_item);
	to = kvs_walk_append(to, entry->data, key_len);
	kvs_walk_append(to, kvs_entry_bytes(entry), value_len);
}

static void kvs_walk_read(struct kvs_entry *entry, struct kvs_res *res)
{
	u32 value = READ_ONCE(entry->value);

	res->len = value & KVS_VALUE_LEN;
	res->kind = value & KVS_VALUE_COUNTER ? KVS_KIND_COUNTER :
						KVS_KIND_BLOB;
	res->user_flags = READ_ONCE(entry->user_flags);
	res->ttl = kvs_entry_ttl(entry);
}

/* Where an item is wanted; it counts only if the version stays. */
static enum kvs_walk_state kvs_walk_gather(struct kvs_walk *walk,
					   struct kvs_entry *entry,
					   const struct kvs_res *res)
{
	u32 value_len = walk->what == KVS_WALK_VALUES ? res->len : 0;

	/* A length that was read while it changed may be anything. */
	if (value_len > KVS_INPLACE_MAX)
		return KVS_WALK_LOOK;
	walk->need = kvs_walk_item_size(kvs_entry_key_len(entry), value_len);
	if (walk->need > walk->room)
		return KVS_WALK_FULL;
	kvs_walk_put_item(walk, entry, res);
	return KVS_WALK_GO;
}

static void kvs_walk_take(struct kvs_walk *walk)
{
	walk->count++;
	walk->filled += walk->need;
	walk->room -= walk->need;
	walk->need = 0;
}

static enum kvs_walk_state kvs_walk_live(struct kvs_walk *walk,
					 struct kvs_space *space,
					 struct kvs_entry *entry)
{
	enum kvs_walk_state state = KVS_WALK_GO;
	struct kvs_res res;
	u64 version;

	if (!kvs_entry_read_begin(entry, &version))
		return KVS_WALK_LOOK;
	kvs_walk_read(entry, &res);
	res.version = kvs_space_version(space, version);
	if (res.ttl && walk->what != KVS_WALK_COUNT)
		state = kvs_walk_gather(walk, entry, &res);
	if (!kvs_entry_read_end(entry, version))
		return KVS_WALK_LOOK;
	if (res.ttl && state == KVS_WALK_GO)
		kvs_walk_take(walk);
	return state;
}

/* Who removes it finds out by himself whether it is there. */
static enum kvs_walk_state kvs_walk_name(struct kvs_walk *walk,
					 struct kvs_entry *entry)
{
	const struct kvs_res none = {};
	enum kvs_walk_state state = kvs_walk_gather(walk, entry, &none);

	if (state == KVS_WALK_GO)
		kvs_walk_take(walk);
	return state;
}

static enum kvs_walk_state kvs_walk_visit(struct kvs_walk *walk,
					  struct kvs_space *space,
					  struct kvs_entry *entry)
{
	const u32 largest = kvs_walk_item_size(KVS_MAX_KEY, KVS_INPLACE_MAX);

	if (walk->count == walk->limit)
		return KVS_WALK_FULL;
	if (walk->filled + largest > KVS_WALK_BYTES)
		return KVS_WALK_MORE;
	if (walk->what == KVS_WALK_NAMES)
		return kvs_walk_name(walk, entry);
	return kvs_walk_live(walk, space, entry);
}

static void kvs_walk_note_key(struct kvs_walk *walk, struct kvs_entry *entry)
{
	walk->key.data = walk->look;
	walk->key.len = kvs_entry_key_len(entry);
	walk->key.hash = entry->hash;
	memcpy(walk->look, entry->data, ALIGN(walk->key.len, 8));
}

/* Under rcu_read_lock(), which keeps the entries. */
static int kvs_walk_in(struct kvs_walk *walk, struct kvs_space *space)
{
	u32 most =
		min_t(u32, KVS_WALK_STEP, KVS_MAX_SCAN_VISIT - walk->visited);
	struct kvs_entry *entries[KVS_WALK_STEP];
	enum kvs_walk_state state = KVS_WALK_GO;
	u32 found, n = 0;

	found = kvs_index_collect(&space->index, &walk->range, entries,
				  KVS_WALK_STEP);
	while (n < min(found, most) && state == KVS_WALK_GO) {
		state = kvs_walk_visit(walk, space, entries[n]);
		n += state == KVS_WALK_GO;
	}
	if (state == KVS_WALK_LOOK)
		kvs_walk_note_key(walk, entries[n]);
	if (n && walk->what != KVS_WALK_NAMES)
		kvs_walk_pass(walk, entries[n - 1]->data,
			      kvs_entry_key_len(entries[n - 1]), n);
	if (state != KVS_WALK_GO)
		return state;
	if (n < found)
		return KVS_WALK_FULL;
	return found < KVS_WALK_STEP ? KVS_WALK_END : KVS_WALK_MORE;
}

int kvs_walk_step(struct kvs_walk *walk)
{
	struct kvs_space *space;
	int ret = -EIDRM;

	walk->filled = 0;
	/* What the last step needed may have gone since. */
	walk->need = 0;
	rcu_read_lock();
	space = rcu_dereference(walk->store->space);
	if (space)
		ret = kvs_walk_in(walk, space);
	rcu_read_unlock();
	return ret;
}
