/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The sizes of the entries in a space: the bytes that each is charged, key and
 * header included, for those are what the cap is about.
 */
#ifndef _KVS_SIZE_H
#define _KVS_SIZE_H

#include <linux/percpu.h>
#include <linux/types.h>

#include "distribution.h"
#include "limits.h"

/**
 * struct kvs_sizes - one CPU's share of the sizes in a space
 * @count: entries that came here less those that went here, by bucket, modulo
 *	2^32: only the sum over all CPUs is a number of entries
 * @bytes: the same of bytes
 */
struct kvs_sizes {
	u32 count[KVS_SIZE_BUCKETS];
	s64 bytes;
};

/**
 * kvs_sizes_add() - an entry comes
 * @sizes: of the space
 * @bytes: what it is charged
 */
static inline void kvs_sizes_add(struct kvs_sizes __percpu *sizes, u64 bytes)
{
	unsigned int bucket = kvs_distribution_bucket(bytes, KVS_SIZE_BUCKETS);

	this_cpu_inc(sizes->count[bucket]);
	this_cpu_add(sizes->bytes, bytes);
}

/**
 * kvs_sizes_sub() - an entry goes
 * @sizes: of the space
 * @bytes: what was added for it
 */
static inline void kvs_sizes_sub(struct kvs_sizes __percpu *sizes, u64 bytes)
{
	unsigned int bucket = kvs_distribution_bucket(bytes, KVS_SIZE_BUCKETS);

	this_cpu_dec(sizes->count[bucket]);
	this_cpu_sub(sizes->bytes, bytes);
}

/**
 * kvs_sizes_sum() - add up all CPUs
 * @sizes: the sizes; while they change, the sum is near what they are
 * @out: the histogram
 */
void kvs_sizes_sum(struct kvs_sizes __percpu *sizes,
		   struct kvs_distribution *out);

#endif /* _KVS_SIZE_H */
