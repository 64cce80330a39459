// SPDX-License-Identifier: GPL-2.0-only
/*
 * A request from its private copy to its result: what it may hold, who may ask
 * for it, where keys come from and results go to. What an operation does is in
 * read.c, put.c, count.c, scan.c and transact.c.
 *
 * Order of the checks: the vector's form; then for each request bound, known,
 * consistent, allowed, readable; then the operation itself. User memory is
 * touched under no lock.
 */
#include <linux/errno.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/nospec.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/uaccess.h>

#include "call.h"
#include "handle.h"
#include "hot.h"
#include "latency.h"
#include "limits.h"
#include "measure.h"
#include "quick.h"
#include "request.h"
#include "store.h"
#include "usercopy.h"

/* Fields that an operation gives a meaning; the others must be 0. */
#define KVS_FIELD_VALUE BIT(0)
#define KVS_FIELD_VALUE_LEN BIT(1)
#define KVS_FIELD_USER_FLAGS BIT(2)

/**
 * struct kvs_operation - what a verb accepts, and who runs it
 * @flags: KVS_F_* that it takes besides KVS_F_FULL_RESULT
 * @fields: KVS_FIELD_*
 * @rights: any one of them will do
 * @write_flags: flags that need KVS_RIGHT_WRITE whatever @rights says
 * @read_flags: flags that need KVS_RIGHT_READ whatever @rights says
 * @needs: rights that it takes besides
 * @keyless: has no key of its own
 * @check: refuses contradictions with -EINVAL and lengths; may be NULL
 * @run: does it
 */
struct kvs_operation {
	u32 flags;
	u32 fields;
	u32 rights;
	u32 write_flags;
	u32 read_flags;
	u32 needs;
	bool keyless;
	int (*check)(const struct kvs_call *call);
	int (*run)(struct kvs_call *call);
};

static const struct kvs_operation kvs_operations[] = {
	[KVS_GET] = {
		.flags = KVS_F_IF_VERSION | KVS_F_IF_CHANGED | KVS_F_NO_TOUCH |
			 KVS_F_OFFSET | KVS_F_TTL | KVS_F_TTL_ABS,
		.fields = KVS_FIELD_VALUE | KVS_FIELD_VALUE_LEN,
		.rights = KVS_RIGHT_READ,
		.write_flags = KVS_F_TTL | KVS_F_TTL_ABS,
		.check = kvs_call_check_get,
		.run = kvs_call_get,
	},
	[KVS_PUT] = {
		.flags = KVS_F_CREATE | KVS_F_REPLACE | KVS_F_IF_VERSION |
			 KVS_F_COUNTER | KVS_F_ARGS | KVS_F_IF_EQ |
			 KVS_F_RET_OLD | KVS_F_APPEND | KVS_F_TTL |
			 KVS_F_TTL_ABS | KVS_F_KEEP_TTL | KVS_F_TTL_ONLY |
			 KVS_F_IF_NEWER | KVS_F_PINNED,
		.fields = KVS_FIELD_VALUE | KVS_FIELD_VALUE_LEN |
			  KVS_FIELD_USER_FLAGS,
		.rights = KVS_RIGHT_WRITE,
		.read_flags = KVS_F_IF_EQ | KVS_F_RET_OLD,
		.check = kvs_call_check_put,
		.run = kvs_call_put,
	},
	[KVS_DELETE] = {
		.flags = KVS_F_IF_VERSION | KVS_F_ARGS | KVS_F_IF_EQ |
			 KVS_F_RET_OLD,
		.rights = KVS_RIGHT_WRITE,
		.read_flags = KVS_F_IF_EQ | KVS_F_RET_OLD,
		.check = kvs_call_check_delete,
		.run = kvs_call_delete,
	},
	[KVS_ADD] = {
		.flags = KVS_F_ARGS | KVS_F_CREATE | KVS_F_SATURATE |
			 KVS_F_WRAP | KVS_F_MIN | KVS_F_MAX | KVS_F_TTL |
			 KVS_F_TTL_ABS | KVS_F_TTL_IF_NEW,
		.fields = KVS_FIELD_VALUE,
		.rights = KVS_RIGHT_COUNT | KVS_RIGHT_WRITE,
		.write_flags = KVS_F_CREATE | KVS_F_MIN | KVS_F_MAX |
			       KVS_F_TTL | KVS_F_TTL_ABS,
		.check = kvs_call_check_add,
		.run = kvs_call_add,
	},
	[KVS_XCHG] = {
		.flags = KVS_F_CREATE | KVS_F_TTL | KVS_F_TTL_ABS |
			 KVS_F_TTL_IF_NEW,
		.fields = KVS_FIELD_VALUE,
		.rights = KVS_RIGHT_WRITE,
		.needs = KVS_RIGHT_READ,
		.check = kvs_call_check_counter,
		.run = kvs_call_xchg,
	},
	[KVS_BITOP] = {
		.flags = KVS_F_ARGS | KVS_F_CREATE | KVS_F_TTL |
			 KVS_F_TTL_ABS | KVS_F_TTL_IF_NEW,
		.rights = KVS_RIGHT_WRITE,
		.needs = KVS_RIGHT_READ,
		.check = kvs_call_check_args,
		.run = kvs_call_bitop,
	},
	[KVS_BUCKET] = {
		.flags = KVS_F_ARGS | KVS_F_CREATE | KVS_F_TTL |
			 KVS_F_TTL_ABS | KVS_F_TTL_IF_NEW,
		.rights = KVS_RIGHT_COUNT | KVS_RIGHT_WRITE,
		.write_flags = KVS_F_CREATE | KVS_F_TTL | KVS_F_TTL_ABS,
		.check = kvs_call_check_args,
		.run = kvs_call_bucket,
	},
	[KVS_TOUCH] = {
		.flags = KVS_F_TTL | KVS_F_TTL_ABS,
		.fields = KVS_FIELD_USER_FLAGS, /* mode */
		.rights = KVS_RIGHT_WRITE,
		.check = kvs_call_check_touch,
		.run = kvs_call_touch,
	},
	[KVS_SCAN] = {
		.flags = KVS_F_ARGS,
		.fields = KVS_FIELD_VALUE | KVS_FIELD_VALUE_LEN,
		.rights = KVS_RIGHT_LIST,
		.keyless = true,
		.check = kvs_call_check_scan,
		.run = kvs_call_scan,
	},
	[KVS_DELETE_RANGE] = {
		.flags = KVS_F_ARGS,
		.rights = KVS_RIGHT_WRITE,
		.needs = KVS_RIGHT_LIST,
		.keyless = true,
		.check = kvs_call_check_scan,
		.run = kvs_call_delete_range,
	},
	[KVS_TXN] = {
		.flags = KVS_F_ARGS,
		.rights = KVS_RIGHT_READ | KVS_RIGHT_WRITE | KVS_RIGHT_COUNT,
		.keyless = true,
		.check = kvs_call_check_txn,
		.run = kvs_call_txn,
	},
	[KVS_STAT] = {
		.fields = KVS_FIELD_VALUE | KVS_FIELD_VALUE_LEN,
		.rights = KVS_RIGHT_READ,
		.check = kvs_call_check_stat,
		.run = kvs_call_stat,
	},
};

u64 kvs_request_verbs(void)
{
	unsigned int verb;
	u64 verbs = 0;

	for (verb = 0; verb < ARRAY_SIZE(kvs_operations); verb++) {
		if (kvs_operations[verb].run)
			verbs |= BIT_ULL(verb);
	}
	return verbs;
}

static const struct kvs_operation *kvs_request_operation(u16 verb)
{
	if (verb >= ARRAY_SIZE(kvs_operations) || !kvs_operations[verb].run)
		return NULL;
	verb = array_index_nospec(verb, ARRAY_SIZE(kvs_operations));
	return &kvs_operations[verb];
}

static bool kvs_request_fields_known(const struct kvs_operation *op,
				     const struct kvs_req *req)
{
	u64 stray = 0;

	if (!(req->flags & (KVS_F_TTL | KVS_F_TTL_ABS)))
		stray |= req->ttl;
	if (!(op->fields & KVS_FIELD_VALUE))
		stray |= req->value;
	if (!(op->fields & KVS_FIELD_VALUE_LEN))
		stray |= req->value_len;
	if (!(op->fields & KVS_FIELD_USER_FLAGS) &&
	    !(req->flags & KVS_F_OFFSET))
		stray |= req->user_flags;
	if (!(req->flags & (KVS_F_IF_VERSION | KVS_F_IF_CHANGED |
			    KVS_F_IF_NEWER | KVS_F_ARGS)))
		stray |= req->cond;
	if (req->key_len > KVS_INLINE_KEY)
		stray |= req->key_reserved[0] | req->key_reserved[1] |
			 req->key_reserved[2];
	return !stray;
}

static int kvs_request_check(const struct kvs_operation *op,
			     const struct kvs_call *call)
{
	const struct kvs_req *req = call->req;
	u32 known = op->flags | KVS_F_FULL_RESULT;

	if (req->flags & ~known || !kvs_request_fields_known(op, req))
		return -EOPNOTSUPP;
	if (!req->key_len != op->keyless)
		return -EINVAL;
	if (req->key_len > KVS_MAX_KEY)
		return -ENAMETOOLONG;
	return op->check ? op->check(call) : 0;
}

static bool kvs_request_allowed(const struct kvs_operation *op,
				const struct kvs_call *call)
{
	u32 flags = call->req->flags;

	if (flags & op->write_flags && !(call->rights & KVS_RIGHT_WRITE))
		return false;
	if (flags & op->read_flags && !(call->rights & KVS_RIGHT_READ))
		return false;
	if (op->needs & ~call->rights)
		return false;
	return call->rights & op->rights;
}

static int kvs_request_with_key(const struct kvs_operation *op,
				struct kvs_call *call, u8 *data)
{
	kvs_table_key(&call->key, data, call->req->key_len);
	return op->run(call);
}

/* Apart, so that short keys do not pay for a stack frame of this size. */
static noinline int kvs_request_long_key(const struct kvs_operation *op,
					 struct kvs_call *call)
{
	const struct kvs_req *req = call->req;
	u8 data[KVS_MAX_KEY] __aligned(8);

	if (copy_from_user(data, u64_to_user_ptr(req->key_addr), req->key_len))
		return -EFAULT;
	return kvs_request_with_key(op, call, data);
}

/* Refused by its form; what is told of the store is that a value is too long. */
static int kvs_request_refuse(const struct kvs_call *call, int ret)
{
	if (ret == -EFBIG)
		kvs_stats_inc(call->store->stats, KVS_STATS_REJECTED_VALUE);
	return ret;
}

int kvs_call_vet(const struct kvs_call *call)
{
	const struct kvs_operation *op = kvs_request_operation(call->req->verb);
	int ret;

	if (!op)
		return -EOPNOTSUPP;
	ret = kvs_request_check(op, call);
	if (ret)
		return kvs_request_refuse(call, ret);
	return kvs_request_allowed(op, call) ? 0 : -EACCES;
}

static __always_inline int kvs_request_perform(const struct kvs_operation *op,
					       struct kvs_call *call)
{
	struct kvs_req *req = call->req;

	if (op->keyless) {
		call->key = (struct kvs_key){};
		return op->run(call);
	}
	if (req->key_len > KVS_INLINE_KEY)
		return kvs_request_long_key(op, call);
	return kvs_request_with_key(op, call, req->key);
}

/* Apart, so that nobody else pays for it. */
static noinline int kvs_request_measure(const struct kvs_operation *op,
					struct kvs_call *call)
{
	u64 begin;
	int ret;

	if (!rcu_access_pointer(call->store->latency))
		return kvs_request_perform(op, call);
	begin = ktime_get_ns();
	ret = kvs_request_perform(op, call);
	/* A caller told to come back comes with the same request. */
	if (!call->nowait || ret != -EAGAIN)
		kvs_measure_note(call->store, call->req->verb,
				 ktime_get_ns() - begin);
	return ret;
}

static int kvs_request_execute(struct kvs_call *call)
{
	const struct kvs_operation *op = kvs_request_operation(call->req->verb);
	int ret;

	if (!call->store)
		return -ENOTCONN;
	ret = kvs_call_vet(call);
	if (ret)
		return ret;
	if (kvs_latency_measured())
		return kvs_request_measure(op, call);
	return kvs_request_perform(op, call);
}

/* As much as is wanted; without @res zeroes. */
int kvs_call_answer(const struct kvs_req *req, const struct kvs_res *res)
{
	struct kvs_res __user *to = u64_to_user_ptr(req->result);

	if (!to)
		return 0;
	if (req->flags & KVS_F_FULL_RESULT)
		return kvs_write_struct(to, res, sizeof(*res));
	return kvs_write_struct(to, res, KVS_RES_SHORT);
}

int kvs_call_claim_result(const struct kvs_call *call)
{
	return kvs_call_answer(call->req, NULL);
}

/* Return: 0 once the result is written; the status is in it. */
static int kvs_request_one(struct kvs_call *call, struct kvs_req *req)
{
	call->req = req;
	memset(&call->res, 0, sizeof(call->res));
	call->res.status = kvs_request_execute(call);
	/* A caller told to come back comes with the same request. */
	if (call->nowait && call->res.status == -EAGAIN)
		return 0;
	return kvs_call_answer(call->req, &call->res);
}

static void kvs_request_begin(struct kvs_call *call, struct kvs_handle *handle,
			      bool nowait)
{
	call->store = kvs_handle_store(handle);
	call->purse = &handle->purse;
	call->rights = handle->rights;
	call->nowait = nowait;
	call->patience = msecs_to_jiffies(KVS_PATIENCE_MS);
}

/* Apart, for the size of its stack frame. */
static noinline int kvs_request_run(struct kvs_handle *handle,
				    struct kvs_req *req, bool nowait)
{
	struct kvs_call call;

	kvs_request_begin(&call, handle, nowait);
	return kvs_request_one(&call, req) ?: call.res.status;
}

/* What else goes a short way. Return: its status, or KVS_HOT_NOT. */
static int kvs_request_brief(struct kvs_handle *handle, struct kvs_req *req,
			     bool nowait)
{
	if (req->flags == KVS_F_FULL_RESULT)
		return kvs_hot_run_copy(handle, req);
	return kvs_quick_run(handle, req, nowait);
}

int kvs_request_run_long(struct kvs_handle *handle,
			 const struct kvs_req __user *from, bool nowait)
{
	struct kvs_req req __uninitialized;
	int ret;

	if (kvs_read_struct(&req, from, sizeof(req)))
		return -EFAULT;
	ret = kvs_request_brief(handle, &req, nowait);
	return ret != KVS_HOT_NOT ? ret : kvs_request_run(handle, &req, nowait);
}

int kvs_request_run_ring(struct kvs_handle *handle, const struct kvs_req *from,
			 bool nowait)
{
	struct kvs_req req __uninitialized;
	int ret;

	kvs_ring_read(&req, from, sizeof(req));
	ret = kvs_hot_run_copy(handle, &req);
	if (ret == KVS_HOT_NOT)
		ret = kvs_quick_run(handle, &req, nowait);
	return ret != KVS_HOT_NOT ? ret : kvs_request_run(handle, &req, nowait);
}

static int kvs_request_cancel(struct kvs_call *call, struct kvs_req *req)
{
	call->req = req;
	memset(&call->res, 0, sizeof(call->res));
	call->res.status = -ECANCELED;
	return kvs_call_answer(call->req, &call->res);
}

/* Return: 0 once the result is written. */
static int kvs_request_next(struct kvs_call *call, struct kvs_handle *handle,
			    const struct kvs_req __user *from)
{
	struct kvs_req req __uninitialized;
	int ret;

	if (kvs_read_struct(&req, from, sizeof(req)))
		return -EFAULT;
	if (!req.result)
		return -EINVAL;
	if (fatal_signal_pending(current))
		return kvs_request_cancel(call, &req);
	ret = kvs_request_brief(handle, &req, false);
	if (ret != KVS_HOT_NOT)
		return ret == -EFAULT ? ret : 0;
	return kvs_request_one(call, &req);
}

/*
 * So many requests that go the short way are run before a look at who else wants
 * to run, and whether anybody still wants the answers.
 */
#define KVS_REQUEST_STRIDE 16

static int kvs_request_stride(struct kvs_call *call, struct kvs_handle *handle,
			      const struct kvs_req __user *reqs, u32 count)
{
	bool hot = !fatal_signal_pending(current);
	u32 done = hot ? kvs_hot_get_some(handle, reqs, count) : 0;
	int ret = 0;

	reqs += done;
	for (count -= done; count && !ret; count--, reqs++) {
		if (hot && kvs_hot_run_short(handle, reqs, true) != KVS_HOT_NOT)
			continue;
		cond_resched();
		ret = kvs_request_next(call, handle, reqs);
		/* What comes after a request that was cancelled is, too. */
		hot = !fatal_signal_pending(current);
	}
	return ret;
}

static int kvs_request_batch(struct kvs_call *call, struct kvs_handle *handle,
			     const struct kvs_req __user *reqs, u32 count)
{
	u32 i, some;
	int ret;

	for (i = 0; i < count; i += some) {
		cond_resched();
		some = min_t(u32, count - i, KVS_REQUEST_STRIDE);
		ret = kvs_request_stride(call, handle, &reqs[i], some);
		if (ret)
			return ret;
	}
	return 0;
}

int kvs_request_run_many(struct kvs_handle *handle, const struct kvs_vec *vec)
{
	const struct kvs_req __user *reqs = u64_to_user_ptr(vec->reqs);
	struct kvs_call call;

	if (vec->flags)
		return -EOPNOTSUPP;
	if (!vec->count || vec->count > KVS_MAX_BATCH)
		return -EINVAL;
	kvs_request_begin(&call, handle, false);
	if (!call.store)
		return -ENOTCONN;
	return kvs_request_batch(&call, handle, reqs, vec->count);
}
