// SPDX-License-Identifier: GPL-2.0-only
/* What operations on counters must answer. */
#include <errno.h>

#include "judge.h"

/* Wide enough for each sum of what is 64 bits wide. */
#define wide __int128

struct bounds {
	wide min;
	wide max;
};

static struct bounds bounds_of(const struct op *op)
{
	struct bounds bounds = { INT64_MIN, INT64_MAX };

	if (op->flags & KVS_FLAG_MIN)
		bounds.min = op->limits.min;
	if (op->flags & KVS_FLAG_MAX)
		bounds.max = op->limits.max;
	return bounds;
}

/*
 * What the counter was: where that is known by bounds only, the answer says it,
 * as @told.
 */
static int64_t count_from(const struct judge *judge, int64_t told)
{
	struct span number = judge->before.number;

	if (span_is_exact(number) || judge->op->result.status)
		return number.lo;
	return span_holds(number, told) ? told : number.lo;
}

static void tell_sum(struct judge *judge, int64_t sum, int64_t applied,
		     bool limited)
{
	struct outcome *out = &judge->out;

	out->number = span_of(sum);
	out->after.number = span_of(sum);
	out->applied = applied;
	if (limited)
		out->flags |= KVS_RESULT_LIMITED;
}

/*
 * A sum stops at the bound that it runs into; what is beyond that already, stays
 * where it is.
 */
static void saturate(struct judge *judge, wide from, struct bounds bounds)
{
	wide sum = from + judge->op->number;

	if (judge->op->number >= 0 && sum > bounds.max)
		sum = from > bounds.max ? from : bounds.max;
	if (judge->op->number < 0 && sum < bounds.min)
		sum = from < bounds.min ? from : bounds.min;
	tell_sum(judge, sum, sum - from, sum - from != judge->op->number);
}

/* The number that lies @by behind @from, in the ring of those within bounds. */
static int64_t wrapped(struct bounds bounds, wide from, wide by)
{
	wide size = bounds.max - bounds.min + 1;
	wide place = (from - bounds.min + by) % size;

	return bounds.min + (place < 0 ? place + size : place);
}

/* What the counter was, as far as the answer tells. */
static int64_t told_by_sum(const struct op *op, struct bounds bounds)
{
	const struct kvs_result *result = &op->result;

	if (op->flags & KVS_FLAG_WRAP && result->flags & KVS_RESULT_LIMITED)
		return wrapped(bounds, result->number, -(wide)op->number);
	return (uint64_t)result->number - result->applied;
}

static void expect_add(struct judge *judge, int64_t initial)
{
	const struct op *op = judge->op;
	struct bounds bounds = bounds_of(op);
	wide from = initial, sum;

	if (judge->before.present)
		from = count_from(judge, told_by_sum(op, bounds));
	sum = from + op->number;
	if (sum >= bounds.min && sum <= bounds.max)
		tell_sum(judge, sum, op->number, false);
	else if (op->flags & KVS_FLAG_SATURATE)
		saturate(judge, from, bounds);
	else if (op->flags & KVS_FLAG_WRAP && from >= bounds.min &&
		 from <= bounds.max)
		tell_sum(judge, wrapped(bounds, from, op->number), op->number,
			 true);
	else
		judge_refuse(judge, -EOVERFLOW);
}

static void expect_xchg(struct judge *judge)
{
	struct outcome *out = &judge->out;

	out->number = judge->before.number;
	out->after.number = span_of(judge->op->number);
}

static uint64_t bits_of(const struct kvs_bits *bits, uint64_t from)
{
	uint64_t result;

	if (bits->op == KVS_BITS_OR)
		result = from | bits->operand;
	else if (bits->op == KVS_BITS_AND)
		result = from & bits->operand;
	else
		result = from ^ bits->operand;
	return (result & bits->mask) | (from & ~bits->mask);
}

static void expect_bitop(struct judge *judge, int64_t initial)
{
	int64_t from = initial;

	if (judge->before.present)
		from = count_from(judge, judge->op->result.applied);
	tell_sum(judge, bits_of(&judge->op->bits, from), from, false);
}

/*
 * The number is the time at which the bucket is full again. Each token that is
 * taken moves it on by an interval, and at most a burst ahead of now.
 */
static void expect_bucket(struct judge *judge)
{
	const struct kvs_rate *rate = &judge->op->rate;
	struct span now = judge->op->now, full = judge->before.number;
	int64_t cost = rate->interval * rate->cost;
	int64_t ahead = rate->interval * rate->burst;
	struct outcome *out = &judge->out;
	struct span earliest;
	enum verdict wait;

	/* What is past is full, however long ago. */
	full.lo = span_larger(full.lo, 0);
	full.hi = span_larger(full.hi, 0);
	earliest = span_shifted(span_shifted(full, cost), -ahead);
	wait = span_above(earliest, now);
	if (wait == YES ||
	    (wait == PERHAPS && judge->op->result.flags & KVS_RESULT_REFUSED)) {
		out->changes = false;
		out->flags = KVS_RESULT_REFUSED;
		out->number.lo = span_larger(earliest.lo - now.hi, 1);
		out->number.hi = earliest.hi - now.lo;
		out->after = judge->before;
		return;
	}
	full.lo = span_larger(full.lo, now.lo);
	full.hi = span_larger(full.hi, now.hi);
	out->after.number = span_shifted(full, cost);
	out->number = span_of(0);
}

static bool has_bad_limits(const struct op *op)
{
	struct bounds bounds = bounds_of(op);

	if (op->verb != OP_ADD)
		return false;
	if (bounds.min > bounds.max)
		return true;
	return op->flags & KVS_FLAG_CREATE &&
	       (op->limits.initial < bounds.min ||
		op->limits.initial > bounds.max);
}

/* A counter keeps all but its number, unless it is told otherwise. */
static void count_plan(struct judge *judge)
{
	struct entry *after = &judge->out.after;
	bool present = judge->before.present;
	const struct op *op = judge->op;

	after->kind = KVS_ENTRY_COUNTER;
	after->length = sizeof(op->number);
	if (!present)
		after->deadline = span_of(MODEL_NEVER);
	if (op->with & WITH_ANY_TTL &&
	    !(present && op->flags & KVS_FLAG_TTL_IF_NEW))
		after->deadline = op_deadline(op);
	judge_enter(judge);
}

static void count(struct judge *judge)
{
	const struct op *op = judge->op;

	switch (op->verb) {
	case OP_ADD:
		expect_add(judge, op->limits.initial);
		break;
	case OP_XCHG:
		expect_xchg(judge);
		break;
	case OP_BITOP:
		expect_bitop(judge, op->bits.initial);
		break;
	default:
		expect_bucket(judge);
	}
}

void judge_expect_count(struct judge *judge)
{
	const struct op *op = judge->op;
	struct span number;

	if (has_bad_limits(op))
		judge_refuse(judge, -EINVAL);
	if (!judge->before.present && !(op->flags & KVS_FLAG_CREATE))
		judge_refuse(judge, -ENOENT);
	if (judge->before.kind == KVS_ENTRY_BLOB)
		judge_refuse(judge, -EPROTOTYPE);
	if (judge->out.status)
		return;
	count_plan(judge);
	count(judge);
	judge_check_room(judge);
	number = judge->out.number;
	judge_describe(judge);
	judge->out.number = number;
	judge->out.tells_number = op->verb == OP_ADD || op->verb == OP_BITOP;
}
