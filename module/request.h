/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The one place where both front doors meet.
 */
#ifndef _KVS_REQUEST_H
#define _KVS_REQUEST_H

#include <linux/kvs.h>
#include <linux/types.h>

struct kvs_handle;

/**
 * kvs_request_run() - run one request and write its result
 * @handle: the handle it came through
 * @req: private copy of the request; nothing in it has been checked. What
 *	follows its key is zeroed
 * @nowait: do not sleep for memory
 *
 * Context: may sleep.
 *
 * Return: its status, 0 or a negative errno of the ABI; -EAGAIN with @nowait,
 * before any effect.
 */
int kvs_request_run(struct kvs_handle *handle, struct kvs_req *req,
		    bool nowait);

/**
 * kvs_request_run_user() - run one request of user memory
 * @handle: the handle it came through
 * @from: the request
 * @nowait: do not sleep for memory
 *
 * Context: may sleep.
 *
 * Return: as kvs_request_run(); -EFAULT where it cannot be read.
 */
int kvs_request_run_user(struct kvs_handle *handle,
			 const struct kvs_req __user *from, bool nowait);

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
int kvs_request_run_vec(struct kvs_handle *handle, const struct kvs_vec *vec,
			bool nowait);

/**
 * kvs_request_verbs() - the operations that are built
 *
 * Return: bit n is set for verb n.
 */
u64 kvs_request_verbs(void);

#endif /* _KVS_REQUEST_H */
