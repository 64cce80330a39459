/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Since 6.2 call_rcu() may be lazy and keep memory for ten seconds;
 * call_rcu_hurry() came with it.
 *
 * That no grace period began in between is known where two looks at the state of
 * RCU were the same. That of 6.1 may be the same for a moment longer, in which a
 * CPU that comes online is not waited for; 6.12.117 was seen to look at what
 * begins first. Of others it is not known.
 */
#ifndef _KVS_COMPAT_RCU_H
#define _KVS_COMPAT_RCU_H

#include <linux/rcupdate.h>
#include <linux/version.h>

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 2, 0)
#define kvs_call_rcu call_rcu_hurry
#else
#define kvs_call_rcu call_rcu
#endif

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 117) && \
	LINUX_VERSION_CODE < KERNEL_VERSION(6, 13, 0)
#define kvs_rcu_look get_state_synchronize_rcu_full
#define kvs_rcu_is_same same_state_synchronize_rcu_full
#else
static inline void kvs_rcu_look(struct rcu_gp_oldstate *state)
{
}

static inline bool kvs_rcu_is_same(const struct rcu_gp_oldstate *before,
				   const struct rcu_gp_oldstate *now)
{
	return false;
}
#endif

#endif /* _KVS_COMPAT_RCU_H */
