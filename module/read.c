// SPDX-License-Identifier: GPL-2.0-only
/*
 * GET and STAT. Readers take no lock: they look an entry up under
 * rcu_read_lock() and read it under its version word.
 *
 * A small value goes straight to user memory, with page faults disabled. Where
 * that faults it goes through a buffer on the stack, and to user memory outside
 * RCU. A large value is immutable: a reference keeps it while it is copied.
 *
 * A reader that meets a writer looks up again, KVS_READ_TRIES times; then it
 * reads under the writers' stripe, so that nobody can keep it from its answer.
 */
#include <linux/errno.h>
#include <linux/ktime.h>
#include <linux/minmax.h>
#include <linux/processor.h>
#include <linux/rcupdate.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "call.h"
#include "store.h"
#include "trace.h"

/* What a look at an entry says besides an errno of the ABI. */
enum kvs_read_want {
	KVS_READ_AGAIN = 1, /* what was read was not one state */
	KVS_READ_BOUNCE = 2, /* user memory was not there */
};

/**
 * struct kvs_look - one look at an entry
 * @call: the request
 * @bounce: KVS_INPLACE_MAX bytes to put a small value in, or NULL for user
 *	memory
 * @large: a large entry, with a reference, to be copied afterwards
 * @stat: STAT: what to fill
 */
struct kvs_look {
	struct kvs_call *call;
	u8 *bounce;
	struct kvs_entry *large;
	struct kvs_stat *stat;
};

/* Under the version word: what it says counts only if the word stays. */
typedef int kvs_look_fn(struct kvs_look *look, struct kvs_entry *entry);

static void kvs_look_describe(struct kvs_look *look, struct kvs_entry *entry,
			      u64 version)
{
	struct kvs_res *res = &look->call->res;
	u32 value = READ_ONCE(entry->value);

	res->len = value & KVS_VALUE_LEN;
	res->kind = KVS_KIND_BLOB;
	res->version = version;
	res->user_flags = READ_ONCE(entry->user_flags);
	res->ttl = KVS_TTL_NEVER;
	res->number = 0;
	if (value & KVS_VALUE_COUNTER) {
		res->kind = KVS_KIND_COUNTER;
		res->number = READ_ONCE(*(s64 *)kvs_entry_bytes(entry));
	}
}

/* A failed look says nothing of the entry but the length that was needed. */
static void kvs_look_end(struct kvs_look *look, int ret)
{
	if (ret && ret != -ERANGE)
		memset(&look->call->res, 0, sizeof(look->call->res));
}

static void kvs_look_drop(struct kvs_look *look)
{
	if (look->large)
		kvs_entry_put(look->large);
	look->large = NULL;
}

static int kvs_look_once(struct kvs_look *look, kvs_look_fn *fn)
{
	struct kvs_call *call = look->call;
	struct kvs_entry *entry;
	u64 version;
	int ret;

	entry = kvs_table_lookup(&call->store->table, &call->key);
	if (!entry)
		return -ENOENT;
	if (!kvs_entry_read_begin(entry, &version))
		return KVS_READ_AGAIN;
	kvs_look_describe(look, entry, version);
	ret = fn(look, entry);
	if (kvs_entry_read_end(entry, version))
		return ret;
	kvs_look_drop(look);
	return KVS_READ_AGAIN;
}

static int kvs_look_lockless(struct kvs_look *look, kvs_look_fn *fn)
{
	int tries, ret = KVS_READ_AGAIN;

	for (tries = 0; tries < KVS_READ_TRIES; tries++) {
		rcu_read_lock();
		ret = kvs_look_once(look, fn);
		rcu_read_unlock();
		if (ret != KVS_READ_AGAIN)
			break;
		cpu_relax();
	}
	return ret;
}

/* No writer of the key can be met here; @fn must not touch user memory. */
static int kvs_look_locked(struct kvs_look *look, kvs_look_fn *fn)
{
	struct kvs_call *call = look->call;
	spinlock_t *stripe = kvs_store_stripe(call->store, call->key.hash);
	int ret;

	spin_lock(stripe);
	rcu_read_lock();
	ret = kvs_look_once(look, fn);
	rcu_read_unlock();
	spin_unlock(stripe);
	return ret;
}

static int kvs_look_steadily(struct kvs_look *look, kvs_look_fn *fn)
{
	int ret = kvs_look_lockless(look, fn);

	return ret == KVS_READ_AGAIN ? kvs_look_locked(look, fn) : ret;
}

static int kvs_get_small(struct kvs_look *look, struct kvs_entry *entry)
{
	void __user *to = u64_to_user_ptr(look->call->req->value);
	u32 len = look->call->res.len;
	unsigned long left;

	/* A length that was read while it changed may be anything. */
	if (len > KVS_INPLACE_MAX)
		return KVS_READ_AGAIN;
	if (look->bounce) {
		memcpy(look->bounce, kvs_entry_bytes(entry), len);
		return 0;
	}
	if (!access_ok(to, len))
		return -EFAULT;
	pagefault_disable();
	left = __copy_to_user_inatomic(to, kvs_entry_bytes(entry), len);
	pagefault_enable();
	return left ? KVS_READ_BOUNCE : 0;
}

static int kvs_get_look(struct kvs_look *look, struct kvs_entry *entry)
{
	u32 room = look->call->req->value_len;

	if (!room)
		return 0;
	if (look->call->res.len > room)
		return -ERANGE;
	if (!kvs_entry_is_large(entry))
		return kvs_get_small(look, entry);
	if (!kvs_entry_tryget(entry))
		return KVS_READ_AGAIN;
	look->large = entry;
	return 0;
}

static int kvs_get_copy(struct kvs_look *look, const void *from)
{
	struct kvs_call *call = look->call;

	if (copy_to_user(u64_to_user_ptr(call->req->value), from,
			 call->res.len))
		return -EFAULT;
	return 0;
}

/* Apart, for the size of its stack frame. */
static noinline int kvs_get_bounced(struct kvs_look *look)
{
	u8 bounce[KVS_INPLACE_MAX];
	int ret;

	look->bounce = bounce;
	ret = kvs_look_steadily(look, kvs_get_look);
	if (!ret && !look->large && look->call->req->value_len)
		ret = kvs_get_copy(look, bounce);
	return ret;
}

int kvs_call_get(struct kvs_call *call)
{
	struct kvs_look look = { .call = call };
	int ret;

	ret = kvs_look_lockless(&look, kvs_get_look);
	if (ret > 0)
		ret = kvs_get_bounced(&look);
	if (!ret && look.large)
		ret = kvs_get_copy(&look, kvs_entry_bytes(look.large));
	kvs_look_drop(&look);
	kvs_look_end(&look, ret);
	kvs_stats_inc(call->store->stats,
		      ret == -ENOENT ? KVS_STATS_MISSES : KVS_STATS_HITS);
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

static int kvs_stat_look(struct kvs_look *look, struct kvs_entry *entry)
{
	struct kvs_stat *stat = look->stat;

	stat->age = ktime_get_boottime_ns() - READ_ONCE(entry->created);
	stat->charged = kvs_entry_charge(entry);
	return 0;
}

static void kvs_stat_fill(struct kvs_stat *stat, const struct kvs_res *res)
{
	stat->size = sizeof(*stat);
	stat->kind = res->kind;
	stat->version = res->version;
	stat->value_len = res->len;
	stat->user_flags = res->user_flags;
	stat->ttl = res->ttl;
	stat->number = res->number;
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
	struct kvs_look look = { .call = call, .stat = &stat };
	int ret;

	ret = kvs_look_steadily(&look, kvs_stat_look);
	if (!ret && call->req->value_len) {
		kvs_stat_fill(&stat, &call->res);
		ret = kvs_stat_copy(call, &stat);
	}
	kvs_look_end(&look, ret);
	if (!ret)
		kvs_stats_inc(call->store->stats, KVS_STATS_STATS);
	trace_kvs_stat(call, ret);
	return ret;
}
