// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>

#include "evict.h"
#include "txn.h"

/* An entry takes no more than twice its value, its key and this. */
#define OVERHEAD_MOST 256

static struct entry *entry_of(const struct judge *judge)
{
	return &judge->store->space->entries[judge->op->key];
}

static uint32_t most_length(const struct model_store *store,
			    const struct op *op)
{
	if (op->verb == OP_PUT)
		return op->length;
	if (op->verb >= OP_ADD)
		return sizeof(op->number);
	return store->max_value;
}

static void plan_one(struct model_store *store, const struct op *op)
{
	int64_t bytes =
		2 * (most_length(store, op) + KVS_KEY_MAX + OVERHEAD_MOST);

	if (!op_makes(op))
		return;
	store->round.bytes += bytes;
	if (op->verb != OP_PUT || op->flags & KVS_FLAG_PINNED)
		store->round.pins += bytes;
}

static void plan_list(struct model_store *store, const struct txn_list *list)
{
	uint32_t i;

	for (i = 0; i < list->count; i++)
		plan_one(store, &list->ops[i]);
}

void evict_plan(struct model_store *store, const struct op *ops,
		unsigned int count)
{
	const struct kvs_statistics *seen = &store->seen;
	const struct op *op;

	store->round = (struct model_round){
		.bytes = seen->bytes - seen->waiting_bytes + seen->table_bytes,
		.pins = seen->pinned_bytes,
	};
	for (op = ops; op < ops + count; op++) {
		store->round.makers += op_makes(op);
		if (op->verb != OP_TXN) {
			plan_one(store, op);
			continue;
		}
		plan_list(store, &op->txn->thens);
		plan_list(store, &op->txn->elses);
	}
}

void evict_doubt(struct model_store *store)
{
	struct entry *entry = store->space->entries;
	struct entry *end = entry + MODEL_KEYS;

	for (; entry < end; entry++) {
		if (store->round.evicted && evict_may(entry))
			entry->doubtful = true;
		if (store->round.ended && entry->visited == YES)
			entry->visited = PERHAPS;
	}
}

bool evict_may_help(const struct judge *judge)
{
	const struct model_store *store = judge->store;
	const struct entry *entry = store->space->entries;
	const struct entry *end = entry + MODEL_KEYS;

	if (!store->evicts)
		return false;
	if (judge->loose || store->crumbs.hi)
		return true;
	while (entry < end && !evict_may(entry))
		entry++;
	return entry < end;
}

bool evict_is_refusal(const struct judge *judge)
{
	return judge->store->turns && op_makes(judge->op) &&
	       judge->op->result.status == -ENOSPC;
}

/* Is it refused for what it pins, perhaps? */
static bool may_lack_pins(const struct judge *judge)
{
	const struct op *op = judge->op;
	bool pins = op->flags & KVS_FLAG_PINNED;

	if (op->verb != OP_PUT)
		pins = entry_of(judge)->pinned;
	return pins &&
	       judge->store->round.pins > (int64_t)judge->store->max_pinned;
}

static bool may_lack_room(const struct judge *judge)
{
	const struct model_store *store = judge->store;

	if (store->max_bytes && store->round.bytes > (int64_t)store->max_bytes)
		return true;
	return judge_is_full(judge) != NO;
}

/* Does the refusal say that there is nothing left to evict? */
static bool proves_none(const struct judge *judge)
{
	const struct model_store *store = judge->store;

	return store->evicts && !judge->loose && !may_lack_pins(judge) &&
	       store->round.ended < EVICT_VICTIMS;
}

static bool list_has(const struct txn_list *list, uint32_t key)
{
	const struct op *op = list->ops;

	while (op < list->ops + list->count && op->key != key)
		op++;
	return op < list->ops + list->count;
}

/* What an operation depends on makes no room for it. */
static bool is_spared(const struct judge *judge, const struct entry *entry)
{
	uint32_t key = entry - judge->store->space->entries;
	const struct txn *txn = judge->txn;
	uint32_t i;

	if (key == judge->op->key)
		return true;
	for (i = 0; txn && i < txn->condition_count; i++) {
		if (txn->conditions[i].key == key)
			return true;
	}
	return txn &&
	       (list_has(&txn->thens, key) || list_has(&txn->elses, key));
}

/* Would it have been evicted before an operation is refused? */
static bool goes_first(const struct judge *judge, const struct entry *entry)
{
	return entry->ranked == YES && evict_may(entry) &&
	       !is_spared(judge, entry);
}

/* Entries that are there and would have been evicted. */
static int64_t count_certain(const struct judge *judge)
{
	const struct model_store *store = judge->store;
	const struct entry *entry = store->space->entries;
	const struct entry *end = entry + MODEL_KEYS;
	int64_t count = store->crumbs.lo;

	for (; entry < end; entry++)
		count += goes_first(judge, entry) &&
			 entry_lives(entry, judge->op->now) == YES;
	return count;
}

bool evict_judge_refusal(struct judge *judge)
{
	struct entry *entry = entry_of(judge);

	judge->before = *entry;
	judge->out = (struct outcome){ .status = -ENOSPC, .after = *entry };
	judge->unsure = entry->doubtful;
	if (may_lack_pins(judge))
		return true;
	if (!may_lack_room(judge))
		return judge_same(judge, "status", -ENOSPC, 0);
	return !proves_none(judge) || judge_same(judge, "entries left to evict",
						 count_certain(judge), 0);
}

static void end_certain(struct judge *judge)
{
	struct entry *entry = judge->store->space->entries;
	struct entry *end = entry + MODEL_KEYS;

	judge->store->crumbs = span_of(0);
	for (; entry < end; entry++) {
		if (!goes_first(judge, entry))
			continue;
		entry->doubtful = true;
		model_end(judge->store, entry, judge->op->now);
	}
}

/* It may itself have made room for what was then refused. */
static void follow_failure(struct judge *judge)
{
	bool makes = op_makes(judge->op) && judge->store->round.evicted;
	struct entry *entry = entry_of(judge);

	if (entry->present)
		entry->doubtful = judge->unsure || (makes && evict_may(entry));
	if (evict_is_refusal(judge) && proves_none(judge))
		end_certain(judge);
}

static void follow_get(struct judge *judge, struct entry *entry)
{
	const struct op *op = judge->op;
	bool passed = op_makes(op) && judge->store->round.ended;

	if (op->verb != OP_GET || op->flags & KVS_FLAG_NO_TOUCH)
		return;
	entry->fetched = YES;
	if (entry->ranked == YES && !passed)
		entry->visited = YES;
	else if (entry->ranked != NO || entry->pinned)
		entry->visited = PERHAPS;
}

/*
 * What is put while the store evicts may be evicted, and nothing else. What was
 * there before has to take more room for that, or stays as it is.
 */
static enum verdict rank_after(const struct judge *judge)
{
	const struct entry *before = &judge->before;
	const struct entry *after = &judge->out.after;
	const struct op *op = judge->op;
	bool only_deadline = op->verb == OP_TOUCH || op->verb == OP_GET;
	bool stays = before->present && before->pinned == after->pinned &&
		     before->ranked != YES;

	if (after->pinned)
		return NO;
	if (judge->store->evicts && !only_deadline)
		return stays && may_lack_room(judge) ? PERHAPS : YES;
	if (judge->store->evicts)
		return after->ranked == YES ? YES : PERHAPS;
	/* Written where it stands, it stays what it was. */
	return after->ranked == NO ? NO : PERHAPS;
}

static void follow_change(struct judge *judge)
{
	struct entry *after = &judge->out.after;
	const struct op *op = judge->op;

	if (!judge->before.present)
		after->ranked = NO;
	if (op->verb == OP_PUT)
		after->pinned = op->flags & KVS_FLAG_PINNED;
	after->ranked = rank_after(judge);
	after->charged = 0;
	if (after->ranked != YES && after->visited == YES)
		after->visited = PERHAPS;
}

void evict_follow(struct judge *judge)
{
	struct entry *after = &judge->out.after;
	const struct op *op = judge->op;

	if (op->result.status) {
		if (judge->before.present)
			follow_get(judge, entry_of(judge));
		follow_failure(judge);
		return;
	}
	after->doubtful = false;
	if (op->verb == OP_STAT)
		after->charged = op->stat.charged;
	if (op_makes(op) && !(judge->out.flags & KVS_RESULT_REFUSED))
		follow_change(judge);
	follow_get(judge, after);
}

static void follow_try(struct model_store *store, const struct op *op)
{
	struct entry *entry = &store->space->entries[op->key];

	if (op->verb != OP_GET || op->flags & KVS_FLAG_NO_TOUCH ||
	    !entry->present)
		return;
	if (entry->fetched == NO)
		entry->fetched = PERHAPS;
	if (entry->visited == NO && (entry->ranked != NO || entry->pinned))
		entry->visited = PERHAPS;
}

void evict_follow_tries(struct judge *judge)
{
	const struct txn *txn = judge->op->txn;
	uint32_t i;

	for (i = 0; i < txn->thens.count; i++)
		follow_try(judge->store, &txn->thens.ops[i]);
	for (i = 0; i < txn->elses.count; i++)
		follow_try(judge->store, &txn->elses.ops[i]);
}
