/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef BENCH_RANDOM_H
#define BENCH_RANDOM_H

#include <stdint.h>

/* Numbers that look random (splitmix64): the same for the same seed, anywhere. */
static inline uint64_t random_next(uint64_t *state)
{
	uint64_t word = *state += UINT64_C(0x9e3779b97f4a7c15);

	word = (word ^ word >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	word = (word ^ word >> 27) * UINT64_C(0x94d049bb133111eb);
	return word ^ word >> 31;
}

/* Below @limit, which is at most 2^32. */
static inline uint32_t random_below(uint64_t *state, uint64_t limit)
{
	return (random_next(state) >> 32) * limit >> 32;
}

/* From 0 to below 1. */
static inline double random_share(uint64_t *state)
{
	return (double)(random_next(state) >> 11) / (UINT64_C(1) << 53);
}

#endif /* BENCH_RANDOM_H */
