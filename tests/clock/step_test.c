// SPDX-License-Identifier: GPL-2.0-only
/* Steps of the wall clock: no deadline, no reclaim and no bucket notices. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include <kselftest_harness.h>

#include "when.h"

#define STORE "clock.step"
#define KEY "step.key"
#define KEY_LEN (sizeof(KEY) - 1)

/* A wave of short lives, and the patience with its reclaim. */
#define MAYFLIES 64
#define LIFE_NS SECOND
#define PATIENCE_S 10

FIXTURE(step)
{
	struct kvs *kvs;
	bool stepped;
};

FIXTURE_VARIANT(step)
{
	int hours;
};

FIXTURE_VARIANT_ADD(step, forward){
	.hours = 1,
};

FIXTURE_VARIANT_ADD(step, back){
	.hours = -1,
};

static int step_clock(int hours)
{
	struct timespec now;

	if (clock_gettime(CLOCK_REALTIME, &now))
		return -errno;
	now.tv_sec += hours * 3600L;
	return clock_settime(CLOCK_REALTIME, &now) ? -errno : 0;
}

FIXTURE_SETUP(step)
{
	ASSERT_EQ(0, kvs_store_create(STORE, NULL, O_RDWR, &self->kvs));
}

FIXTURE_TEARDOWN(step)
{
	if (self->stepped)
		EXPECT_EQ(0, step_clock(-variant->hours));
	EXPECT_EQ(0, kvs_store_destroy(self->kvs));
	kvs_close(self->kvs);
}

/* The wall clock shows the step, CLOCK_BOOTTIME does not. */
TEST_F(step, of_the_clock_alone)
{
	uint64_t before = boottime();
	time_t wall = time(NULL);

	self->stepped = !step_clock(variant->hours);
	ASSERT_TRUE(self->stepped);
	EXPECT_GT(60, labs(time(NULL) - wall - variant->hours * 3600L));
	EXPECT_LE(before, boottime());
	EXPECT_GT(before + MINUTE, boottime());
}

TEST_F(step, deadlines_stay)
{
	struct when before, after;

	ASSERT_EQ(0, kvs_put_ttl(self->kvs, KEY, KEY_LEN, "v", 1, HOUR / 2, 0,
				 NULL));
	ASSERT_EQ(0, when_ends(self->kvs, KEY, &before));
	self->stepped = !step_clock(variant->hours);
	ASSERT_TRUE(self->stepped);
	ASSERT_EQ(0, when_ends(self->kvs, KEY, &after));
	EXPECT_TRUE(when_same(&before, &after));
}

TEST_F(step, absolute_deadlines_stay)
{
	uint64_t at = boottime() + HOUR / 2;
	struct kvs_request request;
	struct when before, after, exact = { at, at };

	kvs_request_put(&request, KEY, KEY_LEN, "v", 1, 0, NULL);
	kvs_request_set_deadline(&request, at);
	ASSERT_EQ(0, kvs_do(self->kvs, &request));
	ASSERT_EQ(0, when_ends(self->kvs, KEY, &before));
	EXPECT_TRUE(when_same(&before, &exact));
	self->stepped = !step_clock(variant->hours);
	ASSERT_TRUE(self->stepped);
	ASSERT_EQ(0, when_ends(self->kvs, KEY, &after));
	EXPECT_TRUE(when_same(&after, &exact));
	/* One that is given now counts from the same clock. */
	ASSERT_EQ(0, kvs_do(self->kvs, &request));
	ASSERT_EQ(0, when_ends(self->kvs, KEY, &after));
	EXPECT_TRUE(when_same(&after, &exact));
}

TEST_F(step, buckets_stay)
{
	struct kvs_rate rate = { .interval = HOUR / 2, .burst = 1, .cost = 1 };
	struct when before, after;
	uint64_t wait;

	ASSERT_EQ(0, kvs_allow(self->kvs, KEY, KEY_LEN, &rate, KVS_FLAG_CREATE,
			       &wait));
	ASSERT_EQ(0, wait);
	ASSERT_EQ(0, when_allows(self->kvs, KEY, &rate, &before));
	self->stepped = !step_clock(variant->hours);
	ASSERT_TRUE(self->stepped);
	ASSERT_EQ(0, when_allows(self->kvs, KEY, &rate, &after));
	EXPECT_TRUE(when_same(&before, &after));
}

static int put_mayflies(struct kvs *kvs, uint64_t at)
{
	struct kvs_request request;
	int key, ret = 0;

	for (key = 0; key < MAYFLIES && !ret; key++) {
		kvs_request_put(&request, &key, sizeof(key), "v", 1, 0, NULL);
		kvs_request_set_deadline(&request, at);
		ret = kvs_do(kvs, &request);
	}
	return ret;
}

/* Whether one was there before its deadline, and was not from it on. */
static bool exact_until(struct kvs *kvs, uint64_t at)
{
	bool exact = true;
	uint64_t before;
	int key = 0, ret;

	do {
		before = boottime();
		ret = kvs_get(kvs, &key, sizeof(key), NULL, 0, NULL);
		exact &= ret ? ret == -ENOENT && boottime() >= at : before < at;
	} while (before < at);
	return exact;
}

static uint64_t expired(struct kvs *kvs)
{
	struct kvs_statistics stats;

	return kvs_store_stats(kvs, &stats) ? UINT64_MAX : stats.expired;
}

TEST_F(step, reclaim_comes_in_its_time)
{
	uint64_t at = boottime() + LIFE_NS;
	uint64_t count, seen;

	ASSERT_EQ(0, put_mayflies(self->kvs, at));
	self->stepped = !step_clock(variant->hours);
	ASSERT_TRUE(self->stepped);
	count = expired(self->kvs);
	EXPECT_TRUE(!count || boottime() >= at);
	EXPECT_TRUE(exact_until(self->kvs, at));
	do {
		usleep(1000);
		seen = boottime();
		count = expired(self->kvs);
	} while (count < MAYFLIES && seen < at + PATIENCE_S * SECOND);
	EXPECT_EQ(MAYFLIES, count);
	TH_LOG("reclaimed %llu us after the deadline",
	       (unsigned long long)(boottime() - at) / 1000);
}

TEST_HARNESS_MAIN
