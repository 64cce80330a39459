// SPDX-License-Identifier: GPL-2.0-only
/* Counters: ADD with its bounds, and how counters and blobs follow another. */
#include "door_fixture.h"
#include "steps.h"

#define KEY "counter.key"

#define S64_MAX INT64_MAX
#define S64_MIN INT64_MIN

#define BOUNDS (KVS_F_MIN | KVS_F_MAX)

/* An ADD of @delta to a counter that stands at @start. */
struct sum {
	__s64 start, delta;
	__u32 flags;
	__s64 min, max;
	int status;
	__s64 number, applied;
	__u32 res_flags;
};

/* clang-format off */
static const struct sum fail_sums[] = {
	{ 0, 5, 0, 0, 0, 0, 5, 5, 0 },
	{ -5, 3, 0, 0, 0, 0, -2, 3, 0 },
	{ 7, -9, 0, 0, 0, 0, -2, -9, 0 },
	{ 0, S64_MAX, 0, 0, 0, 0, S64_MAX, S64_MAX, 0 },
	{ 0, S64_MIN, 0, 0, 0, 0, S64_MIN, S64_MIN, 0 },
	{ S64_MIN, S64_MAX, 0, 0, 0, 0, -1, S64_MAX, 0 },
	{ S64_MAX, S64_MIN, 0, 0, 0, 0, -1, S64_MIN, 0 },
	{ S64_MAX - 1, 1, 0, 0, 0, 0, S64_MAX, 1, 0 },
	{ S64_MAX, 1, 0, 0, 0, -EOVERFLOW, 0, 0, 0 },
	{ S64_MAX, S64_MAX, 0, 0, 0, -EOVERFLOW, 0, 0, 0 },
	{ S64_MIN, -1, 0, 0, 0, -EOVERFLOW, 0, 0, 0 },
	{ S64_MIN, S64_MIN, 0, 0, 0, -EOVERFLOW, 0, 0, 0 },
	{ -1, S64_MIN, 0, 0, 0, -EOVERFLOW, 0, 0, 0 },
	{ 9, 1, KVS_F_MAX, 0, 10, 0, 10, 1, 0 },
	{ 9, 2, KVS_F_MAX, 0, 10, -EOVERFLOW, 0, 0, 0 },
	{ 9, -100, KVS_F_MAX, 0, 10, 0, -91, -100, 0 },
	{ -9, -1, KVS_F_MIN, -10, 0, 0, -10, -1, 0 },
	{ -9, -2, KVS_F_MIN, -10, 0, -EOVERFLOW, 0, 0, 0 },
	{ -9, 100, KVS_F_MIN, -10, 0, 0, 91, 100, 0 },
	{ 0, 10, BOUNDS, -10, 10, 0, 10, 10, 0 },
	{ 0, 11, BOUNDS, -10, 10, -EOVERFLOW, 0, 0, 0 },
	{ 0, -11, BOUNDS, -10, 10, -EOVERFLOW, 0, 0, 0 },
	{ 5, 1, BOUNDS, 5, 5, -EOVERFLOW, 0, 0, 0 },
	{ 1, 1, KVS_F_MAX, 0, S64_MAX, 0, 2, 1, 0 },
	{ 1, 1, KVS_F_MIN, S64_MIN, 0, 0, 2, 1, 0 },
};

static const struct sum saturate_sums[] = {
	{ 1, 2, KVS_F_SATURATE, 0, 0, 0, 3, 2, 0 },
	{ S64_MAX - 1, 1, KVS_F_SATURATE, 0, 0, 0, S64_MAX, 1, 0 },
	{ S64_MAX - 1, 5, KVS_F_SATURATE, 0, 0, 0, S64_MAX, 1,
	  KVS_RES_LIMITED },
	{ S64_MAX, S64_MAX, KVS_F_SATURATE, 0, 0, 0, S64_MAX, 0,
	  KVS_RES_LIMITED },
	{ S64_MIN + 1, -5, KVS_F_SATURATE, 0, 0, 0, S64_MIN, -1,
	  KVS_RES_LIMITED },
	{ S64_MIN, S64_MIN, KVS_F_SATURATE, 0, 0, 0, S64_MIN, 0,
	  KVS_RES_LIMITED },
	{ 7, 3, KVS_F_SATURATE | KVS_F_MAX, 0, 10, 0, 10, 3, 0 },
	{ 7, 5, KVS_F_SATURATE | KVS_F_MAX, 0, 10, 0, 10, 3,
	  KVS_RES_LIMITED },
	{ -7, -5, KVS_F_SATURATE | KVS_F_MIN, -10, 0, 0, -10, -3,
	  KVS_RES_LIMITED },
	{ 7, S64_MAX, KVS_F_SATURATE | BOUNDS, 0, 10, 0, 10, 3,
	  KVS_RES_LIMITED },
	/* Beyond the bound already: an ADD never takes anything away */
	{ 20, 5, KVS_F_SATURATE | KVS_F_MAX, 0, 10, 0, 20, 0,
	  KVS_RES_LIMITED },
	{ -20, -5, KVS_F_SATURATE | KVS_F_MIN, -10, 0, 0, -20, 0,
	  KVS_RES_LIMITED },
	{ 20, -15, KVS_F_SATURATE | KVS_F_MAX, 0, 10, 0, 5, -15, 0 },
	{ -20, 15, KVS_F_SATURATE | KVS_F_MIN, -10, 0, 0, -5, 15, 0 },
};

static const struct sum wrap_sums[] = {
	{ 1, 2, KVS_F_WRAP, 0, 0, 0, 3, 2, 0 },
	{ S64_MAX, 1, KVS_F_WRAP, 0, 0, 0, S64_MIN, 1, KVS_RES_LIMITED },
	{ S64_MIN, -1, KVS_F_WRAP, 0, 0, 0, S64_MAX, -1, KVS_RES_LIMITED },
	{ S64_MAX, S64_MAX, KVS_F_WRAP, 0, 0, 0, -2, S64_MAX,
	  KVS_RES_LIMITED },
	{ S64_MIN, S64_MIN, KVS_F_WRAP, 0, 0, 0, 0, S64_MIN,
	  KVS_RES_LIMITED },
	{ 7, 2, KVS_F_WRAP | BOUNDS, 0, 9, 0, 9, 2, 0 },
	{ 7, 5, KVS_F_WRAP | BOUNDS, 0, 9, 0, 2, 5, KVS_RES_LIMITED },
	{ 2, -5, KVS_F_WRAP | BOUNDS, 0, 9, 0, 7, -5, KVS_RES_LIMITED },
	{ 0, 25, KVS_F_WRAP | BOUNDS, 0, 9, 0, 5, 25, KVS_RES_LIMITED },
	{ 3, -23, KVS_F_WRAP | BOUNDS, 0, 9, 0, 0, -23, KVS_RES_LIMITED },
	{ -2, 4, KVS_F_WRAP | BOUNDS, -3, 1, 0, -3, 4, KVS_RES_LIMITED },
	{ 5, 100, KVS_F_WRAP | BOUNDS, 5, 5, 0, 5, 100, KVS_RES_LIMITED },
	{ 5, 1, KVS_F_WRAP | KVS_F_MAX, 0, 5, 0, S64_MIN, 1,
	  KVS_RES_LIMITED },
	{ 5, -1, KVS_F_WRAP | KVS_F_MIN, 5, 0, 0, S64_MAX, -1,
	  KVS_RES_LIMITED },
	{ S64_MAX, S64_MAX, KVS_F_WRAP | KVS_F_MIN, 0, 0, 0, S64_MAX - 1,
	  S64_MAX, KVS_RES_LIMITED },
	{ S64_MIN, S64_MIN, KVS_F_WRAP | KVS_F_MAX, 0, 0, 0, S64_MIN + 1,
	  S64_MIN, KVS_RES_LIMITED },
	{ 0, S64_MIN, KVS_F_WRAP | BOUNDS, 0, 2, 0, 1, S64_MIN,
	  KVS_RES_LIMITED },
};

/* clang-format on */

static int do_sum(struct door *door, const struct sum *sum, struct kvs_res *res)
{
	struct kvs_add_args args = {
		.size = sizeof(args),
		.min = sum->min,
		.max = sum->max,
	};
	struct kvs_req req = req_add(KEY, sum->delta);

	req.flags |= sum->flags;
	if (sum->flags & BOUNDS)
		req = req_args(req, &args);
	return door_do(door, req, res);
}

static void check_sums(struct __test_metadata *_metadata, struct door *door,
		       const struct sum *sums, size_t count)
{
	struct kvs_res put, res;
	const struct sum *sum;
	__s64 number;

	for (sum = sums; sum < sums + count; sum++) {
		ASSERT_EQ(0, step_put_counter(door, KEY, sum->start, &put));
		EXPECT_EQ(sum->status, do_sum(door, sum, &res))
		{
			TH_LOG("row %td", sum - sums);
		}
		EXPECT_EQ(0, step_get(door, KEY, &number, 8, &put));
		if (sum->status) {
			EXPECT_EQ(sum->start, number);
			continue;
		}
		EXPECT_EQ(sum->number, number)
		{
			TH_LOG("row %td", sum - sums);
		}
		EXPECT_EQ(sum->number, res.number);
		EXPECT_EQ(sum->applied, res.applied);
		EXPECT_EQ(sum->res_flags, res.flags);
		EXPECT_EQ(KVS_KIND_COUNTER, res.kind);
		EXPECT_EQ(sizeof(__s64), res.len);
		EXPECT_EQ(res.version, put.version);
	}
}

TEST_F(door, sums_that_may_fail)
{
	check_sums(_metadata, &self->door, fail_sums, ARRAY_SIZE(fail_sums));
}

TEST_F(door, sums_that_saturate)
{
	check_sums(_metadata, &self->door, saturate_sums,
		   ARRAY_SIZE(saturate_sums));
}

TEST_F(door, sums_that_wrap)
{
	check_sums(_metadata, &self->door, wrap_sums, ARRAY_SIZE(wrap_sums));
}

TEST_F(door, counter_is_eight_bytes)
{
	struct kvs_res res;
	__s64 numbers[2];

	step_clear(&self->door, KEY);
	ASSERT_EQ(0, step_put_counter(&self->door, KEY, -7, &res));
	EXPECT_EQ(KVS_RES_CREATED, res.flags);
	EXPECT_EQ(KVS_KIND_COUNTER, res.kind);
	EXPECT_EQ(8U, res.len);
	EXPECT_EQ(-7, res.number);

	poison(numbers, sizeof(numbers));
	ASSERT_EQ(0, step_get(&self->door, KEY, numbers, 16, &res));
	EXPECT_EQ(-7, numbers[0]);
	EXPECT_TRUE(is_poison(&numbers[1], 8));
	EXPECT_EQ(KVS_KIND_COUNTER, res.kind);
	EXPECT_EQ(8U, res.len);
	EXPECT_EQ(-7, res.number);

	EXPECT_EQ(-ERANGE, step_get(&self->door, KEY, numbers, 7, &res));
	EXPECT_EQ(8U, res.len);
	EXPECT_EQ(KVS_KIND_COUNTER, res.kind);
	EXPECT_EQ(0, step_get(&self->door, KEY, NULL, 0, &res));
	EXPECT_EQ(8U, res.len);
}

TEST_F(door, add_needs_a_counter)
{
	char value[8] = "eight by", buf[8];
	struct kvs_res put, res;

	step_clear(&self->door, KEY);
	EXPECT_EQ(-ENOENT, step_add(&self->door, KEY, 1, &res));
	EXPECT_EQ(-ENOENT, step_get(&self->door, KEY, NULL, 0, &res));

	ASSERT_EQ(0, door_do(&self->door, req_put(KEY, value, 8), &put));
	EXPECT_EQ(-EPROTOTYPE, step_add(&self->door, KEY, 1, &res));
	EXPECT_EQ(-EPROTOTYPE,
		  door_do(&self->door, req_add_create(KEY, 1), &res));
	ASSERT_EQ(0, step_get(&self->door, KEY, buf, 8, &res));
	EXPECT_EQ(0, memcmp(value, buf, 8));
	EXPECT_EQ(put.version, res.version);
}

TEST_F(door, add_create)
{
	struct kvs_res res;
	__u64 version;

	step_clear(&self->door, KEY);
	ASSERT_EQ(0, door_do(&self->door, req_add_create(KEY, 5), &res));
	EXPECT_EQ(KVS_RES_CREATED, res.flags);
	EXPECT_EQ(KVS_KIND_COUNTER, res.kind);
	EXPECT_EQ(5, res.number);
	EXPECT_EQ(5, res.applied);
	version = res.version;

	ASSERT_EQ(0, door_do(&self->door, req_add_create(KEY, 5), &res));
	EXPECT_EQ(0U, res.flags);
	EXPECT_EQ(10, res.number);
	EXPECT_GT(res.version, version);
}

/* A missing counter counts from the initial value. */
TEST_F(door, add_create_initial)
{
	struct kvs_add_args args = { .size = sizeof(args), .initial = 100 };
	struct kvs_req req = req_args(req_add_create(KEY, 5), &args);
	struct kvs_res res;

	step_clear(&self->door, KEY);
	ASSERT_EQ(0, door_do(&self->door, req, &res));
	EXPECT_EQ(KVS_RES_CREATED, res.flags);
	EXPECT_EQ(105, res.number);
	EXPECT_EQ(5, res.applied);
	ASSERT_EQ(0, door_do(&self->door, req, &res));
	EXPECT_EQ(0U, res.flags);
	EXPECT_EQ(110, res.number);
}

TEST_F(door, add_create_beyond_a_bound)
{
	struct kvs_add_args args = {
		.size = sizeof(args), .initial = 100, .min = 90, .max = 101
	};
	struct kvs_req req = req_args(req_add_create(KEY, 5), &args);
	struct kvs_res res;

	req.flags |= BOUNDS;
	step_clear(&self->door, KEY);
	EXPECT_EQ(-EOVERFLOW, door_do(&self->door, req, &res));
	EXPECT_EQ(-ENOENT, step_get(&self->door, KEY, NULL, 0, &res));

	req.flags |= KVS_F_SATURATE;
	ASSERT_EQ(0, door_do(&self->door, req, &res));
	EXPECT_EQ(KVS_RES_CREATED | KVS_RES_LIMITED, res.flags);
	EXPECT_EQ(101, res.number);
	EXPECT_EQ(1, res.applied);

	step_clear(&self->door, KEY);
	req.flags ^= KVS_F_SATURATE | KVS_F_WRAP;
	ASSERT_EQ(0, door_do(&self->door, req, &res));
	EXPECT_EQ(KVS_RES_CREATED | KVS_RES_LIMITED, res.flags);
	EXPECT_EQ(93, res.number);
	EXPECT_EQ(5, res.applied);
}

TEST_F(door, put_over_a_counter_makes_a_blob)
{
	struct kvs_res res;
	__s64 number = 3;

	ASSERT_EQ(0, step_put_counter(&self->door, KEY, 1, &res));
	ASSERT_EQ(0, door_do(&self->door, req_put(KEY, &number, 8), &res));
	EXPECT_EQ(0U, res.flags);
	EXPECT_EQ(KVS_KIND_BLOB, res.kind);
	EXPECT_EQ(-EPROTOTYPE, step_add(&self->door, KEY, 1, &res));
	ASSERT_EQ(0, step_get(&self->door, KEY, NULL, 0, &res));
	EXPECT_EQ(KVS_KIND_BLOB, res.kind);
	EXPECT_EQ(0, res.number);
}

TEST_F(door, put_counter_over_a_blob)
{
	char value[600] = "";
	struct kvs_res res;

	ASSERT_EQ(0, door_do(&self->door, req_put(KEY, value, 600), &res));
	ASSERT_EQ(0, step_put_counter(&self->door, KEY, S64_MIN, &res));
	EXPECT_EQ(0U, res.flags);
	EXPECT_EQ(KVS_KIND_COUNTER, res.kind);
	ASSERT_EQ(0, step_add(&self->door, KEY, 2, &res));
	EXPECT_EQ(S64_MIN + 2, res.number);
	ASSERT_EQ(0, step_put_counter(&self->door, KEY, S64_MAX, &res));
	ASSERT_EQ(0, step_add(&self->door, KEY, -2, &res));
	EXPECT_EQ(S64_MAX - 2, res.number);
}

TEST_F(door, counter_under_preconditions)
{
	struct kvs_res first, res;
	struct kvs_req req;
	__s64 number = 4;

	step_clear(&self->door, KEY);
	req = req_put_counter(KEY, &number);
	req.flags |= KVS_F_REPLACE;
	EXPECT_EQ(-ENOENT, door_do(&self->door, req, &res));
	req.flags ^= KVS_F_REPLACE | KVS_F_CREATE;
	ASSERT_EQ(0, door_do(&self->door, req, &first));
	EXPECT_EQ(-EEXIST, door_do(&self->door, req, &res));

	/* An ADD is a change */
	ASSERT_EQ(0, step_add(&self->door, KEY, 1, &res));
	EXPECT_GT(res.version, first.version);
	req = req_if_version(req_put_counter(KEY, &number), first.version);
	EXPECT_EQ(-ESTALE, door_do(&self->door, req, &first));
	EXPECT_EQ(res.version, first.version);
	req.cond = res.version;
	ASSERT_EQ(0, door_do(&self->door, req, &res));
	req = req_if_version(req_delete(KEY), first.version);
	EXPECT_EQ(-ESTALE, door_do(&self->door, req, &first));
	req.cond = res.version;
	EXPECT_EQ(0, door_do(&self->door, req, &res));
}

TEST_F(door, counter_keeps_its_user_flags)
{
	struct kvs_req req;
	struct kvs_res res;
	__s64 number = 4;

	req = req_put_counter(KEY, &number);
	req.user_flags = 77;
	ASSERT_EQ(0, door_do(&self->door, req, &res));
	ASSERT_EQ(0, step_add(&self->door, KEY, 1, &res));
	EXPECT_EQ(77U, res.user_flags);
	ASSERT_EQ(0, step_get(&self->door, KEY, NULL, 0, &res));
	EXPECT_EQ(77U, res.user_flags);
}

TEST_F(door, stat_of_a_counter)
{
	struct kvs_stat stat;
	struct kvs_res res;

	ASSERT_EQ(0, step_put_counter(&self->door, KEY, -3, &res));
	ASSERT_EQ(0, door_do(&self->door, req_stat(KEY, &stat), &res));
	EXPECT_EQ(KVS_KIND_COUNTER, res.kind);
	EXPECT_EQ(8U, res.len);
	EXPECT_EQ(-3, res.number);
	EXPECT_EQ(KVS_KIND_COUNTER, stat.kind);
	EXPECT_EQ(8U, stat.value_len);
	EXPECT_EQ(-3, stat.number);
	EXPECT_EQ(res.version, stat.version);
}

/* The operands of ADD may come from a program that knows more of them. */
TEST_F(door, longer_args)
{
	struct {
		struct kvs_add_args args;
		__u64 later;
	} known = { .args = { .size = sizeof(known), .max = 10 } };
	struct kvs_req req = req_args(req_add(KEY, 5), &known.args);
	struct kvs_res res;

	req.flags |= KVS_F_MAX;
	ASSERT_EQ(0, step_put_counter(&self->door, KEY, 5, &res));
	ASSERT_EQ(0, door_do(&self->door, req, &res));
	EXPECT_EQ(10, res.number);
	known.later = 1;
	EXPECT_EQ(-E2BIG, door_do(&self->door, req, &res));
}

TEST_HARNESS_MAIN
