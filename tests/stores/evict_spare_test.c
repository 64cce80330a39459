// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a full cache does not do: refuse what needs no room, evict what a call
 * depends on, or evict for what gets no room all the same.
 */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include <kselftest_harness.h>

#include "control.h"
#include "door.h"
#include "evict.h"
#include "request.h"
#include "store.h"

#define MAX_BYTES 65536
#define COUNTERS 100
#define LEN 200
#define MOST 2000 /* more than fit */

static char value[MAX_BYTES];

FIXTURE(spare)
{
	struct door door;
	int fd;
};

FIXTURE_VARIANT(spare)
{
	enum door_kind kind;
};

/* clang-format off */
FIXTURE_VARIANT_ADD(spare, ioctl) {
	.kind = DOOR_IOCTL_REQ,
};

FIXTURE_VARIANT_ADD(spare, uring) {
	.kind = DOOR_URING_REQ,
};

/* clang-format on */

FIXTURE_SETUP(spare)
{
	self->fd = evict_make(MAX_BYTES, 0);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, door_attach(&self->door, variant->kind, 0, self->fd));
}

FIXTURE_TEARDOWN(spare)
{
	door_detach(&self->door);
	close(self->fd);
	store_clear(EVICT_STORE);
}

static int put(struct _test_data_spare *self, unsigned int number, size_t len)
{
	struct kvs_res res;

	return door_do(&self->door, evict_put(number, value, len), &res);
}

static int set_policy(struct _test_data_spare *self, __u32 policy)
{
	struct kvs_alter alter = { .set = KVS_SET_POLICY, .policy = policy };

	return store_alter(self->fd, alter);
}

static int add(struct _test_data_spare *self, unsigned int number,
	       struct kvs_res *res)
{
	struct kvs_req req = evict_req(KVS_ADD, number);

	req.flags = KVS_F_CREATE;
	req.operand = 1;
	return door_do(&self->door, req, res);
}

static __u64 charged(struct _test_data_spare *self, unsigned int number)
{
	struct kvs_req req = evict_req(KVS_STAT, number);
	struct kvs_stat stat;

	req.value = addr_of(&stat);
	req.value_len = sizeof(stat);
	return control_request(self->fd, req) ? 0 : stat.charged;
}

/* Counters, then values until there is no room; how many values that are. */
static unsigned int fill(struct _test_data_spare *self)
{
	struct kvs_res res;
	unsigned int i;

	for (i = 0; i < COUNTERS; i++)
		add(self, i, &res);
	for (i = 0; i < MOST && !put(self, COUNTERS + i, LEN); i++)
		;
	return i;
}

/* Of entries that were made under the other policy none may be evicted. */
TEST_F(spare, changes_in_place_after_an_alter)
{
	struct kvs_store_stats stats;
	__u64 before = 0;
	struct kvs_res res;
	unsigned int count, i;

	ASSERT_EQ(0, set_policy(self, KVS_POLICY_REJECT));
	count = fill(self);
	ASSERT_LT(50U, count);
	ASSERT_GT(MOST, count);
	before = charged(self, 0);
	/* What is left is not enough for the smallest. */
	for (i = 0; !put(self, MOST + i, 0); i++)
		ASSERT_GT(MOST, i);
	stats = evict_stats(self->fd);
	ASSERT_EQ(0, set_policy(self, KVS_POLICY_EVICT));
	for (i = 0; i < COUNTERS; i++) {
		ASSERT_EQ(0, add(self, i, &res));
		ASSERT_EQ(2, res.number);
	}
	for (i = 0; i < count; i++)
		ASSERT_EQ(0, put(self, COUNTERS + i, LEN));
	EXPECT_EQ(before, charged(self, 0));
	EXPECT_EQ(stats.rejected_bytes, evict_stats(self->fd).rejected_bytes);
	EXPECT_EQ(stats.entries, store_entries(self->fd));
	EXPECT_EQ(-ENOSPC, put(self, 3 * MOST, LEN));
	/* With room they become such as may be. */
	for (i = 0; i < 10; i++)
		ASSERT_EQ(0,
			  door_do(&self->door,
				  evict_req(KVS_DELETE, COUNTERS + i), &res));
	ASSERT_EQ(0, add(self, 0, &res));
	EXPECT_LT(before, charged(self, 0));
}

/* Both at once, of which the one is the next to be evicted for the other. */
static int replace_both(struct _test_data_spare *self, unsigned int first,
			unsigned int second, size_t len)
{
	struct kvs_req ops[2];
	struct kvs_res res[2], sum;
	struct kvs_txn_args args = {
		.size = sizeof(args),
		.thens = addr_of(ops),
		.then_count = 2,
	};
	struct kvs_req txn = { .verb = KVS_TXN };

	ops[0] = evict_put(first, value, len);
	ops[1] = evict_put(second, value, len);
	ops[0].flags = KVS_F_REPLACE;
	ops[1].flags = KVS_F_REPLACE;
	ops[0] = req_result(ops[0], &res[0]);
	ops[1] = req_result(ops[1], &res[1]);
	return door_do(&self->door, req_operands(txn, &args), &sum);
}

TEST_F(spare, other_keys_of_a_transaction)
{
	unsigned int i, done = 0;

	for (i = 0; i < MOST; i++)
		ASSERT_EQ(0, put(self, i, LEN));
	ASSERT_LT(0ULL, evict_stats(self->fd).evictions);
	for (i = 0; i + 1 < MOST; i++) {
		if (!evict_has(self->fd, i) || !evict_has(self->fd, i + 1))
			continue;
		ASSERT_EQ(0, replace_both(self, i + 1, i, 2 * LEN))
		{
			TH_LOG("keys %u and %u", i, i + 1);
		}
		done++;
	}
	EXPECT_LT(20U, done);
}

/* A batch that may not wait any longer costs the cache no more than it puts. */
TEST_F(spare, batch_without_patience)
{
	static struct kvs_req reqs[KVS_MAX_BATCH];
	static struct kvs_res res[KVS_MAX_BATCH];
	const size_t len = MAX_BYTES / 4;
	unsigned int i, done = 0;
	struct kvs_store_stats stats;

	for (i = 0; i < KVS_MAX_BATCH; i++)
		reqs[i] = req_result(evict_put(i, value, len), &res[i]);
	ASSERT_EQ(0, control_batch(self->fd, reqs, KVS_MAX_BATCH));
	for (i = 0; i < KVS_MAX_BATCH; i++) {
		EXPECT_TRUE(!res[i].status || res[i].status == -ENOSPC);
		done += !res[i].status;
	}
	stats = evict_stats(self->fd);
	printf("# %u of %u put, %llu evicted\n", done, KVS_MAX_BATCH,
	       stats.evictions);
	EXPECT_EQ(done, stats.evictions + stats.entries);
	EXPECT_LT(0ULL, stats.entries);
}

TEST_HARNESS_MAIN
