/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The steps that changes are made of: for update.c and tally.c, which know what
 * changes there are. Where it does not say otherwise: under the stripe of the
 * key and rcu_read_lock().
 */
#ifndef _KVS_CHANGE_H
#define _KVS_CHANGE_H

#include <linux/types.h>

struct kvs_entry;
struct kvs_key;
struct kvs_space;
struct kvs_update;
struct kvs_value;

/**
 * typedef kvs_change_fn - try to make a change
 * @update: the change
 * @old: the entry that is there, or NULL
 *
 * Return: 0, a negative errno of the ABI, or &enum kvs_want.
 */
typedef int kvs_change_fn(struct kvs_update *update, struct kvs_entry *old);

/**
 * kvs_change_locked() - try once
 * @update: the change
 * @try: how it is made
 *
 * Context: waits, a bounded time, for a store that is closed to changes, unless
 * @update->nowait; takes the stripe of the key.
 *
 * Return: what @try returns.
 */
int kvs_change_locked(struct kvs_update *update, kvs_change_fn *try);

/**
 * kvs_change_run() - try until it is made or refused
 * @update: the change
 * @try: how it is made
 * @value: the value of the entry that it needs, if it needs one
 *
 * Context: may sleep without @update->nowait; takes the stripe of the key.
 *
 * Return: 0, a negative errno of the ABI, KVS_UPDATE_STALE, or -EAGAIN with
 * @update->nowait.
 */
int kvs_change_run(struct kvs_update *update, kvs_change_fn *try,
		   const struct kvs_value *value);

/**
 * kvs_change_version() - the version of an entry
 * @update: the change
 * @entry: live, or NULL
 *
 * Return: the version; 0 for no entry.
 */
u64 kvs_change_version(const struct kvs_update *update,
		       const struct kvs_entry *entry);

/**
 * kvs_change_draw() - the version of what a change makes
 * @update: the change
 *
 * Return: the transaction's, or another one.
 */
u64 kvs_change_draw(const struct kvs_update *update);

/**
 * kvs_change_find() - the entry that a change finds
 * @space: where
 * @key: which
 * @now: host CLOCK_BOOTTIME in nanoseconds; 0: as it is
 *
 * Return: the entry; NULL if there is none, or none any more: then it is ended.
 */
struct kvs_entry *kvs_change_find(struct kvs_space *space,
				  const struct kvs_key *key, u64 now);

/**
 * kvs_change_pays_elsewhere() - has the store another space than it had?
 * @update: the change, its @space as it is now
 *
 * Return: whether its fresh entry must be moved, see kvs_room_move().
 */
bool kvs_change_pays_elsewhere(const struct kvs_update *update);

/**
 * kvs_change_takes_place() - is there anything to place?
 * @update: a change that was tried
 *
 * Return: whether kvs_change_place() does something.
 */
bool kvs_change_takes_place(const struct kvs_update *update);

/**
 * kvs_change_place() - give the fresh entry its place
 * @update: with a fresh entry
 *
 * In the table, if the key is absent: readers that meet it wait until it has a
 * version. And among what is pinned.
 *
 * Return: 0, -ENOSPC, KVS_CHANGE_ROOM or KVS_CHANGE_GROW.
 */
int kvs_change_place(struct kvs_update *update);

/**
 * kvs_change_displace() - take the fresh entry's place away again
 * @update: the change; its fresh entry may be used again a grace period later
 */
void kvs_change_displace(struct kvs_update *update);

/**
 * kvs_change_describe() - put into the result what an entry is
 * @update: whose result
 * @entry: the entry
 */
void kvs_change_describe(struct kvs_update *update, struct kvs_entry *entry);

/**
 * kvs_change_deadline() - the deadline that an entry will have
 * @update: the change
 * @old: the entry that is there, or NULL
 *
 * Return: host CLOCK_BOOTTIME in nanoseconds, or KVS_DEADLINE_NONE.
 */
u64 kvs_change_deadline(const struct kvs_update *update, struct kvs_entry *old);

/**
 * kvs_change_needs() - what an entry must have room for
 * @update: the change
 * @value: the value that it will have
 * @at: the deadline that it will have
 *
 * Return: those of KVS_SHAPE_EXTRAS that it needs.
 */
u16 kvs_change_needs(const struct kvs_update *update,
		     const struct kvs_value *value, u64 at);

/**
 * kvs_change_fits() - can an entry become another one where it stands?
 * @update: the change
 * @old: live
 * @value: the value that it will have
 * @at: the deadline that it will have
 *
 * Return: whether it needs no other memory.
 */
bool kvs_change_fits(struct kvs_update *update, struct kvs_entry *old,
		     const struct kvs_value *value, u64 at);

/**
 * kvs_change_set_deadline() - give an entry a deadline, or none
 * @update: the change
 * @entry: live
 * @at: the deadline; KVS_DEADLINE_NONE where there is no room for one
 */
void kvs_change_set_deadline(struct kvs_update *update, struct kvs_entry *entry,
			     u64 at);

/**
 * kvs_change_unlink() - the one way out
 * @space: where it is
 * @entry: live
 */
void kvs_change_unlink(struct kvs_space *space, struct kvs_entry *entry);

/**
 * kvs_change_unlink_plain() - the same for what nothing but the table knows
 * @space: where it is
 * @key: its key
 *
 * Return: false if that is not what is there, or not to be had now: then nothing
 * was done.
 */
bool kvs_change_unlink_plain(struct kvs_space *space,
			     const struct kvs_key *key);

/**
 * kvs_change_enter_plain() - place an entry that has no deadline and no rank
 * @space: where
 * @fresh: fresh; readers that meet it wait until it has a version
 *
 * Return: false if its key is there, or there is no place now: then nothing was
 * done.
 */
bool kvs_change_enter_plain(struct kvs_space *space, struct kvs_entry *fresh);

/**
 * kvs_change_expire() - the way out of an entry whose deadline has come
 * @space: where it is
 * @entry: live
 */
void kvs_change_expire(struct kvs_space *space, struct kvs_entry *entry);

/**
 * kvs_change_evict() - the way out of an entry that makes room
 * @space: where it is
 * @entry: live
 */
void kvs_change_evict(struct kvs_space *space, struct kvs_entry *entry);

/**
 * kvs_change_insert() - publish the fresh entry under a key that is absent
 * @update: with a fresh entry
 *
 * Return: 0, -ENOSPC, KVS_CHANGE_ROOM or KVS_CHANGE_GROW.
 */
int kvs_change_insert(struct kvs_update *update);

/**
 * kvs_change_replace() - publish the fresh entry in the place of another
 * @update: with a fresh entry
 * @old: live, with the same key
 * @at: its deadline
 * @touch: it keeps the version of @old
 *
 * Return: 0, -ENOSPC or KVS_UPDATE_STALE.
 */
int kvs_change_replace(struct kvs_update *update, struct kvs_entry *old, u64 at,
		       bool touch);

/**
 * kvs_change_overwrite() - change an entry where it stands
 * @update: the change
 * @old: live, and kvs_entry_fits()
 * @value: the new value
 * @at: the new deadline
 */
void kvs_change_overwrite(struct kvs_update *update, struct kvs_entry *old,
			  const struct kvs_value *value, u64 at);

/**
 * kvs_change_remove() - remove an entry
 * @update: the change
 * @old: live
 */
void kvs_change_remove(struct kvs_update *update, struct kvs_entry *old);

#endif /* _KVS_CHANGE_H */
