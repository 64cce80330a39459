// SPDX-License-Identifier: GPL-2.0-only
/* Transactions, in each carrier. */
#include <errno.h>

#include "carrier_fixture.h"

#define LONG_KEY "txn.key.longer-than-what-fits-into-a-request"
#define LONG_KEY_LEN (sizeof(LONG_KEY) - 1)

static int txn(FIXTURE_DATA(carrier) * self, struct kvs_transaction *txn)
{
	kvs_request_txn(&self->request, txn, &self->res);
	return run(self);
}

static bool is_there(FIXTURE_DATA(carrier) * self, const char *key)
{
	return !step_get(self->carrier.kvs, key, NULL, 0, NULL);
}

TEST_F(carrier, then_or_else)
{
	struct kvs_result then_res, else_res;
	struct kvs_condition condition;
	struct kvs_request then, otherwise;
	struct kvs_transaction args = {
		.conditions = &condition,
		.condition_count = 1,
		.thens = &then,
		.then_count = 1,
		.elses = &otherwise,
		.else_count = 1,
	};

	kvs_condition_exists(&condition, "lock", 4, 0);
	kvs_request_put(&then, "lock", 4, "me", 2, 0, &then_res);
	kvs_request_add(&otherwise, "tries", 5, 1, KVS_FLAG_CREATE, &else_res);
	ASSERT_EQ(0, txn(self, &args));
	EXPECT_EQ(0, self->res.flags);
	EXPECT_EQ(0, then_res.status);
	EXPECT_EQ(KVS_RESULT_CREATED, then_res.flags);
	EXPECT_EQ(self->res.version, then_res.version);
	EXPECT_EQ(-ECANCELED, else_res.status);

	ASSERT_EQ(0, run(self));
	EXPECT_EQ(KVS_RESULT_ELSE, self->res.flags);
	EXPECT_EQ(0, self->res.number);
	EXPECT_EQ(-ECANCELED, then_res.status);
	EXPECT_EQ(0, else_res.status);
	EXPECT_EQ(1, else_res.number);
	EXPECT_EQ(self->res.version, else_res.version);
}

TEST_F(carrier, one_version)
{
	struct kvs_request thens[4];
	struct kvs_result results[4], gone;
	struct kvs_transaction args = { .thens = thens, .then_count = 4 };
	size_t i;

	ASSERT_EQ(0, step_put(self->carrier.kvs, "old", "value", &gone));
	kvs_request_put(&thens[0], "a", 1, "1", 1, 0, &results[0]);
	kvs_request_add(&thens[1], "n", 1, 5, KVS_FLAG_CREATE, &results[1]);
	kvs_request_delete(&thens[2], "old", 3, 0, &results[2]);
	kvs_request_put(&thens[3], LONG_KEY, LONG_KEY_LEN, "2", 1, 0,
			&results[3]);
	ASSERT_EQ(0, txn(self, &args));
	EXPECT_LT(gone.version, self->res.version);
	for (i = 0; i < 4; i++) {
		EXPECT_EQ(0, results[i].status);
		EXPECT_EQ(self->res.version, results[i].version);
	}
	EXPECT_FALSE(is_there(self, "old"));
	EXPECT_TRUE(is_there(self, LONG_KEY));
}

TEST_F(carrier, reads_are_of_one_instant)
{
	struct kvs_request thens[3];
	struct kvs_result results[3];
	struct kvs_transaction args = { .thens = thens, .then_count = 3 };
	char buf[8];

	ASSERT_EQ(0, step_put(self->carrier.kvs, "a", "value", NULL));
	ASSERT_EQ(0, step_put_counter(self->carrier.kvs, "n", -7, NULL));
	kvs_request_get(&thens[0], "a", 1, buf, sizeof(buf), 0, &results[0]);
	kvs_request_get(&thens[1], "n", 1, NULL, 0, 0, &results[1]);
	kvs_request_get(&thens[2], "none", 4, NULL, 0, 0, &results[2]);
	ASSERT_EQ(0, txn(self, &args));
	EXPECT_EQ(5, results[0].length);
	EXPECT_EQ(0, memcmp("value", buf, 5));
	EXPECT_EQ(-7, results[1].number);
	EXPECT_EQ(-ENOENT, results[2].status);
	EXPECT_LT(results[0].version, results[1].version);
	EXPECT_EQ(results[1].version, self->res.version);
}

TEST_F(carrier, what_is_absent_is_no_failure)
{
	struct kvs_request thens[3];
	struct kvs_result results[3];
	struct kvs_transaction args = { .thens = thens, .then_count = 3 };

	kvs_request_delete(&thens[0], "none", 4, 0, &results[0]);
	kvs_request_get(&thens[1], "none2", 5, NULL, 0, 0, &results[1]);
	kvs_request_put(&thens[2], "new", 3, "1", 1, 0, &results[2]);
	ASSERT_EQ(0, txn(self, &args));
	EXPECT_EQ(-ENOENT, results[0].status);
	EXPECT_EQ(-ENOENT, results[1].status);
	EXPECT_EQ(0, results[2].status);
	EXPECT_TRUE(is_there(self, "new"));

	/* With a condition it is one. */
	kvs_request_set_version(&thens[0], 1);
	kvs_request_put(&thens[2], "new2", 4, "1", 1, 0, &results[2]);
	EXPECT_EQ(-ENOENT, txn(self, &args));
	EXPECT_EQ(0, self->res.number);
	EXPECT_FALSE(is_there(self, "new2"));
}

TEST_F(carrier, one_that_fails_undoes_all)
{
	struct kvs_request thens[3];
	struct kvs_result results[3], res;
	struct kvs_transaction args = { .thens = thens, .then_count = 3 };
	struct kvs_store_info before, after;
	char buf[8];

	ASSERT_EQ(0, step_put(self->carrier.kvs, "a", "before", NULL));
	ASSERT_EQ(0, kvs_info(self->carrier.kvs, &before));
	kvs_request_put(&thens[0], "a", 1, "after", 5, 0, &results[0]);
	kvs_request_put(&thens[1], "new", 3, "1", 1, 0, &results[1]);
	kvs_request_add(&thens[2], "none", 4, 1, 0, &results[2]);
	EXPECT_EQ(-ENOENT, txn(self, &args));
	EXPECT_EQ(2, self->res.number);
	EXPECT_EQ(-ECANCELED, results[0].status);
	EXPECT_EQ(-ENOENT, results[2].status);

	kvs_request_put(&thens[2], "a2", 2, "1", 1, KVS_FLAG_REPLACE,
			&results[2]);
	EXPECT_EQ(-ENOENT, txn(self, &args));
	kvs_request_put(&thens[1], "a", 1, "1", 1, KVS_FLAG_CREATE,
			&results[1]);
	args.thens = &thens[1];
	args.then_count = 1;
	EXPECT_EQ(-EEXIST, txn(self, &args));
	EXPECT_EQ(0, self->res.number);

	ASSERT_EQ(0, step_get(self->carrier.kvs, "a", buf, sizeof(buf), &res));
	EXPECT_EQ(6, res.length);
	EXPECT_FALSE(is_there(self, "new"));
	ASSERT_EQ(0, kvs_info(self->carrier.kvs, &after));
	EXPECT_LE(before.version, after.version);
}

/* Conditions on "n", a counter of -3, and "v", which is "abc" */
static void build_condition(struct kvs_condition *condition, const char *what,
			    unsigned int comparison, const char *operand)
{
	size_t len = strlen(operand);

	switch (*what) {
	case 'n':
		kvs_condition_number(condition, "n", 1, comparison,
				     strtoll(operand, NULL, 0));
		break;
	case 'v':
		kvs_condition_value(condition, "v", 1, comparison, operand,
				    len);
		break;
	case 'm':
		kvs_condition_value(condition, "missing", 7, comparison,
				    operand, len);
		break;
	}
}

TEST_F(carrier, comparisons)
{
	static const struct {
		const char *what;
		unsigned int comparison;
		const char *operand;
		bool holds;
	} rows[] = {
		{ "number", KVS_IF_EQUAL, "-3", true },
		{ "number", KVS_IF_EQUAL, "3", false },
		{ "number", KVS_IF_UNEQUAL, "3", true },
		{ "number", KVS_IF_UNEQUAL, "-3", false },
		{ "number", KVS_IF_LESS, "0", true },
		{ "number", KVS_IF_LESS, "-3", false },
		{ "number", KVS_IF_GREATER, "-4", true },
		{ "number", KVS_IF_GREATER, "-3", false },
		{ "value", KVS_IF_EQUAL, "abc", true },
		{ "value", KVS_IF_EQUAL, "abcd", false },
		{ "value", KVS_IF_UNEQUAL, "ab", true },
		{ "value", KVS_IF_UNEQUAL, "abc", false },
		{ "value", KVS_IF_LESS, "abcd", true },
		{ "value", KVS_IF_LESS, "b", true },
		{ "value", KVS_IF_LESS, "abc", false },
		{ "value", KVS_IF_LESS, "ab", false },
		{ "value", KVS_IF_GREATER, "ab", true },
		{ "value", KVS_IF_GREATER, "", true },
		{ "value", KVS_IF_GREATER, "abd", false },
		{ "missing", KVS_IF_EQUAL, "", false },
		{ "missing", KVS_IF_UNEQUAL, "x", false },
		{ "missing", KVS_IF_LESS, "x", false },
	};
	struct kvs_condition condition;
	struct kvs_transaction args = {
		.conditions = &condition,
		.condition_count = 1,
	};
	size_t i;

	ASSERT_EQ(0, step_put(self->carrier.kvs, "v", "abc", NULL));
	ASSERT_EQ(0, step_put_counter(self->carrier.kvs, "n", -3, NULL));
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		build_condition(&condition, rows[i].what, rows[i].comparison,
				rows[i].operand);
		EXPECT_EQ(0, txn(self, &args));
		EXPECT_EQ(rows[i].holds, !(self->res.flags & KVS_RESULT_ELSE))
		{
			TH_LOG("row %zu", i);
		}
	}
}

TEST_F(carrier, versions_and_existence)
{
	struct kvs_condition conditions[5];
	struct kvs_transaction args = { .conditions = conditions };
	struct kvs_result res;

	ASSERT_EQ(0, step_put(self->carrier.kvs, "v", "abc", &res));
	kvs_condition_exists(&conditions[0], "v", 1, 1);
	kvs_condition_exists(&conditions[1], "none", 4, 0);
	kvs_condition_version(&conditions[2], "v", 1, KVS_IF_EQUAL,
			      res.version);
	kvs_condition_version(&conditions[3], "v", 1, KVS_IF_GREATER,
			      res.version - 1);
	kvs_condition_version(&conditions[4], "v", 1, KVS_IF_LESS,
			      res.version + 1);
	args.condition_count = 5;
	ASSERT_EQ(0, txn(self, &args));
	EXPECT_EQ(0, self->res.flags);

	/* The first that does not hold is named. */
	kvs_condition_version(&conditions[3], "v", 1, KVS_IF_UNEQUAL,
			      res.version);
	kvs_condition_exists(&conditions[4], "none", 4, 1);
	ASSERT_EQ(0, txn(self, &args));
	EXPECT_EQ(KVS_RESULT_ELSE, self->res.flags);
	EXPECT_EQ(3, self->res.number);
	/* An absent key has version 0. */
	kvs_condition_version(&conditions[0], "none", 4, KVS_IF_EQUAL, 0);
	args.condition_count = 1;
	ASSERT_EQ(0, txn(self, &args));
	EXPECT_EQ(0, self->res.flags);
}

TEST_F(carrier, as_many_as_go)
{
	struct kvs_request thens[KVS_TXN_MAX + 1];
	struct kvs_result results[KVS_TXN_MAX + 1];
	struct kvs_condition condition;
	struct kvs_transaction args = { .thens = thens };
	char keys[KVS_TXN_MAX + 1][8];
	size_t i, len;

	for (i = 0; i <= KVS_TXN_MAX; i++) {
		len = snprintf(keys[i], sizeof(keys[i]), "many.%zu", i);
		kvs_request_put(&thens[i], keys[i], len, "v", 1, 0,
				&results[i]);
	}
	EXPECT_EQ(-EINVAL, txn(self, &args));
	args.then_count = KVS_TXN_MAX + 1;
	EXPECT_EQ(-EINVAL, txn(self, &args));
	args.then_count = (size_t)UINT32_MAX + 2;
	EXPECT_EQ(-EINVAL, txn(self, &args));
	EXPECT_FALSE(is_there(self, keys[0]));

	args.then_count = KVS_TXN_MAX;
	kvs_condition_exists(&condition, keys[0], strlen(keys[0]), 0);
	args.conditions = &condition;
	args.condition_count = 1;
	EXPECT_EQ(-EINVAL, txn(self, &args));
	args.condition_count = 0;
	EXPECT_EQ(0, txn(self, &args));
	for (i = 0; i < KVS_TXN_MAX; i++)
		EXPECT_TRUE(is_there(self, keys[i]));
}

TEST_F(carrier, what_no_transaction_is)
{
	struct kvs_request thens[2], inner;
	struct kvs_result results[2], inner_result;
	struct kvs_condition condition;
	struct kvs_transaction args = { .thens = thens, .then_count = 2 };
	struct kvs_transaction inner_args = { .thens = &inner,
					      .then_count = 1 };
	char value[KVS_EXPECT_MAX + 1] = "";

	kvs_request_put(&thens[0], "a", 1, "1", 1, 0, &results[0]);
	kvs_request_put(&thens[1], "a", 1, "2", 1, 0, &results[1]);
	EXPECT_EQ(-EINVAL, txn(self, &args));
	kvs_request_put(&thens[1], "b", 1, "2", 1, 0, NULL);
	EXPECT_EQ(-EINVAL, txn(self, &args));
	kvs_request_put(&inner, "c", 1, "3", 1, 0, &inner_result);
	kvs_request_txn(&thens[1], &inner_args, &results[1]);
	EXPECT_EQ(-EOPNOTSUPP, txn(self, &args));
	kvs_request_put(&thens[1], "b", 1, "2", 1, KVS_FLAG_APPEND,
			&results[1]);
	EXPECT_EQ(-EOPNOTSUPP, txn(self, &args));
	EXPECT_EQ(-EINPROGRESS, results[1].status);
	EXPECT_FALSE(is_there(self, "a"));
	EXPECT_FALSE(is_there(self, "c"));

	args.then_count = 1;
	args.conditions = &condition;
	args.condition_count = 1;
	kvs_condition_value(&condition, "v", 1, KVS_IF_EQUAL, value,
			    sizeof(value));
	EXPECT_EQ(-EINVAL, txn(self, &args));
	kvs_condition_version(&condition, "v", 1, 0, 1);
	EXPECT_EQ(-EOPNOTSUPP, txn(self, &args));
	kvs_condition_version(&condition, "v", 1, KVS_IF_GREATER + 1, 1);
	EXPECT_EQ(-EOPNOTSUPP, txn(self, &args));
	kvs_condition_exists(&condition, "", 0, 0);
	EXPECT_EQ(-EINVAL, txn(self, &args));
	kvs_condition_exists(&condition, NULL, 1, 0);
	EXPECT_EQ(-EFAULT, txn(self, &args));
	EXPECT_FALSE(is_there(self, "a"));
}

TEST_F(carrier, in_one_step)
{
	struct kvs_condition condition;
	struct kvs_request then;
	struct kvs_result results, res;
	const struct kvs_transaction args = {
		.conditions = &condition,
		.condition_count = 1,
		.thens = &then,
		.then_count = 1,
	};
	const struct kvs_transaction before = args;

	kvs_condition_exists(&condition, "a", 1, 0);
	kvs_request_put(&then, "a", 1, "1", 1, 0, &results);
	ASSERT_EQ(0, kvs_txn(self->carrier.kvs, &args, &res));
	EXPECT_EQ(0, res.flags);
	EXPECT_EQ(res.version, results.version);
	ASSERT_EQ(0, kvs_txn(self->carrier.kvs, &args, &res));
	EXPECT_EQ(KVS_RESULT_ELSE, res.flags);
	EXPECT_EQ(0, memcmp(&before, &args, sizeof(args)));
	EXPECT_EQ(0, kvs_txn(self->carrier.kvs, &args, NULL));
}

TEST_F(carrier, among_others_in_a_batch)
{
	struct kvs_request requests[3], then;
	struct kvs_result results[3], then_result;
	struct kvs_transaction args = { .thens = &then, .then_count = 1 };
	char buf[8];

	kvs_request_put(&requests[0], "a", 1, "1", 1, 0, &results[0]);
	kvs_request_add(&then, "a", 1, 1, 0, &then_result);
	kvs_request_txn(&requests[1], &args, &results[1]);
	kvs_request_get(&requests[2], "a", 1, buf, sizeof(buf), 0, &results[2]);
	ASSERT_EQ(0, kvs_batch(self->carrier.kvs, requests, 3));
	EXPECT_EQ(0, results[0].status);
	EXPECT_EQ(-EPROTOTYPE, results[1].status);
	EXPECT_EQ(-EPROTOTYPE, then_result.status);
	EXPECT_EQ(0, results[2].status);
}

TEST_F(carrier, rights_of_each_request)
{
	struct kvs_condition condition;
	struct kvs_request then;
	struct kvs_result result, res;
	struct kvs_transaction args = { .thens = &then, .then_count = 1 };
	struct kvs *reader, *writer;
	char buf[8];

	ASSERT_EQ(0, step_put(self->carrier.kvs, "a", "1", NULL));
	ASSERT_EQ(0, kvs_restrict(self->carrier.kvs, KVS_MAY_READ, &reader));
	ASSERT_EQ(0, kvs_restrict(self->carrier.kvs, KVS_MAY_WRITE, &writer));
	kvs_request_put(&then, "a", 1, "2", 1, 0, &result);
	EXPECT_EQ(-EACCES, kvs_txn(reader, &args, &res));
	EXPECT_EQ(0, kvs_txn(writer, &args, &res));
	kvs_request_get(&then, "a", 1, buf, sizeof(buf), 0, &result);
	EXPECT_EQ(0, kvs_txn(reader, &args, &res));
	EXPECT_EQ(-EACCES, kvs_txn(writer, &args, &res));

	kvs_request_put(&then, "a", 1, "2", 1, 0, &result);
	kvs_condition_value(&condition, "a", 1, KVS_IF_EQUAL, "2", 1);
	args.conditions = &condition;
	args.condition_count = 1;
	EXPECT_EQ(-EACCES, kvs_txn(writer, &args, &res));
	kvs_close(reader);
	kvs_close(writer);
}

TEST_HARNESS_MAIN
