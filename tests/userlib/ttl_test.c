// SPDX-License-Identifier: GPL-2.0-only
/* Deadlines: of what is written, touched, read and counted. */
#include <errno.h>
#include <unistd.h>

#include "steps.h"
#include "store_fixture.h"

#define KEY "ttl.key"
#define KEY_LEN (sizeof(KEY) - 1)
#define HOUR UINT64_C(3600000000000)
#define MINUTE (HOUR / 60)

/* Hours until the deadline, rounded up; 0 where there is none. */
static uint64_t hours(struct kvs *kvs)
{
	struct kvs_entry_stat stat;

	if (kvs_stat(kvs, KEY, KEY_LEN, &stat))
		return UINT64_MAX;
	if (stat.ttl == KVS_TTL_FOREVER)
		return 0;
	return (stat.ttl + HOUR - 1) / HOUR;
}

static int put_hours(struct kvs *kvs, uint64_t hours)
{
	if (!hours)
		return step_put(kvs, KEY, "value", NULL);
	return kvs_put_ttl(kvs, KEY, KEY_LEN, "value", 5, hours * HOUR, 0,
			   NULL);
}

TEST_F(store, put_with_a_deadline)
{
	struct kvs_result res;

	ASSERT_EQ(0, kvs_put_ttl(self->kvs, KEY, KEY_LEN, "value", 5, HOUR, 0,
				 &res));
	EXPECT_GE(HOUR, res.ttl);
	EXPECT_LT(HOUR - MINUTE, res.ttl);
	EXPECT_EQ(1, hours(self->kvs));
	EXPECT_EQ(-EINVAL,
		  kvs_put_ttl(self->kvs, KEY, KEY_LEN, "v", 1, 0, 0, NULL));
	ASSERT_EQ(0, kvs_put_ttl(self->kvs, KEY, KEY_LEN, "value", 5,
				 KVS_TTL_FOREVER, 0, &res));
	EXPECT_EQ(KVS_TTL_FOREVER, res.ttl);
}

TEST_F(store, absent_at_the_deadline)
{
	ASSERT_EQ(0, kvs_put_ttl(self->kvs, KEY, KEY_LEN, "value", 5, 10000000,
				 0, NULL));
	usleep(10001);
	EXPECT_EQ(-ENOENT, step_get(self->kvs, KEY, NULL, 0, NULL));
}

TEST_F(store, put_and_the_present_deadline)
{
	ASSERT_EQ(0, put_hours(self->kvs, 2));
	ASSERT_EQ(0, kvs_put(self->kvs, KEY, KEY_LEN, "other", 5,
			     KVS_FLAG_KEEP_TTL, NULL));
	EXPECT_EQ(2, hours(self->kvs));
	ASSERT_EQ(0, kvs_append(self->kvs, KEY, KEY_LEN, "!", 1, 0, NULL));
	EXPECT_EQ(2, hours(self->kvs));
	ASSERT_EQ(0, put_hours(self->kvs, 0));
	EXPECT_EQ(0, hours(self->kvs));
	EXPECT_EQ(-EINVAL, kvs_put_ttl(self->kvs, KEY, KEY_LEN, "other", 5,
				       HOUR, KVS_FLAG_KEEP_TTL, NULL));
}

TEST_F(store, deadline_alone)
{
	struct kvs_request request;
	struct kvs_result put, res;
	char buf[8];

	ASSERT_EQ(0, step_put(self->kvs, KEY, "value", &put));
	kvs_request_put(&request, KEY, KEY_LEN, NULL, 0, KVS_FLAG_TTL_ONLY,
			&res);
	EXPECT_EQ(-EINVAL, kvs_do(self->kvs, &request));
	kvs_request_set_ttl(&request, 3 * HOUR);
	ASSERT_EQ(0, kvs_do(self->kvs, &request));
	EXPECT_LT(put.version, res.version);
	EXPECT_EQ(3, hours(self->kvs));
	ASSERT_EQ(0, step_get(self->kvs, KEY, buf, sizeof(buf), &res));
	EXPECT_EQ(5, res.length);
}

TEST_F(store, absolute_deadline)
{
	struct kvs_store_info info;
	struct kvs_request request;

	ASSERT_EQ(0, kvs_info(self->kvs, &info));
	kvs_request_put(&request, KEY, KEY_LEN, "value", 5, 0, NULL);
	kvs_request_set_deadline(&request, info.boottime + 2 * HOUR);
	ASSERT_EQ(0, kvs_do(self->kvs, &request));
	EXPECT_EQ(2, hours(self->kvs));
	/* The last one counts. */
	kvs_request_set_ttl(&request, HOUR);
	ASSERT_EQ(0, kvs_do(self->kvs, &request));
	EXPECT_EQ(1, hours(self->kvs));
	kvs_request_set_deadline(&request, 1);
	ASSERT_EQ(0, kvs_do(self->kvs, &request));
	EXPECT_EQ(-ENOENT, step_get(self->kvs, KEY, NULL, 0, NULL));
}

TEST_F(store, touch)
{
	static const struct {
		uint64_t has;
		unsigned int mode;
		uint64_t ttl;
		int err;
		uint64_t then;
	} rows[] = {
		{ 0, KVS_TTL_SET, 2, 0, 2 },
		{ 2, KVS_TTL_SET, 1, 0, 1 },
		{ 0, KVS_TTL_IF_NONE, 2, 0, 2 },
		{ 1, KVS_TTL_IF_NONE, 2, -ESTALE, 1 },
		{ 0, KVS_TTL_IF_SOME, 2, -ESTALE, 0 },
		{ 1, KVS_TTL_IF_SOME, 2, 0, 2 },
		{ 1, KVS_TTL_IF_LONGER, 2, 0, 2 },
		{ 2, KVS_TTL_IF_LONGER, 1, -ESTALE, 2 },
		{ 2, KVS_TTL_IF_SHORTER, 1, 0, 1 },
		{ 1, KVS_TTL_IF_SHORTER, 2, -ESTALE, 1 },
		{ 1, KVS_TTL_PERSIST, 0, 0, 0 },
		{ 1, KVS_TTL_PERSIST, 2, -EINVAL, 1 },
		{ 1, KVS_TTL_SET, 0, -EINVAL, 1 },
		{ 1, KVS_TTL_PERSIST + 1, 2, -EOPNOTSUPP, 1 },
	};
	struct kvs_result put, res;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		ASSERT_EQ(0, put_hours(self->kvs, rows[i].has));
		ASSERT_EQ(0, step_get(self->kvs, KEY, NULL, 0, &put));
		EXPECT_EQ(rows[i].err,
			  kvs_touch(self->kvs, KEY, KEY_LEN, rows[i].ttl * HOUR,
				    rows[i].mode, &res))
		{
			TH_LOG("row %zu", i);
		}
		EXPECT_EQ(rows[i].then, hours(self->kvs));
		ASSERT_EQ(0, step_get(self->kvs, KEY, NULL, 0, &res));
		EXPECT_EQ(put.version, res.version);
	}
	step_delete(self->kvs, KEY);
	EXPECT_EQ(-ENOENT,
		  kvs_touch(self->kvs, KEY, KEY_LEN, HOUR, KVS_TTL_SET, NULL));
}

TEST_F(store, touch_with_an_absolute_deadline)
{
	struct kvs_store_info info;
	struct kvs_request request;

	ASSERT_EQ(0, kvs_info(self->kvs, &info));
	ASSERT_EQ(0, put_hours(self->kvs, 0));
	kvs_request_touch(&request, KEY, KEY_LEN, 0, KVS_TTL_IF_NONE, NULL);
	kvs_request_set_deadline(&request, info.boottime + 4 * HOUR);
	ASSERT_EQ(0, kvs_do(self->kvs, &request));
	EXPECT_EQ(4, hours(self->kvs));
	EXPECT_EQ(-ESTALE, kvs_do(self->kvs, &request));
}

TEST_F(store, get_touch)
{
	struct kvs_result put, res;
	struct kvs *reading;
	char buf[8];

	ASSERT_EQ(0, step_put(self->kvs, KEY, "value", &put));
	ASSERT_EQ(0, kvs_get_touch(self->kvs, KEY, KEY_LEN, buf, sizeof(buf),
				   2 * HOUR, &res));
	EXPECT_EQ(5, res.length);
	EXPECT_EQ(put.version, res.version);
	EXPECT_EQ(0, memcmp("value", buf, 5));
	EXPECT_EQ(2, hours(self->kvs));
	EXPECT_EQ(-ERANGE, kvs_get_touch(self->kvs, KEY, KEY_LEN, buf, 2,
					 5 * HOUR, NULL));
	ASSERT_EQ(0, kvs_restrict(self->kvs, KVS_MAY_READ, &reading));
	EXPECT_EQ(-EACCES, kvs_get_touch(reading, KEY, KEY_LEN, buf,
					 sizeof(buf), 5 * HOUR, NULL));
	kvs_close(reading);
	EXPECT_EQ(2, hours(self->kvs));
}

/* A limit of so many in an hour, by one request. */
TEST_F(store, counter_with_a_window)
{
	struct kvs_request request;
	struct kvs_result res;

	step_delete(self->kvs, KEY);
	kvs_request_add(&request, KEY, KEY_LEN, 1,
			KVS_FLAG_CREATE | KVS_FLAG_TTL_IF_NEW, &res);
	EXPECT_EQ(-EINVAL, kvs_do(self->kvs, &request));
	kvs_request_set_ttl(&request, HOUR);
	ASSERT_EQ(0, kvs_do(self->kvs, &request));
	EXPECT_EQ(1, hours(self->kvs));
	kvs_request_set_ttl(&request, 2 * HOUR);
	ASSERT_EQ(0, kvs_do(self->kvs, &request));
	EXPECT_EQ(2, res.number);
	EXPECT_EQ(1, hours(self->kvs));
	ASSERT_EQ(0, step_add(self->kvs, KEY, 1, 0, NULL));
	EXPECT_EQ(1, hours(self->kvs));
}

TEST_HARNESS_MAIN
