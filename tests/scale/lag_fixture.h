/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The case of a wave of deadlines, for guests of more than one sort: a variant
 * says how many and how late.
 */
#ifndef KVS_TEST_LAG_FIXTURE_H
#define KVS_TEST_LAG_FIXTURE_H

#include <fcntl.h>
#include <kselftest_harness.h>
#include <unistd.h>

#include "lag.h"
#include "many.h"
#include "size.h"
#include "standstill.h"

#define SECOND UINT64_C(1000000000)

/* Time to put one, to begin with; too little only costs another try. */
#define GUESS_NS 10000

/* Of the time to put them: in which they end, where that took long. */
#define TIMES_PUT 4

FIXTURE(wave)
{
	struct kvs *kvs;
	struct spread spread;
	struct standstill still;
};

/* Rows of tests/sizes: keys, and the most that the p99 may be, 0 for any. */
FIXTURE_VARIANT(wave)
{
	const char *keys;
	const char *most_us;
	bool stands_still; /* now and then, for others that the host serves */
};

/* How long it took to put all of them. */
static inline uint64_t wave_put(struct kvs *kvs, struct spread *spread,
				uint64_t ahead)
{
	uint64_t start = boottime();

	spread->begin = start + ahead;
	return many_put(kvs, spread->count, spread) ? UINT64_MAX :
						      boottime() - start;
}

/*
 * The deadlines are to begin when all is there; no guess is always right. Where
 * to put them takes long, to remove them does too: then they have more time.
 */
FIXTURE_SETUP(wave)
{
	struct spread *spread = &self->spread;
	uint64_t ahead, took;

	spread->count = kvs_test_size(variant->keys);
	spread->length = 10 * SECOND;
	for (ahead = GUESS_NS * spread->count;; ahead = 2 * took) {
		ASSERT_EQ(0, kvs_store_create("scale.lag", NULL, O_RDWR,
					      &self->kvs));
		took = wave_put(self->kvs, spread, ahead);
		ASSERT_NE(UINT64_MAX, took);
		printf("# %.3f s to put them\n", took / 1e9);
		if (took < ahead)
			break;
		ASSERT_EQ(0, kvs_store_destroy(self->kvs));
		kvs_close(self->kvs);
		if (spread->length < TIMES_PUT * took)
			spread->length = TIMES_PUT * took;
	}
}

FIXTURE_TEARDOWN(wave)
{
	EXPECT_EQ(0, kvs_store_destroy(self->kvs));
	kvs_close(self->kvs);
}

/* Until the last deadline; whether none was removed before its own. */
static inline bool wave_passes(struct kvs *kvs, const struct spread *spread)
{
	bool early = false;
	uint64_t entries;

	while (boottime() < spread->begin + spread->length) {
		usleep(100000);
		entries = many_entries(kvs);
		early |= (long)entries < spread_left(spread, boottime());
	}
	return !early;
}

/*
 * One in a hundred may be later. More are where a processor stood still: those
 * whose deadlines were then, and those who had to wait for them to be removed.
 */
static inline uint64_t wave_late(const struct spread *spread, uint64_t stood)
{
	return spread->count / 100 +
	       2 * (double)stood / spread->length * spread->count;
}

TEST_F_TIMEOUT(wave, removed_soon_after_its_deadline, 600)
{
	uint64_t most = kvs_test_size(variant->most_us);
	uint64_t count = self->spread.count, stood = 0;
	struct kvs_statistics stats;
	struct lag lag;

	ASSERT_EQ(0, kvs_store_stats(self->kvs, &stats));
	ASSERT_EQ(count, stats.entries);
	ASSERT_EQ(0, stats.expired);
	if (variant->stands_still)
		ASSERT_EQ(0, standstill_start(&self->still, most * 1000 / 4));
	EXPECT_TRUE(wave_passes(self->kvs, &self->spread));
	EXPECT_TRUE(many_end(self->kvs, 10));
	if (variant->stands_still)
		stood = standstill_stop(&self->still);
	ASSERT_EQ(0, kvs_store_stats(self->kvs, &stats));
	EXPECT_EQ(count, stats.expired);
	EXPECT_EQ(0, stats.deletes);
	ASSERT_EQ(0, lag_read(self->kvs, &lag));
	EXPECT_EQ(count, lag.total);
	lag_print(&lag);
	printf("# processors stood still for %.3f s\n", stood / 1e9);
	if (most)
		EXPECT_GE(wave_late(&self->spread, stood),
			  lag_above(&lag, most));
}

#endif /* KVS_TEST_LAG_FIXTURE_H */
