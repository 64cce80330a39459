/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The histograms of a store, and the switch of that which costs something.
 */
#ifndef _KVS_MEASURE_H
#define _KVS_MEASURE_H

#include <linux/types.h>

#include "distribution.h"

struct kvs_store;

/**
 * kvs_measure_sizes() - take down the sizes of the entries
 * @store: the store
 * @out: the histogram; nothing is counted in a store that is gone
 */
void kvs_measure_sizes(struct kvs_store *store, struct kvs_distribution *out);

/**
 * kvs_measure_latency() - take down how long an operation takes
 * @store: the store
 * @verb: one that has a name, see kvs_latency_name()
 * @out: the histogram; without buckets while it is switched off
 */
void kvs_measure_latency(struct kvs_store *store, u32 verb,
			 struct kvs_distribution *out);

/**
 * kvs_measure_lag() - take down how late entries were ended
 * @store: the store
 * @out: the histogram
 */
void kvs_measure_lag(const struct kvs_store *store,
		     struct kvs_distribution *out);

/**
 * kvs_measure_switch() - measure latencies, or do not
 * @store: the store
 * @on: what is on already goes on, with the counts that it has
 *
 * Context: may sleep, for a grace period.
 *
 * Return: 0, -ENOMEM, -EIDRM for a store that is gone.
 */
int kvs_measure_switch(struct kvs_store *store, bool on);

/**
 * kvs_measure_end() - switch off what a store measures, for good
 * @store: gone
 *
 * Context: may sleep, for a grace period.
 */
void kvs_measure_end(struct kvs_store *store);

/**
 * kvs_measure_note() - count a request, if its store measures
 * @store: the store
 * @verb: what the request did
 * @ns: how long it took
 */
void kvs_measure_note(struct kvs_store *store, u16 verb, u64 ns);

#endif /* _KVS_MEASURE_H */
