/* SPDX-License-Identifier: GPL-2.0-only */
/* hrtimer_setup() took the place of hrtimer_init() in 6.13. */
#ifndef _KVS_COMPAT_HRTIMER_H
#define _KVS_COMPAT_HRTIMER_H

#include <linux/hrtimer.h>
#include <linux/version.h>

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 13, 0)
#define kvs_hrtimer_setup hrtimer_setup
#else
static inline void
kvs_hrtimer_setup(struct hrtimer *timer,
		  enum hrtimer_restart (*function)(struct hrtimer *),
		  clockid_t clock, enum hrtimer_mode mode)
{
	hrtimer_init(timer, clock, mode);
	timer->function = function;
}
#endif

#endif /* _KVS_COMPAT_HRTIMER_H */
