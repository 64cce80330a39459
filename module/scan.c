// SPDX-License-Identifier: GPL-2.0-only
/*
 * SCAN and DELETE_RANGE: one page of a range. The walk through the range is
 * walk.c's; here is user memory. Both allocate, and leave that to a context that
 * may sleep.
 */
#include <linux/align.h>
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "call.h"
#include "look.h"
#include "room.h"
#include "store.h"
#include "trace.h"
#include "update.h"
#include "usercopy.h"
#include "walk.h"

#define KVS_SCAN_ALL                                                      \
	(KVS_SCAN_DESCENDING | KVS_SCAN_KEYS_ONLY | KVS_SCAN_COUNT_ONLY | \
	 KVS_SCAN_PREFIX | KVS_SCAN_AFTER)

/**
 * struct kvs_scan - one page while it is filled
 * @call: the request
 * @args: its operands
 * @used: bytes of the page
 * @walk: the way through the range
 */
struct kvs_scan {
	struct kvs_call *call;
	struct kvs_scan_args args;
	u32 used;
	struct kvs_walk walk;
};

int kvs_call_check_scan(const struct kvs_call *call)
{
	return call->req->flags & KVS_F_ARGS ? 0 : -EINVAL;
}

static int kvs_scan_check_flags(const struct kvs_scan *scan)
{
	const u32 less = KVS_SCAN_KEYS_ONLY | KVS_SCAN_COUNT_ONLY;
	const struct kvs_scan_args *args = &scan->args;
	const struct kvs_req *req = scan->call->req;

	/* Since a version: no store has a change ring yet. */
	if (args->flags & ~KVS_SCAN_ALL || args->since)
		return -EOPNOTSUPP;
	if (args->flags & KVS_SCAN_COUNT_ONLY && (req->value || req->value_len))
		return -EOPNOTSUPP;
	if (args->flags & KVS_SCAN_PREFIX && (args->end || args->end_len))
		return -EOPNOTSUPP;
	if (req->verb == KVS_DELETE_RANGE && args->flags & less)
		return -EOPNOTSUPP;
	if ((args->flags & less) == less)
		return -EINVAL;
	if (args->flags & KVS_SCAN_AFTER && !args->last_len)
		return -EINVAL;
	return 0;
}

static int kvs_scan_check_lengths(const struct kvs_scan_args *args)
{
	if (args->start_len > KVS_MAX_KEY || args->end_len > KVS_MAX_KEY ||
	    args->last_len > KVS_MAX_KEY)
		return -ENAMETOOLONG;
	return 0;
}

/* What depends on the operands; request.c asked for the rest. */
static bool kvs_scan_allowed(const struct kvs_scan *scan)
{
	const u32 less = KVS_SCAN_KEYS_ONLY | KVS_SCAN_COUNT_ONLY;
	u32 flags = scan->args.flags;

	if (scan->call->req->verb == KVS_DELETE_RANGE)
		return !(flags & KVS_SCAN_AFTER) ||
		       scan->call->rights & KVS_RIGHT_ADMIN;
	return flags & less || scan->call->rights & KVS_RIGHT_READ;
}

/* The first key behind all that begin so: none where all bytes are 0xff. */
static u16 kvs_scan_behind_prefix(u8 *end, const u8 *prefix, u16 len)
{
	while (len && prefix[len - 1] == 0xff)
		len--;
	memcpy(end, prefix, len);
	if (len)
		end[len - 1]++;
	return len;
}

/* Of the key that the page is to go on behind. */
static u32 kvs_scan_last_len(const struct kvs_scan *scan)
{
	return scan->args.flags & KVS_SCAN_AFTER ? scan->args.last_len : 0;
}

/*
 * So that nothing is removed by a page that cannot tell how far it came. One
 * that fails leaves the key as it was.
 */
static int kvs_scan_claim_last(const struct kvs_scan *scan)
{
	const struct kvs_scan_args *args = &scan->args;
	u32 len = kvs_scan_last_len(scan);
	struct kvs_scan_args __user *to =
		u64_to_user_ptr(scan->call->req->cond);
	u8 __user *last = u64_to_user_ptr(args->last);

	if (copy_to_user(last, scan->walk.look, len) ||
	    clear_user(last + len, KVS_MAX_KEY - len) ||
	    put_user(args->last_len, &to->last_len))
		return -EFAULT;
	return 0;
}

static int kvs_scan_read_last(struct kvs_scan *scan)
{
	const struct kvs_scan_args *args = &scan->args;
	struct kvs_walk *walk = &scan->walk;

	if (!(args->flags & KVS_SCAN_AFTER))
		return 0;
	if (copy_from_user(walk->look, u64_to_user_ptr(args->last),
			   args->last_len))
		return -EFAULT;
	kvs_walk_resume(walk, walk->look, args->last_len);
	return 0;
}

static int kvs_scan_read_bounds(struct kvs_scan *scan)
{
	const struct kvs_scan_args *args = &scan->args;
	struct kvs_walk *walk = &scan->walk;
	struct kvs_range *range = &walk->range;

	range->start = walk->start;
	range->start_len = args->start_len;
	range->end_len = args->end_len;
	range->descending = args->flags & KVS_SCAN_DESCENDING;
	if (copy_from_user(walk->start, u64_to_user_ptr(args->start),
			   args->start_len) ||
	    copy_from_user(walk->end, u64_to_user_ptr(args->end),
			   args->end_len))
		return -EFAULT;
	if (args->flags & KVS_SCAN_PREFIX)
		range->end_len = kvs_scan_behind_prefix(walk->end, walk->start,
							range->start_len);
	range->end = range->end_len ? walk->end : NULL;
	return kvs_scan_read_last(scan) ?: kvs_scan_claim_last(scan);
}

static enum kvs_walk_what kvs_scan_what(const struct kvs_scan *scan)
{
	if (scan->call->req->verb == KVS_DELETE_RANGE)
		return KVS_WALK_NAMES;
	if (scan->args.flags & KVS_SCAN_COUNT_ONLY)
		return KVS_WALK_COUNT;
	return scan->args.flags & KVS_SCAN_KEYS_ONLY ? KVS_WALK_KEYS :
						       KVS_WALK_VALUES;
}

static int kvs_scan_begin(struct kvs_scan *scan, struct kvs_call *call)
{
	struct kvs_scan_args *args = &scan->args;
	struct kvs_walk *walk = &scan->walk;
	int ret;

	scan->call = call;
	scan->used = 0;
	ret = kvs_copy_sized_struct(args, sizeof(*args), sizeof(*args),
				    u64_to_user_ptr(call->req->cond), NULL);
	ret = ret ?: kvs_scan_check_flags(scan);
	ret = ret ?: kvs_scan_check_lengths(args);
	if (ret)
		return ret;
	if (!kvs_scan_allowed(scan))
		return -EACCES;
	if (!(call->store->shape & KVS_SHAPE_LINK))
		return -EOPNOTSUPP;
	walk->store = call->store;
	walk->what = kvs_scan_what(scan);
	walk->opaque = !(scan->call->rights & KVS_RIGHT_READ);
	/* Items are multiples of 8: a value must not reach behind the last. */
	walk->room = walk->what == KVS_WALK_NAMES ?
			     U32_MAX :
			     ALIGN_DOWN(call->req->value_len, 8);
	walk->limit = args->limit ?: U32_MAX;
	walk->count = 0;
	walk->visited = 0;
	return kvs_scan_read_bounds(scan);
}

static u8 __user *kvs_scan_place(const struct kvs_scan *scan)
{
	return u64_to_user_ptr(scan->call->req->value + scan->used);
}

static int kvs_scan_copy_items(struct kvs_scan *scan)
{
	const struct kvs_walk *walk = &scan->walk;

	if (copy_to_user(kvs_scan_place(scan), walk->items, walk->filled))
		return -EFAULT;
	scan->used += walk->filled;
	return 0;
}

/* The value is there already, but for what fills it up. */
static int kvs_scan_copy_around(struct kvs_scan *scan, u32 value_len,
				const struct kvs_res *res)
{
	u8 __user *place = kvs_scan_place(scan);
	struct kvs_walk *walk = &scan->walk;
	u32 key_len = walk->key.len;
	u32 front = kvs_walk_item_size(key_len, 0);
	u32 size = kvs_walk_item_size(key_len, value_len);

	memset(walk->items, 0, front);
	kvs_walk_describe(walk, (struct kvs_scan_item *)walk->items, key_len,
			  value_len, res);
	memcpy(walk->items + sizeof(struct kvs_scan_item), walk->key.data,
	       key_len);
	if (copy_to_user(place, walk->items, front) ||
	    clear_user(place + front + value_len, size - front - value_len))
		return -EFAULT;
	scan->used += size;
	walk->room -= size;
	return 0;
}

/* Return: &enum kvs_walk_state or a negative errno. */
static int kvs_scan_look_value(struct kvs_scan *scan, struct kvs_look *look)
{
	struct kvs_walk *walk = &scan->walk;
	u32 front = kvs_walk_item_size(walk->key.len, 0);
	u32 len;
	int ret;

	look->to = kvs_scan_place(scan) + front;
	if (walk->what == KVS_WALK_VALUES && walk->room > front)
		look->room = walk->room - front;
	ret = kvs_look_value(look);
	if (ret && ret != -ERANGE)
		return ret;
	len = walk->what == KVS_WALK_VALUES ? look->res->len : 0;
	walk->need = kvs_walk_item_size(walk->key.len, len);
	if (ret || walk->need > walk->room)
		return KVS_WALK_FULL;
	walk->need = 0;
	return kvs_scan_copy_around(scan, len, look->res) ?: KVS_WALK_MORE;
}

/* The entry before which the walk stopped. */
static int kvs_scan_look(struct kvs_scan *scan)
{
	struct kvs_walk *walk = &scan->walk;
	struct kvs_res res = {};
	struct kvs_look look = {
		.store = walk->store,
		.key = &walk->key,
		.res = &res,
	};
	int ret;

	if (walk->what == KVS_WALK_COUNT)
		ret = kvs_look_value(&look) ?: KVS_WALK_MORE;
	else
		ret = kvs_scan_look_value(scan, &look);
	if (ret != KVS_WALK_MORE && ret != -ENOENT)
		return ret;
	walk->count += ret == KVS_WALK_MORE;
	kvs_walk_pass(walk, walk->key.data, walk->key.len, 1);
	return KVS_WALK_MORE;
}

static int kvs_scan_step(struct kvs_scan *scan)
{
	int state = kvs_walk_step(&scan->walk);
	int ret;

	if (state < 0)
		return state;
	ret = kvs_scan_copy_items(scan);
	if (ret)
		return ret;
	return state == KVS_WALK_LOOK ? kvs_scan_look(scan) : state;
}

static int kvs_scan_delete(struct kvs_scan *scan, struct kvs_key *key)
{
	struct kvs_call *call = scan->call;
	struct kvs_res res = {};
	struct kvs_update update = {
		.store = call->store,
		.purse = call->purse,
		.key = key,
		.patience = &call->patience,
		.res = &res,
	};
	int ret;

	ret = kvs_update_delete(&update);
	if (ret && ret != -ENOENT)
		return ret;
	if (!ret) {
		call->res.number++;
		call->res.version = res.version;
	}
	kvs_walk_pass(&scan->walk, key->data, key->len, 1);
	return 0;
}

/* Removes what a step has found the names of. */
static int kvs_scan_delete_step(struct kvs_scan *scan)
{
	struct kvs_walk *walk = &scan->walk;
	int state = kvs_walk_step(walk);
	struct kvs_scan_item *item;
	struct kvs_key key;
	u32 at;
	int ret;

	for (at = 0; state >= 0 && at < walk->filled; at += item->next) {
		item = (void *)(walk->items + at);
		kvs_table_key(&key, (u8 *)(item + 1), item->key_len);
		ret = kvs_scan_delete(scan, &key);
		if (ret)
			return ret;
	}
	return state;
}

/* Return: KVS_WALK_END, KVS_WALK_FULL or a negative errno. */
static int kvs_scan_run(struct kvs_scan *scan,
			int (*step)(struct kvs_scan *scan))
{
	int state, ret;

	do {
		state = step(scan);
		if (state < 0)
			return state;
		ret = kvs_call_again();
	} while (!ret && state == KVS_WALK_MORE);
	return ret ?: state;
}

static int kvs_scan_tell_last(const struct kvs_scan *scan)
{
	struct kvs_scan_args __user *args =
		u64_to_user_ptr(scan->call->req->cond);
	u8 __user *to = u64_to_user_ptr(scan->args.last);
	u32 was = kvs_scan_last_len(scan);
	const u8 *last;
	u16 len;

	last = kvs_walk_last(&scan->walk, &len);
	if (!last)
		return 0;
	if (copy_to_user(to, last, len) ||
	    (was > len && clear_user(to + len, was - len)) ||
	    put_user((u32)len, &args->last_len))
		return -EFAULT;
	return 0;
}

static int kvs_scan_page(struct kvs_scan *scan)
{
	const struct kvs_walk *walk = &scan->walk;
	struct kvs_res *res = &scan->call->res;
	int state;

	state = kvs_scan_run(scan, kvs_scan_step);
	if (state < 0)
		return state;
	if (state == KVS_WALK_FULL && walk->need && !walk->count) {
		res->len = walk->need;
		return -ERANGE;
	}
	res->number = walk->count;
	res->len = scan->used;
	res->visited = walk->visited;
	if (state == KVS_WALK_FULL)
		res->flags |= KVS_RES_MORE;
	return kvs_scan_tell_last(scan);
}

/* What was removed is not told as a failure. */
static int kvs_scan_delete_page(struct kvs_scan *scan)
{
	struct kvs_res *res = &scan->call->res;
	int state;

	state = kvs_scan_run(scan, kvs_scan_delete_step);
	if (state < 0 && !res->number)
		return state;
	res->visited = scan->walk.visited;
	if (state != KVS_WALK_END)
		res->flags |= KVS_RES_MORE;
	return kvs_scan_tell_last(scan);
}

static int kvs_scan_call(struct kvs_call *call,
			 int (*page)(struct kvs_scan *scan))
{
	struct kvs_scan *scan;
	int ret;

	if (call->nowait)
		return -EAGAIN;
	scan = kvmalloc(sizeof(*scan), KVS_GFP);
	if (!scan)
		return -ENOMEM;
	ret = kvs_scan_begin(scan, call) ?: page(scan);
	kvfree(scan);
	return ret;
}

int kvs_call_scan(struct kvs_call *call)
{
	int ret = kvs_scan_call(call, kvs_scan_page);

	if (!ret)
		kvs_stats_inc(call->store->stats, KVS_STATS_SCANS);
	trace_kvs_scan(call, ret);
	return ret;
}

int kvs_call_delete_range(struct kvs_call *call)
{
	int ret;

	ret = kvs_call_claim_result(call);
	ret = ret ?: kvs_scan_call(call, kvs_scan_delete_page);
	trace_kvs_delete_range(call, ret);
	return ret;
}
