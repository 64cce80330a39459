/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _KVS_HOT_H
#define _KVS_HOT_H

#include <linux/kvs.h>
#include <linux/types.h>

struct kvs_store;

/* Nothing was done: the general way it is. */
#define KVS_HOT_NOT 1

/**
 * kvs_hot_run() - run a request if it goes the short way
 * @store: the store
 * @rights: of the handle
 * @req: private copy of the request; nothing in it has been checked. What
 *	follows its key is zeroed
 *
 * Context: user memory is touched.
 *
 * Return: its status, written to its result, or -EFAULT where that cannot be;
 * KVS_HOT_NOT.
 */
int kvs_hot_run(struct kvs_store *store, u32 rights, struct kvs_req *req);

#endif /* _KVS_HOT_H */
