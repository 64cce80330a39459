// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a user may take of all stores together. The module is loaded with small
 * quotas for each test, and as it was after it.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/socket.h>

#include <kselftest_harness.h>

#include "control.h"
#include "crew.h"
#include "module.h"
#include "pass.h"
#include "people.h"
#include "request.h"
#include "size.h"
#include "store.h"

#define STORE "quota.one"
#define OTHER "quota.two"
#define USER_BYTES (1 << 20)
#define USER_ENTRIES 100
#define USER_STORES 3
#define VALUE_LEN 4000
#define KEYS_MOST 1000

static const struct person alice = { .uid = 1000, .gid = 1000 };
static const struct person bob = { .uid = 1001, .gid = 1001 };

static char value[2 * VALUE_LEN];

FIXTURE(quota)
{
	char before[512];
	int fd; /* root's, of STORE */
	int sockets[2];
};

FIXTURE_VARIANT(quota)
{
	const char *options;
};

/* clang-format off */
FIXTURE_VARIANT_ADD(quota, bytes) {
	.options = "user_bytes=1048576 user_stores=3",
};

FIXTURE_VARIANT_ADD(quota, entries) {
	.options = "user_bytes=16777216 user_entries=100 user_stores=3",
};

/* clang-format on */

FIXTURE_SETUP(quota)
{
	int fd;

	module_parameters(self->before, sizeof(self->before));
	ASSERT_EQ(0, module_unload_patiently());
	ASSERT_EQ(0, module_load(variant->options));
	ASSERT_EQ(0, people_admit(1));
	self->fd = store_make_open(STORE);
	ASSERT_LE(0, self->fd);
	fd = store_make_open(OTHER);
	ASSERT_LE(0, fd);
	close(fd);
	ASSERT_EQ(0, socketpair(AF_UNIX, SOCK_STREAM, 0, self->sockets));
}

FIXTURE_TEARDOWN_PARENT(quota)
{
	module_unload_patiently();
	EXPECT_EQ(0, module_load(self->before));
}

static struct kvs_req numbered(__u16 verb, int number)
{
	char key[32];
	int len = snprintf(key, sizeof(key), "%d.%d", getuid(), number);

	return req_key(verb, key, len);
}

static int delete_numbered(int fd, int number)
{
	return control_request(fd, numbered(KVS_DELETE, number));
}

static int put(int fd, int number, size_t len)
{
	struct kvs_req req = numbered(KVS_PUT, number);

	req.value = addr_of(value);
	req.value_len = len;
	return control_request(fd, req);
}

static int fill(int fd, int first, int *count)
{
	int ret = 0;

	for (*count = 0; *count < KEYS_MOST && !ret; ++*count)
		ret = put(fd, first + *count, VALUE_LEN);
	--*count;
	return ret;
}

/* A user at the quota: what needs room is refused, what does not goes on. */
static int at_the_quota(void *arg)
{
	int fd = store_open(STORE, O_RDWR), two = store_open(OTHER, O_RDWR);
	struct kvs_store_stats stats;
	int count, i;

	(void)arg;
	CHECK(fd >= 0 && two >= 0);
	CHECK(fill(fd, 0, &count) == -EDQUOT);
	CHECK(!store_stats(fd, &stats));
	CHECK(stats.rejected_quota == 1 && !stats.rejected_bytes &&
	      !stats.rejected_entries);
	CHECK(stats.user_bytes <= stats.user_max_bytes);
	CHECK(stats.user_entries <= stats.user_max_entries);
	CHECK(stats.user_bytes == stats.bytes);
	CHECK(stats.user_entries == (__u64)count);
	/* In whatever store */
	CHECK(put(two, 1, VALUE_LEN) == -EDQUOT);
	CHECK(control_request(two, req_number(KVS_XCHG, "n", 1)) == -ENOENT);
	for (i = 0; i < 20; i++) {
		CHECK(!put(fd, i, VALUE_LEN));
		CHECK(!put(fd, i, 10));
		CHECK(!control_request(fd, numbered(KVS_DELETE, i)));
	}
	return 0;
}

static int below_the_quota(void *arg)
{
	int fd = store_open(STORE, O_RDWR);
	struct kvs_store_stats stats;

	(void)arg;
	CHECK(store_user_falls_to(fd, 0, 10));
	CHECK(!store_stats(fd, &stats));
	CHECK(!stats.user_bytes && !stats.user_entries);
	CHECK(!put(fd, 1, VALUE_LEN));
	return 0;
}

TEST_F(quota, of_one_user)
{
	struct kvs_store_stats stats;

	EXPECT_EQ(0, people_run(&alice, at_the_quota, NULL));
	EXPECT_EQ(0, people_run(&bob, below_the_quota, NULL));
	/* Root is not bound by it */
	ASSERT_EQ(0, store_stats(self->fd, &stats));
	EXPECT_EQ(0ULL, stats.user_bytes);
	EXPECT_LT((__u64)USER_BYTES, stats.user_max_bytes);
	EXPECT_EQ(0, put(self->fd, 1, VALUE_LEN));
}

/* What takes the place of somebody else's is charged like what is new. */
static int replace_others(void *arg)
{
	int fd = store_open(OTHER, O_RDWR), count, i;
	struct kvs_store_stats stats;
	char key[32];

	(void)arg;
	CHECK(fill(fd, 0, &count) == -EDQUOT);
	for (i = 0; i < 50; i++) {
		snprintf(key, sizeof(key), "root.%d", i);
		CHECK(control_request(fd, req_put(key, value, VALUE_LEN)) ==
		      -EDQUOT);
		CHECK(control_request(fd, req_put(key, value, 2100)) ==
		      -EDQUOT);
	}
	CHECK(!store_stats(fd, &stats));
	CHECK(stats.user_bytes <= stats.user_max_bytes);
	CHECK(stats.user_entries <= stats.user_max_entries);
	return 0;
}

TEST_F(quota, others_entries_are_no_room)
{
	int fd = store_open(OTHER, O_RDWR), i;
	char key[32];

	for (i = 0; i < 50; i++) {
		snprintf(key, sizeof(key), "root.%d", i);
		ASSERT_EQ(0,
			  control_request(fd, req_put(key, value, VALUE_LEN)));
	}
	close(fd);
	EXPECT_EQ(0, people_run(&bob, replace_others, NULL));
}

/*
 * What one gives back one has again, at once: the same key in other words, or
 * another key.
 */
static int turn_over(void *arg)
{
	int fd = store_open(STORE, O_RDWR), count, i;

	(void)arg;
	CHECK(fill(fd, 0, &count) == -EDQUOT);
	for (i = 0; i < 100; i++) {
		CHECK(!control_request(fd, numbered(KVS_DELETE, i % count)));
		CHECK(!put(fd, i % count, VALUE_LEN));
	}
	return 0;
}

TEST_F(quota, room_is_there_again)
{
	EXPECT_EQ(0, people_run(&alice, turn_over, NULL));
}

/* A larger value under a key that is there is no entry more. */
static int grow_one(void *arg)
{
	int fd = store_open(STORE, O_RDWR), count, i;

	(void)arg;
	CHECK(fill(fd, 0, &count) == -EDQUOT);
	/* Room for bytes, where that is what there is not */
	for (i = 0; i < 20; i++)
		CHECK(!put(fd, i, 10));
	for (i = 0; i < 5; i++)
		CHECK(!put(fd, i, 2 * 1000));
	return 0;
}

TEST_F(quota, values_grow_at_the_quota_of_entries)
{
	EXPECT_EQ(0, people_run(&alice, grow_one, NULL));
}

/* After a FLUSH or a DESTROY too, where the room is charged to the same store. */
static int flush_and_fill(void *arg)
{
	int fd = store_make("quota.mine"), count, first, i;

	(void)arg;
	CHECK(fill(fd, 0, &first) == -EDQUOT);
	for (i = 0; i < 5; i++) {
		CHECK(!store_flush(fd));
		CHECK(fill(fd, 0, &count) == -EDQUOT);
		CHECK(count >= first - 2 && count <= first + 2);
	}
	return 0;
}

TEST_F(quota, room_after_flush)
{
	EXPECT_EQ(0, people_run(&alice, flush_and_fill, NULL));
}

static int make_stores(void *arg)
{
	struct kvs_store_stats stats;
	int fd = control_open(O_RDWR), mine, i;
	char name[32];

	for (i = 0; i < USER_STORES; i++) {
		snprintf(name, sizeof(name), "quota.%d.%d", getuid(), i);
		CHECK(store_create_as(fd, store_wish(name)) > 0);
	}
	CHECK(store_create_as(fd, store_wish("quota.more")) == -EDQUOT);
	mine = store_open(name, O_RDWR);
	CHECK(store_create_staging(mine, "quota.more") == -EDQUOT);
	CHECK(!store_stats(mine, &stats));
	CHECK(stats.user_stores == USER_STORES);
	CHECK(stats.user_max_stores == USER_STORES);
	CHECK(!store_destroy(mine));
	close(mine);
	CHECK(store_create_as(fd, store_wish("quota.more")) > 0);
	store_clear("quota.more");
	CHECK(store_create_as(fd, store_wish(name)) > 0);
	CHECK(control_request(fd, req_delete("x")) == -ENOTCONN);
	return *(int *)arg;
}

TEST_F(quota, stores)
{
	int zero = 0;

	EXPECT_EQ(0, people_run(&alice, make_stores, &zero));
	EXPECT_EQ(0, people_run(&bob, make_stores, &zero));
	EXPECT_LE(0, store_create_as(self->fd, store_wish("quota.root")));
}

static int send_full(void *arg)
{
	int fd = store_open(STORE, O_RDWR), count;

	CHECK(fill(fd, 0, &count) == -EDQUOT);
	pass_send(*(int *)arg, fd);
	return 0;
}

/* Whoever uses the handle: charged is who opened it. */
TEST_F(quota, of_the_opener)
{
	struct kvs_store_stats stats;
	int fd;

	ASSERT_EQ(0, people_run(&alice, send_full, &self->sockets[1]));
	fd = pass_receive(self->sockets[0]);
	ASSERT_LE(0, fd);
	EXPECT_EQ(-EDQUOT, put(fd, 1, VALUE_LEN));
	EXPECT_EQ(0, put(self->fd, 1, VALUE_LEN));
	/* What root deletes is given back to whom it was charged */
	ASSERT_EQ(0, store_flush(self->fd));
	EXPECT_TRUE(store_user_falls_to(fd, 0, 10));
	ASSERT_EQ(0, store_stats(fd, &stats));
	EXPECT_EQ(0ULL, stats.user_bytes);
	EXPECT_EQ(0ULL, stats.user_entries);
	close(fd);
}

/* Root of alice's namespace, then a user of it that only alice pays for. */
static int fill_within(void *arg)
{
	const struct person user = { .uid = 1, .gid = 1 };
	struct kvs_store_stats stats;
	int fd, count;

	CHECK(!people_become(&user));
	fd = control_open_default(O_RDWR);
	CHECK(fd >= 0 && fill(fd, 0, &count) == -EDQUOT);
	CHECK(!store_stats(fd, &stats));
	CHECK(stats.user_entries == (__u64)count);
	pass_send(*(int *)arg, fd);
	return 0;
}

static int is_full(void *arg)
{
	int fd = store_open(STORE, O_RDWR);

	(void)arg;
	CHECK(put(fd, 1, VALUE_LEN) == -EDQUOT);
	return 0;
}

TEST_F(quota, of_the_namespace_owner)
{
	int fd;

	ASSERT_EQ(0,
		  people_run_mapped(&alice, 2, fill_within, &self->sockets[1]));
	fd = pass_receive(self->sockets[0]);
	ASSERT_LE(0, fd);
	EXPECT_EQ(0, people_run(&alice, is_full, NULL));
	/* The same user outside of it pays alone */
	EXPECT_EQ(0, people_run(&bob, below_the_quota, NULL));
	close(fd);
	EXPECT_EQ(0, people_run(&alice, below_the_quota, NULL));
}

/* Threads of both users: none is ever charged more than is allowed. */
static int churn(unsigned int member, void *arg)
{
	long rounds = kvs_test_size("QUOTA_ROUNDS");
	struct kvs_store_stats stats;
	int fd, count, ret;

	(void)arg;
	CHECK(!people_become(member % 2 ? &alice : &bob));
	fd = store_open(member < 2 ? STORE : OTHER, O_RDWR);
	CHECK(fd >= 0);
	while (rounds--) {
		for (count = 0, ret = 0; !ret; count++) {
			ret = put(fd, member * KEYS_MOST + count, VALUE_LEN);
			CHECK(!store_stats(fd, &stats));
			CHECK(stats.user_bytes <= stats.user_max_bytes);
			CHECK(stats.user_entries <= stats.user_max_entries);
		}
		CHECK(ret == -EDQUOT);
		for (count -= 2; count >= 0; count--)
			CHECK(!delete_numbered(fd, member * KEYS_MOST + count));
	}
	CHECK(store_user_falls_to(fd, *(long *)arg, 20));
	return 0;
}

TEST_F(quota, never_exceeded)
{
	long zero = 0;

	EXPECT_EQ(0, crew_processes(4, churn, &zero));
	EXPECT_EQ(0ULL, store_entries(self->fd));
	EXPECT_TRUE(store_user_falls_to(self->fd, 0, 10));
}

/* Deleted, flushed, destroyed, past its deadline: nothing stays charged. */
static int take_and_give(void *arg)
{
	int fd = store_make("quota.gone"), one = store_open(STORE, O_RDWR), i;
	struct kvs_store_stats stats;
	struct kvs_req req;

	(void)arg;
	for (i = 0; i < 20; i++) {
		CHECK(!put(fd, i, i * 300) && !put(one, i, i * 300));
		CHECK(!control_request(one, numbered(KVS_DELETE, i)));
		req = req_ttl(numbered(KVS_PUT, i), 300000000);
		CHECK(!control_request(one, req));
		if (i % 5 == 4)
			CHECK(!store_flush(fd));
	}
	CHECK(!put(fd, 1, 100));
	CHECK(!store_destroy(fd));
	CHECK(store_user_falls_to(one, 0, 10));
	CHECK(!store_stats(one, &stats) && !stats.user_entries);
	return 0;
}

TEST_F(quota, nothing_stays_charged)
{
	EXPECT_EQ(0, people_run(&alice, take_and_give, NULL));
}

TEST_HARNESS_MAIN
