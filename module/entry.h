/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An entry: key and value in one allocation behind a header of 48 bytes.
 *
 * States, and who frees:
 *
 *   fresh    made by kvs_entry_alloc(), seen by its maker only, charged;
 *            ends by publication in the table or by kvs_entry_discard()
 *   live     in the table, which holds the one reference; changed only under
 *            the stripe of its key
 *   dead     out of the table, KVS_VERSION_BUSY set for ever;
 *            kvs_entry_retire() queued the RCU callback that uncharges and
 *            frees it, or the last reader of a large one will
 *
 * Readers hold rcu_read_lock(), or a reference to a large entry.
 */
#ifndef _KVS_ENTRY_H
#define _KVS_ENTRY_H

#include <linux/align.h>
#include <linux/bits.h>
#include <linux/refcount.h>
#include <linux/rhashtable-types.h>
#include <linux/types.h>

#include "account.h"
#include "limits.h"

/**
 * struct kvs_key - a key as the table looks it up
 * @data: its bytes
 * @hash: keyed hash of them, see kvs_table_hash()
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
#define KVS_VALUE_LARGE BIT(30) /* immutable, reference counted */
#define KVS_VALUE_COUNTER BIT(31)

static_assert(KVS_MAX_VALUE <= KVS_VALUE_LEN);

/**
 * struct kvs_entry - header of an entry
 * @node: link in the table's chain
 * @rcu: dead: for the callback
 * @created: live: host CLOCK_BOOTTIME in nanoseconds when the key appeared;
 *	read under the version word, for it shares its place with @rcu
 * @version: version of the last change, and the sequence count of the entry:
 *	no version is used twice, so a reader that sees the same one without
 *	KVS_VERSION_BUSY before and after saw one state; written under the stripe
 * @hash: hash of the key; immutable
 * @user_flags: see the uapi; read under the version word
 * @value: KVS_VALUE_*; read under the version word; immutable if large
 * @key_len: bytes of key; immutable
 * @store: number of the store, to find the account; immutable
 * @data: the key, padded with zeroes to 8 bytes, then the value; a large value
 *	has its reference count in the 8 bytes before it
 */
struct kvs_entry {
	struct rhash_head node;
	union {
		struct rcu_head rcu;
		u64 created;
	};
	u64 version;
	u32 hash;
	u32 user_flags;
	u32 value;
	u16 key_len;
	u16 store;
	u8 data[] __aligned(8);
};

static_assert(sizeof(struct kvs_entry) == 48);

/**
 * struct kvs_value - a value to store, as kernel memory has it
 * @data: its bytes; NULL: the maker fills kvs_entry_bytes() itself
 * @len: bytes
 * @user_flags: see the uapi
 * @counter: @data is an s64
 */
struct kvs_value {
	const void *data;
	u32 len;
	u32 user_flags;
	bool counter;
};

static inline bool kvs_entry_is_large(const struct kvs_entry *entry)
{
	return READ_ONCE(entry->value) & KVS_VALUE_LARGE;
}

static inline refcount_t *kvs_entry_refs(struct kvs_entry *entry)
{
	return (refcount_t *)(entry->data + ALIGN(entry->key_len, 8));
}

/* Offset of the value from the entry. */
static inline size_t kvs_entry_offset(u16 key_len, bool large)
{
	return offsetof(struct kvs_entry, data) + ALIGN(key_len, 8) +
	       (large ? 8 : 0);
}

static inline u8 *kvs_entry_bytes(struct kvs_entry *entry)
{
	return (u8 *)entry +
	       kvs_entry_offset(entry->key_len, kvs_entry_is_large(entry));
}

/**
 * kvs_entry_charge() - bytes of memory that an entry takes
 * @entry: fresh, live, or dead and not yet freed
 *
 * Return: what was charged for it.
 */
u64 kvs_entry_charge(struct kvs_entry *entry);

/**
 * kvs_entry_charge_of() - bytes of memory that an entry would take
 * @key_len: length of its key
 * @value_len: length of its value
 *
 * Return: what kvs_entry_alloc() charges.
 */
u64 kvs_entry_charge_of(u16 key_len, u32 value_len);

/**
 * kvs_entry_alloc() - make a fresh entry, for room already charged
 * @number: number of the store
 * @key: its key
 * @value: its value
 * @nowait: do not sleep
 *
 * The memory is charged to the caller's memcg. Context: may sleep without
 * @nowait.
 *
 * Return: the entry; NULL without memory, or where only sleeping could help.
 */
struct kvs_entry *kvs_entry_alloc(u16 number, const struct kvs_key *key,
				  const struct kvs_value *value, bool nowait);

/**
 * kvs_entry_free() - free an entry that no reader can see, uncharged
 * @entry: fresh, or left over when the module goes
 */
void kvs_entry_free(struct kvs_entry *entry);

/**
 * kvs_entry_discard() - free a fresh entry and uncharge it
 * @entry: the entry or NULL
 */
void kvs_entry_discard(struct kvs_entry *entry);

/**
 * kvs_entry_retire() - mark dead what has just left the table, and let it go
 * @entry: the entry, no longer in the table
 *
 * Drops the table's reference. Context: under the stripe of the key.
 */
void kvs_entry_retire(struct kvs_entry *entry);

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
 * @len: length of the new value
 *
 * Return: true if it needs no other memory.
 */
bool kvs_entry_fits(struct kvs_entry *entry, u32 len);

/**
 * kvs_entry_overwrite() - replace value, flags and version in place
 * @entry: live, its stripe held, and kvs_entry_fits()
 * @value: the new value
 * @version: the new version
 */
void kvs_entry_overwrite(struct kvs_entry *entry, const struct kvs_value *value,
			 u64 version);

/**
 * kvs_entry_read_begin() - begin to read what may change
 * @entry: under rcu_read_lock()
 * @version: the version under which it is read
 *
 * Return: false if a writer is at it or it is dead: look it up again.
 */
static inline bool kvs_entry_read_begin(const struct kvs_entry *entry,
					u64 *version)
{
	/* Pairs with smp_store_release() in kvs_entry_overwrite(). */
	*version = smp_load_acquire(&entry->version);
	return !(*version & KVS_VERSION_BUSY);
}

/**
 * kvs_entry_read_end() - was what was read one state?
 * @entry: as given to kvs_entry_read_begin()
 * @version: as it gave
 *
 * Return: true if nothing changed in between.
 */
static inline bool kvs_entry_read_end(const struct kvs_entry *entry,
				      u64 version)
{
	/* Pairs with smp_wmb() in kvs_entry_write_begin(). */
	smp_rmb();
	return READ_ONCE(entry->version) == version;
}

/**
 * kvs_entry_accounts_add() - let entries find the account of their store
 * @account: with its number
 */
void kvs_entry_accounts_add(struct kvs_account *account);

/**
 * kvs_entry_accounts_remove() - the store has no entries left
 * @account: as added; rcu_barrier() came after its last entry
 */
void kvs_entry_accounts_remove(struct kvs_account *account);

#endif /* _KVS_ENTRY_H */
