// SPDX-License-Identifier: GPL-2.0-only
#include <linux/stddef.h>

#include "figures.h"
#include "store.h"

#define KVS_FIGURE(name)                                             \
	{                                                            \
		.label = #name,                                      \
		.offset = offsetof(struct kvs_store_snapshot, name), \
	}
#define KVS_FIGURE_STATS(name, item)                               \
	{                                                          \
		.label = #name,                                    \
		.offset = offsetof(struct kvs_store_snapshot,      \
				   stats.count[KVS_STATS_##item]), \
	}

const struct kvs_figure kvs_figures[KVS_FIGURES] = {
	KVS_FIGURE(entries),
	KVS_FIGURE(bytes),
	KVS_FIGURE(waiting_bytes),
	KVS_FIGURE(table_bytes),
	KVS_FIGURE(max_bytes),
	KVS_FIGURE(max_entries),
	KVS_FIGURE(max_value),
	KVS_FIGURE(version),
	KVS_FIGURE_STATS(hits, HITS),
	KVS_FIGURE_STATS(misses, MISSES),
	KVS_FIGURE_STATS(puts, PUTS),
	KVS_FIGURE_STATS(deletes, DELETES),
	KVS_FIGURE_STATS(adds, ADDS),
	KVS_FIGURE_STATS(xchgs, XCHGS),
	KVS_FIGURE_STATS(bitops, BITOPS),
	KVS_FIGURE_STATS(buckets, BUCKETS),
	KVS_FIGURE_STATS(refusals, REFUSALS),
	KVS_FIGURE_STATS(touches, TOUCHES),
	KVS_FIGURE_STATS(expired, EXPIRED),
	KVS_FIGURE_STATS(stats, STATS),
	KVS_FIGURE_STATS(rejected_bytes, REJECTED_BYTES),
	KVS_FIGURE_STATS(rejected_entries, REJECTED_ENTRIES),
	KVS_FIGURE_STATS(rejected_memory, REJECTED_MEMORY),
	KVS_FIGURE_STATS(rejected_quota, REJECTED_QUOTA),
	KVS_FIGURE_STATS(flushes, FLUSHES),
	KVS_FIGURE_STATS(publishes, PUBLISHES),
	KVS_FIGURE_STATS(txns, TXNS),
	KVS_FIGURE_STATS(misses_expired, MISSES_EXPIRED),
	KVS_FIGURE_STATS(rejected_value, REJECTED_VALUE),
	KVS_FIGURE_STATS(evictions, EVICTIONS),
	KVS_FIGURE_STATS(evicted_unfetched, EVICTED_UNFETCHED),
	KVS_FIGURE(pinned_bytes),
	KVS_FIGURE(max_pinned),
	KVS_FIGURE_STATS(scans, SCANS),
};
