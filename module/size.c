// SPDX-License-Identifier: GPL-2.0-only
#include <linux/cpumask.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "size.h"

/* An entry may come on one CPU after that was read, and go on the next one. */
static u64 kvs_sizes_count(struct kvs_sizes __percpu *sizes, int bucket)
{
	u32 count = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		count += READ_ONCE(per_cpu_ptr(sizes, cpu)->count[bucket]);
	return max_t(s32, count, 0);
}

void kvs_sizes_sum(struct kvs_sizes __percpu *sizes,
		   struct kvs_distribution *out)
{
	s64 bytes = 0;
	int cpu, i;

	memset(out, 0, sizeof(*out));
	out->buckets = KVS_SIZE_BUCKETS;
	out->unit = 1;
	for (i = 0; i < KVS_SIZE_BUCKETS; i++)
		out->count[i] = kvs_sizes_count(sizes, i);
	for_each_possible_cpu(cpu)
		bytes += READ_ONCE(per_cpu_ptr(sizes, cpu)->bytes);
	out->sum = max_t(s64, bytes, 0);
}
