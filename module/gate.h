/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where changes wait while a store is closed.
 *
 * FLUSH and PUBLISH close a store for some grace periods. One that begins when
 * another has just ended would find those who waited for it still on their way,
 * and shut them out again, time after time. So who waits is counted until it got
 * through or gave up, and the next act lets it through first; but not for ever,
 * because who waits may not get a processor: see KVS_COURTESY_MS.
 */
#ifndef _KVS_GATE_H
#define _KVS_GATE_H

#include <linux/atomic.h>
#include <linux/jiffies.h>
#include <linux/sched.h> /* TASK_NORMAL */
#include <linux/wait.h>

#include "limits.h"

/**
 * struct kvs_gate - those who wait until a store is open
 * @queue: where they sleep, and who waits for them to get through
 * @waiting: how many there are, awake or not
 */
struct kvs_gate {
	wait_queue_head_t queue;
	atomic_t waiting;
};

static inline void kvs_gate_init(struct kvs_gate *gate)
{
	init_waitqueue_head(&gate->queue);
	atomic_set(&gate->waiting, 0);
}

/**
 * kvs_gate_join() - found it closed; kvs_gate_leave() follows
 * @gate: the gate
 */
static inline void kvs_gate_join(struct kvs_gate *gate)
{
	atomic_inc(&gate->waiting);
}

/**
 * kvs_gate_leave() - got through, or gave up
 * @gate: the gate
 */
static inline void kvs_gate_leave(struct kvs_gate *gate)
{
	if (atomic_dec_and_test(&gate->waiting))
		wake_up_all(&gate->queue);
}

/* What it waited for can be seen. */
static inline void kvs_gate_opened(struct kvs_gate *gate)
{
	wake_up_all(&gate->queue);
}

/**
 * kvs_gate_yield() - before it is closed, let those through who waited before
 * @gate: the gate
 *
 * Context: may sleep. No lock is held that a change might take.
 */
static inline void kvs_gate_yield(struct kvs_gate *gate)
{
	wait_event_timeout(gate->queue, !atomic_read(&gate->waiting),
			   msecs_to_jiffies(KVS_COURTESY_MS));
}

#endif /* _KVS_GATE_H */
