// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reclaim by deadline. Readers find an entry absent from its deadline on,
 * exactly; this gives its memory back soon after.
 *
 * The worker takes the first entry out of the queue under the queue's lock,
 * drops that, and stays under rcu_read_lock(), which keeps the memory of the
 * entry whatever becomes of it. The reap function takes the entry's stripe and
 * looks whether it is still alive and due.
 */
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/time64.h>

#include "compat/hrtimer.h"
#include "distribution.h"
#include "entry.h"
#include "expiry.h"

/* The timer fires so long after the first deadline, to find more than one. */
#define KVS_EXPIRY_SLACK_NS (2 * NSEC_PER_MSEC)

/* Entries that are ended before others may run. */
#define KVS_EXPIRY_BATCH 32

static struct kvs_deadline *kvs_deadline_of(const struct rb_node *node)
{
	return rb_entry(node, struct kvs_deadline, node);
}

static struct kvs_entry *kvs_expiry_entry(const struct kvs_expiry *expiry,
					  struct kvs_deadline *deadline)
{
	return (void *)(deadline + 1) + expiry->gap;
}

static bool kvs_deadline_less(struct rb_node *a, const struct rb_node *b)
{
	return kvs_deadline_of(a)->queued < kvs_deadline_of(b)->queued;
}

static void kvs_expiry_arm(struct kvs_expiry *expiry, u64 at)
{
	lockdep_assert_held(&expiry->lock);
	at = min_t(u64, at, KTIME_MAX - KVS_EXPIRY_SLACK_NS);
	if (!expiry->stopped)
		hrtimer_start(&expiry->timer,
			      ns_to_ktime(at + KVS_EXPIRY_SLACK_NS),
			      HRTIMER_MODE_ABS);
}

static void kvs_expiry_remove(struct kvs_expiry *expiry,
			      struct kvs_deadline *deadline)
{
	lockdep_assert_held(&expiry->lock);
	if (RB_EMPTY_NODE(&deadline->node))
		return;
	rb_erase_cached(&deadline->node, &expiry->queue);
	RB_CLEAR_NODE(&deadline->node);
}

static void kvs_expiry_add(struct kvs_expiry *expiry,
			   struct kvs_deadline *deadline, u64 at)
{
	deadline->queued = at;
	/* Only a new first one moves the timer. */
	if (rb_add_cached(&deadline->node, &expiry->queue, kvs_deadline_less))
		kvs_expiry_arm(expiry, at);
}

void kvs_expiry_set(struct kvs_expiry *expiry, struct kvs_entry *entry, u64 at)
{
	struct kvs_deadline *deadline = kvs_entry_deadline(entry);

	WRITE_ONCE(deadline->at, at);
	spin_lock(&expiry->lock);
	kvs_expiry_remove(expiry, deadline);
	if (at != KVS_DEADLINE_NONE)
		kvs_expiry_add(expiry, deadline, at);
	spin_unlock(&expiry->lock);
}

void kvs_expiry_forget(struct kvs_expiry *expiry, struct kvs_entry *entry)
{
	struct kvs_deadline *deadline = kvs_entry_deadline(entry);

	if (!deadline)
		return;
	spin_lock(&expiry->lock);
	kvs_expiry_remove(expiry, deadline);
	spin_unlock(&expiry->lock);
}

/* The first entry that is due, taken out; else the timer is set for it. */
static struct kvs_entry *kvs_expiry_take(struct kvs_expiry *expiry, u64 now)
{
	struct kvs_deadline *deadline;
	struct kvs_entry *entry = NULL;
	struct rb_node *first;

	spin_lock(&expiry->lock);
	first = rb_first_cached(&expiry->queue);
	deadline = first ? kvs_deadline_of(first) : NULL;
	if (deadline && deadline->queued <= now && !expiry->stopped) {
		kvs_expiry_remove(expiry, deadline);
		entry = kvs_expiry_entry(expiry, deadline);
	} else if (deadline) {
		kvs_expiry_arm(expiry, deadline->queued);
	}
	spin_unlock(&expiry->lock);
	return entry;
}

static void kvs_expiry_note_lag(struct kvs_expiry *expiry, u64 lag_ns)
{
	u64 us = div_u64(lag_ns, NSEC_PER_USEC);
	unsigned int bucket = kvs_distribution_bucket(us, KVS_LAG_BUCKETS);
	struct kvs_lag *lag;

	/* A PUBLISH may point it elsewhere meanwhile. */
	lag = READ_ONCE(expiry->lag);
	atomic64_inc(&lag->count[bucket]);
	atomic64_add(lag_ns, &lag->sum);
}

static bool kvs_expiry_once(struct kvs_expiry *expiry)
{
	struct kvs_entry *entry;
	u64 now, at;

	rcu_read_lock();
	now = ktime_get_boottime_ns();
	entry = kvs_expiry_take(expiry, now);
	if (entry) {
		at = kvs_entry_ends_at(entry);
		if (expiry->reap(expiry, entry)) {
			now = ktime_get_boottime_ns();
			kvs_expiry_note_lag(expiry, now - min(now, at));
		}
	}
	rcu_read_unlock();
	return entry;
}

static void kvs_expiry_work(struct work_struct *work)
{
	struct kvs_expiry *expiry = container_of(work, struct kvs_expiry, work);
	unsigned int n = 0;

	while (kvs_expiry_once(expiry)) {
		if (++n % KVS_EXPIRY_BATCH == 0)
			cond_resched();
	}
}

static enum hrtimer_restart kvs_expiry_timer(struct hrtimer *timer)
{
	struct kvs_expiry *expiry =
		container_of(timer, struct kvs_expiry, timer);

	queue_work(system_unbound_wq, &expiry->work);
	return HRTIMER_NORESTART;
}

void kvs_expiry_init(struct kvs_expiry *expiry, u16 shape,
		     kvs_expiry_reap_fn *reap, struct kvs_lag *lag)
{
	spin_lock_init(&expiry->lock);
	expiry->queue = RB_ROOT_CACHED;
	expiry->gap = shape & KVS_SHAPE_LINK ? sizeof(struct rb_node) : 0;
	expiry->reap = reap;
	expiry->lag = lag;
	INIT_WORK(&expiry->work, kvs_expiry_work);
	kvs_hrtimer_setup(&expiry->timer, kvs_expiry_timer, CLOCK_BOOTTIME,
			  HRTIMER_MODE_ABS);
}

void kvs_expiry_stop(struct kvs_expiry *expiry)
{
	spin_lock(&expiry->lock);
	expiry->stopped = true;
	spin_unlock(&expiry->lock);
	/* Nobody arms the timer any more, and nobody else queues the work. */
	hrtimer_cancel(&expiry->timer);
	cancel_work_sync(&expiry->work);
}
