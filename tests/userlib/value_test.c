// SPDX-License-Identifier: GPL-2.0-only
/* Conditions beyond the version, old values, parts of values, appending. */
#include <errno.h>
#include <limits.h>

#include "steps.h"
#include "store_fixture.h"

#define KEY "value.key"
#define KEY_LEN (sizeof(KEY) - 1)

static void check_value(struct __test_metadata *_metadata, struct kvs *kvs,
			const char *value)
{
	struct kvs_result res;
	char buf[64];

	ASSERT_EQ(0, step_get(kvs, KEY, buf, sizeof(buf), &res));
	EXPECT_EQ(strlen(value), res.length);
	EXPECT_EQ(0, memcmp(value, buf, strlen(value)));
}

TEST_F(store, take)
{
	struct kvs_result put, res;
	char buf[8];

	ASSERT_EQ(0, step_put(self->kvs, KEY, "value", &put));
	EXPECT_EQ(-ERANGE, kvs_take(self->kvs, KEY, KEY_LEN, buf, 4, &res));
	EXPECT_EQ(5, res.length);
	EXPECT_EQ(-ERANGE, kvs_take(self->kvs, KEY, KEY_LEN, NULL, 0, NULL));
	EXPECT_EQ(-EFAULT,
		  kvs_take(self->kvs, KEY, KEY_LEN, (void *)8, 8, NULL));
	ASSERT_EQ(0, kvs_take(self->kvs, KEY, KEY_LEN, buf, sizeof(buf), &res));
	EXPECT_EQ(5, res.length);
	EXPECT_EQ(KVS_ENTRY_BLOB, res.kind);
	EXPECT_LT(put.version, res.version);
	EXPECT_EQ(0, memcmp("value", buf, 5));
	EXPECT_EQ(-ENOENT,
		  kvs_take(self->kvs, KEY, KEY_LEN, buf, sizeof(buf), NULL));
}

TEST_F(store, put_get)
{
	struct kvs_result res;
	char buf[8];

	step_delete(self->kvs, KEY);
	ASSERT_EQ(0, kvs_put_get(self->kvs, KEY, KEY_LEN, "first", 5, buf,
				 sizeof(buf), 0, &res));
	EXPECT_EQ(KVS_RESULT_CREATED, res.flags);
	EXPECT_EQ(KVS_ENTRY_NONE, res.kind);
	ASSERT_EQ(0, kvs_put_get(self->kvs, KEY, KEY_LEN, "2nd", 3, buf,
				 sizeof(buf), KVS_FLAG_REPLACE, &res));
	EXPECT_EQ(KVS_ENTRY_BLOB, res.kind);
	EXPECT_EQ(5, res.length);
	EXPECT_EQ(0, memcmp("first", buf, 5));
	EXPECT_EQ(-ERANGE, kvs_put_get(self->kvs, KEY, KEY_LEN, "third", 5, buf,
				       2, 0, &res));
	EXPECT_EQ(3, res.length);
	check_value(_metadata, self->kvs, "2nd");
}

TEST_F(store, if_equal)
{
	struct kvs_result put, res;
	struct kvs *kvs = self->kvs;

	step_delete(kvs, KEY);
	EXPECT_EQ(-ENOENT,
		  kvs_put_if_equal(kvs, KEY, KEY_LEN, "b", 1, "a", 1, 0, NULL));
	ASSERT_EQ(0, step_put(kvs, KEY, "a", &put));
	EXPECT_EQ(-ESTALE, kvs_put_if_equal(kvs, KEY, KEY_LEN, "b", 1, "aa", 2,
					    0, &res));
	EXPECT_EQ(put.version, res.version);
	EXPECT_EQ(-ESTALE, kvs_put_if_equal(kvs, KEY, KEY_LEN, "b", 1, NULL, 0,
					    0, NULL));
	ASSERT_EQ(0,
		  kvs_put_if_equal(kvs, KEY, KEY_LEN, "b", 1, "a", 1, 0, &res));
	EXPECT_LT(put.version, res.version);
	EXPECT_EQ(-ESTALE,
		  kvs_delete_if_equal(kvs, KEY, KEY_LEN, "a", 1, &put));
	EXPECT_EQ(res.version, put.version);
	check_value(_metadata, kvs, "b");
	EXPECT_EQ(0, kvs_delete_if_equal(kvs, KEY, KEY_LEN, "b", 1, NULL));
	EXPECT_EQ(-ENOENT,
		  kvs_delete_if_equal(kvs, KEY, KEY_LEN, "b", 1, NULL));
}

TEST_F(store, too_much_to_compare)
{
	char bytes[KVS_EXPECT_MAX + 1] = "";

	ASSERT_EQ(0, kvs_put(self->kvs, KEY, KEY_LEN, bytes, KVS_EXPECT_MAX, 0,
			     NULL));
	EXPECT_EQ(-EINVAL, kvs_delete_if_equal(self->kvs, KEY, KEY_LEN, bytes,
					       sizeof(bytes), NULL));
	/* Would be 64 if it were cut. */
	EXPECT_EQ(-EINVAL,
		  kvs_delete_if_equal(self->kvs, KEY, KEY_LEN, bytes,
				      (size_t)UINT_MAX + 1 + KVS_EXPECT_MAX,
				      NULL));
	EXPECT_EQ(0, kvs_delete_if_equal(self->kvs, KEY, KEY_LEN, bytes,
					 KVS_EXPECT_MAX, NULL));
}

TEST_F(store, put_if_newer)
{
	struct kvs_result res;
	struct kvs *kvs = self->kvs;

	step_delete(kvs, KEY);
	EXPECT_EQ(-ENOENT, kvs_put_if_newer(kvs, KEY, KEY_LEN, "7", 1, 7,
					    KVS_FLAG_REPLACE, NULL));
	ASSERT_EQ(0, kvs_put_if_newer(kvs, KEY, KEY_LEN, "7", 1, 7, 0, &res));
	EXPECT_EQ(7, res.app_version);
	EXPECT_EQ(-ESTALE,
		  kvs_put_if_newer(kvs, KEY, KEY_LEN, "7", 1, 7, 0, &res));
	EXPECT_EQ(7, res.app_version);
	ASSERT_EQ(0, kvs_put_if_newer(kvs, KEY, KEY_LEN, "8", 1, UINT64_MAX,
				      KVS_FLAG_REPLACE, &res));
	EXPECT_EQ(UINT64_MAX, res.app_version);
	ASSERT_EQ(0, step_put(kvs, KEY, "plain", &res));
	EXPECT_EQ(0, res.app_version);
	EXPECT_EQ(0, kvs_put_if_newer(kvs, KEY, KEY_LEN, "1", 1, 1, 0, NULL));
}

TEST_F(store, get_if_changed)
{
	struct kvs_result put, res;
	char buf[8];

	ASSERT_EQ(0, step_put(self->kvs, KEY, "value", &put));
	poison(buf, sizeof(buf));
	ASSERT_EQ(0, kvs_get_if_changed(self->kvs, KEY, KEY_LEN, put.version,
					buf, sizeof(buf), &res));
	EXPECT_EQ(KVS_RESULT_UNCHANGED, res.flags);
	EXPECT_EQ(5, res.length);
	EXPECT_TRUE(is_poison(buf, sizeof(buf)));
	ASSERT_EQ(0, kvs_get_if_changed(self->kvs, KEY, KEY_LEN, 0, buf,
					sizeof(buf), &res));
	EXPECT_EQ(0, res.flags);
	EXPECT_EQ(put.version, res.version);
	EXPECT_EQ(0, memcmp("value", buf, 5));
}

TEST_F(store, get_range)
{
	static const struct {
		size_t offset;
		const char *part;
	} rows[] = {
		{ 0, "0123" },
		{ 3, "3456" },
		{ 8, "89" },
		{ 10, "" },
		{ 11, "" },
		/* Would be 1 if it were cut. */
		{ (size_t)UINT_MAX + 2, "" },
	};
	struct kvs_result res;
	size_t i, len;
	char buf[4];

	ASSERT_EQ(0, step_put(self->kvs, KEY, "0123456789", NULL));
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		len = strlen(rows[i].part);
		poison(buf, sizeof(buf));
		ASSERT_EQ(0,
			  kvs_get_range(self->kvs, KEY, KEY_LEN, rows[i].offset,
					buf, sizeof(buf), &res));
		EXPECT_EQ(10, res.length);
		EXPECT_EQ(0, memcmp(rows[i].part, buf, len));
		EXPECT_TRUE(is_poison(buf + len, sizeof(buf) - len));
	}
}

TEST_F(store, append)
{
	struct kvs_result res;

	step_delete(self->kvs, KEY);
	EXPECT_EQ(-ENOENT,
		  kvs_append(self->kvs, KEY, KEY_LEN, "one", 3, 0, NULL));
	ASSERT_EQ(0, kvs_append(self->kvs, KEY, KEY_LEN, "one", 3,
				KVS_FLAG_CREATE, &res));
	EXPECT_EQ(KVS_RESULT_CREATED, res.flags);
	ASSERT_EQ(0, kvs_append(self->kvs, KEY, KEY_LEN, "two", 3,
				KVS_FLAG_CREATE, &res));
	EXPECT_EQ(0, res.flags);
	EXPECT_EQ(6, res.length);
	check_value(_metadata, self->kvs, "onetwo");
	ASSERT_EQ(0, step_put_counter(self->kvs, KEY, 1, NULL));
	EXPECT_EQ(-EPROTOTYPE,
		  kvs_append(self->kvs, KEY, KEY_LEN, "one", 3, 0, NULL));
}

/* A condition on the version, one on the value, and the old value answered. */
static void build_all(struct kvs_request *request, uint64_t version,
		      const char *expected, char *buf,
		      struct kvs_operands *operands, int order)
{
	if (order == 0)
		kvs_request_set_version(request, version);
	kvs_request_set_expected(request, expected, strlen(expected), operands);
	if (order == 1)
		kvs_request_set_version(request, version);
	kvs_request_set_old(request, buf, 8, operands);
	if (order == 2)
		kvs_request_set_version(request, version);
}

TEST_F(store, setters_in_any_order)
{
	struct kvs_operands operands;
	struct kvs_request request;
	struct kvs_result put, res;
	char buf[8];
	int order;

	for (order = 0; order < 3; order++) {
		ASSERT_EQ(0, step_put(self->kvs, KEY, "a", &put));
		poison(&operands, sizeof(operands));
		kvs_request_put(&request, KEY, KEY_LEN, "b", 1, 0, &res);
		build_all(&request, put.version - 1, "a", buf, &operands,
			  order);
		EXPECT_EQ(-ESTALE, kvs_do(self->kvs, &request));
		EXPECT_EQ(put.version, res.version);
		kvs_request_set_version(&request, put.version);
		kvs_request_set_expected(&request, "x", 1, &operands);
		EXPECT_EQ(-ESTALE, kvs_do(self->kvs, &request));
		kvs_request_set_expected(&request, "a", 1, &operands);
		ASSERT_EQ(0, kvs_do(self->kvs, &request));
		EXPECT_EQ(1, res.length);
		EXPECT_EQ('a', buf[0]);
		check_value(_metadata, self->kvs, "b");
	}
}

/* Operands that are moved take with them what was noted. */
TEST_F(store, other_operands)
{
	struct kvs_operands first, second;
	struct kvs_request request;
	struct kvs_result res;
	char buf[8];

	ASSERT_EQ(0, step_put(self->kvs, KEY, "a", &res));
	kvs_request_take(&request, KEY, KEY_LEN, buf, sizeof(buf), 0, &first,
			 &res);
	kvs_request_set_expected(&request, "b", 1, &second);
	poison(&first, sizeof(first));
	EXPECT_EQ(-ESTALE, kvs_do(self->kvs, &request));
	kvs_request_set_expected(&request, "a", 1, &second);
	ASSERT_EQ(0, kvs_do(self->kvs, &request));
	EXPECT_EQ('a', buf[0]);
}

TEST_F(store, newer_with_the_old_value)
{
	struct kvs_operands operands;
	struct kvs_request request;
	struct kvs_result res;
	char buf[8];

	ASSERT_EQ(0, step_put(self->kvs, KEY, "a", NULL));
	kvs_request_put(&request, KEY, KEY_LEN, "b", 1, 0, &res);
	kvs_request_set_old(&request, buf, sizeof(buf), &operands);
	kvs_request_set_app_version(&request, 5);
	ASSERT_EQ(0, kvs_do(self->kvs, &request));
	EXPECT_EQ('a', buf[0]);
	EXPECT_EQ(-ESTALE, kvs_do(self->kvs, &request));
	check_value(_metadata, self->kvs, "b");
}

/* A get in pieces is of one version, or says that it is not. */
TEST_F(store, pieces_of_one_version)
{
	struct kvs_request request;
	struct kvs_result res;
	char buf[4];

	ASSERT_EQ(0, step_put(self->kvs, KEY, "12345678", &res));
	kvs_request_get(&request, KEY, KEY_LEN, buf, sizeof(buf),
			KVS_FLAG_NO_TOUCH, &res);
	kvs_request_set_offset(&request, 4);
	kvs_request_set_version(&request, res.version);
	ASSERT_EQ(0, kvs_do(self->kvs, &request));
	EXPECT_EQ(0, memcmp("5678", buf, 4));
	ASSERT_EQ(0, step_put(self->kvs, KEY, "abcdefgh", NULL));
	EXPECT_EQ(-ESTALE, kvs_do(self->kvs, &request));
}

/* Setters that a verb knows nothing of are answered, not followed. */
TEST_F(store, setters_of_other_requests)
{
	struct kvs_limits limits = { .max = 1 };
	struct kvs_operands operands;
	struct kvs_request request;

	kvs_request_add(&request, KEY, KEY_LEN, 1, KVS_FLAG_MAX, NULL);
	kvs_request_set_limits(&request, &limits);
	kvs_request_set_expected(&request, "a", 1, &operands);
	EXPECT_EQ(-EOPNOTSUPP, kvs_do(self->kvs, &request));
	kvs_request_delete(&request, KEY, KEY_LEN, 0, NULL);
	kvs_request_set_ttl(&request, 1);
	EXPECT_EQ(-EOPNOTSUPP, kvs_do(self->kvs, &request));
	kvs_request_put(&request, KEY, KEY_LEN, "a", 1, 0, NULL);
	kvs_request_set_known_version(&request, 1);
	EXPECT_EQ(-EOPNOTSUPP, kvs_do(self->kvs, &request));
}

TEST_HARNESS_MAIN
