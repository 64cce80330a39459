/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What does not sleep needs no rcu_read_lock(), which is two calls where readers
 * may be preempted: grace periods wait for who has preemption disabled, too. That
 * is not what lockdep looks for, nor possible where spinlocks sleep.
 */
#ifndef _KVS_READER_H
#define _KVS_READER_H

#include <linux/preempt.h>
#include <linux/rcupdate.h>

#define KVS_READER_BY_RCU \
	(IS_ENABLED(CONFIG_PROVE_RCU) || IS_ENABLED(CONFIG_PREEMPT_RT))

static __always_inline void kvs_reader_enter(void)
{
	if (!IS_ENABLED(CONFIG_PREEMPT_RT))
		preempt_disable();
	if (KVS_READER_BY_RCU)
		rcu_read_lock();
}

static __always_inline void kvs_reader_leave(void)
{
	if (KVS_READER_BY_RCU)
		rcu_read_unlock();
	if (!IS_ENABLED(CONFIG_PREEMPT_RT))
		preempt_enable();
}

#endif /* _KVS_READER_H */
