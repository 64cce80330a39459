/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _KVS_HANDLE_H
#define _KVS_HANDLE_H

#include <linux/types.h>

#include "payer.h"

struct file;
struct kvs_namespace;
struct kvs_store;

/**
 * struct kvs_handle - what an open file description of the device stands for
 * @store: the store it is bound to, with a reference, or NULL; set once, with
 *	release semantics, after @rights
 * @rights: KVS_RIGHT_*; valid once @store is seen
 * @restricted: made by RESTRICT; no more than its rights can be done with it
 * @namespace: of its opener; where BIND looks names up
 * @purse: what its entries are paid with
 *
 * Made by open() or RESTRICT, in file->private_data, freed by release().
 */
struct kvs_handle {
	struct kvs_store *store;
	u32 rights;
	bool restricted;
	struct kvs_namespace *namespace;
	struct kvs_purse purse;
};

/**
 * kvs_handle_open() - give a file an unbound handle
 * @file: just opened
 *
 * Return: 0 or -ENOMEM.
 */
int kvs_handle_open(struct file *file);

/**
 * kvs_handle_release() - free a file's handle
 * @file: its last reference is gone, so no request runs
 */
void kvs_handle_release(struct file *file);

/**
 * kvs_handle_store() - the store that a handle is bound to
 * @handle: the handle
 *
 * Return: the store; NULL if it is not bound.
 */
static inline struct kvs_store *
kvs_handle_store(const struct kvs_handle *handle)
{
	/* Pairs with smp_store_release() in kvs_handle_bind(). */
	return smp_load_acquire(&handle->store);
}

/**
 * kvs_handle_bind() - bind a handle to a store, once
 * @file: its file: opener and open flags decide the rights
 * @store: the store; the handle takes over the caller's reference
 *
 * Return: 0; or, with the reference left to the caller, -EISCONN if it is
 * bound, -EACCES if it would have no right, -EIDRM.
 */
int kvs_handle_bind(struct file *file, struct kvs_store *store);

/**
 * kvs_handle_restrict() - make a file of the same store with fewer rights
 * @file: a file with a bound handle
 * @rights: some of its rights
 *
 * Return: the new file or an ERR_PTR(): -ENOTCONN, -EIDRM, -EINVAL, -EACCES,
 * -ENOMEM, -ENFILE.
 */
struct file *kvs_handle_restrict(struct file *file, u32 rights);

#endif /* _KVS_HANDLE_H */
