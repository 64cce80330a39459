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
 * A round costs memory that was made, or patience, of which a call has so much
 * and no more. Until it is published a fresh entry belongs to the update, which
 * frees it at its end.
 */
#include <linux/container_of.h>
#include <linux/errno.h>
#include <linux/ktime.h>
#include <linux/rcupdate.h>
#include <linux/spinlock.h>
#include <linux/string.h>

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
	const u64 *app_version = kvs_entry_app_version(entry);
	struct kvs_res *res = update->res;

	res->version = entry->version;
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

static bool kvs_update_value_is(struct kvs_entry *entry, const u8 *expect,
				u32 len)
{
	return (entry->value & KVS_VALUE_LEN) == len &&
	       !memcmp(kvs_entry_bytes(entry), expect, len);
}

/* A key that is absent, or was put without an application version, has none. */
static int kvs_update_check_newer(struct kvs_update *update,
				  struct kvs_entry *old)
{
	const u64 *present = old ? kvs_entry_app_version(old) : NULL;

	if (!present || update->value.app_version > *present)
		return 0;
	update->res->version = old->version;
	update->res->app_version = *present;
	return -ESTALE;
}

/* The conditions on an entry that PUT and DELETE share. */
static int kvs_update_check(struct kvs_update *update, struct kvs_entry *old)
{
	bool same = true;

	if (update->if_seen && update->seen != (old ? old->version : 0))
		return KVS_UPDATE_STALE;
	if (update->flags & KVS_F_IF_NEWER)
		return kvs_update_check_newer(update, old);
	if (!(update->flags & (KVS_F_IF_VERSION | KVS_F_IF_EQ)))
		return 0;
	if (!old)
		return -ENOENT;
	if (update->flags & KVS_F_IF_VERSION)
		same = old->version == update->if_version;
	if (same && update->flags & KVS_F_IF_EQ)
		same = kvs_update_value_is(old, update->expect,
					   update->expect_len);
	if (same)
		return 0;
	update->res->version = old->version;
	return -ESTALE;
}

static int kvs_update_refuse(struct kvs_update *update, int ret)
{
	if (ret == -ENOSPC)
		kvs_stats_inc(update->store->stats, KVS_STATS_REJECTED_BYTES);
	else if (ret == -ENOMEM)
		kvs_stats_inc(update->store->stats, KVS_STATS_REJECTED_MEMORY);
	return ret;
}

/* Is there an entry whose memory would be given back for what is charged? */
static bool kvs_update_shrinks(struct kvs_update *update, u64 charge)
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
static int kvs_update_charge(struct kvs_update *update, u64 charge)
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
	if (ret == -ENOSPC && kvs_update_shrinks(update, charge)) {
		room.shrinks = true;
		update->shrinks = true;
		ret = kvs_account_charge(account, &room);
	}
	return kvs_update_refuse(update, ret);
}

static int kvs_update_alloc(struct kvs_update *update,
			    const struct kvs_value *value)
{
	struct kvs_account *account = &update->store->account;
	u64 charge;
	int ret;

	/* What was made before lacks room for what became known since. */
	kvs_update_end(update);
	charge = kvs_entry_charge_of(update->key->len | update->extras,
				     value->len);
	ret = kvs_update_charge(update, charge);
	if (ret)
		return ret;
	update->fresh = kvs_entry_alloc(account->number, update->key,
					update->extras, value, update->nowait);
	if (update->fresh)
		return 0;
	kvs_account_uncharge(account, charge);
	if (update->nowait)
		return -EAGAIN;
	return kvs_update_refuse(update, -ENOMEM);
}

int kvs_update_prepare(struct kvs_update *update)
{
	return kvs_update_alloc(update, &update->value);
}

/* The deadline that the entry will have. */
static u64 kvs_update_deadline(const struct kvs_update *update,
			       struct kvs_entry *old)
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
static u16 kvs_update_needs(const struct kvs_value *value, u64 at)
{
	u16 extras = 0;

	if (at != KVS_DEADLINE_NONE)
		extras |= KVS_SHAPE_DEADLINE;
	if (value->app_version)
		extras |= KVS_SHAPE_APP_VERSION;
	return extras;
}

static void kvs_update_set_deadline(struct kvs_update *update,
				    struct kvs_entry *entry, u64 at)
{
	const struct kvs_deadline *deadline = kvs_entry_deadline(entry);

	if (deadline)
		kvs_expiry_set(&update->store->expiry, entry, at);
}

/* Out of the table it goes, and out of all that knows it besides. */
static void kvs_update_unlink(struct kvs_store *store, struct kvs_entry *entry)
{
	kvs_table_remove(&store->table, entry);
	kvs_account_leave(&store->account);
	kvs_expiry_forget(&store->expiry, entry);
	kvs_entry_retire(entry);
}

/* After the last step; the stripe is still held. */
static void kvs_update_publish(struct kvs_update *update,
			       struct kvs_entry *entry, u64 at)
{
	update->fresh = NULL;
	kvs_update_set_deadline(update, entry, at);
	kvs_update_describe(update, entry);
}

static int kvs_update_insert(struct kvs_update *update)
{
	struct kvs_store *store = update->store;
	struct kvs_entry *fresh = update->fresh;
	u64 at = kvs_update_deadline(update, NULL);

	/* Charged as a replacement, but what it was to replace is gone. */
	if (update->shrinks)
		return kvs_update_refuse(update, -ENOSPC);
	if (!kvs_account_enter(&store->account)) {
		kvs_stats_inc(store->stats, KVS_STATS_REJECTED_ENTRIES);
		return -ENOSPC;
	}
	kvs_entry_set_deadline(fresh, at);
	/* Only what took effect draws a version; until then readers wait. */
	fresh->version = KVS_VERSION_BUSY;
	if (kvs_table_insert(&store->table, fresh)) {
		kvs_account_leave(&store->account);
		return KVS_UPDATE_GROW;
	}
	kvs_entry_write_end(fresh, kvs_store_draw_version(store));
	kvs_update_publish(update, fresh, at);
	update->res->flags |= KVS_RES_CREATED;
	return 0;
}

static int kvs_update_replace(struct kvs_update *update, struct kvs_entry *old,
			      u64 at, u64 version)
{
	struct kvs_store *store = update->store;
	struct kvs_entry *fresh = update->fresh;

	if (update->shrinks && kvs_entry_charge(old) < kvs_entry_charge(fresh))
		return kvs_update_refuse(update, -ENOSPC);
	/* A deadline came that nobody knew of when it was made. */
	if (at != KVS_DEADLINE_NONE && !kvs_entry_deadline(fresh))
		return KVS_UPDATE_STALE;
	kvs_entry_set_deadline(fresh, at);
	fresh->created = old->created;
	fresh->version = version;
	kvs_table_replace(&store->table, old, fresh);
	kvs_expiry_forget(&store->expiry, old);
	kvs_entry_retire(old);
	kvs_update_publish(update, fresh, at);
	return 0;
}

static void kvs_update_overwrite(struct kvs_update *update,
				 struct kvs_entry *old,
				 const struct kvs_value *value, u64 at)
{
	kvs_entry_overwrite(old, value, at,
			    kvs_store_draw_version(update->store));
	kvs_update_set_deadline(update, old, at);
	kvs_update_describe(update, old);
}

static int kvs_update_put_check(struct kvs_update *update,
				struct kvs_entry *old)
{
	if (old && update->flags & KVS_F_CREATE)
		return -EEXIST;
	if (!old && update->flags & KVS_F_REPLACE)
		return -ENOENT;
	return kvs_update_check(update, old);
}

static int kvs_update_try_put(struct kvs_update *update, struct kvs_entry *old)
{
	const struct kvs_value *value = &update->value;
	int ret = kvs_update_put_check(update, old);
	u64 at;

	if (ret)
		return ret;
	at = kvs_update_deadline(update, old);
	if (old && value->data &&
	    kvs_entry_fits(old, kvs_update_needs(value, at), value->len)) {
		kvs_update_overwrite(update, old, value, at);
		return 0;
	}
	if (!update->fresh)
		return KVS_UPDATE_ALLOC;
	if (!old)
		return kvs_update_insert(update);
	return kvs_update_replace(update, old, at,
				  kvs_store_draw_version(update->store));
}

/* Return: 0 if the present deadline may become another one. */
static int kvs_touch_check(u32 touch, u64 present, u64 at)
{
	bool ok = true;

	switch (touch) {
	case KVS_TOUCH_IF_NONE:
		ok = present == KVS_DEADLINE_NONE;
		break;
	case KVS_TOUCH_IF_HAS:
		ok = present != KVS_DEADLINE_NONE;
		break;
	case KVS_TOUCH_LONGER:
		ok = at > present;
		break;
	case KVS_TOUCH_SHORTER:
		ok = at < present;
		break;
	}
	return ok ? 0 : -ESTALE;
}

static int kvs_update_try_touch(struct kvs_update *update,
				struct kvs_entry *old)
{
	u64 at = update->deadline;
	int ret;

	if (!old)
		return update->if_seen ? KVS_UPDATE_STALE : -ENOENT;
	ret = kvs_update_check(update, old);
	if (ret)
		return ret;
	ret = kvs_touch_check(update->touch, kvs_entry_ends_at(old), at);
	if (ret) {
		kvs_update_describe(update, old);
		return ret;
	}
	if (at != KVS_DEADLINE_NONE && !kvs_entry_deadline(old)) {
		if (!update->fresh)
			return KVS_UPDATE_STALE;
		return kvs_update_replace(update, old, at, old->version);
	}
	kvs_update_set_deadline(update, old, at);
	kvs_update_describe(update, old);
	return 0;
}

/* The value grows where it stands, or not at all. */
static int kvs_update_try_append(struct kvs_update *update,
				 struct kvs_entry *old)
{
	const struct kvs_value *tail = &update->value;
	u32 len;
	int ret;
	u64 at;

	ret = kvs_update_check(update, old);
	if (ret)
		return ret;
	if (!old)
		return update->flags & KVS_F_CREATE ? KVS_UPDATE_STALE :
						      -ENOENT;
	if (tail->len && old->value & KVS_VALUE_COUNTER)
		return -EPROTOTYPE;
	len = (old->value & KVS_VALUE_LEN) + tail->len;
	if (len > update->max_value)
		return -EFBIG;
	at = kvs_update_deadline(update, old);
	if (!kvs_entry_fits(old, kvs_update_needs(tail, at), len))
		return KVS_UPDATE_STALE;
	kvs_entry_append(old, tail, at, kvs_store_draw_version(update->store));
	kvs_update_set_deadline(update, old, at);
	kvs_update_describe(update, old);
	return 0;
}

/**
 * struct kvs_answer - what an operation on a counter answers
 * @number: kvs_res.number
 * @applied: kvs_res.applied
 * @flags: kvs_res.flags
 */
struct kvs_answer {
	s64 number;
	s64 applied;
	u32 flags;
};

/* Return: 0 to store *@value, 1 to leave it as it is, or a negative errno. */
typedef int kvs_counter_fn(const struct kvs_update *update, s64 *value,
			   struct kvs_answer *answer);

static int kvs_counter_do_add(const struct kvs_update *update, s64 *value,
			      struct kvs_answer *answer)
{
	struct kvs_counter_sum sum;
	int ret;

	ret = kvs_counter_sum(*value, &update->add, &sum);
	if (ret)
		return ret;
	*value = sum.value;
	answer->number = sum.value;
	answer->applied = sum.applied;
	answer->flags = sum.limited ? KVS_RES_LIMITED : 0;
	return 0;
}

static int kvs_counter_do_xchg(const struct kvs_update *update, s64 *value,
			       struct kvs_answer *answer)
{
	answer->number = *value;
	*value = update->number;
	return 0;
}

static int kvs_counter_do_bitop(const struct kvs_update *update, s64 *value,
				struct kvs_answer *answer)
{
	answer->applied = *value;
	*value = kvs_counter_bitop(*value, &update->bitop);
	answer->number = *value;
	return 0;
}

static int kvs_counter_do_bucket(const struct kvs_update *update, s64 *value,
				 struct kvs_answer *answer)
{
	u64 wait;

	*value = kvs_counter_bucket(*value, ktime_get_boottime_ns(),
				    &update->bucket, &wait);
	answer->number = wait;
	answer->flags = wait ? KVS_RES_REFUSED : 0;
	return wait ? 1 : 0;
}

static int kvs_update_store_number(struct kvs_update *update,
				   struct kvs_entry *old, s64 number)
{
	struct kvs_value value = {
		.data = &number,
		.len = sizeof(number),
		.counter = true,
	};
	u64 at = kvs_update_deadline(update, old);
	u16 needs;

	if (old) {
		value.user_flags = old->user_flags;
		if (kvs_entry_app_version(old))
			value.app_version = *kvs_entry_app_version(old);
	}
	needs = kvs_update_needs(&value, at);
	if (old && kvs_entry_fits(old, needs, value.len)) {
		kvs_update_overwrite(update, old, &value, at);
		return 0;
	}
	if (!update->fresh || needs & ~update->fresh->shape) {
		update->extras |= needs;
		return KVS_UPDATE_ALLOC;
	}
	kvs_entry_fill(update->fresh, &value);
	if (!old)
		return kvs_update_insert(update);
	return kvs_update_replace(update, old, at,
				  kvs_store_draw_version(update->store));
}

static int kvs_update_try_counter(struct kvs_update *update,
				  struct kvs_entry *old, kvs_counter_fn *fn)
{
	struct kvs_answer answer = {};
	s64 value = update->initial;
	int ret;

	if (!old && !(update->flags & KVS_F_CREATE))
		return -ENOENT;
	if (old && !(old->value & KVS_VALUE_COUNTER))
		return -EPROTOTYPE;
	if (old)
		value = *(s64 *)kvs_entry_bytes(old);
	ret = fn(update, &value, &answer);
	if (ret < 0)
		return ret;
	if (ret) {
		/* Refused; a missing bucket is full and refuses nobody. */
		kvs_update_describe(update, old);
	} else {
		ret = kvs_update_store_number(update, old, value);
		if (ret)
			return ret;
	}
	update->res->number = answer.number;
	update->res->applied = answer.applied;
	update->res->flags |= answer.flags;
	return 0;
}

static int kvs_update_try_add(struct kvs_update *update, struct kvs_entry *old)
{
	return kvs_update_try_counter(update, old, kvs_counter_do_add);
}

static int kvs_update_try_xchg(struct kvs_update *update, struct kvs_entry *old)
{
	return kvs_update_try_counter(update, old, kvs_counter_do_xchg);
}

static int kvs_update_try_bitop(struct kvs_update *update,
				struct kvs_entry *old)
{
	return kvs_update_try_counter(update, old, kvs_counter_do_bitop);
}

static int kvs_update_try_bucket(struct kvs_update *update,
				 struct kvs_entry *old)
{
	return kvs_update_try_counter(update, old, kvs_counter_do_bucket);
}

static int kvs_update_try_delete(struct kvs_update *update,
				 struct kvs_entry *old)
{
	struct kvs_store *store = update->store;
	int ret;

	if (!old)
		return -ENOENT;
	ret = kvs_update_check(update, old);
	if (ret)
		return ret;
	kvs_update_unlink(store, old);
	update->res->version = kvs_store_draw_version(store);
	return 0;
}

static void kvs_update_expire(struct kvs_store *store, struct kvs_entry *entry)
{
	kvs_update_unlink(store, entry);
	kvs_stats_inc(store->stats, KVS_STATS_EXPIRED);
}

bool kvs_update_reap(struct kvs_expiry *expiry, struct kvs_entry *entry)
{
	struct kvs_store *store =
		container_of(expiry, struct kvs_store, expiry);
	spinlock_t *stripe = kvs_store_stripe(store, entry->hash);
	bool due;

	spin_lock(stripe);
	due = !(entry->version & KVS_VERSION_BUSY) && !kvs_entry_ttl(entry);
	if (due)
		kvs_update_expire(store, entry);
	spin_unlock(stripe);
	return due;
}

typedef int kvs_update_fn(struct kvs_update *update, struct kvs_entry *old);

static int kvs_update_locked(struct kvs_update *update, kvs_update_fn *try)
{
	struct kvs_store *store = update->store;
	spinlock_t *stripe = kvs_store_stripe(store, update->key->hash);
	struct kvs_entry *old;
	int ret;

	spin_lock(stripe);
	/* For the table's own structure: the entry is held by the stripe. */
	rcu_read_lock();
	old = kvs_table_lookup(&store->table, update->key);
	if (old && !kvs_entry_ttl(old)) {
		kvs_update_expire(store, old);
		old = NULL;
	}
	ret = try(update, old);
	rcu_read_unlock();
	spin_unlock(stripe);
	return ret;
}

static int kvs_update_grow(struct kvs_update *update)
{
	int ret;

	if (update->nowait)
		return -EAGAIN;
	ret = kvs_table_wait_room(&update->store->table, update->patience);
	return kvs_update_refuse(update, ret);
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

int kvs_update_probe(struct kvs_update *update)
{
	return kvs_update_locked(update, kvs_update_put_check);
}

int kvs_update_put(struct kvs_update *update)
{
	int ret;

	ret = kvs_update_run(update, kvs_update_try_put, &update->value);
	if (!ret)
		kvs_stats_inc(update->store->stats, KVS_STATS_PUTS);
	return ret;
}

int kvs_update_append(struct kvs_update *update)
{
	int ret = kvs_update_locked(update, kvs_update_try_append);

	if (!ret)
		kvs_stats_inc(update->store->stats, KVS_STATS_PUTS);
	return ret;
}

int kvs_update_touch(struct kvs_update *update)
{
	int ret = kvs_update_locked(update, kvs_update_try_touch);

	if (!ret)
		kvs_stats_inc(update->store->stats, KVS_STATS_TOUCHES);
	return ret;
}

static int kvs_update_counter(struct kvs_update *update, kvs_update_fn *try,
			      enum kvs_stats_item item)
{
	const struct kvs_value blank = { .len = sizeof(s64), .counter = true };
	int ret;

	ret = kvs_update_run(update, try, &blank);
	if (ret)
		return ret;
	if (update->res->flags & KVS_RES_REFUSED)
		item = KVS_STATS_REFUSALS;
	kvs_stats_inc(update->store->stats, item);
	return 0;
}

int kvs_update_add(struct kvs_update *update)
{
	return kvs_update_counter(update, kvs_update_try_add, KVS_STATS_ADDS);
}

int kvs_update_xchg(struct kvs_update *update)
{
	return kvs_update_counter(update, kvs_update_try_xchg, KVS_STATS_XCHGS);
}

int kvs_update_bitop(struct kvs_update *update)
{
	return kvs_update_counter(update, kvs_update_try_bitop,
				  KVS_STATS_BITOPS);
}

int kvs_update_bucket(struct kvs_update *update)
{
	return kvs_update_counter(update, kvs_update_try_bucket,
				  KVS_STATS_BUCKETS);
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
	update->fresh = NULL;
	update->shrinks = false;
}
