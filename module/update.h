/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The one path by which entries come, change and go.
 */
#ifndef _KVS_UPDATE_H
#define _KVS_UPDATE_H

#include <linux/types.h>

#include "change.h"
#include "plan.h"

struct kvs_removal;

/**
 * kvs_update_probe() - would a PUT be refused by its conditions now?
 * @update: without a value
 *
 * So that what would be refused anyway costs no memory. Context: as
 * kvs_change_locked().
 *
 * Return: 0 or what kvs_update_put() would return.
 */
int kvs_update_probe(struct kvs_update *update);

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
 * Return: 0 or a negative errno of the ABI; KVS_UPDATE_STALE with @if_seen;
 * -EAGAIN with @nowait.
 */
int kvs_update_put(struct kvs_update *update);

/**
 * kvs_update_append() - write behind a value where that needs no memory
 * @update: with @value
 *
 * Context: as kvs_change_locked().
 *
 * Return: 0 or a negative errno of the ABI; KVS_UPDATE_STALE if it needs memory,
 * so that the whole value must be put.
 */
int kvs_update_append(struct kvs_update *update);

/**
 * kvs_update_touch() - change a deadline, and neither value nor version
 * @update: with @touch and @deadline; with @if_seen and @fresh, a copy of the
 *	entry with room for a deadline, after KVS_UPDATE_STALE
 *
 * Context: as kvs_change_locked().
 *
 * Return: 0 or a negative errno of the ABI, -ESTALE if @touch says no;
 * KVS_UPDATE_STALE.
 */
int kvs_update_touch(struct kvs_update *update);

/* How entries are removed that nobody asked to remove. */
extern const struct kvs_removal kvs_update_removal;

/**
 * kvs_update_delete() - remove an entry
 * @update: without a value
 *
 * Allocates nothing. Context: as kvs_change_locked().
 *
 * Return: 0 or a negative errno of the ABI.
 */
int kvs_update_delete(struct kvs_update *update);

/* How a PUT and a DELETE are made, for a transaction. */
kvs_change_fn kvs_update_try_put;
kvs_change_fn kvs_update_try_delete;

#endif /* _KVS_UPDATE_H */
