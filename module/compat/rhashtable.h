/* SPDX-License-Identifier: GPL-2.0-only */
/* The lock of a bucket turns interrupts off since 6.2, softirqs before. */
#ifndef _KVS_COMPAT_RHASHTABLE_H
#define _KVS_COMPAT_RHASHTABLE_H

#include <linux/rhashtable.h>
#include <linux/version.h>

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 2, 0)
#define kvs_rht_lock(tbl, bkt, flags) ((flags) = rht_lock(tbl, bkt))
#define kvs_rht_unlock rht_unlock
#define kvs_rht_assign_unlock rht_assign_unlock
#else
#define kvs_rht_lock(tbl, bkt, flags) ((flags) = 0, rht_lock(tbl, bkt))
#define kvs_rht_unlock(tbl, bkt, flags) ((void)(flags), rht_unlock(tbl, bkt))
#define kvs_rht_assign_unlock(tbl, bkt, obj, flags) \
	((void)(flags), rht_assign_unlock(tbl, bkt, obj))
#endif

#endif /* _KVS_COMPAT_RHASHTABLE_H */
