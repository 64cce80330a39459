/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One request while it runs: between request.c, which knows the form of all
 * requests, and read.c, put.c and count.c, which know what each of them does.
 */
#ifndef _KVS_CALL_H
#define _KVS_CALL_H

#include <linux/kvs.h>
#include <linux/ktime.h>
#include <linux/minmax.h>
#include <linux/types.h>

#include "entry.h"
#include "evict.h"
#include "plan.h"

struct kvs_purse;
struct kvs_store;

/**
 * struct kvs_call - one request while it runs
 * @store: its store
 * @purse: what the handle pays with
 * @rights: of the handle it came through
 * @nowait: do not sleep for memory
 * @patience: jiffies that the requests of the carrier may still wait
 * @budget: what it evicted; valid once there is a change
 * @req: the kernel's private copy
 * @key: its key, hashed; valid in run functions
 * @res: its result
 */
struct kvs_call {
	struct kvs_store *store;
	struct kvs_purse *purse;
	u32 rights;
	bool nowait;
	long patience;
	struct kvs_evict_budget budget;
	struct kvs_req *req;
	struct kvs_key key;
	struct kvs_res res;
};

/**
 * kvs_call_claim_result() - make sure that the result can be written
 * @call: a call that is about to change something
 *
 * Context: may sleep.
 *
 * Return: 0 or -EFAULT.
 */
int kvs_call_claim_result(const struct kvs_call *call);

/* Times beyond those that a timer takes are never. */
static inline u64 kvs_call_deadline(const struct kvs_req *req)
{
	u64 now;

	if (req->flags & KVS_F_TTL_ABS)
		return min(req->ttl, KVS_DEADLINE_NONE);
	now = ktime_get_boottime_ns();
	return req->ttl < KVS_DEADLINE_NONE - now ? now + req->ttl :
						    KVS_DEADLINE_NONE;
}

static inline bool kvs_call_has_ttl(const struct kvs_call *call)
{
	return call->req->flags & (KVS_F_TTL | KVS_F_TTL_ABS);
}

/* The change that a request asks for, without its operands. */
static inline struct kvs_update kvs_call_update(struct kvs_call *call)
{
	call->budget = (struct kvs_evict_budget){};
	return (struct kvs_update){
		.store = call->store,
		.purse = call->purse,
		.key = &call->key,
		.flags = call->req->flags,
		.if_version = call->req->cond,
		.nowait = call->nowait,
		.patience = &call->patience,
		.budget = &call->budget,
		.spared = &call->key.hash,
		.spared_count = 1,
		.res = &call->res,
	};
}

/**
 * struct kvs_call_space - memory that a planned change refers to
 * @expect: KVS_MAX_EXPECT bytes
 * @bytes: KVS_INPLACE_MAX bytes
 */
struct kvs_call_space {
	u8 *expect;
	u8 *bytes;
};

/*
 * Plan a change without making it, for a transaction: user memory in, @update
 * out; kvs_room_drop() frees what it holds. They may sleep, and return 0 or a
 * negative errno of the ABI.
 */
int kvs_call_plan_put(struct kvs_call *call, struct kvs_update *update,
		      const struct kvs_call_space *space);
int kvs_call_plan_delete(struct kvs_call *call, struct kvs_update *update,
			 const struct kvs_call_space *space);
int kvs_call_plan_count(struct kvs_call *call, struct kvs_update *update);

/**
 * kvs_call_vet() - may a request be made, by its form and by the rights?
 * @call: with @rights and @req
 *
 * Return: 0 or a negative errno of the ABI.
 */
int kvs_call_vet(const struct kvs_call *call);

/**
 * kvs_call_answer() - write a result
 * @req: whose
 * @res: the result
 *
 * Context: may sleep.
 *
 * Return: 0 or -EFAULT.
 */
int kvs_call_answer(const struct kvs_req *req, const struct kvs_res *res);

/**
 * kvs_call_again() - somebody else was faster: may a call go on?
 *
 * Context: may sleep.
 *
 * Return: 0, or -EINTR after a fatal signal.
 */
int kvs_call_again(void);

/**
 * kvs_call_extend() - APPEND and TTL_ONLY
 * @call: the request
 * @update: its change, conditions and deadline planned
 *
 * Return: the request's status.
 */
int kvs_call_extend(struct kvs_call *call, struct kvs_update *update);

/**
 * kvs_call_slide() - give the entry that a GET has read another deadline
 * @call: the GET
 * @version: the version that it read
 *
 * Return: 0, a negative errno, or KVS_UPDATE_STALE: it must read again.
 */
int kvs_call_slide(struct kvs_call *call, u64 version);

/*
 * The checks of struct kvs_operation: they look at the request alone. The runs:
 * they may sleep, and return the request's status.
 */
int kvs_call_check_get(const struct kvs_call *call);
int kvs_call_check_put(const struct kvs_call *call);
int kvs_call_check_delete(const struct kvs_call *call);
int kvs_call_check_add(const struct kvs_call *call);
int kvs_call_check_counter(const struct kvs_call *call);
int kvs_call_check_args(const struct kvs_call *call);
int kvs_call_check_touch(const struct kvs_call *call);
int kvs_call_check_scan(const struct kvs_call *call);
int kvs_call_check_txn(const struct kvs_call *call);
int kvs_call_check_stat(const struct kvs_call *call);
int kvs_call_get(struct kvs_call *call);
int kvs_call_put(struct kvs_call *call);
int kvs_call_delete(struct kvs_call *call);
int kvs_call_add(struct kvs_call *call);
int kvs_call_xchg(struct kvs_call *call);
int kvs_call_bitop(struct kvs_call *call);
int kvs_call_bucket(struct kvs_call *call);
int kvs_call_touch(struct kvs_call *call);
int kvs_call_scan(struct kvs_call *call);
int kvs_call_delete_range(struct kvs_call *call);
int kvs_call_txn(struct kvs_call *call);
int kvs_call_stat(struct kvs_call *call);

#endif /* _KVS_CALL_H */
