/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How durations are spread: counted in buckets of which each is at most 1/64
 * wider than it begins, whatever the number of samples.
 */
#ifndef BENCH_SPREAD_H
#define BENCH_SPREAD_H

#include <stdint.h>

#define SPREAD_BUCKETS (64 * 64)

/**
 * struct spread - counted samples
 * @count: all of them
 * @buckets: those of each bucket
 */
struct spread {
	uint64_t count;
	uint64_t buckets[SPREAD_BUCKETS];
};

/* One more; it does not wait for anything. */
void spread_add(struct spread *spread, uint64_t sample);

/* What @part of all samples (0.999) do not exceed. */
double spread_at(const struct spread *spread, double part);

#endif /* BENCH_SPREAD_H */
