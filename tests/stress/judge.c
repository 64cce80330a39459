// SPDX-License-Identifier: GPL-2.0-only
/*
 * An entry whose deadline comes while an operation runs is looked at as one that
 * lives, and if that does not fit, as one that has ended.
 */
#include <errno.h>
#include <string.h>

#include "evict.h"

static struct entry *entry_of(const struct judge *judge)
{
	return &judge->store->space->entries[judge->op->key];
}

static uint8_t *value_of(const struct judge *judge)
{
	return judge->store->space->values[judge->op->key];
}

static bool judge_as(struct judge *judge, const struct entry *before)
{
	const uint8_t *value = value_of(judge);

	judge->before = *before;
	judge_expect(judge, value);
	return judge_match(judge, value);
}

static const struct entry nothing;

/* Would it have been answered so by a key that holds nothing, too? */
static bool is_ambiguous(const struct judge *judge)
{
	struct judge other = *judge;

	return judge_as(&other, &nothing);
}

bool judge_op(struct judge *judge)
{
	const struct entry *entry = entry_of(judge);
	enum verdict lives = entry_lives(entry, judge->op->now);

	judge->unsure = false;
	if (evict_is_refusal(judge))
		return evict_judge_refusal(judge);
	if (lives != NO && judge_as(judge, entry)) {
		judge->unsure = entry->doubtful && is_ambiguous(judge);
		return true;
	}
	return lives != YES && judge_as(judge, &nothing);
}

static void apply_value(const struct judge *judge)
{
	const struct op *op = judge->op;
	uint8_t *value = value_of(judge);

	if (op->flags & KVS_FLAG_COUNTER)
		return;
	if (op->verb == OP_PUT)
		memcpy(value, op->data, op->length);
	else if (op->verb == OP_APPEND)
		memcpy(value + judge->before.length, op->data, op->length);
}

/* What the store's statistics count of it. */
static void apply_statistics(struct judge *judge)
{
	struct kvs_statistics *done = &judge->store->done;
	const struct op *op = judge->op;
	uint64_t *const items[OP_VERBS] = {
		[OP_STAT] = &done->stats,     [OP_PUT] = &done->puts,
		[OP_APPEND] = &done->puts,    [OP_TTL_ONLY] = &done->puts,
		[OP_DELETE] = &done->deletes, [OP_TOUCH] = &done->touches,
		[OP_ADD] = &done->adds,	      [OP_XCHG] = &done->xchgs,
		[OP_BITOP] = &done->bitops,   [OP_BUCKET] = &done->buckets,
	};

	if (judge->out.flags & KVS_RESULT_REFUSED)
		done->refusals++;
	else if (items[op->verb])
		++*items[op->verb];
}

static void apply_read(struct judge *judge)
{
	struct kvs_statistics *done = &judge->store->done;
	const struct op *op = judge->op;

	if (!(op->flags & KVS_FLAG_NO_TOUCH)) {
		if (op->result.status == -ENOENT)
			done->misses++;
		else
			done->hits++;
	}
	if (!op->result.status && op->with & WITH_ANY_TTL)
		done->touches++;
}

static void count_op(struct judge *judge)
{
	const struct op *op = judge->op;

	if (op->result.status == -ENOSPC)
		judge->store->done.rejected_entries++;
	if (op->verb == OP_GET && !op->in_txn)
		apply_read(judge);
	if (op->verb != OP_GET && !op->result.status)
		apply_statistics(judge);
}

void judge_apply(struct judge *judge)
{
	struct entry *entry = entry_of(judge);
	const struct op *op = judge->op;
	bool lingers;

	if (entry->present && !judge->before.present)
		model_end(judge->store, entry, op->now);
	count_op(judge);
	evict_follow(judge);
	if (op->result.status)
		return;
	/* A change that was made has ended first what was past its deadline. */
	lingers = entry->lingers && !op_writes(op);
	*entry = judge->out.after;
	entry->lingers = lingers;
	if (!judge->out.changes)
		return;
	entry->version = op->result.version;
	apply_value(judge);
}
