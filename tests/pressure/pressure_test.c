// SPDX-License-Identifier: GPL-2.0-only
/*
 * A machine of 256 MiB. A store that takes what it can gets ENOMEM or ENOSPC, a
 * cache gives back what others need, and nobody is killed for either.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <kselftest_harness.h>

#include <kvs.h>

#include "machine.h"

#define CACHE "pressure.cache"
#define OTHER "pressure.other"
#define LEN 4000
#define PINS 100
#define MOST 100000
#define LIMIT (12LL << 20)

static char value[LEN];

FIXTURE(pressure)
{
	struct kvs *cache;
	long long kills, available;
};

static struct kvs_statistics stats_of(struct kvs *kvs)
{
	struct kvs_statistics stats;

	if (kvs_store_stats(kvs, &stats))
		memset(&stats, 0xff, sizeof(stats));
	return stats;
}

/* Gone is gone when its memory is. */
static bool becomes_empty(struct kvs *kvs)
{
	int tries;

	for (tries = 500; stats_of(kvs).bytes && tries; tries--)
		usleep(20000);
	return !stats_of(kvs).bytes;
}

/* What the last one left goes first, all of it. */
static void clear(const char *name)
{
	struct kvs *kvs;

	if (kvs_open(name, O_RDWR, &kvs))
		return;
	if (!kvs_store_flush(kvs, NULL))
		becomes_empty(kvs);
	kvs_store_destroy(kvs);
	kvs_close(kvs);
}

static struct kvs *make(const char *name, uint32_t policy, long long max_bytes)
{
	const struct kvs_store_options options = {
		.set = KVS_OPTION_POLICY | KVS_OPTION_MAX_BYTES,
		.policy = policy,
		.max_bytes = max_bytes,
	};
	struct kvs *kvs;

	clear(name);
	return kvs_store_create(name, &options, O_RDWR, &kvs) ? NULL : kvs;
}

FIXTURE_SETUP(pressure)
{
	self->kills = machine_kills();
	self->available = machine_memory("MemAvailable:");
	ASSERT_LE(0, self->kills);
	ASSERT_LT(64LL << 20, self->available);
	printf("# %lld MiB are to be had\n", self->available >> 20);
}

FIXTURE_TEARDOWN(pressure)
{
	EXPECT_EQ(self->kills, machine_kills());
	kvs_close(self->cache);
	clear(OTHER);
	clear(CACHE);
}

static int put(struct kvs *kvs, int number, unsigned int flags)
{
	char key[32];
	int len = snprintf(key, sizeof(key), "pressure.%d", number);

	return kvs_put(kvs, key, len, value, LEN, flags, NULL);
}

/* Until it is refused; how many it took. */
static int fill(struct kvs *kvs, int most, int *ret)
{
	int count = 0;

	do {
		*ret = put(kvs, count, 0);
	} while (!*ret && ++count < most);
	return count;
}

/* As much as the machine has, but for what it needs to go on. */
TEST_F_TIMEOUT(pressure, filled, 200)
{
	int count, ret;

	self->cache = make(CACHE, KVS_AT_CAP_REJECT, self->available * 3 / 4);
	ASSERT_NE(NULL, self->cache);
	count = fill(self->cache, MOST, &ret);
	printf("# %d values, then %d\n", count, ret);
	EXPECT_TRUE(ret == -ENOMEM || ret == -ENOSPC);
	EXPECT_LT(self->available / 2, (long long)count * LEN);
	EXPECT_EQ(0, kvs_store_flush(self->cache, NULL));
	EXPECT_TRUE(becomes_empty(self->cache));
	EXPECT_EQ(0, put(self->cache, 0, 0));
}

/* A cache that takes most of the memory, and one who needs it. */
TEST_F_TIMEOUT(pressure, given_back, 200)
{
	struct kvs_statistics before, after;
	char key[32];
	int i, len;

	self->cache = make(CACHE, KVS_AT_CAP_EVICT, self->available * 3 / 4);
	ASSERT_NE(NULL, self->cache);
	for (i = 0; i < PINS; i++)
		ASSERT_EQ(0, put(self->cache, i, KVS_FLAG_PINNED));
	for (; i < self->available * 3 / 5 / LEN; i++)
		ASSERT_EQ(0, put(self->cache, i, 0));
	before = stats_of(self->cache);
	EXPECT_EQ(0ULL, before.evictions);
	EXPECT_EQ(0, machine_hog(self->available * 3 / 4));
	after = stats_of(self->cache);
	printf("# %llu of %llu entries were given back\n",
	       (unsigned long long)after.evictions,
	       (unsigned long long)before.entries);
	EXPECT_EQ(before.entries, after.entries + after.evictions);
	EXPECT_LT(before.entries / 10, after.evictions);
	for (i = 0; i < PINS; i++) {
		len = snprintf(key, sizeof(key), "pressure.%d", i);
		EXPECT_EQ(0, kvs_get(self->cache, key, len, NULL, 0, NULL));
	}
	EXPECT_EQ(before.pinned_bytes, after.pinned_bytes);
	/* And it goes on */
	EXPECT_EQ(0, put(self->cache, MOST, 0));
}

/* One that rejects keeps what it has. */
TEST_F_TIMEOUT(pressure, kept, 200)
{
	struct kvs_statistics before, after;
	struct kvs *other;
	int ret;

	self->cache = make(CACHE, KVS_AT_CAP_EVICT, self->available / 2);
	other = make(OTHER, KVS_AT_CAP_REJECT, self->available / 8);
	ASSERT_NE(NULL, self->cache);
	ASSERT_NE(NULL, other);
	fill(other, MOST, &ret);
	EXPECT_EQ(-ENOSPC, ret);
	fill(self->cache, self->available * 2 / 5 / LEN, &ret);
	EXPECT_EQ(0, ret);
	before = stats_of(other);
	EXPECT_EQ(0, machine_hog(self->available * 3 / 4));
	after = stats_of(other);
	EXPECT_LT(0ULL, stats_of(self->cache).evictions);
	EXPECT_EQ(0ULL, after.evictions);
	EXPECT_EQ(before.entries, after.entries);
	kvs_close(other);
}

/* In the group; what it touches later, it touched before. */
static void fill_from_group(struct kvs *kvs, int *answer)
{
	if (mlockall(MCL_CURRENT | MCL_FUTURE) || machine_join_group())
		_exit(1);
	fill(kvs, MOST, answer);
	_exit(0);
}

/* A group at its limit is told so, and takes nothing from others. */
TEST_F_TIMEOUT(pressure, group, 200)
{
	const int others = LIMIT / LEN;
	struct kvs *other;
	int *answer, ret, status;
	pid_t pid;

	if (machine_make_group(LIMIT))
		SKIP(return, "no memory controller of cgroup2");
	self->cache = make(CACHE, KVS_AT_CAP_EVICT, self->available / 2);
	other = make(OTHER, KVS_AT_CAP_EVICT, self->available / 2);
	answer = mmap(NULL, sizeof(*answer), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ASSERT_EQ(others, fill(other, others, &ret));
	pid = fork();
	if (!pid)
		fill_from_group(self->cache, answer);
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(0, status);
	EXPECT_EQ(-ENOMEM, *answer);
	EXPECT_EQ(0ULL, stats_of(other).evictions);
	EXPECT_EQ((uint64_t)others, stats_of(other).entries);
	EXPECT_EQ(0ULL, stats_of(self->cache).evictions);
	EXPECT_LT(0ULL, stats_of(self->cache).rejected_memory);
	/* Who is in no group puts what it likes */
	EXPECT_EQ(0, put(self->cache, MOST, 0));
	kvs_close(other);
	machine_remove_group();
}

TEST_HARNESS_MAIN
