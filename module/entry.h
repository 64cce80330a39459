/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An entry: key and value in one allocation behind a header of 48 bytes. What
 * only some entries have stands before the header, so that the others pay for a
 * test of its flag and nothing else.
 *
 * States, and who frees:
 *
 *   fresh    made by kvs_entry_alloc(), seen by its maker only, charged;
 *            ends by publication in the table or by kvs_entry_discard()
 *   live     in the table, which holds the one reference; changed only under
 *            the stripe of its key
 *   dead     out of the table, KVS_VERSION_BUSY set for ever;
 *            kvs_entry_retire() put it in a lot, whose RCU callback uncharges
 *            and frees it, or the last reader of a large one will
 *
 * Readers hold rcu_read_lock(), or a reference to a large entry.
 */
#ifndef _KVS_ENTRY_H
#define _KVS_ENTRY_H

#include <linux/align.h>
#include <linux/bits.h>
#include <linux/ktime.h>
#include <linux/rbtree.h>
#include <linux/refcount.h>
#include <linux/rhashtable-types.h>
#include <linux/types.h>

#include "limits.h"

struct kvs_payer;

/**
 * struct kvs_key - a key as the table looks it up
 * @data: its bytes, aligned to 8, and padded with zeroes to 8
 * @hash: keyed hash of them, see kvs_table_key()
 * @len: 1 to KVS_MAX_KEY
 */
struct kvs_key {
	const u8 *data;
	u32 hash;
	u16 len;
};

/* kvs_entry.version: the entry is being written, or is dead. */
#define KVS_VERSION_BUSY BIT_ULL(63)

/* kvs_entry.value: length in bytes, and what the bytes are. */
#define KVS_VALUE_LEN GENMASK(24, 0)
#define KVS_VALUE_PINNED BIT(29) /* never evicted; as long as the entry lives */
#define KVS_VALUE_LARGE BIT(30) /* immutable, reference counted */
#define KVS_VALUE_COUNTER BIT(31)

static_assert(KVS_MAX_VALUE <= KVS_VALUE_LEN);

/* kvs_entry.shape: length of the key, and what stands before the header. */
#define KVS_SHAPE_KEY_LEN GENMASK(9, 0) /* less one */
#define KVS_SHAPE_LINK BIT(10) /* a struct rb_node, nearest of all */
#define KVS_SHAPE_DEADLINE BIT(11) /* struct kvs_deadline, before that */
#define KVS_SHAPE_APP_VERSION BIT(12) /* a u64, before that */
#define KVS_SHAPE_RANK BIT(13) /* struct kvs_rank, before that */
#define KVS_SHAPE_EXTRAS                                               \
	(KVS_SHAPE_LINK | KVS_SHAPE_DEADLINE | KVS_SHAPE_APP_VERSION | \
	 KVS_SHAPE_RANK)

/*
 * Traces that readers leave. They may change at any time, all else in that word
 * never does: whoever writes one writes the rest as it is. VISITED, which only
 * an entry with a rank has, comes with FETCHED, so that of two who write at the
 * same time neither loses the other's FETCHED.
 */
#define KVS_SHAPE_VISITED BIT(14) /* since eviction last passed */
#define KVS_SHAPE_FETCHED BIT(15) /* ever */

static_assert(KVS_MAX_KEY - 1 <= KVS_SHAPE_KEY_LEN);

/* A deadline that never comes: the largest time that a timer takes. */
#define KVS_DEADLINE_NONE ((u64)KTIME_MAX)

/**
 * struct kvs_deadline - when an entry ends
 * @node: link in the store's queue, or RB_CLEAR_NODE(); under the queue's lock
 * @queued: the time under which it stands there; likewise
 * @at: host CLOCK_BOOTTIME in nanoseconds, or KVS_DEADLINE_NONE; written under
 *	the stripe, read by anybody
 */
struct kvs_deadline {
	struct rb_node node;
	u64 queued;
	u64 at;
};

/**
 * struct kvs_rank - the place of an entry among those that may be evicted
 * @newer: the next one that came later, or NULL; under the lock of the list
 * @older: the next one that came before, or NULL; likewise
 *
 * Entries, not links: how far a link is from its entry depends on the shape.
 */
struct kvs_rank {
	struct kvs_entry *newer;
	struct kvs_entry *older;
};

/**
 * struct kvs_entry - header of an entry
 * @node: link in the table's chain
 * @rcu: dead: for the callback
 * @created: live: host CLOCK_BOOTTIME in nanoseconds when the key appeared;
 *	read under the version word, for it shares its place with @rcu
 * @charge: live: bytes of memory that it takes; likewise
 * @version: version of the last change, and the sequence count of the entry:
 *	no version is used twice, so a reader that sees the same one without
 *	KVS_VERSION_BUSY before and after saw one state; written under the stripe.
 *	Dead: the next one of the lot
 * @hash: hash of the key; immutable
 * @user_flags: see the uapi; read under the version word
 * @owed: dead, and queued: what was @charge
 * @value: KVS_VALUE_*; read under the version word; immutable if large
 * @shape: KVS_SHAPE_*; immutable but for the traces of readers
 * @payer: number of who pays, with a reference; written by its maker
 * @data: the key, padded with zeroes to 8 bytes, then the value; a large value
 *	has its reference count in the 8 bytes before it
 */
struct kvs_entry {
	struct rhash_head node;
	union {
		struct rcu_head rcu;
		struct {
			u64 created;
			u32 charge;
		};
	};
	u64 version;
	u32 hash;
	union {
		u32 user_flags;
		u32 owed;
	};
	u32 value;
	u16 shape;
	u16 payer;
	u8 data[] __aligned(8);
};

static_assert(sizeof(struct kvs_entry) == KVS_HEADER);

/**
 * struct kvs_value - a value to store, as kernel memory has it
 * @data: its bytes; NULL: the maker fills kvs_entry_bytes() itself
 * @len: bytes
 * @user_flags: see the uapi
 * @app_version: application version; 0: none
 * @counter: @data is an s64
 * @pinned: it is never evicted
 */
struct kvs_value {
	const void *data;
	u32 len;
	u32 user_flags;
	u64 app_version;
	bool counter;
	bool pinned;
};

static inline bool kvs_entry_is_large(const struct kvs_entry *entry)
{
	return READ_ONCE(entry->value) & KVS_VALUE_LARGE;
}

static inline bool kvs_entry_is_pinned(const struct kvs_entry *entry)
{
	return READ_ONCE(entry->value) & KVS_VALUE_PINNED;
}

/* Nothing but the table knows it, and nobody counts it by itself. */
static inline bool kvs_entry_is_plain(const struct kvs_entry *entry)
{
	return !(entry->shape & KVS_SHAPE_EXTRAS) &&
	       !kvs_entry_is_pinned(entry);
}

/* Of an entry with a key of that length, from 1 on. */
static inline u16 kvs_shape(u16 key_len, u16 extras)
{
	return (key_len - 1) | extras;
}

static inline u16 kvs_shape_key_len(u16 shape)
{
	return (shape & KVS_SHAPE_KEY_LEN) + 1;
}

static inline u16 kvs_entry_key_len(const struct kvs_entry *entry)
{
	return kvs_shape_key_len(entry->shape);
}

static inline struct kvs_key kvs_entry_key(const struct kvs_entry *entry)
{
	return (struct kvs_key){
		.data = entry->data,
		.hash = entry->hash,
		.len = kvs_entry_key_len(entry),
	};
}

static inline refcount_t *kvs_entry_refs(struct kvs_entry *entry)
{
	return (refcount_t *)(entry->data + ALIGN(kvs_entry_key_len(entry), 8));
}

/* Where it stands in the index; NULL in a space that has none. */
static inline struct rb_node *kvs_entry_link(struct kvs_entry *entry)
{
	if (!(entry->shape & KVS_SHAPE_LINK))
		return NULL;
	return (struct rb_node *)entry - 1;
}

static inline struct kvs_entry *kvs_entry_of_link(const struct rb_node *node)
{
	return (struct kvs_entry *)(node + 1);
}

/* NULL for an entry that was made without room for one. */
static inline struct kvs_deadline *kvs_entry_deadline(struct kvs_entry *entry)
{
	void *end = entry;

	if (!(entry->shape & KVS_SHAPE_DEADLINE))
		return NULL;
	if (entry->shape & KVS_SHAPE_LINK)
		end = kvs_entry_link(entry);
	return (struct kvs_deadline *)end - 1;
}

/* Host CLOCK_BOOTTIME in nanoseconds, or KVS_DEADLINE_NONE. */
static inline u64 kvs_entry_ends_at(struct kvs_entry *entry)
{
	const struct kvs_deadline *deadline = kvs_entry_deadline(entry);

	return deadline ? READ_ONCE(deadline->at) : KVS_DEADLINE_NONE;
}

/**
 * kvs_entry_ttl() - how long an entry still lives
 * @entry: any entry
 *
 * Reads the clock only for an entry that has a deadline.
 *
 * Return: nanoseconds; 0: its deadline has come; KVS_TTL_NEVER.
 */
static inline u64 kvs_entry_ttl(struct kvs_entry *entry)
{
	u64 at = kvs_entry_ends_at(entry);
	u64 now;

	if (likely(at == KVS_DEADLINE_NONE))
		return KVS_TTL_NEVER;
	now = ktime_get_boottime_ns();
	return at > now ? at - now : 0;
}

/* For a fresh entry, before it is published. */
static inline void kvs_entry_set_deadline(struct kvs_entry *entry, u64 at)
{
	struct kvs_deadline *deadline = kvs_entry_deadline(entry);

	if (deadline)
		deadline->at = at;
}

/* Where what stands before link and deadline ends. */
static inline void *kvs_entry_front_end(struct kvs_entry *entry)
{
	void *front = kvs_entry_deadline(entry);

	if (!front)
		front = kvs_entry_link(entry);
	return front ?: entry;
}

/* NULL for an entry that was made without room for one. */
static inline u64 *kvs_entry_app_version(struct kvs_entry *entry)
{
	if (!(entry->shape & KVS_SHAPE_APP_VERSION))
		return NULL;
	return (u64 *)kvs_entry_front_end(entry) - 1;
}

/* NULL for an entry that was made without room for one. */
static inline struct kvs_rank *kvs_entry_rank(struct kvs_entry *entry)
{
	void *front;

	if (!(entry->shape & KVS_SHAPE_RANK))
		return NULL;
	front = kvs_entry_app_version(entry);
	if (!front)
		front = kvs_entry_front_end(entry);
	return (struct kvs_rank *)front - 1;
}

/*
 * Note that a GET found an entry: a write only where there is something to note.
 * The entry may be dead.
 */
static inline void kvs_entry_visit(struct kvs_entry *entry)
{
	u16 shape = READ_ONCE(entry->shape);
	u16 trace = KVS_SHAPE_FETCHED;

	if (shape & KVS_SHAPE_RANK)
		trace |= KVS_SHAPE_VISITED;
	if ((shape & trace) != trace)
		WRITE_ONCE(entry->shape, shape | trace);
}

/* The next visit is news again. */
static inline void kvs_entry_unvisit(struct kvs_entry *entry)
{
	u16 shape = READ_ONCE(entry->shape);

	WRITE_ONCE(entry->shape, shape & ~KVS_SHAPE_VISITED);
}

/* A fresh entry that takes the place of another one is as well known. */
static inline void kvs_entry_inherit(struct kvs_entry *fresh,
				     const struct kvs_entry *old)
{
	u16 trace = READ_ONCE(old->shape);

	trace &= KVS_SHAPE_FETCHED | KVS_SHAPE_VISITED;
	if (!(fresh->shape & KVS_SHAPE_RANK))
		trace &= ~KVS_SHAPE_VISITED;
	fresh->shape |= trace;
}

/* Offset of the value from the entry. */
static inline size_t kvs_entry_offset(u16 key_len, bool large)
{
	return offsetof(struct kvs_entry, data) + ALIGN(key_len, 8) +
	       (large ? 8 : 0);
}

static inline u8 *kvs_entry_bytes(struct kvs_entry *entry)
{
	return (u8 *)entry + kvs_entry_offset(kvs_entry_key_len(entry),
					      kvs_entry_is_large(entry));
}

/**
 * kvs_entry_charge() - bytes of memory that an entry takes
 * @entry: fresh, live, or dead and not yet queued: of one that is, it is garbage
 *
 * Return: what was charged for it.
 */
static inline u64 kvs_entry_charge(const struct kvs_entry *entry)
{
	return READ_ONCE(entry->charge);
}

/**
 * kvs_entry_charge_of() - bytes of memory that an entry would take
 * @shape: KVS_SHAPE_*
 * @value_len: length of its value
 *
 * Return: what kvs_entry_alloc() charges.
 */
u64 kvs_entry_charge_of(u16 shape, u32 value_len);

/**
 * kvs_entry_alloc() - make a fresh entry, for room already charged
 * @payer: who was charged; the entry takes over the caller's reference
 * @key: its key
 * @extras: those of KVS_SHAPE_EXTRAS that it must have room for
 * @value: its value
 * @charge: kvs_entry_charge_of() all that
 * @nowait: do not sleep
 *
 * It has no deadline yet. The memory is charged to the caller's memcg. Context:
 * may sleep without @nowait.
 *
 * Return: the entry; NULL without memory, or where only sleeping could help.
 */
struct kvs_entry *kvs_entry_alloc(struct kvs_payer *payer,
				  const struct kvs_key *key, u16 extras,
				  const struct kvs_value *value, u64 charge,
				  bool nowait);

/**
 * kvs_entry_discard() - free a fresh entry and uncharge it
 * @entry: the entry or NULL
 */
void kvs_entry_discard(struct kvs_entry *entry);

/**
 * kvs_entry_retire() - mark dead what has just left the table, and let it go
 * @entry: the entry, no longer in the table
 *
 * Drops the table's reference. Context: under the stripe of the key and
 * rcu_read_lock().
 */
void kvs_entry_retire(struct kvs_entry *entry);

/**
 * kvs_entry_drop() - let go what was left in a table that nobody can reach
 * @entry: the entry; a grace period has passed since the table was within reach
 *
 * Its memory is given back at once, but for a large one that a reader holds.
 */
void kvs_entry_drop(struct kvs_entry *entry);

/**
 * kvs_entry_tryget() - take a reference to a large entry
 * @entry: found under rcu_read_lock()
 *
 * Return: false if it is dead.
 */
static inline bool __must_check kvs_entry_tryget(struct kvs_entry *entry)
{
	return refcount_inc_not_zero(kvs_entry_refs(entry));
}

/**
 * kvs_entry_put() - drop a reference to a large entry
 * @entry: the entry
 */
void kvs_entry_put(struct kvs_entry *entry);

/**
 * kvs_entry_fits() - can a value be written over the present one?
 * @entry: live, its stripe held
 * @extras: what the entry must have room for besides
 * @len: length of the new value
 *
 * Return: true if it needs no other memory.
 */
bool kvs_entry_fits(struct kvs_entry *entry, u16 extras, u32 len);

/**
 * kvs_entry_fill() - give a fresh entry another value
 * @entry: fresh, made for a value of the same length
 * @value: the value
 */
void kvs_entry_fill(struct kvs_entry *entry, const struct kvs_value *value);

/**
 * kvs_entry_append() - make a value longer in place
 * @entry: live, its stripe held, and kvs_entry_fits() the sum
 * @tail: data and length of what is new
 * @at: the new deadline; KVS_DEADLINE_NONE where there is no room for one
 * @version: the new version
 */
void kvs_entry_append(struct kvs_entry *entry, const struct kvs_value *tail,
		      u64 at, u64 version);

/**
 * kvs_entry_move() - let somebody else pay for a fresh entry
 * @entry: fresh
 * @payer: who was charged for it; the entry takes over the caller's reference
 *
 * Whoever paid before is uncharged.
 */
void kvs_entry_move(struct kvs_entry *entry, struct kvs_payer *payer);

/**
 * kvs_entry_payer() - who pays for an entry
 * @entry: fresh
 *
 * Return: the payer, which the entry keeps.
 */
struct kvs_payer *kvs_entry_payer(const struct kvs_entry *entry);

#endif /* _KVS_ENTRY_H */
