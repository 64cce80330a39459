// SPDX-License-Identifier: GPL-2.0-only
/*
 * Changes that keep what they find: APPEND, TTL_ONLY, TOUCH, and a GET that
 * slides the deadline.
 *
 * They are made where the entry stands, if they can. An entry that has no room
 * is copied into one that has, outside all locks, and the copy takes its place
 * only if the version is still the one that was copied; else once more. Each
 * round that fails is one in which somebody else's change succeeded.
 */
#include <linux/errno.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "call.h"
#include "look.h"
#include "room.h"
#include "store.h"
#include "trace.h"
#include "update.h"

int kvs_call_again(void)
{
	cond_resched();
	return fatal_signal_pending(current) ? -EINTR : 0;
}

/**
 * struct kvs_extend - such a change while it runs
 * @call: the request
 * @update: the change
 * @tail: APPEND: user memory that holds what to append
 * @tail_len: how much
 * @fixed: only the version that the update has seen already will do
 * @publish: the step that puts the copy into the table
 */
struct kvs_extend {
	struct kvs_call *call;
	struct kvs_update *update;
	const void __user *tail;
	u32 tail_len;
	bool fixed;
	int (*publish)(struct kvs_update *update);
};

static bool kvs_extend_appends(const struct kvs_extend *extend)
{
	return extend->call->req->flags & KVS_F_APPEND;
}

static int kvs_extend_look(struct kvs_extend *extend, struct kvs_look *look)
{
	struct kvs_res *old = look->res;
	int ret;

	ret = kvs_look_value(look);
	if (ret == -ENOENT && kvs_extend_appends(extend) &&
	    extend->call->req->flags & KVS_F_CREATE)
		ret = 0;
	if (ret)
		return ret;
	if (extend->fixed && extend->update->seen != old->version)
		return KVS_UPDATE_STALE;
	if (kvs_extend_appends(extend) && old->kind == KVS_KIND_COUNTER)
		return -EPROTOTYPE;
	if (old->version && old->ttl != KVS_TTL_NEVER)
		extend->update->extras |= KVS_SHAPE_DEADLINE;
	if (extend->tail_len &&
	    old->len + extend->tail_len >
		    READ_ONCE(extend->call->store->max_value))
		return kvs_room_refuse(extend->update, -EFBIG);
	extend->update->if_seen = true;
	extend->update->seen = old->version;
	return 0;
}

/* Make an entry that holds the old value and what is appended. */
static int kvs_extend_join(struct kvs_extend *extend, struct kvs_look *look)
{
	struct kvs_update *update = extend->update;
	const struct kvs_res *old = look->res;
	u32 len = old->len;
	u8 *bytes;
	int ret;

	update->value = (struct kvs_value){
		.len = len + extend->tail_len,
		.user_flags = old->user_flags,
		.app_version = old->app_version,
		.counter = old->kind == KVS_KIND_COUNTER,
		/* A look that found nothing at last may have found it before. */
		.pinned = old->version && look->pinned,
	};
	if (old->app_version)
		update->extras |= KVS_SHAPE_APP_VERSION;
	ret = kvs_update_prepare(update);
	if (ret)
		return ret;
	bytes = kvs_entry_bytes(update->fresh);
	if (copy_from_user(bytes + len, extend->tail, extend->tail_len))
		return -EFAULT;
	if (!len)
		return 0;
	look->flags = KVS_F_IF_VERSION;
	look->cond = update->seen;
	look->room = len;
	ret = kvs_look_copy_to(look, bytes);
	return ret == -ESTALE || ret == -ENOENT ? KVS_UPDATE_STALE : ret;
}

static int kvs_extend_once(struct kvs_extend *extend)
{
	struct kvs_res old = {};
	struct kvs_look look = {
		.store = extend->call->store,
		.key = &extend->call->key,
		.res = &old,
	};
	int ret;

	ret = kvs_extend_look(extend, &look);
	if (!ret)
		ret = kvs_extend_join(extend, &look);
	if (!ret)
		ret = extend->publish(extend->update);
	kvs_room_drop(extend->update);
	return ret;
}

static int kvs_extend_copy(struct kvs_extend *extend)
{
	int ret;

	if (extend->update->nowait)
		return -EAGAIN;
	do {
		ret = kvs_extend_once(extend);
		if (ret != KVS_UPDATE_STALE)
			return ret;
		ret = kvs_call_again();
	} while (!ret);
	return ret;
}

static int kvs_extend_in_place(struct kvs_extend *extend)
{
	struct kvs_update *update = extend->update;
	u8 data[KVS_INPLACE_MAX];

	if (extend->tail_len > sizeof(data))
		return KVS_UPDATE_STALE;
	if (copy_from_user(data, extend->tail, extend->tail_len))
		return -EFAULT;
	update->value = (struct kvs_value){
		.data = data,
		.len = extend->tail_len,
	};
	update->max_value = READ_ONCE(extend->call->store->max_value);
	return kvs_update_append(update);
}

/* Who may not read is told nothing of a value that stays. */
static void kvs_extend_hide(struct kvs_call *call)
{
	struct kvs_res *res = &call->res;

	if (call->rights & KVS_RIGHT_READ)
		return;
	res->len = 0;
	res->number = 0;
	res->app_version = 0;
	res->user_flags = 0;
}

int kvs_call_extend(struct kvs_call *call, struct kvs_update *update)
{
	struct kvs_extend extend = {
		.call = call,
		.update = update,
		.tail = u64_to_user_ptr(call->req->value),
		.tail_len = call->req->value_len,
		.publish = kvs_update_put,
	};
	int ret;

	if (kvs_call_claim_result(call))
		return -EFAULT;
	ret = kvs_extend_in_place(&extend);
	if (ret == KVS_UPDATE_STALE) {
		/* For an APPEND it says "may", for kvs_update_put() "must". */
		update->flags &= ~KVS_F_CREATE;
		ret = kvs_extend_copy(&extend);
	}
	if (!kvs_extend_appends(&extend))
		kvs_extend_hide(call);
	return ret;
}

static int kvs_extend_touch(struct kvs_extend *extend)
{
	struct kvs_update *update = extend->update;

	update->deadline = KVS_DEADLINE_NONE;
	if (kvs_call_has_ttl(extend->call))
		update->deadline = kvs_call_deadline(extend->call->req);
	update->extras |= KVS_SHAPE_DEADLINE;
	return kvs_update_touch(update);
}

int kvs_call_slide(struct kvs_call *call, u64 version)
{
	struct kvs_update update = kvs_call_update(call);
	struct kvs_extend extend = {
		.call = call,
		.update = &update,
		.fixed = true,
		.publish = kvs_update_touch,
	};
	int ret;

	update.flags = 0;
	update.if_seen = true;
	update.seen = version;
	update.touch = KVS_TOUCH_SET;
	ret = kvs_extend_touch(&extend);
	if (ret == KVS_UPDATE_STALE && call->nowait)
		return -EAGAIN;
	if (ret == KVS_UPDATE_STALE)
		ret = kvs_extend_once(&extend);
	return ret;
}

int kvs_call_check_touch(const struct kvs_call *call)
{
	const struct kvs_req *req = call->req;

	if (req->mode > KVS_TOUCH_PERSIST)
		return -EOPNOTSUPP;
	if ((req->flags & KVS_F_TTL && req->flags & KVS_F_TTL_ABS) ||
	    (req->flags & KVS_F_TTL && !req->ttl))
		return -EINVAL;
	if (req->mode == KVS_TOUCH_PERSIST)
		return kvs_call_has_ttl(call) ? -EINVAL : 0;
	return kvs_call_has_ttl(call) ? 0 : -EINVAL;
}

int kvs_call_touch(struct kvs_call *call)
{
	struct kvs_update update = kvs_call_update(call);
	struct kvs_extend extend = {
		.call = call,
		.update = &update,
		.publish = kvs_update_touch,
	};
	int ret;

	update.touch = call->req->mode;
	ret = kvs_call_claim_result(call);
	if (!ret)
		ret = kvs_extend_touch(&extend);
	if (ret == KVS_UPDATE_STALE)
		ret = kvs_extend_copy(&extend);
	kvs_extend_hide(call);
	trace_kvs_touch(call, ret);
	return ret;
}
