// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory and places for the entries that updates make. All of it is had before
 * the stripe is taken.
 */
#include <linux/errno.h>
#include <linux/rcupdate.h>

#include "plan.h"
#include "room.h"
#include "store.h"

int kvs_room_refuse(struct kvs_update *update, int ret)
{
	if (ret == -ENOSPC)
		kvs_stats_inc(update->store->stats, KVS_STATS_REJECTED_BYTES);
	else if (ret == -ENOMEM)
		kvs_stats_inc(update->store->stats, KVS_STATS_REJECTED_MEMORY);
	return ret;
}

/* Is there an entry whose memory would be given back for what is charged? */
static bool kvs_room_shrinks(struct kvs_update *update, u64 charge)
{
	struct kvs_entry *old;
	bool shrinks = false;

	rcu_read_lock();
	old = kvs_table_lookup(&update->store->table, update->key);
	/* Perhaps dead by now; what it is to replace is looked at again. */
	if (old)
		shrinks = kvs_entry_charge(old) >= charge;
	rcu_read_unlock();
	return shrinks;
}

/*
 * A write that shrinks a value must work at the cap: only where there is no
 * room otherwise is it charged beyond, and then it must really replace.
 */
static int kvs_room_charge(struct kvs_update *update, u64 charge)
{
	struct kvs_account *account = &update->store->account;
	struct kvs_room room = {
		.bytes = charge,
		.overhead = kvs_table_bytes(&update->store->table),
		.nowait = update->nowait,
		.patience = update->patience,
	};
	int ret;

	ret = kvs_account_charge(account, &room);
	if (ret == -ENOSPC && kvs_room_shrinks(update, charge)) {
		room.shrinks = true;
		update->shrinks = true;
		ret = kvs_account_charge(account, &room);
	}
	return kvs_room_refuse(update, ret);
}

int kvs_room_make(struct kvs_update *update, const struct kvs_value *value)
{
	struct kvs_account *account = &update->store->account;
	u64 charge;
	int ret;

	/* What was made before lacks room for what became known since. */
	kvs_room_drop(update);
	charge = kvs_entry_charge_of(update->key->len | update->extras,
				     value->len);
	ret = kvs_room_charge(update, charge);
	if (ret)
		return ret;
	update->fresh = kvs_entry_alloc(account->number, update->key,
					update->extras, value, update->nowait);
	if (update->fresh)
		return 0;
	kvs_account_uncharge(account, charge);
	if (update->nowait)
		return -EAGAIN;
	return kvs_room_refuse(update, -ENOMEM);
}

int kvs_room_grow(struct kvs_update *update)
{
	int ret;

	if (update->nowait)
		return -EAGAIN;
	ret = kvs_table_wait_room(&update->store->table, update->patience);
	return kvs_room_refuse(update, ret);
}

void kvs_room_drop(struct kvs_update *update)
{
	kvs_entry_discard(update->fresh);
	update->fresh = NULL;
	update->shrinks = false;
}
