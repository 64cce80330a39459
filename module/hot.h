/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The short way of what most requests are; which those are is in hot.c.
 */
#ifndef _KVS_HOT_H
#define _KVS_HOT_H

#include <linux/compiler_types.h>
#include <linux/types.h>

#include "quick.h"

struct kvs_handle;
struct kvs_req;

/* Nothing was done: the general way it is. */
#define KVS_HOT_NOT KVS_QUICK_NOT

/**
 * kvs_hot_run_short() - run a request with a short result, if the short way
 * @handle: the handle it came through
 * @from: the request, in user memory; nothing in it has been checked
 * @whole: only if it has a result
 *
 * Context: may sleep for user memory, and for nothing else.
 *
 * Return: its status, which its result has, too; KVS_HOT_NOT, with its result and,
 * of a GET, its buffer undefined, neither of which is part of the request.
 */
int kvs_hot_run_short(const struct kvs_handle *handle,
		      const struct kvs_req __user *from, bool whole);

/**
 * kvs_hot_get_some() - run requests of user memory while they are short GETs
 * @handle: the handle they came through
 * @from: the first; nothing in them has been checked
 * @count: how many there are
 *
 * Each must have a result. Context: as kvs_hot_run_short().
 *
 * Return: how many were run. The next is none, or does not go the short way, and
 * its result is undefined.
 */
u32 kvs_hot_get_some(const struct kvs_handle *handle,
		     const struct kvs_req __user *from, u32 count);

/**
 * kvs_hot_run_copy() - run a request with any result, if the short way
 * @handle: the handle it came through
 * @req: private copy of the request; nothing in it has been checked
 *
 * Context: as kvs_hot_run_short().
 *
 * Return: likewise, or -EFAULT where its result cannot be written any more.
 */
int kvs_hot_run_copy(const struct kvs_handle *handle,
		     const struct kvs_req *req);

#endif /* _KVS_HOT_H */
