// SPDX-License-Identifier: GPL-2.0-only
/*
 * A suspended machine's time counts. Each case sleeps (S3), and its alarm clock
 * wakes it some seconds later.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <kselftest_harness.h>

#include "file.h"
#include "when.h"

#define STORE "clock.suspend"
#define SHORT "suspend.short"
#define LONG "suspend.long"
#define BUCKET "suspend.bucket"

/*
 * The alarm clock knows whole seconds: a second less may be slept, and less by
 * what it takes to go to sleep, for which there is another one.
 */
#define ALARM_S "4"
#define SLEEP_NS (2 * SECOND)
/* What is to end meanwhile has this left. */
#define SHORT_NS (2 * SECOND)
#define PATIENCE_NS (10 * SECOND)

#define MS(ns) ((unsigned long long)(ns) / 1000000)

#define POWER_STATE "/sys/power/state"
#define POWER_SORT "/sys/power/mem_sleep"
#define WAKE_ALARM "/sys/class/rtc/rtc0/wakealarm"

static uint64_t monotonic(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * SECOND + now.tv_nsec;
}

FIXTURE(suspend)
{
	struct kvs *kvs;
	uint64_t slept;
};

FIXTURE_SETUP(suspend)
{
	if (access(POWER_STATE, F_OK))
		SKIP(return, "this kernel cannot suspend");
	ASSERT_EQ(0, kvs_store_create(STORE, NULL, O_RDWR, &self->kvs));
}

FIXTURE_TEARDOWN(suspend)
{
	EXPECT_EQ(0, kvs_store_destroy(self->kvs));
	kvs_close(self->kvs);
}

/* How long the machine slept goes to @slept: CLOCK_MONOTONIC stood still. */
static int sleep_deeply(uint64_t *slept)
{
	uint64_t asleep = boottime() - monotonic();
	int ret;

	ret = write_file(POWER_SORT, "deep");
	if (!ret)
		ret = write_file(WAKE_ALARM, "0");
	if (!ret)
		ret = write_file(WAKE_ALARM, "+" ALARM_S);
	if (!ret)
		ret = write_file(POWER_STATE, "mem");
	*slept = boottime() - monotonic() - asleep;
	return ret;
}

/*
 * What ended while the machine slept: by CLOCK_MONOTONIC its time has not come
 * yet, so nothing but the sleep can have ended it.
 */
TEST_F(suspend, what_ended_in_the_sleep_is_absent)
{
	uint64_t put = monotonic(), awake;
	struct kvs_statistics stats;

	ASSERT_EQ(0, kvs_put_ttl(self->kvs, SHORT, strlen(SHORT), "v", 1,
				 SHORT_NS, 0, NULL));
	ASSERT_EQ(0, kvs_get(self->kvs, SHORT, strlen(SHORT), NULL, 0, NULL));
	ASSERT_EQ(0, sleep_deeply(&self->slept));
	EXPECT_EQ(-ENOENT,
		  kvs_get(self->kvs, SHORT, strlen(SHORT), NULL, 0, NULL));
	awake = monotonic();
	EXPECT_GT(put + SHORT_NS, awake);
	do {
		ASSERT_EQ(0, kvs_store_stats(self->kvs, &stats));
	} while (!stats.expired && monotonic() < awake + PATIENCE_NS);
	EXPECT_EQ(1, stats.expired);
	EXPECT_EQ(0, stats.entries);
	TH_LOG("slept %llu ms, reclaimed %llu us after", MS(self->slept),
	       (monotonic() - awake) / 1000ULL);
}

TEST_F(suspend, the_sleep_is_part_of_a_ttl)
{
	struct when before, after;
	uint64_t start;

	ASSERT_EQ(0, kvs_put_ttl(self->kvs, LONG, strlen(LONG), "v", 1, HOUR, 0,
				 NULL));
	ASSERT_EQ(0, when_ends(self->kvs, LONG, &before));
	start = monotonic();
	ASSERT_EQ(0, sleep_deeply(&self->slept));
	EXPECT_LE(SLEEP_NS, self->slept);
	ASSERT_EQ(0, when_ends(self->kvs, LONG, &after));
	EXPECT_TRUE(when_same(&before, &after));
	TH_LOG("slept %llu ms, awake for %llu ms", MS(self->slept),
	       MS(monotonic() - start));
}

TEST_F(suspend, a_bucket_fills_in_the_sleep)
{
	struct kvs_rate rate = { .interval = SHORT_NS, .burst = 1, .cost = 1 };
	uint64_t taken = monotonic(), wait;
	struct when refused;

	ASSERT_EQ(0, kvs_allow(self->kvs, BUCKET, strlen(BUCKET), &rate,
			       KVS_FLAG_CREATE, &wait));
	ASSERT_EQ(0, wait);
	ASSERT_EQ(0, when_allows(self->kvs, BUCKET, &rate, &refused));
	ASSERT_EQ(0, sleep_deeply(&self->slept));
	ASSERT_EQ(0, kvs_allow(self->kvs, BUCKET, strlen(BUCKET), &rate, 0,
			       &wait));
	EXPECT_EQ(0, wait);
	EXPECT_GT(taken + SHORT_NS, monotonic());
}

TEST_HARNESS_MAIN
