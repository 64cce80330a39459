// SPDX-License-Identifier: GPL-2.0-only
/*
 * Making and ending spaces.
 */
#include <linux/cpumask.h>
#include <linux/log2.h>
#include <linux/minmax.h>
#include <linux/rcupdate.h>
#include <linux/rhashtable.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "limits.h"
#include "quota.h"
#include "space.h"

/* Stripes for each CPU, rounded up to a power of two. */
#define KVS_STRIPES_PER_CPU 64
#define KVS_STRIPES_MAX 4096

static struct workqueue_struct *kvs_spaces_wq;

int kvs_spaces_init(void)
{
	kvs_spaces_wq = alloc_workqueue("kvs_spaces", WQ_UNBOUND, 0);
	return kvs_spaces_wq ? 0 : -ENOMEM;
}

void kvs_spaces_exit(void)
{
	/* Callbacks queue what is dropped. */
	rcu_barrier();
	destroy_workqueue(kvs_spaces_wq);
}

void kvs_space_charge_table(struct kvs_space *space)
{
	s64 bytes, more;

	rcu_read_lock();
	bytes = kvs_table_bytes(&space->table);
	rcu_read_unlock();
	more = bytes - atomic64_xchg(&space->table_bytes, bytes);
	if (!more)
		return;
	atomic64_add(more, &space->ledger->account.tables);
	atomic64_add(more, &kvs_quota_total.account.tables);
}

static void kvs_space_uncharge_table(struct kvs_space *space)
{
	s64 bytes = atomic64_read(&space->table_bytes);

	atomic64_sub(bytes, &space->ledger->account.tables);
	atomic64_sub(bytes, &kvs_quota_total.account.tables);
}

/* All but the ledger. */
static void kvs_space_free_parts(struct kvs_space *space)
{
	kvs_table_destroy(&space->table);
	kvs_space_uncharge_table(space);
	free_bucket_spinlocks(space->stripes);
	free_percpu(space->sizes);
}

void kvs_space_free(struct kvs_space *space)
{
	kvs_evict_stop(&space->evict);
	/* The shrinker may have found it. */
	synchronize_rcu();
	kvs_space_free_parts(space);
	kvs_ledger_put(space->ledger);
	kfree(space);
}

static void kvs_space_drop_work(struct work_struct *work)
{
	struct kvs_space *space =
		container_of(to_rcu_work(work), struct kvs_space, drop);
	struct kvs_ledger *ledger = space->ledger;

	kvs_space_free_parts(space);
	kfree(space);
	kvs_ledger_drained(ledger);
	kvs_ledger_put(ledger);
}

void kvs_space_seal(struct kvs_space *space)
{
	/* Nobody but the reaper still takes entries out. */
	kvs_expiry_stop(&space->expiry);
	kvs_evict_stop(&space->evict);
	atomic64_set(&space->ledger->account.entries, 0);
	atomic_inc(&space->ledger->draining);
}

bool kvs_space_pin(struct kvs_space *space, s64 bytes)
{
	u64 max = READ_ONCE(space->ledger->max_pinned);
	s64 pinned = atomic64_read(&space->pinned);
	s64 more;

	do {
		more = pinned + bytes;
		if (bytes > 0 && more > (s64)max)
			return false;
	} while (!atomic64_try_cmpxchg(&space->pinned, &pinned, more));
	return true;
}

void kvs_space_drop(struct kvs_space *space)
{
	queue_rcu_work(kvs_spaces_wq, &space->drop);
}

static int kvs_space_alloc_parts(struct kvs_space *space)
{
	size_t stripes;
	int ret;

	space->sizes = alloc_percpu_gfp(struct kvs_sizes, KVS_PERCPU_GFP);
	if (!space->sizes)
		return -ENOMEM;
	stripes = min_t(size_t, KVS_STRIPES_MAX,
			KVS_STRIPES_PER_CPU *
				roundup_pow_of_two(num_possible_cpus()));
	ret = alloc_bucket_spinlocks(&space->stripes, &space->stripe_mask,
				     stripes, 0, KVS_GFP);
	if (ret)
		goto err_free_sizes;
	ret = kvs_table_init(&space->table);
	if (ret)
		goto err_free_stripes;
	return 0;

err_free_stripes:
	free_bucket_spinlocks(space->stripes);
err_free_sizes:
	free_percpu(space->sizes);
	return ret;
}

struct kvs_space *kvs_space_alloc(struct kvs_ledger *ledger, u16 shape,
				  const struct kvs_removal *removal,
				  struct kvs_lag *lag)
{
	struct kvs_space *space;

	space = kzalloc(sizeof(*space), KVS_GFP);
	if (!space)
		return NULL;
	if (kvs_space_alloc_parts(space)) {
		kfree(space);
		return NULL;
	}
	refcount_inc(&ledger->refs);
	space->ledger = ledger;
	kvs_index_init(&space->index);
	kvs_expiry_init(&space->expiry, shape, removal->expire, lag);
	kvs_evict_init(&space->evict, removal->evict, &ledger->evicts);
	INIT_RCU_WORK(&space->drop, kvs_space_drop_work);
	kvs_space_charge_table(space);
	return space;
}
