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
		return 0;
	}
	if (add->flags & KVS_F_WRAP && value >= add->min && value <= add->max) {
		sum->value = kvs_counter_wrap(value, add);
		return 0;
	}
	return -EOVERFLOW;
}
