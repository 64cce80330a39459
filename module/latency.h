/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How long requests take, by operation: from the private copy that is found to
 * be valid to the status, with its waits for memory and for grace periods, and
 * without the copy of the result. Whatever the status is, it counts.
 *
 * States of a store, and who frees what:
 *
 *   off  as made. No memory, and where no store measures no instruction: the
 *        branch in request.c is a nop
 *   on   kvs_store.latency points to counts, which are the store's: whoever
 *        switches it off unpublishes them, waits for a grace period and frees
 *        them; they begin at 0 each time. A store that is destroyed is switched
 *        off with it, and cannot be switched on any more
 *
 * The pointer changes under the control mutex of the store, with no allocation
 * under it: the counts are made before, and freed again if somebody was faster.
 * Requests find them under rcu_read_lock(). The branch is counted: it is
 * switched on before a pointer to counts can be found, and off after none of that
 * store can be found any more. To patch the kernel's text disturbs all CPUs, and
 * whoever owns a store may ask for it: it is switched off at most once a
 * second, until when other stores pay for a look at their pointer.
 */
#ifndef _KVS_LATENCY_H
#define _KVS_LATENCY_H

#include <linux/jump_label_ratelimit.h>
#include <linux/kvs.h>
#include <linux/types.h>

#include "distribution.h"
#include "limits.h"

/**
 * struct kvs_latency_share - one CPU's share
 * @count: requests, by verb and bucket
 * @sum: nanoseconds that they took, by verb
 */
struct kvs_latency_share {
	u64 count[KVS_VERBS][KVS_LATENCY_BUCKETS];
	u64 sum[KVS_VERBS];
};

/**
 * struct kvs_latency - how long the requests of a store take
 * @share: per CPU
 */
struct kvs_latency {
	struct kvs_latency_share __percpu *share;
};

/* Some store measures. */
extern struct static_key_false_deferred kvs_latency_key;

/**
 * kvs_latency_measured() - does any store measure?
 *
 * Return: false at the price of a nop.
 */
static __always_inline bool kvs_latency_measured(void)
{
	return static_branch_unlikely(&kvs_latency_key.key);
}

/**
 * kvs_latency_alloc() - make counts, and let requests look for them
 *
 * Context: may sleep.
 *
 * Return: the counts, all 0, or NULL.
 */
struct kvs_latency *kvs_latency_alloc(void);

/**
 * kvs_latency_free() - free counts that nobody can find any more
 * @latency: the counts or NULL
 *
 * Context: may sleep.
 */
void kvs_latency_free(struct kvs_latency *latency);

/**
 * kvs_latency_exit() - wait for the last switch
 */
void kvs_latency_exit(void);

/**
 * kvs_latency_note() - count a request
 * @latency: the counts
 * @verb: what it did: one that has a name
 * @ns: how long it took
 */
void kvs_latency_note(struct kvs_latency *latency, u16 verb, u64 ns);

/**
 * kvs_latency_name() - what operations are called
 * @verb: KVS_GET...
 *
 * Return: its name, or NULL for one that is not measured.
 */
const char *kvs_latency_name(u32 verb);

/**
 * kvs_latency_sum() - add up all CPUs
 * @latency: the counts
 * @verb: one that has a name
 * @out: the histogram
 */
void kvs_latency_sum(const struct kvs_latency *latency, u32 verb,
		     struct kvs_distribution *out);

#endif /* _KVS_LATENCY_H */
