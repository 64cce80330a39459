// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory and places for the entries that updates make. All of it is had before
 * the stripe is taken. What a store evicts for it, see evict.c.
 */
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/rcupdate.h>
#include <linux/sched/signal.h>

#include "plan.h"
#include "room.h"
#include "store.h"

int kvs_room_refuse(struct kvs_update *update, int ret)
{
	/* It can do without. */
	if (update->ranks)
		return ret;
	if (ret == -ENOSPC)
		kvs_stats_inc(update->store->stats, KVS_STATS_REJECTED_BYTES);
	else if (ret == -EDQUOT)
		kvs_stats_inc(update->store->stats, KVS_STATS_REJECTED_QUOTA);
	else if (ret == -ENOMEM)
		kvs_stats_inc(update->store->stats, KVS_STATS_REJECTED_MEMORY);
	else if (ret == -EFBIG)
		kvs_stats_inc(update->store->stats, KVS_STATS_REJECTED_VALUE);
	return ret;
}

/* What is closed is left as it is; after a PUBLISH @ledger pays elsewhere. */
static bool kvs_room_may_evict(const struct kvs_space *space,
			       const struct kvs_ledger *ledger)
{
	return !READ_ONCE(space->closed) &&
	       (!ledger || space->ledger == ledger);
}

static int kvs_room_evict_in(struct kvs_space *space,
			     const struct kvs_ledger *ledger,
			     const struct kvs_evict_wish *wish, u64 *bytes)
{
	const struct kvs_evict_budget before = *wish->budget;
	bool may = kvs_room_may_evict(space, ledger);

	if (may)
		*bytes = kvs_evict_once(&space->evict, wish);
	if (*bytes || (may && kvs_room_may_evict(space, ledger)))
		return 0;
	/* What was chosen when it closed was chosen in vain. */
	*wish->budget = before;
	return KVS_CHANGE_OPEN;
}

/*
 * Outside of all locks.
 *
 * Return: 0, or KVS_CHANGE_OPEN: nothing can be said before the store is open
 * and has a payer again.
 */
static int kvs_room_evict_one(struct kvs_update *update,
			      const struct kvs_ledger *ledger,
			      const struct kvs_quota *quota, u64 *bytes)
{
	const struct kvs_evict_wish wish = {
		.budget = update->budget,
		.quota = quota,
		.spared = update->spared,
		.spared_count = update->spared_count,
	};
	struct kvs_space *space;
	int ret = 0;

	*bytes = 0;
	rcu_read_lock();
	space = rcu_dereference(update->store->space);
	if (space)
		ret = kvs_room_evict_in(space, ledger, &wish, bytes);
	rcu_read_unlock();
	return ret;
}

/* Return: 0 if anything was evicted, -ENOSPC if nothing, KVS_CHANGE_OPEN. */
static int kvs_room_evict(struct kvs_update *update,
			  const struct kvs_ledger *ledger,
			  const struct kvs_quota *quota, u64 bytes)
{
	u64 done = 0;
	u64 more;
	int ret;

	do {
		ret = kvs_room_evict_one(update, ledger, quota, &more);
		done += more;
	} while (more && done < bytes);
	if (done)
		return 0;
	return ret ?: -ENOSPC;
}

/* So that the next one need not wait. */
static void kvs_room_evict_ahead(struct kvs_update *update,
				 struct kvs_payer *payer, u64 bytes)
{
	s64 excess = kvs_payer_excess(payer, bytes);

	if (excess > 0)
		kvs_room_evict(update, payer->ledger, NULL, excess);
}

static bool kvs_room_is_refused(int ret)
{
	return ret == -ENOSPC || ret == -EDQUOT;
}

/*
 * Nobody goes for what cannot be had: what is larger than a cap, or comes after
 * a grace period for which there is no patience. A user who is full has nothing
 * evicted but what is its own. Return: 0 to charge again, @ret, KVS_CHANGE_OPEN.
 */
static int kvs_room_evict_more(struct kvs_update *update,
			       struct kvs_payer *payer,
			       const struct kvs_room *room, int ret)
{
	const struct kvs_quota *quota = NULL;
	int evicted;

	if (*room->patience <= 0 || room->bytes > kvs_payer_cap(payer))
		return ret;
	if (ret == -EDQUOT)
		quota = payer->quota;
	evicted = kvs_room_evict(update, payer->ledger, quota,
				 kvs_payer_refused(payer, room->bytes));
	return evicted < 0 ? ret : evicted;
}

/*
 * Others make room. A call that evicted as much as it takes is not refused
 * because the table grew.
 */
static int kvs_room_charge_evicting(struct kvs_update *update,
				    struct kvs_payer *payer,
				    struct kvs_room *room)
{
	struct kvs_evict_budget *budget = update->budget;
	int ret;

	do {
		ret = kvs_payer_charge(payer, room);
		if (!kvs_room_is_refused(ret))
			break;
		ret = kvs_room_evict_more(update, payer, room, ret);
	} while (!ret);
	room->evicted = budget->bytes >= room->bytes;
	if (ret == -ENOSPC && room->evicted)
		ret = kvs_payer_charge(payer, room);
	if (!ret)
		budget->bytes -= min(budget->bytes, room->bytes);
	return ret;
}

/* What would have to wait after it evicted, evicts where it may wait. */
static int kvs_room_charge_store(struct kvs_update *update,
				 struct kvs_payer *payer, struct kvs_room *room)
{
	long patience = *room->patience;
	int ret;

	if (!READ_ONCE(payer->ledger->evicts))
		return kvs_payer_charge(payer, room);
	if (room->nowait)
		ret = kvs_payer_charge(payer, room) ? -EAGAIN : 0;
	else
		ret = kvs_room_charge_evicting(update, payer, room);
	kvs_ledger_pace(payer->ledger, *room->patience < patience);
	if (!ret)
		kvs_room_evict_ahead(update, payer, room->bytes);
	return ret;
}

/* Is there an entry that would be given back for what is charged? */
static bool kvs_room_replaces(struct kvs_update *update,
			      const struct kvs_payer *payer,
			      struct kvs_room *room)
{
	struct kvs_space *space;
	struct kvs_entry *old;

	rcu_read_lock();
	space = rcu_dereference(update->store->space);
	old = space ? kvs_table_lookup(&space->table, update->key) : NULL;
	/* Perhaps dead by now; what it is to replace is looked at again. */
	if (old) {
		room->shrinks = kvs_entry_charge(old) >= room->bytes;
		room->own = kvs_entry_payer(old)->quota == payer->quota;
	}
	rcu_read_unlock();
	update->shrinks = room->shrinks;
	update->own = room->own;
	return room->shrinks || room->own;
}

/*
 * A write that shrinks a value must work at the cap, and one that replaces a
 * value at that of entries: only where there is no room otherwise is it charged
 * beyond, and then it must really replace.
 */
static int kvs_room_charge(struct kvs_update *update, struct kvs_payer *payer,
			   u64 charge)
{
	struct kvs_room room = {
		.bytes = charge,
		.nowait = update->nowait,
		.patience = update->patience,
	};
	int ret;

	ret = kvs_room_charge_store(update, payer, &room);
	if (kvs_room_is_refused(ret) && kvs_room_replaces(update, payer, &room))
		ret = kvs_payer_charge(payer, &room);
	return kvs_room_refuse(update, ret);
}

static struct kvs_payer *kvs_room_payer(struct kvs_update *update)
{
	struct kvs_ledger *ledger = kvs_store_ledger(update->store);
	struct kvs_payer *payer;

	if (!ledger)
		return ERR_PTR(-EIDRM);
	payer = kvs_payer_get(ledger, update->purse, update->nowait);
	kvs_ledger_put(ledger);
	return payer;
}

static int kvs_room_make_once(struct kvs_update *update,
			      const struct kvs_value *value)
{
	u16 extras = update->extras;
	struct kvs_payer *payer;
	u64 charge;
	int ret;

	/* What was made before lacks room for what became known since. */
	kvs_room_drop(update);
	payer = kvs_room_payer(update);
	if (IS_ERR(payer))
		return kvs_room_refuse(update, PTR_ERR(payer));
	extras |= update->store->shape;
	if (READ_ONCE(payer->ledger->evicts) && !value->pinned)
		extras |= KVS_SHAPE_RANK;
	charge = kvs_entry_charge_of(kvs_shape(update->key->len, extras),
				     value->len);
	ret = kvs_room_charge(update, payer, charge);
	if (ret)
		goto err_put;
	/* The entry takes over the reference. */
	update->fresh = kvs_entry_alloc(payer, update->key, extras, value,
					charge, update->nowait);
	if (update->fresh)
		return 0;
	kvs_payer_uncharge(payer, charge);
	ret = update->nowait ? -EAGAIN : kvs_room_refuse(update, -ENOMEM);
err_put:
	kvs_payer_put(payer);
	return ret;
}

static int kvs_room_move_once(struct kvs_update *update,
			      const struct kvs_value *unused)
{
	struct kvs_payer *payer = kvs_room_payer(update);
	int ret;

	if (IS_ERR(payer))
		return kvs_room_refuse(update, PTR_ERR(payer));
	/* It may have needed that where it was, and not here. */
	update->shrinks = false;
	update->own = false;
	ret = kvs_room_charge(update, payer, kvs_entry_charge(update->fresh));
	if (ret)
		kvs_payer_put(payer);
	else
		kvs_entry_move(update->fresh, payer);
	return ret;
}

/* FLUSH and PUBLISH let who waits through before they close the store again. */
static int kvs_room_insist(struct kvs_update *update,
			   int (*once)(struct kvs_update *update,
				       const struct kvs_value *value),
			   const struct kvs_value *value)
{
	struct kvs_store *store = update->store;
	int ret;

	kvs_gate_join(&store->gate);
	do {
		ret = kvs_store_wait_open(store, update->patience);
		if (!ret)
			ret = once(update, value);
	} while (ret == KVS_CHANGE_OPEN);
	kvs_gate_leave(&store->gate);
	return ret;
}

/* What stands where it is and lacks a rank is changed there all the same. */
static int kvs_room_do_without(struct kvs_update *update, int ret)
{
	if (!update->ranks || !(kvs_room_is_refused(ret) || ret == -ENOMEM))
		return ret;
	kvs_room_drop(update);
	update->unranked = true;
	return 0;
}

int kvs_room_make(struct kvs_update *update, const struct kvs_value *value)
{
	int ret = kvs_room_make_once(update, value);

	if (ret == KVS_CHANGE_OPEN)
		ret = kvs_room_insist(update, kvs_room_make_once, value);
	return kvs_room_do_without(update, ret);
}

int kvs_room_move(struct kvs_update *update)
{
	int ret = kvs_room_move_once(update, NULL);

	if (ret == KVS_CHANGE_OPEN)
		ret = kvs_room_insist(update, kvs_room_move_once, NULL);
	return kvs_room_do_without(update, ret);
}

/*
 * Looked at outside RCU, the table may be gone by then: each look finds it anew.
 */
static int kvs_room_wait(struct kvs_update *update)
{
	struct kvs_space *space;
	bool room = false;

	while (*update->patience > 0) {
		--*update->patience;
		schedule_timeout_killable(1);
		if (fatal_signal_pending(current))
			return -EINTR;
		rcu_read_lock();
		space = rcu_dereference(update->store->space);
		if (!space || kvs_table_has_room(&space->table))
			room = true;
		rcu_read_unlock();
		if (room)
			return 0;
	}
	return -ENOMEM;
}

int kvs_room_enter(struct kvs_update *update)
{
	u64 bytes;

	/* The next try waits until it is open. */
	if (kvs_room_evict_one(update, NULL, NULL, &bytes) || bytes)
		return 0;
	kvs_stats_inc(update->store->stats, KVS_STATS_REJECTED_ENTRIES);
	return -ENOSPC;
}

int kvs_room_grow(struct kvs_update *update)
{
	int ret;

	if (update->nowait)
		return -EAGAIN;
	ret = kvs_room_wait(update);
	return kvs_room_refuse(update, ret);
}

void kvs_room_drop(struct kvs_update *update)
{
	kvs_entry_discard(update->fresh);
	update->fresh = NULL;
	update->shrinks = false;
	update->own = false;
}
