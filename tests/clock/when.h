/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * When something ends, by CLOCK_BOOTTIME. The store tells how much time is left,
 * from one moment during the call on: that makes a span of the time, and if
 * nothing was moved, the spans that two calls make have a moment in common.
 */
#ifndef KVS_TEST_WHEN_H
#define KVS_TEST_WHEN_H

#include <kvs.h>
#include <stdbool.h>

#define SECOND UINT64_C(1000000000)
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)

struct when {
	uint64_t first, last;
};

uint64_t boottime(void);

/* The deadline of the entry @key. */
int when_ends(struct kvs *kvs, const char *key, struct when *when);

/*
 * When the bucket @key next allows what it refuses now; -EALREADY if it allows
 * it. With KVS_FLAG_CREATE a missing bucket is made.
 */
int when_allows(struct kvs *kvs, const char *key, struct kvs_rate *rate,
		struct when *when);

bool when_same(const struct when *a, const struct when *b);

#endif /* KVS_TEST_WHEN_H */
