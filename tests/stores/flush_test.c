// SPDX-License-Identifier: GPL-2.0-only
/*
 * FLUSH: everything is absent at once, through whatever door one looks, and the
 * room is there again.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <time.h>

#include "control.h"
#include "crew.h"
#include "door_fixture.h"
#include "figures.h"
#include "request.h"
#include "size.h"
#include "store.h"

#define STORE "flush.one"
#define KEYS 50
#define MAX_BYTES (1 << 20)

static char value[8192];

FIXTURE(flush)
{
	int fd;
};

FIXTURE_SETUP(flush)
{
	struct kvs_create wish = store_wish(STORE);

	wish.set = KVS_SET_MAX_BYTES;
	wish.max_bytes = MAX_BYTES;
	self->fd = store_make_as(wish);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(flush)
{
	close(self->fd);
	store_clear(STORE);
}

static struct kvs_req numbered(__u16 verb, unsigned int number)
{
	char key[32];
	int len = snprintf(key, sizeof(key), "flush.%u", number);

	return req_key(verb, key, len);
}

static int put(int fd, unsigned int number, size_t len, struct kvs_res *res)
{
	struct kvs_req req = numbered(KVS_PUT, number);

	req.value = addr_of(value);
	req.value_len = len;
	return control_request(fd, req_result(req, res));
}

static int get(int fd, unsigned int number, struct kvs_res *res)
{
	return control_request(fd, req_result(numbered(KVS_GET, number), res));
}

TEST_F(door, everything_is_absent)
{
	struct kvs_res res;
	char buf[64];
	int fd, i;

	fd = self->door.fd;
	for (i = 0; i < KEYS; i++)
		ASSERT_EQ(0, put(fd, i, i * 20, &res));
	ASSERT_EQ(0, control_request(fd, req_add_create("flush.n", 1)));
	ASSERT_EQ(0, store_flush(fd));
	EXPECT_EQ(0ULL, store_entries(fd));
	for (i = 0; i < KEYS; i++)
		EXPECT_EQ(-ENOENT,
			  door_do(&self->door, numbered(KVS_GET, i), &res));
	EXPECT_EQ(-ENOENT, door_do(&self->door, req_add("flush.n", 1), &res));
	EXPECT_EQ(-ENOENT,
		  door_do(&self->door, req_stat("flush.n", NULL), &res));
	EXPECT_EQ(-ENOENT, door_do(&self->door, req_delete("flush.n"), &res));
	EXPECT_EQ(-ENOENT,
		  door_do(&self->door, req_touch("flush.n", KVS_TOUCH_PERSIST),
			  &res));
	EXPECT_EQ(0, door_do(&self->door, req_put_str("flush.n", "v"), &res));
	EXPECT_EQ(KVS_RES_CREATED, res.flags);
	EXPECT_EQ(0, door_do(&self->door, req_get("flush.n", buf, 64), &res));
	EXPECT_EQ(0, door_do(&self->door, req_delete("flush.n"), &res));
}

TEST_F(flush, versions)
{
	struct kvs_res before, after;
	struct kvs_req req;
	__u64 version;

	ASSERT_EQ(0, put(self->fd, 1, 10, &before));
	ASSERT_EQ(0, store_act(self->fd, KVS_IOC_FLUSH, &version));
	EXPECT_LT(before.version, version);
	EXPECT_LE(version, control_version(self->fd));
	ASSERT_EQ(0, put(self->fd, 1, 10, &after));
	EXPECT_LT(version, after.version);

	/* What somebody knew of the time before is worth nothing */
	req = numbered(KVS_PUT, 1);
	EXPECT_EQ(-ESTALE,
		  control_request(self->fd,
				  req_if_version(req, before.version)));
	EXPECT_EQ(-ESTALE,
		  control_request(self->fd, req_if_version(req, version)));
	req = numbered(KVS_DELETE, 1);
	EXPECT_EQ(-ESTALE,
		  control_request(self->fd,
				  req_if_version(req, before.version)));
	req = numbered(KVS_GET, 1);
	req.flags = KVS_F_IF_CHANGED;
	req.cond = before.version;
	ASSERT_EQ(0, control_request(self->fd, req_result(req, &after)));
	EXPECT_EQ(0U, after.flags & KVS_RES_UNCHANGED);
	ASSERT_EQ(0, store_flush(self->fd));
	EXPECT_EQ(-ENOENT,
		  control_request(self->fd, req_if_version(numbered(KVS_PUT, 1),
							   after.version)));
}

TEST_F(flush, counts)
{
	struct kvs_store_stats before, after;
	struct kvs_res res;
	int i;

	for (i = 0; i < KEYS; i++)
		ASSERT_EQ(0, put(self->fd, i, 100, &res));
	ASSERT_EQ(0, store_stats(self->fd, &before));
	EXPECT_EQ((__u64)KEYS, before.entries);
	ASSERT_EQ(0, store_flush(self->fd));
	ASSERT_EQ(0, store_stats(self->fd, &after));
	EXPECT_EQ(0ULL, after.entries);
	EXPECT_EQ(before.flushes + 1, after.flushes);
	EXPECT_EQ(before.deletes, after.deletes);
	EXPECT_EQ(before.puts, after.puts);
	EXPECT_TRUE(store_falls_to(self->fd, 0, 10));
	ASSERT_EQ(0, store_stats(self->fd, &after));
	EXPECT_EQ(0ULL, after.bytes);
	EXPECT_EQ(0ULL, after.waiting_bytes);
	/* An empty store is flushed as well */
	ASSERT_EQ(0, store_flush(self->fd));
	ASSERT_EQ(0, store_stats(self->fd, &after));
	EXPECT_EQ(before.flushes + 2, after.flushes);
}

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return now.tv_sec + now.tv_nsec / 1e9;
}

#define LIFE_NS 500000000

/* Entries that are flushed before their deadlines; how long that took. */
static double flush_mortals(struct __test_metadata *_metadata, int fd)
{
	double begin = seconds();
	int i;

	for (i = 0; i < KEYS; i++)
		ASSERT_EQ(0, control_request(fd, req_ttl(numbered(KVS_PUT, i),
							 LIFE_NS)));
	ASSERT_EQ(0, store_flush(fd));
	return seconds() - begin;
}

/* Entries with a deadline are not reaped a second time. */
TEST_F(flush, deadlines)
{
	struct kvs_store_stats before, stats;
	struct kvs_res res;

	/* Once more where the machine stood still for so long */
	do {
		ASSERT_EQ(0, store_stats(self->fd, &before));
	} while (flush_mortals(_metadata, self->fd) >= LIFE_NS / 1e9);
	ASSERT_EQ(0, put(self->fd, 1, 10, &res));
	usleep(2 * LIFE_NS / 1000);
	ASSERT_EQ(0, store_stats(self->fd, &stats));
	EXPECT_EQ(before.expired, stats.expired);
	EXPECT_EQ(1ULL, stats.entries);
	EXPECT_EQ(0, get(self->fd, 1, &res));
	EXPECT_EQ(KVS_TTL_NEVER, res.ttl);
}

static int fill(int fd, int *count)
{
	struct kvs_res res;
	int ret = 0;

	for (*count = 0; !ret; ++*count)
		ret = put(fd, *count, 4000, &res);
	return ret;
}

/* The room is there again although the old entries may not be free yet. */
TEST_F(flush, room_at_the_cap)
{
	long rounds = kvs_test_size("FLUSH_ROUNDS");
	int first, count;

	ASSERT_EQ(-ENOSPC, fill(self->fd, &first));
	EXPECT_LT(MAX_BYTES / 4096 / 2, first);
	while (rounds--) {
		ASSERT_EQ(0, store_flush(self->fd));
		ASSERT_EQ(-ENOSPC, fill(self->fd, &count));
		EXPECT_LE(first - 2, count);
		EXPECT_GE(first + 2, count);
		EXPECT_GE((__u64)MAX_BYTES, store_bytes(self->fd));
	}
}

struct storm {
	int fd;
	long flushes;
	__u64 version; /* of the last FLUSH that has returned */
	int over;
};

/*
 * A write is there, or was flushed: which of the two says its version, and one
 * that started after a FLUSH has returned is not hit by it.
 */
static int write_in_storm(struct storm *storm, unsigned int member)
{
	struct kvs_res res, seen;
	__u64 before, after;
	unsigned int i = 0;
	int ret;

	while (!__atomic_load_n(&storm->over, __ATOMIC_SEQ_CST)) {
		before = __atomic_load_n(&storm->version, __ATOMIC_SEQ_CST);
		if (put(storm->fd, member, 8 + ++i % 600, &res) ||
		    res.version <= before)
			return -1;
		ret = get(storm->fd, member, &seen);
		after = control_version(storm->fd);
		if (!ret && seen.version != res.version)
			return -2;
		if (ret && ret != -ENOENT)
			return -3;
		/* Who flushed it has drawn a version since */
		if (ret && after <= res.version)
			return -4;
	}
	return 0;
}

/* What was there has a lower version than the FLUSH: it must be gone. */
static int flush_in_storm(struct storm *storm)
{
	struct kvs_res res;
	int failed = 0, key;
	__u64 version;
	long i;

	for (i = 0; i < storm->flushes && !failed; i++) {
		if (store_act(storm->fd, KVS_IOC_FLUSH, &version))
			failed = -1;
		__atomic_store_n(&storm->version, version, __ATOMIC_SEQ_CST);
		for (key = 0; key < 3; key++)
			if (!get(storm->fd, key, &res) &&
			    res.version <= version)
				failed = -2;
	}
	__atomic_store_n(&storm->over, 1, __ATOMIC_SEQ_CST);
	return failed;
}

static int in_storm(unsigned int member, void *arg)
{
	int ret = member == 3 ? flush_in_storm(arg) :
				write_in_storm(arg, member);

	if (ret)
		printf("# member %u: %d\n", member, ret);
	return ret;
}

TEST_F(flush, writers_at_the_same_time)
{
	struct storm storm = { .fd = self->fd };

	storm.flushes = kvs_test_size("FLUSH_ROUNDS");
	EXPECT_EQ(0, crew_threads(4, in_storm, &storm));
	ASSERT_EQ(0, store_flush(self->fd));
	EXPECT_EQ(0ULL, store_entries(self->fd));
	EXPECT_TRUE(store_falls_to(self->fd, 0, 10));
}

/* Several at once: each draws a version of its own. */
static int flush_often(unsigned int member, void *arg)
{
	struct storm *storm = arg;
	__u64 version, last = 0;
	struct kvs_res res;
	long i;

	for (i = 0; i < storm->flushes; i++) {
		if (put(storm->fd, member, 100, &res) ||
		    store_act(storm->fd, KVS_IOC_FLUSH, &version) ||
		    version <= last || version <= res.version)
			return -1;
		last = version;
	}
	return 0;
}

TEST_F(flush, flushed_by_many)
{
	struct storm storm = { .fd = self->fd };
	struct kvs_store_stats stats;

	storm.flushes = kvs_test_size("FLUSH_ROUNDS");
	EXPECT_EQ(0, crew_threads(3, flush_often, &storm));
	ASSERT_EQ(0, store_stats(self->fd, &stats));
	EXPECT_EQ(3ULL * storm.flushes, stats.flushes);
	EXPECT_EQ(0ULL, stats.entries);
}

TEST_HARNESS_MAIN
