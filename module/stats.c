// SPDX-License-Identifier: GPL-2.0-only
#include <linux/cpumask.h>
#include <linux/string.h>

#include "stats.h"

void kvs_stats_sum(struct kvs_stats __percpu *stats, struct kvs_stats *sum)
{
	int cpu, item;

	memset(sum, 0, sizeof(*sum));
	for_each_possible_cpu(cpu) {
		const struct kvs_stats *one = per_cpu_ptr(stats, cpu);

		for (item = 0; item < KVS_STATS_ITEMS; item++)
			sum->count[item] += READ_ONCE(one->count[item]);
	}
}
