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

#define SECOND UINT64_C(1000000000)

/* Time to put one, to begin with; too little only costs another try. */
#define GUESS_NS 10000

FIXTURE(wave)
{
	struct kvs *kvs;
	struct spread spread;
};

/* Rows of tests/sizes: keys, and the most that the p99 may be, 0 for any. */
FIXTURE_VARIANT(wave)
{
	const char *keys;
	const char *most_us;
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

/* The deadlines are to begin when all is there; no guess is always right. */
FIXTURE_SETUP(wave)
{
	uint64_t ahead, took;

	self->spread.count = kvs_test_size(variant->keys);
	self->spread.length = 10 * SECOND;
	for (ahead = GUESS_NS * self->spread.count;; ahead = 2 * took) {
		ASSERT_EQ(0, kvs_store_create("scale.lag", NULL, O_RDWR,
					      &self->kvs));
		took = wave_put(self->kvs, &self->spread, ahead);
		ASSERT_NE(UINT64_MAX, took);
		if (took < ahead)
			break;
		ASSERT_EQ(0, kvs_store_destroy(self->kvs));
		kvs_close(self->kvs);
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

TEST_F_TIMEOUT(wave, removed_soon_after_its_deadline, 600)
{
	uint64_t most = kvs_test_size(variant->most_us);
	uint64_t count = self->spread.count;
	struct kvs_statistics stats;
	struct lag lag;

	ASSERT_EQ(0, kvs_store_stats(self->kvs, &stats));
	ASSERT_EQ(count, stats.entries);
	ASSERT_EQ(0, stats.expired);
	EXPECT_TRUE(wave_passes(self->kvs, &self->spread));
	EXPECT_TRUE(many_end(self->kvs, 10));
	ASSERT_EQ(0, kvs_store_stats(self->kvs, &stats));
	EXPECT_EQ(count, stats.expired);
	EXPECT_EQ(0, stats.deletes);
	ASSERT_EQ(0, lag_read(self->kvs, &lag));
	EXPECT_EQ(count, lag.total);
	lag_print(&lag);
	EXPECT_TRUE(!most || lag_within(&lag, 990) <= most);
}

#endif /* KVS_TEST_LAG_FIXTURE_H */
