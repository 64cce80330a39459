// SPDX-License-Identifier: GPL-2.0-only
/*
 * TXN: what user space asks for is read, checked and planned, run as one step by
 * txn.c, and answered.
 *
 * All user memory that will be written is written before anything is done, so
 * that only a second thread that unmaps it during the call can keep a
 * transaction that took effect from its answer.
 */
#include <linux/errno.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "call.h"
#include "limits.h"
#include "room.h"
#include "store.h"
#include "tally.h"
#include "trace.h"
#include "txn.h"
#include "update.h"
#include "usercopy.h"

/**
 * struct kvs_transact - a TXN while it is read and answered
 * @call: the request
 * @args: its operands
 * @txn: what to run
 * @keys: memory for the keys
 * @next_key: where the next one goes
 * @writes: an operation may change something
 */
struct kvs_transact {
	struct kvs_call *call;
	struct kvs_txn_args args;
	struct kvs_txn txn;
	u8 *keys;
	u8 *next_key;
	bool writes;
};

int kvs_call_check_txn(const struct kvs_call *call)
{
	return call->req->flags & KVS_F_ARGS ? 0 : -EINVAL;
}

static u32 kvs_transact_op_count(const struct kvs_transact *transact)
{
	return transact->args.then_count + transact->args.else_count;
}

static int kvs_transact_read_args(struct kvs_transact *transact)
{
	struct kvs_txn_args *args = &transact->args;
	u64 count;
	int ret;

	ret = kvs_copy_sized_struct(args, sizeof(*args), sizeof(*args),
				    u64_to_user_ptr(transact->call->req->cond),
				    NULL);
	if (ret)
		return ret;
	if (args->flags || args->reserved)
		return -EOPNOTSUPP;
	count = (u64)args->compare_count + args->then_count + args->else_count;
	return count && count <= KVS_MAX_TXN_OPS ? 0 : -EINVAL;
}

static int kvs_transact_alloc(struct kvs_transact *transact)
{
	const struct kvs_txn_args *args = &transact->args;
	u32 ops = kvs_transact_op_count(transact);
	struct kvs_txn *txn = &transact->txn;

	txn->compares = kvcalloc(args->compare_count + 1,
				 sizeof(*txn->compares), KVS_GFP);
	txn->ops = kvcalloc(ops + 1, sizeof(*txn->ops), KVS_GFP);
	transact->keys =
		kvmalloc_array(args->compare_count + ops, KVS_MAX_KEY, KVS_GFP);
	transact->next_key = transact->keys;
	return txn->compares && txn->ops && transact->keys ? 0 : -ENOMEM;
}

static void kvs_transact_free(struct kvs_transact *transact)
{
	struct kvs_txn *txn = &transact->txn;
	u32 i;

	/* Those that were not read are zeroes. */
	for (i = 0; txn->ops && i < kvs_transact_op_count(transact); i++) {
		kvs_room_drop(&txn->ops[i].update);
		if (txn->ops[i].large)
			kvs_entry_put(txn->ops[i].large);
	}
	kvfree(txn->compares);
	kvfree(txn->ops);
	kvfree(transact->keys);
}

static int kvs_transact_read_key(struct kvs_transact *transact,
				 struct kvs_key *key, const void __user *from,
				 u32 len)
{
	if (!len)
		return -EINVAL;
	if (len > KVS_MAX_KEY)
		return -ENAMETOOLONG;
	if (copy_from_user(transact->next_key, from, len))
		return -EFAULT;
	kvs_table_key(key, transact->next_key, len);
	transact->next_key += ALIGN(len, 8);
	return 0;
}

static int kvs_transact_check_compare(const struct kvs_compare *raw)
{
	if (raw->target < KVS_COMPARE_EXISTS ||
	    raw->target > KVS_COMPARE_VALUE || raw->op < KVS_COMPARE_EQ ||
	    raw->op > KVS_COMPARE_GT)
		return -EOPNOTSUPP;
	if (raw->target == KVS_COMPARE_VALUE)
		return raw->operand_len > KVS_MAX_EXPECT ? -EINVAL : 0;
	if (raw->operand_len)
		return -EOPNOTSUPP;
	if (raw->target == KVS_COMPARE_EXISTS)
		return raw->operand > 1 || raw->op > KVS_COMPARE_NE ? -EINVAL :
								      0;
	return 0;
}

static int kvs_transact_read_compare(struct kvs_transact *transact,
				     struct kvs_txn_compare *compare,
				     const struct kvs_compare __user *from)
{
	struct kvs_compare raw;
	int ret;

	if (copy_from_user(&raw, from, sizeof(raw)))
		return -EFAULT;
	ret = kvs_transact_check_compare(&raw);
	if (ret)
		return ret;
	compare->target = raw.target;
	compare->op = raw.op;
	compare->operand = raw.operand;
	compare->len = raw.operand_len;
	if (copy_from_user(compare->bytes, u64_to_user_ptr(raw.operand),
			   raw.operand_len))
		return -EFAULT;
	return kvs_transact_read_key(transact, &compare->key,
				     u64_to_user_ptr(raw.key), raw.key_len);
}

static int kvs_transact_read_compares(struct kvs_transact *transact)
{
	const struct kvs_compare __user *from =
		u64_to_user_ptr(transact->args.compares);
	struct kvs_txn *txn = &transact->txn;
	int ret = 0;
	u32 i;

	if (transact->args.compare_count &&
	    !(transact->call->rights & KVS_RIGHT_READ))
		return -EACCES;
	for (i = 0; !ret && i < transact->args.compare_count; i++)
		ret = kvs_transact_read_compare(transact, &txn->compares[i],
						&from[i]);
	txn->compare_count = i;
	return ret;
}

/* What a transaction cannot do, though an operation alone can. */
static bool kvs_transact_can(const struct kvs_req *req)
{
	switch (req->verb) {
	case KVS_GET:
		return !(req->flags & ~(KVS_F_FULL_RESULT | KVS_F_NO_TOUCH));
	case KVS_PUT:
		return !(req->flags &
			 (KVS_F_APPEND | KVS_F_TTL_ONLY | KVS_F_RET_OLD));
	case KVS_DELETE:
		return !(req->flags & KVS_F_RET_OLD);
	case KVS_ADD:
	case KVS_XCHG:
	case KVS_BITOP:
	case KVS_BUCKET:
		return true;
	default:
		return false;
	}
}

static int kvs_transact_plan(struct kvs_txn_op *op, struct kvs_call *sub)
{
	static const struct {
		kvs_change_fn *try;
		enum kvs_stats_item item;
	} ways[] = {
		[KVS_PUT] = { kvs_update_try_put, KVS_STATS_PUTS },
		[KVS_DELETE] = { kvs_update_try_delete, KVS_STATS_DELETES },
		[KVS_ADD] = { kvs_tally_try_add, KVS_STATS_ADDS },
		[KVS_XCHG] = { kvs_tally_try_xchg, KVS_STATS_XCHGS },
		[KVS_BITOP] = { kvs_tally_try_bitop, KVS_STATS_BITOPS },
		[KVS_BUCKET] = { kvs_tally_try_bucket, KVS_STATS_BUCKETS },
	};
	const struct kvs_call_space space = {
		.expect = op->expect,
		.bytes = op->bytes,
	};

	if (op->req.verb == KVS_GET) {
		op->room = op->req.value_len;
		return 0;
	}
	op->try = ways[op->req.verb].try;
	op->item = ways[op->req.verb].item;
	if (op->req.verb == KVS_PUT)
		return kvs_call_plan_put(sub, &op->update, &space);
	if (op->req.verb == KVS_DELETE)
		return kvs_call_plan_delete(sub, &op->update, &space);
	return kvs_call_plan_count(sub, &op->update);
}

static int kvs_transact_read_op_key(struct kvs_transact *transact,
				    struct kvs_txn_op *op)
{
	struct kvs_req *req = &op->req;

	if (req->key_len > KVS_INLINE_KEY)
		return kvs_transact_read_key(transact, &op->key,
					     u64_to_user_ptr(req->key_addr),
					     req->key_len);
	kvs_table_key(&op->key, req->key, req->key_len);
	return 0;
}

static int kvs_transact_read_op(struct kvs_transact *transact,
				struct kvs_txn_op *op,
				const struct kvs_req __user *from)
{
	struct kvs_call sub = *transact->call;
	int ret;

	if (copy_from_user(&op->req, from, sizeof(op->req)))
		return -EFAULT;
	sub.req = &op->req;
	if (!kvs_transact_can(&op->req))
		return -EOPNOTSUPP;
	ret = kvs_call_vet(&sub);
	if (ret)
		return ret;
	if (!op->req.result)
		return -EINVAL;
	return kvs_transact_read_op_key(transact, op);
}

static int kvs_transact_plan_op(struct kvs_transact *transact,
				struct kvs_txn_op *op)
{
	struct kvs_call sub = *transact->call;
	int ret;

	sub.req = &op->req;
	op->update = kvs_call_update(&sub);
	op->update.key = &op->key;
	op->update.patience = &transact->txn.patience;
	op->update.budget = &transact->txn.budget;
	op->update.spared = transact->txn.spared;
	op->update.spared_count = transact->txn.spared_count;
	op->update.res = &op->res;
	ret = kvs_transact_plan(op, &sub);
	if (op->try)
		transact->writes = true;
	return ret;
}

/* Each key at most once, so that the order of operations says nothing. */
static bool kvs_transact_repeats(const struct kvs_txn_op *first,
				 const struct kvs_txn_op *op)
{
	const struct kvs_txn_op *other;

	for (other = first; other < op; other++) {
		if (other->key.hash == op->key.hash &&
		    other->key.len == op->key.len &&
		    !memcmp(other->key.data, op->key.data, op->key.len))
			return true;
	}
	return false;
}

static int kvs_transact_answer_value(struct kvs_txn_op *op)
{
	const void *from = op->bytes;

	if (op->try || !op->room || op->res.status)
		return 0;
	if (op->large)
		from = kvs_entry_bytes(op->large);
	return copy_to_user(u64_to_user_ptr(op->req.value), from, op->res.len) ?
		       -EFAULT :
		       0;
}

/* What did not run says so, as does everything if one cannot. */
static int kvs_transact_answer_ops(struct kvs_transact *transact, int status)
{
	struct kvs_txn *txn = &transact->txn;
	int ret = 0;
	u32 i;

	for (i = 0; i < txn->then_count + txn->else_count; i++) {
		struct kvs_txn_op *op = &txn->ops[i];
		bool ran = op >= txn->chosen &&
			   op < txn->chosen + txn->chosen_count;
		bool failed = txn->failed_op >= 0 &&
			      op == txn->chosen + txn->failed_op;

		if (!ran || (status && !failed)) {
			memset(&op->res, 0, sizeof(op->res));
			op->res.status = -ECANCELED;
		}
		if (kvs_transact_answer_value(op) ||
		    kvs_call_answer(&op->req, &op->res))
			ret = -EFAULT;
	}
	return ret;
}

/* An operation cannot be made, and so none is. */
static int kvs_transact_refuse(struct kvs_transact *transact,
			       struct kvs_txn_op *first, u32 index, int status)
{
	struct kvs_txn *txn = &transact->txn;

	txn->chosen = first;
	txn->chosen_count = index + 1;
	txn->failed_op = index;
	first[index].res.status = status;
	transact->call->res.number = index;
	if (first == txn->ops + txn->then_count)
		transact->call->res.flags = KVS_RES_ELSE;
	return kvs_transact_answer_ops(transact, status) ?: status;
}

static int kvs_transact_read_ops(struct kvs_transact *transact,
				 struct kvs_txn_op *first, u64 addr, u32 count,
				 u32 *done)
{
	const struct kvs_req __user *from = u64_to_user_ptr(addr);
	int ret = 0;

	for (; !ret && *done < count; ++*done) {
		struct kvs_txn_op *op = first + *done;

		ret = kvs_transact_read_op(transact, op, from + *done);
		if (!ret && kvs_transact_repeats(first, op))
			ret = -EINVAL;
	}
	return ret;
}

static int kvs_transact_plan_ops(struct kvs_transact *transact,
				 struct kvs_txn_op *first, u32 count)
{
	int ret;
	u32 i;

	for (i = 0; i < count; i++) {
		ret = kvs_transact_plan_op(transact, first + i);
		if (ret)
			return kvs_transact_refuse(transact, first, i, ret);
	}
	return 0;
}

/* What is planned knows all keys; it is freed with the others. */
static int kvs_transact_plan_all(struct kvs_transact *transact)
{
	struct kvs_txn *txn = &transact->txn;
	int ret;

	kvs_txn_spare(txn);
	ret = kvs_transact_plan_ops(transact, txn->ops, txn->then_count);
	if (ret)
		return ret;
	return kvs_transact_plan_ops(transact, txn->ops + txn->then_count,
				     txn->else_count);
}

static int kvs_transact_read(struct kvs_transact *transact)
{
	const struct kvs_txn_args *args = &transact->args;
	struct kvs_txn *txn = &transact->txn;
	int ret;

	ret = kvs_transact_read_compares(transact);
	if (!ret)
		ret = kvs_transact_read_ops(transact, txn->ops, args->thens,
					    args->then_count, &txn->then_count);
	if (!ret)
		ret = kvs_transact_read_ops(transact,
					    txn->ops + args->then_count,
					    args->elses, args->else_count,
					    &txn->else_count);
	return ret;
}

static int kvs_transact_claim(struct kvs_transact *transact)
{
	struct kvs_txn *txn = &transact->txn;
	struct kvs_call sub = *transact->call;
	u32 i;

	if (kvs_call_claim_result(transact->call))
		return -EFAULT;
	for (i = 0; i < txn->then_count + txn->else_count; i++) {
		struct kvs_req *req = &txn->ops[i].req;

		sub.req = req;
		if (kvs_call_claim_result(&sub))
			return -EFAULT;
		if (req->verb == KVS_GET && transact->writes &&
		    clear_user(u64_to_user_ptr(req->value),
			       min_t(u32, req->value_len, KVS_MAX_VALUE)))
			return -EFAULT;
		cond_resched();
		if (fatal_signal_pending(current))
			return -EINTR;
	}
	return 0;
}

static int kvs_transact_run(struct kvs_transact *transact)
{
	struct kvs_res *res = &transact->call->res;
	struct kvs_txn *txn = &transact->txn;
	int ret;

	ret = kvs_transact_claim(transact);
	if (ret)
		return ret;
	ret = kvs_txn_run(txn);
	if (ret) {
		res->number = max(txn->failed_op, 0);
	} else {
		res->version = txn->version;
		if (txn->failed_compare >= 0) {
			res->flags = KVS_RES_ELSE;
			res->number = txn->failed_compare;
		}
	}
	return kvs_transact_answer_ops(transact, ret) ?: ret;
}

static int kvs_transact_begin(struct kvs_transact *transact)
{
	int ret;

	ret = kvs_transact_read_args(transact);
	if (ret)
		return ret;
	ret = kvs_transact_alloc(transact);
	if (!ret)
		ret = kvs_transact_read(transact);
	if (!ret)
		ret = kvs_transact_plan_all(transact);
	if (!ret)
		ret = kvs_transact_run(transact);
	kvs_transact_free(transact);
	return ret;
}

int kvs_call_txn(struct kvs_call *call)
{
	struct kvs_transact transact = {
		.call = call,
		.txn.store = call->store,
		.txn.patience = call->patience,
		.txn.failed_op = -1,
		.txn.failed_compare = -1,
	};
	int ret;

	/* Room for so much is not had without sleeping. */
	ret = call->nowait ? -EAGAIN : kvs_transact_begin(&transact);
	call->patience = transact.txn.patience;
	trace_kvs_txn(call, ret);
	return ret;
}
