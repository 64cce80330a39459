// SPDX-License-Identifier: GPL-2.0-only
/*
 * Quotas: an account for each user, and the chain of those that a charge is
 * counted against. A charge that a level refuses is taken back from those
 * below, so that no cap is ever passed and no refusal leaves a trace.
 */
#include <linux/errno.h>
#include <linux/hashtable.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/user_namespace.h>

#include "limits.h"
#include "quota.h"

struct kvs_quota kvs_quota_total;

static DEFINE_MUTEX(kvs_quotas_lock); /* protects the table */
static DEFINE_HASHTABLE(kvs_quotas, 10); /* by parent and user */
static struct kvs_quota_limits kvs_quota_limits;

static void kvs_quota_init(struct kvs_quota *quota, kuid_t uid)
{
	bool root = uid_eq(uid, GLOBAL_ROOT_UID);
	struct kvs_account *account = &quota->account;

	quota->uid = uid;
	quota->max_things[KVS_QUOTA_STORES] =
		root ? KVS_STORES_MAX : kvs_quota_limits.user_stores;
	quota->max_things[KVS_QUOTA_PAYERS] = root ? KVS_PAYERS_MAX :
						     KVS_USER_PAYERS_MAX;
	account->max_bytes = root ? S64_MAX : kvs_quota_limits.user_bytes;
	account->max_entries = root ? S64_MAX : kvs_quota_limits.user_entries;
	account->max_waiting = root ? S64_MAX : KVS_WAITING_MAX;
	account->refusal = -EDQUOT;
	kvs_account_init(account);
	refcount_set(&quota->refs, 1);
}

void kvs_quota_setup(const struct kvs_quota_limits *limits)
{
	kvs_quota_limits = *limits;
	kvs_quota_init(&kvs_quota_total, GLOBAL_ROOT_UID);
	kvs_quota_total.account.max_bytes = limits->total_bytes;
	kvs_quota_total.account.refusal = -ENOSPC;
}

void kvs_quota_exit(void)
{
	kvs_account_exit(&kvs_quota_total.account);
}

struct kvs_quota *kvs_quota_hold(struct kvs_quota *quota)
{
	refcount_inc(&quota->refs);
	return quota;
}

void kvs_quota_put(struct kvs_quota *quota)
{
	struct kvs_quota *parent;

	while (quota &&
	       refcount_dec_and_mutex_lock(&quota->refs, &kvs_quotas_lock)) {
		hash_del(&quota->link);
		mutex_unlock(&kvs_quotas_lock);
		parent = quota->parent;
		kvs_account_exit(&quota->account);
		kfree(quota);
		quota = parent;
	}
}

static u64 kvs_quota_key(const struct kvs_quota *parent, kuid_t uid)
{
	return (uintptr_t)parent + __kuid_val(uid);
}

static struct kvs_quota *kvs_quota_find(const struct kvs_quota *parent,
					kuid_t uid)
{
	struct kvs_quota *quota;

	lockdep_assert_held(&kvs_quotas_lock);
	hash_for_each_possible(kvs_quotas, quota, link,
			       kvs_quota_key(parent, uid)) {
		if (quota->parent == parent && uid_eq(quota->uid, uid))
			return kvs_quota_hold(quota);
	}
	return NULL;
}

/* Takes over the reference to @parent, and gives one to what it returns. */
static struct kvs_quota *kvs_quota_below(struct kvs_quota *parent, kuid_t uid)
{
	struct kvs_quota *quota, *fresh;

	/* Of what is charged to the same user twice, once is enough. */
	if (!parent || (parent->parent && uid_eq(parent->uid, uid)))
		return parent;
	fresh = kzalloc(sizeof(*fresh), KVS_GFP);
	mutex_lock(&kvs_quotas_lock);
	quota = kvs_quota_find(parent, uid);
	if (!quota && fresh) {
		kvs_quota_init(fresh, uid);
		fresh->parent = parent;
		hash_add(kvs_quotas, &fresh->link, kvs_quota_key(parent, uid));
		quota = fresh;
		parent = NULL;
		fresh = NULL;
	}
	mutex_unlock(&kvs_quotas_lock);
	kfree(fresh);
	kvs_quota_put(parent);
	return quota;
}

/*
 * Root is bound by the total alone; a namespace that it made for others is bound
 * by what is root in there.
 */
static kuid_t kvs_quota_owner(struct user_namespace *ns)
{
	kuid_t root = make_kuid(ns, 0);

	if (uid_eq(ns->owner, GLOBAL_ROOT_UID) && uid_valid(root))
		return root;
	return ns->owner;
}

struct kvs_quota *kvs_quota_get(struct user_namespace *ns, kuid_t uid)
{
	/* The kernel nests no deeper. */
	kuid_t owners[34];
	struct kvs_quota *quota;
	int depth = 0;

	for (; ns != &init_user_ns && depth < ARRAY_SIZE(owners);
	     ns = ns->parent)
		owners[depth++] = kvs_quota_owner(ns);
	quota = kvs_quota_hold(&kvs_quota_total);
	while (depth--)
		quota = kvs_quota_below(quota, owners[depth]);
	return kvs_quota_below(quota, uid);
}

/* What is given back for it, is given back to the user who has it. */
static int kvs_quota_charge_one(struct kvs_quota *quota,
				const struct kvs_room *room)
{
	struct kvs_room here = *room;

	here.enters = true;
	here.shrinks = room->shrinks && (room->own || !quota->parent);
	return kvs_account_charge(&quota->account, &here);
}

static void kvs_quota_uncharge_to(struct kvs_quota *quota,
				  const struct kvs_quota *end, u64 bytes)
{
	for (; quota != end; quota = quota->parent) {
		kvs_account_leave(&quota->account);
		kvs_account_uncharge(&quota->account, bytes);
	}
}

bool kvs_quota_try(struct kvs_quota *quota, u64 bytes)
{
	struct kvs_quota *level;

	for (level = quota; level; level = level->parent) {
		if (!kvs_account_take(&level->account, bytes))
			break;
		if (kvs_account_enter(&level->account))
			continue;
		kvs_account_uncharge(&level->account, bytes);
		break;
	}
	if (level)
		kvs_quota_uncharge_to(quota, level, bytes);
	return !level;
}

int kvs_quota_charge(struct kvs_quota *quota, const struct kvs_room *room)
{
	struct kvs_quota *level;
	int ret;

	for (level = quota; level; level = level->parent) {
		ret = kvs_quota_charge_one(level, room);
		if (ret) {
			kvs_quota_uncharge_to(quota, level, room->bytes);
			return ret;
		}
	}
	return 0;
}

void kvs_quota_uncharge(struct kvs_quota *quota, u64 bytes)
{
	kvs_quota_uncharge_to(quota, NULL, bytes);
}

void kvs_quota_wait(struct kvs_quota *quota, u64 bytes)
{
	for (; quota; quota = quota->parent) {
		atomic64_inc(&quota->account.waiting_entries);
		kvs_account_wait(&quota->account, bytes);
	}
}

void kvs_quota_freed(struct kvs_quota *quota, u64 bytes, unsigned int entries)
{
	for (; quota; quota = quota->parent) {
		atomic64_sub(entries, &quota->account.entries);
		atomic64_sub(entries, &quota->account.waiting_entries);
		kvs_account_freed(&quota->account, bytes);
	}
}

void kvs_quota_wake(struct kvs_quota *quota)
{
	for (; quota; quota = quota->parent) {
		if (wq_has_sleeper(&quota->account.freed))
			wake_up_all(&quota->account.freed);
	}
}

int kvs_quota_take(struct kvs_quota *quota, enum kvs_quota_thing thing)
{
	struct kvs_quota *level, *taken;

	for (level = quota; level; level = level->parent) {
		if (atomic_add_unless(&level->things[thing], 1,
				      level->max_things[thing]))
			continue;
		for (taken = quota; taken != level; taken = taken->parent)
			atomic_dec(&taken->things[thing]);
		return -EDQUOT;
	}
	return 0;
}

void kvs_quota_give(struct kvs_quota *quota, enum kvs_quota_thing thing)
{
	for (; quota; quota = quota->parent)
		atomic_dec(&quota->things[thing]);
}
