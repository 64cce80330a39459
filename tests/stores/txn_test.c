// SPDX-License-Identifier: GPL-2.0-only
/* TXN: what it compares, does, refuses and answers, through each door. */
#include <stddef.h>
#include <stdlib.h>

#include "door_fixture.h"
#include "control.h"
#include "steps.h"
#include "txn.h"

#define A "txn.a"
#define B "txn.b"
#define C "txn.c"
#define D "txn.d"

static struct txn txn;

static void begin(struct door *door)
{
	static const char *const keys[] = { A, B, C, D };
	size_t i;

	memset(&txn, 0, sizeof(txn));
	for (i = 0; i < ARRAY_SIZE(keys); i++)
		control_request(door->fd, req_delete(keys[i]));
}

static __s64 number_of(struct door *door, const char *key)
{
	struct kvs_res res;

	return door_do(door, req_get(key, NULL, 0), &res) ? -1 : res.number;
}

static __u64 version_of(struct door *door, const char *key)
{
	struct kvs_res res;

	return door_do(door, req_get(key, NULL, 0), &res) ? 0 : res.version;
}

TEST_F(door, all_with_one_version)
{
	struct door *door = &self->door;
	char value[8] = {};
	__u64 version;
	int i;

	begin(door);
	ASSERT_EQ(0, control_request(door->fd, req_put_str(C, "old")));
	ASSERT_EQ(0, control_request(door->fd, req_put_str(D, "gone")));
	txn_do(&txn, TXN_THEN, req_put_str(A, "a"));
	txn_do(&txn, TXN_THEN, req_add_create(B, 7));
	txn_do(&txn, TXN_THEN, req_get(C, value, sizeof(value)));
	txn_do(&txn, TXN_THEN, req_delete(D));
	ASSERT_EQ(0, txn_run(&txn, door));
	EXPECT_EQ(0U, txn.answer.flags);
	for (i = 0; i < 4; i++)
		EXPECT_EQ(0, txn.res[TXN_THEN][i].status);
	version = txn.answer.version;
	EXPECT_EQ(version, txn.res[TXN_THEN][0].version);
	EXPECT_EQ(version, txn.res[TXN_THEN][1].version);
	EXPECT_GT(version, txn.res[TXN_THEN][2].version);
	EXPECT_EQ(version, txn.res[TXN_THEN][3].version);
	EXPECT_EQ(7, txn.res[TXN_THEN][1].number);
	EXPECT_EQ(KVS_RES_CREATED, txn.res[TXN_THEN][0].flags);
	EXPECT_STREQ("old", value);
	EXPECT_EQ(version, version_of(door, A));
	EXPECT_EQ(version, version_of(door, B));
	EXPECT_EQ(0ULL, version_of(door, D));
}

TEST_F(door, else_names_the_compare)
{
	struct door *door = &self->door;

	begin(door);
	ASSERT_EQ(0, control_request(door->fd, req_add_create(A, 1)));
	txn_if(&txn, A, KVS_COMPARE_NUMBER, KVS_COMPARE_EQ, 1);
	txn_if(&txn, B, KVS_COMPARE_EXISTS, KVS_COMPARE_EQ, 1);
	txn_if(&txn, A, KVS_COMPARE_NUMBER, KVS_COMPARE_EQ, 2);
	txn_do(&txn, TXN_THEN, req_add(A, 10));
	txn_do(&txn, TXN_ELSE, req_add(A, 100));
	ASSERT_EQ(0, txn_run(&txn, door));
	EXPECT_EQ(KVS_RES_ELSE, txn.answer.flags);
	EXPECT_EQ(1, txn.answer.number);
	EXPECT_EQ(-ECANCELED, txn.res[TXN_THEN][0].status);
	EXPECT_EQ(0, txn.res[TXN_ELSE][0].status);
	EXPECT_EQ(101, number_of(door, A));
}

/* Each target and each relation, with what is below, equal and above. */
TEST_F(door, compares)
{
	static const struct {
		__u32 op;
		bool below, equal, above; /* what is there, to the operand */
	} rows[] = {
		{ KVS_COMPARE_EQ, false, true, false },
		{ KVS_COMPARE_NE, true, false, true },
		{ KVS_COMPARE_LT, true, false, false },
		{ KVS_COMPARE_GT, false, false, true },
	};
	static const char *const values[] = { "ka", "k", "j" };
	struct door *door = &self->door;
	__u64 version;
	size_t i;
	int at;

	for (i = 0; i < 4; i++) {
		const bool want[] = { rows[i].below, rows[i].equal,
				      rows[i].above };

		begin(door);
		control_request(door->fd, req_add_create(A, -5));
		control_request(door->fd, req_put_str(B, "k"));
		version = version_of(door, B);
		for (at = 0; at < 3; at++) {
			struct kvs_compare *compare;

			memset(&txn, 0, sizeof(txn));
			compare = txn_if(&txn, A, KVS_COMPARE_NUMBER,
					 rows[i].op, -5 + 1 - at);
			txn_do(&txn, TXN_THEN, req_get(A, NULL, 0));
			ASSERT_EQ(0, txn_run(&txn, door));
			EXPECT_EQ(want[at], !txn.answer.flags);

			*compare = (struct kvs_compare){
				.target = KVS_COMPARE_VERSION,
				.op = rows[i].op,
				.key = addr_of(B),
				.key_len = strlen(B),
				.operand = version + 1 - at,
			};
			ASSERT_EQ(0, txn_run(&txn, door));
			EXPECT_EQ(want[at], !txn.answer.flags);

			compare->target = KVS_COMPARE_VALUE;
			compare->operand = addr_of(values[at]);
			compare->operand_len = strlen(values[at]);
			ASSERT_EQ(0, txn_run(&txn, door));
			EXPECT_EQ(want[at], !txn.answer.flags);
		}
	}
}

/* Those that count answer in a transaction what they answer alone. */
TEST_F(door, counts)
{
	struct kvs_bitop_args bitop = { .size = sizeof(bitop),
					.op = KVS_BITOP_OR,
					.operand = 8,
					.mask = ~0ULL };
	struct kvs_bucket_args bucket = { .size = sizeof(bucket),
					  .interval_ns = 3600000000000ULL,
					  .burst = 1,
					  .cost = 1 };
	struct kvs_res *res = txn.res[TXN_THEN];
	struct door *door = &self->door;
	struct kvs_req take;
	__u64 version;

	begin(door);
	ASSERT_EQ(0, control_request(door->fd, req_add_create(A, 7)));
	ASSERT_EQ(0, control_request(door->fd, req_add_create(B, 7)));
	take = req_operands(req_verb(KVS_BUCKET, C), &bucket);
	txn_do(&txn, TXN_THEN, req_number(KVS_XCHG, A, 3));
	txn_do(&txn, TXN_THEN, req_operands(req_verb(KVS_BITOP, B), &bitop));
	txn_do(&txn, TXN_THEN, req_flags(take, KVS_F_CREATE));
	ASSERT_EQ(0, txn_run(&txn, door));
	EXPECT_EQ(7, res[0].number);
	EXPECT_EQ(7, res[1].applied);
	EXPECT_EQ(15, res[1].number);
	EXPECT_EQ(KVS_RES_CREATED, res[2].flags);
	EXPECT_EQ(3, number_of(door, A));
	EXPECT_EQ(15, number_of(door, B));
	version = version_of(door, C);
	EXPECT_EQ(txn.answer.version, version);
	/* A bucket that is empty refuses, and that is an answer */
	ASSERT_EQ(0, txn_run(&txn, door));
	EXPECT_EQ(KVS_RES_REFUSED, res[2].flags);
	EXPECT_LT(0, res[2].number);
	EXPECT_EQ(version, version_of(door, C));
	EXPECT_EQ(txn.answer.version, version_of(door, A));
}

TEST_F(door, deadlines)
{
	const __u64 hour = 3600000000000ULL;
	struct door *door = &self->door;
	struct kvs_res res;

	begin(door);
	ASSERT_EQ(0, control_request(door->fd, req_put_str(A, "v")));
	ASSERT_EQ(0, control_request(door->fd,
				     req_ttl(req_put_str(B, "v"), hour)));
	txn_do(&txn, TXN_THEN, req_ttl(req_put_str(A, "w"), hour));
	txn_do(&txn, TXN_THEN, req_flags(req_put_str(B, "w"), KVS_F_KEEP_TTL));
	txn_do(&txn, TXN_THEN, req_ttl(req_add_create(C, 1), 1));
	ASSERT_EQ(0, txn_run(&txn, door));
	ASSERT_EQ(0, door_do(door, req_get(A, NULL, 0), &res));
	EXPECT_TRUE(res.ttl > 0 && res.ttl <= hour);
	ASSERT_EQ(0, door_do(door, req_get(B, NULL, 0), &res));
	EXPECT_TRUE(res.ttl > 0 && res.ttl <= hour);
	EXPECT_EQ(-ENOENT, door_do(door, req_get(C, NULL, 0), &res));
	/* What is past its deadline is absent there too */
	memset(&txn, 0, sizeof(txn));
	txn_if(&txn, C, KVS_COMPARE_EXISTS, KVS_COMPARE_EQ, 0);
	txn_do(&txn, TXN_THEN, req_put_str(B, "x"));
	ASSERT_EQ(0, txn_run(&txn, door));
	EXPECT_EQ(0U, txn.answer.flags);
	ASSERT_EQ(0, door_do(door, req_get(B, NULL, 0), &res));
	EXPECT_EQ(KVS_TTL_NEVER, res.ttl);
}

/* What is absent has version 0, and neither number nor value. */
TEST_F(door, compares_of_what_is_absent)
{
	struct door *door = &self->door;
	static const struct {
		__u32 target, op;
		__u64 operand;
		bool holds;
	} rows[] = {
		{ KVS_COMPARE_EXISTS, KVS_COMPARE_EQ, 0, true },
		{ KVS_COMPARE_EXISTS, KVS_COMPARE_NE, 1, true },
		{ KVS_COMPARE_VERSION, KVS_COMPARE_EQ, 0, true },
		{ KVS_COMPARE_VERSION, KVS_COMPARE_LT, 1, true },
		{ KVS_COMPARE_NUMBER, KVS_COMPARE_EQ, 0, false },
		{ KVS_COMPARE_NUMBER, KVS_COMPARE_NE, 0, false },
		{ KVS_COMPARE_VALUE, KVS_COMPARE_EQ, 0, false },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		begin(door);
		txn_if(&txn, C, rows[i].target, rows[i].op, rows[i].operand);
		txn_do(&txn, TXN_THEN, req_get(C, NULL, 0));
		ASSERT_EQ(0, txn_run(&txn, door));
		EXPECT_EQ(rows[i].holds, !txn.answer.flags)
		{
			TH_LOG("row %zu", i);
		}
		if (rows[i].holds)
			EXPECT_EQ(-ENOENT, txn.res[TXN_THEN][0].status);
	}
}

/* A value that ends where its memory does is no number. */
TEST_F(door, compares_of_short_values)
{
	struct door *door = &self->door;

	begin(door);
	ASSERT_EQ(0, control_request(door->fd,
				     req_put_str("txn.sixteen.byte", "")));
	txn_if(&txn, "txn.sixteen.byte", KVS_COMPARE_NUMBER, KVS_COMPARE_NE, 1);
	txn_do(&txn, TXN_THEN, req_get(A, NULL, 0));
	ASSERT_EQ(0, txn_run(&txn, door));
	EXPECT_EQ(KVS_RES_ELSE, txn.answer.flags);
	control_request(door->fd, req_delete("txn.sixteen.byte"));
}

/* One that cannot be made undoes nothing, because nothing was done. */
TEST_F(door, all_or_nothing)
{
	static char large[5000];
	struct door *door = &self->door;
	const __u64 expect = 99;
	struct kvs_value_args args = { .size = sizeof(args),
				       .expect = addr_of("dd"),
				       .expect_len = 2 };
	struct kvs_add_args below = { .size = sizeof(below) };
	struct {
		struct kvs_req req;
		int status;
	} rows[] = {
		{ req_put_str(C, "x"), -EEXIST },
		{ req_if_version(req_put_str(C, "x"), expect), -ESTALE },
		{ req_add(D, 1), -ENOENT },
		{ req_add(C, 1), -EPROTOTYPE },
		{ req_get(C, large, 1), -ERANGE },
		{ req_if_version(req_delete(D), expect), -ENOENT },
		{ req_flags(req_operands(req_put_str(C, "x"), &args),
			    KVS_F_IF_EQ),
		  -ESTALE },
		{ req_flags(req_operands(req_delete(C), &args), KVS_F_IF_EQ),
		  -ESTALE },
		{ req_flags(req_args(req_add_create(D, 1), &below), KVS_F_MAX),
		  -EOVERFLOW },
		{ req_number(KVS_XCHG, C, 1), -EPROTOTYPE },
	};
	size_t i;

	rows[0].req.flags |= KVS_F_CREATE;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		__u64 before;

		begin(door);
		ASSERT_EQ(0, control_request(door->fd, req_put_str(C, "cc")));
		before = control_version(door->fd);
		txn_do(&txn, TXN_THEN, req_put(A, large, sizeof(large)));
		txn_do(&txn, TXN_THEN, req_add_create(B, 1));
		txn_do(&txn, TXN_THEN, rows[i].req);
		EXPECT_EQ(rows[i].status, txn_run(&txn, door))
		{
			TH_LOG("row %zu", i);
		}
		EXPECT_EQ(2, txn.answer.number);
		EXPECT_EQ(rows[i].status, txn.res[TXN_THEN][2].status);
		EXPECT_EQ(-ECANCELED, txn.res[TXN_THEN][0].status);
		EXPECT_EQ(0ULL, version_of(door, A));
		EXPECT_EQ(0ULL, version_of(door, B));
		EXPECT_EQ(before, control_version(door->fd));
	}
}

static int run_with(struct door *door, struct kvs_req req)
{
	memset(&txn, 0, sizeof(txn));
	txn_do(&txn, TXN_THEN, req_put_str(A, "x"));
	txn_do(&txn, TXN_THEN, req);
	return txn_run(&txn, door);
}

TEST_F(door, refused)
{
	struct door *door = &self->door;
	struct kvs_stat stat;
	struct kvs_req req;
	int i;

	begin(door);
	EXPECT_EQ(-EINVAL, run_with(door, req_put_str(A, "y")));
	EXPECT_EQ(-EOPNOTSUPP, run_with(door, req_stat(B, &stat)));
	req = req_touch(B, KVS_TOUCH_PERSIST);
	EXPECT_EQ(-EOPNOTSUPP, run_with(door, req));
	req = req_put_str(B, "y");
	req.flags = KVS_F_APPEND;
	EXPECT_EQ(-EOPNOTSUPP, run_with(door, req));
	EXPECT_EQ(-EOPNOTSUPP, run_with(door, txn_request(&txn)));
	EXPECT_EQ(-EINVAL, run_with(door, req_key(KVS_PUT, "", 0)));

	/* No more than there may be, and not none */
	begin(door);
	EXPECT_EQ(-EINVAL, txn_run(&txn, door));
	for (i = 0; i <= KVS_MAX_TXN_OPS; i++)
		txn_if(&txn, A, KVS_COMPARE_EXISTS, KVS_COMPARE_EQ, 1);
	EXPECT_EQ(-EINVAL, txn_run(&txn, door));
	txn.args.compare_count = KVS_MAX_TXN_OPS;
	EXPECT_EQ(0, txn_run(&txn, door));
	txn_do(&txn, TXN_ELSE, req_put_str(A, "x"));
	EXPECT_EQ(-EINVAL, txn_run(&txn, door));

	begin(door);
	txn_do(&txn, TXN_THEN, req_put_str(A, "x"));
	txn.ops[TXN_THEN][0].result = 0;
	EXPECT_EQ(-EINVAL, door_do(door, txn_request(&txn), &txn.answer));
	EXPECT_EQ(0ULL, version_of(door, A));
}

/* A request and operands that are good, and one thing that is not. */
static int run_malformed(struct door *door, size_t at, bool in_args)
{
	struct kvs_req req;

	begin(door);
	txn_if(&txn, B, KVS_COMPARE_EXISTS, KVS_COMPARE_EQ, 0);
	txn_do(&txn, TXN_THEN, req_put_str(A, "x"));
	req = txn_request(&txn);
	if (in_args)
		((__u8 *)&txn.args)[at] ^= 0x80;
	else
		((__u8 *)&req)[at] ^= 0x80;
	return door_do(door, req, &txn.answer);
}

TEST_F(door, malformed)
{
	static const size_t in_compare[] = {
		offsetof(struct kvs_compare, target),
		offsetof(struct kvs_compare, op),
		offsetof(struct kvs_compare, operand_len),
	};
	struct door *door = &self->door;
	struct kvs_req req;
	size_t at;
	int bit;

	for (at = offsetof(struct kvs_req, value);
	     at < offsetof(struct kvs_req, cond); at++)
		EXPECT_EQ(-EOPNOTSUPP, run_malformed(door, at, false));
	EXPECT_EQ(-EINVAL,
		  run_malformed(door, offsetof(struct kvs_req, key_len),
				false));
	for (at = 4; at < 8; at++)
		EXPECT_EQ(-EOPNOTSUPP, run_malformed(door, at, true));
	at = offsetof(struct kvs_txn_args, reserved);
	EXPECT_EQ(-EOPNOTSUPP, run_malformed(door, at, true));
	for (at = 0; at < ARRAY_SIZE(in_compare); at++) {
		begin(door);
		txn_if(&txn, B, KVS_COMPARE_EXISTS, KVS_COMPARE_EQ, 0);
		txn_do(&txn, TXN_THEN, req_put_str(A, "x"));
		((__u8 *)txn.compares)[in_compare[at]] ^= 0x40;
		EXPECT_EQ(-EOPNOTSUPP, txn_run(&txn, door));
	}
	for (bit = 2; bit < 32; bit++) {
		begin(door);
		txn_do(&txn, TXN_THEN, req_put_str(A, "x"));
		req = txn_request(&txn);
		req.flags |= 1U << bit;
		EXPECT_EQ(-EOPNOTSUPP, door_do(door, req, &txn.answer));
	}
	EXPECT_EQ(0ULL, version_of(door, A));
}

TEST_F(door, pointers)
{
	static const void *const bad[] = { NULL, (void *)8, (void *)-4096 };
	struct door *door = &self->door;
	struct kvs_req req;
	size_t i;
	int which;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		for (which = 0; which < 5; which++) {
			begin(door);
			txn_if(&txn, B, KVS_COMPARE_EXISTS, KVS_COMPARE_EQ, 0);
			txn_do(&txn, TXN_THEN, req_put_str(A, "x"));
			txn_do(&txn, TXN_ELSE, req_put_str(A, "y"));
			req = txn_request(&txn);
			if (which == 0)
				req.cond = addr_of(bad[i]);
			else if (which == 1)
				txn.args.compares = addr_of(bad[i]);
			else if (which == 2)
				txn.args.thens = addr_of(bad[i]);
			else if (which == 3)
				txn.args.elses = addr_of(bad[i]);
			else
				txn.compares[0].key = addr_of(bad[i]);
			EXPECT_EQ(-EFAULT, door_do(door, req, &txn.answer));
		}
	}
	EXPECT_EQ(0ULL, version_of(door, A));
}

/* As many as there may be, with large values among them. */
TEST_F(door, full_size)
{
	static char names[KVS_MAX_TXN_OPS][16];
	static char value[9000];
	struct door *door = &self->door;
	int i, pass;

	for (pass = 0; pass < 3; pass++) {
		begin(door);
		for (i = 0; i < KVS_MAX_TXN_OPS; i++) {
			size_t len = i % 3 ? (size_t)i : sizeof(value);

			snprintf(names[i], sizeof(names[i]), "txn.%d", i);
			txn_do(&txn, TXN_THEN,
			       pass == 2 ? req_delete(names[i]) :
					   req_put(names[i], value, len));
		}
		ASSERT_EQ(0, txn_run(&txn, door));
		for (i = 0; i < KVS_MAX_TXN_OPS; i++)
			EXPECT_EQ(pass == 2 ? 0 : txn.answer.version,
				  version_of(door, names[i]));
	}
}

TEST_HARNESS_MAIN
