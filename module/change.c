// SPDX-License-Identifier: GPL-2.0-only
/*
 * A change is one step under the stripe of its key: look up, check the
 * conditions, draw a version, publish. Nothing under the stripe sleeps,
 * allocates or touches user memory. What needs memory finds that out under the
 * stripe, leaves, makes a fresh entry and begins again, conditions included:
 *
 *	try --> done, or refused
 *	 |  --> KVS_CHANGE_ALLOC: needs a fresh entry ---> make --> try
 *	 |  --> KVS_CHANGE_GROW: the table is full ------> wait --> try
 *	 |  --> KVS_CHANGE_ROOM: the store has so many
 *	 |      entries as it may, and may evict -------> evict --> try
 *	 |  --> KVS_CHANGE_OPEN: the space is closed ----> wait --> try
 *	 |  --> KVS_CHANGE_MOVE: the fresh entry is paid
 *	 |      for in a store that has another space ---> pay ---> try
 *
 * A round costs memory that was made, or patience, of which a call has so much
 * and no more. Until it is published a fresh entry belongs to the update, which
 * frees it at its end.
 */
#include <asm/barrier.h>
#include <linux/errno.h>
#include <linux/rcupdate.h>
#include <linux/spinlock.h>

#include "change.h"
#include "plan.h"
#include "room.h"
#include "sequence.h"
#include "store.h"

u64 kvs_change_version(const struct kvs_update *update,
		       const struct kvs_entry *entry)
{
	/* In a transaction it is busy until all of it is made. */
	return entry ? kvs_space_version(update->space,
					 entry->version & ~KVS_VERSION_BUSY) :
		       0;
}

u64 kvs_change_draw(const struct kvs_update *update)
{
	if (update->stage == KVS_STAGE_MAKE)
		return update->version;
	return kvs_store_draw_version(update->store);
}

void kvs_change_describe(struct kvs_update *update, struct kvs_entry *entry)
{
	const u64 *app_version = kvs_entry_app_version(entry);
	struct kvs_res *res = update->res;

	res->version = kvs_change_version(update, entry);
	res->user_flags = entry->user_flags;
	res->len = entry->value & KVS_VALUE_LEN;
	res->kind = KVS_KIND_BLOB;
	res->ttl = kvs_entry_ttl(entry);
	if (app_version)
		res->app_version = *app_version;
	if (entry->value & KVS_VALUE_COUNTER) {
		res->kind = KVS_KIND_COUNTER;
		res->number = *(s64 *)kvs_entry_bytes(entry);
	}
}

/* The deadline that the entry will have. */
u64 kvs_change_deadline(const struct kvs_update *update, struct kvs_entry *old)
{
	switch (update->ttl) {
	case KVS_TTL_SET:
		return update->deadline;
	case KVS_TTL_SET_NEW:
		return old ? kvs_entry_ends_at(old) : update->deadline;
	case KVS_TTL_KEEP:
		return old ? kvs_entry_ends_at(old) : KVS_DEADLINE_NONE;
	default:
		return KVS_DEADLINE_NONE;
	}
}

/* What a change needs an entry to have room for. */
u16 kvs_change_needs(const struct kvs_update *update,
		     const struct kvs_value *value, u64 at)
{
	u16 extras = 0;

	if (update->evicts && !update->unranked && !value->pinned)
		extras |= KVS_SHAPE_RANK;
	if (at != KVS_DEADLINE_NONE)
		extras |= KVS_SHAPE_DEADLINE;
	if (value->app_version)
		extras |= KVS_SHAPE_APP_VERSION;
	return extras;
}

/* What is pinned lives and dies with the memory of the entry. */
bool kvs_change_fits(struct kvs_update *update, struct kvs_entry *old,
		     const struct kvs_value *value, u64 at)
{
	u16 needs = kvs_change_needs(update, value, at);

	if (kvs_entry_is_pinned(old) != value->pinned)
		return false;
	if (kvs_entry_fits(old, needs, value->len))
		return true;
	needs &= ~KVS_SHAPE_RANK;
	update->ranks = kvs_entry_fits(old, needs, value->len);
	return false;
}

void kvs_change_set_deadline(struct kvs_update *update, struct kvs_entry *entry,
			     u64 at)
{
	const struct kvs_deadline *deadline = kvs_entry_deadline(entry);

	if (deadline)
		kvs_expiry_set(&update->space->expiry, entry, at);
}

/* Just out of the table. */
static void kvs_change_left(struct kvs_space *space, struct kvs_entry *entry)
{
	kvs_space_leave(space, entry);
	kvs_account_leave(&space->ledger->account);
	if (!kvs_entry_is_plain(entry)) {
		kvs_expiry_forget(&space->expiry, entry);
		kvs_evict_forget(&space->evict, entry);
		if (kvs_entry_is_pinned(entry))
			kvs_space_pin(space, -(s64)kvs_entry_charge(entry));
	}
	kvs_entry_retire(entry);
}

/*
 * Out of the table it goes, and out of all that knows it besides. Dead before
 * that: what a SCAN does not show any more, a GET must not find any more.
 */
void kvs_change_unlink(struct kvs_space *space, struct kvs_entry *entry)
{
	kvs_entry_write_begin(entry);
	kvs_index_remove(&space->index, entry);
	kvs_table_remove(&space->table, entry);
	kvs_change_left(space, entry);
}

bool kvs_change_unlink_plain(struct kvs_space *space, const struct kvs_key *key)
{
	struct kvs_entry *entry = kvs_table_take(&space->table, key);

	if (!entry)
		return false;
	kvs_change_left(space, entry);
	return true;
}

/* After the last step; the stripe is still held. */
static void kvs_change_publish(struct kvs_update *update,
			       struct kvs_entry *entry, u64 at)
{
	update->fresh = NULL;
	kvs_change_set_deadline(update, entry, at);
	kvs_change_describe(update, entry);
}

/* Bytes that @fresh pins more than were. */
static s64 kvs_change_pins(struct kvs_entry *fresh, struct kvs_entry *old)
{
	s64 bytes = 0;

	if (kvs_entry_is_pinned(fresh))
		bytes += kvs_entry_charge(fresh);
	if (old && kvs_entry_is_pinned(old))
		bytes -= kvs_entry_charge(old);
	return bytes;
}

bool kvs_change_enter_plain(struct kvs_space *space, struct kvs_entry *fresh)
{
	if (!kvs_account_enter(&space->ledger->account))
		return false;
	/* As below. */
	fresh->version = KVS_VERSION_BUSY;
	if (!kvs_table_link(&space->table, fresh)) {
		if (kvs_entry_link(fresh))
			kvs_index_insert(&space->index, fresh);
		kvs_space_enter(space, fresh);
		return true;
	}
	kvs_account_leave(&space->ledger->account);
	return false;
}

static int kvs_change_enter(struct kvs_update *update)
{
	struct kvs_ledger *ledger = update->space->ledger;
	struct kvs_entry *fresh = update->fresh;

	if (!kvs_account_enter(&ledger->account)) {
		if (READ_ONCE(ledger->evicts))
			return KVS_CHANGE_ROOM;
		kvs_stats_inc(update->store->stats, KVS_STATS_REJECTED_ENTRIES);
		return -ENOSPC;
	}
	/* Only what took effect has a version; until then readers wait. */
	fresh->version = KVS_VERSION_BUSY;
	if (!kvs_table_insert(&update->space->table, fresh)) {
		kvs_index_insert(&update->space->index, fresh);
		kvs_space_enter(update->space, fresh);
		return 0;
	}
	kvs_account_leave(&ledger->account);
	return KVS_CHANGE_GROW;
}

bool kvs_change_takes_place(const struct kvs_update *update)
{
	return update->inserts || update->pins > 0;
}

int kvs_change_place(struct kvs_update *update)
{
	int ret = 0;

	/* What is given back is so when it is. */
	if (update->pins > 0 && !kvs_space_pin(update->space, update->pins))
		return kvs_room_refuse(update, -ENOSPC);
	if (update->inserts)
		ret = kvs_change_enter(update);
	if (ret && update->pins > 0)
		kvs_space_pin(update->space, -update->pins);
	return ret;
}

void kvs_change_displace(struct kvs_update *update)
{
	if (update->pins > 0)
		kvs_space_pin(update->space, -update->pins);
	if (!update->inserts)
		return;
	kvs_index_remove(&update->space->index, update->fresh);
	kvs_table_remove(&update->space->table, update->fresh);
	kvs_space_leave(update->space, update->fresh);
	kvs_account_leave(&update->space->ledger->account);
}

int kvs_change_insert(struct kvs_update *update)
{
	struct kvs_entry *fresh = update->fresh;
	u64 at = kvs_change_deadline(update, NULL);
	int ret = 0;

	/* Charged as a replacement, but what it was to replace is gone. */
	if (update->shrinks || update->own)
		return kvs_room_refuse(update, update->own ? -EDQUOT : -ENOSPC);
	kvs_entry_set_deadline(fresh, at);
	update->inserts = true;
	update->pins = kvs_change_pins(fresh, NULL);
	if (update->stage == KVS_STAGE_TRY)
		return 0;
	if (update->stage == KVS_STAGE_WHOLE)
		ret = kvs_change_place(update);
	if (ret)
		return ret;
	kvs_entry_write_end(fresh, kvs_change_draw(update));
	kvs_evict_add(&update->space->evict, fresh);
	kvs_change_publish(update, fresh, at);
	update->res->flags |= KVS_RES_CREATED;
	return 0;
}

int kvs_change_replace(struct kvs_update *update, struct kvs_entry *old, u64 at,
		       bool touch)
{
	struct kvs_space *space = update->space;
	struct kvs_entry *fresh = update->fresh;

	if (update->shrinks && kvs_entry_charge(old) < kvs_entry_charge(fresh))
		return kvs_room_refuse(update, -ENOSPC);
	if (update->own &&
	    kvs_entry_payer(old)->quota != kvs_entry_payer(fresh)->quota)
		return kvs_room_refuse(update, -EDQUOT);
	/* A deadline came that nobody knew of when it was made. */
	if (at != KVS_DEADLINE_NONE && !kvs_entry_deadline(fresh))
		return KVS_UPDATE_STALE;
	update->inserts = false;
	update->pins = kvs_change_pins(fresh, old);
	if (update->stage == KVS_STAGE_TRY)
		return 0;
	if (update->stage == KVS_STAGE_WHOLE && kvs_change_place(update))
		return -ENOSPC;
	if (update->pins < 0)
		kvs_space_pin(space, update->pins);
	kvs_entry_set_deadline(fresh, at);
	fresh->created = old->created;
	fresh->version = touch ? old->version & ~KVS_VERSION_BUSY :
				 kvs_change_draw(update);
	kvs_evict_replace(&space->evict, old, fresh);
	/* As above: what a GET finds already, a SCAN must not show as it was. */
	kvs_entry_write_begin(old);
	kvs_table_replace(&space->table, old, fresh);
	kvs_index_replace(&space->index, old, fresh);
	kvs_space_leave(space, old);
	kvs_space_enter(space, fresh);
	kvs_expiry_forget(&space->expiry, old);
	kvs_entry_retire(old);
	update->old = NULL;
	kvs_change_publish(update, fresh, at);
	return 0;
}

void kvs_change_overwrite(struct kvs_update *update, struct kvs_entry *old,
			  const struct kvs_value *value, u64 at)
{
	if (update->stage == KVS_STAGE_TRY)
		return;
	kvs_entry_overwrite(old, value, at, kvs_change_draw(update));
	kvs_change_set_deadline(update, old, at);
	kvs_change_describe(update, old);
}

void kvs_change_remove(struct kvs_update *update, struct kvs_entry *old)
{
	if (update->stage == KVS_STAGE_TRY)
		return;
	kvs_change_unlink(update->space, old);
	update->old = NULL;
	update->res->version = kvs_change_draw(update);
}

void kvs_change_expire(struct kvs_space *space, struct kvs_entry *entry)
{
	kvs_stats_inc(READ_ONCE(space->store)->stats, KVS_STATS_EXPIRED);
	smp_wmb(); /* kvs_store_snapshot(): who has left was counted */
	kvs_change_unlink(space, entry);
}

/* One whose deadline has come is not missed. */
void kvs_change_evict(struct kvs_space *space, struct kvs_entry *entry)
{
	struct kvs_stats __percpu *stats = READ_ONCE(space->store)->stats;

	if (!kvs_entry_ttl(entry)) {
		kvs_change_expire(space, entry);
		return;
	}
	kvs_stats_inc(stats, KVS_STATS_EVICTIONS);
	if (!(READ_ONCE(entry->shape) & KVS_SHAPE_FETCHED))
		kvs_stats_inc(stats, KVS_STATS_EVICTED_UNFETCHED);
	smp_wmb(); /* as above */
	kvs_change_unlink(space, entry);
}

struct kvs_entry *kvs_change_find(struct kvs_space *space,
				  const struct kvs_key *key, u64 now)
{
	struct kvs_entry *entry = kvs_table_lookup(&space->table, key);
	u64 at = entry ? kvs_entry_ends_at(entry) : KVS_DEADLINE_NONE;

	/* Only who has a deadline pays for a look at the clock. */
	if (at == KVS_DEADLINE_NONE || at > (now ?: ktime_get_boottime_ns()))
		return entry;
	kvs_change_expire(space, entry);
	return NULL;
}

static int kvs_change_in(struct kvs_update *update, kvs_change_fn *try)
{
	spinlock_t *stripe = kvs_space_stripe(update->space, update->key->hash);
	int ret;

	update->evicts = READ_ONCE(update->space->ledger->evicts);
	update->ranks = false;
	spin_lock(stripe);
	ret = try(update, kvs_change_find(update->space, update->key, 0));
	spin_unlock(stripe);
	return ret;
}

/* A PUBLISH may have come since it was made. */
bool kvs_change_pays_elsewhere(const struct kvs_update *update)
{
	return update->fresh &&
	       kvs_entry_payer(update->fresh)->ledger != update->space->ledger;
}

/*
 * One RCU section keeps the space where it is, and its table; entries are held
 * by the stripe.
 */
static int kvs_change_once(struct kvs_update *update, kvs_change_fn *try)
{
	struct kvs_space *space;
	int ret;

	rcu_read_lock();
	space = rcu_dereference(update->store->space);
	update->space = space;
	if (!space)
		ret = -EIDRM;
	else if (unlikely(READ_ONCE(space->closed)))
		ret = KVS_CHANGE_OPEN;
	else if (unlikely(kvs_change_pays_elsewhere(update)))
		ret = KVS_CHANGE_MOVE;
	else
		ret = kvs_change_in(update, try);
	rcu_read_unlock();
	return ret;
}

static int kvs_change_wait_open(struct kvs_update *update)
{
	return update->nowait ?
		       -EAGAIN :
		       kvs_store_wait_open(update->store, update->patience);
}

static int kvs_change_insist(struct kvs_update *update, kvs_change_fn *try,
			     int ret)
{
	do {
		if (ret == KVS_CHANGE_OPEN)
			ret = kvs_change_wait_open(update);
		else if (ret == KVS_CHANGE_MOVE)
			ret = kvs_room_move(update);
		else
			return ret;
		if (!ret)
			ret = kvs_change_once(update, try);
	} while (ret > 0);
	return ret;
}

int kvs_change_locked(struct kvs_update *update, kvs_change_fn *try)
{
	int ret = kvs_change_once(update, try);

	if (ret != KVS_CHANGE_OPEN && ret != KVS_CHANGE_MOVE)
		return ret;
	kvs_gate_join(&update->store->gate);
	ret = kvs_change_insist(update, try, ret);
	kvs_gate_leave(&update->store->gate);
	return ret;
}

int kvs_change_run(struct kvs_update *update, kvs_change_fn *try,
		   const struct kvs_value *value)
{
	int ret;

	do {
		ret = kvs_change_locked(update, try);
		if (ret == KVS_CHANGE_ALLOC)
			ret = kvs_room_make(update, value);
		else if (ret == KVS_CHANGE_GROW)
			ret = kvs_room_grow(update);
		else if (ret == KVS_CHANGE_ROOM)
			ret = kvs_room_enter(update);
		else
			return ret;
	} while (!ret);
	return ret;
}
