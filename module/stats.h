/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What was done to a store, counted per CPU: a GET writes no line that another
 * CPU's GET writes.
 */
#ifndef _KVS_STATS_H
#define _KVS_STATS_H

#include <linux/percpu.h>
#include <linux/types.h>

/**
 * enum kvs_stats_item - what is counted
 * @KVS_STATS_HITS: GETs that found their key
 * @KVS_STATS_MISSES: GETs that did not
 * @KVS_STATS_PUTS: PUTs that took effect
 * @KVS_STATS_DELETES: DELETEs that took effect
 * @KVS_STATS_ADDS: ADDs that took effect
 * @KVS_STATS_XCHGS: XCHGs that took effect
 * @KVS_STATS_BITOPS: BITOPs that took effect
 * @KVS_STATS_BUCKETS: BUCKETs that took their tokens
 * @KVS_STATS_REFUSALS: BUCKETs that have to wait
 * @KVS_STATS_TOUCHES: TOUCHes that took effect
 * @KVS_STATS_EXPIRED: entries whose deadline came
 * @KVS_STATS_STATS: STATs that found their key
 * @KVS_STATS_REJECTED_BYTES: writes refused at the cap of bytes
 * @KVS_STATS_REJECTED_ENTRIES: writes refused at the cap of entries
 * @KVS_STATS_REJECTED_MEMORY: writes refused for want of memory
 * @KVS_STATS_REJECTED_QUOTA: writes refused by the user's quota
 * @KVS_STATS_FLUSHES: FLUSHes
 * @KVS_STATS_PUBLISHES: PUBLISHes
 * @KVS_STATS_TXNS: TXNs that took effect
 * @KVS_STATS_MISSES_EXPIRED: those of the misses that found an entry past its
 *	deadline
 * @KVS_STATS_REJECTED_VALUE: writes refused for the length of the value
 * @KVS_STATS_EVICTIONS: entries evicted
 * @KVS_STATS_EVICTED_UNFETCHED: those of them that no GET ever found
 * @KVS_STATS_SCANS: pages of SCANs
 * @KVS_STATS_ITEMS: how many
 */
enum kvs_stats_item {
	KVS_STATS_HITS,
	KVS_STATS_MISSES,
	KVS_STATS_PUTS,
	KVS_STATS_DELETES,
	KVS_STATS_ADDS,
	KVS_STATS_XCHGS,
	KVS_STATS_BITOPS,
	KVS_STATS_BUCKETS,
	KVS_STATS_REFUSALS,
	KVS_STATS_TOUCHES,
	KVS_STATS_EXPIRED,
	KVS_STATS_STATS,
	KVS_STATS_REJECTED_BYTES,
	KVS_STATS_REJECTED_ENTRIES,
	KVS_STATS_REJECTED_MEMORY,
	KVS_STATS_REJECTED_QUOTA,
	KVS_STATS_FLUSHES,
	KVS_STATS_PUBLISHES,
	KVS_STATS_TXNS,
	KVS_STATS_MISSES_EXPIRED,
	KVS_STATS_REJECTED_VALUE,
	KVS_STATS_EVICTIONS,
	KVS_STATS_EVICTED_UNFETCHED,
	KVS_STATS_SCANS,
	KVS_STATS_ITEMS,
};

/**
 * struct kvs_stats - one CPU's counts, or their sum
 * @count: by item
 */
struct kvs_stats {
	u64 count[KVS_STATS_ITEMS];
};

static inline void kvs_stats_inc(struct kvs_stats __percpu *stats,
				 enum kvs_stats_item item)
{
	this_cpu_inc(stats->count[item]);
}

/**
 * kvs_stats_sum() - add up all CPUs
 * @stats: the counts
 * @sum: the result
 */
void kvs_stats_sum(struct kvs_stats __percpu *stats, struct kvs_stats *sum);

#endif /* _KVS_STATS_H */
