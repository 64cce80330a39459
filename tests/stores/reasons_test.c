// SPDX-License-Identifier: GPL-2.0-only
/*
 * Figures that tell why: reads that came too late, entries that ended late,
 * writes that were too long.
 */
#include <time.h>
#include <unistd.h>

#include "histogram.h"
#include "request.h"
#include "small_fixture.h"
#include "txn.h"

#define MS 1000000ULL

static __u64 now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_BOOTTIME, &time);
	return time.tv_sec * 1000 * MS + time.tv_nsec;
}

static struct kvs_store_stats stats_of(int fd)
{
	struct kvs_store_stats stats;

	if (store_stats(fd, &stats))
		poison(&stats, sizeof(stats));
	return stats;
}

/* The first read behind a deadline that has just come. */
static void read_too_late(struct door *door, __u64 deadline)
{
	struct kvs_req req = req_put_str("a", "value");
	struct kvs_res res;

	req.flags |= KVS_F_TTL_ABS;
	req.ttl = deadline;
	door_do(door, req, &res);
	while (now() < deadline)
		;
	door_do(door, req_get("a", NULL, 0), &res);
}

/*
 * The worker comes two milliseconds behind a deadline: one of some reads that
 * come at once is there before it.
 */
TEST_F(small, misses_expired)
{
	struct kvs_store_stats stats;
	int tries;

	for (tries = 1; tries <= 200; tries++) {
		read_too_late(&self->door, now() + 3 * MS);
		stats = stats_of(self->fd);
		ASSERT_EQ((__u64)tries, stats.misses);
		if (stats.misses_expired)
			break;
	}
	EXPECT_EQ(1ULL, stats.misses_expired);
	EXPECT_EQ(0ULL, stats.hits);
}

TEST_F(small, other_misses)
{
	struct kvs_req req = req_put_str("a", "value");
	struct kvs_store_stats stats;
	struct kvs_res res;

	/* Ended, and gone since */
	ASSERT_EQ(0, door_do(&self->door, req_ttl(req, MS), &res));
	while (stats_of(self->fd).entries)
		usleep(1000);
	EXPECT_EQ(-ENOENT, door_do(&self->door, req_get("a", NULL, 0), &res));
	EXPECT_EQ(-ENOENT,
		  door_do(&self->door, req_get("none", NULL, 0), &res));
	/* Past its deadline, and nobody is to know of the look */
	read_too_late(&self->door, now() + 3 * MS);
	stats = stats_of(self->fd);
	req = req_get("a", NULL, 0);
	req.flags |= KVS_F_NO_TOUCH;
	EXPECT_EQ(-ENOENT, door_do(&self->door, req, &res));
	EXPECT_EQ(3ULL, stats.misses);
	EXPECT_GE(1ULL, stats.misses_expired);
	EXPECT_EQ(stats.misses, stats_of(self->fd).misses);
	EXPECT_EQ(stats.misses_expired, stats_of(self->fd).misses_expired);
}

#define LAGS 200

TEST_F(small, lags)
{
	struct kvs_histogram lag;
	struct kvs_store_stats stats;
	struct kvs_info info;
	char key[16];
	int i;

	for (i = 0; i < LAGS; i++) {
		snprintf(key, sizeof(key), "%d", i);
		ASSERT_EQ(0, control_request(self->fd,
					     req_ttl(req_put_str(key, "value"),
						     (i % 10 + 1) * MS)));
	}
	for (i = 0; i < 5000 && stats_of(self->fd).entries; i++)
		usleep(1000);
	stats = stats_of(self->fd);
	EXPECT_EQ(0ULL, stats.entries);
	EXPECT_EQ((__u64)LAGS, stats.expired);
	ASSERT_EQ(0, control_info(self->fd, &info));
	ASSERT_EQ(0, histogram_take(self->fd, KVS_HISTOGRAM_LAG, 0, &lag));
	EXPECT_EQ(32U, lag.out_buckets);
	EXPECT_EQ(1000U, lag.out_unit);
	EXPECT_EQ((__u64)LAGS, histogram_total(self->fd, KVS_HISTOGRAM_LAG, 0));
	EXPECT_TRUE(histogram_sum_fits(&lag));
	EXPECT_LT(0ULL, lag.out_sum);
	EXPECT_TRUE(histogram_is_file(&lag, info.store_number, "expiry_lag"));
}

/* Wherever it is found out that a value is too long. */
TEST_F(small, rejected_value)
{
	static char value[SMALL_MAX_VALUE + 1];
	struct kvs_req append = req_put("a", value, 60);
	static struct txn txn;
	struct kvs_res res;
	struct kvs_alter alter = { .set = KVS_SET_MAX_VALUE, .max_value = 100 };

	EXPECT_EQ(-EFBIG, door_do(&self->door,
				  req_put("a", value, sizeof(value)), &res));
	EXPECT_EQ(1ULL, stats_of(self->fd).rejected_value);
	ASSERT_EQ(0, door_do(&self->door,
			     req_put("a", value, sizeof(value) - 1), &res));
	append.flags |= KVS_F_APPEND;
	EXPECT_EQ(-EFBIG, door_do(&self->door, append, &res));
	EXPECT_EQ(2ULL, stats_of(self->fd).rejected_value);
	ASSERT_EQ(0, store_alter(self->fd, alter));
	ASSERT_EQ(0, door_do(&self->door, req_put("a", value, 50), &res));
	/* It would fit where it stands */
	EXPECT_EQ(-EFBIG, door_do(&self->door, append, &res));
	EXPECT_EQ(3ULL, stats_of(self->fd).rejected_value);
	txn_do(&txn, TXN_THEN, req_put("b", value, 101));
	EXPECT_EQ(-EFBIG, txn_run(&txn, &self->door));
	EXPECT_EQ(4ULL, stats_of(self->fd).rejected_value);
	EXPECT_EQ(2ULL, stats_of(self->fd).puts);
	EXPECT_EQ(0ULL, stats_of(self->fd).rejected_bytes);
}

TEST_HARNESS_MAIN
