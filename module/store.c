// SPDX-License-Identifier: GPL-2.0-only
/*
 * Making, finding and ending stores, and who may do what with one.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/cpumask.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/log2.h>
#include <linux/minmax.h>
#include <linux/mutex.h>
#include <linux/printk.h>
#include <linux/random.h>
#include <linux/rcupdate.h>
#include <linux/rhashtable.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "limits.h"
#include "store.h"

/* Stripes for each CPU, rounded up to a power of two. */
#define KVS_STRIPES_PER_CPU 64
#define KVS_STRIPES_MAX 4096

static DEFINE_MUTEX(kvs_stores_lock); /* protects the list, never a store */
static LIST_HEAD(kvs_stores);

static int kvs_store_alloc_parts(struct kvs_store *store)
{
	size_t stripes;
	int ret;

	store->stats = alloc_percpu(struct kvs_stats);
	if (!store->stats)
		return -ENOMEM;
	stripes = min_t(size_t, KVS_STRIPES_MAX,
			KVS_STRIPES_PER_CPU *
				roundup_pow_of_two(num_possible_cpus()));
	ret = alloc_bucket_spinlocks(&store->stripes, &store->stripe_mask,
				     stripes, 0, GFP_KERNEL);
	if (ret)
		goto err_free_stats;
	ret = kvs_table_init(&store->table);
	if (ret)
		goto err_free_stripes;
	return 0;

err_free_stripes:
	free_bucket_spinlocks(store->stripes);
err_free_stats:
	free_percpu(store->stats);
	return ret;
}

static void kvs_store_configure(struct kvs_store *store,
				const struct kvs_store_config *config)
{
	strscpy(store->name, config->name, sizeof(store->name));
	store->mode = config->mode;
	store->uid = GLOBAL_ROOT_UID;
	store->gid = GLOBAL_ROOT_GID;
	store->max_value = config->max_value;
	store->account.number = config->number;
	store->account.max_bytes = config->max_bytes;
	store->account.max_entries = config->max_entries;
	kvs_account_init(&store->account);
	kvs_expiry_init(&store->expiry, config->reap);
	do {
		store->id = get_random_u64();
	} while (!store->id); /* 0 stands for "not bound" */
}

struct kvs_store *kvs_store_create(const struct kvs_store_config *config)
{
	struct kvs_store *store;
	int ret;

	store = kzalloc(sizeof(*store), GFP_KERNEL);
	if (!store)
		return ERR_PTR(-ENOMEM);
	kvs_store_configure(store, config);
	ret = kvs_store_alloc_parts(store);
	if (ret) {
		kfree(store);
		return ERR_PTR(ret);
	}
	kvs_entry_accounts_add(&store->account);

	mutex_lock(&kvs_stores_lock);
	list_add_tail(&store->link, &kvs_stores);
	mutex_unlock(&kvs_stores_lock);
	return store;
}

void kvs_store_destroy(struct kvs_store *store)
{
	u64 dropped;

	mutex_lock(&kvs_stores_lock);
	list_del(&store->link);
	mutex_unlock(&kvs_stores_lock);

	kvs_expiry_stop(&store->expiry);
	dropped = kvs_table_destroy(&store->table);
	if (dropped)
		pr_info("store %s: dropped %llu entries\n", store->name,
			dropped);
	/* Callbacks of entries removed before still use the account. */
	rcu_barrier();
	kvs_account_exit(&store->account);
	kvs_entry_accounts_remove(&store->account);
	free_bucket_spinlocks(store->stripes);
	free_percpu(store->stats);
	kfree(store);
}

struct kvs_store *kvs_store_find(const char *name)
{
	struct kvs_store *store, *found = NULL;

	mutex_lock(&kvs_stores_lock);
	list_for_each_entry(store, &kvs_stores, link) {
		if (!strcmp(store->name, name)) {
			found = store;
			break;
		}
	}
	mutex_unlock(&kvs_stores_lock);
	return found;
}

int kvs_store_for_each(int (*fn)(struct kvs_store *store, void *data),
		       void *data)
{
	struct kvs_store *store;
	int ret = 0;

	mutex_lock(&kvs_stores_lock);
	list_for_each_entry(store, &kvs_stores, link) {
		ret = fn(store, data);
		if (ret)
			break;
	}
	mutex_unlock(&kvs_stores_lock);
	return ret;
}

/* in_group_p() is for current; the one who counts here opened the file. */
static bool kvs_cred_in_group(const struct cred *cred, kgid_t gid)
{
	const struct group_info *groups = cred->group_info;
	int i;

	if (gid_eq(cred->fsgid, gid))
		return true;
	for (i = 0; i < groups->ngroups; i++) {
		if (gid_eq(groups->gid[i], gid))
			return true;
	}
	return false;
}

/* The three bits that apply: r is 4, w is 2, x is 1, as in a file mode. */
static u32 kvs_store_bits(const struct kvs_store *store,
			  const struct cred *cred)
{
	if (uid_eq(cred->fsuid, store->uid))
		return store->mode >> 6 & 7;
	if (kvs_cred_in_group(cred, store->gid))
		return store->mode >> 3 & 7;
	return store->mode & 7;
}

u32 kvs_store_rights(const struct kvs_store *store, const struct cred *cred)
{
	u32 bits = kvs_store_bits(store, cred);
	u32 rights = 0;

	if (bits & 4)
		rights |= KVS_RIGHT_READ | KVS_RIGHT_LIST;
	if (bits & 2)
		rights |= KVS_RIGHT_WRITE | KVS_RIGHT_COUNT;
	if (bits & 1)
		rights |= KVS_RIGHT_COUNT;
	if (uid_eq(cred->fsuid, store->uid))
		rights |= KVS_RIGHT_ADMIN;
	return rights;
}

void kvs_store_snapshot(struct kvs_store *store,
			struct kvs_store_snapshot *snap)
{
	snap->entries = atomic64_read(&store->account.entries);
	snap->bytes = atomic64_read(&store->account.bytes);
	snap->waiting_bytes = atomic64_read(&store->account.waiting);
	snap->table_bytes = kvs_table_bytes(&store->table);
	snap->max_bytes = store->account.max_bytes;
	snap->max_entries = store->account.max_entries;
	snap->max_value = store->max_value;
	snap->version = atomic64_read(&store->version);
	kvs_stats_sum(store->stats, &snap->stats);
}
