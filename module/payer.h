/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Who pays for an entry: the store that it is in and the user whose handle made
 * it. An entry has 16 bits to say so: they number a payer, which is a pair of
 * the two.
 *
 * A payer lives while an entry or a purse holds a reference. It holds one to
 * the account of the store and one to the quota.
 */
#ifndef _KVS_PAYER_H
#define _KVS_PAYER_H

#include <linux/list.h>
#include <linux/rcupdate.h>
#include <linux/refcount.h>
#include <linux/types.h>
#include <linux/workqueue.h>

#include "account.h"
#include "limits.h"

struct kvs_quota;

/**
 * struct kvs_ledger - the account of a store's entries
 * @account: bytes and entries
 * @draining: flushed spaces whose entries are being freed
 * @refs: of spaces and of payers
 * @payers: those that charge it; under the lock of all payers
 * @evicts: at the cap entries are evicted; else what is new is refused
 * @max_pinned: cap of bytes that are pinned
 * @ahead: the cap shifted by this is kept free where entries are evicted
 * @calm: charges since one waited
 * @rcu: to free it
 *
 * Found under rcu_read_lock() through a space. It outlives the store where a
 * slow reader keeps a value.
 */
struct kvs_ledger {
	struct kvs_account account;
	atomic_t draining;
	refcount_t refs;
	struct list_head payers;
	bool evicts;
	u64 max_pinned;
	unsigned int ahead;
	unsigned int calm;
	struct rcu_head rcu;
};

/**
 * struct kvs_payer - a store's ledger and a user's quota
 * @refs: of entries and purses
 * @number: by which entries name it
 * @ledger: the store's
 * @quota: the user's
 * @link: in @ledger
 * @rcu: to free it
 * @release: lets it go where that may sleep
 */
struct kvs_payer {
	refcount_t refs;
	u16 number;
	struct kvs_ledger *ledger;
	struct kvs_quota *quota;
	struct list_head link;
	struct rcu_head rcu;
	struct work_struct release;
};

/**
 * struct kvs_purse - what a handle pays with
 * @quota: of its opener, with a reference
 * @payer: the one used last, with a reference, or NULL
 */
struct kvs_purse {
	struct kvs_quota *quota;
	struct kvs_payer __rcu *payer;
};

/*
 * By number: written under the lock of all payers; read by whoever holds a
 * reference to the payer.
 */
extern struct kvs_payer *kvs_payers[KVS_PAYERS_MAX];

/**
 * kvs_payers_init() - before the first payer
 *
 * Return: 0 or -ENOMEM.
 */
int kvs_payers_init(void);

/**
 * kvs_payers_exit() - wait until every payer is gone
 *
 * No entry is left, and rcu_barrier() came after the last.
 */
void kvs_payers_exit(void);

/**
 * kvs_ledger_alloc() - make an empty ledger
 * @max_bytes: byte cap
 * @max_entries: entry cap
 *
 * Return: the ledger with a reference, or NULL.
 */
struct kvs_ledger *kvs_ledger_alloc(u64 max_bytes, u64 max_entries);

/**
 * kvs_ledger_tryget() - take a reference
 * @ledger: found under rcu_read_lock()
 *
 * Return: false if it is on its way out.
 */
static inline bool kvs_ledger_tryget(struct kvs_ledger *ledger)
{
	return refcount_inc_not_zero(&ledger->refs);
}

/**
 * kvs_ledger_put() - drop a reference
 * @ledger: the ledger
 *
 * Context: may sleep.
 */
void kvs_ledger_put(struct kvs_ledger *ledger);

/**
 * kvs_ledger_drained() - the entries of a flushed space are free
 * @ledger: its draining was counted; who waits for that is woken
 *
 * Context: may sleep.
 */
void kvs_ledger_drained(struct kvs_ledger *ledger);

/**
 * kvs_payer_get() - the payer for a ledger and a purse
 * @ledger: with a reference of the caller's
 * @purse: of the handle
 * @nowait: do not sleep
 *
 * Return: the payer with a reference, or an ERR_PTR(): -ENOMEM, -EDQUOT where
 * the user pays in too many places, -ENOSPC where all users do, -EAGAIN.
 */
struct kvs_payer *kvs_payer_get(struct kvs_ledger *ledger,
				struct kvs_purse *purse, bool nowait);

/**
 * kvs_payer_hold() - take a reference more
 * @payer: of which the caller holds one
 */
static inline void kvs_payer_hold(struct kvs_payer *payer)
{
	refcount_inc(&payer->refs);
}

/**
 * kvs_payer_put() - drop a reference
 * @payer: the payer or NULL
 *
 * Context: any.
 */
void kvs_payer_put(struct kvs_payer *payer);

/**
 * kvs_payer_put_many() - drop some references
 * @payer: the payer
 * @count: how many
 *
 * Context: any.
 */
void kvs_payer_put_many(struct kvs_payer *payer, unsigned int count);

/**
 * kvs_payer_of() - who pays for an entry
 * @number: as the entry has it
 *
 * Return: the payer, which the entry keeps.
 */
static inline struct kvs_payer *kvs_payer_of(u16 number)
{
	return READ_ONCE(kvs_payers[number]);
}

/**
 * kvs_purse_payer() - the payer that a purse had last
 * @purse: of the handle
 * @ledger: found under rcu_read_lock(), which the caller still holds
 *
 * Return: the payer with a reference, or NULL: it is another ledger's.
 */
static inline struct kvs_payer *kvs_purse_payer(const struct kvs_purse *purse,
						const struct kvs_ledger *ledger)
{
	struct kvs_payer *payer = rcu_dereference(purse->payer);

	if (!payer || payer->ledger != ledger ||
	    !refcount_inc_not_zero(&payer->refs))
		return NULL;
	return payer;
}

/**
 * kvs_payer_charge() - take room for an entry
 * @payer: who pays
 * @room: how much, and how; its draining is set here
 *
 * Context: as kvs_account_charge().
 *
 * Return: as kvs_account_charge().
 */
int kvs_payer_charge(struct kvs_payer *payer, struct kvs_room *room);

/**
 * kvs_payer_try() - take room for an entry where there is some and nobody waits
 * @payer: who pays
 * @bytes: to charge
 *
 * Return: whether it is charged; if not, kvs_payer_charge() knows why.
 */
bool kvs_payer_try(struct kvs_payer *payer, u64 bytes);

/**
 * kvs_payer_excess() - how much must go so that the next charge need not wait
 * @payer: who pays
 * @bytes: that were charged last: for the cap of the module no more goes
 *
 * By the caps of the store and the module, for what is in the store is charged
 * to both whoever pays for it.
 *
 * Return: bytes; not above 0 if nothing must, or enough is on its way out.
 */
s64 kvs_payer_excess(struct kvs_payer *payer, u64 bytes);

/**
 * kvs_payer_cap() - the most that can ever be charged
 * @payer: who pays
 *
 * Return: the least of the caps of store, user and module, in bytes.
 */
u64 kvs_payer_cap(const struct kvs_payer *payer);

/**
 * kvs_payer_refused() - how much should go after a refusal
 * @payer: who was to pay
 * @bytes: to charge
 *
 * Return: bytes.
 */
u64 kvs_payer_refused(struct kvs_payer *payer, u64 bytes);

/**
 * kvs_ledger_pace() - evict further ahead, or less far
 * @ledger: of a store that evicts
 * @waited: a charge had to wait
 */
void kvs_ledger_pace(struct kvs_ledger *ledger, bool waited);

/**
 * kvs_payer_uncharge() - give back what was charged for an entry
 * @payer: who paid
 * @bytes: as charged
 */
void kvs_payer_uncharge(struct kvs_payer *payer, u64 bytes);

/**
 * kvs_payer_wait() - note that bytes wait for a grace period
 * @payer: who pays
 * @bytes: of a removed entry
 */
void kvs_payer_wait(struct kvs_payer *payer, u64 bytes);

/**
 * kvs_payer_freed() - the grace period is over
 * @payer: who paid
 * @bytes: as given to kvs_payer_wait(), all together; uncharged too
 * @entries: for how many entries
 *
 * Context: any, softirq included.
 */
void kvs_payer_freed(struct kvs_payer *payer, u64 bytes, unsigned int entries);

/**
 * kvs_purse_drop() - drop what a purse holds
 * @purse: of a handle that goes
 *
 * Context: may sleep.
 */
void kvs_purse_drop(struct kvs_purse *purse);

#endif /* _KVS_PAYER_H */
