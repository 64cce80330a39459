/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reading an entry without a lock, and its value to user memory.
 */
#ifndef _KVS_LOOK_H
#define _KVS_LOOK_H

#include <linux/kvs.h>
#include <linux/types.h>

struct kvs_entry;
struct kvs_key;
struct kvs_store;

/**
 * struct kvs_look - a look at an entry
 * @store: where
 * @key: which, hashed
 * @flags: KVS_F_IF_VERSION, KVS_F_IF_CHANGED, KVS_F_OFFSET
 * @offset: KVS_F_OFFSET: the first byte wanted
 * @cond: the version that @flags speak of
 * @to: user memory for the value
 * @room: bytes at @to; 0: the value is not wanted
 * @visits: a GET, which leaves a trace
 * @stat: STAT: what to fill, else NULL
 * @res: what is said of the entry
 * @expired: what is there is past its deadline; to be read after -ENOENT
 * @pinned: of an entry whose value was not wanted
 * @part: length of the part that is copied
 * @bounce: where a small value goes first, or NULL; look.c's own
 * @large: a large entry with a reference, or NULL; look.c's own
 */
struct kvs_look {
	struct kvs_store *store;
	const struct kvs_key *key;
	u32 flags;
	u32 offset;
	u64 cond;
	void __user *to;
	u32 room;
	bool visits;
	bool pinned;
	struct kvs_stat *stat;
	struct kvs_res *res;
	bool expired;
	u32 part;
	u8 *bounce;
	struct kvs_entry *large;
};

/**
 * kvs_look_value() - read an entry, and its value to user memory
 * @look: what to look at
 *
 * After a failure @look->res is zeroed, but for the length on -ERANGE and the
 * version on -ESTALE. Context: may sleep; under no lock.
 *
 * Return: 0 or a negative errno of the ABI.
 */
int kvs_look_value(struct kvs_look *look);

/**
 * kvs_look_copy_to() - read an entry, and its value to kernel memory
 * @look: what to look at; @look->room bytes are at @to
 * @to: where the value goes
 *
 * As kvs_look_value() otherwise.
 *
 * Return: 0 or a negative errno of the ABI.
 */
int kvs_look_copy_to(struct kvs_look *look, u8 *to);

/**
 * kvs_look_stat() - describe an entry
 * @look: with @stat
 *
 * Context: takes the stripe of the key if it must.
 *
 * Return: 0 or -ENOENT.
 */
int kvs_look_stat(struct kvs_look *look);

#endif /* _KVS_LOOK_H */
