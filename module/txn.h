/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Transactions: compares, and changes of several keys as one step.
 */
#ifndef _KVS_TXN_H
#define _KVS_TXN_H

#include <linux/kvs.h>
#include <linux/types.h>

#include "change.h"
#include "evict.h"
#include "plan.h"
#include "stats.h"

/**
 * struct kvs_txn_compare - a compare
 * @key: whose entry, hashed
 * @target: KVS_COMPARE_EXISTS to KVS_COMPARE_VALUE
 * @op: KVS_COMPARE_EQ to KVS_COMPARE_GT
 * @operand: number to compare with
 * @bytes: KVS_COMPARE_VALUE: bytes to compare with
 * @len: how many
 */
struct kvs_txn_compare {
	struct kvs_key key;
	u32 target;
	u32 op;
	u64 operand;
	u8 bytes[KVS_MAX_EXPECT];
	u32 len;
};

/**
 * struct kvs_txn_op - an operation of a transaction
 * @req: the kernel's private copy of the request
 * @key: its key, hashed
 * @update: the change; its @fresh is freed by who made the operation
 * @try: how it is made; NULL for a GET
 * @item: what it counts as
 * @room: GET: bytes that the caller has room for; 0: it wants the length alone
 * @large: GET: a large value, with a reference, or NULL
 * @expect: KVS_F_IF_EQ: the bytes
 * @bytes: PUT: a small value; GET: a copy of one
 * @res: its result
 */
struct kvs_txn_op {
	struct kvs_req req;
	struct kvs_key key;
	struct kvs_update update;
	kvs_change_fn *try;
	enum kvs_stats_item item;
	u32 room;
	struct kvs_entry *large;
	u8 expect[KVS_MAX_EXPECT] __aligned(8);
	u8 bytes[KVS_INPLACE_MAX] __aligned(8);
	struct kvs_res res;
};

/**
 * struct kvs_txn - a transaction while it runs
 * @store: where
 * @compares: all of them
 * @compare_count: how many
 * @ops: the thens, then the elses
 * @then_count: thens
 * @else_count: elses
 * @patience: jiffies that it may still wait
 * @budget: what it evicted
 * @failed_compare: the first compare that does not hold, or -1
 * @failed_op: of those that run, the first that cannot, or -1
 * @version: drawn for its changes; without any, the last one drawn
 * @now: host CLOCK_BOOTTIME in nanoseconds, for all of one round
 * @chosen: the first of the operations that run
 * @chosen_count: how many
 * @spared: hashes of all keys, see kvs_txn_spare()
 * @spared_count: how many
 * @stripes: numbers of the stripes of all keys, ascending
 * @stripe_count: how many
 */
struct kvs_txn {
	struct kvs_store *store;
	struct kvs_txn_compare *compares;
	u32 compare_count;
	struct kvs_txn_op *ops;
	u32 then_count;
	u32 else_count;
	long patience;
	struct kvs_evict_budget budget;
	int failed_compare;
	int failed_op;
	u64 version;
	u64 now;
	struct kvs_txn_op *chosen;
	u32 chosen_count;
	u32 spared[KVS_MAX_TXN_OPS];
	u32 spared_count;
	u32 stripes[KVS_MAX_TXN_OPS];
	u32 stripe_count;
};

/**
 * kvs_txn_spare() - what one operation needs is not taken from another one
 * @txn: all of its keys are there; nor is it taken from what is compared
 */
void kvs_txn_spare(struct kvs_txn *txn);

/**
 * kvs_txn_run() - run a transaction
 * @txn: what to do; its operations planned
 *
 * Afterwards @failed_compare, @failed_op, @version and the results of the
 * operations that ran are set, and GETs have their values. Context: may sleep.
 *
 * Return: 0, or why nothing was done.
 */
int kvs_txn_run(struct kvs_txn *txn);

#endif /* _KVS_TXN_H */
