// SPDX-License-Identifier: GPL-2.0-only
/*
 * Durations and how they are spread: see spread.h.
 */
#include "failure.h"
#include "spread.h"

/* Of each power of two */
#define STEPS 64
#define STEP_BITS 6

static unsigned int bucket_of(uint64_t sample)
{
	unsigned int shift;

	if (sample < STEPS)
		return sample;
	shift = 63 - __builtin_clzll(sample) - STEP_BITS;
	return (shift << STEP_BITS) + (sample >> shift);
}

/* The greatest sample that a bucket holds */
static double bucket_end(unsigned int bucket)
{
	unsigned int shift;

	if (bucket < 2 * STEPS)
		return bucket;
	shift = (bucket >> STEP_BITS) - 1;
	return (double)((bucket - (shift << STEP_BITS) + 1ull) << shift) - 1;
}

void spread_add(struct spread *spread, uint64_t sample)
{
	spread->buckets[bucket_of(sample)]++;
	spread->count++;
}

double spread_at(const struct spread *spread, double part)
{
	uint64_t wanted = part * spread->count;
	uint64_t seen = 0;
	unsigned int i;

	for (i = 0; i < SPREAD_BUCKETS; i++) {
		seen += spread->buckets[i];
		if (seen > wanted)
			return bucket_end(i);
	}
	die("no samples");
}
