/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The short way of what most requests are; which those are is in hot.c.
 */
#ifndef _KVS_HOT_H
#define _KVS_HOT_H

#include <linux/kvs.h>
#include <linux/types.h>

#include "quick.h"

struct kvs_store;

/* Nothing was done: the general way it is. */
#define KVS_HOT_NOT 1

/*
 * One verb each, for a handle that may, and a request that kvs_hot_plain() says is
 * plain. They return as kvs_hot_run().
 */
int kvs_hot_get(struct kvs_store *store, struct kvs_req *req);
int kvs_hot_put(struct kvs_store *store, struct kvs_req *req);
int kvs_hot_add(struct kvs_store *store, struct kvs_req *req);

/* Without what has no meaning without a flag, and with its key in it. */
static __always_inline bool kvs_hot_plain(const struct kvs_req *req)
{
	return !(req->flags | req->ttl | req->cond) &&
	       req->key_len - 1U < KVS_INLINE_KEY;
}

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
static __always_inline int kvs_hot_run(struct kvs_store *store, u32 rights,
				       struct kvs_req *req)
{
	if (!kvs_hot_plain(req))
		return KVS_HOT_NOT;
	if (req->verb == KVS_GET && rights & KVS_RIGHT_READ)
		return kvs_hot_get(store, req);
	if (req->verb == KVS_PUT && rights & KVS_RIGHT_WRITE)
		return kvs_hot_put(store, req);
	if (req->verb == KVS_ADD &&
	    rights & (KVS_RIGHT_COUNT | KVS_RIGHT_WRITE))
		return kvs_hot_add(store, req);
	if (req->verb == KVS_DELETE && rights & KVS_RIGHT_WRITE &&
	    kvs_quick_delete(store, req))
		return 0;
	return KVS_HOT_NOT;
}

#endif /* _KVS_HOT_H */
