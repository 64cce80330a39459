// SPDX-License-Identifier: GPL-2.0-only
/*
 * A user at his quota has entries of his own evicted, and nobody else's; and a
 * store makes room below the total of the module as it does below its cap.
 */
#include "evict.h"
#include "full_fixture.h"

#define SHARED "evict.shared"
#define COUNT 1000

static int put_count(int fd, unsigned int first, unsigned int count, size_t len)
{
	unsigned int i;
	int ret = 0;

	for (i = 0; i < count && !ret; i++)
		ret = control_request(fd, evict_put(first + i, value, len));
	return ret;
}

static int make_evicting(const char *name, __u32 mode)
{
	struct kvs_create wish = store_wish(name);

	wish.set = KVS_SET_POLICY | KVS_SET_MODE;
	wish.policy = KVS_POLICY_EVICT;
	wish.mode = mode;
	return store_make_as(wish);
}

/* A store whose cap is above the quota of who has it. */
static int fill_own_store(void *arg)
{
	struct kvs_store_stats stats;
	int fd = make_evicting("evict.own", 0600);
	size_t len = *(size_t *)arg;

	CHECK(fd >= 0);
	CHECK(!put_count(fd, 0, COUNT, len));
	stats = evict_stats(fd);
	CHECK(stats.evictions > 0);
	CHECK(stats.evictions + stats.entries == COUNT);
	CHECK(stats.user_bytes <= stats.user_max_bytes);
	CHECK(stats.user_entries <= stats.user_max_entries);
	CHECK(evict_has(fd, COUNT - 1));
	CHECK(!store_destroy(fd));
	return 0;
}

TEST_F(full, own_store_at_the_quota_of_bytes)
{
	size_t len = VALUE_LEN * 2;

	EXPECT_EQ(0, people_run(&alice, fill_own_store, &len));
}

TEST_F(full, own_store_at_the_quota_of_entries)
{
	size_t len = 10;

	EXPECT_EQ(0, people_run(&alice, fill_own_store, &len));
}

/* What others have there stays, though it came first and nobody read it. */
static int fill_shared_store(void *arg)
{
	struct kvs_store_stats stats;
	int fd = store_open(SHARED, O_RDWR);

	(void)arg;
	CHECK(fd >= 0);
	CHECK(!put_count(fd, 1000, COUNT, 10));
	stats = evict_stats(fd);
	CHECK(stats.user_entries <= stats.user_max_entries);
	CHECK(stats.evictions > 0);
	return 0;
}

TEST_F(full, shared_store)
{
	int fd = make_evicting(SHARED, 0666);
	unsigned int i;

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, put_count(fd, 0, 30, 10));
	EXPECT_EQ(0, people_run(&alice, fill_shared_store, NULL));
	for (i = 0; i < 30; i++)
		EXPECT_TRUE(evict_has(fd, i));
	EXPECT_EQ(0, store_destroy(fd));
	close(fd);
}

/* With nothing of his own to give there is nothing to be had. */
static int ask_shared_store(void *arg)
{
	int own = store_open(STORE, O_RDWR);
	int fd = store_open(SHARED, O_RDWR);
	int ret;

	(void)arg;
	ret = put_count(own, 0, COUNT, 10);
	CHECK(ret == -EDQUOT);
	CHECK(put_count(fd, 1000, 1, 10) == -EDQUOT);
	CHECK(evict_stats(fd).evictions == 0);
	return 0;
}

TEST_F(full, nothing_of_his_own)
{
	struct kvs_alter alter = { .set = KVS_SET_MAX_ENTRIES,
				   .max_entries = 200 };
	int fd = make_evicting(SHARED, 0666);
	unsigned int i;

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, put_count(fd, 0, 200, 10));
	EXPECT_EQ(0, people_run(&alice, ask_shared_store, NULL));
	EXPECT_EQ(200ULL, store_entries(fd));
	/* Nor did the look for it move the hand: the oldest is still the next. */
	ASSERT_EQ(0, store_alter(fd, alter));
	ASSERT_EQ(0, put_count(fd, 2000, 1, 10));
	EXPECT_FALSE(evict_has(fd, 0));
	for (i = 1; i < 200; i++)
		EXPECT_TRUE(evict_has(fd, i));
	EXPECT_EQ(0, store_destroy(fd));
	close(fd);
}

/* Root has no quota but the total, which others' entries and tables share. */
TEST_F(full, total)
{
	int fd = make_evicting(SHARED, 0600);
	struct kvs_store_stats stats;

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, put_count(self->fd, 0, 300, VALUE_LEN));
	ASSERT_EQ(0, put_count(fd, 0, COUNT, VALUE_LEN));
	stats = evict_stats(fd);
	EXPECT_EQ((__u64)COUNT, stats.evictions + stats.entries);
	EXPECT_LT(0ULL, stats.evictions);
	EXPECT_GE((__u64)TOTAL_BYTES, stats.bytes + store_bytes(self->fd));
	EXPECT_EQ(300ULL, store_entries(self->fd));
	EXPECT_EQ(0, store_destroy(fd));
	close(fd);
}

TEST_HARNESS_MAIN
