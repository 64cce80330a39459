// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a store is, and what is done to it as a whole.
 *
 * FLUSH, PUBLISH and the end of a store work alike: the space is closed, and a
 * grace period later no change is under way; what waits in between, waits
 * outside all locks. Then the pointer to the space changes, which is the one
 * step that readers see, and changes begin again.
 */
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/random.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/xarray.h>

#include "latency.h"
#include "limits.h"
#include "quota.h"
#include "store.h"

/* All stores by number; reserved while a store is not named. */
static DEFINE_XARRAY_ALLOC(kvs_stores);

static struct kvs_space *kvs_store_space(struct kvs_store *store)
{
	return rcu_dereference_protected(store->space,
					 lockdep_is_held(&store->control));
}

static void kvs_store_configure(struct kvs_store *store,
				const struct kvs_store_config *config)
{
	if (config->set & KVS_SET_MODE)
		store->mode = config->mode;
	if (config->set & KVS_SET_UID)
		store->uid = config->uid;
	if (config->set & KVS_SET_GID)
		store->gid = config->gid;
	if (config->set & KVS_SET_MAX_VALUE)
		WRITE_ONCE(store->max_value, config->max_value);
}

static void kvs_store_configure_caps(struct kvs_space *space,
				     const struct kvs_store_config *config)
{
	struct kvs_account *account = &space->ledger->account;

	if (config->set & KVS_SET_MAX_BYTES)
		WRITE_ONCE(account->max_bytes, config->max_bytes);
	if (config->set & KVS_SET_MAX_ENTRIES)
		WRITE_ONCE(account->max_entries, config->max_entries);
	if (config->set & KVS_SET_MAX_PINNED)
		WRITE_ONCE(space->ledger->max_pinned, config->max_pinned);
	if (config->set & KVS_SET_POLICY)
		WRITE_ONCE(space->ledger->evicts, config->evicts);
}

/* What a store is. */
static void kvs_store_config(struct kvs_store *store,
			     struct kvs_store_config *config)
{
	const struct kvs_ledger *ledger = kvs_store_space(store)->ledger;

	*config = (struct kvs_store_config){
		.set = KVS_SET_MODE | KVS_SET_UID | KVS_SET_GID |
		       KVS_SET_MAX_BYTES | KVS_SET_MAX_ENTRIES |
		       KVS_SET_MAX_VALUE | KVS_SET_MAX_PINNED | KVS_SET_POLICY,
		.uid = store->uid,
		.gid = store->gid,
		.mode = store->mode,
		.index = store->shape & KVS_SHAPE_LINK,
		.max_value = store->max_value,
		.max_bytes = ledger->account.max_bytes,
		.max_entries = ledger->account.max_entries,
		.max_pinned = ledger->max_pinned,
		.evicts = ledger->evicts,
	};
}

static int kvs_store_alloc_space(struct kvs_store *store,
				 const struct kvs_store_config *config)
{
	struct kvs_ledger *ledger;
	struct kvs_space *space;

	ledger = kvs_ledger_alloc(config->max_bytes, config->max_entries);
	if (!ledger)
		return -ENOMEM;
	ledger->max_pinned = config->max_pinned;
	ledger->evicts = config->evicts;
	space = kvs_space_alloc(ledger, store->shape, store->removal,
				&store->lag);
	/* The space has a reference of its own. */
	kvs_ledger_put(ledger);
	if (!space)
		return -ENOMEM;
	space->store = store;
	RCU_INIT_POINTER(store->space, space);
	return 0;
}

static int kvs_store_alloc_parts(struct kvs_store *store,
				 const struct kvs_store_config *config)
{
	int ret;

	store->stats = alloc_percpu_gfp(struct kvs_stats, KVS_PERCPU_GFP);
	if (!store->stats)
		return -ENOMEM;
	ret = xa_alloc(&kvs_stores, &store->number, XA_ZERO_ENTRY,
		       XA_LIMIT(0, KVS_STORES_MAX - 1), KVS_GFP);
	if (ret)
		goto err_free_stats;
	ret = kvs_store_alloc_space(store, config);
	if (ret)
		goto err_free_number;
	return 0;

err_free_number:
	xa_erase(&kvs_stores, store->number);
err_free_stats:
	free_percpu(store->stats);
	return ret == -EBUSY ? -ENOSPC : ret;
}

/* The place is reserved, so that neither allocates. */
void kvs_store_show(struct kvs_store *store)
{
	xa_store(&kvs_stores, store->number, store, 0);
}

void kvs_store_hide(struct kvs_store *store)
{
	xa_store(&kvs_stores, store->number, XA_ZERO_ENTRY, 0);
}

struct kvs_store *kvs_store_next(unsigned long number)
{
	return xa_find(&kvs_stores, &number, ULONG_MAX, XA_PRESENT);
}

static void kvs_store_init(struct kvs_store *store, const char *name,
			   struct kvs_store *live)
{
	strscpy(store->name, name, sizeof(store->name));
	refcount_set(&store->refs, 1);
	mutex_init(&store->control);
	mutex_init(&store->txn);
	kvs_gate_init(&store->gate);
	store->version = &store->own_version;
	if (live) {
		store->live = kvs_store_hold(live);
		store->version = live->version;
	}
	do {
		store->id = get_random_u64();
	} while (!store->id); /* 0 stands for "not bound" */
}

struct kvs_store *kvs_store_alloc(const char *name,
				  const struct kvs_store_config *config,
				  struct kvs_quota *maker,
				  struct kvs_store *live,
				  const struct kvs_removal *removal)
{
	struct kvs_store *store;
	int ret;

	ret = kvs_quota_take(maker, KVS_QUOTA_STORES);
	if (ret)
		return ERR_PTR(ret);
	ret = -ENOMEM;
	store = kzalloc(sizeof(*store), KVS_GFP);
	if (!store)
		goto err_give;
	store->removal = removal;
	store->shape = config->index ? KVS_SHAPE_LINK : 0;
	kvs_store_configure(store, config);
	ret = kvs_store_alloc_parts(store, config);
	if (ret)
		goto err_free;
	kvs_store_init(store, name, live);
	store->maker = kvs_quota_hold(maker);
	return store;

err_free:
	kfree(store);
err_give:
	kvs_quota_give(maker, KVS_QUOTA_STORES);
	return ERR_PTR(ret);
}

void kvs_store_put(struct kvs_store *store)
{
	struct kvs_space *space;

	if (!store || !refcount_dec_and_test(&store->refs))
		return;
	/* Only a store that was never named still has a space. */
	space = rcu_dereference_protected(store->space, true);
	if (space)
		kvs_space_free(space);
	xa_erase(&kvs_stores, store->number);
	kvs_quota_give(store->maker, KVS_QUOTA_STORES);
	kvs_quota_put(store->maker);
	kvs_store_put(store->live);
	/* Of one that ended with its namespace; who may look holds the store. */
	kvs_latency_free(rcu_dereference_protected(store->latency, true));
	free_percpu(store->stats);
	kfree(store);
}

struct kvs_ledger *kvs_store_ledger(struct kvs_store *store)
{
	struct kvs_ledger *ledger = NULL;
	struct kvs_space *space;

	rcu_read_lock();
	space = rcu_dereference(store->space);
	if (space) {
		kvs_space_charge_table(space);
		if (kvs_ledger_tryget(space->ledger))
			ledger = space->ledger;
	}
	rcu_read_unlock();
	return ledger;
}

/* From here until it is opened no change is under way. */
static void kvs_store_close(struct kvs_space *space)
{
	kvs_space_close(space);
	synchronize_rcu();
}

u64 kvs_store_empty(struct kvs_store *store)
{
	struct kvs_space *space;
	u64 entries;

	mutex_lock(&store->control);
	space = kvs_store_space(store);
	kvs_store_close(space);
	entries = atomic64_read(&space->ledger->account.entries);
	kvs_space_seal(space);
	RCU_INIT_POINTER(store->space, NULL);
	mutex_unlock(&store->control);
	kvs_gate_opened(&store->gate);
	kvs_space_drop(space);
	return entries;
}

static int kvs_store_exchange(struct kvs_store *store, struct kvs_space *fresh,
			      u64 *version)
{
	struct kvs_space *space = kvs_store_space(store);

	if (!space)
		return -EIDRM;
	/* A PUBLISH came between. */
	if (space->ledger != fresh->ledger)
		return -EAGAIN;
	kvs_store_close(space);
	*version = kvs_store_draw_version(store);
	kvs_space_seal(space);
	rcu_assign_pointer(store->space, fresh);
	kvs_gate_opened(&store->gate);
	kvs_space_drop(space);
	return 0;
}

/* The space that a FLUSH will bring; its ledger is that of the present one. */
static struct kvs_space *kvs_store_fresh_space(struct kvs_store *store)
{
	struct kvs_ledger *ledger = kvs_store_ledger(store);
	struct kvs_space *space;

	if (!ledger)
		return ERR_PTR(-EIDRM);
	space = kvs_space_alloc(ledger, store->shape, store->removal,
				&store->lag);
	kvs_ledger_put(ledger);
	if (!space)
		return ERR_PTR(-ENOMEM);
	space->store = store;
	return space;
}

int kvs_store_flush(struct kvs_store *store, u64 *version)
{
	struct kvs_space *fresh;
	int ret;

	do {
		fresh = kvs_store_fresh_space(store);
		if (IS_ERR(fresh))
			return PTR_ERR(fresh);
		kvs_gate_yield(&store->gate);
		mutex_lock(&store->control);
		ret = kvs_store_exchange(store, fresh, version);
		mutex_unlock(&store->control);
		if (ret)
			kvs_space_free(fresh);
	} while (ret == -EAGAIN);
	if (!ret)
		kvs_stats_inc(store->stats, KVS_STATS_FLUSHES);
	return ret;
}

static void kvs_store_settle(struct kvs_store *store, struct kvs_space *space)
{
	WRITE_ONCE(space->store, store);
	WRITE_ONCE(space->expiry.lag, &store->lag);
	WRITE_ONCE(space->since, kvs_store_draw_version(store));
	rcu_assign_pointer(store->space, space);
	/* Nobody reads the space that was there by this name any more. */
	synchronize_rcu();
}

/*
 * By each of the two names versions only grow, and nobody meets by one name what
 * is changed by the other.
 */
static int kvs_store_swap(struct kvs_store *store, struct kvs_store *staging,
			  u64 *version)
{
	struct kvs_space *old = kvs_store_space(store);
	struct kvs_space *fresh = kvs_store_space(staging);

	if (!old)
		return -EIDRM;
	if (!fresh)
		return -ENOENT;
	kvs_space_close(old);
	kvs_space_close(fresh);
	synchronize_rcu();
	kvs_store_settle(store, fresh);
	*version = fresh->since;
	kvs_store_settle(staging, old);
	kvs_space_open(old);
	kvs_space_open(fresh);
	kvs_gate_opened(&store->gate);
	kvs_gate_opened(&staging->gate);
	return 0;
}

int kvs_store_publish(struct kvs_store *store, struct kvs_store *staging,
		      u64 *version)
{
	int ret;

	kvs_gate_yield(&store->gate);
	kvs_gate_yield(&staging->gate);
	mutex_lock(&store->control);
	mutex_lock_nested(&staging->control, SINGLE_DEPTH_NESTING);
	ret = kvs_store_swap(store, staging, version);
	mutex_unlock(&staging->control);
	mutex_unlock(&store->control);
	if (!ret)
		kvs_stats_inc(store->stats, KVS_STATS_PUBLISHES);
	return ret;
}

static int kvs_store_apply(struct kvs_store *store,
			   const struct kvs_store_config *config)
{
	struct kvs_space *space = kvs_store_space(store);

	if (!space)
		return -EIDRM;
	kvs_store_configure(store, config);
	kvs_store_configure_caps(space, config);
	return 0;
}

/* One that goes at this moment has nothing to alter. */
static void kvs_store_apply_staging(struct kvs_store *staging,
				    const struct kvs_store_config *config)
{
	mutex_lock_nested(&staging->control, SINGLE_DEPTH_NESTING);
	kvs_store_apply(staging, config);
	mutex_unlock(&staging->control);
}

/* Both at once: a PUBLISH or another ALTER in between would part them. */
int kvs_store_alter(struct kvs_store *store, struct kvs_store *staging,
		    const struct kvs_store_config *config)
{
	int ret = -EAGAIN;

	mutex_lock(&store->control);
	if (READ_ONCE(store->staging) == staging)
		ret = kvs_store_apply(store, config);
	if (!ret && staging)
		kvs_store_apply_staging(staging, config);
	mutex_unlock(&store->control);
	return ret;
}

void kvs_store_follow(struct kvs_store *staging)
{
	struct kvs_store *store = staging->live;
	struct kvs_store_config config;

	mutex_lock(&store->control);
	if (kvs_store_space(store)) {
		kvs_store_config(store, &config);
		kvs_store_apply_staging(staging, &config);
	}
	mutex_unlock(&store->control);
}

static bool kvs_store_is_open(struct kvs_store *store)
{
	struct kvs_space *space;
	bool open;

	rcu_read_lock();
	space = rcu_dereference(store->space);
	open = !space || !READ_ONCE(space->closed);
	rcu_read_unlock();
	return open;
}

int kvs_store_wait_open(struct kvs_store *store, long *patience)
{
	long left;

	left = wait_event_killable_timeout(store->gate.queue,
					   kvs_store_is_open(store), *patience);
	if (left < 0)
		return -EINTR;
	*patience = left;
	/* Administrators may close it again and again. */
	return left ? 0 : -EBUSY;
}

/* in_group_p() is for current; the one who counts here opened the file. */
bool kvs_cred_in_group(const struct cred *cred, kgid_t gid)
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

u32 kvs_store_rights(struct kvs_store *store, const struct cred *cred)
{
	/* A staging store may not have followed its other one yet. */
	struct kvs_store *owned = store->live ?: store;
	u32 rights = 0;
	u32 bits;

	mutex_lock(&owned->control);
	bits = kvs_store_bits(owned, cred);
	if (uid_eq(cred->fsuid, owned->uid))
		rights |= KVS_RIGHT_ADMIN;
	mutex_unlock(&owned->control);
	if (bits & 4)
		rights |= KVS_RIGHT_READ | KVS_RIGHT_LIST;
	if (bits & 2)
		rights |= KVS_RIGHT_WRITE | KVS_RIGHT_COUNT;
	if (bits & 1)
		rights |= KVS_RIGHT_COUNT;
	return rights;
}
