/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _KVS_COUNTER_H
#define _KVS_COUNTER_H

#include <linux/types.h>

/**
 * struct kvs_counter_add - an addition to a counter
 * @delta: what to add
 * @min: lower bound
 * @max: upper bound, at least @min
 * @flags: KVS_F_SATURATE, KVS_F_WRAP or neither
 */
struct kvs_counter_add {
	s64 delta;
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

/**
 * struct kvs_counter_bitop - an operation on the bits of a counter
 * @op: KVS_BITOP_*
 * @operand: its second operand
 * @mask: bits that may change
 */
struct kvs_counter_bitop {
	u32 op;
	u64 operand;
	u64 mask;
};

/**
 * kvs_counter_bitop() - compute an operation on bits
 * @value: present value
 * @bitop: what to do; its op is valid
 *
 * Return: the new value.
 */
s64 kvs_counter_bitop(s64 value, const struct kvs_counter_bitop *bitop);

/**
 * struct kvs_counter_bucket - a token bucket
 * @interval: nanoseconds in which one token comes back
 * @burst: tokens that it holds
 * @cost: tokens to take, at most @burst
 *
 * @interval times @burst fits an s64 twice.
 */
struct kvs_counter_bucket {
	u64 interval;
	u64 burst;
	u64 cost;
};

/**
 * kvs_counter_bucket() - take tokens
 * @value: the time at which the bucket is full again, in nanoseconds; the past
 *	is full
 * @now: the time
 * @bucket: the bucket
 * @wait: nanoseconds until the tokens are there; 0: they are taken
 *
 * This is the generic cell rate algorithm in its virtual scheduling form (ITU-T
 * I.371): the value is the theoretical arrival time.
 *
 * Return: the new value; @value if it has to wait.
 */
s64 kvs_counter_bucket(s64 value, s64 now,
		       const struct kvs_counter_bucket *bucket, u64 *wait);

#endif /* _KVS_COUNTER_H */
