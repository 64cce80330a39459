/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _KVS_ACCOUNT_H
#define _KVS_ACCOUNT_H

#include <linux/atomic.h>
#include <linux/types.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

/**
 * struct kvs_account - what the entries of a store or of a user cost, and may
 * @bytes: charged: from before the allocation until it is given back
 * @waiting: the part of @bytes that waits for a grace period
 * @tables: bytes of tables, which count against the cap too
 * @entries: of a store: in the table, changed under the key's stripe; of a user:
 *	charged, as its bytes are
 * @waiting_entries: of a user: the part of @entries that waits, as @waiting
 * @max_bytes: cap of @bytes and @tables together
 * @max_entries: cap of @entries
 * @max_waiting: of @waiting, before a charge waits; S64_MAX where that would let
 *	one user stall the others
 * @refusal: what an attempt to pass a cap gets: -ENOSPC or -EDQUOT
 * @fair: who has waited for long goes first; not where one user would stall others
 * @starving: how many have
 * @freed: woken when RCU callbacks gave bytes back
 * @wake: does that: more than one may wait
 *
 * The counters are atomics because charges are taken before any lock is held
 * and given back by RCU callbacks.
 */
struct kvs_account {
	atomic64_t bytes;
	atomic64_t waiting;
	atomic64_t tables;
	atomic64_t entries;
	atomic64_t waiting_entries;
	u64 max_bytes;
	u64 max_entries;
	s64 max_waiting;
	int refusal;
	bool fair;
	atomic_t starving;
	wait_queue_head_t freed;
	struct work_struct wake;
};

/**
 * struct kvs_room - a wish for memory
 * @bytes: to charge
 * @shrinks: the write frees at least as much as it charges; it may pass the
 *	cap by what may wait for a grace period
 * @own: the write replaces an entry that is charged to the same user
 * @evicted: at least as much was evicted for it: a table that grew meanwhile
 *	does not stand in its way
 * @enters: an entry is charged as its bytes are; may pass the cap where @own
 * @nowait: do not sleep
 * @patience: jiffies that it may still wait; what it waits is taken off
 * @draining: as long as this is not 0 flushed entries are being freed, and
 *	waiting may help
 */
struct kvs_room {
	u64 bytes;
	bool shrinks;
	bool own;
	bool evicted;
	bool enters;
	bool nowait;
	long *patience;
	const atomic_t *draining;
};

/**
 * kvs_account_init() - make an account without charges
 * @account: its caps and refusal are set
 */
void kvs_account_init(struct kvs_account *account);

/**
 * kvs_account_exit() - end an account
 * @account: without charges, after the last RCU callback
 */
void kvs_account_exit(struct kvs_account *account);

/**
 * kvs_account_charge() - take room for an allocation
 * @account: the store's account
 * @room: how much, and how
 *
 * Waits, a bounded time, for grace periods that would give enough room, unless
 * told not to. Context: may sleep without @room->nowait.
 *
 * Return: 0, @account->refusal at the cap, -EAGAIN where waiting might help but is not
 * allowed, -EINTR after a fatal signal.
 */
int kvs_account_charge(struct kvs_account *account,
		       const struct kvs_room *room);

/**
 * kvs_account_excess() - how much must go so that enough is free
 * @account: the account
 * @reserve: bytes that are enough
 *
 * What waits for a grace period counts as gone.
 *
 * Return: bytes; not above 0 if nothing must.
 */
s64 kvs_account_excess(struct kvs_account *account, u64 reserve);

/**
 * kvs_account_crowded() - does so much wait that charges do?
 * @account: the account
 *
 * Return: whether more than @max_waiting bytes wait for a grace period.
 */
static inline bool kvs_account_crowded(struct kvs_account *account)
{
	return atomic64_read(&account->waiting) > account->max_waiting;
}

/**
 * kvs_account_uncharge() - give back what was charged
 * @account: the store's account
 * @bytes: as charged
 */
static inline void kvs_account_uncharge(struct kvs_account *account, u64 bytes)
{
	atomic64_sub(bytes, &account->bytes);
}

/**
 * kvs_account_wait() - note that bytes wait for a grace period
 * @account: the store's account
 * @bytes: of a removed entry
 */
static inline void kvs_account_wait(struct kvs_account *account, u64 bytes)
{
	atomic64_add(bytes, &account->waiting);
}

/**
 * kvs_account_freed() - the grace period is over
 * @account: the store's account
 * @bytes: as given to kvs_account_wait(); uncharged too
 *
 * Context: any, softirq included.
 */
static inline void kvs_account_freed(struct kvs_account *account, u64 bytes)
{
	atomic64_sub(bytes, &account->bytes);
	/* Behind it: see kvs_account_may_fit(). */
	smp_mb__before_atomic();
	atomic64_sub(bytes, &account->waiting);
	/* wq_has_sleeper() orders the subtraction before its look. */
	if (wq_has_sleeper(&account->freed))
		schedule_work(&account->wake);
}

/**
 * kvs_account_enter() - count one entry more
 * @account: the store's account
 *
 * Return: false at the cap of entries, and then nothing changed.
 */
static inline bool kvs_account_enter(struct kvs_account *account)
{
	s64 entries = atomic64_read(&account->entries);

	do {
		if (entries >= (s64)READ_ONCE(account->max_entries))
			return false;
	} while (!atomic64_try_cmpxchg(&account->entries, &entries,
				       entries + 1));
	return true;
}

/**
 * kvs_account_leave() - count one entry less
 * @account: the store's account
 */
static inline void kvs_account_leave(struct kvs_account *account)
{
	atomic64_dec(&account->entries);
}

/**
 * kvs_account_take() - charge where there is room and nobody waits
 * @account: the account
 * @bytes: to charge
 *
 * What most charges are. Where this says no, kvs_account_charge() knows why.
 *
 * Return: whether it is charged; if not, nothing changed.
 */
static inline bool kvs_account_take(struct kvs_account *account, u64 bytes)
{
	s64 charged = atomic64_read(&account->bytes);
	u64 more = atomic64_read(&account->tables) + bytes;

	if (atomic_read(&account->starving) || kvs_account_crowded(account))
		return false;
	do {
		if (charged + more > READ_ONCE(account->max_bytes))
			return false;
	} while (!atomic64_try_cmpxchg(&account->bytes, &charged,
				       charged + bytes));
	return true;
}

#endif /* _KVS_ACCOUNT_H */
