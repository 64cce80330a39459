// SPDX-License-Identifier: GPL-2.0-only
/*
 * The short way of what most requests are: a GET, a PUT over a value that is no
 * shorter, an ADD to a counter, all of them plain. It is one way with the general
 * one, of which it is a case: it does what that would do, or nothing, and says
 * KVS_HOT_NOT. Whatever is unusual is the other's: conditions, deadlines that
 * change or have come, memory, long values, a writer at the entry, page faults,
 * errors other than ENOENT. What was read of a request is forgotten then, and read
 * anew there.
 *
 * A change writes a short answer first, and not after: nobody may look at it
 * before the request has ended, and a result that cannot be written stops it in
 * time. Of a full one it makes sure first that it can be written.
 */
#include <linux/kvs.h>
#include <linux/overflow.h>
#include <linux/rcupdate.h>
#include <linux/spinlock.h>
#include <linux/uaccess.h>

#include "handle.h"
#include "hot.h"
#include "latency.h"
#include "plain.h"
#include "reader.h"
#include "sequence.h"
#include "store.h"
#include "told.h"
#include "trace.h"
#include "usercopy.h"

/* Longest value of a PUT. */
#define KVS_HOT_VALUE 64

static_assert(KVS_HOT_VALUE <= KVS_INPLACE_MAX);

/*
 * Where a value waits for its entry, between kvs_hot_enter() and kvs_hot_leave():
 * on the stack every GET would pay for it, too.
 */
struct kvs_hot_buffer {
	u64 words[KVS_HOT_VALUE / sizeof(u64)];
};

static DEFINE_PER_CPU(struct kvs_hot_buffer, kvs_hot_buffer);

/*
 * Page faults do not sleep where preemption is disabled and counted; but what looks
 * for those that could wants to be told.
 */
#define KVS_HOT_FAULTS_SLEEP                                                   \
	(!IS_ENABLED(CONFIG_PREEMPT_COUNT) || IS_ENABLED(CONFIG_PREEMPT_RT) || \
	 IS_ENABLED(CONFIG_PROVE_LOCKING) ||                                   \
	 IS_ENABLED(CONFIG_DEBUG_ATOMIC_SLEEP))

static __always_inline void kvs_hot_enter(void)
{
	kvs_reader_enter();
	if (KVS_HOT_FAULTS_SLEEP)
		pagefault_disable();
}

static __always_inline void kvs_hot_leave(void)
{
	if (KVS_HOT_FAULTS_SLEEP)
		pagefault_enable();
	kvs_reader_leave();
}

static __always_inline struct kvs_entry *
kvs_hot_lookup(struct kvs_space *space, const struct kvs_plain *plain)
{
	return kvs_table_search(&space->table, plain->hash, kvs_plain_is,
				plain);
}

/* Where the value is of an entry that is not large and has this key. */
static __always_inline u8 *kvs_hot_bytes(struct kvs_entry *entry,
					 const struct kvs_plain *plain)
{
	return entry->data + kvs_plain_padded(plain);
}

/* Has the deadline of an entry come? */
static __always_inline bool kvs_hot_is_over(struct kvs_entry *entry)
{
	return unlikely(READ_ONCE(entry->shape) & KVS_SHAPE_DEADLINE) &&
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

/* Of what kvs_told_full() tells of all entries alike nothing is so of these. */
static __always_inline bool kvs_hot_is_told(const struct kvs_plain *plain,
					    const struct kvs_entry *entry)
{
	return !plain->full || !(READ_ONCE(entry->shape) &
				 (KVS_SHAPE_DEADLINE | KVS_SHAPE_APP_VERSION));
}

static __always_inline void kvs_hot_describe(const struct kvs_space *space,
					     struct kvs_entry *entry,
					     const struct kvs_plain *plain,
					     u64 version, struct kvs_told *told)
{
	told->version = kvs_space_version(space, version);
	told->user_flags = READ_ONCE(entry->user_flags);
	told->number = 0;
	if (told->value & KVS_VALUE_COUNTER)
		told->number = READ_ONCE(*(s64 *)kvs_hot_bytes(entry, plain));
}

/* As kvs_look_in() does. */
static __always_inline int kvs_hot_look(const struct kvs_store *store,
					const struct kvs_plain *plain,
					struct kvs_told *told)
{
	struct kvs_space *space = rcu_dereference(store->space);
	struct kvs_entry *entry;
	u64 version;
	u32 len;

	if (unlikely(!space))
		return KVS_HOT_NOT;
	entry = kvs_hot_lookup(space, plain);
	if (!entry) {
		smp_rmb(); /* as in kvs_look_in() */
		return -ENOENT;
	}
	if (!kvs_entry_read_begin(entry, &version) || !kvs_hot_visit(entry) ||
	    !kvs_hot_is_told(plain, entry))
		return KVS_HOT_NOT;
	told->value = kvs_entry_value(entry);
	len = told->value & KVS_VALUE_LEN;
	if ((told->value & (KVS_VALUE_LARGE | KVS_VALUE_LEN)) > KVS_INPLACE_MAX)
		return KVS_HOT_NOT;
	if (plain->full)
		kvs_hot_describe(space, entry, plain, version, told);
	if (plain->value_len && (len > plain->value_len ||
				 kvs_write_bytes(u64_to_user_ptr(plain->value),
						 kvs_hot_bytes(entry, plain),
						 len, KVS_INPLACE_MAX)))
		return KVS_HOT_NOT;
	return kvs_entry_read_end(entry, version) ? 0 : KVS_HOT_NOT;
}

static __always_inline int kvs_hot_hit(struct kvs_store *store,
				       const struct kvs_plain *plain,
				       const struct kvs_told *told)
{
	int ret;

	if (unlikely(plain->full))
		ret = kvs_told_full(plain->result, told->value,
				    told->user_flags, told->version,
				    told->number, 0);
	else
		ret = kvs_told_short(plain, 0, kvs_told_kind(told->value),
				     told->value & KVS_VALUE_LEN);
	if (unlikely(ret))
		return KVS_HOT_NOT;
	kvs_stats_inc(store->stats, KVS_STATS_HITS);
	return 0;
}

static __always_inline int kvs_hot_miss(struct kvs_store *store,
					const struct kvs_plain *plain)
{
	int ret;

	if (unlikely(plain->full))
		ret = kvs_told_status(plain->result, -ENOENT);
	else
		ret = kvs_told_short(plain, -ENOENT, KVS_KIND_NONE, 0);
	if (unlikely(ret))
		return KVS_HOT_NOT;
	kvs_stats_inc(store->stats, KVS_STATS_MISSES);
	return -ENOENT;
}

static __always_inline int kvs_hot_get(struct kvs_store *store,
				       struct kvs_plain *plain)
{
	struct kvs_told told __uninitialized;
	int ret;

	if (plain->user_flags || trace_kvs_get_enabled())
		return KVS_HOT_NOT;
	kvs_plain_hash(plain);
	kvs_hot_enter();
	ret = kvs_hot_look(store, plain, &told);
	kvs_hot_leave();
	if (likely(!ret))
		return kvs_hot_hit(store, plain, &told);
	return ret == KVS_HOT_NOT ? ret : kvs_hot_miss(store, plain);
}

/* Under the stripe: can a value of @len be written over what is there? */
static __always_inline bool
kvs_hot_takes(struct kvs_space *space, const struct kvs_entry *entry, u32 len)
{
	const u16 extras = KVS_SHAPE_DEADLINE | KVS_SHAPE_APP_VERSION;
	u32 value = entry->value;
	u16 shape = READ_ONCE(entry->shape);

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
	return READ_ONCE(entry->shape) & KVS_SHAPE_RANK ||
	       kvs_entry_is_pinned(entry) || !READ_ONCE(space->ledger->evicts);
}

static __always_inline int kvs_hot_overwrite(struct kvs_store *store,
					     struct kvs_space *space,
					     struct kvs_entry *entry,
					     const struct kvs_plain *plain,
					     struct kvs_told *told)
{
	const struct kvs_hot_buffer *data = this_cpu_ptr(&kvs_hot_buffer);

	if (!kvs_hot_takes(space, entry, plain->value_len))
		return KVS_HOT_NOT;
	/* A blob, neither large nor pinned. */
	told->value = plain->value_len;
	told->user_flags = plain->user_flags;
	told->number = 0;
	told->version = kvs_store_draw_version(store);
	kvs_entry_write_begin(entry);
	kvs_entry_copy(kvs_hot_bytes(entry, plain), data, plain->value_len);
	/* As in kvs_entry_set_value(). */
	smp_store_release(&entry->value, told->value);
	WRITE_ONCE(entry->user_flags, told->user_flags);
	kvs_entry_write_end(entry, told->version);
	return 0;
}

static __always_inline int kvs_hot_count(struct kvs_store *store,
					 struct kvs_space *space,
					 struct kvs_entry *entry,
					 const struct kvs_plain *plain,
					 struct kvs_told *told)
{
	s64 *number = (s64 *)kvs_hot_bytes(entry, plain);

	if (!kvs_hot_counts(space, entry) || !kvs_hot_is_told(plain, entry) ||
	    check_add_overflow(*number, (s64)plain->value, &told->number))
		return KVS_HOT_NOT;
	told->value = entry->value;
	told->user_flags = entry->user_flags;
	told->version = kvs_store_draw_version(store);
	kvs_entry_write_begin(entry);
	WRITE_ONCE(*number, told->number);
	kvs_entry_write_end(entry, told->version);
	return 0;
}

/* As kvs_change_in() does. */
static __always_inline int kvs_hot_change_in(struct kvs_store *store,
					     struct kvs_space *space,
					     const struct kvs_plain *plain,
					     struct kvs_told *told)
{
	spinlock_t *stripe = kvs_space_stripe(space, plain->hash);
	struct kvs_entry *entry;
	int ret = KVS_HOT_NOT;

	spin_lock(stripe);
	entry = kvs_hot_lookup(space, plain);
	if (unlikely(!entry))
		;
	else if (plain->verb == KVS_PUT)
		ret = kvs_hot_overwrite(store, space, entry, plain, told);
	else
		ret = kvs_hot_count(store, space, entry, plain, told);
	spin_unlock(stripe);
	return ret;
}

/* As kvs_change_once() does. */
static __always_inline int kvs_hot_change_once(struct kvs_store *store,
					       struct kvs_plain *plain,
					       struct kvs_told *told)
{
	struct kvs_space *space;
	int ret = KVS_HOT_NOT;

	kvs_plain_hash(plain);
	kvs_hot_enter();
	space = rcu_dereference(store->space);
	if (plain->verb == KVS_PUT &&
	    kvs_read_bytes(this_cpu_ptr(&kvs_hot_buffer),
			   u64_to_user_ptr(plain->value), plain->value_len,
			   KVS_HOT_VALUE))
		space = NULL;
	if (likely(space && !READ_ONCE(space->closed)))
		ret = kvs_hot_change_in(store, space, plain, told);
	kvs_hot_leave();
	return ret;
}

/* With what a short result tells of a change. */
static __always_inline int kvs_hot_change(struct kvs_store *store,
					  struct kvs_plain *plain,
					  enum kvs_stats_item item, u32 kind,
					  u32 len)
{
	struct kvs_told told __uninitialized;
	int ret;

	ret = plain->full ? kvs_told_status(plain->result, 0) :
			    kvs_told_short(plain, 0, kind, len);
	if (unlikely(ret))
		return KVS_HOT_NOT;
	ret = kvs_hot_change_once(store, plain, &told);
	if (unlikely(ret))
		return ret;
	kvs_stats_inc(store->stats, item);
	if (likely(!plain->full))
		return 0;
	return kvs_told_full(plain->result, told.value, told.user_flags,
			     told.version, told.number,
			     plain->verb == KVS_ADD ? (s64)plain->value : 0);
}

static __always_inline int kvs_hot_add(struct kvs_store *store,
				       struct kvs_plain *plain)
{
	if (plain->value_len | plain->user_flags || trace_kvs_add_enabled())
		return KVS_HOT_NOT;
	return kvs_hot_change(store, plain, KVS_STATS_ADDS, KVS_KIND_COUNTER,
			      sizeof(s64));
}

/* Not where who has the buffer may be preempted. */
static __always_inline int kvs_hot_put(struct kvs_store *store,
				       struct kvs_plain *plain)
{
	if (IS_ENABLED(CONFIG_PREEMPT_RT) || plain->value_len > KVS_HOT_VALUE ||
	    plain->value_len > READ_ONCE(store->max_value) ||
	    trace_kvs_put_enabled())
		return KVS_HOT_NOT;
	return kvs_hot_change(store, plain, KVS_STATS_PUTS, KVS_KIND_BLOB,
			      plain->value_len);
}

/* Do these bytes lie apart, wherever they lie? Lengths are constants. */
static __always_inline bool kvs_hot_apart(u64 a, u64 a_len, u64 b, u64 b_len)
{
	return a - b + a_len - 1 >= a_len + b_len - 1;
}

/*
 * What is written before a request is given up must not be read again as part of
 * it, nor a result as the value that is put.
 */
static __always_inline bool kvs_hot_is_apart(const struct kvs_plain *plain,
					     const void *from, bool user)
{
	const u64 room = plain->full ? sizeof(struct kvs_res) : KVS_RES_SHORT;
	u64 at = (unsigned long)from;

	if (user &&
	    (!kvs_hot_apart(plain->result, room, at, sizeof(struct kvs_req)) ||
	     (plain->verb == KVS_GET &&
	      !kvs_hot_apart(plain->value, KVS_INPLACE_MAX, at,
			     sizeof(struct kvs_req)))))
		return false;
	return plain->verb != KVS_PUT ||
	       kvs_hot_apart(plain->result, room, plain->value, KVS_HOT_VALUE);
}

/* Return: can it be looked at? */
static __always_inline bool kvs_hot_read(struct kvs_plain *plain,
					 const void *from, bool user,
					 enum kvs_plain_results results,
					 bool whole)
{
	return kvs_plain_read(plain, from, user, results) &&
	       !(whole && !plain->result) &&
	       kvs_hot_is_apart(plain, from, user);
}

static __always_inline int kvs_hot_run(const struct kvs_handle *handle,
				       const void *from, bool user,
				       enum kvs_plain_results results,
				       bool whole)
{
	struct kvs_store *store = kvs_handle_store(handle);
	struct kvs_plain plain __uninitialized;
	u32 rights = handle->rights;

	if (unlikely(!store) || kvs_latency_measured() ||
	    !kvs_hot_read(&plain, from, user, results, whole))
		return KVS_HOT_NOT;
	if (plain.verb == KVS_GET && rights & KVS_RIGHT_READ)
		return kvs_hot_get(store, &plain);
	if (plain.verb == KVS_PUT && rights & KVS_RIGHT_WRITE)
		return kvs_hot_put(store, &plain);
	if (plain.verb == KVS_ADD &&
	    rights & (KVS_RIGHT_COUNT | KVS_RIGHT_WRITE))
		return kvs_hot_add(store, &plain);
	return KVS_HOT_NOT;
}

/* Changes are not worth a loop of their own. */
u32 kvs_hot_get_some(const struct kvs_handle *handle,
		     const struct kvs_req __user *from, u32 count)
{
	struct kvs_store *store = kvs_handle_store(handle);
	u32 left;

	if (unlikely(!store) || kvs_latency_measured() ||
	    !(handle->rights & KVS_RIGHT_READ))
		return 0;
	for (left = count; left; left--, from++) {
		struct kvs_plain plain __uninitialized;

		if (!kvs_hot_read(&plain, (const void __force *)from, true,
				  KVS_PLAIN_SHORT, true) ||
		    plain.verb != KVS_GET ||
		    kvs_hot_get(store, &plain) == KVS_HOT_NOT)
			break;
	}
	return count - left;
}

int kvs_hot_run_short(const struct kvs_handle *handle,
		      const struct kvs_req __user *from, bool whole)
{
	return kvs_hot_run(handle, (const void __force *)from, true,
			   KVS_PLAIN_SHORT, whole);
}

int kvs_hot_run_copy(const struct kvs_handle *handle, const struct kvs_req *req)
{
	return kvs_hot_run(handle, req, false, KVS_PLAIN_EITHER, false);
}
