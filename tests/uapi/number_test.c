// SPDX-License-Identifier: GPL-2.0-only
/* XCHG, BITOP and BUCKET. */
#include "door_fixture.h"
#include "steps.h"

#define KEY "number.key"

static struct kvs_req req_xchg(__s64 number)
{
	struct kvs_req req = req_verb(KVS_XCHG, KEY);

	req.operand = number;
	return req;
}

static __s64 number_of(struct door *door)
{
	struct kvs_res res;

	return step_get(door, KEY, NULL, 0, &res) ? INT64_MIN : res.number;
}

TEST_F(door, xchg)
{
	struct kvs_req req = req_xchg(7);
	struct kvs_res res;

	step_clear(&self->door, KEY);
	EXPECT_EQ(-ENOENT, door_do(&self->door, req, &res));
	req.flags |= KVS_F_CREATE;
	ASSERT_EQ(0, door_do(&self->door, req, &res));
	EXPECT_EQ(0, res.number);
	EXPECT_EQ(KVS_RES_CREATED, res.flags);
	req = req_xchg(-9);
	ASSERT_EQ(0, door_do(&self->door, req, &res));
	EXPECT_EQ(7, res.number);
	EXPECT_EQ(-9, number_of(&self->door));
}

TEST_F(door, bitop)
{
	static const struct {
		__u32 op;
		__s64 before;
		__u64 operand;
		__u64 mask;
		__s64 after;
	} rows[] = {
		{ KVS_BITOP_OR, 0x0f, 0xf0, ~0ULL, 0xff },
		{ KVS_BITOP_OR, 0x0f, 0xf0, 0x30, 0x3f },
		{ KVS_BITOP_AND, 0xff, 0x3c, ~0ULL, 0x3c },
		{ KVS_BITOP_AND, 0xff, 0x3c, 0x0f, 0xfc },
		{ KVS_BITOP_XOR, 0xff, 0x0f, ~0ULL, 0xf0 },
		{ KVS_BITOP_XOR, 0xff, ~0ULL, 0x01, 0xfe },
		{ KVS_BITOP_OR, 0, 1ULL << 63, ~0ULL, INT64_MIN },
		{ KVS_BITOP_AND, -1, 0, 0, -1 },
	};
	struct kvs_bitop_args args = { .size = sizeof(args) };
	struct kvs_req req = req_operands(req_verb(KVS_BITOP, KEY), &args);
	struct kvs_res res;
	size_t i;

	step_clear(&self->door, KEY);
	args.op = KVS_BITOP_OR;
	EXPECT_EQ(-ENOENT, door_do(&self->door, req, &res));
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		ASSERT_EQ(0, step_put_counter(&self->door, KEY, rows[i].before,
					      &res));
		args.op = rows[i].op;
		args.operand = rows[i].operand;
		args.mask = rows[i].mask;
		ASSERT_EQ(0, door_do(&self->door, req, &res));
		EXPECT_EQ(rows[i].before, res.applied);
		EXPECT_EQ(rows[i].after, res.number);
		EXPECT_EQ(rows[i].after, number_of(&self->door));
	}
	args.op = KVS_BITOP_XOR + 1;
	EXPECT_EQ(-EINVAL, door_do(&self->door, req, &res));
	args.op = 0;
	EXPECT_EQ(-EINVAL, door_do(&self->door, req, &res));
}

TEST_F(door, bitop_makes_a_counter)
{
	struct kvs_bitop_args args = {
		.size = sizeof(args),
		.op = KVS_BITOP_OR,
		.operand = 2,
		.mask = ~0ULL,
		.initial = 1,
	};
	struct kvs_req req = req_operands(req_verb(KVS_BITOP, KEY), &args);
	struct kvs_res res;

	step_clear(&self->door, KEY);
	EXPECT_EQ(-EOPNOTSUPP, door_do(&self->door, req, &res));
	req.flags |= KVS_F_CREATE;
	ASSERT_EQ(0, door_do(&self->door, req, &res));
	EXPECT_EQ(KVS_RES_CREATED, res.flags);
	EXPECT_EQ(3, res.number);
	EXPECT_EQ(1, res.applied);
}

/* An hour for a token: what is taken does not come back during the test. */
TEST_F(door, bucket)
{
	struct kvs_bucket_args args = {
		.size = sizeof(args),
		.interval_ns = 3600000000000ULL,
		.burst = 3,
		.cost = 1,
	};
	struct kvs_req req = req_operands(req_verb(KVS_BUCKET, KEY), &args);
	struct kvs_res res, before;
	int i;

	step_clear(&self->door, KEY);
	EXPECT_EQ(-ENOENT, door_do(&self->door, req, &res));
	req.flags |= KVS_F_CREATE;
	for (i = 0; i < 3; i++) {
		ASSERT_EQ(0, door_do(&self->door, req, &before));
		EXPECT_EQ(0, before.number);
		EXPECT_FALSE(before.flags & KVS_RES_REFUSED);
	}
	ASSERT_EQ(0, door_do(&self->door, req, &res));
	EXPECT_EQ(KVS_RES_REFUSED, res.flags);
	EXPECT_GT(res.number, 0);
	EXPECT_LE(res.number, (__s64)args.interval_ns);
	EXPECT_EQ(before.version, res.version);
	args.cost = 3;
	ASSERT_EQ(0, door_do(&self->door, req, &res));
	EXPECT_EQ(KVS_RES_REFUSED, res.flags);
	EXPECT_GT(res.number, 2 * (__s64)args.interval_ns);
}

TEST_F(door, bucket_fills_again)
{
	struct kvs_bucket_args args = {
		.size = sizeof(args),
		.interval_ns = 2000000,
		.burst = 1,
		.cost = 1,
	};
	struct kvs_req req = req_operands(req_verb(KVS_BUCKET, KEY), &args);
	struct kvs_res res;

	step_clear(&self->door, KEY);
	req.flags |= KVS_F_CREATE;
	ASSERT_EQ(0, door_do(&self->door, req, &res));
	usleep(2000);
	ASSERT_EQ(0, door_do(&self->door, req, &res));
	EXPECT_FALSE(res.flags & KVS_RES_REFUSED);
}

#define HOUR 3600000000000ULL

/* The deadlines of all three: given, given to what is new, and kept. */
TEST_F(door, deadlines)
{
	struct kvs_bitop_args bitop = { .size = sizeof(bitop),
					.op = KVS_BITOP_XOR };
	struct kvs_bucket_args args = {
		.size = sizeof(args), .interval_ns = 1, .burst = 9, .cost = 1
	};
	const struct kvs_req reqs[] = {
		req_xchg(1),
		req_operands(req_verb(KVS_BITOP, KEY), &bitop),
		req_operands(req_verb(KVS_BUCKET, KEY), &args),
	};
	struct kvs_req req;
	struct kvs_res res;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(reqs); i++) {
		step_clear(&self->door, KEY);
		req = req_ttl(req_flags(reqs[i], KVS_F_CREATE), HOUR);
		ASSERT_EQ(0, door_do(&self->door, req, &res));
		EXPECT_TRUE(res.ttl > 0 && res.ttl <= HOUR);
		ASSERT_EQ(0, door_do(&self->door, reqs[i], &res));
		EXPECT_TRUE(res.ttl > 0 && res.ttl <= HOUR);
		req.ttl = 3 * HOUR;
		ASSERT_EQ(0, door_do(&self->door,
				     req_flags(req, KVS_F_TTL_IF_NEW), &res));
		EXPECT_TRUE(res.ttl > 0 && res.ttl <= HOUR);
		ASSERT_EQ(0, door_do(&self->door, req, &res));
		EXPECT_TRUE(res.ttl > 2 * HOUR && res.ttl <= 3 * HOUR)
		{
			TH_LOG("row %zu", i);
		}
	}
}

TEST_F(door, refused_bucket_keeps_its_deadline)
{
	struct kvs_bucket_args args = {
		.size = sizeof(args), .interval_ns = HOUR, .burst = 1, .cost = 1
	};
	struct kvs_req req = req_operands(req_verb(KVS_BUCKET, KEY), &args);
	struct kvs_res first, res;

	step_clear(&self->door, KEY);
	req = req_ttl(req_flags(req, KVS_F_CREATE), HOUR);
	ASSERT_EQ(0, door_do(&self->door, req, &first));
	req.ttl = 3 * HOUR;
	ASSERT_EQ(0, door_do(&self->door, req, &res));
	EXPECT_EQ(KVS_RES_REFUSED, res.flags);
	EXPECT_EQ(first.version, res.version);
	ASSERT_EQ(0, step_get(&self->door, KEY, NULL, 0, &res));
	EXPECT_TRUE(res.ttl > 0 && res.ttl <= HOUR);
}

TEST_F(door, numbers_need_a_counter)
{
	struct kvs_bitop_args bitop = { .size = sizeof(bitop),
					.op = KVS_BITOP_OR };
	struct kvs_bucket_args args = {
		.size = sizeof(args), .interval_ns = 1, .burst = 1, .cost = 1
	};
	const struct kvs_req reqs[] = {
		req_xchg(1),
		req_operands(req_verb(KVS_BITOP, KEY), &bitop),
		req_operands(req_verb(KVS_BUCKET, KEY), &args),
	};
	struct kvs_res put, res;
	size_t i;

	ASSERT_EQ(0, step_put(&self->door, KEY, "12345678", &put));
	for (i = 0; i < ARRAY_SIZE(reqs); i++) {
		EXPECT_EQ(-EPROTOTYPE, door_do(&self->door, reqs[i], &res));
		EXPECT_EQ(-EPROTOTYPE,
			  door_do(&self->door, req_flags(reqs[i], KVS_F_CREATE),
				  &res));
	}
	ASSERT_EQ(0, step_get(&self->door, KEY, NULL, 0, &res));
	EXPECT_EQ(put.version, res.version);
	EXPECT_EQ(KVS_KIND_BLOB, res.kind);
}

TEST_F(door, senseless_buckets)
{
	static const struct kvs_bucket_args rows[] = {
		{ .interval_ns = 0, .burst = 1, .cost = 1 },
		{ .interval_ns = 1, .burst = 1, .cost = 0 },
		{ .interval_ns = 1, .burst = 1, .cost = 2 },
		{ .interval_ns = 1, .burst = 0, .cost = 0 },
		{ .interval_ns = 1ULL << 40, .burst = 1 << 22, .cost = 1 },
		{ .interval_ns = ~0ULL, .burst = ~0ULL, .cost = 1 },
	};
	struct kvs_bucket_args args;
	struct kvs_req req = req_operands(req_verb(KVS_BUCKET, KEY), &args);
	struct kvs_res res;
	size_t i;

	step_clear(&self->door, KEY);
	req.flags |= KVS_F_CREATE;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		args = rows[i];
		args.size = sizeof(args);
		EXPECT_EQ(-EINVAL, door_do(&self->door, req, &res));
	}
	EXPECT_EQ(-ENOENT, step_get(&self->door, KEY, NULL, 0, &res));
}

TEST_HARNESS_MAIN
