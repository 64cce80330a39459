// SPDX-License-Identifier: GPL-2.0-only
/*
 * PUT, APPEND, TOUCH and DELETE as changes, and the end of an entry by its
 * deadline or by eviction. How a change is made is in change.c.
 */
#include <linux/container_of.h>
#include <linux/errno.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include "change.h"
#include "room.h"
#include "store.h"
#include "update.h"

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
	update->res->version = kvs_change_version(update, old);
	update->res->app_version = *present;
	return -ESTALE;
}

/* The conditions on an entry that PUT and DELETE share. */
static int kvs_update_check(struct kvs_update *update, struct kvs_entry *old)
{
	bool same = true;

	if (update->if_seen && update->seen != kvs_change_version(update, old))
		return KVS_UPDATE_STALE;
	if (update->flags & KVS_F_IF_NEWER)
		return kvs_update_check_newer(update, old);
	if (!(update->flags & (KVS_F_IF_VERSION | KVS_F_IF_EQ)))
		return 0;
	if (!old)
		return -ENOENT;
	if (update->flags & KVS_F_IF_VERSION)
		same = kvs_change_version(update, old) == update->if_version;
	if (same && update->flags & KVS_F_IF_EQ)
		same = kvs_update_value_is(old, update->expect,
					   update->expect_len);
	if (same)
		return 0;
	update->res->version = kvs_change_version(update, old);
	return -ESTALE;
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

int kvs_update_try_put(struct kvs_update *update, struct kvs_entry *old)
{
	const struct kvs_value *value = &update->value;
	int ret = kvs_update_put_check(update, old);
	u64 at;

	if (ret)
		return ret;
	at = kvs_change_deadline(update, old);
	if (old && value->data && kvs_change_fits(update, old, value, at)) {
		kvs_change_overwrite(update, old, value, at);
		return 0;
	}
	if (!update->fresh)
		return KVS_CHANGE_ALLOC;
	if (!old)
		return kvs_change_insert(update);
	return kvs_change_replace(update, old, at, false);
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
		kvs_change_describe(update, old);
		return ret;
	}
	if (at != KVS_DEADLINE_NONE && !kvs_entry_deadline(old)) {
		if (!update->fresh)
			return KVS_UPDATE_STALE;
		return kvs_change_replace(update, old, at, true);
	}
	kvs_change_set_deadline(update, old, at);
	kvs_change_describe(update, old);
	return 0;
}

/* The value grows where it stands, or not at all. */
static int kvs_update_try_append(struct kvs_update *update,
				 struct kvs_entry *old)
{
	const struct kvs_value *tail = &update->value;
	struct kvs_value whole;
	int ret;
	u64 at;

	ret = kvs_update_check(update, old);
	if (ret)
		return ret;
	if (!old)
		return update->flags & KVS_F_CREATE ? KVS_UPDATE_STALE :
						      -ENOENT;
	if (update->flags & KVS_F_APPEND && old->value & KVS_VALUE_COUNTER)
		return -EPROTOTYPE;
	whole = (struct kvs_value){
		.len = (old->value & KVS_VALUE_LEN) + tail->len,
		.pinned = kvs_entry_is_pinned(old),
	};
	if (whole.len > update->max_value)
		return kvs_room_refuse(update, -EFBIG);
	at = kvs_change_deadline(update, old);
	/* A copy is not made for a rank. */
	update->unranked = true;
	if (!kvs_change_fits(update, old, &whole, at))
		return KVS_UPDATE_STALE;
	kvs_entry_append(old, tail, at, kvs_store_draw_version(update->store));
	kvs_change_set_deadline(update, old, at);
	kvs_change_describe(update, old);
	return 0;
}

int kvs_update_try_delete(struct kvs_update *update, struct kvs_entry *old)
{
	int ret;

	if (!old)
		return -ENOENT;
	ret = kvs_update_check(update, old);
	if (ret)
		return ret;
	kvs_change_remove(update, old);
	return 0;
}

static bool kvs_update_reap(struct kvs_expiry *expiry, struct kvs_entry *entry)
{
	struct kvs_space *space =
		container_of(expiry, struct kvs_space, expiry);
	spinlock_t *stripe = kvs_space_stripe(space, entry->hash);
	bool due;

	spin_lock(stripe);
	due = !(entry->version & KVS_VERSION_BUSY) && !kvs_entry_ttl(entry);
	if (due)
		kvs_change_expire(space, entry);
	spin_unlock(stripe);
	return due;
}

static u64 kvs_update_evict(struct kvs_evict *evict, struct kvs_entry *entry,
			    bool try)
{
	struct kvs_space *space = container_of(evict, struct kvs_space, evict);
	spinlock_t *stripe = kvs_space_stripe(space, entry->hash);
	u64 bytes = 0;

	/* Not even the shrinker changes what is closed. */
	if (READ_ONCE(space->closed))
		return 0;
	if (!try)
		spin_lock(stripe);
	else if (!spin_trylock(stripe))
		return 0;
	if (!(entry->version & KVS_VERSION_BUSY)) {
		bytes = kvs_entry_charge(entry);
		kvs_change_evict(space, entry);
	}
	spin_unlock(stripe);
	return bytes;
}

const struct kvs_removal kvs_update_removal = {
	.expire = kvs_update_reap,
	.evict = kvs_update_evict,
};

int kvs_update_prepare(struct kvs_update *update)
{
	/* An entry is wanted whatever the last try lacked. */
	update->ranks = false;
	return kvs_room_make(update, &update->value);
}

int kvs_update_probe(struct kvs_update *update)
{
	return kvs_change_locked(update, kvs_update_put_check);
}

int kvs_update_put(struct kvs_update *update)
{
	int ret;

	ret = kvs_change_run(update, kvs_update_try_put, &update->value);
	if (!ret)
		kvs_stats_inc(update->store->stats, KVS_STATS_PUTS);
	return ret;
}

int kvs_update_append(struct kvs_update *update)
{
	int ret = kvs_change_locked(update, kvs_update_try_append);

	if (!ret)
		kvs_stats_inc(update->store->stats, KVS_STATS_PUTS);
	return ret;
}

int kvs_update_touch(struct kvs_update *update)
{
	int ret = kvs_change_locked(update, kvs_update_try_touch);

	if (!ret)
		kvs_stats_inc(update->store->stats, KVS_STATS_TOUCHES);
	return ret;
}

int kvs_update_delete(struct kvs_update *update)
{
	int ret = kvs_change_locked(update, kvs_update_try_delete);

	if (!ret)
		kvs_stats_inc(update->store->stats, KVS_STATS_DELETES);
	return ret;
}
