// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of figures.
 */
#include "figures.h"

#define FIGURE(name, metric, help)                                          \
	{                                                                   \
#name, offsetof(struct kvs_statistics, name), metric, help, \
			false                                               \
	}
#define FIGURE_USER(name, metric, help)                                     \
	{                                                                   \
#name, offsetof(struct kvs_statistics, name), metric, help, \
			true                                                \
	}

/* clang-format off */
const struct figure figures[] = {
	FIGURE(entries, "entries", "Entries in the store."),
	FIGURE(bytes, "charged_bytes", "Bytes charged for entries."),
	FIGURE(waiting_bytes, "waiting_bytes",
	       "Part of the charged bytes that waits for readers."),
	FIGURE(table_bytes, "table_bytes", "Bytes of the table."),
	FIGURE(max_bytes, "max_bytes", "Byte cap."),
	FIGURE(max_entries, "max_entries", "Entry cap."),
	FIGURE(max_value, "max_value_bytes", "Longest value."),
	FIGURE(version, "versions_total",
	       "Versions drawn, one for each change."),
	FIGURE(hits, "hits_total", "Reads that found their key."),
	FIGURE(misses, "misses_total", "Reads that did not."),
	FIGURE(puts, "puts_total", "Values written."),
	FIGURE(deletes, "deletes_total", "Entries removed by request."),
	FIGURE(adds, "adds_total", "Additions to counters."),
	FIGURE(xchgs, "xchgs_total", "Counters set and read."),
	FIGURE(bitops, "bitops_total", "Changes of bits of counters."),
	FIGURE(buckets, "buckets_total", "Times that a rate allowed."),
	FIGURE(refusals, "refusals_total", "Times that a rate did not."),
	FIGURE(touches, "touches_total", "Deadlines changed alone."),
	FIGURE(expired, "expired_total",
	       "Entries that ended by their deadline."),
	FIGURE(stats, "stats_total", "Entries described."),
	FIGURE(rejected_bytes, "rejected_bytes_total",
	       "Writes refused by the byte cap."),
	FIGURE(rejected_entries, "rejected_entries_total",
	       "Writes refused by the entry cap."),
	FIGURE(rejected_memory, "rejected_memory_total",
	       "Writes refused for lack of memory."),
	FIGURE(rejected_quota, "rejected_quota_total",
	       "Writes refused by the quota of a user."),
	FIGURE(flushes, "flushes_total", "Times that the store was flushed."),
	FIGURE(publishes, "publishes_total",
	       "Times that a staging store was published."),
	FIGURE(txns, "txns_total", "Transactions."),
	FIGURE_USER(user_bytes, "user_bytes", "Bytes charged to the user."),
	FIGURE_USER(user_max_bytes, "user_max_bytes",
		    "Most bytes that may be charged to the user."),
	FIGURE_USER(user_entries, "user_entries",
		    "Entries charged to the user."),
	FIGURE_USER(user_max_entries, "user_max_entries",
		    "Most entries that may be charged to the user."),
	FIGURE_USER(user_stores, "user_stores",
		    "Stores that the user has made."),
	FIGURE_USER(user_max_stores, "user_max_stores",
		    "Most stores that the user may make."),
	FIGURE(misses_expired, "misses_expired_total",
	       "Misses that found an entry past its deadline."),
	FIGURE(rejected_value, "rejected_value_total",
	       "Writes refused for the length of the value."),
	FIGURE(evictions, "evictions_total",
	       "Entries that made room for others."),
	FIGURE(evicted_unfetched, "evicted_unfetched_total",
	       "Evicted entries that were never read."),
	FIGURE(pinned_bytes, "pinned_bytes",
	       "Part of the charged bytes that is never evicted."),
	FIGURE(max_pinned, "max_pinned_bytes", "Cap of pinned bytes."),
	FIGURE(scans, "scans_total", "Pages scanned."),
	{ NULL, 0, NULL, NULL, false }
};

/* clang-format on */
