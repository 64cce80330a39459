/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _KVS_COUNTER_H
#define _KVS_COUNTER_H

#include <linux/types.h>

/**
 * struct kvs_counter_add - an addition to a counter
 * @delta: what to add
 * @initial: what a missing counter counts from
 * @min: lower bound
 * @max: upper bound, at least @min
 * @flags: KVS_F_SATURATE, KVS_F_WRAP or neither
 */
struct kvs_counter_add {
	s64 delta;
	s64 initial;
	s64 min;
	s64 max;
	u32 flags;
};

/**
 * struct kvs_counter_sum - its result
 * @value: the new value
 * @applied: the amount applied
 * @limited: a bound cut the sum or made it wrap
 */
struct kvs_counter_sum {
	s64 value;
	s64 applied;
	bool limited;
};

/**
 * kvs_counter_sum() - compute an addition
 * @value: present value, perhaps outside the bounds
 * @add: what to add, and how
 * @sum: the result, if 0 is returned
 *
 * Return: 0, or -EOVERFLOW if the sum is out of bounds and must not be.
 */
int kvs_counter_sum(s64 value, const struct kvs_counter_add *add,
		    struct kvs_counter_sum *sum);

#endif /* _KVS_COUNTER_H */
