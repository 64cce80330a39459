// SPDX-License-Identifier: GPL-2.0-only
/*
 * The short way of what makes and ends entries: a PUT of a key that is absent,
 * with CREATE or without, and a DELETE, both without other flags. As that of
 * hot.c it is a case of the long way (put.c, change.c): it does what that would
 * do, or nothing. Whatever is unusual is the long way's: caps, quotas, stores that
 * evict, a table that changes its size, a key that is there or is not, page
 * faults that fail.
 *
 * The long way tries under the stripe, finds that it needs memory, leaves, and
 * tries again. Here the entry is charged and made first: nobody waits and nothing
 * is evicted for that, and the value goes from user memory straight to where it
 * will be read. Until it is published it belongs to the call, which discards it
 * if anything is in the way.
 */
#include <linux/kvs.h>
#include <linux/spinlock.h>
#include <linux/uaccess.h>

#include "change.h"
#include "handle.h"
#include "latency.h"
#include "quick.h"
#include "reader.h"
#include "sequence.h"
#include "store.h"
#include "trace.h"
#include "usercopy.h"

/**
 * struct kvs_quick - a PUT while it runs
 * @store: its store
 * @purse: what the handle pays with
 * @req: the request
 * @key: its key, hashed
 * @nowait: do not sleep for memory
 */
struct kvs_quick {
	struct kvs_store *store;
	struct kvs_purse *purse;
	struct kvs_req *req;
	struct kvs_key key;
	bool nowait;
};

/* Who pays, with a reference, if the key may be absent. */
static __always_inline struct kvs_payer *
kvs_quick_payer(const struct kvs_quick *quick)
{
	struct kvs_space *space;
	struct kvs_payer *payer = NULL;

	kvs_reader_enter();
	space = rcu_dereference(quick->store->space);
	if (space && !READ_ONCE(space->ledger->evicts) &&
	    kvs_space_table_is_charged(space) &&
	    !kvs_table_lookup(&space->table, &quick->key))
		payer = kvs_purse_payer(quick->purse, space->ledger);
	kvs_reader_leave();
	return payer;
}

/* Charged, with everything but its value. */
static __always_inline struct kvs_entry *
kvs_quick_make(const struct kvs_quick *quick)
{
	const struct kvs_value value = {
		.len = quick->req->value_len,
		.user_flags = quick->req->user_flags,
	};
	u16 extras = quick->store->shape;
	struct kvs_payer *payer = kvs_quick_payer(quick);
	struct kvs_entry *entry;
	u64 charge;

	if (!payer)
		return NULL;
	charge = kvs_entry_charge_of(kvs_shape(quick->key.len, extras),
				     value.len);
	if (!kvs_payer_try(payer, charge))
		goto err_put;
	/* The entry takes over the reference. */
	entry = kvs_entry_alloc(payer, &quick->key, extras, &value, charge,
				quick->nowait);
	if (entry)
		return entry;
	kvs_payer_uncharge(payer, charge);
err_put:
	kvs_payer_put(payer);
	return NULL;
}

/* Where @res is NULL, zeroes: that of a DELETE that took effect is all zeroes. */
static __always_inline int kvs_quick_answer(const struct kvs_req *req,
					    const struct kvs_res *res)
{
	void __user *to = u64_to_user_ptr(req->result);

	return to ? kvs_write_struct(to, res, KVS_RES_SHORT) : 0;
}

static __always_inline bool kvs_quick_fill(const struct kvs_quick *quick,
					   struct kvs_entry *entry)
{
	const struct kvs_req *req = quick->req;

	might_fault();
	return !kvs_read_bytes(kvs_entry_bytes(entry),
			       u64_to_user_ptr(req->value), req->value_len,
			       KVS_INPLACE_MAX) &&
	       !kvs_quick_answer(req, NULL);
}

static __always_inline bool kvs_quick_enter(const struct kvs_quick *quick,
					    struct kvs_space *space,
					    struct kvs_entry *entry)
{
	spinlock_t *stripe = kvs_space_stripe(space, entry->hash);
	bool entered;

	spin_lock(stripe);
	entered = kvs_change_enter_plain(space, entry);
	if (entered)
		kvs_entry_write_end(entry,
				    kvs_store_draw_version(quick->store));
	spin_unlock(stripe);
	return entered;
}

/*
 * A FLUSH or a PUBLISH may have come since it was made. If an ALTER made it a
 * store that evicts, this is one of those that have no rank.
 */
static __always_inline bool kvs_quick_publish(const struct kvs_quick *quick,
					      struct kvs_entry *entry)
{
	struct kvs_space *space;
	bool entered = false;

	kvs_reader_enter();
	space = rcu_dereference(quick->store->space);
	if (space && !READ_ONCE(space->closed) &&
	    space->ledger == kvs_payer_of(entry->payer)->ledger)
		entered = kvs_quick_enter(quick, space, entry);
	kvs_reader_leave();
	return entered;
}

static int kvs_quick_put(struct kvs_store *store, struct kvs_purse *purse,
			 struct kvs_req *req, bool nowait)
{
	struct kvs_quick quick = {
		.store = store,
		.purse = purse,
		.req = req,
		.nowait = nowait,
	};
	const struct kvs_res res = {
		.flags = KVS_RES_CREATED,
		.kind = KVS_KIND_BLOB,
		.len = req->value_len,
	};
	struct kvs_entry *entry;

	if (req->value_len > KVS_INPLACE_MAX || trace_kvs_put_enabled() ||
	    req->value_len > READ_ONCE(store->max_value))
		return KVS_QUICK_NOT;
	kvs_table_key(&quick.key, req->key, req->key_len);
	entry = kvs_quick_make(&quick);
	if (!entry)
		return KVS_QUICK_NOT;
	if (!kvs_quick_fill(&quick, entry) ||
	    !kvs_quick_publish(&quick, entry)) {
		kvs_entry_discard(entry);
		return KVS_QUICK_NOT;
	}
	kvs_stats_inc(store->stats, KVS_STATS_PUTS);
	return kvs_quick_answer(req, &res);
}

static bool kvs_quick_unlink(struct kvs_store *store, struct kvs_space *space,
			     const struct kvs_key *key)
{
	spinlock_t *stripe = kvs_space_stripe(space, key->hash);
	bool gone;

	spin_lock(stripe);
	gone = kvs_change_unlink_plain(space, key);
	if (gone)
		kvs_store_draw_version(store);
	spin_unlock(stripe);
	return gone;
}

static int kvs_quick_delete(struct kvs_store *store, struct kvs_req *req)
{
	struct kvs_space *space;
	struct kvs_key key;
	bool gone = false;

	if (req->value | req->value_len | req->user_flags ||
	    trace_kvs_delete_enabled() || kvs_quick_answer(req, NULL))
		return KVS_QUICK_NOT;
	kvs_table_key(&key, req->key, req->key_len);
	kvs_reader_enter();
	space = rcu_dereference(store->space);
	if (space && !READ_ONCE(space->closed))
		gone = kvs_quick_unlink(store, space, &key);
	kvs_reader_leave();
	if (!gone)
		return KVS_QUICK_NOT;
	kvs_stats_inc(store->stats, KVS_STATS_DELETES);
	return 0;
}

int kvs_quick_run(struct kvs_handle *handle, struct kvs_req *req, bool nowait)
{
	struct kvs_store *store = kvs_handle_store(handle);

	if (!store || kvs_latency_measured() || req->flags & ~KVS_F_CREATE ||
	    req->ttl | req->cond || req->key_len - 1U >= KVS_INLINE_KEY ||
	    !(handle->rights & KVS_RIGHT_WRITE))
		return KVS_QUICK_NOT;
	if (req->verb == KVS_PUT)
		return kvs_quick_put(store, &handle->purse, req, nowait);
	if (req->verb == KVS_DELETE && !req->flags)
		return kvs_quick_delete(store, req);
	return KVS_QUICK_NOT;
}
