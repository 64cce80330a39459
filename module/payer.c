// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ledgers of stores, and payers: pairs of a ledger and a quota, by number.
 *
 * The fast way to a payer is the one that the handle used last. Another one is
 * looked for, and made, under a mutex that is held across no allocation and no
 * user copy. References are dropped by RCU callbacks too, so that the last one
 * is let go by a worker.
 */
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/idr.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>

#include "limits.h"
#include "payer.h"
#include "quota.h"

static DEFINE_MUTEX(kvs_payers_lock); /* protects numbers and lists */
static DEFINE_IDA(kvs_payer_ida);
static struct workqueue_struct *kvs_payers_wq;

struct kvs_payer *kvs_payers[KVS_PAYERS_MAX];

int kvs_payers_init(void)
{
	kvs_payers_wq = alloc_workqueue("kvs_payers", WQ_UNBOUND, 0);
	return kvs_payers_wq ? 0 : -ENOMEM;
}

void kvs_payers_exit(void)
{
	destroy_workqueue(kvs_payers_wq);
	ida_destroy(&kvs_payer_ida);
}

struct kvs_ledger *kvs_ledger_alloc(u64 max_bytes, u64 max_entries)
{
	struct kvs_ledger *ledger;

	ledger = kzalloc(sizeof(*ledger), KVS_GFP);
	if (!ledger)
		return NULL;
	ledger->account.max_bytes = max_bytes;
	ledger->account.max_entries = max_entries;
	ledger->account.max_waiting = KVS_WAITING_MAX;
	ledger->account.refusal = -ENOSPC;
	ledger->account.fair = true;
	ledger->ahead = KVS_AHEAD_LEAST;
	kvs_account_init(&ledger->account);
	refcount_set(&ledger->refs, 1);
	INIT_LIST_HEAD(&ledger->payers);
	return ledger;
}

void kvs_ledger_put(struct kvs_ledger *ledger)
{
	if (!refcount_dec_and_test(&ledger->refs))
		return;
	kvs_account_exit(&ledger->account);
	kfree_rcu(ledger, rcu);
}

void kvs_ledger_drained(struct kvs_ledger *ledger)
{
	struct kvs_payer *payer;

	atomic_dec(&ledger->draining);
	wake_up_all(&ledger->account.freed);
	mutex_lock(&kvs_payers_lock);
	list_for_each_entry(payer, &ledger->payers, link)
		kvs_quota_wake(payer->quota);
	mutex_unlock(&kvs_payers_lock);
}

/* A callback that gives bytes back looks at the payer until its end. */
static void kvs_payer_release(struct work_struct *work)
{
	struct kvs_payer *payer = container_of(work, struct kvs_payer, release);

	mutex_lock(&kvs_payers_lock);
	list_del(&payer->link);
	kvs_payers[payer->number] = NULL;
	ida_free(&kvs_payer_ida, payer->number);
	mutex_unlock(&kvs_payers_lock);
	kvs_quota_give(payer->quota, KVS_QUOTA_PAYERS);
	kvs_quota_put(payer->quota);
	kvs_ledger_put(payer->ledger);
	kfree_rcu(payer, rcu);
}

void kvs_payer_put_many(struct kvs_payer *payer, unsigned int count)
{
	if (refcount_sub_and_test(count, &payer->refs))
		queue_work(kvs_payers_wq, &payer->release);
}

void kvs_payer_put(struct kvs_payer *payer)
{
	if (payer)
		kvs_payer_put_many(payer, 1);
}

static struct kvs_payer *kvs_payer_find(struct kvs_ledger *ledger,
					const struct kvs_quota *quota)
{
	struct kvs_payer *payer;

	lockdep_assert_held(&kvs_payers_lock);
	list_for_each_entry(payer, &ledger->payers, link) {
		if (payer->quota == quota &&
		    refcount_inc_not_zero(&payer->refs))
			return payer;
	}
	return NULL;
}

static void kvs_payer_add(struct kvs_payer *payer, struct kvs_ledger *ledger,
			  struct kvs_quota *quota, int number)
{
	lockdep_assert_held(&kvs_payers_lock);
	refcount_set(&payer->refs, 1);
	payer->number = number;
	refcount_inc(&ledger->refs);
	payer->ledger = ledger;
	payer->quota = kvs_quota_hold(quota);
	INIT_WORK(&payer->release, kvs_payer_release);
	list_add(&payer->link, &ledger->payers);
	WRITE_ONCE(kvs_payers[number], payer);
}

/* Takes over @fresh and its number, or frees both. */
static struct kvs_payer *kvs_payer_settle(struct kvs_payer *fresh,
					  struct kvs_ledger *ledger,
					  struct kvs_quota *quota, int number)
{
	struct kvs_payer *payer;

	mutex_lock(&kvs_payers_lock);
	payer = kvs_payer_find(ledger, quota);
	if (!payer)
		kvs_payer_add(fresh, ledger, quota, number);
	mutex_unlock(&kvs_payers_lock);
	if (!payer)
		return fresh;
	ida_free(&kvs_payer_ida, number);
	kvs_quota_give(quota, KVS_QUOTA_PAYERS);
	kfree(fresh);
	return payer;
}

static struct kvs_payer *kvs_payer_make(struct kvs_ledger *ledger,
					struct kvs_quota *quota)
{
	struct kvs_payer *fresh;
	int ret;

	ret = kvs_quota_take(quota, KVS_QUOTA_PAYERS);
	if (ret)
		return ERR_PTR(ret);
	fresh = kzalloc(sizeof(*fresh), KVS_GFP);
	ret = fresh ? ida_alloc_max(&kvs_payer_ida, KVS_PAYERS_MAX - 1,
				    KVS_GFP) :
		      -ENOMEM;
	if (ret < 0) {
		kfree(fresh);
		kvs_quota_give(quota, KVS_QUOTA_PAYERS);
		return ERR_PTR(ret);
	}
	return kvs_payer_settle(fresh, ledger, quota, ret);
}

/* Only a payer that is not there is made. */
static struct kvs_payer *kvs_payer_find_or_make(struct kvs_ledger *ledger,
						struct kvs_quota *quota)
{
	struct kvs_payer *payer;

	mutex_lock(&kvs_payers_lock);
	payer = kvs_payer_find(ledger, quota);
	mutex_unlock(&kvs_payers_lock);
	return payer ?: kvs_payer_make(ledger, quota);
}

/* The purse keeps the last one, with a reference of its own. */
static void kvs_purse_keep(struct kvs_purse *purse, struct kvs_payer *payer)
{
	struct kvs_payer *old;

	kvs_payer_hold(payer);
	old = unrcu_pointer(xchg(&purse->payer, RCU_INITIALIZER(payer)));
	kvs_payer_put(old);
}

struct kvs_payer *kvs_payer_get(struct kvs_ledger *ledger,
				struct kvs_purse *purse, bool nowait)
{
	struct kvs_payer *payer;

	rcu_read_lock();
	payer = kvs_purse_payer(purse, ledger);
	rcu_read_unlock();
	if (payer)
		return payer;
	if (nowait)
		return ERR_PTR(-EAGAIN);
	payer = kvs_payer_find_or_make(ledger, purse->quota);
	if (!IS_ERR(payer))
		kvs_purse_keep(purse, payer);
	return payer;
}

void kvs_purse_drop(struct kvs_purse *purse)
{
	/* Nobody else has the purse any more. */
	kvs_payer_put(rcu_dereference_protected(purse->payer, true));
	kvs_quota_put(purse->quota);
}

bool kvs_payer_try(struct kvs_payer *payer, u64 bytes)
{
	if (!kvs_quota_try(payer->quota, bytes))
		return false;
	if (kvs_account_take(&payer->ledger->account, bytes))
		return true;
	kvs_quota_uncharge(payer->quota, bytes);
	return false;
}

int kvs_payer_charge(struct kvs_payer *payer, struct kvs_room *room)
{
	struct kvs_account *account = &payer->ledger->account;
	int ret;

	if (kvs_payer_try(payer, room->bytes))
		return 0;
	room->draining = &payer->ledger->draining;
	/* Whoever waits here holds only what is charged to the own quota. */
	ret = kvs_quota_charge(payer->quota, room);
	if (ret)
		return ret;
	ret = kvs_account_charge(account, room);
	if (ret)
		kvs_quota_uncharge(payer->quota, room->bytes);
	return ret;
}

u64 kvs_payer_cap(const struct kvs_payer *payer)
{
	u64 cap = min(READ_ONCE(payer->ledger->account.max_bytes),
		      READ_ONCE(payer->quota->account.max_bytes));

	return min(cap, READ_ONCE(kvs_quota_total.account.max_bytes));
}

s64 kvs_payer_excess(struct kvs_payer *payer, u64 bytes)
{
	struct kvs_ledger *ledger = payer->ledger;
	u64 reserve = READ_ONCE(ledger->account.max_bytes) >>
		      READ_ONCE(ledger->ahead);
	s64 own, total;

	if (atomic_read(&ledger->draining) ||
	    kvs_account_crowded(&ledger->account))
		return 0;
	own = kvs_account_excess(&ledger->account, reserve);
	total = kvs_account_excess(&kvs_quota_total.account, reserve);
	/* Others may take what it gives for all, without an end. */
	return max(own, min(total, (s64)bytes));
}

/* One that is refused is not to be the first of many that wait. */
u64 kvs_payer_refused(struct kvs_payer *payer, u64 bytes)
{
	return bytes +
	       (kvs_payer_cap(payer) >> READ_ONCE(payer->ledger->ahead));
}

/* A hint: two who change it at the same time may lose a step. */
void kvs_ledger_pace(struct kvs_ledger *ledger, bool waited)
{
	unsigned int ahead = READ_ONCE(ledger->ahead);
	unsigned int calm = READ_ONCE(ledger->calm) + 1;

	if (waited && ahead > KVS_AHEAD_MOST)
		WRITE_ONCE(ledger->ahead, ahead - 1);
	else if (calm >= KVS_AHEAD_CALM && ahead < KVS_AHEAD_LEAST)
		WRITE_ONCE(ledger->ahead, ahead + 1);
	if (waited || calm >= KVS_AHEAD_CALM)
		calm = 0;
	WRITE_ONCE(ledger->calm, calm);
}

void kvs_payer_uncharge(struct kvs_payer *payer, u64 bytes)
{
	kvs_quota_uncharge(payer->quota, bytes);
	kvs_account_uncharge(&payer->ledger->account, bytes);
}

void kvs_payer_wait(struct kvs_payer *payer, u64 bytes)
{
	kvs_account_wait(&payer->ledger->account, bytes);
	kvs_quota_wait(payer->quota, bytes);
}

void kvs_payer_freed(struct kvs_payer *payer, u64 bytes, unsigned int entries)
{
	kvs_account_freed(&payer->ledger->account, bytes);
	kvs_quota_freed(payer->quota, bytes, entries);
}
