// SPDX-License-Identifier: GPL-2.0-only
/* Requests as they are built, and each of them in each carrier. */
#include <errno.h>
#include <kselftest_harness.h>

#include "carrier_fixture.h"
#include "steps.h"

#define KEY "request.key"
#define KEY_LEN (sizeof(KEY) - 1)
#define LONG_KEY "request.key.longer-than-what-fits-into-a-request"
#define LONG_KEY_LEN (sizeof(LONG_KEY) - 1)

static int put(FIXTURE_DATA(carrier) * self, const char *key, const char *value)
{
	kvs_request_put(&self->request, key, strlen(key), value, strlen(value),
			0, &self->res);
	return run(self);
}

TEST_F(carrier, put_get_delete)
{
	char buf[16];

	ASSERT_EQ(0, put(self, KEY, "value"));
	EXPECT_EQ(KVS_RESULT_CREATED, self->res.flags);

	poison(buf, sizeof(buf));
	kvs_request_get(&self->request, KEY, KEY_LEN, buf, sizeof(buf), 0,
			&self->res);
	ASSERT_EQ(0, run(self));
	EXPECT_EQ(5, self->res.length);
	EXPECT_EQ(0, memcmp("value", buf, 5));
	EXPECT_TRUE(is_poison(buf + 5, sizeof(buf) - 5));

	kvs_request_delete(&self->request, KEY, KEY_LEN, 0, &self->res);
	ASSERT_EQ(0, run(self));
	EXPECT_EQ(-ENOENT, run(self));
}

TEST_F(carrier, long_key)
{
	char buf[16];

	ASSERT_EQ(0, put(self, LONG_KEY, "long"));
	kvs_request_get(&self->request, LONG_KEY, LONG_KEY_LEN, buf,
			sizeof(buf), 0, &self->res);
	ASSERT_EQ(0, run(self));
	EXPECT_EQ(4, self->res.length);
	kvs_request_delete(&self->request, LONG_KEY, LONG_KEY_LEN, 0,
			   &self->res);
	EXPECT_EQ(0, run(self));
}

TEST_F(carrier, add_with_limits)
{
	struct kvs_limits limits = { .initial = 5, .max = 8 };

	kvs_request_add(&self->request, KEY, KEY_LEN, 2,
			KVS_FLAG_CREATE | KVS_FLAG_MAX | KVS_FLAG_SATURATE,
			&self->res);
	kvs_request_set_limits(&self->request, &limits);
	ASSERT_EQ(0, run(self));
	EXPECT_EQ(7, self->res.number);
	EXPECT_EQ(2, self->res.applied);
	/* The same request again */
	ASSERT_EQ(0, run(self));
	EXPECT_EQ(8, self->res.number);
	EXPECT_EQ(1, self->res.applied);
	EXPECT_EQ(KVS_RESULT_LIMITED, self->res.flags);
	/* Limits are read when it is executed. */
	limits.max = 100;
	ASSERT_EQ(0, run(self));
	EXPECT_EQ(10, self->res.number);
}

TEST_F(carrier, take)
{
	struct kvs_operands operands;
	char buf[16];

	ASSERT_EQ(0, put(self, KEY, "value"));
	poison(&operands, sizeof(operands));
	kvs_request_take(&self->request, KEY, KEY_LEN, buf, sizeof(buf), 0,
			 &operands, &self->res);
	ASSERT_EQ(0, run(self));
	EXPECT_EQ(5, self->res.length);
	EXPECT_EQ(0, memcmp("value", buf, 5));
	EXPECT_EQ(-ENOENT, run(self));
}

TEST_F(carrier, xchg_and_bitop)
{
	struct kvs_bits bits = {
		.op = KVS_BITS_XOR,
		.operand = 3,
		.mask = UINT64_MAX,
	};

	kvs_request_xchg(&self->request, KEY, KEY_LEN, 5, KVS_FLAG_CREATE,
			 &self->res);
	ASSERT_EQ(0, run(self));
	EXPECT_EQ(0, self->res.number);
	ASSERT_EQ(0, run(self));
	EXPECT_EQ(5, self->res.number);
	poison(&bits.reserved, sizeof(bits.reserved));
	poison(&bits.reserved32, sizeof(bits.reserved32));
	kvs_request_bitop(&self->request, KEY, KEY_LEN, &bits, 0, &self->res);
	ASSERT_EQ(0, run(self));
	EXPECT_EQ(6, self->res.number);
	EXPECT_EQ(5, self->res.applied);
}

TEST_F(carrier, allow)
{
	struct kvs_rate rate = {
		.interval = UINT64_C(3600000000000),
		.burst = 1,
		.cost = 1,
	};

	poison(&rate.reserved, sizeof(rate.reserved));
	kvs_request_allow(&self->request, KEY, KEY_LEN, &rate, KVS_FLAG_CREATE,
			  &self->res);
	ASSERT_EQ(0, run(self));
	EXPECT_EQ(KVS_RESULT_CREATED, self->res.flags);
	EXPECT_EQ(0, self->res.number);
	ASSERT_EQ(0, run(self));
	EXPECT_EQ(KVS_RESULT_REFUSED, self->res.flags);
	EXPECT_LT(0, self->res.number);
}

TEST_F(carrier, deadlines)
{
	const uint64_t hour = UINT64_C(3600000000000);

	kvs_request_put(&self->request, KEY, KEY_LEN, "a", 1, 0, &self->res);
	kvs_request_set_ttl(&self->request, hour);
	ASSERT_EQ(0, run(self));
	EXPECT_GE(hour, self->res.ttl);
	kvs_request_touch(&self->request, KEY, KEY_LEN, 2 * hour,
			  KVS_TTL_IF_LONGER, &self->res);
	ASSERT_EQ(0, run(self));
	EXPECT_LT(hour, self->res.ttl);
	kvs_request_touch(&self->request, KEY, KEY_LEN, 0, KVS_TTL_PERSIST,
			  &self->res);
	ASSERT_EQ(0, run(self));
	EXPECT_EQ(KVS_TTL_FOREVER, self->res.ttl);
}

TEST_F(carrier, stat)
{
	struct kvs_entry_stat stat;

	ASSERT_EQ(0, put(self, KEY, "value"));
	poison(&stat, sizeof(stat));
	kvs_request_stat(&self->request, KEY, KEY_LEN, &stat, &self->res);
	ASSERT_EQ(0, run(self));
	EXPECT_EQ(5, stat.length);
	EXPECT_EQ(self->res.version, stat.version);
	EXPECT_EQ(0, stat.reserved[ARRAY_SIZE(stat.reserved) - 1]);

	kvs_request_stat(&self->request, KEY, KEY_LEN, NULL, &self->res);
	ASSERT_EQ(0, run(self));
	EXPECT_EQ(5, self->res.length);
}

TEST_F(carrier, versions)
{
	uint64_t version;

	ASSERT_EQ(0, put(self, KEY, "a"));
	version = self->res.version;
	kvs_request_put(&self->request, KEY, KEY_LEN, "b", 1, 0, &self->res);
	kvs_request_set_version(&self->request, version);
	ASSERT_EQ(0, run(self));
	EXPECT_EQ(-ESTALE, run(self));
	version = self->res.version;

	kvs_request_delete(&self->request, KEY, KEY_LEN, 0, &self->res);
	kvs_request_set_version(&self->request, version - 1);
	EXPECT_EQ(-ESTALE, run(self));
	kvs_request_set_version(&self->request, version);
	EXPECT_EQ(0, run(self));
}

TEST_F(carrier, user_flags)
{
	struct kvs_entry_stat stat;

	kvs_request_put(&self->request, KEY, KEY_LEN, "a", 1, 0, &self->res);
	kvs_request_set_user_flags(&self->request, 0xdeadbeef);
	ASSERT_EQ(0, run(self));
	kvs_request_stat(&self->request, KEY, KEY_LEN, &stat, &self->res);
	ASSERT_EQ(0, run(self));
	EXPECT_EQ(0xdeadbeef, stat.user_flags);
	EXPECT_EQ(0xdeadbeef, self->res.user_flags);
	/* They belong to the value. */
	ASSERT_EQ(0, put(self, KEY, "b"));
	EXPECT_EQ(0, self->res.user_flags);
}

TEST_F(carrier, faults_are_statuses)
{
	kvs_request_put(&self->request, KEY, 0, "a", 1, 0, &self->res);
	EXPECT_EQ(-EINVAL, run(self));
	kvs_request_put(&self->request, KEY, SIZE_MAX, "a", 1, 0, &self->res);
	EXPECT_EQ(-ENAMETOOLONG, run(self));
	kvs_request_put(&self->request, KEY, KEY_LEN, "a", SIZE_MAX, 0,
			&self->res);
	EXPECT_EQ(-EFBIG, run(self));
	kvs_request_put(&self->request, KEY, KEY_LEN, (void *)16, 5, 0,
			&self->res);
	EXPECT_EQ(-EFAULT, run(self));
	kvs_request_get(&self->request, KEY, KEY_LEN, NULL, 0, KVS_FLAG_WRAP,
			&self->res);
	EXPECT_EQ(-EOPNOTSUPP, run(self));
	kvs_request_get(&self->request, KEY, KEY_LEN, NULL, 0, 1U << 31,
			&self->res);
	EXPECT_EQ(-EOPNOTSUPP, run(self));
	kvs_request_get(&self->request, KEY, KEY_LEN, NULL, 0, 0, &self->res);
	EXPECT_EQ(-ENOENT, run(self));
}

TEST(building_marks_the_result)
{
	struct kvs_request request;
	struct kvs_result res;

	res.status = 0;
	kvs_request_get(&request, KEY, KEY_LEN, NULL, 0, 0, &res);
	EXPECT_EQ(-EINPROGRESS, res.status);
	res.status = 0;
	kvs_request_put(&request, KEY, KEY_LEN, NULL, 0, 0, &res);
	EXPECT_EQ(-EINPROGRESS, res.status);
	res.status = 0;
	kvs_request_delete(&request, KEY, KEY_LEN, 0, &res);
	EXPECT_EQ(-EINPROGRESS, res.status);
	res.status = 0;
	kvs_request_add(&request, KEY, KEY_LEN, 0, 0, &res);
	EXPECT_EQ(-EINPROGRESS, res.status);
	res.status = 0;
	kvs_request_stat(&request, KEY, KEY_LEN, NULL, &res);
	EXPECT_EQ(-EINPROGRESS, res.status);
}

TEST(building_with_operands_marks_the_result)
{
	struct kvs_operands operands;
	struct kvs_request request;
	struct kvs_result res;
	struct kvs_bits bits;
	struct kvs_rate rate;

	res.status = 0;
	kvs_request_take(&request, KEY, KEY_LEN, NULL, 0, 0, &operands, &res);
	EXPECT_EQ(-EINPROGRESS, res.status);
	res.status = 0;
	kvs_request_xchg(&request, KEY, KEY_LEN, 0, 0, &res);
	EXPECT_EQ(-EINPROGRESS, res.status);
	res.status = 0;
	kvs_request_bitop(&request, KEY, KEY_LEN, &bits, 0, &res);
	EXPECT_EQ(-EINPROGRESS, res.status);
	res.status = 0;
	kvs_request_allow(&request, KEY, KEY_LEN, &rate, 0, &res);
	EXPECT_EQ(-EINPROGRESS, res.status);
	res.status = 0;
	kvs_request_touch(&request, KEY, KEY_LEN, 1, KVS_TTL_SET, &res);
	EXPECT_EQ(-EINPROGRESS, res.status);
}

TEST(building_sets_every_byte)
{
	struct kvs_request low, high;
	struct kvs_result res;
	char buf[4];

	memset(&low, 0, sizeof(low));
	memset(&high, 0xff, sizeof(high));
	kvs_request_get(&low, KEY, KEY_LEN, buf, sizeof(buf), 0, &res);
	kvs_request_get(&high, KEY, KEY_LEN, buf, sizeof(buf), 0, &res);
	EXPECT_EQ(0, memcmp(&low, &high, sizeof(low)));
	kvs_request_delete(&low, "k", 1, 0, NULL);
	kvs_request_delete(&high, "k", 1, 0, NULL);
	EXPECT_EQ(0, memcmp(&low, &high, sizeof(low)));
}

TEST(short_keys_are_copied)
{
	char key[KVS_KEY_INLINE], value[8], buf[8];
	struct kvs_request put, get;
	struct kvs *kvs;

	memset(key, 'k', sizeof(key));
	memcpy(value, "12345678", sizeof(value));
	ASSERT_EQ(0, kvs_open(NULL, O_RDWR, &kvs));
	kvs_request_put(&put, key, sizeof(key), value, sizeof(value), 0, NULL);
	kvs_request_get(&get, key, sizeof(key), buf, sizeof(buf), 0, NULL);
	poison(key, sizeof(key));
	EXPECT_EQ(0, kvs_do(kvs, &put));
	EXPECT_EQ(0, kvs_do(kvs, &get));
	EXPECT_EQ(0, memcmp(value, buf, sizeof(value)));
	memset(key, 'k', sizeof(key));
	EXPECT_EQ(0, kvs_delete(kvs, key, sizeof(key), 0, NULL));
	kvs_close(kvs);
}

TEST_HARNESS_MAIN
