// SPDX-License-Identifier: GPL-2.0-only
/* kvs_add() and what the other functions say of counters. */
#include <errno.h>

#include "steps.h"
#include "store_fixture.h"

#define KEY "counter.key"
#define KEY_LEN (sizeof(KEY) - 1)

TEST_F(store, counter_from_nothing)
{
	struct kvs_result res;

	step_delete(self->kvs, KEY);
	EXPECT_EQ(-ENOENT, step_add(self->kvs, KEY, 1, 0, NULL));
	ASSERT_EQ(0, step_add(self->kvs, KEY, -3, KVS_FLAG_CREATE, &res));
	EXPECT_EQ(KVS_RESULT_CREATED, res.flags);
	EXPECT_EQ(KVS_ENTRY_COUNTER, res.kind);
	EXPECT_EQ(-3, res.number);
	EXPECT_EQ(-3, res.applied);
	ASSERT_EQ(0, step_add(self->kvs, KEY, 10, KVS_FLAG_CREATE, &res));
	EXPECT_EQ(0, res.flags);
	EXPECT_EQ(7, res.number);
	EXPECT_EQ(10, res.applied);
}

TEST_F(store, counter_from_an_initial_value)
{
	const struct kvs_limits limits = { .initial = 100 };
	struct kvs_result res;

	step_delete(self->kvs, KEY);
	ASSERT_EQ(0, kvs_add(self->kvs, KEY, KEY_LEN, 5, KVS_FLAG_CREATE,
			     &limits, &res));
	EXPECT_EQ(105, res.number);
	ASSERT_EQ(0, kvs_add(self->kvs, KEY, KEY_LEN, 5, KVS_FLAG_CREATE,
			     &limits, &res));
	EXPECT_EQ(110, res.number);
	EXPECT_EQ(-EOPNOTSUPP,
		  kvs_add(self->kvs, KEY, KEY_LEN, 5, 0, &limits, NULL));
}

TEST_F(store, bounds)
{
	const unsigned int both = KVS_FLAG_MIN | KVS_FLAG_MAX;
	const struct kvs_limits limits = { .min = -10, .max = 10 };
	static const struct {
		unsigned int flags;
		int64_t delta, number, applied;
		unsigned int result;
		int err;
	} cases[] = {
		{ 0, 10, 10, 10, 0, 0 },
		{ 0, 11, 0, 0, 0, -EOVERFLOW },
		{ 0, -10, -10, -10, 0, 0 },
		{ 0, -11, 0, 0, 0, -EOVERFLOW },
		{ KVS_FLAG_SATURATE, 10, 10, 10, 0, 0 },
		{ KVS_FLAG_SATURATE, 15, 10, 10, KVS_RESULT_LIMITED, 0 },
		{ KVS_FLAG_SATURATE, -15, -10, -10, KVS_RESULT_LIMITED, 0 },
		{ KVS_FLAG_WRAP, 11, -10, 11, KVS_RESULT_LIMITED, 0 },
		{ KVS_FLAG_WRAP, -11, 10, -11, KVS_RESULT_LIMITED, 0 },
	};
	struct kvs_result res;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		ASSERT_EQ(0, step_put_counter(self->kvs, KEY, 0, NULL));
		EXPECT_EQ(cases[i].err,
			  kvs_add(self->kvs, KEY, KEY_LEN, cases[i].delta,
				  cases[i].flags | both, &limits, &res))
		{
			TH_LOG("row %zu", i);
		}
		EXPECT_EQ(cases[i].result, res.flags);
		EXPECT_EQ(cases[i].applied, res.applied);
		ASSERT_EQ(0, step_get(self->kvs, KEY, NULL, 0, &res));
		EXPECT_EQ(cases[i].number, res.number);
	}
}

TEST_F(store, ends_of_an_int64)
{
	struct kvs_result res;

	ASSERT_EQ(0, step_put_counter(self->kvs, KEY, INT64_MAX, NULL));
	EXPECT_EQ(-EOVERFLOW, step_add(self->kvs, KEY, 1, 0, NULL));
	EXPECT_EQ(0, step_add(self->kvs, KEY, 1, KVS_FLAG_SATURATE, &res));
	EXPECT_EQ(INT64_MAX, res.number);
	EXPECT_EQ(0, res.applied);
	EXPECT_EQ(0, step_add(self->kvs, KEY, 1, KVS_FLAG_WRAP, &res));
	EXPECT_EQ(INT64_MIN, res.number);
	EXPECT_EQ(KVS_RESULT_LIMITED, res.flags);
}

TEST_F(store, limits_are_not_changed_by_add)
{
	const struct kvs_limits limits = { .max = 3 };
	struct kvs_limits copy = limits;

	step_delete(self->kvs, KEY);
	EXPECT_EQ(0, kvs_add(self->kvs, KEY, KEY_LEN, 1,
			     KVS_FLAG_CREATE | KVS_FLAG_MAX, &copy, NULL));
	EXPECT_EQ(0, memcmp(&limits, &copy, sizeof(copy)));
}

TEST_F(store, limits_that_contradict)
{
	static const struct {
		struct kvs_limits limits;
		unsigned int flags;
		int err;
	} cases[] = {
		{ { .initial = 1 }, 0, -EOPNOTSUPP },
		{ { .min = 1 }, 0, -EOPNOTSUPP },
		{ { .max = 1 }, 0, -EOPNOTSUPP },
		{ { .min = 2, .max = 1 }, KVS_FLAG_MIN | KVS_FLAG_MAX, -EINVAL },
		{ { .initial = 4, .max = 3 },
		  KVS_FLAG_CREATE | KVS_FLAG_MAX,
		  -EINVAL },
		{ {}, KVS_FLAG_SATURATE | KVS_FLAG_WRAP, -EINVAL },
	};
	size_t i;

	ASSERT_EQ(0, step_put_counter(self->kvs, KEY, 0, NULL));
	EXPECT_EQ(-EINVAL, step_add(self->kvs, KEY, 1, KVS_FLAG_MAX, NULL));
	for (i = 0; i < ARRAY_SIZE(cases); i++)
		EXPECT_EQ(cases[i].err,
			  kvs_add(self->kvs, KEY, KEY_LEN, 1, cases[i].flags,
				  &cases[i].limits, NULL))
		{
			TH_LOG("row %zu", i);
		}
}

TEST_F(store, add_wants_a_counter)
{
	ASSERT_EQ(0, step_put(self->kvs, KEY, "12345678", NULL));
	EXPECT_EQ(-EPROTOTYPE,
		  step_add(self->kvs, KEY, 1, KVS_FLAG_CREATE, NULL));
}

TEST_F(store, value_of_a_counter)
{
	struct kvs_result res;
	int64_t number;
	char buf[8];

	ASSERT_EQ(0, step_put_counter(self->kvs, KEY, -12345, &res));
	EXPECT_EQ(KVS_ENTRY_COUNTER, res.kind);
	EXPECT_EQ(-12345, res.number);
	ASSERT_EQ(0, step_get(self->kvs, KEY, &number, sizeof(number), &res));
	EXPECT_EQ(-12345, number);
	EXPECT_EQ(-12345, res.number);
	EXPECT_EQ(sizeof(number), res.length);
	EXPECT_EQ(KVS_ENTRY_COUNTER, res.kind);
	EXPECT_EQ(-ERANGE, step_get(self->kvs, KEY, buf, 7, &res));
	EXPECT_EQ(8, res.length);
}

TEST_F(store, plain_put_ends_a_counter)
{
	struct kvs_result res;

	ASSERT_EQ(0, step_put_counter(self->kvs, KEY, 1, NULL));
	ASSERT_EQ(0, step_put(self->kvs, KEY, "blob", &res));
	EXPECT_EQ(KVS_ENTRY_BLOB, res.kind);
	EXPECT_EQ(-EPROTOTYPE, step_add(self->kvs, KEY, 1, 0, NULL));
}

TEST_F(store, counter_has_8_bytes)
{
	EXPECT_EQ(-EINVAL, kvs_put(self->kvs, KEY, KEY_LEN, "1234567", 7,
				   KVS_FLAG_COUNTER, NULL));
}

TEST_HARNESS_MAIN
