/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is known only within bounds: a time that the kernel read between two
 * looks at the clock, and what it made of it.
 */
#ifndef KVS_STRESS_SPAN_H
#define KVS_STRESS_SPAN_H

#include <stdbool.h>
#include <stdint.h>

struct span {
	int64_t lo;
	int64_t hi;
};

enum verdict {
	NO,
	PERHAPS,
	YES,
};

static inline struct span span_of(int64_t value)
{
	return (struct span){ value, value };
}

static inline bool span_is_exact(struct span span)
{
	return span.lo == span.hi;
}

static inline bool span_holds(struct span span, int64_t value)
{
	return value >= span.lo && value <= span.hi;
}

static inline int64_t span_larger(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static inline int64_t span_smaller(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* Only for spans that have something in common. */
static inline struct span span_common(struct span a, struct span b)
{
	return (struct span){ span_larger(a.lo, b.lo),
			      span_smaller(a.hi, b.hi) };
}

/* Sums stop at the largest number, which stands for "never". */
static inline int64_t span_sum(int64_t a, int64_t b)
{
	int64_t sum;

	return __builtin_add_overflow(a, b, &sum) ? INT64_MAX : sum;
}

static inline struct span span_shifted(struct span span, int64_t by)
{
	return (struct span){ span_sum(span.lo, by), span_sum(span.hi, by) };
}

/* Is @a above @b? */
static inline enum verdict span_above(struct span a, struct span b)
{
	if (a.lo > b.hi)
		return YES;
	return a.hi > b.lo ? PERHAPS : NO;
}

#endif /* KVS_STRESS_SPAN_H */
