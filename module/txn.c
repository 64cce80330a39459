// SPDX-License-Identifier: GPL-2.0-only
/*
 * A transaction holds the stripes of all its keys, and does under them:
 *
 *   compare   which of the two lists of operations runs
 *   try       would each be made? What needs memory, or cannot be made, ends the
 *             round here: nothing has been changed yet
 *   place     what is inserted gets its place in the table, busy; where one gets
 *             none, those before it lose theirs
 *   make      everything that will be changed is marked busy, and then changed;
 *             nothing of this can fail
 *
 * A reader that meets a busy entry waits, at last for its stripe. Since all are
 * busy before the first has its new state, whoever has seen a part of the
 * transaction sees all of it.
 *
 * Stripes are taken in ascending order, under the store's txn mutex, which tells
 * lockdep so. Nothing under them sleeps, allocates or touches user memory.
 */
#include <linux/errno.h>
#include <linux/ktime.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/sched/signal.h>
#include <linux/sort.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include "entry.h"
#include "room.h"
#include "sequence.h"
#include "space.h"
#include "store.h"
#include "txn.h"

/* Behind the last of the operations that run. */
static struct kvs_txn_op *kvs_txn_end(const struct kvs_txn *txn)
{
	return txn->chosen + txn->chosen_count;
}

static int kvs_txn_order(u64 a, u64 b)
{
	return a < b ? -1 : a > b;
}

static int kvs_txn_by_number(const void *a, const void *b)
{
	return kvs_txn_order(*(const u32 *)a, *(const u32 *)b);
}

/* Spaces of one store have the same number of stripes. */
static void kvs_txn_collect_stripes(struct kvs_txn *txn, u32 mask)
{
	u32 i, n = 0;

	for (i = 0; i < txn->compare_count; i++)
		txn->stripes[n++] = txn->compares[i].key.hash & mask;
	for (i = 0; i < txn->then_count + txn->else_count; i++)
		txn->stripes[n++] = txn->ops[i].key.hash & mask;
	sort(txn->stripes, n, sizeof(*txn->stripes), kvs_txn_by_number, NULL);
	for (i = 0, txn->stripe_count = 0; i < n; i++) {
		if (!i || txn->stripes[i] != txn->stripes[i - 1])
			txn->stripes[txn->stripe_count++] = txn->stripes[i];
	}
}

static void kvs_txn_lock(struct kvs_txn *txn, struct kvs_space *space)
{
	spinlock_t *lock; /* one after the other */
	u32 i;

	kvs_txn_collect_stripes(txn, space->stripe_mask);
	for (i = 0; i < txn->stripe_count; i++) {
		lock = &space->stripes[txn->stripes[i]];
		spin_lock_nest_lock(lock, &txn->store->txn);
		/* For sparse, which cannot count what a loop takes. */
		__release(lock);
	}
}

static void kvs_txn_unlock(struct kvs_txn *txn, struct kvs_space *space)
{
	u32 i = txn->stripe_count;
	spinlock_t *lock; /* the last one first */

	while (i--) {
		lock = &space->stripes[txn->stripes[i]];
		__acquire(lock);
		spin_unlock(lock);
	}
}

static bool kvs_txn_holds(u32 op, int order)
{
	switch (op) {
	case KVS_COMPARE_EQ:
		return !order;
	case KVS_COMPARE_NE:
		return order;
	case KVS_COMPARE_LT:
		return order < 0;
	default:
		return order > 0;
	}
}

static int kvs_txn_order_bytes(const struct kvs_txn_compare *compare,
			       struct kvs_entry *entry)
{
	u32 len = entry->value & KVS_VALUE_LEN;
	int order = memcmp(kvs_entry_bytes(entry), compare->bytes,
			   min(len, compare->len));

	return order ?: kvs_txn_order(len, compare->len);
}

static bool kvs_txn_compare_number(const struct kvs_txn_compare *compare,
				   struct kvs_entry *entry)
{
	s64 operand = compare->operand;
	s64 number;

	if (!(entry->value & KVS_VALUE_COUNTER))
		return false;
	number = *(s64 *)kvs_entry_bytes(entry);
	return kvs_txn_holds(compare->op,
			     number < operand ? -1 : number > operand);
}

/*
 * As etcd has it, a key that is absent has version 0; it has no number and no
 * value, so that no compare of those holds.
 */
static bool kvs_txn_compare(const struct kvs_txn_compare *compare,
			    struct kvs_space *space, u64 now)
{
	struct kvs_entry *entry = kvs_change_find(space, &compare->key, now);
	u64 version = entry ? kvs_space_version(space, entry->version) : 0;
	int order;

	switch (compare->target) {
	case KVS_COMPARE_EXISTS:
		order = kvs_txn_order(!!entry, compare->operand);
		return kvs_txn_holds(compare->op, order);
	case KVS_COMPARE_VERSION:
		order = kvs_txn_order(version, compare->operand);
		return kvs_txn_holds(compare->op, order);
	case KVS_COMPARE_NUMBER:
		return entry && kvs_txn_compare_number(compare, entry);
	default:
		if (!entry)
			return false;
		order = kvs_txn_order_bytes(compare, entry);
		return kvs_txn_holds(compare->op, order);
	}
}

static void kvs_txn_choose(struct kvs_txn *txn, struct kvs_space *space)
{
	u32 i;

	txn->failed_compare = -1;
	txn->chosen = txn->ops;
	txn->chosen_count = txn->then_count;
	for (i = 0; i < txn->compare_count; i++) {
		if (kvs_txn_compare(&txn->compares[i], space, txn->now))
			continue;
		txn->failed_compare = i;
		txn->chosen += txn->then_count;
		txn->chosen_count = txn->else_count;
		return;
	}
}

/* A key that is absent is an answer. */
static int kvs_txn_get(struct kvs_txn_op *op)
{
	struct kvs_entry *entry = op->update.old;

	if (!entry) {
		op->res.status = -ENOENT;
		return 0;
	}
	kvs_change_describe(&op->update, entry);
	if (!(op->req.flags & KVS_F_NO_TOUCH))
		kvs_entry_visit(entry);
	if (!op->room)
		return 0;
	if (op->res.len > op->room)
		return -ERANGE;
	if (!kvs_entry_is_large(entry))
		memcpy(op->bytes, kvs_entry_bytes(entry), op->res.len);
	else if (kvs_entry_tryget(entry))
		op->large = entry;
	return 0;
}

static void kvs_txn_forget_value(struct kvs_txn_op *op)
{
	if (op->large)
		kvs_entry_put(op->large);
	op->large = NULL;
}

/* A DELETE without a condition of what is absent is none to fail for. */
static bool kvs_txn_is_answer(const struct kvs_txn_op *op, int ret)
{
	return ret == -ENOENT && op->req.verb == KVS_DELETE &&
	       !(op->req.flags & (KVS_F_IF_VERSION | KVS_F_IF_EQ));
}

static int kvs_txn_try_one(struct kvs_txn_op *op)
{
	struct kvs_update *update = &op->update;
	int ret;

	memset(&op->res, 0, sizeof(op->res));
	update->old = kvs_change_find(update->space, &op->key, update->now);
	update->evicts = READ_ONCE(update->space->ledger->evicts);
	update->ranks = false;
	update->inserts = false;
	update->pins = 0;
	if (!op->try)
		return kvs_txn_get(op);
	if (kvs_change_pays_elsewhere(update))
		return KVS_CHANGE_MOVE;
	update->stage = KVS_STAGE_TRY;
	ret = op->try(update, update->old);
	if (!kvs_txn_is_answer(op, ret))
		return ret;
	op->res.status = ret;
	return 0;
}

/*
 * Return: 0, why it cannot be, or, where operations want something, what one of
 * them wants: each is noted in its result's status for kvs_txn_provide().
 */
static int kvs_txn_try(struct kvs_txn *txn, struct kvs_space *space)
{
	struct kvs_txn_op *op;
	int wants = 0;

	for (op = txn->chosen; op < kvs_txn_end(txn); op++) {
		int ret;

		op->update.space = space;
		op->update.now = txn->now;
		ret = kvs_txn_try_one(op);
		if (ret < 0) {
			op->res.status = ret;
			txn->failed_op = op - txn->chosen;
			return ret;
		}
		if (ret) {
			op->res.status = ret;
			wants = ret;
		}
	}
	return wants;
}

/* Return: whether there was something to displace. */
static bool kvs_txn_displace(struct kvs_txn *txn, struct kvs_txn_op *end)
{
	struct kvs_txn_op *op;
	bool displaced = false;

	for (op = txn->chosen; op < end; op++) {
		if (!kvs_change_takes_place(&op->update))
			continue;
		kvs_change_displace(&op->update);
		displaced = true;
	}
	return displaced;
}

/* Who is short of a place is so for all that would come behind it. */
static void kvs_txn_want_room(struct kvs_txn *txn, struct kvs_txn_op *op)
{
	for (; op < kvs_txn_end(txn); op++) {
		if (op->update.inserts)
			op->res.status = KVS_CHANGE_ROOM;
	}
}

/* What had a place and lost it may still be looked at by readers. */
static int kvs_txn_place(struct kvs_txn *txn, bool *displaced)
{
	struct kvs_txn_op *op;

	for (op = txn->chosen; op < kvs_txn_end(txn); op++) {
		int ret;

		if (!kvs_change_takes_place(&op->update))
			continue;
		ret = kvs_change_place(&op->update);
		if (!ret)
			continue;
		*displaced = kvs_txn_displace(txn, op);
		op->res.status = ret;
		if (ret == KVS_CHANGE_ROOM)
			kvs_txn_want_room(txn, op);
		if (ret < 0)
			txn->failed_op = op - txn->chosen;
		return ret;
	}
	return 0;
}

static bool kvs_txn_changes(const struct kvs_txn_op *op)
{
	return op->try && !op->res.status;
}

static void kvs_txn_make_one(struct kvs_txn_op *op)
{
	struct kvs_update *update = &op->update;
	struct kvs_entry *old;

	memset(&op->res, 0, sizeof(op->res));
	update->stage = KVS_STAGE_MAKE;
	op->try(update, update->old);
	/* What was left as it is, as a bucket that refused. */
	old = update->old;
	if (old && old->version & KVS_VERSION_BUSY)
		kvs_entry_write_end(old, old->version & ~KVS_VERSION_BUSY);
	if (op->res.flags & KVS_RES_REFUSED)
		op->item = KVS_STATS_REFUSALS;
	kvs_stats_inc(update->store->stats, op->item);
}

static void kvs_txn_make(struct kvs_txn *txn)
{
	struct kvs_txn_op *op;
	bool changes = false;

	for (op = txn->chosen; op < kvs_txn_end(txn); op++) {
		if (!kvs_txn_changes(op))
			continue;
		changes = true;
		if (op->update.old)
			kvs_entry_write_begin(op->update.old);
	}
	txn->version = changes ? kvs_store_draw_version(txn->store) :
				 atomic64_read(txn->store->version);
	for (op = txn->chosen; op < kvs_txn_end(txn); op++) {
		op->update.version = txn->version;
		if (kvs_txn_changes(op))
			kvs_txn_make_one(op);
	}
	kvs_stats_inc(txn->store->stats, KVS_STATS_TXNS);
}

static int kvs_txn_in(struct kvs_txn *txn, struct kvs_space *space,
		      bool *displaced)
{
	int ret;

	kvs_txn_lock(txn, space);
	txn->now = ktime_get_boottime_ns();
	kvs_txn_choose(txn, space);
	ret = kvs_txn_try(txn, space);
	if (!ret)
		ret = kvs_txn_place(txn, displaced);
	if (!ret)
		kvs_txn_make(txn);
	kvs_txn_unlock(txn, space);
	return ret;
}

static int kvs_txn_once(struct kvs_txn *txn)
{
	struct kvs_space *space;
	bool displaced = false;
	int ret;

	txn->failed_op = -1;
	mutex_lock(&txn->store->txn);
	rcu_read_lock();
	space = rcu_dereference(txn->store->space);
	if (!space)
		ret = -EIDRM;
	else if (READ_ONCE(space->closed))
		ret = KVS_CHANGE_OPEN;
	else
		ret = kvs_txn_in(txn, space, &displaced);
	rcu_read_unlock();
	mutex_unlock(&txn->store->txn);
	if (displaced)
		synchronize_rcu();
	return ret;
}

static int kvs_txn_provide_one(struct kvs_txn_op *op)
{
	int want = op->res.status;

	op->res.status = 0;
	switch (want) {
	case KVS_CHANGE_ALLOC:
		return kvs_room_make(&op->update, &op->update.value);
	case KVS_CHANGE_MOVE:
		return kvs_room_move(&op->update);
	case KVS_CHANGE_GROW:
		return kvs_room_grow(&op->update);
	case KVS_CHANGE_ROOM:
		return kvs_room_enter(&op->update);
	}
	return 0;
}

/* Make what the operations want, outside all locks. */
static int kvs_txn_provide(struct kvs_txn *txn)
{
	struct kvs_txn_op *op;

	for (op = txn->chosen; op < kvs_txn_end(txn); op++) {
		int ret;

		kvs_txn_forget_value(op);
		ret = kvs_txn_provide_one(op);
		if (ret) {
			op->res.status = ret;
			txn->failed_op = op - txn->chosen;
			return ret;
		}
	}
	return 0;
}

static void kvs_txn_forget_values(struct kvs_txn *txn)
{
	struct kvs_txn_op *op;

	for (op = txn->chosen; op < kvs_txn_end(txn); op++)
		kvs_txn_forget_value(op);
}

static int kvs_txn_wait_open(struct kvs_txn *txn, bool *waits)
{
	if (!*waits)
		kvs_gate_join(&txn->store->gate);
	*waits = true;
	return kvs_store_wait_open(txn->store, &txn->patience);
}

void kvs_txn_spare(struct kvs_txn *txn)
{
	u32 i, n = 0;

	for (i = 0; i < txn->compare_count; i++)
		txn->spared[n++] = txn->compares[i].key.hash;
	for (i = 0; i < txn->then_count + txn->else_count; i++)
		txn->spared[n++] = txn->ops[i].key.hash;
	txn->spared_count = n;
}

int kvs_txn_run(struct kvs_txn *txn)
{
	bool waits = false;
	int ret;

	do {
		ret = kvs_txn_once(txn);
		if (ret == KVS_CHANGE_OPEN)
			ret = kvs_txn_wait_open(txn, &waits);
		else if (ret > 0)
			ret = kvs_txn_provide(txn);
		else
			break;
		if (!ret && fatal_signal_pending(current))
			ret = -EINTR;
	} while (!ret);
	if (waits)
		kvs_gate_leave(&txn->store->gate);
	if (ret)
		kvs_txn_forget_values(txn);
	return ret;
}
