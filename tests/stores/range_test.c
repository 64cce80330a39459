// SPDX-License-Identifier: GPL-2.0-only
/*
 * DELETE_RANGE: what is in the range goes, page by page, and nothing else.
 */
#include <errno.h>
#include <stdio.h>

#include "crew.h"
#include "scan_fixture.h"
#include "size.h"

#define KEYS 300
#define MANY (KVS_MAX_SCAN_VISIT + 100)

static bool is_there(struct _test_data_scan *self, unsigned int number)
{
	return !control_request(self->fd, scan_numbered(KVS_GET, number));
}

/* A key of a number that outlives the call. */
static void number_key(char *key, unsigned int number)
{
	memcpy(key, scan_numbered(KVS_GET, number).key, SCAN_NUMBERED_LEN);
}

static void set_range(struct scan *scan, unsigned int first, unsigned int end)
{
	static char keys[2][KVS_INLINE_KEY];

	number_key(keys[0], first);
	number_key(keys[1], end);
	scan_from(scan, keys[0], SCAN_NUMBERED_LEN);
	scan_to(scan, keys[1], SCAN_NUMBERED_LEN);
}

TEST_F(scan, only_its_range)
{
	struct scan *scan = &self->scan;
	unsigned int i;
	__u32 flags;

	for (flags = 0; flags <= KVS_SCAN_DESCENDING; flags++) {
		ASSERT_EQ(0, scan_fill(self->fd, 0, KEYS));
		scan_begin(scan, flags);
		set_range(scan, 100, 200);
		ASSERT_EQ(0, scan_delete(scan, &self->door));
		EXPECT_EQ(100, scan->res.number);
		EXPECT_EQ(100U, scan->res.visited);
		EXPECT_EQ(0U, scan->res.flags);
		for (i = 0; i < KEYS; i++)
			EXPECT_EQ(i < 100 || i >= 200, is_there(self, i));
		EXPECT_EQ(200ULL, store_entries(self->fd));
		/* There is nothing left of it */
		scan_begin(scan, flags);
		set_range(scan, 100, 200);
		ASSERT_EQ(0, scan_delete(scan, &self->door));
		EXPECT_EQ(0, scan->res.number);
		EXPECT_EQ(0ULL, scan->res.version);
	}
}

TEST_F(scan, prefixes)
{
	static const char *const keys[] = { "a",   "ab", "ab\xff",
					    "abc", "ac", "b" };
	struct scan *scan = &self->scan;
	size_t i;

	for (i = 0; i < 6; i++)
		ASSERT_EQ(0,
			  control_request(self->fd, req_put_str(keys[i], "v")));
	scan_begin(scan, 0);
	scan_prefix(scan, "ab");
	ASSERT_EQ(0, scan_delete(scan, &self->door));
	EXPECT_EQ(3, scan->res.number);
	EXPECT_EQ(3ULL, store_entries(self->fd));
	scan_begin(scan, 0);
	scan_prefix(scan, "");
	ASSERT_EQ(0, scan_delete(scan, &self->door));
	EXPECT_EQ(3, scan->res.number);
	EXPECT_EQ(0ULL, store_entries(self->fd));
}

/* As many as the limit says, from the end where the order begins. */
TEST_F(scan, limits)
{
	struct scan *scan = &self->scan;
	unsigned int first, end;

	ASSERT_EQ(0, scan_fill(self->fd, 0, KEYS));
	for (first = 0, end = KEYS; first + 70 < end; first += 70) {
		scan_begin(scan, 0);
		scan->args.limit = 70;
		ASSERT_EQ(0, scan_delete(scan, &self->door));
		EXPECT_EQ(70, scan->res.number);
		EXPECT_TRUE(scan_has_more(scan));
		EXPECT_FALSE(is_there(self, first + 69));
		EXPECT_TRUE(is_there(self, first + 70));
		number_key((char *)scan->page, first + 69);
		EXPECT_EQ(0, memcmp(scan->last, scan->page, 10));
		EXPECT_EQ(10U, scan->args.last_len);
	}
	scan_begin(scan, KVS_SCAN_DESCENDING);
	scan->args.limit = 1;
	ASSERT_EQ(0, scan_delete(scan, &self->door));
	EXPECT_EQ(1, scan->res.number);
	EXPECT_FALSE(is_there(self, KEYS - 1));
	EXPECT_TRUE(is_there(self, KEYS - 2));
}

TEST_F_TIMEOUT(scan, pages, 120)
{
	struct scan *scan = &self->scan;

	ASSERT_EQ(0, scan_fill(self->fd, 0, MANY));
	scan_begin(scan, 0);
	ASSERT_EQ(0, scan_delete(scan, &self->door));
	EXPECT_EQ(KVS_MAX_SCAN_VISIT, scan->res.number);
	EXPECT_EQ(KVS_MAX_SCAN_VISIT, (int)scan->res.visited);
	EXPECT_TRUE(scan_has_more(scan));
	EXPECT_TRUE(is_there(self, KVS_MAX_SCAN_VISIT));
	/* What comes behind the page is not its business */
	ASSERT_EQ(0, scan_fill(self->fd, 0, 1));
	ASSERT_EQ(0, scan_delete(scan, &self->door));
	EXPECT_EQ(MANY - KVS_MAX_SCAN_VISIT, scan->res.number);
	EXPECT_FALSE(scan_has_more(scan));
	EXPECT_TRUE(is_there(self, 0));
	EXPECT_EQ(1ULL, store_entries(self->fd));
}

TEST_F(scan, versions_and_counts)
{
	struct kvs_store_stats before, after;
	struct scan *scan = &self->scan;
	struct kvs_res res;

	ASSERT_EQ(0, scan_fill(self->fd, 0, KEYS));
	ASSERT_EQ(0, control_request(self->fd, req_add_create("zz", 1)));
	ASSERT_EQ(0, store_stats(self->fd, &before));
	scan_begin(scan, 0);
	set_range(scan, 0, KEYS);
	ASSERT_EQ(0, scan_delete(scan, &self->door));
	ASSERT_EQ(0, store_stats(self->fd, &after));
	EXPECT_EQ(before.deletes + KEYS, after.deletes);
	EXPECT_EQ(before.scans, after.scans);
	EXPECT_EQ(before.entries - KEYS, after.entries);
	/* A version for each, the last of which is told */
	EXPECT_EQ(before.version + KEYS, after.version);
	EXPECT_EQ(after.version, scan->res.version);
	ASSERT_EQ(0, scan_fill(self->fd, 0, 1));
	ASSERT_EQ(0, door_do(&self->door, scan_numbered(KVS_STAT, 0), &res));
	EXPECT_LT(scan->res.version, res.version);
	EXPECT_TRUE(store_falls_to(self->fd, before.bytes / 50, 10));
}

/* Expired ones are neither there nor removed. */
TEST_F(scan, expired_entries)
{
	struct scan *scan = &self->scan;
	struct kvs_req req;
	int i;

	ASSERT_EQ(0, scan_fill(self->fd, 0, 100));
	for (i = 0; i < 100; i += 2) {
		req = scan_numbered(KVS_PUT, i);
		ASSERT_EQ(0, control_request(self->fd, req_ttl(req, 1)));
	}
	scan_begin(scan, 0);
	ASSERT_EQ(0, scan_delete(scan, &self->door));
	EXPECT_EQ(50, scan->res.number);
	EXPECT_EQ(0ULL, store_entries(self->fd));
}

/* Each entry that came is removed by one, or is there at the end. */
struct storm {
	struct _test_data_scan *self;
	long rounds;
	long created, removed;
	int writing;
};

static int write_in_storm(struct storm *storm, unsigned int member)
{
	long rounds = storm->rounds, created = 0;
	unsigned int i = 0;
	struct kvs_req req;
	struct kvs_res res;
	int ret = 0;

	while (rounds-- && !ret) {
		i = (i + 7 + member) % KEYS;
		req = scan_numbered(KVS_PUT, i);
		req.value = addr_of(storm->self->scan.page);
		req.value_len = i % 4 * 100;
		ret = control_request(storm->self->fd, req_result(req, &res));
		created += !!(res.flags & KVS_RES_CREATED);
	}
	__atomic_add_fetch(&storm->created, created, __ATOMIC_SEQ_CST);
	__atomic_sub_fetch(&storm->writing, 1, __ATOMIC_SEQ_CST);
	return ret;
}

static int delete_in_storm(struct storm *storm, unsigned int member)
{
	struct scan *scan = malloc(sizeof(*scan));
	struct door door;
	int ret;

	ret = scan ? door_attach(&door, DOOR_URING_VEC, 0, storm->self->fd) :
		     -ENOMEM;
	while (!ret && __atomic_load_n(&storm->writing, __ATOMIC_SEQ_CST)) {
		scan_begin(scan, member % 2 ? KVS_SCAN_DESCENDING : 0);
		scan_prefix(scan, "key.");
		ret = scan_delete(scan, &door);
		__atomic_add_fetch(&storm->removed, scan->res.number,
				   __ATOMIC_SEQ_CST);
	}
	free(scan);
	return ret;
}

static int in_storm(unsigned int member, void *arg)
{
	int ret = member < 2 ? write_in_storm(arg, member) :
			       delete_in_storm(arg, member);

	if (ret)
		printf("# member %u: %d\n", member, ret);
	return ret;
}

TEST_F_TIMEOUT(scan, puts_at_the_same_time, 180)
{
	struct storm storm = { .self = self, .writing = 2 };

	storm.rounds = kvs_test_size("RANGE_PUTS");
	/* In the way of nobody */
	ASSERT_EQ(0, control_request(self->fd, req_put_str("a", "v")));
	ASSERT_EQ(0, control_request(self->fd, req_put_str("z", "v")));
	EXPECT_EQ(0, crew_threads(4, in_storm, &storm));
	EXPECT_EQ(storm.created - storm.removed,
		  (long)store_entries(self->fd) - 2);
	EXPECT_LT(0, storm.removed);
	EXPECT_EQ(0, control_request(self->fd, req_delete("a")));
	EXPECT_EQ(0, control_request(self->fd, req_delete("z")));
}

TEST_HARNESS_MAIN
