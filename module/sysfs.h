/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _KVS_SYSFS_H
#define _KVS_SYSFS_H

struct kobject;

/**
 * kvs_sysfs_init() - show the stores below the device
 * @parent: the device
 *
 * Return: 0 or a negative errno.
 */
int kvs_sysfs_init(struct kobject *parent);

/**
 * kvs_sysfs_exit() - take them away; waits for readers of the files
 */
void kvs_sysfs_exit(void);

#endif /* _KVS_SYSFS_H */
