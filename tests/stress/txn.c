// SPDX-License-Identifier: GPL-2.0-only
/*
 * A transaction that was made answers for each of its operations what that would
 * answer alone, all of them at the same time. One that was not made names the
 * operation that could not be.
 */
#include <errno.h>
#include <string.h>

#include "evict.h"
#include "txn.h"

static enum verdict not(enum verdict verdict) { return YES - verdict; }

static enum verdict compare_spans(unsigned int comparison, struct span is,
				  struct span than)
{
	enum verdict unequal = span_above(is, than);

	if (unequal == NO)
		unequal = span_above(than, is);
	switch (comparison) {
	case KVS_IF_EQUAL:
		return not(unequal);
	case KVS_IF_UNEQUAL:
		return unequal;
	case KVS_IF_LESS:
		return span_above(than, is);
	default:
		return span_above(is, than);
	}
}

static int order_bytes(const struct txn_condition *condition, const void *bytes,
		       uint32_t length)
{
	int order = memcmp(bytes, condition->bytes,
			   span_smaller(length, condition->length));

	return order ? order : (int)length - (int)condition->length;
}

/* A number that is known by bounds only may be compared as any of them. */
static enum verdict compare_value(const struct txn_condition *condition,
				  const struct entry *entry,
				  const uint8_t *value)
{
	const void *bytes = value;
	int order;

	if (entry->kind == KVS_ENTRY_COUNTER) {
		if (!span_is_exact(entry->number))
			return PERHAPS;
		bytes = &entry->number.lo;
	}
	order = order_bytes(condition, bytes, entry->length);
	return compare_spans(condition->comparison, span_of(order), span_of(0));
}

static enum verdict holds_as(const struct txn_condition *condition,
			     const struct entry *entry, const uint8_t *value)
{
	int64_t version = entry->present ? entry->version : 0;

	switch (condition->target) {
	case TXN_EXISTS:
		return entry->present == condition->number ? YES : NO;
	case TXN_VERSION:
		return compare_spans(condition->comparison, span_of(version),
				     span_of(condition->number));
	case TXN_NUMBER:
		if (entry->kind != KVS_ENTRY_COUNTER)
			return NO;
		return compare_spans(condition->comparison, entry->number,
				     span_of(condition->number));
	default:
		return entry->present ? compare_value(condition, entry, value) :
					NO;
	}
}

static enum verdict holds(const struct judge *judge,
			  const struct txn_condition *condition)
{
	static const struct entry nothing;
	const struct space *space = judge->store->space;
	const struct entry *entry = &space->entries[condition->key];
	const uint8_t *value = space->values[condition->key];
	enum verdict lives = entry_lives(entry, judge->op->now);
	enum verdict as_it_is = holds_as(condition, entry, value);
	enum verdict as_ended = holds_as(condition, &nothing, value);

	if (lives == YES || as_it_is == as_ended)
		return as_it_is;
	return lives == NO ? as_ended : PERHAPS;
}

/* The first @count conditions may all have held. */
static bool may_hold(const struct judge *judge, uint32_t count)
{
	const struct txn *txn = judge->op->txn;
	uint32_t i;

	for (i = 0; i < count; i++) {
		if (holds(judge, &txn->conditions[i]) == NO)
			return false;
	}
	return true;
}

static bool one_may_fail(const struct judge *judge)
{
	const struct txn *txn = judge->op->txn;
	uint32_t i;

	for (i = 0; i < txn->condition_count; i++) {
		if (holds(judge, &txn->conditions[i]) != YES)
			return true;
	}
	return false;
}

static bool match_choice(struct judge *judge)
{
	const struct kvs_result *result = &judge->op->result;
	const struct txn *txn = judge->op->txn;
	struct span places = { 0, (int64_t)txn->condition_count - 1 };

	if (result->flags != KVS_RESULT_ELSE)
		return judge_same(judge, "flags", result->flags, 0) &&
		       judge_same(judge, "number", result->number, 0) &&
		       judge_same(judge, "a condition holds",
				  may_hold(judge, txn->condition_count), true);
	return judge_within(judge, "failed condition", result->number,
			    places) &&
	       judge_same(judge, "a condition before holds",
			  may_hold(judge, result->number), true) &&
	       judge_same(judge, "the named condition may fail",
			  holds(judge, &txn->conditions[result->number]) != YES,
			  true);
}

/* None of a list but one that failed, if any, was made. */
static bool match_unmade(struct judge *judge, const struct txn_list *list,
			 int64_t failed)
{
	uint32_t i;

	for (i = 0; i < list->count; i++) {
		if (i != failed &&
		    !judge_same(judge, "status of one that was not made",
				list->ops[i].result.status, -ECANCELED))
			return false;
	}
	return true;
}

/* What is absent is no reason to fail for these. */
static bool is_answer(const struct op *op, int status)
{
	return status == -ENOENT &&
	       (op->verb == OP_GET ||
		(op->verb == OP_DELETE &&
		 !(op->with & (WITH_VERSION | WITH_EXPECTED))));
}

/* The one who judges an operation of the transaction. */
static struct judge judge_for(const struct judge *judge, struct op *op)
{
	struct judge sub = *judge;

	op->now = judge->op->now;
	sub.op = op;
	sub.txn = judge->op->txn;
	sub.version = judge->op->result.version;
	return sub;
}

static bool match_made(struct judge *judge, struct judge *subs,
		       struct txn_list *list)
{
	uint32_t i;

	for (i = 0; i < list->count; i++) {
		struct op *op = &list->ops[i];
		int status = op->result.status;

		subs[i] = judge_for(judge, op);
		if (!judge_op(&subs[i])) {
			judge->complaint = subs[i].complaint;
			return false;
		}
		if (status && !is_answer(op, status))
			return judge_same(judge, "status of one that was made",
					  status, 0);
		if (subs[i].out.flags & KVS_RESULT_CREATED)
			judge->entering++;
		if (op->verb != OP_GET && !status)
			judge->out.changes = true;
	}
	return true;
}

static bool judge_made(struct judge *judge)
{
	const struct kvs_result *result = &judge->op->result;
	bool is_else = result->flags & KVS_RESULT_ELSE;
	struct txn *txn = judge->op->txn;
	struct txn_list *made = is_else ? &txn->elses : &txn->thens;
	struct txn_list *unmade = is_else ? &txn->thens : &txn->elses;
	struct span version = { judge->floor, INT64_MAX };
	struct judge subs[TXN_OPS];
	uint32_t i;

	if (!match_choice(judge) || !match_made(judge, subs, made) ||
	    !match_unmade(judge, unmade, -1))
		return false;
	version.lo += judge->out.changes;
	if (!judge_within(judge, "version", result->version, version))
		return false;
	for (i = 0; i < made->count; i++)
		judge_apply(&subs[i]);
	judge->store->done.txns++;
	return true;
}

/*
 * Could this one have been made? If so the next finds one more entry. Places are
 * given out when all the rest is known to be possible.
 */
static bool may_be_made(struct judge *judge, struct op *op, bool placed)
{
	static const struct entry nothing;
	const struct space *space = judge->store->space;
	const struct entry *entry = &space->entries[op->key];
	struct judge sub = judge_for(judge, op);
	enum verdict lives = entry_lives(entry, op->now);
	int status = op->result.status;

	op->result.status = 0;
	sub.before = lives == NO ? nothing : *entry;
	judge_expect(&sub, space->values[op->key]);
	op->result.status = status;
	if (sub.out.status == -ENOSPC && !placed)
		sub.out.status = 0;
	if (sub.out.flags & KVS_RESULT_CREATED)
		judge->entering++;
	if (lives == PERHAPS)
		judge->loose++;
	return !sub.out.status || is_answer(op, sub.out.status) ||
	       lives == PERHAPS;
}

static bool match_failed(struct judge *judge, struct txn_list *list,
			 uint32_t failed)
{
	bool full = judge->op->result.status == -ENOSPC;
	struct judge sub;
	uint32_t i;

	for (i = 0; i < failed; i++) {
		if (!judge_same(judge, "one before may be made",
				may_be_made(judge, &list->ops[i], full), true))
			return false;
	}
	sub = judge_for(judge, &list->ops[failed]);
	for (i++; i < list->count && full; i++) {
		if (!judge_same(judge, "one behind may be made",
				may_be_made(judge, &list->ops[i], false), true))
			return false;
	}
	if (!judge_op(&sub)) {
		judge->complaint = sub.complaint;
		return false;
	}
	judge_apply(&sub);
	return match_unmade(judge, list, failed);
}

/* Of which of its lists did one fail? */
static struct txn_list *failed_list(const struct judge *judge)
{
	const struct kvs_result *result = &judge->op->result;
	struct txn *txn = judge->op->txn;
	uint32_t number = result->number;

	if (number < txn->thens.count &&
	    txn->thens.ops[number].result.status == result->status &&
	    may_hold(judge, txn->condition_count))
		return &txn->thens;
	if (number < txn->elses.count &&
	    txn->elses.ops[number].result.status == result->status &&
	    one_may_fail(judge))
		return &txn->elses;
	return NULL;
}

/* None was made, of which some may not have been looked at. */
static bool match_none(struct judge *judge, const struct txn_list *list,
		       const struct op *failed)
{
	const struct op *op = list->ops;

	for (; op < list->ops + list->count; op++) {
		if (op != failed && op->result.status != -EINPROGRESS &&
		    !judge_same(judge, "status of one that was not made",
				op->result.status, -ECANCELED))
			return false;
	}
	return true;
}

/*
 * Room for long values is had, or not, before it is known which of the lists
 * is to be made.
 */
static bool judge_refused(struct judge *judge)
{
	uint32_t number = judge->op->result.number;
	struct txn *txn = judge->op->txn;
	struct txn_list *list = &txn->thens;
	struct judge sub;

	if (number >= list->count || list->ops[number].result.status != -ENOSPC)
		list = &txn->elses;
	if (number >= list->count || list->ops[number].result.status != -ENOSPC)
		return judge_same(judge, "operations without room", 0, 1);
	/* Those before it may take places, too. */
	judge->entering = number;
	sub = judge_for(judge, &list->ops[number]);
	if (!evict_is_refusal(&sub))
		return judge_same(judge, "status", -ENOSPC, 0);
	if (!evict_judge_refusal(&sub)) {
		judge->complaint = sub.complaint;
		return false;
	}
	judge_apply(&sub);
	return match_none(judge, &txn->thens, sub.op) &&
	       match_none(judge, &txn->elses, sub.op);
}

static bool judge_failed(struct judge *judge)
{
	const struct kvs_result *result = &judge->op->result;
	struct txn_list *list = failed_list(judge);
	struct txn *txn = judge->op->txn;

	if (!list)
		return judge_same(judge, "status", result->status, 0);
	if (!match_unmade(judge,
			  list == &txn->thens ? &txn->elses : &txn->thens, -1))
		return false;
	return match_failed(judge, list, result->number);
}

bool txn_judge(struct judge *judge)
{
	judge->out = (struct outcome){};
	judge->entering = 0;
	evict_follow_tries(judge);
	if (evict_is_refusal(judge))
		return judge_refused(judge);
	if (judge->op->result.status)
		return judge_failed(judge);
	return judge_made(judge);
}
