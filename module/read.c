// SPDX-License-Identifier: GPL-2.0-only
/*
 * GET and STAT. How an entry is read is look.c's.
 */
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "call.h"
#include "look.h"
#include "store.h"
#include "trace.h"

int kvs_call_check_get(const struct kvs_call *call)
{
	u32 flags = call->req->flags;

	if (flags & KVS_F_IF_VERSION && flags & KVS_F_IF_CHANGED)
		return -EINVAL;
	if (flags & KVS_F_TTL && flags & KVS_F_TTL_ABS)
		return -EINVAL;
	return flags & KVS_F_TTL && !call->req->ttl ? -EINVAL : 0;
}

/* Slide the deadline of just that entry whose value was read. */
static int kvs_get_and_slide(struct kvs_call *call, struct kvs_look *look)
{
	int ret;

	ret = kvs_call_claim_result(call);
	while (!ret) {
		struct kvs_res *res = look->res;
		u32 flags, len;

		memset(res, 0, sizeof(*res));
		ret = kvs_look_value(look);
		if (ret)
			break;
		flags = res->flags;
		len = res->len;
		ret = kvs_call_slide(call, res->version);
		res->flags = flags;
		res->len = len;
		if (ret != KVS_UPDATE_STALE)
			break;
		ret = kvs_call_again();
	}
	return ret;
}

static void kvs_get_count(struct kvs_call *call, const struct kvs_look *look,
			  int ret)
{
	struct kvs_stats __percpu *stats = call->store->stats;

	kvs_stats_inc(stats,
		      ret == -ENOENT ? KVS_STATS_MISSES : KVS_STATS_HITS);
	if (ret == -ENOENT && look->expired)
		kvs_stats_inc(stats, KVS_STATS_MISSES_EXPIRED);
}

int kvs_call_get(struct kvs_call *call)
{
	const struct kvs_req *req = call->req;
	struct kvs_look look = {
		.store = call->store,
		.key = &call->key,
		.flags = req->flags,
		.offset = req->offset,
		.cond = req->cond,
		.to = u64_to_user_ptr(req->value),
		.room = req->value_len,
		.visits = !(req->flags & KVS_F_NO_TOUCH),
		.res = &call->res,
	};
	int ret;

	if (unlikely(kvs_call_has_ttl(call)))
		ret = kvs_get_and_slide(call, &look);
	else
		ret = kvs_look_value(&look);
	/* A caller told to come back comes with the same request. */
	if (!(req->flags & KVS_F_NO_TOUCH) && ret != -EAGAIN)
		kvs_get_count(call, &look, ret);
	trace_kvs_get(call, ret);
	return ret;
}

int kvs_call_check_stat(const struct kvs_call *call)
{
	u32 len = call->req->value_len;

	if (len && len < KVS_STAT_MIN)
		return -EINVAL;
	return len > PAGE_SIZE ? -E2BIG : 0;
}

static int kvs_stat_copy(const struct kvs_call *call,
			 const struct kvs_stat *stat)
{
	u8 __user *to = u64_to_user_ptr(call->req->value);
	size_t len = call->req->value_len;
	size_t known = min(len, sizeof(*stat));

	if (copy_to_user(to, stat, known) ||
	    clear_user(to + known, len - known))
		return -EFAULT;
	return 0;
}

int kvs_call_stat(struct kvs_call *call)
{
	struct kvs_stat stat = {};
	struct kvs_look look = {
		.store = call->store,
		.key = &call->key,
		.stat = &stat,
		.res = &call->res,
	};
	int ret = kvs_look_stat(&look);

	if (!ret) {
		ret = kvs_stat_copy(call, &stat);
		if (ret)
			memset(&call->res, 0, sizeof(call->res));
	}
	if (!ret)
		kvs_stats_inc(call->store->stats, KVS_STATS_STATS);
	trace_kvs_stat(call, ret);
	return ret;
}
