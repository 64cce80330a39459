/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _KVS_SYSFS_H
#define _KVS_SYSFS_H

struct kobject;
struct kvs_store;

/**
 * kvs_sysfs_init() - show the stores below the device
 * @parent: the device
 *
 * Return: 0 or a negative errno.
 */
int kvs_sysfs_init(struct kobject *parent);

/**
 * kvs_sysfs_add() - show a store
 * @store: named, in the initial namespace
 *
 * Context: may sleep.
 *
 * Return: 0 or a negative errno.
 */
int kvs_sysfs_add(struct kvs_store *store);

/**
 * kvs_sysfs_remove() - show a store no more
 * @store: shown or not; it has lost its name, so that nobody shows it again
 *
 * Waits for readers of the files. Context: may sleep.
 */
void kvs_sysfs_remove(struct kvs_store *store);

/**
 * kvs_sysfs_exit() - take them away; waits for readers of the files
 */
void kvs_sysfs_exit(void);

#endif /* _KVS_SYSFS_H */
