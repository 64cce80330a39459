// SPDX-License-Identifier: GPL-2.0-only
/* LIST page by page, and ALTER of stores that are in use. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>

#include <kselftest_harness.h>

#include "control.h"
#include "crew.h"
#include "request.h"
#include "size.h"
#include "store.h"

#define STORE "alter.one"
#define STAGING "alter.staging"
#define LISTED 5

static char value[8192];

FIXTURE(alter)
{
	int fd;
};

FIXTURE_SETUP(alter)
{
	self->fd = store_make(STORE);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(alter)
{
	close(self->fd);
	store_clear(STORE);
}

static int list_name(char *name, int i)
{
	return snprintf(name, KVS_STORE_NAME_SIZE, "alter.list.%d", i);
}

static void make_listed(struct __test_metadata *_metadata, bool make)
{
	char name[KVS_STORE_NAME_SIZE];
	int i, fd;

	for (i = 0; i < LISTED; i++) {
		list_name(name, i);
		store_clear(name);
		if (!make)
			continue;
		fd = store_make(name);
		ASSERT_LE(0, fd);
		close(fd);
	}
}

/* However large a page is, the pages together are the whole list. */
TEST_F(alter, pages)
{
	struct kvs_list_item all[64], part[64];
	__u32 start = 0, count;
	int total, got, ret;

	make_listed(_metadata, true);
	total = store_list(self->fd, 0, all, 64, &start);
	ASSERT_LE(LISTED + 2, total);
	EXPECT_EQ(0U, start);
	EXPECT_STREQ("default", (char *)all[0].store_name);
	EXPECT_EQ(0U, all[0].number);
	for (got = 1; got < total; got++)
		EXPECT_LT(all[got - 1].number, all[got].number);
	for (count = 1; count <= (__u32)total; count++) {
		got = 0;
		do {
			ret = store_list(self->fd, 0, part + got, count,
					 &start);
			ASSERT_LT(0, ret);
			EXPECT_TRUE((__u32)ret == count || !start);
			got += ret;
		} while (start && got + (int)count <= 64);
		EXPECT_EQ(total, got);
		EXPECT_EQ(0, memcmp(all, part, total * sizeof(*all)));
	}
	make_listed(_metadata, false);
}

TEST_F(alter, cursor)
{
	struct kvs_list_item items[2];
	struct kvs_info info;
	__u32 start;

	ASSERT_EQ(0, control_info(self->fd, &info));
	start = info.store_number;
	ASSERT_LT(0, store_list(self->fd, 0, items, 2, &start));
	EXPECT_STREQ(STORE, (char *)items[0].store_name);
	start = UINT32_MAX;
	EXPECT_EQ(0, store_list(self->fd, 0, items, 2, &start));
	EXPECT_EQ(0U, start);
	start = 1U << 31;
	EXPECT_EQ(0, store_list(self->fd, 0, items, 2, &start));
	EXPECT_EQ(0U, start);
}

struct listing {
	int fd;
	int over;
};

/* Others than those that are made to stay. */
static int make_and_destroy(struct listing *listing)
{
	long turns = kvs_test_size("ALTER_RACES");
	char name[KVS_STORE_NAME_SIZE];
	int fd, ret = 0;

	while (turns-- && !ret) {
		snprintf(name, sizeof(name), "alter.other.%ld", turns % 7);
		fd = store_make(name);
		ret = fd < 0 ? fd : store_destroy(fd);
		close(fd);
	}
	__atomic_store_n(&listing->over, 1, __ATOMIC_SEQ_CST);
	return ret;
}

/* One walk, page by page: how often each of those that stay was shown. */
static int walk(int fd, __u32 page, int *seen)
{
	struct kvs_list_item items[3];
	int last = -1, n, i, number;
	__u32 start = 0;

	do {
		n = store_list(fd, 0, items, page, &start);
		for (i = 0; i < n; i++) {
			if ((int)items[i].number <= last)
				return -1;
			last = items[i].number;
			if (sscanf((char *)items[i].store_name, "alter.list.%d",
				   &number) == 1)
				seen[number]++;
		}
	} while (n > 0 && start);
	return n < 0 ? n : 0;
}

static int list_always(struct listing *listing)
{
	__u32 page = 1;
	int i;

	do {
		int seen[LISTED] = {};

		if (walk(listing->fd, page, seen))
			return -1;
		for (i = 0; i < LISTED; i++)
			if (seen[i] != 1)
				return -2;
		page = page % 3 + 1;
	} while (!__atomic_load_n(&listing->over, __ATOMIC_SEQ_CST));
	return 0;
}

static int in_listing(unsigned int member, void *arg)
{
	return member ? list_always(arg) : make_and_destroy(arg);
}

TEST_F(alter, list_repeats_and_misses_nothing)
{
	struct listing listing = { .fd = self->fd };

	make_listed(_metadata, true);
	EXPECT_EQ(0, crew_threads(2, in_listing, &listing));
	make_listed(_metadata, false);
}

static int list_of(int fd, struct kvs_list list)
{
	int ret;

	list.size = sizeof(list);
	ret = control_ioctl(fd, KVS_IOC_LIST, &list);
	return ret ? ret : (int)list.count;
}

TEST_F(alter, list_refused)
{
	struct kvs_list_item items[2];
	struct kvs_list good = { .items = addr_of(items),
				 .count = 2,
				 .item_size = sizeof(*items) };
	struct kvs_list list;
	__u32 size;

	EXPECT_EQ(2, list_of(self->fd, good));
	list = good;
	list.count = 0;
	EXPECT_EQ(-EINVAL, list_of(self->fd, list));
	list.count = KVS_MAX_BATCH + 1;
	EXPECT_EQ(-EINVAL, list_of(self->fd, list));
	list = good;
	list.reserved = 1;
	EXPECT_EQ(-EOPNOTSUPP, list_of(self->fd, list));
	list = good;
	list.items = 0;
	EXPECT_EQ(-EFAULT, list_of(self->fd, list));
	list = good;
	list.count = 1;
	for (size = 0; size < sizeof(*items); size++) {
		list.item_size = size;
		EXPECT_EQ(-EINVAL, list_of(self->fd, list));
	}
	list.item_size = 4096 + 8;
	EXPECT_EQ(-E2BIG, list_of(self->fd, list));
}

/* A caller from the future: it gets zeroes for what is not known here. */
TEST_F(alter, larger_items)
{
	const size_t size = sizeof(struct kvs_list_item) + 24;
	struct kvs_list list = { .count = 2, .item_size = size };
	struct kvs_list_item first;
	char page[4 * 256];

	poison(page, sizeof(page));
	list.items = addr_of(page);
	ASSERT_EQ(2, list_of(self->fd, list));
	memcpy(&first, page, sizeof(first));
	EXPECT_STREQ("default", (char *)first.store_name);
	EXPECT_TRUE(is_zero(page + sizeof(first), 24));
	EXPECT_TRUE(is_zero(page + size + sizeof(first), 24));
	EXPECT_TRUE(is_poison(page + 2 * size, sizeof(page) - 2 * size));
	list.item_size = size + 4;
	EXPECT_EQ(-EINVAL, list_of(self->fd, list));
}

/* What is there stays, what is new is refused, what shrinks goes on. */
TEST_F(alter, caps_below_usage)
{
	struct kvs_alter low = { .set = KVS_SET_MAX_BYTES | KVS_SET_MAX_ENTRIES,
				 .max_bytes = 65536,
				 .max_entries = 1 };
	struct kvs_alter high = low;
	struct kvs_store_stats stats;
	char key[16];
	int i;

	for (i = 0; i < 50; i++) {
		snprintf(key, sizeof(key), "%d", i);
		ASSERT_EQ(0,
			  control_request(self->fd, req_put(key, value, 4000)));
	}
	ASSERT_EQ(0, store_alter(self->fd, low));
	ASSERT_EQ(0, store_stats(self->fd, &stats));
	EXPECT_EQ(65536ULL, stats.max_bytes);
	EXPECT_EQ(1ULL, stats.max_entries);
	EXPECT_EQ(50ULL, stats.entries);
	EXPECT_EQ(0, control_request(self->fd, req_get("49", value, 4000)));
	EXPECT_EQ(-ENOSPC, control_request(self->fd, req_put_str("new", "v")));
	EXPECT_EQ(-ENOSPC,
		  control_request(self->fd, req_put("1", value, 5000)));
	EXPECT_EQ(0, control_request(self->fd, req_put("1", value, 2000)));
	EXPECT_EQ(0, control_request(self->fd, req_put("1", value, 10)));
	EXPECT_EQ(0, control_request(self->fd, req_delete("2")));
	high.max_bytes = 1 << 20;
	high.max_entries = 50;
	ASSERT_EQ(0, store_alter(self->fd, high));
	EXPECT_EQ(0, control_request(self->fd, req_put_str("new", "v")));
	EXPECT_EQ(-ENOSPC, control_request(self->fd, req_put_str("two", "v")));
}

TEST_F(alter, max_value)
{
	struct kvs_alter alter = { .set = KVS_SET_MAX_VALUE, .max_value = 100 };
	struct kvs_res res;

	ASSERT_EQ(0, control_request(self->fd, req_put("key", value, 5000)));
	ASSERT_EQ(0, store_alter(self->fd, alter));
	EXPECT_EQ(-EFBIG,
		  control_request(self->fd, req_put("two", value, 101)));
	EXPECT_EQ(0, control_request(self->fd, req_put("two", value, 100)));
	/* Longer values stay */
	ASSERT_EQ(0, control_request(self->fd,
				     req_result(req_get("key", value, 5000),
						&res)));
	EXPECT_EQ(5000U, res.len);
	alter.max_value = KVS_MAX_VALUE;
	ASSERT_EQ(0, store_alter(self->fd, alter));
	EXPECT_EQ(0, control_request(self->fd, req_put("two", value, 8192)));
}

/* Handles keep the rights that they have; new ones get what is now. */
TEST_F(alter, mode_and_owner)
{
	struct kvs_alter alter = { .set = KVS_SET_MODE | KVS_SET_UID |
					  KVS_SET_GID,
				   .mode = 0040,
				   .uid = 1234 };
	struct kvs_list_item item;
	struct kvs_info info;
	int fd;

	ASSERT_EQ(0, store_alter(self->fd, alter));
	ASSERT_TRUE(store_find(self->fd, 0, STORE, &item));
	EXPECT_EQ(0040U, item.mode);
	EXPECT_EQ(1234U, item.uid);
	EXPECT_EQ(0U, item.gid);
	ASSERT_EQ(0, control_info(self->fd, &info));
	EXPECT_EQ(KVS_RIGHT_ALL, info.rights);
	EXPECT_EQ(0, control_request(self->fd, req_put_str("key", "value")));
	fd = store_open(STORE, O_RDWR);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, control_info(fd, &info));
	EXPECT_EQ(KVS_RIGHT_READ | KVS_RIGHT_LIST | KVS_RIGHT_ADMIN,
		  info.rights);
	EXPECT_EQ(-EACCES, control_request(fd, req_put_str("key", "value")));
	close(fd);
}

TEST_F(alter, refused)
{
	struct kvs_alter alter = { .policy = KVS_POLICY_EVICT };
	int staging = store_stage(self->fd, STAGING);
	__u32 bit;

	ASSERT_LE(0, staging);
	EXPECT_EQ(-EOPNOTSUPP, store_alter(self->fd, alter));
	alter.policy = 0;
	EXPECT_EQ(0, store_alter(self->fd, alter));
	EXPECT_EQ(-EINVAL, store_alter(staging, alter));
	for (bit = KVS_SET_MAX_PINNED << 1; bit; bit <<= 1) {
		alter.set = bit;
		EXPECT_EQ(-EOPNOTSUPP, store_alter(self->fd, alter));
	}
	alter = (struct kvs_alter){ .max_value = 8 };
	EXPECT_EQ(-EOPNOTSUPP, store_alter(self->fd, alter));
	alter = (struct kvs_alter){ .max_pinned = 8 };
	EXPECT_EQ(-EOPNOTSUPP, store_alter(self->fd, alter));
	alter = (struct kvs_alter){ .mode = 0600 };
	EXPECT_EQ(-EOPNOTSUPP, store_alter(self->fd, alter));
	close(staging);
}

static bool same_limits(int fd)
{
	struct kvs_list_item live, staging;

	return store_find(fd, 0, STORE, &live) &&
	       store_find(fd, 0, STAGING, &staging) &&
	       live.max_bytes == staging.max_bytes &&
	       live.max_entries == staging.max_entries &&
	       live.max_value == staging.max_value &&
	       live.mode == staging.mode && live.uid == staging.uid &&
	       live.gid == staging.gid;
}

TEST_F(alter, staging_follows)
{
	struct kvs_alter alter = { .set = KVS_SET_MODE | KVS_SET_UID |
					  KVS_SET_MAX_BYTES |
					  KVS_SET_MAX_ENTRIES |
					  KVS_SET_MAX_VALUE,
				   .mode = 0644,
				   .uid = 1234,
				   .max_bytes = 1 << 20,
				   .max_entries = 99,
				   .max_value = 88 };
	int staging = store_stage(self->fd, STAGING);
	struct kvs_store_stats stats;

	ASSERT_LE(0, staging);
	EXPECT_TRUE(same_limits(self->fd));
	ASSERT_EQ(0, store_alter(self->fd, alter));
	EXPECT_TRUE(same_limits(self->fd));
	ASSERT_EQ(0, store_publish(self->fd));
	EXPECT_TRUE(same_limits(self->fd));
	ASSERT_EQ(0, store_stats(self->fd, &stats));
	EXPECT_EQ(99ULL, stats.max_entries);
	close(staging);
}

struct race {
	int fd;
	long rounds;
};

/* Each sets another cap; in between the contents change their place. */
static int alter_and_publish(unsigned int member, void *arg)
{
	struct race *race = arg;
	struct kvs_alter alter = { .set = KVS_SET_MAX_ENTRIES };
	long i;

	for (i = 0; i < race->rounds; i++) {
		alter.max_entries = 1000 + 3 * i + member;
		if (member == 2 ? store_publish(race->fd) :
				  store_alter(race->fd, alter))
			return -1;
	}
	return 0;
}

static void run_race(struct __test_metadata *_metadata, int fd,
		     unsigned int members, long turns)
{
	struct race race = { .fd = fd, .rounds = 1 };
	int staging = store_stage(fd, STAGING);

	ASSERT_LE(0, staging);
	while (turns--) {
		ASSERT_EQ(0, crew_threads(members, alter_and_publish, &race));
		ASSERT_TRUE(same_limits(fd))
		{
			TH_LOG("%ld turns before the end", turns);
		}
	}
	close(staging);
}

TEST_F(alter, staging_follows_one_of_two)
{
	run_race(_metadata, self->fd, 2, 50 * kvs_test_size("ALTER_RACES"));
}

TEST_F(alter, staging_follows_under_publish)
{
	run_race(_metadata, self->fd, 3, kvs_test_size("ALTER_RACES"));
}

TEST_HARNESS_MAIN
