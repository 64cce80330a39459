/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The short way of what makes and ends entries; which those are is in quick.c.
 */
#ifndef _KVS_QUICK_H
#define _KVS_QUICK_H

#include <linux/kvs.h>
#include <linux/types.h>

struct kvs_call;
struct kvs_store;

/**
 * kvs_quick_put() - make an entry
 * @call: a PUT that was checked
 *
 * Context: may sleep.
 *
 * Return: whether it took effect and is answered; else nothing was done, and the
 * long way it is.
 */
bool kvs_quick_put(struct kvs_call *call);

/**
 * kvs_quick_delete() - end an entry
 * @store: the store
 * @req: a DELETE that may be made, plain as kvs_hot_plain() says
 *
 * Context: user memory is touched.
 *
 * Return: as kvs_quick_put().
 */
bool kvs_quick_delete(struct kvs_store *store, struct kvs_req *req);

#endif /* _KVS_QUICK_H */
