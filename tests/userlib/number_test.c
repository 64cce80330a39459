// SPDX-License-Identifier: GPL-2.0-only
/* kvs_xchg(), kvs_bitop() and kvs_allow(). */
#include <errno.h>
#include <unistd.h>

#include "steps.h"
#include "store_fixture.h"

#define KEY "number.key"
#define KEY_LEN (sizeof(KEY) - 1)
#define HOUR UINT64_C(3600000000000)

TEST_F(store, xchg)
{
	struct kvs_result res;

	step_delete(self->kvs, KEY);
	EXPECT_EQ(-ENOENT, kvs_xchg(self->kvs, KEY, KEY_LEN, 7, 0, NULL));
	ASSERT_EQ(0,
		  kvs_xchg(self->kvs, KEY, KEY_LEN, 7, KVS_FLAG_CREATE, &res));
	EXPECT_EQ(0, res.number);
	EXPECT_EQ(KVS_RESULT_CREATED, res.flags);
	ASSERT_EQ(0, kvs_xchg(self->kvs, KEY, KEY_LEN, INT64_MIN, 0, &res));
	EXPECT_EQ(7, res.number);
	ASSERT_EQ(0, step_get(self->kvs, KEY, NULL, 0, &res));
	EXPECT_EQ(INT64_MIN, res.number);
	ASSERT_EQ(0, step_put(self->kvs, KEY, "blob", NULL));
	EXPECT_EQ(-EPROTOTYPE, kvs_xchg(self->kvs, KEY, KEY_LEN, 7, 0, NULL));
}

TEST_F(store, bitop)
{
	static const struct {
		struct kvs_bits bits;
		int64_t before, after;
	} rows[] = {
		{ { .op = KVS_BITS_OR, .operand = 0xf0, .mask = UINT64_MAX },
		  0x0f,
		  0xff },
		{ { .op = KVS_BITS_OR, .operand = 0xf0, .mask = 0x30 },
		  0x0f,
		  0x3f },
		{ { .op = KVS_BITS_AND, .operand = 0x3c, .mask = 0x0f },
		  0xff,
		  0xfc },
		{ { .op = KVS_BITS_XOR, .operand = 0x0f, .mask = UINT64_MAX },
		  -1,
		  ~0x0f },
	};
	struct kvs_result res;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		ASSERT_EQ(0, step_put_counter(self->kvs, KEY, rows[i].before,
					      NULL));
		ASSERT_EQ(0, kvs_bitop(self->kvs, KEY, KEY_LEN, &rows[i].bits,
				       0, &res));
		EXPECT_EQ(rows[i].before, res.applied);
		EXPECT_EQ(rows[i].after, res.number);
		EXPECT_EQ(KVS_ENTRY_COUNTER, res.kind);
	}
}

TEST_F(store, bitop_makes_a_counter)
{
	struct kvs_bits bits = {
		.op = KVS_BITS_OR,
		.operand = 2,
		.mask = UINT64_MAX,
	};
	struct kvs_result res;

	step_delete(self->kvs, KEY);
	EXPECT_EQ(-ENOENT, kvs_bitop(self->kvs, KEY, KEY_LEN, &bits, 0, NULL));
	bits.initial = 1;
	EXPECT_EQ(-EOPNOTSUPP,
		  kvs_bitop(self->kvs, KEY, KEY_LEN, &bits, 0, NULL));
	ASSERT_EQ(0, kvs_bitop(self->kvs, KEY, KEY_LEN, &bits, KVS_FLAG_CREATE,
			       &res));
	EXPECT_EQ(KVS_RESULT_CREATED, res.flags);
	EXPECT_EQ(3, res.number);
	EXPECT_EQ(1, res.applied);
	bits.op = KVS_BITS_XOR + 1;
	EXPECT_EQ(-EINVAL, kvs_bitop(self->kvs, KEY, KEY_LEN, &bits,
				     KVS_FLAG_CREATE, NULL));
}

/* An hour for a token: what is taken does not come back during the test. */
TEST_F(store, allow)
{
	const struct kvs_rate one = { .interval = HOUR, .burst = 3, .cost = 1 };
	const struct kvs_rate all = { .interval = HOUR, .burst = 3, .cost = 3 };
	struct kvs_result before, after;
	uint64_t wait;
	int i;

	step_delete(self->kvs, KEY);
	EXPECT_EQ(-ENOENT, kvs_allow(self->kvs, KEY, KEY_LEN, &one, 0, &wait));
	EXPECT_EQ(UINT64_MAX, wait);
	for (i = 0; i < 3; i++) {
		ASSERT_EQ(0, kvs_allow(self->kvs, KEY, KEY_LEN, &one,
				       KVS_FLAG_CREATE, &wait));
		EXPECT_EQ(0, wait);
	}
	ASSERT_EQ(0, step_get(self->kvs, KEY, NULL, 0, &before));
	ASSERT_EQ(0, kvs_allow(self->kvs, KEY, KEY_LEN, &one, 0, &wait));
	EXPECT_LT(0, wait);
	EXPECT_GE(HOUR, wait);
	ASSERT_EQ(0, kvs_allow(self->kvs, KEY, KEY_LEN, &all, 0, &wait));
	EXPECT_LT(2 * HOUR, wait);
	EXPECT_GE(3 * HOUR, wait);
	ASSERT_EQ(0, step_get(self->kvs, KEY, NULL, 0, &after));
	EXPECT_EQ(before.version, after.version);
	EXPECT_EQ(before.number, after.number);
}

TEST_F(store, waiting_helps)
{
	const struct kvs_rate rate = {
		.interval = 20000000,
		.burst = 1,
		.cost = 1,
	};
	uint64_t wait;

	step_delete(self->kvs, KEY);
	/* Twice, or more often on a machine that stood still meanwhile */
	do {
		ASSERT_EQ(0, kvs_allow(self->kvs, KEY, KEY_LEN, &rate,
				       KVS_FLAG_CREATE, &wait));
	} while (!wait);
	usleep(wait / 1000 + 1);
	ASSERT_EQ(0, kvs_allow(self->kvs, KEY, KEY_LEN, &rate, 0, &wait));
	EXPECT_EQ(0, wait);
}

TEST_F(store, senseless_rates)
{
	static const struct kvs_rate rows[] = {
		{ .interval = 0, .burst = 1, .cost = 1 },
		{ .interval = 1, .burst = 1, .cost = 0 },
		{ .interval = 1, .burst = 1, .cost = 2 },
		{ .interval = UINT64_MAX, .burst = 2, .cost = 1 },
	};
	uint64_t wait;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++)
		EXPECT_EQ(-EINVAL, kvs_allow(self->kvs, KEY, KEY_LEN, &rows[i],
					     KVS_FLAG_CREATE, &wait));
}

/* A handle that may only count cannot make a bucket, but may use it. */
TEST_F(store, allow_with_the_right_to_count)
{
	const struct kvs_rate rate = { .interval = HOUR,
				       .burst = 2,
				       .cost = 1 };
	struct kvs *counting;
	uint64_t wait;

	step_delete(self->kvs, KEY);
	ASSERT_EQ(0, kvs_restrict(self->kvs, KVS_MAY_COUNT, &counting));
	EXPECT_EQ(-EACCES, kvs_allow(counting, KEY, KEY_LEN, &rate,
				     KVS_FLAG_CREATE, &wait));
	ASSERT_EQ(0, kvs_allow(self->kvs, KEY, KEY_LEN, &rate, KVS_FLAG_CREATE,
			       &wait));
	EXPECT_EQ(0, kvs_allow(counting, KEY, KEY_LEN, &rate, 0, &wait));
	EXPECT_EQ(0, wait);
	EXPECT_EQ(-EACCES, kvs_xchg(counting, KEY, KEY_LEN, 1, 0, NULL));
	kvs_close(counting);
}

TEST_HARNESS_MAIN
