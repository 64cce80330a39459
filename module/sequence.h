/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How an entry changes where it stands, and how readers see that: the version
 * word is its sequence count.
 */
#ifndef _KVS_SEQUENCE_H
#define _KVS_SEQUENCE_H

#include <asm/barrier.h>
#include <linux/compiler.h>
#include <linux/types.h>

#include "entry.h"
#include "words.h"

/**
 * kvs_entry_write_begin() - let readers wait for an entry
 * @entry: live, its stripe held
 */
static inline void kvs_entry_write_begin(struct kvs_entry *entry)
{
	WRITE_ONCE(entry->version, entry->version | KVS_VERSION_BUSY);
	/* Pairs with smp_rmb() in kvs_entry_read_end(). */
	smp_wmb();
}

/**
 * kvs_entry_write_end() - let readers see an entry
 * @entry: its version is %KVS_VERSION_BUSY, its stripe held
 * @version: its version from now on
 */
static inline void kvs_entry_write_end(struct kvs_entry *entry, u64 version)
{
	/* Pairs with smp_load_acquire() in kvs_entry_read_begin(). */
	smp_store_release(&entry->version, version);
}

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
	/* Pairs with smp_store_release() in kvs_entry_write_end(). */
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

static __always_inline bool kvs_entry_move_word(void *to, const void *from,
						bool word, long *unused)
{
	if (word)
		WRITE_ONCE(*(u64 *)to, *(const u64 *)from);
	else
		WRITE_ONCE(*(u8 *)to, *(const u8 *)from);
	return false;
}

/* Both are aligned to 8. */
static __always_inline void kvs_entry_copy(void *to, const void *from, u32 len)
{
	kvs_move(kvs_entry_move_word, to, from, len, NULL);
}

/*
 * The value word, whose length has all been written once: a reader that meets a
 * writer may copy what does not belong together, but nothing that was never there.
 */
static __always_inline u32 kvs_entry_value(const struct kvs_entry *entry)
{
	/* Pairs with smp_store_release() in kvs_entry_set_value(). */
	return smp_load_acquire(&entry->value);
}

/* What a value is besides its bytes: after them. */
static __always_inline void kvs_entry_set_value(struct kvs_entry *entry,
						const struct kvs_value *value)
{
	u64 *app_version = kvs_entry_app_version(entry);
	u32 word = value->len;

	if (value->counter)
		word |= KVS_VALUE_COUNTER;
	if (value->pinned)
		word |= KVS_VALUE_PINNED;
	if (value->len > KVS_INPLACE_MAX)
		word |= KVS_VALUE_LARGE;
	/* Pairs with smp_load_acquire() in kvs_entry_value(). */
	smp_store_release(&entry->value, word);
	WRITE_ONCE(entry->user_flags, value->user_flags);
	if (app_version)
		WRITE_ONCE(*app_version, value->app_version);
}

/**
 * kvs_entry_overwrite() - replace value, flags and version in place
 * @entry: live, its stripe held, and kvs_entry_fits()
 * @value: the new value, its data aligned to 8
 * @at: the new deadline; KVS_DEADLINE_NONE where there is no room for one
 * @version: the new version
 */
static __always_inline void kvs_entry_overwrite(struct kvs_entry *entry,
						const struct kvs_value *value,
						u64 at, u64 version)
{
	struct kvs_deadline *deadline = kvs_entry_deadline(entry);

	kvs_entry_write_begin(entry);
	if (deadline)
		WRITE_ONCE(deadline->at, at);
	kvs_entry_copy(kvs_entry_bytes(entry), value->data, value->len);
	kvs_entry_set_value(entry, value);
	kvs_entry_write_end(entry, version);
}

#endif /* _KVS_SEQUENCE_H */
