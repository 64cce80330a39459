// SPDX-License-Identifier: GPL-2.0-only
/*
 * The short way of what makes and ends entries: a PUT of a key that is absent,
 * with CREATE or without, and a DELETE, both without other flags but that for the
 * whole result of a PUT. As that of
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

#include "call.h"
#include "change.h"
#include "quick.h"
#include "reader.h"
#include "sequence.h"
#include "store.h"
#include "trace.h"
#include "usercopy.h"

/* Flags of a PUT that it knows. */
#define KVS_QUICK_FLAGS (KVS_F_CREATE | KVS_F_FULL_RESULT)

/* Who pays, with a reference, if the key may be absent. */
static struct kvs_payer *kvs_quick_payer(struct kvs_call *call)
{
	struct kvs_space *space;
	struct kvs_payer *payer = NULL;

	kvs_reader_enter();
	space = rcu_dereference(call->store->space);
	if (space && !READ_ONCE(space->ledger->evicts) &&
	    kvs_space_table_is_charged(space) &&
	    !kvs_table_lookup(&space->table, &call->key))
		payer = kvs_purse_payer(call->purse, space->ledger);
	kvs_reader_leave();
	return payer;
}

/* Charged, with everything but its value. */
static struct kvs_entry *kvs_quick_make(struct kvs_call *call)
{
	const struct kvs_req *req = call->req;
	const struct kvs_value value = {
		.len = req->value_len,
		.user_flags = req->user_flags,
	};
	u16 extras = call->store->shape;
	struct kvs_payer *payer = kvs_quick_payer(call);
	struct kvs_entry *entry;
	u64 charge;

	if (!payer)
		return NULL;
	charge = kvs_entry_charge_of(kvs_shape(call->key.len, extras),
				     value.len);
	if (!kvs_payer_try(payer, charge))
		goto err_put;
	/* The entry takes over the reference. */
	entry = kvs_entry_alloc(payer, &call->key, extras, &value, charge,
				call->nowait);
	if (entry)
		return entry;
	kvs_payer_uncharge(payer, charge);
err_put:
	kvs_payer_put(payer);
	return NULL;
}

static bool kvs_quick_fill(struct kvs_call *call, struct kvs_entry *entry)
{
	const struct kvs_req *req = call->req;

	return !kvs_read_bytes(kvs_entry_bytes(entry),
			       u64_to_user_ptr(req->value), req->value_len,
			       req->value_len) &&
	       !kvs_call_claim_result(call);
}

static bool kvs_quick_enter(struct kvs_call *call, struct kvs_space *space,
			    struct kvs_entry *entry)
{
	spinlock_t *stripe = kvs_space_stripe(space, entry->hash);
	bool entered;

	spin_lock(stripe);
	entered = kvs_change_enter_plain(space, entry);
	if (entered) {
		call->res.version = kvs_store_draw_version(call->store);
		kvs_entry_write_end(entry, call->res.version);
	}
	spin_unlock(stripe);
	return entered;
}

/*
 * A FLUSH or a PUBLISH may have come since it was made. If an ALTER made it a
 * store that evicts, this is one of those that have no rank.
 */
static bool kvs_quick_publish(struct kvs_call *call, struct kvs_entry *entry)
{
	struct kvs_space *space;
	bool entered = false;

	kvs_reader_enter();
	space = rcu_dereference(call->store->space);
	if (space && !READ_ONCE(space->closed) &&
	    space->ledger == kvs_payer_of(entry->payer)->ledger)
		entered = kvs_quick_enter(call, space, entry);
	kvs_reader_leave();
	return entered;
}

/* As kvs_change_describe() would. */
static void kvs_quick_answer(struct kvs_call *call)
{
	struct kvs_res *res = &call->res;

	res->flags = KVS_RES_CREATED;
	res->kind = KVS_KIND_BLOB;
	res->len = call->req->value_len;
	res->user_flags = call->req->user_flags;
	res->ttl = KVS_TTL_NEVER;
}

bool kvs_quick_put(struct kvs_call *call)
{
	const struct kvs_req *req = call->req;
	struct kvs_entry *entry;

	if (req->flags & ~KVS_QUICK_FLAGS || req->value_len > KVS_INPLACE_MAX)
		return false;
	entry = kvs_quick_make(call);
	if (!entry)
		return false;
	if (!kvs_quick_fill(call, entry) || !kvs_quick_publish(call, entry)) {
		kvs_entry_discard(entry);
		return false;
	}
	kvs_quick_answer(call);
	kvs_stats_inc(call->store->stats, KVS_STATS_PUTS);
	return true;
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

/* What is answered: that a DELETE took effect is told by zeroes alone. */
static bool kvs_quick_claim(const struct kvs_req *req)
{
	return !req->result || !kvs_write_struct(u64_to_user_ptr(req->result),
						 NULL, KVS_RES_SHORT);
}

bool kvs_quick_delete(struct kvs_store *store, struct kvs_req *req)
{
	struct kvs_space *space;
	struct kvs_key key;
	bool gone = false;

	if (req->value | req->value_len | req->user_flags ||
	    trace_kvs_delete_enabled() || !kvs_quick_claim(req))
		return false;
	kvs_table_key(&key, req->key, req->key_len);
	kvs_reader_enter();
	space = rcu_dereference(store->space);
	if (space && !READ_ONCE(space->closed))
		gone = kvs_quick_unlink(store, space, &key);
	kvs_reader_leave();
	if (gone)
		kvs_stats_inc(store->stats, KVS_STATS_DELETES);
	return gone;
}
