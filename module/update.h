/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The one path by which entries come, change and go.
 */
#ifndef _KVS_UPDATE_H
#define _KVS_UPDATE_H

#include <linux/kvs.h>
#include <linux/types.h>

#include "counter.h"
#include "entry.h"

struct kvs_store;

/**
 * struct kvs_update - a change to one key
 * @store: where
 * @key: which, hashed
 * @flags: KVS_F_* that say under which condition
 * @if_version: KVS_F_IF_VERSION: the version it must have
 * @nowait: do not sleep; -EAGAIN before the first effect instead
 * @value: PUT: the new value
 * @add: ADD: what to add
 * @fresh: an entry made for it and not yet published; charged
 * @shrinks: @fresh was charged as a replacement of something not smaller
 * @res: what became of it
 *
 * kvs_update_end() frees what was not used, whatever the outcome.
 */
struct kvs_update {
	struct kvs_store *store;
	const struct kvs_key *key;
	u32 flags;
	u64 if_version;
	bool nowait;
	union {
		struct kvs_value value;
		struct kvs_counter_add add;
	};
	struct kvs_entry *fresh;
	bool shrinks;
	struct kvs_res *res;
};

/**
 * kvs_update_prepare() - make the entry that a PUT will publish
 * @update: with @value; where its data is NULL the caller fills
 *	kvs_entry_bytes() of @fresh before the PUT
 *
 * Context: may sleep without @nowait; takes no lock.
 *
 * Return: 0, -ENOSPC, -ENOMEM, -EINTR after a fatal signal, -EAGAIN with
 * @nowait.
 */
int kvs_update_prepare(struct kvs_update *update);

/**
 * kvs_update_put() - write a value
 * @update: with @value, and with @fresh if the value is in it
 *
 * Context: as kvs_update_prepare(). Takes the stripe of the key.
 *
 * Return: 0 or a negative errno of the ABI; -EAGAIN with @nowait.
 */
int kvs_update_put(struct kvs_update *update);

/**
 * kvs_update_add() - add to a counter
 * @update: with @add
 *
 * Context: as kvs_update_put().
 *
 * Return: 0 or a negative errno of the ABI; -EAGAIN with @nowait.
 */
int kvs_update_add(struct kvs_update *update);

/**
 * kvs_update_delete() - remove an entry
 * @update: without a value
 *
 * Allocates nothing and does not wait. Takes the stripe of the key.
 *
 * Return: 0 or a negative errno of the ABI.
 */
int kvs_update_delete(struct kvs_update *update);

/**
 * kvs_update_end() - free what the update did not use
 * @update: after the last of the calls above
 */
void kvs_update_end(struct kvs_update *update);

#endif /* _KVS_UPDATE_H */
