/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The changes that counters know.
 */
#ifndef _KVS_TALLY_H
#define _KVS_TALLY_H

#include "change.h"
#include "plan.h"

/**
 * kvs_tally_add() - add to a counter
 * @update: with @initial and @add
 *
 * Context: as kvs_update_put().
 *
 * Return: 0 or a negative errno of the ABI; -EAGAIN with @nowait.
 */
int kvs_tally_add(struct kvs_update *update);

/**
 * kvs_tally_xchg() - set a counter and answer its old value
 * @update: with @initial and @number
 *
 * Context: as kvs_update_put().
 *
 * Return: as kvs_tally_add().
 */
int kvs_tally_xchg(struct kvs_update *update);

/**
 * kvs_tally_bitop() - change bits of a counter
 * @update: with @initial and @bitop
 *
 * Context: as kvs_update_put().
 *
 * Return: as kvs_tally_add().
 */
int kvs_tally_bitop(struct kvs_update *update);

/**
 * kvs_tally_bucket() - take tokens from a bucket
 * @update: with @bucket
 *
 * Changes nothing and answers KVS_RES_REFUSED if there are too few. Context: as
 * kvs_update_put().
 *
 * Return: as kvs_tally_add().
 */
int kvs_tally_bucket(struct kvs_update *update);

/* How they are made, for a transaction. */
kvs_change_fn kvs_tally_try_add;
kvs_change_fn kvs_tally_try_xchg;
kvs_change_fn kvs_tally_try_bitop;
kvs_change_fn kvs_tally_try_bucket;

#endif /* _KVS_TALLY_H */
