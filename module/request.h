/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The one place where both front doors meet.
 */
#ifndef _KVS_REQUEST_H
#define _KVS_REQUEST_H

#include <linux/compiler.h>
#include <linux/kernel.h>
#include <linux/kvs.h>
#include <linux/types.h>

#include "hot.h"

struct kvs_handle;

/**
 * kvs_request_run_long() - run one request of user memory the general way
 * @handle: the handle it came through
 * @from: the request
 * @nowait: do not sleep for memory
 *
 * For kvs_request_run_user().
 *
 * Return: see there.
 */
int kvs_request_run_long(struct kvs_handle *handle,
			 const struct kvs_req __user *from, bool nowait);

/**
 * kvs_request_run_user() - run one request of user memory and write its result
 * @handle: the handle it came through
 * @from: the request; nothing in it has been checked
 * @nowait: do not sleep for memory
 *
 * Context: may sleep.
 *
 * Return: its status, 0 or a negative errno of the ABI; -EAGAIN with @nowait,
 * before any effect; -EFAULT where it cannot be read.
 */
static __always_inline int
kvs_request_run_user(struct kvs_handle *handle,
		     const struct kvs_req __user *from, bool nowait)
{
	int ret = kvs_hot_run_short(handle, from, false);

	return likely(ret != KVS_HOT_NOT) ?
		       ret :
		       kvs_request_run_long(handle, from, nowait);
}

/**
 * kvs_request_run_ring() - run one request of a ring and write its result
 * @handle: the handle it came through
 * @from: the request: user space may write it at any time
 * @nowait: do not sleep for memory
 *
 * Context: may sleep.
 *
 * Return: as kvs_request_run_user().
 */
int kvs_request_run_ring(struct kvs_handle *handle, const struct kvs_req *from,
			 bool nowait);

/**
 * kvs_request_run_many() - run some requests
 * @handle: the handle they came through
 * @vec: private copy of the vector; nothing in it has been checked
 *
 * For kvs_request_run_vec().
 *
 * Return: see there.
 */
int kvs_request_run_many(struct kvs_handle *handle, const struct kvs_vec *vec);

/**
 * kvs_request_run_vec() - run some requests
 * @handle: the handle they came through
 * @vec: private copy of the vector; nothing in it has been checked
 * @nowait: do not sleep for memory, if it is one request
 *
 * Context: may sleep.
 *
 * Return: for one request its status, for more 0 once each was attempted; else
 * a negative errno.
 */
static __always_inline int kvs_request_run_vec(struct kvs_handle *handle,
					       const struct kvs_vec *vec,
					       bool nowait)
{
	if (likely(vec->count == 1 && !vec->flags))
		return kvs_request_run_user(handle, u64_to_user_ptr(vec->reqs),
					    nowait);
	return kvs_request_run_many(handle, vec);
}

/**
 * kvs_request_verbs() - the operations that are built
 *
 * Return: bit n is set for verb n.
 */
u64 kvs_request_verbs(void);

#endif /* _KVS_REQUEST_H */
