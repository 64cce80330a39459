// SPDX-License-Identifier: GPL-2.0-only
/*
 * ADD, XCHG, BITOP and BUCKET: operations on counters.
 */
#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/overflow.h>
#include <linux/uaccess.h>

#include "call.h"
#include "room.h"
#include "store.h"
#include "tally.h"
#include "trace.h"
#include "usercopy.h"

static int kvs_count_args(const struct kvs_req *req, void *args, size_t size)
{
	return kvs_copy_sized_struct(args, size, size,
				     u64_to_user_ptr(req->cond), NULL);
}

int kvs_call_check_counter(const struct kvs_call *call)
{
	const struct kvs_req *req = call->req;

	if (req->flags & KVS_F_TTL && (req->flags & KVS_F_TTL_ABS || !req->ttl))
		return -EINVAL;
	if (req->flags & KVS_F_TTL_IF_NEW && !kvs_call_has_ttl(call))
		return -EINVAL;
	return 0;
}

int kvs_call_check_add(const struct kvs_call *call)
{
	u32 flags = call->req->flags;

	if (flags & KVS_F_SATURATE && flags & KVS_F_WRAP)
		return -EINVAL;
	if (flags & (KVS_F_MIN | KVS_F_MAX) && !(flags & KVS_F_ARGS))
		return -EINVAL;
	return kvs_call_check_counter(call);
}

/* BITOP and BUCKET cannot do without operands. */
int kvs_call_check_args(const struct kvs_call *call)
{
	if (!(call->req->flags & KVS_F_ARGS))
		return -EINVAL;
	return kvs_call_check_counter(call);
}

static int kvs_add_read(const struct kvs_req *req, struct kvs_update *update)
{
	struct kvs_add_args args = {};
	struct kvs_counter_add *add = &update->add;
	int ret;

	ret = req->flags & KVS_F_ARGS ?
		      kvs_count_args(req, &args, sizeof(args)) :
		      0;
	if (ret)
		return ret;
	if (args.flags || (args.initial && !(req->flags & KVS_F_CREATE)) ||
	    (args.min && !(req->flags & KVS_F_MIN)) ||
	    (args.max && !(req->flags & KVS_F_MAX)))
		return -EOPNOTSUPP;
	update->initial = args.initial;
	*add = (struct kvs_counter_add){
		.delta = req->operand,
		.min = req->flags & KVS_F_MIN ? args.min : S64_MIN,
		.max = req->flags & KVS_F_MAX ? args.max : S64_MAX,
		.flags = req->flags,
	};
	if (add->min > add->max)
		return -EINVAL;
	if (req->flags & KVS_F_CREATE &&
	    (args.initial < add->min || args.initial > add->max))
		return -EINVAL;
	return 0;
}

static int kvs_xchg_read(const struct kvs_req *req, struct kvs_update *update)
{
	update->number = req->operand;
	return 0;
}

static int kvs_bitop_read(const struct kvs_req *req, struct kvs_update *update)
{
	struct kvs_bitop_args args;
	int ret;

	ret = kvs_count_args(req, &args, sizeof(args));
	if (ret)
		return ret;
	if (args.flags || args.reserved ||
	    (args.initial && !(req->flags & KVS_F_CREATE)))
		return -EOPNOTSUPP;
	if (args.op < KVS_BITOP_OR || args.op > KVS_BITOP_XOR)
		return -EINVAL;
	update->initial = args.initial;
	update->bitop = (struct kvs_counter_bitop){
		.op = args.op,
		.operand = args.operand,
		.mask = args.mask,
	};
	return 0;
}

static int kvs_bucket_read(const struct kvs_req *req, struct kvs_update *update)
{
	struct kvs_bucket_args args;
	u64 span;
	int ret;

	ret = kvs_count_args(req, &args, sizeof(args));
	if (ret)
		return ret;
	if (args.flags)
		return -EOPNOTSUPP;
	/* What cannot ever be taken is a mistake, not a wait. */
	if (!args.interval_ns || !args.cost || args.cost > args.burst ||
	    check_mul_overflow(args.interval_ns, args.burst, &span) ||
	    span > S64_MAX / 2)
		return -EINVAL;
	update->bucket = (struct kvs_counter_bucket){
		.interval = args.interval_ns,
		.burst = args.burst,
		.cost = args.cost,
	};
	return 0;
}

/* A counter keeps its deadline, unless told otherwise. */
static void kvs_count_plan(struct kvs_call *call, struct kvs_update *update)
{
	update->ttl = KVS_TTL_KEEP;
	if (!kvs_call_has_ttl(call))
		return;
	update->ttl = KVS_TTL_SET;
	if (call->req->flags & KVS_F_TTL_IF_NEW)
		update->ttl = KVS_TTL_SET_NEW;
	update->deadline = kvs_call_deadline(call->req);
	update->extras = KVS_SHAPE_DEADLINE;
}

int kvs_call_plan_count(struct kvs_call *call, struct kvs_update *update)
{
	const struct kvs_req *req = call->req;

	/* What a fresh entry must have room for. */
	update->value = (struct kvs_value){
		.len = sizeof(s64),
		.counter = true,
	};
	kvs_count_plan(call, update);
	switch (req->verb) {
	case KVS_ADD:
		return kvs_add_read(req, update);
	case KVS_XCHG:
		return kvs_xchg_read(req, update);
	case KVS_BITOP:
		return kvs_bitop_read(req, update);
	default:
		return kvs_bucket_read(req, update);
	}
}

static int kvs_count(struct kvs_call *call,
		     int (*read)(const struct kvs_req *req,
				 struct kvs_update *update),
		     int (*run)(struct kvs_update *update))
{
	struct kvs_update update = kvs_call_update(call);
	int ret;

	kvs_count_plan(call, &update);
	ret = read(call->req, &update);
	if (!ret)
		ret = kvs_call_claim_result(call);
	if (!ret)
		ret = run(&update);
	kvs_room_drop(&update);
	return ret;
}

int kvs_call_add(struct kvs_call *call)
{
	int ret = kvs_count(call, kvs_add_read, kvs_tally_add);

	trace_kvs_add(call, ret);
	return ret;
}

int kvs_call_xchg(struct kvs_call *call)
{
	int ret = kvs_count(call, kvs_xchg_read, kvs_tally_xchg);

	trace_kvs_xchg(call, ret);
	return ret;
}

int kvs_call_bitop(struct kvs_call *call)
{
	int ret = kvs_count(call, kvs_bitop_read, kvs_tally_bitop);

	trace_kvs_bitop(call, ret);
	return ret;
}

int kvs_call_bucket(struct kvs_call *call)
{
	int ret = kvs_count(call, kvs_bucket_read, kvs_tally_bucket);

	trace_kvs_bucket(call, ret);
	return ret;
}
