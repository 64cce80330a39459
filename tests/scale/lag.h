/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How long after their deadlines the entries of a store were removed, as it
 * counts that itself.
 */
#ifndef KVS_TEST_LAG_H
#define KVS_TEST_LAG_H

#include <kvs.h>

#define LAG_COUNTS 32

/* @counts[n]: those removed less than 2^n microseconds after it */
struct lag {
	uint64_t counts[LAG_COUNTS];
	uint64_t total;
};

int lag_read(struct kvs *kvs, struct lag *lag);

/*
 * The microseconds within which at least @parts of 1000 were removed: a power of
 * two, for more is not known.
 */
uint64_t lag_within(const struct lag *lag, unsigned int parts);

/* How many were removed later than @us after it, a power of two. */
uint64_t lag_above(const struct lag *lag, uint64_t us);

void lag_print(const struct lag *lag);

#endif /* KVS_TEST_LAG_H */
