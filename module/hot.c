// SPDX-License-Identifier: GPL-2.0-only
/*
 * The short way of what most requests are: a GET, a PUT over a value that is no
 * shorter, an ADD to a counter, with a key that stands in the request and without
 * flags. It is one way with the general one, of which it is a case: it does what
 * that would do, or nothing, and says KVS_HOT_NOT. Whatever is unusual is the
 * other's: conditions, deadlines that change or have come, memory, long values,
 * a writer at the entry, page faults, errors other than ENOENT and EFAULT.
 */
#include <linux/kvs.h>
#include <linux/overflow.h>
#include <linux/preempt.h>
#include <linux/rcupdate.h>
#include <linux/spinlock.h>
#include <linux/uaccess.h>

#include "hot.h"
#include "sequence.h"
#include "store.h"
#include "trace.h"
#include "usercopy.h"

/* Longest value of a PUT. */
#define KVS_HOT_VALUE 64

static_assert(KVS_HOT_VALUE <= KVS_INPLACE_MAX);

/*
 * What does not sleep needs no rcu_read_lock(), which is two calls where readers
 * may be preempted: grace periods wait for who has preemption disabled, too. That
 * is not what lockdep looks for, nor possible where spinlocks sleep. Page faults
 * do not sleep then, either, where preemption is counted.
 */
static __always_inline void kvs_hot_enter(void)
{
	if (!IS_ENABLED(CONFIG_PREEMPT_RT))
		preempt_disable();
	if (!IS_ENABLED(CONFIG_PREEMPT_COUNT) || IS_ENABLED(CONFIG_PREEMPT_RT))
		pagefault_disable();
	if (IS_ENABLED(CONFIG_PROVE_RCU) || IS_ENABLED(CONFIG_PREEMPT_RT))
		rcu_read_lock();
}

static __always_inline void kvs_hot_leave(void)
{
	if (IS_ENABLED(CONFIG_PROVE_RCU) || IS_ENABLED(CONFIG_PREEMPT_RT))
		rcu_read_unlock();
	if (!IS_ENABLED(CONFIG_PREEMPT_COUNT) || IS_ENABLED(CONFIG_PREEMPT_RT))
		pagefault_enable();
	if (!IS_ENABLED(CONFIG_PREEMPT_RT))
		preempt_enable();
}

/* As kvs_call_answer() does. Return: @status or -EFAULT. */
static __always_inline int kvs_hot_answer(const struct kvs_req *req, int status,
					  u32 kind, u32 len)
{
	struct kvs_res __user *res = u64_to_user_ptr(req->result);

	if (!res)
		return status;
	if (!user_write_access_begin(res, KVS_RES_SHORT))
		return -EFAULT;
	unsafe_put_user(status, &res->status, fault);
	unsafe_put_user(0, &res->flags, fault);
	unsafe_put_user(kind, &res->kind, fault);
	unsafe_put_user(len, &res->len, fault);
	user_write_access_end();
	return status;
fault:
	user_write_access_end();
	return -EFAULT;
}

static __always_inline u32 kvs_hot_kind(u32 value)
{
	return value & KVS_VALUE_COUNTER ? KVS_KIND_COUNTER : KVS_KIND_BLOB;
}

/* Where the value is of an entry that is not large and has this key. */
static __always_inline u8 *kvs_hot_bytes(struct kvs_entry *entry,
					 const struct kvs_key *key)
{
	return (u8 *)entry + kvs_entry_offset(key->len, false);
}

/* Has the deadline of an entry come? */
static __always_inline bool kvs_hot_is_over(struct kvs_entry *entry)
{
	return unlikely(entry->shape & KVS_SHAPE_DEADLINE) &&
	       !kvs_entry_ttl(entry);
}

/*
 * A GET found it: most have no deadline, and nothing is to be noted. Return: false
 * if it is over.
 */
static __always_inline bool kvs_hot_visit(struct kvs_entry *entry)
{
	const u16 told = KVS_SHAPE_DEADLINE | KVS_SHAPE_RANK |
			 KVS_SHAPE_FETCHED;

	if (likely((READ_ONCE(entry->shape) & told) == KVS_SHAPE_FETCHED))
		return true;
	kvs_entry_visit(entry);
	return !kvs_hot_is_over(entry);
}

/* As kvs_look_in() does. Return: the value word in @value. */
static __always_inline int kvs_hot_read(const struct kvs_store *store,
					const struct kvs_key *key,
					const struct kvs_req *req, u32 *value)
{
	struct kvs_space *space = rcu_dereference(store->space);
	struct kvs_entry *entry;
	u64 version;
	u32 len;

	if (unlikely(!space))
		return KVS_HOT_NOT;
	entry = kvs_table_lookup(&space->table, key);
	if (!entry) {
		smp_rmb(); /* as in kvs_look_in() */
		return -ENOENT;
	}
	if (!kvs_entry_read_begin(entry, &version) || !kvs_hot_visit(entry))
		return KVS_HOT_NOT;
	*value = READ_ONCE(entry->value);
	len = *value & KVS_VALUE_LEN;
	if ((*value & (KVS_VALUE_LARGE | KVS_VALUE_LEN)) > KVS_INPLACE_MAX)
		return KVS_HOT_NOT;
	if (req->value_len &&
	    (len > req->value_len ||
	     kvs_write_bytes(u64_to_user_ptr(req->value),
			     kvs_hot_bytes(entry, key), len, KVS_INPLACE_MAX)))
		return KVS_HOT_NOT;
	return kvs_entry_read_end(entry, version) ? 0 : KVS_HOT_NOT;
}

int kvs_hot_get(struct kvs_store *store, struct kvs_req *req)
{
	struct kvs_key key;
	u32 value;
	int ret;

	if (req->user_flags || trace_kvs_get_enabled())
		return KVS_HOT_NOT;
	kvs_table_key(&key, req->key, req->key_len);
	kvs_hot_enter();
	ret = kvs_hot_read(store, &key, req, &value);
	kvs_hot_leave();
	if (ret > 0)
		return ret;
	if (ret) {
		kvs_stats_inc(store->stats, KVS_STATS_MISSES);
		return kvs_hot_answer(req, ret, KVS_KIND_NONE, 0);
	}
	kvs_stats_inc(store->stats, KVS_STATS_HITS);
	return kvs_hot_answer(req, 0, kvs_hot_kind(value),
			      value & KVS_VALUE_LEN);
}

/* Under the stripe: can a value of @len be written over what is there? */
static __always_inline bool
kvs_hot_takes(struct kvs_space *space, const struct kvs_entry *entry, u32 len)
{
	const u16 extras = KVS_SHAPE_DEADLINE | KVS_SHAPE_APP_VERSION;
	u32 value = entry->value;
	u16 shape = entry->shape;

	if (shape & extras || value & (KVS_VALUE_LARGE | KVS_VALUE_PINNED))
		return false;
	if (!(shape & KVS_SHAPE_RANK) && READ_ONCE(space->ledger->evicts))
		return false;
	return (value & KVS_VALUE_LEN) >= len;
}

/* Under the stripe: is it a counter that stays what it is besides? */
static __always_inline bool kvs_hot_counts(struct kvs_space *space,
					   struct kvs_entry *entry)
{
	if (!(entry->value & KVS_VALUE_COUNTER) || kvs_hot_is_over(entry))
		return false;
	return entry->shape & KVS_SHAPE_RANK || kvs_entry_is_pinned(entry) ||
	       !READ_ONCE(space->ledger->evicts);
}

static __always_inline int kvs_hot_overwrite(struct kvs_store *store,
					     struct kvs_space *space,
					     struct kvs_entry *entry,
					     const struct kvs_key *key,
					     const struct kvs_value *value)
{
	u64 version;

	if (!kvs_hot_takes(space, entry, value->len))
		return KVS_HOT_NOT;
	version = kvs_store_draw_version(store);
	kvs_entry_write_begin(entry);
	kvs_entry_copy(kvs_hot_bytes(entry, key), value->data, value->len);
	/* A blob, neither large nor pinned. */
	WRITE_ONCE(entry->value, value->len);
	WRITE_ONCE(entry->user_flags, value->user_flags);
	kvs_entry_write_end(entry, version);
	return 0;
}

static __always_inline int kvs_hot_count(struct kvs_store *store,
					 struct kvs_space *space,
					 struct kvs_entry *entry,
					 const struct kvs_key *key, s64 delta)
{
	s64 *number = (s64 *)kvs_hot_bytes(entry, key);
	u64 version;
	s64 sum;

	if (!kvs_hot_counts(space, entry) ||
	    check_add_overflow(*number, delta, &sum))
		return KVS_HOT_NOT;
	version = kvs_store_draw_version(store);
	kvs_entry_write_begin(entry);
	WRITE_ONCE(*number, sum);
	kvs_entry_write_end(entry, version);
	return 0;
}

/* As kvs_change_in() does. With @value a PUT, else an ADD of @delta. */
static __always_inline int kvs_hot_change_in(struct kvs_store *store,
					     struct kvs_space *space,
					     const struct kvs_key *key,
					     const struct kvs_value *value,
					     s64 delta)
{
	spinlock_t *stripe = kvs_space_stripe(space, key->hash);
	struct kvs_entry *entry;
	int ret = KVS_HOT_NOT;

	spin_lock(stripe);
	entry = kvs_table_lookup(&space->table, key);
	if (entry && value)
		ret = kvs_hot_overwrite(store, space, entry, key, value);
	else if (entry)
		ret = kvs_hot_count(store, space, entry, key, delta);
	spin_unlock(stripe);
	return ret;
}

/* As kvs_change_once() does. */
static __always_inline int kvs_hot_change(struct kvs_store *store,
					  const struct kvs_key *key,
					  const struct kvs_value *value,
					  s64 delta)
{
	struct kvs_space *space;
	int ret = KVS_HOT_NOT;

	kvs_hot_enter();
	space = rcu_dereference(store->space);
	if (likely(space && !READ_ONCE(space->closed)))
		ret = kvs_hot_change_in(store, space, key, value, delta);
	kvs_hot_leave();
	return ret;
}

int kvs_hot_put(struct kvs_store *store, struct kvs_req *req)
{
	u64 data[KVS_HOT_VALUE / sizeof(u64)] __uninitialized;
	const struct kvs_value value = {
		.data = data,
		.len = req->value_len,
		.user_flags = req->user_flags,
	};
	struct kvs_key key;
	int ret;

	if (req->value_len > KVS_HOT_VALUE || trace_kvs_put_enabled() ||
	    req->value_len > READ_ONCE(store->max_value) ||
	    kvs_read_bytes(data, u64_to_user_ptr(req->value), value.len,
			   KVS_HOT_VALUE) ||
	    kvs_hot_answer(req, 0, KVS_KIND_NONE, 0))
		return KVS_HOT_NOT;
	kvs_table_key(&key, req->key, req->key_len);
	ret = kvs_hot_change(store, &key, &value, 0);
	if (ret)
		return ret;
	kvs_stats_inc(store->stats, KVS_STATS_PUTS);
	return kvs_hot_answer(req, 0, KVS_KIND_BLOB, value.len);
}

int kvs_hot_add(struct kvs_store *store, struct kvs_req *req)
{
	struct kvs_key key;
	int ret;

	if (req->value_len || req->user_flags || trace_kvs_add_enabled() ||
	    kvs_hot_answer(req, 0, KVS_KIND_NONE, 0))
		return KVS_HOT_NOT;
	kvs_table_key(&key, req->key, req->key_len);
	ret = kvs_hot_change(store, &key, NULL, req->operand);
	if (ret)
		return ret;
	kvs_stats_inc(store->stats, KVS_STATS_ADDS);
	return kvs_hot_answer(req, 0, KVS_KIND_COUNTER, sizeof(s64));
}
