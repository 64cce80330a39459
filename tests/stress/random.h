/* SPDX-License-Identifier: GPL-2.0-only */
/* Numbers that follow from a seed: splitmix64. */
#ifndef KVS_STRESS_RANDOM_H
#define KVS_STRESS_RANDOM_H

#include <stdint.h>

struct random {
	uint64_t state;
};

static inline uint64_t random_next(struct random *random)
{
	uint64_t z = random->state += 0x9e3779b97f4a7c15ULL;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return z ^ (z >> 31);
}

static inline uint32_t random_below(struct random *random, uint32_t below)
{
	return (random_next(random) >> 32) * below >> 32;
}

/* Once in so many times. */
static inline int random_once_in(struct random *random, uint32_t times)
{
	return !random_below(random, times);
}

#endif /* KVS_STRESS_RANDOM_H */
