// SPDX-License-Identifier: GPL-2.0-only
/*
 * The one path by which entries come, change and go.
 *
 * A change is one step under the stripe of its key: look up, check the
 * conditions, draw a version, publish. Nothing under the stripe sleeps,
 * allocates or touches user memory. What needs memory finds that out under the
 * stripe, leaves, makes a fresh entry and begins again, conditions included:
 *
 *	try --> done, or refused
 *	 |  --> KVS_UPDATE_ALLOC: needs a fresh entry ---> prepare --> try
 *	 |  --> KVS_UPDATE_GROW: the table is full ------> wait -----> try
 *
 * A round ends by progress of this change or of another one to the same key, or
 * by the bounded wait for the table. Until it is published a fresh entry belongs
 * to the update, which frees it at its end.
 */
#include <linux/errno.h>
#include <linux/rcupdate.h>
#include <linux/spinlock.h>

#include "store.h"
#include "update.h"

/* What a try wants before the next one; no errno of the ABI. */
enum kvs_update_want {
	KVS_UPDATE_ALLOC = 1,
	KVS_UPDATE_GROW = 2,
};

static void kvs_update_describe(struct kvs_update *update,
				struct kvs_entry *entry)
{
	struct kvs_res *res = update->res;

	res->version = entry->version;
	res->user_flags = entry->user_flags;
	res->len = entry->value & KVS_VALUE_LEN;
	res->kind = KVS_KIND_BLOB;
	res->ttl = KVS_TTL_NEVER;
	if (entry->value & KVS_VALUE_COUNTER) {
		res->kind = KVS_KIND_COUNTER;
		res->number = *(s64 *)kvs_entry_bytes(entry);
	}
}

static int kvs_update_check_version(struct kvs_update *update,
				    struct kvs_entry *old)
{
	if (!(update->flags & KVS_F_IF_VERSION))
		return 0;
	if (!old)
		return -ENOENT;
	if (old->version == update->if_version)
		return 0;
	update->res->version = old->version;
	return -ESTALE;
}

static void kvs_update_count_refusal(struct kvs_update *update, int ret)
{
	if (ret == -ENOSPC)
		kvs_stats_inc(update->store->stats, KVS_STATS_REJECTED_BYTES);
	else if (ret == -ENOMEM)
		kvs_stats_inc(update->store->stats, KVS_STATS_REJECTED_MEMORY);
}

/* Is there an entry whose memory would be given back for what is charged? */
static bool kvs_update_shrinks(struct kvs_update *update, u64 charge)
{
	struct kvs_entry *old;
	bool shrinks = false;
	u64 version;

	rcu_read_lock();
	old = kvs_table_lookup(&update->store->table, update->key);
	if (old && kvs_entry_read_begin(old, &version))
		shrinks = kvs_entry_charge(old) >= charge;
	rcu_read_unlock();
	return shrinks;
}

/*
 * A write that shrinks a value must work at the cap: only where there is no
 * room otherwise is it charged beyond, and then it must really replace.
 */
static int kvs_update_charge(struct kvs_update *update, u64 charge)
{
	struct kvs_account *account = &update->store->account;
	struct kvs_room room = {
		.bytes = charge,
		.overhead = kvs_table_bytes(&update->store->table),
		.nowait = update->nowait,
	};
	int ret;

	ret = kvs_account_charge(account, &room);
	if (ret == -ENOSPC && kvs_update_shrinks(update, charge)) {
		room.shrinks = true;
		update->shrinks = true;
		ret = kvs_account_charge(account, &room);
	}
	kvs_update_count_refusal(update, ret);
	return ret;
}

static int kvs_update_alloc(struct kvs_update *update,
			    const struct kvs_value *value)
{
	struct kvs_account *account = &update->store->account;
	u64 charge = kvs_entry_charge_of(update->key->len, value->len);
	int ret;

	ret = kvs_update_charge(update, charge);
	if (ret)
		return ret;
	update->fresh = kvs_entry_alloc(account->number, update->key, value,
					update->nowait);
	if (update->fresh)
		return 0;
	kvs_account_uncharge(account, charge);
	if (update->nowait)
		return -EAGAIN;
	kvs_update_count_refusal(update, -ENOMEM);
	return -ENOMEM;
}

int kvs_update_prepare(struct kvs_update *update)
{
	return kvs_update_alloc(update, &update->value);
}

/* After the last step; the stripe is still held. */
static void kvs_update_publish(struct kvs_update *update,
			       struct kvs_entry *entry)
{
	update->fresh = NULL;
	kvs_update_describe(update, entry);
}

static int kvs_update_insert(struct kvs_update *update)
{
	struct kvs_store *store = update->store;
	struct kvs_entry *fresh = update->fresh;

	/* Charged as a replacement, but what it was to replace is gone. */
	if (update->shrinks)
		return -ENOSPC;
	if (!kvs_account_enter(&store->account)) {
		kvs_stats_inc(store->stats, KVS_STATS_REJECTED_ENTRIES);
		return -ENOSPC;
	}
	fresh->version = kvs_store_draw_version(store);
	if (kvs_table_insert(&store->table, fresh)) {
		kvs_account_leave(&store->account);
		return KVS_UPDATE_GROW;
	}
	kvs_update_publish(update, fresh);
	update->res->flags |= KVS_RES_CREATED;
	return 0;
}

static int kvs_update_replace(struct kvs_update *update, struct kvs_entry *old)
{
	struct kvs_entry *fresh = update->fresh;

	if (update->shrinks && kvs_entry_charge(old) < kvs_entry_charge(fresh))
		return -ENOSPC;
	fresh->created = old->created;
	fresh->version = kvs_store_draw_version(update->store);
	kvs_table_replace(&update->store->table, old, fresh);
	kvs_entry_retire(old);
	kvs_update_publish(update, fresh);
	return 0;
}

static void kvs_update_overwrite(struct kvs_update *update,
				 struct kvs_entry *old,
				 const struct kvs_value *value)
{
	kvs_entry_overwrite(old, value, kvs_store_draw_version(update->store));
	kvs_update_describe(update, old);
}

static int kvs_update_put_check(struct kvs_update *update,
				struct kvs_entry *old)
{
	if (old && update->flags & KVS_F_CREATE)
		return -EEXIST;
	if (!old && update->flags & KVS_F_REPLACE)
		return -ENOENT;
	return kvs_update_check_version(update, old);
}

static int kvs_update_try_put(struct kvs_update *update, struct kvs_entry *old)
{
	int ret = kvs_update_put_check(update, old);

	if (ret)
		return ret;
	if (old && update->value.data &&
	    kvs_entry_fits(old, update->value.len)) {
		kvs_update_overwrite(update, old, &update->value);
		return 0;
	}
	if (!update->fresh)
		return KVS_UPDATE_ALLOC;
	return old ? kvs_update_replace(update, old) :
		     kvs_update_insert(update);
}

static int kvs_update_try_add(struct kvs_update *update, struct kvs_entry *old)
{
	struct kvs_counter_sum sum;
	struct kvs_value value = {
		.data = &sum.value,
		.len = sizeof(sum.value),
		.counter = true,
	};
	s64 present = update->add.initial;
	int ret;

	if (!old && !(update->flags & KVS_F_CREATE))
		return -ENOENT;
	if (old && !(old->value & KVS_VALUE_COUNTER))
		return -EPROTOTYPE;
	if (old)
		present = *(s64 *)kvs_entry_bytes(old);
	ret = kvs_counter_sum(present, &update->add, &sum);
	if (ret)
		return ret;
	if (old) {
		value.user_flags = old->user_flags;
		kvs_update_overwrite(update, old, &value);
	} else if (update->fresh) {
		*(s64 *)kvs_entry_bytes(update->fresh) = sum.value;
		ret = kvs_update_insert(update);
	} else {
		return KVS_UPDATE_ALLOC;
	}
	if (ret)
		return ret;
	update->res->applied = sum.applied;
	if (sum.limited)
		update->res->flags |= KVS_RES_LIMITED;
	return 0;
}

static int kvs_update_try_delete(struct kvs_update *update,
				 struct kvs_entry *old)
{
	struct kvs_store *store = update->store;
	int ret;

	if (!old)
		return -ENOENT;
	ret = kvs_update_check_version(update, old);
	if (ret)
		return ret;
	kvs_table_remove(&store->table, old);
	kvs_account_leave(&store->account);
	kvs_entry_retire(old);
	update->res->version = kvs_store_draw_version(store);
	return 0;
}

typedef int kvs_update_fn(struct kvs_update *update, struct kvs_entry *old);

static int kvs_update_locked(struct kvs_update *update, kvs_update_fn *try)
{
	struct kvs_store *store = update->store;
	spinlock_t *stripe = kvs_store_stripe(store, update->key->hash);
	int ret;

	spin_lock(stripe);
	/* For the table's own structure: the entry is held by the stripe. */
	rcu_read_lock();
	ret = try(update, kvs_table_lookup(&store->table, update->key));
	rcu_read_unlock();
	spin_unlock(stripe);
	return ret;
}

static int kvs_update_grow(struct kvs_update *update)
{
	int ret;

	if (update->nowait)
		return -EAGAIN;
	ret = kvs_table_wait_room(&update->store->table);
	kvs_update_count_refusal(update, ret);
	return ret;
}

static int kvs_update_run(struct kvs_update *update, kvs_update_fn *try,
			  const struct kvs_value *value)
{
	int ret;

	do {
		ret = kvs_update_locked(update, try);
		if (ret == KVS_UPDATE_ALLOC)
			ret = kvs_update_alloc(update, value);
		else if (ret == KVS_UPDATE_GROW)
			ret = kvs_update_grow(update);
		else
			return ret;
	} while (!ret);
	return ret;
}

int kvs_update_put(struct kvs_update *update)
{
	int ret;

	ret = kvs_update_run(update, kvs_update_try_put, &update->value);
	if (!ret)
		kvs_stats_inc(update->store->stats, KVS_STATS_PUTS);
	return ret;
}

int kvs_update_add(struct kvs_update *update)
{
	const struct kvs_value blank = { .len = sizeof(s64), .counter = true };
	int ret;

	ret = kvs_update_run(update, kvs_update_try_add, &blank);
	if (!ret)
		kvs_stats_inc(update->store->stats, KVS_STATS_ADDS);
	return ret;
}

int kvs_update_delete(struct kvs_update *update)
{
	int ret = kvs_update_locked(update, kvs_update_try_delete);

	if (!ret)
		kvs_stats_inc(update->store->stats, KVS_STATS_DELETES);
	return ret;
}

void kvs_update_end(struct kvs_update *update)
{
	kvs_entry_discard(update->fresh);
}
