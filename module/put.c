// SPDX-License-Identifier: GPL-2.0-only
/*
 * PUT and DELETE: user memory in, a change to make, the result out. The change
 * itself is update.c's.
 *
 * A change that answers the value that it finds looks at it first, without a
 * lock, and changes it only if the version is still the one that it saw; else it
 * looks again. Each round that fails is one in which somebody else's change
 * succeeded.
 */
#include <linux/bitops.h>
#include <linux/errno.h>
#include <linux/mm.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "call.h"
#include "look.h"
#include "room.h"
#include "store.h"
#include "trace.h"
#include "update.h"
#include "usercopy.h"

/* Flags whose operands stand in struct kvs_value_args. */
#define KVS_F_OPERANDS (KVS_F_IF_EQ | KVS_F_RET_OLD)

/* With any of these it matters what is there. */
#define KVS_F_DEPENDS                                                     \
	(KVS_F_CREATE | KVS_F_REPLACE | KVS_F_IF_VERSION | KVS_F_IF_EQ |  \
	 KVS_F_IF_NEWER | KVS_F_RET_OLD | KVS_F_APPEND | KVS_F_KEEP_TTL | \
	 KVS_F_TTL_ONLY)

/**
 * struct kvs_operands - what KVS_F_ARGS brings
 * @args: as user space gave them
 * @expect: KVS_F_IF_EQ: the bytes
 */
struct kvs_operands {
	struct kvs_value_args args;
	u8 expect[KVS_MAX_EXPECT];
};

static int kvs_operands_check(const struct kvs_value_args *args, u32 flags)
{
	u64 stray = args->flags | args->deadline;

	if (!(flags & (KVS_F_IF_VERSION | KVS_F_IF_NEWER)))
		stray |= args->cond;
	if (!(flags & KVS_F_IF_EQ))
		stray |= args->expect | args->expect_len;
	if (!(flags & KVS_F_RET_OLD))
		stray |= args->old | args->old_len;
	if (stray)
		return -EOPNOTSUPP;
	if (flags & KVS_F_IF_NEWER && !args->cond)
		return -EINVAL;
	return args->expect_len > KVS_MAX_EXPECT ? -EINVAL : 0;
}

static int kvs_operands_read(struct kvs_operands *operands,
			     struct kvs_update *update,
			     const struct kvs_req *req)
{
	struct kvs_value_args *args = &operands->args;
	int ret;

	ret = kvs_copy_sized_struct(args, sizeof(*args), sizeof(*args),
				    u64_to_user_ptr(req->cond), NULL);
	if (ret)
		return ret;
	ret = kvs_operands_check(args, req->flags);
	if (ret)
		return ret;
	if (copy_from_user(operands->expect, u64_to_user_ptr(args->expect),
			   args->expect_len))
		return -EFAULT;
	update->if_version = args->cond;
	update->expect = operands->expect;
	update->expect_len = args->expect_len;
	return 0;
}

static void kvs_put_answer_old(struct kvs_call *call, const struct kvs_res *old)
{
	call->res.kind = old->kind;
	call->res.len = old->len;
	call->res.number = old->number;
	call->res.user_flags = old->user_flags;
}

static int kvs_put_look_old(struct kvs_call *call, struct kvs_update *update,
			    struct kvs_look *look)
{
	struct kvs_res *old = look->res;
	int ret;

	memset(old, 0, sizeof(*old));
	ret = kvs_look_value(look);
	/* No buffer is too small a buffer: a value must not get lost. */
	if (!ret && old->len > look->room)
		ret = -ERANGE;
	if (ret == -ERANGE)
		kvs_put_answer_old(call, old);
	if (ret && ret != -ENOENT)
		return ret;
	update->if_seen = true;
	update->seen = ret ? 0 : old->version;
	return 0;
}

/* Make a change that answers the value that it replaces or removes. */
static int kvs_put_ret_old(struct kvs_call *call, struct kvs_update *update,
			   const struct kvs_value_args *args,
			   int (*change)(struct kvs_update *update))
{
	struct kvs_res old;
	struct kvs_look look = {
		.store = call->store,
		.key = &call->key,
		.to = u64_to_user_ptr(args->old),
		.room = args->old_len,
		.res = &old,
	};
	int ret;

	for (;;) {
		ret = kvs_put_look_old(call, update, &look);
		if (ret)
			return ret;
		ret = change(update);
		if (ret != KVS_UPDATE_STALE)
			break;
		ret = kvs_call_again();
		if (ret)
			return ret;
	}
	if (!ret)
		kvs_put_answer_old(call, &old);
	return ret;
}

static int kvs_put_check_ttl(const struct kvs_req *req)
{
	u32 flags = req->flags;
	u32 modes = flags & (KVS_F_TTL | KVS_F_TTL_ABS | KVS_F_KEEP_TTL);

	if (hweight32(modes) > 1)
		return -EINVAL;
	if (flags & KVS_F_TTL_ONLY &&
	    (modes & KVS_F_KEEP_TTL || !modes || req->value_len ||
	     req->user_flags || flags & KVS_F_COUNTER))
		return -EINVAL;
	return flags & KVS_F_TTL && !req->ttl ? -EINVAL : 0;
}

static int kvs_put_check_extend(const struct kvs_req *req)
{
	const u32 bad = KVS_F_COUNTER | KVS_F_RET_OLD | KVS_F_IF_NEWER |
			KVS_F_PINNED;
	u32 flags = req->flags;

	if (flags & bad || req->user_flags)
		return -EINVAL;
	if (flags & KVS_F_TTL_ONLY)
		return flags & (KVS_F_APPEND | KVS_F_CREATE) ? -EINVAL : 0;
	/* APPEND keeps the deadline. */
	return flags & (KVS_F_TTL | KVS_F_TTL_ABS) ? -EINVAL : 0;
}

static int kvs_put_check_conditions(const struct kvs_req *req)
{
	const u32 present = KVS_F_REPLACE | KVS_F_IF_VERSION | KVS_F_IF_EQ;
	u32 flags = req->flags;

	if (flags & (KVS_F_APPEND | KVS_F_TTL_ONLY))
		return kvs_put_check_extend(req);
	if (flags & KVS_F_CREATE && flags & (present | KVS_F_IF_NEWER))
		return -EINVAL;
	if (flags & KVS_F_IF_NEWER && flags & (KVS_F_IF_VERSION | KVS_F_IF_EQ))
		return -EINVAL;
	/* 0 is what an entry without an application version has. */
	if (flags & KVS_F_IF_NEWER && !req->cond)
		return -EINVAL;
	return 0;
}

static noinline int kvs_put_check_flags(const struct kvs_req *req)
{
	if (req->flags & KVS_F_OPERANDS && !(req->flags & KVS_F_ARGS))
		return -EINVAL;
	return kvs_put_check_conditions(req) ?: kvs_put_check_ttl(req);
}

int kvs_call_check_put(const struct kvs_call *call)
{
	const struct kvs_req *req = call->req;
	int ret = 0;

	/* Most have nothing that could contradict it. */
	if (req->flags & ~(KVS_F_CREATE | KVS_F_FULL_RESULT))
		ret = kvs_put_check_flags(req);
	if (ret)
		return ret;
	if (req->flags & KVS_F_COUNTER)
		return req->value_len == sizeof(s64) ? 0 : -EINVAL;
	return req->value_len > READ_ONCE(call->store->max_value) ? -EFBIG : 0;
}

/**
 * struct kvs_put - a PUT while it runs
 * @call: the request
 * @update: the change
 * @operands: with KVS_F_ARGS
 */
struct kvs_put {
	struct kvs_call *call;
	struct kvs_update *update;
	struct kvs_operands *operands;
};

static struct kvs_value kvs_put_value(const struct kvs_put *put,
				      const void *data)
{
	const struct kvs_req *req = put->call->req;
	u64 app_version = 0;

	/* kvs_call_update() and kvs_operands_read() put the condition there. */
	if (req->flags & KVS_F_IF_NEWER)
		app_version = put->update->if_version;
	return (struct kvs_value){
		.data = data,
		.len = req->value_len,
		.user_flags = req->user_flags,
		.counter = req->flags & KVS_F_COUNTER,
		.pinned = req->flags & KVS_F_PINNED,
		.app_version = app_version,
	};
}

static int kvs_put_change(struct kvs_put *put)
{
	if (put->call->req->flags & KVS_F_RET_OLD)
		return kvs_put_ret_old(put->call, put->update,
				       &put->operands->args, kvs_update_put);
	return kvs_update_put(put->update);
}

static int kvs_put_small(struct kvs_put *put)
{
	const struct kvs_req *req = put->call->req;
	u8 data[KVS_INPLACE_MAX] __aligned(8);

	might_fault();
	if (kvs_read_bytes(data, u64_to_user_ptr(req->value), req->value_len,
			   req->value_len) ||
	    kvs_call_claim_result(put->call))
		return -EFAULT;
	put->update->value = kvs_put_value(put, data);
	return kvs_put_change(put);
}

/* The value goes from user memory straight to where it will be read. */
static int kvs_put_large(struct kvs_put *put)
{
	const struct kvs_req *req = put->call->req;
	struct kvs_update *update = put->update;
	int ret;

	update->value = kvs_put_value(put, NULL);
	ret = kvs_update_probe(update);
	if (ret)
		return ret;
	if (update->nowait && req->value_len > PAGE_SIZE)
		return -EAGAIN;
	ret = kvs_update_prepare(update);
	if (ret)
		return ret;
	if (copy_from_user(kvs_entry_bytes(update->fresh),
			   u64_to_user_ptr(req->value), req->value_len) ||
	    kvs_call_claim_result(put->call))
		return -EFAULT;
	return kvs_put_change(put);
}

static int kvs_put_run(struct kvs_put *put)
{
	const struct kvs_req *req = put->call->req;

	if (req->flags & (KVS_F_APPEND | KVS_F_TTL_ONLY))
		return kvs_call_extend(put->call, put->update);
	if (req->value_len <= KVS_INPLACE_MAX)
		return kvs_put_small(put);
	return kvs_put_large(put);
}

/* Apart, so that a plain PUT does not pay for the operands. */
static noinline int kvs_put_with_operands(struct kvs_put *put)
{
	struct kvs_operands operands = {};
	int ret;

	put->operands = &operands;
	ret = kvs_operands_read(&operands, put->update, put->call->req);
	return ret ?: kvs_put_run(put);
}

/* A PUT replaces the deadline as it replaces the value, unless told not to. */
static void kvs_put_plan(struct kvs_put *put)
{
	const struct kvs_req *req = put->call->req;
	struct kvs_update *update = put->update;

	if (req->flags & KVS_F_APPEND) {
		update->ttl = KVS_TTL_KEEP;
	} else if (req->flags & KVS_F_KEEP_TTL) {
		update->ttl = KVS_TTL_KEEP;
		update->extras |= KVS_SHAPE_DEADLINE;
	} else if (kvs_call_has_ttl(put->call)) {
		update->ttl = KVS_TTL_SET;
		update->deadline = kvs_call_deadline(req);
		update->extras |= KVS_SHAPE_DEADLINE;
	}
	if (req->flags & KVS_F_IF_NEWER)
		update->extras |= KVS_SHAPE_APP_VERSION;
}

static int kvs_put_plan_operands(struct kvs_call *call,
				 struct kvs_update *update, u8 *expect)
{
	struct kvs_operands operands = {};
	int ret;

	if (!(call->req->flags & KVS_F_ARGS))
		return 0;
	ret = kvs_operands_read(&operands, update, call->req);
	memcpy(expect, operands.expect, sizeof(operands.expect));
	update->expect = expect;
	return ret;
}

int kvs_call_plan_put(struct kvs_call *call, struct kvs_update *update,
		      const struct kvs_call_space *space)
{
	struct kvs_put put = { .call = call, .update = update };
	const struct kvs_req *req = call->req;
	void *to = space->bytes;
	int ret;

	kvs_put_plan(&put);
	ret = kvs_put_plan_operands(call, update, space->expect);
	if (ret)
		return ret;
	update->value = kvs_put_value(&put, to);
	if (req->value_len > KVS_INPLACE_MAX) {
		update->value.data = NULL;
		ret = kvs_update_prepare(update);
		if (ret)
			return ret;
		to = kvs_entry_bytes(update->fresh);
	}
	if (copy_from_user(to, u64_to_user_ptr(req->value), req->value_len))
		return -EFAULT;
	return 0;
}

int kvs_call_plan_delete(struct kvs_call *call, struct kvs_update *update,
			 const struct kvs_call_space *space)
{
	return kvs_put_plan_operands(call, update, space->expect);
}

int kvs_call_put(struct kvs_call *call)
{
	struct kvs_update update = kvs_call_update(call);
	struct kvs_put put = { .call = call, .update = &update };
	int ret;

	kvs_put_plan(&put);
	if (!(call->req->flags & KVS_F_DEPENDS))
		update.spared_count = 0;
	if (call->req->flags & KVS_F_ARGS)
		ret = kvs_put_with_operands(&put);
	else
		ret = kvs_put_run(&put);
	kvs_room_drop(&update);
	trace_kvs_put(call, ret);
	return ret;
}

int kvs_call_check_delete(const struct kvs_call *call)
{
	u32 flags = call->req->flags;

	return flags & KVS_F_OPERANDS && !(flags & KVS_F_ARGS) ? -EINVAL : 0;
}

static noinline int kvs_delete_with_operands(struct kvs_call *call,
					     struct kvs_update *update)
{
	struct kvs_operands operands = {};
	int ret;

	ret = kvs_operands_read(&operands, update, call->req);
	if (!ret)
		ret = kvs_call_claim_result(call);
	if (ret)
		return ret;
	if (call->req->flags & KVS_F_RET_OLD)
		return kvs_put_ret_old(call, update, &operands.args,
				       kvs_update_delete);
	return kvs_update_delete(update);
}

int kvs_call_delete(struct kvs_call *call)
{
	struct kvs_update update = kvs_call_update(call);
	int ret;

	if (call->req->flags & KVS_F_ARGS) {
		ret = kvs_delete_with_operands(call, &update);
	} else {
		ret = kvs_call_claim_result(call);
		if (!ret)
			ret = kvs_update_delete(&update);
	}
	trace_kvs_delete(call, ret);
	return ret;
}
