/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What one user may take of all stores together: bytes, entries, and stores. A
 * quota stands for a user and all that is charged to it besides: the owner of
 * the user namespace that the user acts in, of the one above, and so on up to
 * the total of the module. Of a namespace that root made it is the root in
 * there.
 *
 * A quota lives while somebody holds a reference: handles, payers, and the
 * quotas below it.
 */
#ifndef _KVS_QUOTA_H
#define _KVS_QUOTA_H

#include <linux/atomic.h>
#include <linux/list.h>
#include <linux/refcount.h>
#include <linux/uidgid.h>

#include "account.h"

struct user_namespace;

/**
 * enum kvs_quota_thing - what is counted besides bytes and entries
 * @KVS_QUOTA_STORES: stores made
 * @KVS_QUOTA_PAYERS: stores with entries of the user in them
 * @KVS_QUOTA_THINGS: number of these
 */
enum kvs_quota_thing {
	KVS_QUOTA_STORES,
	KVS_QUOTA_PAYERS,
	KVS_QUOTA_THINGS,
};

/**
 * struct kvs_quota - the charges of a user
 * @account: bytes and entries
 * @parent: whom they are charged to as well; NULL for the total
 * @uid: the user
 * @things: by &enum kvs_quota_thing
 * @max_things: caps of @things
 * @refs: references
 * @link: in the table of quotas; under the lock of that
 */
struct kvs_quota {
	struct kvs_account account;
	struct kvs_quota *parent;
	kuid_t uid;
	atomic_t things[KVS_QUOTA_THINGS];
	int max_things[KVS_QUOTA_THINGS];
	refcount_t refs;
	struct hlist_node link;
};

/**
 * struct kvs_quota_limits - what is allowed
 * @total_bytes: of all stores together
 * @user_bytes: of one user
 * @user_entries: of one user
 * @user_stores: of one user
 *
 * Root of the initial user namespace is bound by the total alone.
 */
struct kvs_quota_limits {
	u64 total_bytes;
	u64 user_bytes;
	u64 user_entries;
	unsigned int user_stores;
};

/* What everything is charged to at last. */
extern struct kvs_quota kvs_quota_total;

/**
 * kvs_quota_setup() - fix the limits
 * @limits: as the module's parameters say
 */
void kvs_quota_setup(const struct kvs_quota_limits *limits);

/**
 * kvs_quota_exit() - no quota is left but the total
 */
void kvs_quota_exit(void);

/**
 * kvs_quota_get() - the quota of a user
 * @ns: the user namespace that it acts in
 * @uid: the user
 *
 * Context: may sleep.
 *
 * Return: the quota with a reference, or NULL without memory.
 */
struct kvs_quota *kvs_quota_get(struct user_namespace *ns, kuid_t uid);

/**
 * kvs_quota_hold() - take a reference more
 * @quota: of which the caller holds one
 *
 * Return: @quota.
 */
struct kvs_quota *kvs_quota_hold(struct kvs_quota *quota);

/**
 * kvs_quota_put() - drop a reference
 * @quota: the quota or NULL
 *
 * Context: may sleep.
 */
void kvs_quota_put(struct kvs_quota *quota);

/**
 * kvs_quota_charge() - take room for an entry
 * @quota: the user
 * @room: how much, and how
 *
 * Context: as kvs_account_charge().
 *
 * Return: as kvs_account_charge().
 */
int kvs_quota_charge(struct kvs_quota *quota, const struct kvs_room *room);

/**
 * kvs_quota_try() - charge for an entry where there is room and nobody waits
 * @quota: the user
 * @bytes: to charge
 *
 * Return: whether it is charged; if not, nothing changed.
 */
bool kvs_quota_try(struct kvs_quota *quota, u64 bytes);

/**
 * kvs_quota_uncharge() - give back what was charged for an entry
 * @quota: the user
 * @bytes: as charged
 */
void kvs_quota_uncharge(struct kvs_quota *quota, u64 bytes);

/**
 * kvs_quota_wait() - note that bytes wait for a grace period
 * @quota: the user
 * @bytes: of a removed entry
 */
void kvs_quota_wait(struct kvs_quota *quota, u64 bytes);

/**
 * kvs_quota_freed() - the grace period is over
 * @quota: the user
 * @bytes: as given to kvs_quota_wait(), all together; uncharged too
 * @entries: for how many entries
 *
 * Context: any, softirq included.
 */
void kvs_quota_freed(struct kvs_quota *quota, u64 bytes, unsigned int entries);

/**
 * kvs_quota_wake() - let those look again who wait for room
 * @quota: the user
 */
void kvs_quota_wake(struct kvs_quota *quota);

/**
 * kvs_quota_take() - count one thing more
 * @quota: of the user
 * @thing: which
 *
 * Return: 0 or -EDQUOT.
 */
int kvs_quota_take(struct kvs_quota *quota, enum kvs_quota_thing thing);

/**
 * kvs_quota_give() - count one thing less
 * @quota: of the user
 * @thing: which
 */
void kvs_quota_give(struct kvs_quota *quota, enum kvs_quota_thing thing);

#endif /* _KVS_QUOTA_H */
