// SPDX-License-Identifier: GPL-2.0-only
/*
 * Counts of latencies, and the branch that leads to them.
 */
#include <linux/cpumask.h>
#include <linux/nospec.h>
#include <linux/percpu.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "latency.h"

/* What is switched off stays so long within reach. */
#define KVS_LATENCY_PAUSE HZ

DEFINE_STATIC_KEY_DEFERRED_FALSE(kvs_latency_key, KVS_LATENCY_PAUSE);

static const char *const kvs_latency_names[KVS_VERBS] = {
	[KVS_GET] = "get",	 [KVS_PUT] = "put",
	[KVS_DELETE] = "delete", [KVS_ADD] = "add",
	[KVS_STAT] = "stat",	 [KVS_XCHG] = "xchg",
	[KVS_BITOP] = "bitop",	 [KVS_BUCKET] = "bucket",
	[KVS_TOUCH] = "touch",	 [KVS_SCAN] = "scan",
	[KVS_TXN] = "txn",	 [KVS_DELETE_RANGE] = "delete_range",
};

const char *kvs_latency_name(u32 verb)
{
	if (verb >= KVS_VERBS)
		return NULL;
	return kvs_latency_names[array_index_nospec(verb, KVS_VERBS)];
}

struct kvs_latency *kvs_latency_alloc(void)
{
	struct kvs_latency *latency;

	latency = kzalloc(sizeof(*latency), KVS_GFP);
	if (!latency)
		return NULL;
	latency->share =
		alloc_percpu_gfp(struct kvs_latency_share, KVS_PERCPU_GFP);
	if (!latency->share) {
		kfree(latency);
		return NULL;
	}
	static_branch_deferred_inc(&kvs_latency_key);
	return latency;
}

void kvs_latency_free(struct kvs_latency *latency)
{
	if (!latency)
		return;
	static_branch_slow_dec_deferred(&kvs_latency_key);
	free_percpu(latency->share);
	kfree(latency);
}

void kvs_latency_exit(void)
{
	static_key_deferred_flush(&kvs_latency_key);
}

void kvs_latency_note(struct kvs_latency *latency, u16 verb, u64 ns)
{
	unsigned int bucket = kvs_distribution_bucket(ns, KVS_LATENCY_BUCKETS);

	this_cpu_inc(latency->share->count[verb][bucket]);
	this_cpu_add(latency->share->sum[verb], ns);
}

void kvs_latency_sum(const struct kvs_latency *latency, u32 verb,
		     struct kvs_distribution *out)
{
	const struct kvs_latency_share *share;
	int cpu, i;

	memset(out, 0, sizeof(*out));
	out->buckets = KVS_LATENCY_BUCKETS;
	out->unit = 1;
	verb = array_index_nospec(verb, KVS_VERBS);
	for_each_possible_cpu(cpu) {
		share = per_cpu_ptr(latency->share, cpu);
		for (i = 0; i < KVS_LATENCY_BUCKETS; i++)
			out->count[i] += READ_ONCE(share->count[verb][i]);
		out->sum += READ_ONCE(share->sum[verb]);
	}
}
