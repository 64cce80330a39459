// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which name is whose. One mutex protects all names: it is held across no
 * allocation and no user copy, and what is found under it leaves with a
 * reference.
 */
#include <linux/errno.h>
#include <linux/hashtable.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/user_namespace.h>

#include "limits.h"
#include "namespace.h"
#include "store.h"

static DEFINE_MUTEX(kvs_stores_lock); /* see above */

static struct kvs_namespace kvs_namespace_initial = {
	.user_ns = &init_user_ns,
	.stores = LIST_HEAD_INIT(kvs_namespace_initial.stores),
};

/* All but the initial one. */
static DEFINE_HASHTABLE(kvs_namespaces, 8);

bool kvs_namespace_is_initial(const struct kvs_namespace *ns)
{
	return ns == &kvs_namespace_initial;
}

static struct kvs_namespace *
kvs_namespace_known(const struct user_namespace *user_ns)
{
	struct kvs_namespace *ns;

	lockdep_assert_held(&kvs_stores_lock);
	hash_for_each_possible(kvs_namespaces, ns, link, (uintptr_t)user_ns) {
		if (ns->user_ns == user_ns)
			return ns;
	}
	return NULL;
}

static struct kvs_namespace *kvs_namespace_alloc(struct user_namespace *user_ns)
{
	struct kvs_namespace *ns = kzalloc(sizeof(*ns), KVS_GFP);

	if (!ns)
		return NULL;
	ns->user_ns = get_user_ns(user_ns);
	INIT_LIST_HEAD(&ns->stores);
	return ns;
}

static void kvs_namespace_free(struct kvs_namespace *ns)
{
	if (!ns)
		return;
	put_user_ns(ns->user_ns);
	kfree(ns);
}

struct kvs_namespace *kvs_namespace_get(struct user_namespace *user_ns)
{
	struct kvs_namespace *ns, *fresh;

	if (user_ns == &init_user_ns)
		return &kvs_namespace_initial;
	fresh = kvs_namespace_alloc(user_ns);
	mutex_lock(&kvs_stores_lock);
	ns = kvs_namespace_known(user_ns);
	if (!ns && fresh) {
		hash_add(kvs_namespaces, &fresh->link, (uintptr_t)user_ns);
		ns = fresh;
		fresh = NULL;
	}
	if (ns)
		ns->handles++;
	mutex_unlock(&kvs_stores_lock);
	kvs_namespace_free(fresh);
	return ns;
}

struct kvs_namespace *kvs_namespace_hold(struct kvs_namespace *ns)
{
	if (kvs_namespace_is_initial(ns))
		return ns;
	mutex_lock(&kvs_stores_lock);
	ns->handles++;
	mutex_unlock(&kvs_stores_lock);
	return ns;
}

/* Its name is free, and it can be found no more. */
static void kvs_namespace_forget(struct kvs_store *store)
{
	lockdep_assert_held(&kvs_stores_lock);
	list_del(&store->link);
	kvs_store_hide(store);
	store->namespace = NULL;
	if (store->live)
		WRITE_ONCE(store->live->staging, NULL);
}

/* Nobody can reach the namespace any more. */
static void kvs_namespace_end(struct kvs_namespace *ns)
{
	struct kvs_store *store;

	for (;;) {
		mutex_lock(&kvs_stores_lock);
		store = list_first_entry_or_null(&ns->stores, struct kvs_store,
						 link);
		if (store)
			kvs_namespace_forget(store);
		mutex_unlock(&kvs_stores_lock);
		if (!store)
			break;
		kvs_store_empty(store);
		kvs_store_put(store);
	}
	kvs_namespace_free(ns);
}

void kvs_namespace_put(struct kvs_namespace *ns)
{
	bool last;

	if (kvs_namespace_is_initial(ns))
		return;
	mutex_lock(&kvs_stores_lock);
	last = !--ns->handles;
	if (last)
		hash_del(&ns->link);
	mutex_unlock(&kvs_stores_lock);
	if (last)
		kvs_namespace_end(ns);
}

static struct kvs_store *kvs_namespace_named(const struct kvs_namespace *ns,
					     const char *name)
{
	struct kvs_store *store;

	lockdep_assert_held(&kvs_stores_lock);
	list_for_each_entry(store, &ns->stores, link) {
		if (!strcmp(store->name, name))
			return store;
	}
	return NULL;
}

static int kvs_namespace_admit(struct kvs_namespace *ns,
			       struct kvs_store *store)
{
	lockdep_assert_held(&kvs_stores_lock);
	if (store->live && !store->live->namespace)
		return -EIDRM;
	if (kvs_namespace_named(ns, store->name) ||
	    (store->live && store->live->staging))
		return -EEXIST;
	return 0;
}

int kvs_namespace_add(struct kvs_namespace *ns, struct kvs_store *store)
{
	int ret;

	mutex_lock(&kvs_stores_lock);
	ret = kvs_namespace_admit(ns, store);
	if (!ret) {
		store->namespace = ns;
		list_add_tail(&store->link, &ns->stores);
		kvs_store_show(store);
		if (store->live)
			WRITE_ONCE(store->live->staging, store);
	}
	mutex_unlock(&kvs_stores_lock);
	return ret;
}

int kvs_namespace_remove(struct kvs_store *store)
{
	int ret = 0;

	mutex_lock(&kvs_stores_lock);
	if (!store->namespace)
		ret = -EIDRM;
	else if (store->staging)
		ret = -EBUSY;
	else
		kvs_namespace_forget(store);
	mutex_unlock(&kvs_stores_lock);
	return ret;
}

struct kvs_store *kvs_namespace_find(struct kvs_namespace *ns, const char *name)
{
	struct kvs_store *store;

	mutex_lock(&kvs_stores_lock);
	store = kvs_namespace_named(ns, name);
	if (store)
		kvs_store_hold(store);
	mutex_unlock(&kvs_stores_lock);
	return store;
}

struct kvs_store *kvs_namespace_next(const struct kvs_namespace *ns,
				     unsigned long number)
{
	struct kvs_store *store;

	mutex_lock(&kvs_stores_lock);
	do {
		store = kvs_store_next(number);
		if (store)
			number = store->number + 1UL;
	} while (store && ns && store->namespace != ns);
	if (store)
		kvs_store_hold(store);
	mutex_unlock(&kvs_stores_lock);
	return store;
}

struct user_namespace *kvs_namespace_user(struct kvs_store *store)
{
	struct user_namespace *user_ns = NULL;

	mutex_lock(&kvs_stores_lock);
	if (store->namespace)
		user_ns = get_user_ns(store->namespace->user_ns);
	mutex_unlock(&kvs_stores_lock);
	return user_ns;
}

struct kvs_store *kvs_namespace_staging(struct kvs_store *store)
{
	struct kvs_store *staging;

	mutex_lock(&kvs_stores_lock);
	staging = store->staging;
	if (staging)
		kvs_store_hold(staging);
	mutex_unlock(&kvs_stores_lock);
	return staging;
}
