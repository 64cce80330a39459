// SPDX-License-Identifier: GPL-2.0-only
/* Histograms: of what is there, and of what was measured. */
#include <errno.h>
#include <fcntl.h>

#include "store_fixture.h"

static uint64_t total(const struct kvs_distribution *distribution)
{
	uint64_t sum = 0;
	uint32_t i;

	for (i = 0; i < distribution->buckets; i++)
		sum += distribution->count[i];
	return sum;
}

FIXTURE(counted)
{
	struct kvs *kvs;
	struct kvs_distribution taken;
};

FIXTURE_SETUP(counted)
{
	ASSERT_EQ(0,
		  kvs_store_create("histogram.test", NULL, O_RDWR, &self->kvs));
	memset(&self->taken, 0xa5, sizeof(self->taken));
}

FIXTURE_TEARDOWN(counted)
{
	kvs_store_destroy(self->kvs);
	kvs_close(self->kvs);
}

TEST_F(counted, sizes)
{
	static char value[5000];
	struct kvs_entry_stat stat;
	uint64_t sum;

	ASSERT_EQ(0, kvs_put(self->kvs, "a", 1, value, 1, 0, NULL));
	ASSERT_EQ(0, kvs_put(self->kvs, "b", 1, value, 5000, 0, NULL));
	ASSERT_EQ(0, kvs_stat(self->kvs, "a", 1, &stat));
	sum = stat.charged;
	ASSERT_EQ(0, kvs_stat(self->kvs, "b", 1, &stat));
	sum += stat.charged;
	ASSERT_EQ(0,
		  kvs_store_histogram(self->kvs, KVS_SIZES, 0, &self->taken));
	EXPECT_EQ(1U, self->taken.unit);
	EXPECT_EQ(sum, self->taken.sum);
	EXPECT_EQ(2ULL, total(&self->taken));
	/* 64 to 127 bytes, and 4096 to 8191 */
	EXPECT_EQ(1ULL, self->taken.count[7]);
	EXPECT_EQ(1ULL, self->taken.count[13]);
	EXPECT_EQ(0ULL, self->taken.count[63]);
}

TEST_F(counted, latencies)
{
	EXPECT_EQ(0, kvs_store_histogram(self->kvs, KVS_LATENCIES,
					 KVS_OPERATION_PUT, &self->taken));
	EXPECT_EQ(0U, self->taken.buckets);
	EXPECT_EQ(0ULL, self->taken.sum);
	ASSERT_EQ(0, kvs_store_measure(self->kvs, 1));
	ASSERT_EQ(0, kvs_put(self->kvs, "a", 1, "v", 1, 0, NULL));
	ASSERT_EQ(0, kvs_put(self->kvs, "a", 1, "w", 1, 0, NULL));
	ASSERT_EQ(0, kvs_store_histogram(self->kvs, KVS_LATENCIES,
					 KVS_OPERATION_PUT, &self->taken));
	EXPECT_EQ(2ULL, total(&self->taken));
	EXPECT_LT(0ULL, self->taken.sum);
	ASSERT_EQ(0, kvs_store_histogram(self->kvs, KVS_LATENCIES,
					 KVS_OPERATION_GET, &self->taken));
	EXPECT_EQ(40U, self->taken.buckets);
	EXPECT_EQ(0ULL, total(&self->taken));
	ASSERT_EQ(0, kvs_store_measure(self->kvs, 0));
	ASSERT_EQ(0, kvs_store_histogram(self->kvs, KVS_LATENCIES,
					 KVS_OPERATION_PUT, &self->taken));
	EXPECT_EQ(0U, self->taken.buckets);
}

TEST_F(counted, lags)
{
	ASSERT_EQ(0, kvs_store_histogram(self->kvs, KVS_LAGS, 0, &self->taken));
	EXPECT_EQ(32U, self->taken.buckets);
	EXPECT_EQ(1000U, self->taken.unit);
	EXPECT_EQ(0ULL, total(&self->taken));
}

TEST_F(counted, refused)
{
	struct kvs *reader;

	EXPECT_EQ(-EOPNOTSUPP,
		  kvs_store_histogram(self->kvs, 4, 0, &self->taken));
	EXPECT_EQ(0U, self->taken.buckets);
	EXPECT_EQ(-EOPNOTSUPP,
		  kvs_store_histogram(self->kvs, KVS_SIZES, KVS_OPERATION_GET,
				      &self->taken));
	EXPECT_EQ(-EOPNOTSUPP, kvs_store_histogram(self->kvs, KVS_LATENCIES, 0,
						   &self->taken));
	EXPECT_EQ(-EINVAL, kvs_store_measure(self->kvs, 2));
	ASSERT_EQ(0, kvs_restrict(self->kvs, KVS_MAY_READ, &reader));
	EXPECT_EQ(-EACCES, kvs_store_measure(reader, 1));
	EXPECT_EQ(0, kvs_store_histogram(reader, KVS_SIZES, 0, &self->taken));
	kvs_close(reader);
}

TEST_HARNESS_MAIN
