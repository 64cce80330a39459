/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The short way of what makes and ends entries; which those are is in quick.c.
 */
#ifndef _KVS_QUICK_H
#define _KVS_QUICK_H

#include <linux/types.h>

struct kvs_handle;
struct kvs_req;

/* Nothing was done: the long way it is. */
#define KVS_QUICK_NOT 1

/**
 * kvs_quick_run() - run a request if it goes the short way
 * @handle: the handle it came through
 * @req: private copy of the request; nothing in it has been checked. What
 *	follows its key is zeroed
 * @nowait: do not sleep for memory
 *
 * Context: may sleep.
 *
 * Return: its status, which its result has, too; -EFAULT where that cannot be
 * written any more; KVS_QUICK_NOT, with its result undefined.
 */
int kvs_quick_run(struct kvs_handle *handle, struct kvs_req *req, bool nowait);

#endif /* _KVS_QUICK_H */
