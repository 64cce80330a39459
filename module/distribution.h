/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Histograms. Each has buckets by powers of two of its unit: the first counts
 * what is below the unit, the n-th, from 0, what is below 2^n units and not
 * below 2^(n-1), the last all that is above.
 *
 * There are three, and each is kept where it costs least:
 *
 *   sizes      bytes charged for an entry, as it is there now: per CPU in the
 *              space, under the stripe, where entries come and go; a write in
 *              place does not change it. See size.h
 *   latencies  nanoseconds from a request's private copy to its status, by
 *              operation: per CPU, only while they are measured. See latency.h
 *   lags       nanoseconds from a deadline to the end of the entry: by the
 *              worker that ends entries. See expiry.h
 */
#ifndef _KVS_DISTRIBUTION_H
#define _KVS_DISTRIBUTION_H

#include <linux/bitops.h>
#include <linux/kvs.h>
#include <linux/minmax.h>
#include <linux/types.h>

/**
 * struct kvs_distribution - a histogram, taken down for those who print it
 * @buckets: how many of @count there are; 0: nothing is measured
 * @unit: width of the first bucket, in bytes or nanoseconds
 * @sum: of all that was counted, in bytes or nanoseconds
 * @count: how often, by bucket
 */
struct kvs_distribution {
	u32 buckets;
	u32 unit;
	u64 sum;
	u64 count[KVS_HISTOGRAM_BUCKETS];
};

/* In which of @buckets buckets @units units are counted. */
static inline unsigned int kvs_distribution_bucket(u64 units,
						   unsigned int buckets)
{
	return min_t(unsigned int, fls64(units), buckets - 1);
}

#endif /* _KVS_DISTRIBUTION_H */
