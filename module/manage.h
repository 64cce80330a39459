/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _KVS_MANAGE_H
#define _KVS_MANAGE_H

#include <linux/types.h>

struct file;
struct kvs_store;
struct kvs_store_config;

/**
 * kvs_manage_setup() - fix what a new store may have
 * @largest: all set: the caps that none may exceed, and what is not given
 */
void kvs_manage_setup(const struct kvs_store_config *largest);

/**
 * kvs_manage_load() - make the initial namespace's "default"
 * @config: all set
 *
 * Return: 0 or a negative errno.
 */
int kvs_manage_load(const struct kvs_store_config *config);

/**
 * kvs_manage_unload() - end every store
 *
 * No handle is open.
 */
void kvs_manage_unload(void);

/**
 * kvs_manage_default() - make a namespace's "default"
 * @file: of somebody who asked for it
 * @out_flags: KVS_BIND_CREATED if it was this call that made it
 *
 * Return: the store with a reference, or an ERR_PTR().
 */
struct kvs_store *kvs_manage_default(struct file *file, u32 *out_flags);

#endif /* _KVS_MANAGE_H */
