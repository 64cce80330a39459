/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _KVS_DEVICE_H
#define _KVS_DEVICE_H

#include <linux/kobject.h>
#include <linux/types.h>
#include <linux/uidgid.h>

/**
 * kvs_device_register() - make /dev/kvs
 * @mode: permission bits of the node
 * @gid: group of the node
 *
 * Return: 0 or a negative errno.
 */
int kvs_device_register(umode_t mode, kgid_t gid);

/**
 * kvs_device_deregister() - remove /dev/kvs
 *
 * No file of it is open: each holds the module.
 */
void kvs_device_deregister(void);

/**
 * kvs_device_kobj() - the device's place in sysfs
 *
 * Return: the kobject, as long as the device is registered.
 */
struct kobject *kvs_device_kobj(void);

#endif /* _KVS_DEVICE_H */
