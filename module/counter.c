// SPDX-License-Identifier: GPL-2.0-only
/*
 * Arithmetic of bounded counters: numbers only, no entry and no lock.
 */
#include <linux/errno.h>
#include <linux/kvs.h>
#include <linux/limits.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/overflow.h>

#include "counter.h"

/*
 * Stops at the bound that lies in the direction of the delta; a value that is
 * already beyond it stays where it is.
 */
static s64 kvs_counter_saturate(s64 value, const struct kvs_counter_add *add)
{
	s64 sum;

	if (check_add_overflow(value, add->delta, &sum))
		sum = add->delta < 0 ? S64_MIN : S64_MAX;
	if (add->delta < 0)
		return max(sum, min(value, add->min));
	return min(sum, max(value, add->max));
}

/*
 * Counts in the ring of the numbers from min to max. In unsigned arithmetic the
 * distance from min always fits; a ring of 2^64 numbers wraps by itself.
 */
static s64 kvs_counter_wrap(s64 value, const struct kvs_counter_add *add)
{
	u64 size = (u64)add->max - (u64)add->min + 1;
	u64 place = (u64)value - (u64)add->min;
	u64 step = add->delta;

	if (!size)
		return (s64)((u64)value + step);
	if (add->delta < 0) {
		div64_u64_rem(-step, size, &step);
		step = step ? size - step : 0;
	} else {
		div64_u64_rem(step, size, &step);
	}
	place = place >= size - step ? place - (size - step) : place + step;
	return (s64)((u64)add->min + place);
}

int kvs_counter_sum(s64 value, const struct kvs_counter_add *add,
		    struct kvs_counter_sum *sum)
{
	bool inside;
	s64 exact;

	inside = !check_add_overflow(value, add->delta, &exact) &&
		 exact >= add->min && exact <= add->max;
	sum->limited = !inside;
	sum->applied = add->delta;
	sum->value = exact;
	if (inside)
		return 0;

	if (add->flags & KVS_F_SATURATE) {
		sum->value = kvs_counter_saturate(value, add);
		sum->applied = (s64)((u64)sum->value - (u64)value);
		sum->limited = sum->applied != add->delta;
		return 0;
	}
	if (add->flags & KVS_F_WRAP && value >= add->min && value <= add->max) {
		sum->value = kvs_counter_wrap(value, add);
		return 0;
	}
	return -EOVERFLOW;
}

s64 kvs_counter_bitop(s64 value, const struct kvs_counter_bitop *bitop)
{
	u64 old = value;
	u64 bits = old;

	switch (bitop->op) {
	case KVS_BITOP_OR:
		bits |= bitop->operand;
		break;
	case KVS_BITOP_AND:
		bits &= bitop->operand;
		break;
	case KVS_BITOP_XOR:
		bits ^= bitop->operand;
		break;
	}
	return (s64)((old & ~bitop->mask) | (bits & bitop->mask));
}

/*
 * A full bucket lies @burst intervals behind now at most. A value further ahead
 * than an empty bucket can be was not made by these parameters; it waits its
 * time like any other.
 */
s64 kvs_counter_bucket(s64 value, s64 now,
		       const struct kvs_counter_bucket *bucket, u64 *wait)
{
	s64 span = bucket->interval * bucket->burst;
	s64 full = max(value, now);
	s64 then, earliest;

	*wait = 0;
	if (check_add_overflow(full, (s64)(bucket->interval * bucket->cost),
			       &then))
		then = S64_MAX;
	earliest = then - span;
	if (earliest <= now)
		return then;
	*wait = earliest - now;
	return value;
}
