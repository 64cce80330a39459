/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _KVS_PROCFS_H
#define _KVS_PROCFS_H

/**
 * kvs_procfs_init() - make /proc/kvs
 *
 * Return: 0 or -ENOMEM.
 */
int kvs_procfs_init(void);

/**
 * kvs_procfs_exit() - remove /proc/kvs; waits for its readers
 */
void kvs_procfs_exit(void);

#endif /* _KVS_PROCFS_H */
