// SPDX-License-Identifier: GPL-2.0-only
/* The functions that do one thing each. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>

#include "steps.h"
#include "store_fixture.h"

#define KEY "ops.key"
#define KEY_LEN (sizeof(KEY) - 1)
#define MAX_VALUE (1U << 20)

TEST_F(store, get_what_was_put)
{
	struct kvs_result put, get;
	char buf[16];

	step_delete(self->kvs, KEY);
	poison(&put, sizeof(put));
	ASSERT_EQ(0, step_put(self->kvs, KEY, "value", &put));
	EXPECT_EQ(0, put.status);
	EXPECT_EQ(KVS_RESULT_CREATED, put.flags);
	EXPECT_NE(0, put.version);

	poison(&get, sizeof(get));
	poison(buf, sizeof(buf));
	ASSERT_EQ(0, step_get(self->kvs, KEY, buf, sizeof(buf), &get));
	EXPECT_EQ(0, get.status);
	EXPECT_EQ(0, get.flags);
	EXPECT_EQ(KVS_ENTRY_BLOB, get.kind);
	EXPECT_EQ(5, get.length);
	EXPECT_EQ(put.version, get.version);
	EXPECT_EQ(0, get.number);
	EXPECT_EQ(KVS_TTL_FOREVER, get.ttl);
	EXPECT_EQ(0, memcmp("value", buf, 5));
	EXPECT_TRUE(is_poison(buf + 5, sizeof(buf) - 5));
}

TEST_F(store, results_are_optional)
{
	char buf[8];

	ASSERT_EQ(0, step_put(self->kvs, KEY, "value", NULL));
	ASSERT_EQ(0, step_get(self->kvs, KEY, buf, sizeof(buf), NULL));
	EXPECT_EQ(0, memcmp("value", buf, 5));
	EXPECT_EQ(0, step_delete(self->kvs, KEY));
	EXPECT_EQ(-ENOENT, step_delete(self->kvs, KEY));
	EXPECT_EQ(0, step_add(self->kvs, KEY, 1, KVS_FLAG_CREATE, NULL));
}

TEST_F(store, get_needs_room)
{
	struct kvs_result res;
	char buf[8];

	ASSERT_EQ(0, step_put(self->kvs, KEY, "12345", NULL));
	EXPECT_EQ(-ERANGE, step_get(self->kvs, KEY, buf, 4, &res));
	EXPECT_EQ(-ERANGE, res.status);
	EXPECT_EQ(5, res.length);
	EXPECT_EQ(0, step_get(self->kvs, KEY, buf, 5, &res));
	EXPECT_EQ(0, step_get(self->kvs, KEY, NULL, 0, &res));
	EXPECT_EQ(5, res.length);
	EXPECT_EQ(KVS_ENTRY_BLOB, res.kind);
}

TEST_F(store, keys_and_values_are_bytes)
{
	static const char key[] = "ops\0\xff\n\tkey";
	static const char value[] = "\0\x01\xff\0";
	struct kvs_result res;
	char buf[8];

	ASSERT_EQ(0, kvs_put(self->kvs, key, sizeof(key), value, sizeof(value),
			     0, NULL));
	ASSERT_EQ(0,
		  kvs_get(self->kvs, key, sizeof(key), buf, sizeof(buf), &res));
	EXPECT_EQ(sizeof(value), res.length);
	EXPECT_EQ(0, memcmp(value, buf, sizeof(value)));
	EXPECT_EQ(-ENOENT, step_get(self->kvs, "ops", buf, sizeof(buf), NULL));
	EXPECT_EQ(0, kvs_delete(self->kvs, key, sizeof(key), 0, NULL));
}

TEST_F(store, empty_value)
{
	struct kvs_result res;
	char buf[4];

	ASSERT_EQ(0, kvs_put(self->kvs, KEY, KEY_LEN, NULL, 0, 0, NULL));
	poison(buf, sizeof(buf));
	ASSERT_EQ(0, step_get(self->kvs, KEY, buf, sizeof(buf), &res));
	EXPECT_EQ(0, res.length);
	EXPECT_EQ(KVS_ENTRY_BLOB, res.kind);
	EXPECT_TRUE(is_poison(buf, sizeof(buf)));
}

TEST_F(store, keys_of_any_length)
{
	char key[KVS_KEY_MAX + 1];
	struct kvs_result res;
	uint32_t value;
	size_t len;

	memset(key, 'k', sizeof(key));
	for (len = 1; len <= KVS_KEY_MAX; len++) {
		value = len;
		ASSERT_EQ(0, kvs_put(self->kvs, key, len, &value, sizeof(value),
				     0, &res));
		ASSERT_EQ(KVS_RESULT_CREATED, res.flags);
	}
	for (len = 1; len <= KVS_KEY_MAX; len++) {
		ASSERT_EQ(0, kvs_get(self->kvs, key, len, &value, sizeof(value),
				     NULL));
		ASSERT_EQ(len, value);
		ASSERT_EQ(0, kvs_delete(self->kvs, key, len, 0, NULL));
	}
}

TEST_F(store, lengths_out_of_range)
{
	static const struct {
		size_t key_len;
		int err;
	} cases[] = {
		{ 0, -EINVAL },
		{ KVS_KEY_MAX + 1, -ENAMETOOLONG },
		{ USHRT_MAX, -ENAMETOOLONG },
		/* Would be 0, 1 and 7 if they were cut. */
		{ USHRT_MAX + 1, -ENAMETOOLONG },
		{ USHRT_MAX + 2, -ENAMETOOLONG },
		{ (size_t)UINT_MAX + 8, -ENAMETOOLONG },
		{ SIZE_MAX, -ENAMETOOLONG },
	};
	char key[KVS_KEY_MAX + 1] = "k";
	size_t i, len;
	char buf[8];

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		len = cases[i].key_len;
		EXPECT_EQ(cases[i].err,
			  kvs_put(self->kvs, key, len, "v", 1, 0, NULL));
		EXPECT_EQ(cases[i].err,
			  kvs_get(self->kvs, key, len, buf, 8, NULL));
		EXPECT_EQ(cases[i].err,
			  kvs_delete(self->kvs, key, len, 0, NULL));
		EXPECT_EQ(cases[i].err, kvs_add(self->kvs, key, len, 1,
						KVS_FLAG_CREATE, NULL, NULL));
	}
}

TEST_F(store, values_up_to_the_limit)
{
	static const size_t lens[] = {
		1, 8, 255, 256, 257, 4096, 65536, MAX_VALUE - 1, MAX_VALUE,
	};
	char *value = malloc(MAX_VALUE + 1), *buf = malloc(MAX_VALUE + 1);
	struct kvs_result res;
	size_t i, k;

	ASSERT_NE(NULL, value);
	ASSERT_NE(NULL, buf);
	for (k = 0; k <= MAX_VALUE; k++)
		value[k] = k % 251;
	for (i = 0; i < ARRAY_SIZE(lens); i++) {
		ASSERT_EQ(0, kvs_put(self->kvs, KEY, KEY_LEN, value, lens[i], 0,
				     NULL));
		poison(buf, MAX_VALUE + 1);
		ASSERT_EQ(0, step_get(self->kvs, KEY, buf, lens[i], &res));
		EXPECT_EQ(lens[i], res.length);
		EXPECT_EQ(0, memcmp(value, buf, lens[i]));
		EXPECT_TRUE(is_poison(buf + lens[i], MAX_VALUE + 1 - lens[i]));
	}
	EXPECT_EQ(-EFBIG, kvs_put(self->kvs, KEY, KEY_LEN, value, MAX_VALUE + 1,
				  0, NULL));
	/* Would be 1 if it were cut. */
	EXPECT_EQ(-EFBIG, kvs_put(self->kvs, KEY, KEY_LEN, value,
				  (size_t)UINT_MAX + 2, 0, NULL));
	EXPECT_EQ(0, step_get(self->kvs, KEY, NULL, 0, &res));
	EXPECT_EQ(MAX_VALUE, res.length);
	EXPECT_EQ(0, step_delete(self->kvs, KEY));
	free(value);
	free(buf);
}

TEST_F(store, buffer_larger_than_any_value)
{
	struct kvs_result res;
	char *buf;

	/* Only its size is large: the value alone is written. */
	buf = malloc(64);
	ASSERT_NE(NULL, buf);
	ASSERT_EQ(0, step_put(self->kvs, KEY, "value", NULL));
	EXPECT_EQ(0, step_get(self->kvs, KEY, buf, MAX_VALUE * 64UL, &res));
	EXPECT_EQ(5, res.length);
	EXPECT_EQ(0, step_get(self->kvs, KEY, buf, (size_t)UINT_MAX + 2, &res));
	EXPECT_EQ(5, res.length);
	free(buf);
}

TEST_F(store, put_create_and_replace)
{
	struct kvs_result res;

	step_delete(self->kvs, KEY);
	EXPECT_EQ(-ENOENT, kvs_put(self->kvs, KEY, KEY_LEN, "a", 1,
				   KVS_FLAG_REPLACE, NULL));
	EXPECT_EQ(0, kvs_put(self->kvs, KEY, KEY_LEN, "b", 1, KVS_FLAG_CREATE,
			     &res));
	EXPECT_EQ(KVS_RESULT_CREATED, res.flags);
	EXPECT_EQ(-EEXIST, kvs_put(self->kvs, KEY, KEY_LEN, "c", 1,
				   KVS_FLAG_CREATE, NULL));
	EXPECT_EQ(0, kvs_put(self->kvs, KEY, KEY_LEN, "d", 1, KVS_FLAG_REPLACE,
			     &res));
	EXPECT_EQ(0, res.flags);
	EXPECT_EQ(-EINVAL, kvs_put(self->kvs, KEY, KEY_LEN, "e", 1,
				   KVS_FLAG_CREATE | KVS_FLAG_REPLACE, NULL));
	EXPECT_EQ(-EOPNOTSUPP, kvs_put(self->kvs, KEY, KEY_LEN, "f", 1,
				       KVS_FLAG_SATURATE, NULL));
}

TEST_F(store, put_if_version)
{
	struct kvs_result first, second, stale;
	char buf[4];

	step_delete(self->kvs, KEY);
	EXPECT_EQ(-ENOENT,
		  kvs_put_if(self->kvs, KEY, KEY_LEN, "x", 1, 1, 0, NULL));
	ASSERT_EQ(0, step_put(self->kvs, KEY, "a", &first));
	ASSERT_EQ(0, kvs_put_if(self->kvs, KEY, KEY_LEN, "b", 1, first.version,
				0, &second));
	EXPECT_LT(first.version, second.version);
	EXPECT_EQ(-ESTALE, kvs_put_if(self->kvs, KEY, KEY_LEN, "c", 1,
				      first.version, 0, &stale));
	EXPECT_EQ(second.version, stale.version);
	ASSERT_EQ(0, step_get(self->kvs, KEY, buf, sizeof(buf), NULL));
	EXPECT_EQ('b', buf[0]);
}

TEST_F(store, put_if_version_of_a_counter)
{
	int64_t number = -7;
	struct kvs_result res;

	ASSERT_EQ(0, step_put_counter(self->kvs, KEY, 1, &res));
	ASSERT_EQ(0,
		  kvs_put_if(self->kvs, KEY, KEY_LEN, &number, sizeof(number),
			     res.version, KVS_FLAG_COUNTER, &res));
	EXPECT_EQ(KVS_ENTRY_COUNTER, res.kind);
	EXPECT_EQ(-7, res.number);
}

TEST_F(store, delete_if_version)
{
	struct kvs_result res, gone;

	ASSERT_EQ(0, step_put(self->kvs, KEY, "a", &res));
	EXPECT_EQ(-ESTALE, kvs_delete_if(self->kvs, KEY, KEY_LEN,
					 res.version - 1, &gone));
	EXPECT_EQ(res.version, gone.version);
	EXPECT_EQ(0,
		  kvs_delete_if(self->kvs, KEY, KEY_LEN, res.version, &gone));
	EXPECT_LT(res.version, gone.version);
	EXPECT_EQ(-ENOENT,
		  kvs_delete_if(self->kvs, KEY, KEY_LEN, res.version, NULL));
}

TEST_F(store, delete_takes_no_flag)
{
	ASSERT_EQ(0, step_put(self->kvs, KEY, "a", NULL));
	EXPECT_EQ(-EOPNOTSUPP,
		  kvs_delete(self->kvs, KEY, KEY_LEN, KVS_FLAG_REPLACE, NULL));
	EXPECT_EQ(0, step_delete(self->kvs, KEY));
}

TEST_F(store, stat_of_a_blob)
{
	struct kvs_entry_stat stat;
	struct kvs_result res;

	step_delete(self->kvs, KEY);
	poison(&stat, sizeof(stat));
	EXPECT_EQ(-ENOENT, kvs_stat(self->kvs, KEY, KEY_LEN, &stat));
	ASSERT_EQ(0, step_put(self->kvs, KEY, "value", &res));
	poison(&stat, sizeof(stat));
	ASSERT_EQ(0, kvs_stat(self->kvs, KEY, KEY_LEN, &stat));
	EXPECT_LE(72, stat.size);
	EXPECT_EQ(KVS_ENTRY_BLOB, stat.kind);
	EXPECT_EQ(res.version, stat.version);
	EXPECT_EQ(5, stat.length);
	EXPECT_EQ(0, stat.user_flags);
	EXPECT_EQ(KVS_TTL_FOREVER, stat.ttl);
	EXPECT_LT(0, stat.age);
	EXPECT_LE(5 + KEY_LEN, stat.charged);
	EXPECT_EQ(0, stat.number);
	EXPECT_EQ(0, stat.reserved[0]);
	EXPECT_EQ(0, stat.reserved[ARRAY_SIZE(stat.reserved) - 1]);
}

TEST_F(store, stat_of_a_counter)
{
	struct kvs_entry_stat stat;

	ASSERT_EQ(0, step_put_counter(self->kvs, KEY, INT64_MIN, NULL));
	ASSERT_EQ(0, kvs_stat(self->kvs, KEY, KEY_LEN, &stat));
	EXPECT_EQ(KVS_ENTRY_COUNTER, stat.kind);
	EXPECT_EQ(8, stat.length);
	EXPECT_EQ(INT64_MIN, stat.number);
}

TEST_HARNESS_MAIN
