/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Names of stores. Each user namespace has its own; what a handle can name is
 * what belongs to the namespace of its opener.
 *
 * The names of the initial namespace live from module load to module exit.
 * Those of another one live while a handle that was opened there is open: the
 * last one ends its stores.
 */
#ifndef _KVS_NAMESPACE_H
#define _KVS_NAMESPACE_H

#include <linux/list.h>
#include <linux/types.h>

struct kvs_store;
struct user_namespace;

/**
 * struct kvs_namespace - the names of a user namespace
 * @user_ns: the user namespace, with a reference
 * @handles: open handles; under kvs_stores_lock, as all that follows
 * @stores: named stores
 * @link: in the table of namespaces
 */
struct kvs_namespace {
	struct user_namespace *user_ns;
	unsigned long handles;
	struct list_head stores;
	struct hlist_node link;
};

/**
 * kvs_namespace_get() - the names of a user namespace, for one handle more
 * @user_ns: the user namespace
 *
 * Context: may sleep.
 *
 * Return: the namespace, or NULL without memory.
 */
struct kvs_namespace *kvs_namespace_get(struct user_namespace *user_ns);

/**
 * kvs_namespace_hold() - one handle more
 * @ns: of which the caller has a handle
 *
 * Return: @ns.
 */
struct kvs_namespace *kvs_namespace_hold(struct kvs_namespace *ns);

/**
 * kvs_namespace_put() - one handle less
 * @ns: the namespace; the last one ends its stores, but not in the initial one
 *
 * Context: may sleep, for a grace period for each store that it ends.
 */
void kvs_namespace_put(struct kvs_namespace *ns);

/**
 * kvs_namespace_is_initial() - is it that of the initial user namespace?
 * @ns: the namespace
 *
 * Return: whether it is.
 */
bool kvs_namespace_is_initial(const struct kvs_namespace *ns);

/**
 * kvs_namespace_add() - give a store its name
 * @ns: where
 * @store: which; the name takes over the caller's reference
 *
 * A store that is staging gets it if the other one has a name, and nobody that
 * is staging.
 *
 * Return: 0, -EEXIST, -EIDRM.
 */
int kvs_namespace_add(struct kvs_namespace *ns, struct kvs_store *store);

/**
 * kvs_namespace_remove() - take a store's name away
 * @store: which
 *
 * Context: may sleep.
 *
 * Return: 0 with the reference of the name for the caller, -EIDRM, -EBUSY while
 * it has a staging store.
 */
int kvs_namespace_remove(struct kvs_store *store);

/**
 * kvs_namespace_find() - find a store by name
 * @ns: where
 * @name: a valid name
 *
 * Return: the store with a reference, or NULL.
 */
struct kvs_store *kvs_namespace_find(struct kvs_namespace *ns,
				     const char *name);

/**
 * kvs_namespace_next() - find a store by number
 * @ns: where, or NULL for all namespaces
 * @number: the least wanted
 *
 * Return: the store with a reference, or NULL.
 */
struct kvs_store *kvs_namespace_next(const struct kvs_namespace *ns,
				     unsigned long number);

/**
 * kvs_namespace_user() - the user namespace of a store
 * @store: the store
 *
 * Return: the user namespace with a reference, or NULL if the store is gone.
 */
struct user_namespace *kvs_namespace_user(struct kvs_store *store);

/**
 * kvs_namespace_staging() - the store that is staging for another one
 * @store: the other one
 *
 * Return: the store with a reference, or NULL.
 */
struct kvs_store *kvs_namespace_staging(struct kvs_store *store);

#endif /* _KVS_NAMESPACE_H */
