/* SPDX-License-Identifier: GPL-2.0-only */
/* The device became const in device_type.devnode in 6.2. */
#ifndef _KVS_COMPAT_DEVNODE_H
#define _KVS_COMPAT_DEVNODE_H

#include <linux/version.h>

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 2, 0)
#define KVS_DEVNODE_CONST const
#else
#define KVS_DEVNODE_CONST
#endif

#endif /* _KVS_COMPAT_DEVNODE_H */
