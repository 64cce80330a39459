// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a store that evicts does at its cap of bytes: everything new gets room,
 * the cap is never passed, and no call evicts more than 64 entries.
 */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include <kselftest_harness.h>

#include "control.h"
#include "door.h"
#include "evict.h"
#include "request.h"
#include "size.h"
#include "store.h"

#define SMALL 50
#define USUAL 1000
#define LARGEST 1048576

static char value[LARGEST];

/*
 * @max_bytes: the cap
 * @few_bytes: a lower one, for counters
 * @full: so many values of USUAL bytes are nearly twice too many
 */
FIXTURE(room)
{
	struct door door;
	int fd;
	unsigned int max_bytes;
	unsigned int few_bytes;
	unsigned int full;
};

FIXTURE_VARIANT(room)
{
	enum door_kind kind;
	unsigned int how;
};

/* clang-format off */
FIXTURE_VARIANT_ADD(room, ioctl) {
	.kind = DOOR_IOCTL_REQ,
};

FIXTURE_VARIANT_ADD(room, uring) {
	.kind = DOOR_URING_REQ,
};

FIXTURE_VARIANT_ADD(room, uring_async) {
	.kind = DOOR_URING_VEC, .how = DOOR_ASYNC,
};

/* clang-format on */

FIXTURE_SETUP(room)
{
	self->max_bytes = kvs_test_size("EVICT_BYTES");
	self->few_bytes = self->max_bytes / 4;
	self->full = self->max_bytes / 512;
	ASSERT_GE(LARGEST, self->max_bytes);
	self->fd = evict_make(self->max_bytes, 0);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, door_attach(&self->door, variant->kind, variant->how,
				 self->fd));
}

FIXTURE_TEARDOWN(room)
{
	door_detach(&self->door);
	close(self->fd);
	store_clear(EVICT_STORE);
}

static int put(struct _test_data_room *self, unsigned int number, size_t len)
{
	struct kvs_res res;

	return door_do(&self->door, evict_put(number, value, len), &res);
}

/* 0 if all of @count keys from @first on got room, and none too much. */
static int put_many(struct _test_data_room *self, unsigned int first,
		    unsigned int count, size_t len)
{
	unsigned int i;
	int ret;

	for (i = 0; i < count; i++) {
		ret = put(self, first + i, len);
		if (ret)
			return ret;
		if (i % 64 == 0 && store_bytes(self->fd) > self->max_bytes)
			return -ERANGE;
	}
	return 0;
}

TEST_F(room, always_some)
{
	const unsigned int count = kvs_test_size("EVICT_PUTS");
	struct kvs_store_stats stats;

	ASSERT_EQ(0, put_many(self, 0, count, USUAL));
	stats = evict_stats(self->fd);
	EXPECT_EQ(count, stats.puts);
	EXPECT_EQ(count, stats.entries + stats.evictions);
	EXPECT_EQ(stats.evictions, stats.evicted_unfetched);
	EXPECT_EQ(0ULL, stats.rejected_bytes);
	/* What is kept free, and what waits, is not much of it */
	EXPECT_LT(self->max_bytes / 2ULL, stats.bytes);
	EXPECT_TRUE(evict_has(self->fd, count - 1));
	EXPECT_FALSE(evict_has(self->fd, 0));
}

TEST_F(room, of_all_sizes)
{
	static const size_t lens[] = { 0, 50, 200, 256, 257, 5000, 9000, 60000 };
	const unsigned int count = kvs_test_size("EVICT_PUTS") / 4;
	unsigned int random = 2, i;

	for (i = 0; i < count; i++) {
		unsigned int draw = rand_r(&random);

		ASSERT_EQ(0, put(self, draw % 3000,
				 lens[draw / 3000 % ARRAY_SIZE(lens)]))
		{
			TH_LOG("the %u-th", i);
		}
		if (draw % 3 == 0)
			evict_get(self->fd, draw % 3000, 0);
		ASSERT_GE((__u64)self->max_bytes, store_bytes(self->fd));
	}
	EXPECT_LT(0ULL, evict_stats(self->fd).evictions);
	EXPECT_EQ(0ULL, evict_stats(self->fd).rejected_bytes);
}

/* One that needs more room than 64 give is refused, and gets there at last. */
TEST_F(room, no_more_than_64_a_call)
{
	const unsigned int large = self->max_bytes / 4 * 3;
	__u64 before, more, all = 0;
	unsigned int calls = 0;
	int ret;

	ASSERT_EQ(0, put_many(self, 0, self->max_bytes / 116, SMALL));
	ASSERT_LT(self->max_bytes / 256ULL, store_entries(self->fd));
	do {
		before = evict_stats(self->fd).evictions;
		ret = put(self, 9999, large);
		more = evict_stats(self->fd).evictions - before;
		ASSERT_GE((__u64)EVICT_VICTIMS, more);
		ASSERT_GE((__u64)self->max_bytes, store_bytes(self->fd));
		all += more;
	} while (ret == -ENOSPC && ++calls < 1000);
	EXPECT_EQ(0, ret);
	EXPECT_LT(10U, calls);
	EXPECT_LT(self->max_bytes / 512ULL, all);
	EXPECT_EQ(calls, evict_stats(self->fd).rejected_bytes);
	EXPECT_TRUE(evict_has(self->fd, 9999));
}

/* What is larger than the store finds no room, and nobody goes for it. */
TEST_F(room, too_large_for_the_store)
{
	struct kvs_alter alter = { .set = KVS_SET_MAX_BYTES,
				   .max_bytes = self->max_bytes / 4 };

	ASSERT_EQ(0, put_many(self, 0, 100, SMALL));
	ASSERT_EQ(0, store_alter(self->fd, alter));
	EXPECT_EQ(-ENOSPC, put(self, 999, self->max_bytes / 2));
	EXPECT_FALSE(evict_has(self->fd, 999));
	EXPECT_EQ(0ULL, evict_stats(self->fd).evictions);
	EXPECT_EQ(100ULL, store_entries(self->fd));
	EXPECT_EQ(0, put(self, 999, SMALL));
}

/* A replacement at the cap needs room as well: the old value stays till then. */
TEST_F(room, replacements)
{
	const unsigned int count = kvs_test_size("EVICT_PUTS") / 4;
	unsigned int i;

	ASSERT_EQ(0, put_many(self, 0, self->full, USUAL));
	for (i = 0; i < count; i++) {
		ASSERT_EQ(0, put(self, 9999, 1000 + i % 100));
		ASSERT_EQ(0, evict_get(self->fd, 9999, 0));
	}
	EXPECT_GE((__u64)self->max_bytes, store_bytes(self->fd));
	EXPECT_EQ(0ULL, evict_stats(self->fd).rejected_bytes);
}

/* A call that depends on an entry does not have it evicted for itself. */
TEST_F(room, not_of_what_it_depends_on)
{
	const unsigned int count = self->max_bytes / USUAL;
	unsigned int i, done = 0;
	struct kvs_res res;

	ASSERT_EQ(0, put_many(self, 0, count, USUAL));
	for (i = 0; i < count; i++) {
		struct kvs_req req = evict_put(i, value, 1200);

		if (!evict_has(self->fd, i))
			continue;
		req.flags = i % 2 ? KVS_F_REPLACE : KVS_F_APPEND;
		ASSERT_EQ(0, door_do(&self->door, req, &res))
		{
			TH_LOG("the %u-th of %u", done, i);
		}
		done++;
	}
	EXPECT_LT(count / 8, done);
	EXPECT_LT(0ULL, evict_stats(self->fd).evictions);
}

/* Nor does a counter begin again for want of room for its deadline. */
TEST_F(room, not_of_the_counter)
{
	const unsigned int count = kvs_test_size("EVICT_PUTS");
	struct kvs_alter alter = { .set = KVS_SET_MAX_BYTES,
				   .max_bytes = self->few_bytes };
	struct kvs_res res;
	unsigned int i;

	ASSERT_EQ(0, store_alter(self->fd, alter));
	for (i = 0; i < count; i++) {
		struct kvs_req add = evict_req(KVS_ADD, i);

		add.flags = KVS_F_CREATE;
		add.operand = 1;
		ASSERT_EQ(0, door_do(&self->door, add, &res));
	}
	for (i = 0; i < count; i++) {
		struct kvs_req add = evict_req(KVS_ADD, i);

		if (!evict_has(self->fd, i))
			continue;
		add.flags = KVS_F_CREATE;
		add.operand = 1;
		add = req_ttl(add, 1ULL << 40);
		ASSERT_EQ(0, door_do(&self->door, add, &res));
		ASSERT_EQ(2, res.number);
	}
}

/* Counters come and go as values do. */
TEST_F(room, of_counters)
{
	const unsigned int count = kvs_test_size("EVICT_PUTS");
	struct kvs_alter alter = { .set = KVS_SET_MAX_BYTES,
				   .max_bytes = self->few_bytes };
	struct kvs_res res;
	unsigned int i;

	ASSERT_EQ(0, store_alter(self->fd, alter));
	for (i = 0; i < count; i++) {
		struct kvs_req add = evict_req(KVS_ADD, i);

		add.flags = KVS_F_CREATE;
		add.operand = 1;
		ASSERT_EQ(0, door_do(&self->door, add, &res));
		ASSERT_EQ(1, res.number);
	}
	EXPECT_LT(0ULL, evict_stats(self->fd).evictions);
	EXPECT_GE((__u64)self->few_bytes, store_bytes(self->fd));
}

/* Those whose deadline came are not evicted, they are gone. */
TEST_F(room, with_deadlines)
{
	const unsigned int count = kvs_test_size("EVICT_PUTS");
	struct kvs_store_stats stats;
	struct kvs_res res;
	unsigned int i;

	for (i = 0; i < count; i++) {
		struct kvs_req req = evict_put(i, value, USUAL);

		if (i % 2)
			req = req_ttl(req, i % 7 * 1000000 + 1);
		ASSERT_EQ(0, door_do(&self->door, req, &res));
	}
	usleep(300000);
	stats = evict_stats(self->fd);
	EXPECT_EQ(count, stats.entries + stats.evictions + stats.expired);
	EXPECT_LT(0ULL, stats.expired);
	ASSERT_EQ(0, put_many(self, count, count, USUAL));
}

/* A store that was flushed gets its room back, and evicts none that is new. */
TEST_F(room, after_flush)
{
	__u64 evictions;

	ASSERT_EQ(0, put_many(self, 0, self->full, USUAL));
	evictions = evict_stats(self->fd).evictions;
	ASSERT_EQ(0, store_flush(self->fd));
	ASSERT_EQ(0, put_many(self, 3000, self->full / 4, USUAL));
	EXPECT_EQ(evictions, evict_stats(self->fd).evictions);
	EXPECT_EQ(self->full / 4, store_entries(self->fd));
	ASSERT_EQ(0, put_many(self, 4000, self->full, USUAL));
	EXPECT_LT(evictions, evict_stats(self->fd).evictions);
}

/* The staging store evicts its own, and takes over what PUBLISH brings. */
TEST_F(room, published)
{
	int staging = store_stage(self->fd, EVICT_STORE ".next");
	const unsigned int few = self->full / 8;
	struct kvs_list_item item;
	unsigned int i;

	ASSERT_LE(0, staging);
	ASSERT_TRUE(store_find(self->fd, 0, EVICT_STORE ".next", &item));
	EXPECT_EQ(KVS_STORE_EVICTS | KVS_STORE_STAGING, item.flags);
	ASSERT_EQ(0, put_many(self, 0, few, USUAL));
	for (i = 0; i < self->full; i++)
		ASSERT_EQ(0,
			  control_request(staging, evict_put(i, value, USUAL)));
	EXPECT_EQ(0ULL, evict_stats(self->fd).evictions);
	EXPECT_LT(0ULL, evict_stats(staging).evictions);
	ASSERT_EQ(0, store_publish(self->fd));
	ASSERT_EQ(0, put_many(self, 5000, self->full / 4, USUAL));
	EXPECT_LT(0ULL, evict_stats(self->fd).evictions);
	EXPECT_EQ(few, store_entries(staging));
	EXPECT_EQ(0, store_destroy(staging));
	close(staging);
}

static int run_txn(struct _test_data_room *self, unsigned int first,
		   unsigned int count)
{
	struct kvs_req ops[KVS_MAX_TXN_OPS];
	struct kvs_res res[KVS_MAX_TXN_OPS], sum;
	struct kvs_txn_args args = {
		.size = sizeof(args),
		.thens = addr_of(ops),
		.then_count = count,
	};
	struct kvs_req txn = { .verb = KVS_TXN };
	unsigned int i;

	for (i = 0; i < count; i++)
		ops[i] =
			req_result(evict_put(first + i, value, SMALL), &res[i]);
	return door_do(&self->door, req_operands(txn, &args), &sum);
}

/* A transaction makes room for all that it inserts, or for nothing. */
TEST_F(room, transactions)
{
	struct kvs_alter alter = { .set = KVS_SET_MAX_ENTRIES,
				   .max_entries = 50 };
	unsigned int i;

	ASSERT_EQ(0, store_alter(self->fd, alter));
	for (i = 0; i < 20; i++) {
		ASSERT_EQ(0, run_txn(self, i * 30, 30));
		ASSERT_GE(50ULL, store_entries(self->fd));
	}
	EXPECT_EQ(550ULL, evict_stats(self->fd).evictions);
	EXPECT_TRUE(evict_has(self->fd, 599));
	EXPECT_FALSE(evict_has(self->fd, 549));
	EXPECT_EQ(-ENOSPC, run_txn(self, 1000, 60));
	for (i = 0; i < 60; i++)
		ASSERT_FALSE(evict_has(self->fd, 1000 + i));
	EXPECT_EQ(0, run_txn(self, 1000, 50));
}

TEST_F(room, transaction_reads)
{
	struct kvs_req op = evict_req(KVS_GET, 1);
	struct kvs_res res, sum;
	struct kvs_txn_args args = {
		.size = sizeof(args),
		.thens = addr_of(&op),
		.then_count = 1,
	};
	struct kvs_req txn =
		req_operands((struct kvs_req){ .verb = KVS_TXN }, &args);

	ASSERT_EQ(0, put(self, 1, SMALL));
	op = req_result(req_flags(op, KVS_F_NO_TOUCH), &res);
	ASSERT_EQ(0, door_do(&self->door, txn, &sum));
	EXPECT_EQ(0U, evict_flags(self->fd, 1));
	op.flags &= ~KVS_F_NO_TOUCH;
	ASSERT_EQ(0, door_do(&self->door, txn, &sum));
	EXPECT_EQ(KVS_STAT_FETCHED | KVS_STAT_VISITED,
		  evict_flags(self->fd, 1));
}

/* The links are what an entry that may be evicted takes more. */
TEST_F(room, price)
{
	struct kvs_alter alter = { .set = KVS_SET_POLICY };
	struct kvs_req req = evict_req(KVS_STAT, 1);
	struct kvs_stat evicts, rejects, pinned;

	req.value = addr_of(&evicts);
	req.value_len = sizeof(evicts);
	ASSERT_EQ(0, put(self, 1, 48));
	ASSERT_EQ(0, control_request(self->fd, req));
	req.value = addr_of(&pinned);
	ASSERT_EQ(0,
		  control_request(self->fd, req_flags(evict_put(1, value, 48),
						      KVS_F_PINNED)));
	ASSERT_EQ(0, control_request(self->fd, req));
	ASSERT_EQ(0, control_request(self->fd, evict_req(KVS_DELETE, 1)));
	ASSERT_EQ(0, store_alter(self->fd, alter));
	req.value = addr_of(&rejects);
	ASSERT_EQ(0, put(self, 1, 48));
	ASSERT_EQ(0, control_request(self->fd, req));
	EXPECT_EQ(48ULL + 16 + 48, rejects.charged);
	EXPECT_EQ(rejects.charged, pinned.charged);
	EXPECT_EQ(rejects.charged + 16, evicts.charged);
}

TEST_HARNESS_MAIN
