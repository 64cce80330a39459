/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _KVS_EXPIRY_H
#define _KVS_EXPIRY_H

#include <linux/hrtimer.h>
#include <linux/rbtree.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/workqueue.h>

#include "limits.h"

struct kvs_entry;
struct kvs_expiry;

/**
 * typedef kvs_expiry_reap_fn - end an entry whose time has come
 * @expiry: the queue, which no longer has it
 * @entry: it may be dead by now, or have another deadline: then it is left, or
 *	put back
 *
 * Context: under rcu_read_lock(), no other lock held.
 *
 * Return: whether it was ended.
 */
typedef bool kvs_expiry_reap_fn(struct kvs_expiry *expiry,
				struct kvs_entry *entry);

/**
 * struct kvs_lag - how late entries were ended
 * @count: entries ended, by the logarithm of their lag: @count[n] were ended
 *	less than 2^n microseconds after their deadline and not less than 2^(n-1)
 * @sum: their lags together, in nanoseconds
 *
 * Written by the workers of what is in the store, or was before a PUBLISH.
 */
struct kvs_lag {
	atomic64_t count[KVS_LAG_BUCKETS];
	atomic64_t sum;
};

/**
 * struct kvs_expiry - entries that have a deadline, by deadline
 * @lock: a leaf lock; protects @queue, @stopped and the links of entries
 * @queue: entries
 * @timer: fires soon after the first deadline
 * @work: ends entries
 * @gap: bytes between a deadline and its entry; immutable
 * @reap: how
 * @stopped: the store goes
 * @lag: where that is counted, by @work
 */
struct kvs_expiry {
	spinlock_t lock; /* a leaf lock, taken under a stripe or alone */
	struct rb_root_cached queue;
	struct hrtimer timer;
	struct work_struct work;
	size_t gap;
	kvs_expiry_reap_fn *reap;
	bool stopped;
	struct kvs_lag *lag;
};

/**
 * kvs_expiry_init() - make an empty queue
 * @expiry: the queue
 * @shape: KVS_SHAPE_LINK where its entries stand in an index too
 * @reap: ends an entry
 * @lag: where that is counted
 */
void kvs_expiry_init(struct kvs_expiry *expiry, u16 shape,
		     kvs_expiry_reap_fn *reap, struct kvs_lag *lag);

/**
 * kvs_expiry_stop() - end no more entries
 * @expiry: the queue
 *
 * Waits for the worker. Context: may sleep.
 */
void kvs_expiry_stop(struct kvs_expiry *expiry);

/**
 * kvs_expiry_set() - give an entry a deadline, another one, or none
 * @expiry: the queue
 * @entry: with room for a deadline
 * @at: host CLOCK_BOOTTIME in nanoseconds, or KVS_DEADLINE_NONE
 *
 * Context: under the stripe of the entry's key.
 */
void kvs_expiry_set(struct kvs_expiry *expiry, struct kvs_entry *entry, u64 at);

/**
 * kvs_expiry_forget() - take an entry out of the queue
 * @expiry: the queue
 * @entry: any entry; its deadline stays as it is
 *
 * Context: under the stripe of the entry's key.
 */
void kvs_expiry_forget(struct kvs_expiry *expiry, struct kvs_entry *entry);

#endif /* _KVS_EXPIRY_H */
