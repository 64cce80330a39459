// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is pinned is never evicted, and has a cap of its own.
 */
#include <errno.h>
#include <unistd.h>

#include <kselftest_harness.h>

#include "control.h"
#include "door.h"
#include "evict.h"
#include "request.h"
#include "store.h"

#define MAX_BYTES (1 << 18)
#define MAX_PINNED 65536
#define MANY 2500 /* more than fit */
#define LEN 200
#define LONG 3000

static char value[LONG];

FIXTURE(pin)
{
	struct door door;
	int fd;
};

FIXTURE_VARIANT(pin)
{
	enum door_kind kind;
};

/* clang-format off */
FIXTURE_VARIANT_ADD(pin, ioctl) {
	.kind = DOOR_IOCTL_REQ,
};

FIXTURE_VARIANT_ADD(pin, uring) {
	.kind = DOOR_URING_REQ,
};

/* clang-format on */

FIXTURE_SETUP(pin)
{
	struct kvs_create wish = evict_wish(MAX_BYTES, 0);

	wish.set |= KVS_SET_MAX_PINNED;
	wish.max_pinned = MAX_PINNED;
	self->fd = store_make_as(wish);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, door_attach(&self->door, variant->kind, 0, self->fd));
}

FIXTURE_TEARDOWN(pin)
{
	door_detach(&self->door);
	close(self->fd);
	store_clear(EVICT_STORE);
}

static int put(struct _test_data_pin *self, unsigned int number, size_t len,
	       __u32 flags)
{
	struct kvs_req req = evict_put(number, value, len);
	struct kvs_res res;

	return door_do(&self->door, req_flags(req, flags), &res);
}

/* Pins keys from 0 on until it is refused; how many that were. */
static unsigned int pin_all(struct _test_data_pin *self, size_t len, int *ret)
{
	unsigned int i = 0;

	do {
		*ret = put(self, i, len, KVS_F_PINNED);
	} while (!*ret && ++i < MANY);
	return i;
}

/* Puts @count others; 0 if all of them got room. */
static int churn(struct _test_data_pin *self, unsigned int count)
{
	unsigned int i;
	int ret = 0;

	for (i = 0; i < count && !ret; i++)
		ret = put(self, MANY + i, LEN, 0);
	return ret;
}

static __u64 charged(struct _test_data_pin *self, unsigned int number)
{
	struct kvs_req req = evict_req(KVS_STAT, number);
	struct kvs_stat stat;

	req.value = addr_of(&stat);
	req.value_len = sizeof(stat);
	return control_request(self->fd, req) ? 0 : stat.charged;
}

TEST_F(pin, stays)
{
	struct kvs_store_stats stats;
	unsigned int i, count;
	int ret;

	count = pin_all(self, LEN, &ret);
	EXPECT_EQ(-ENOSPC, ret);
	EXPECT_LT(100U, count);
	stats = evict_stats(self->fd);
	EXPECT_EQ(count * charged(self, 0), stats.pinned_bytes);
	EXPECT_GE((__u64)MAX_PINNED, stats.pinned_bytes);
	EXPECT_LT((__u64)MAX_PINNED, stats.pinned_bytes + charged(self, 0));
	EXPECT_EQ((__u64)MAX_PINNED, stats.max_pinned);
	EXPECT_EQ(1ULL, stats.rejected_bytes);
	EXPECT_EQ(KVS_STAT_PINNED, evict_flags(self->fd, 0));
	ASSERT_EQ(0, churn(self, MANY));
	EXPECT_LT(0ULL, evict_stats(self->fd).evictions);
	for (i = 0; i < count; i++)
		ASSERT_EQ(KVS_STAT_PINNED, evict_flags(self->fd, i));
	EXPECT_EQ(stats.pinned_bytes, evict_stats(self->fd).pinned_bytes);
}

/* Where it stands, and in other memory; but not more of them, or larger. */
TEST_F(pin, replaced_at_the_cap)
{
	unsigned int count;
	int ret;

	count = pin_all(self, LEN, &ret);
	EXPECT_EQ(0, put(self, 0, LEN, KVS_F_PINNED));
	EXPECT_EQ(-ENOSPC, put(self, 1, LONG, KVS_F_PINNED));
	EXPECT_EQ(0, put(self, 1, LEN, 0));
	EXPECT_EQ(0, put(self, 1, LEN, KVS_F_PINNED));
	EXPECT_EQ(-ENOSPC, put(self, count, LEN, KVS_F_PINNED));
	EXPECT_FALSE(evict_has(self->fd, count));
	EXPECT_EQ(count * charged(self, 0), evict_stats(self->fd).pinned_bytes);
}

TEST_F(pin, long_values_at_the_cap)
{
	unsigned int count;
	int ret;

	count = pin_all(self, LONG, &ret);
	EXPECT_EQ(-ENOSPC, ret);
	EXPECT_EQ(0, put(self, 0, LONG, KVS_F_PINNED));
	EXPECT_EQ(0, put(self, 0, LONG - 500, KVS_F_PINNED));
	EXPECT_EQ(0, put(self, 0, LONG, KVS_F_PINNED));
	EXPECT_EQ(count * charged(self, 0), evict_stats(self->fd).pinned_bytes);
}

TEST_F(pin, given_back)
{
	unsigned int count, i;
	struct kvs_req brief;
	struct kvs_res res;
	int ret;

	count = pin_all(self, LEN, &ret);
	ASSERT_EQ(0, door_do(&self->door, evict_req(KVS_DELETE, 0), &res));
	EXPECT_EQ(0, put(self, 0, LEN, KVS_F_PINNED));
	for (i = 0; i < count; i++)
		ASSERT_EQ(0, put(self, i, LEN, 0));
	EXPECT_EQ(0ULL, evict_stats(self->fd).pinned_bytes);
	EXPECT_EQ(count, pin_all(self, LEN, &ret));
	ASSERT_EQ(0, store_flush(self->fd));
	EXPECT_EQ(0ULL, evict_stats(self->fd).pinned_bytes);
	EXPECT_EQ(count, pin_all(self, LEN, &ret));
	ASSERT_EQ(0, store_flush(self->fd));
	brief = req_flags(evict_put(0, value, LEN), KVS_F_PINNED);
	ASSERT_EQ(0, door_do(&self->door, req_ttl(brief, 1000), &res));
	for (i = 0; i < 500 && evict_stats(self->fd).pinned_bytes; i++)
		usleep(10000);
	EXPECT_EQ(0ULL, evict_stats(self->fd).pinned_bytes);
	EXPECT_EQ(1ULL, evict_stats(self->fd).expired);
}

/* What changes a value keeps what it is. */
TEST_F(pin, kept_by_changes)
{
	struct kvs_req append =
		req_flags(evict_put(0, value, LONG - 1), KVS_F_APPEND);
	struct kvs_req touch = evict_req(KVS_TOUCH, 1);
	struct kvs_req add = evict_req(KVS_ADD, 2);
	struct kvs_res res;
	__s64 number = 1;
	struct kvs_req counter = evict_put(2, &number, sizeof(number));
	__u32 counts = KVS_F_COUNTER | KVS_F_PINNED;
	unsigned int i;

	ASSERT_EQ(0, put(self, 0, 1, KVS_F_PINNED));
	ASSERT_EQ(0, put(self, 1, LEN, KVS_F_PINNED));
	ASSERT_EQ(0, door_do(&self->door, req_flags(counter, counts), &res));
	EXPECT_EQ(0, door_do(&self->door, append, &res));
	EXPECT_EQ((__u32)LONG, res.len);
	EXPECT_EQ(0, door_do(&self->door, req_ttl(touch, 1ULL << 50), &res));
	EXPECT_EQ(0, door_do(&self->door, req_ttl(add, 1ULL << 50), &res));
	for (i = 0; i < 3; i++)
		EXPECT_EQ(KVS_STAT_PINNED, evict_flags(self->fd, i));
	EXPECT_EQ(charged(self, 0) + charged(self, 1) + charged(self, 2),
		  evict_stats(self->fd).pinned_bytes);
	/* And what was not pinned does not become so */
	ASSERT_EQ(0, put(self, 3, 1, 0));
	append = req_flags(evict_put(3, value, LONG - 1), KVS_F_APPEND);
	EXPECT_EQ(0, door_do(&self->door, append, &res));
	EXPECT_EQ(0U, evict_flags(self->fd, 3));
}

/* All that there is pinned: nothing to evict, and nothing is. */
TEST_F(pin, everything)
{
	struct kvs_alter alter = { .set = KVS_SET_MAX_PINNED,
				   .max_pinned = MAX_BYTES };
	struct kvs_store_stats stats;
	unsigned int count, i;
	int ret;

	ASSERT_EQ(0, store_alter(self->fd, alter));
	count = pin_all(self, LEN, &ret);
	EXPECT_EQ(-ENOSPC, ret);
	EXPECT_EQ(-ENOSPC, put(self, MANY, LEN, 0));
	stats = evict_stats(self->fd);
	EXPECT_EQ(0ULL, stats.evictions);
	EXPECT_GE((__u64)MAX_BYTES, stats.bytes);
	EXPECT_EQ(count, stats.entries);
	/* One place serves many */
	for (i = 0; i < 2; i++)
		ASSERT_EQ(0,
			  control_request(self->fd, evict_req(KVS_DELETE, i)));
	/* But for what a table that has just grown gives back meanwhile */
	EXPECT_EQ(0, churn(self, 80));
	EXPECT_LE(20ULL, evict_stats(self->fd).evictions);
	EXPECT_EQ(count - 2ULL,
		  evict_stats(self->fd).pinned_bytes / charged(self, 2));
}

TEST_F(pin, none_allowed)
{
	struct kvs_alter alter = { .set = KVS_SET_MAX_PINNED };

	ASSERT_EQ(0, put(self, 0, LEN, KVS_F_PINNED));
	ASSERT_EQ(0, store_alter(self->fd, alter));
	EXPECT_EQ(-ENOSPC, put(self, 1, LEN, KVS_F_PINNED));
	EXPECT_EQ(0, put(self, 1, LEN, 0));
	EXPECT_EQ(-ENOSPC, put(self, 1, LEN, KVS_F_PINNED));
	EXPECT_EQ(0U, evict_flags(self->fd, 1));
	EXPECT_EQ(KVS_STAT_PINNED, evict_flags(self->fd, 0));
	EXPECT_EQ(0, put(self, 0, LEN, KVS_F_PINNED));
}

TEST_F(pin, flags)
{
	struct kvs_req req = req_flags(evict_req(KVS_GET, 0), KVS_F_PINNED);
	struct kvs_res res;

	EXPECT_EQ(-EOPNOTSUPP, door_do(&self->door, req, &res));
	req = req_flags(evict_put(0, value, 1), KVS_F_PINNED | KVS_F_APPEND);
	EXPECT_EQ(-EINVAL, door_do(&self->door, req, &res));
	req = req_flags(evict_put(0, NULL, 0), KVS_F_PINNED | KVS_F_TTL_ONLY);
	EXPECT_EQ(-EINVAL, door_do(&self->door, req_ttl(req, 1000), &res));
}

/* A store that rejects knows pins as well: its policy may change. */
TEST_F(pin, in_a_store_that_rejects)
{
	struct kvs_alter alter = { .set = KVS_SET_POLICY };
	unsigned int count;
	int ret;

	ASSERT_EQ(0, store_alter(self->fd, alter));
	count = pin_all(self, LEN, &ret);
	EXPECT_EQ(-ENOSPC, ret);
	EXPECT_EQ(count * charged(self, 0), evict_stats(self->fd).pinned_bytes);
	EXPECT_EQ(KVS_STAT_PINNED, evict_flags(self->fd, 0));
	EXPECT_EQ(0, put(self, MANY, LEN, 0));
}

/* A transaction has all of its pins or none. */
TEST_F(pin, transaction)
{
	unsigned int count, i;
	struct kvs_res res[3];
	struct kvs_req ops[3];
	struct kvs_txn_args args = {
		.size = sizeof(args),
		.thens = addr_of(ops),
		.then_count = 3,
	};
	struct kvs_req txn =
		req_operands((struct kvs_req){ .verb = KVS_TXN }, &args);
	struct kvs_res sum;
	int ret;

	count = pin_all(self, LEN, &ret);
	/* Two places less than three */
	for (i = 0; i < 2; i++)
		ASSERT_EQ(0,
			  control_request(self->fd, evict_req(KVS_DELETE, i)));
	for (i = 0; i < 3; i++)
		ops[i] = req_result(req_flags(evict_put(count + i, value, LEN),
					      KVS_F_PINNED),
				    &res[i]);
	EXPECT_EQ(-ENOSPC, door_do(&self->door, txn, &sum));
	EXPECT_FALSE(evict_has(self->fd, count));
	EXPECT_EQ((count - 2) * charged(self, 2),
		  evict_stats(self->fd).pinned_bytes);
	args.then_count = 2;
	EXPECT_EQ(0, door_do(&self->door, txn, &sum));
	EXPECT_EQ(KVS_STAT_PINNED, evict_flags(self->fd, count + 1));
	EXPECT_EQ(count * charged(self, 2), evict_stats(self->fd).pinned_bytes);
}

TEST_HARNESS_MAIN
