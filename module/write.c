// SPDX-License-Identifier: GPL-2.0-only
/*
 * PUT, DELETE and ADD: user memory in, a change to make, the result out. The
 * change itself is update.c's.
 */
#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/mm.h>
#include <linux/uaccess.h>

#include "call.h"
#include "store.h"
#include "trace.h"
#include "update.h"
#include "usercopy.h"

static struct kvs_update kvs_call_update(struct kvs_call *call)
{
	return (struct kvs_update){
		.store = call->store,
		.key = &call->key,
		.flags = call->req->flags,
		.if_version = call->req->cond,
		.nowait = call->nowait,
		.res = &call->res,
	};
}

int kvs_call_check_put(const struct kvs_call *call)
{
	const struct kvs_req *req = call->req;
	u32 flags = req->flags;

	if (flags & KVS_F_CREATE && flags & (KVS_F_REPLACE | KVS_F_IF_VERSION))
		return -EINVAL;
	if (flags & KVS_F_COUNTER)
		return req->value_len == sizeof(s64) ? 0 : -EINVAL;
	return req->value_len > call->store->max_value ? -EFBIG : 0;
}

static struct kvs_value kvs_put_value(const struct kvs_req *req,
				      const void *data)
{
	return (struct kvs_value){
		.data = data,
		.len = req->value_len,
		.user_flags = req->user_flags,
		.counter = req->flags & KVS_F_COUNTER,
	};
}

static int kvs_put_small(struct kvs_call *call, struct kvs_update *update)
{
	const struct kvs_req *req = call->req;
	u8 data[KVS_INPLACE_MAX] __aligned(8);

	if (copy_from_user(data, u64_to_user_ptr(req->value), req->value_len) ||
	    kvs_call_claim_result(call))
		return -EFAULT;
	update->value = kvs_put_value(req, data);
	return kvs_update_put(update);
}

/* The value goes from user memory straight to where it will be read. */
static int kvs_put_large(struct kvs_call *call, struct kvs_update *update)
{
	const struct kvs_req *req = call->req;
	int ret;

	if (call->nowait && req->value_len > PAGE_SIZE)
		return -EAGAIN;
	update->value = kvs_put_value(req, NULL);
	ret = kvs_update_prepare(update);
	if (ret)
		return ret;
	if (copy_from_user(kvs_entry_bytes(update->fresh),
			   u64_to_user_ptr(req->value), req->value_len) ||
	    kvs_call_claim_result(call))
		return -EFAULT;
	return kvs_update_put(update);
}

int kvs_call_put(struct kvs_call *call)
{
	struct kvs_update update = kvs_call_update(call);
	int ret;

	if (call->req->value_len <= KVS_INPLACE_MAX)
		ret = kvs_put_small(call, &update);
	else
		ret = kvs_put_large(call, &update);
	kvs_update_end(&update);
	trace_kvs_put(call, ret);
	return ret;
}

int kvs_call_delete(struct kvs_call *call)
{
	struct kvs_update update = kvs_call_update(call);
	int ret;

	ret = kvs_call_claim_result(call);
	if (!ret)
		ret = kvs_update_delete(&update);
	trace_kvs_delete(call, ret);
	return ret;
}

int kvs_call_check_add(const struct kvs_call *call)
{
	u32 flags = call->req->flags;

	if (flags & KVS_F_SATURATE && flags & KVS_F_WRAP)
		return -EINVAL;
	if (flags & (KVS_F_MIN | KVS_F_MAX) && !(flags & KVS_F_ARGS))
		return -EINVAL;
	return 0;
}

static int kvs_add_read_args(const struct kvs_req *req,
			     struct kvs_add_args *args)
{
	if (!(req->flags & KVS_F_ARGS))
		return 0;
	return kvs_copy_sized_struct(args, sizeof(*args), sizeof(*args),
				     u64_to_user_ptr(req->cond), NULL);
}

static int kvs_add_prepare(const struct kvs_req *req,
			   struct kvs_counter_add *add)
{
	struct kvs_add_args args = {};
	int ret;

	ret = kvs_add_read_args(req, &args);
	if (ret)
		return ret;
	if (args.flags || (args.min && !(req->flags & KVS_F_MIN)) ||
	    (args.max && !(req->flags & KVS_F_MAX)))
		return -EOPNOTSUPP;
	*add = (struct kvs_counter_add){
		.delta = req->operand,
		.initial = args.initial,
		.min = req->flags & KVS_F_MIN ? args.min : S64_MIN,
		.max = req->flags & KVS_F_MAX ? args.max : S64_MAX,
		.flags = req->flags,
	};
	if (add->min > add->max)
		return -EINVAL;
	if (!(req->flags & KVS_F_CREATE))
		return add->initial ? -EINVAL : 0;
	if (add->initial < add->min || add->initial > add->max)
		return -EINVAL;
	return 0;
}

int kvs_call_add(struct kvs_call *call)
{
	struct kvs_update update = kvs_call_update(call);
	int ret;

	ret = kvs_add_prepare(call->req, &update.add);
	if (!ret)
		ret = kvs_call_claim_result(call);
	if (!ret)
		ret = kvs_update_add(&update);
	kvs_update_end(&update);
	trace_kvs_add(call, ret);
	return ret;
}
