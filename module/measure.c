// SPDX-License-Identifier: GPL-2.0-only
/*
 * The histograms of a store. What they count is in distribution.h; the states of
 * the one that is switched on and off are in latency.h.
 */
#include <linux/errno.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/string.h>
#include <linux/time64.h>

#include "latency.h"
#include "measure.h"
#include "store.h"

void kvs_measure_sizes(struct kvs_store *store, struct kvs_distribution *out)
{
	struct kvs_space *space;

	memset(out, 0, sizeof(*out));
	rcu_read_lock();
	space = rcu_dereference(store->space);
	if (space)
		kvs_sizes_sum(space->sizes, out);
	rcu_read_unlock();
}

void kvs_measure_latency(struct kvs_store *store, u32 verb,
			 struct kvs_distribution *out)
{
	struct kvs_latency *latency;

	memset(out, 0, sizeof(*out));
	rcu_read_lock();
	latency = rcu_dereference(store->latency);
	if (latency)
		kvs_latency_sum(latency, verb, out);
	rcu_read_unlock();
}

void kvs_measure_lag(const struct kvs_store *store,
		     struct kvs_distribution *out)
{
	const struct kvs_lag *lag = &store->lag;
	int i;

	memset(out, 0, sizeof(*out));
	out->buckets = KVS_LAG_BUCKETS;
	out->unit = NSEC_PER_USEC;
	out->sum = atomic64_read(&lag->sum);
	for (i = 0; i < KVS_LAG_BUCKETS; i++)
		out->count[i] = atomic64_read(&lag->count[i]);
}

/* Return: what is not published: NULL, the former counts, or @latency itself. */
static struct kvs_latency *kvs_measure_install(struct kvs_store *store,
					       struct kvs_latency *latency)
{
	struct kvs_latency *old;

	lockdep_assert_held(&store->control);
	old = rcu_dereference_protected(store->latency,
					lockdep_is_held(&store->control));
	if (old && latency)
		return latency;
	rcu_assign_pointer(store->latency, latency);
	return old;
}

static int kvs_measure_on(struct kvs_store *store)
{
	struct kvs_latency *latency = kvs_latency_alloc();
	int ret = -EIDRM;

	if (!latency)
		return -ENOMEM;
	mutex_lock(&store->control);
	if (rcu_access_pointer(store->space)) {
		latency = kvs_measure_install(store, latency);
		ret = 0;
	}
	mutex_unlock(&store->control);
	/* Nobody has seen these. */
	kvs_latency_free(latency);
	return ret;
}

void kvs_measure_end(struct kvs_store *store)
{
	struct kvs_latency *latency;

	mutex_lock(&store->control);
	latency = kvs_measure_install(store, NULL);
	mutex_unlock(&store->control);
	if (!latency)
		return;
	synchronize_rcu();
	kvs_latency_free(latency);
}

int kvs_measure_switch(struct kvs_store *store, bool on)
{
	if (on)
		return kvs_measure_on(store);
	if (!rcu_access_pointer(store->space))
		return -EIDRM;
	kvs_measure_end(store);
	return 0;
}

void kvs_measure_note(struct kvs_store *store, u16 verb, u64 ns)
{
	struct kvs_latency *latency;

	rcu_read_lock();
	latency = rcu_dereference(store->latency);
	if (latency)
		kvs_latency_note(latency, verb, ns);
	rcu_read_unlock();
}
