/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Since 6.2 call_rcu() may be lazy and keep memory for ten seconds;
 * call_rcu_hurry() came with it.
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

#endif /* _KVS_COMPAT_RCU_H */
