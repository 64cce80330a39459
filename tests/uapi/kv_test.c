// SPDX-License-Identifier: GPL-2.0-only
/* GET, PUT, DELETE and STAT of blobs, through every door. */
#include "door_fixture.h"
#include "steps.h"

#define KEY "kv.key"
#define VALUE "a value of some bytes"
#define VALUE_LEN (sizeof(VALUE) - 1)

#define BIG_VALUE 1048576U

/* A byte that depends on where it is and on the length of its value. */
static char pattern(size_t len, size_t i)
{
	return (char)(len * 7 + i * 31 + (i >> 8));
}

static void fill(char *buf, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		buf[i] = pattern(len, i);
}

TEST_F(door, put_then_get)
{
	struct kvs_res put, get;
	char buf[64];

	step_clear(&self->door, KEY);
	ASSERT_EQ(0, step_put(&self->door, KEY, VALUE, &put));
	EXPECT_EQ(KVS_RES_CREATED, put.flags);
	EXPECT_EQ(KVS_KIND_BLOB, put.kind);
	EXPECT_EQ(VALUE_LEN, put.len);
	EXPECT_NE(0ULL, put.version);

	poison(buf, sizeof(buf));
	ASSERT_EQ(0, step_get(&self->door, KEY, buf, sizeof(buf), &get));
	EXPECT_EQ(0, memcmp(buf, VALUE, VALUE_LEN));
	EXPECT_TRUE(is_poison(buf + VALUE_LEN, sizeof(buf) - VALUE_LEN));
	EXPECT_EQ(0U, get.flags);
	EXPECT_EQ(KVS_KIND_BLOB, get.kind);
	EXPECT_EQ(VALUE_LEN, get.len);
	EXPECT_EQ(put.version, get.version);
	EXPECT_EQ(KVS_TTL_NEVER, get.ttl);
}

TEST_F(door, what_does_not_apply_is_zero)
{
	struct kvs_res res;
	char buf[64];

	step_clear(&self->door, KEY);
	ASSERT_EQ(0, step_put(&self->door, KEY, VALUE, &res));
	EXPECT_EQ(0, res.number);
	EXPECT_EQ(0, res.applied);
	EXPECT_EQ(0ULL, res.app_version);
	EXPECT_EQ(0U, res.user_flags);
	EXPECT_EQ(0U, res.visited);

	ASSERT_EQ(0, step_get(&self->door, KEY, buf, sizeof(buf), &res));
	EXPECT_EQ(0, res.number);
	EXPECT_EQ(0, res.applied);
	EXPECT_EQ(0ULL, res.app_version);
	EXPECT_EQ(0U, res.user_flags);
	EXPECT_EQ(0U, res.visited);
}

TEST_F(door, missing_key)
{
	struct kvs_res res;
	char buf[64];

	step_clear(&self->door, KEY);
	EXPECT_EQ(-ENOENT, step_get(&self->door, KEY, buf, sizeof(buf), &res));
	EXPECT_TRUE(is_zero(&res.flags, sizeof(res) - sizeof(res.status)));
	EXPECT_EQ(-ENOENT, step_get(&self->door, KEY, NULL, 0, &res));
	EXPECT_TRUE(is_zero(&res.flags, sizeof(res) - sizeof(res.status)));
	EXPECT_EQ(-ENOENT, step_delete(&self->door, KEY, &res));
	EXPECT_TRUE(is_zero(&res.flags, sizeof(res) - sizeof(res.status)));
	EXPECT_EQ(-ENOENT, door_do(&self->door, req_stat(KEY, NULL), &res));
	EXPECT_TRUE(is_zero(&res.flags, sizeof(res) - sizeof(res.status)));
}

TEST_F(door, empty_value)
{
	struct kvs_res res;
	char buf[8];

	step_clear(&self->door, KEY);
	ASSERT_EQ(0, door_do(&self->door, req_put(KEY, NULL, 0), &res));
	EXPECT_EQ(0U, res.len);
	EXPECT_EQ(KVS_KIND_BLOB, res.kind);

	poison(buf, sizeof(buf));
	ASSERT_EQ(0, step_get(&self->door, KEY, buf, sizeof(buf), &res));
	EXPECT_EQ(0U, res.len);
	EXPECT_EQ(KVS_KIND_BLOB, res.kind);
	EXPECT_TRUE(is_poison(buf, sizeof(buf)));
	EXPECT_EQ(0, step_get(&self->door, KEY, NULL, 0, &res));
}

TEST_F(door, size_query)
{
	struct kvs_res res;

	step_clear(&self->door, KEY);
	ASSERT_EQ(0, step_put(&self->door, KEY, VALUE, &res));
	EXPECT_EQ(0, step_get(&self->door, KEY, NULL, 0, &res));
	EXPECT_EQ(VALUE_LEN, res.len);
	EXPECT_EQ(KVS_KIND_BLOB, res.kind);
}

TEST_F(door, buffer_too_small)
{
	static const size_t value_lens[] = { 2, 8, 21, 64, 65, 256, 257, 5000 };
	char value[5000], buf[5000];
	struct kvs_res res;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(value_lens); i++) {
		size_t len = value_lens[i];

		fill(value, len);
		ASSERT_EQ(0,
			  door_do(&self->door, req_put(KEY, value, len), &res));
		poison(buf, sizeof(buf));
		EXPECT_EQ(-ERANGE,
			  step_get(&self->door, KEY, buf, len - 1, &res));
		EXPECT_EQ(len, res.len);
		EXPECT_EQ(KVS_KIND_BLOB, res.kind);
		EXPECT_TRUE(is_poison(buf + len - 1, 1));
		EXPECT_EQ(-ERANGE, step_get(&self->door, KEY, buf, 1, &res));
		EXPECT_EQ(len, res.len);
	}
}

/* Each length follows each other one, so that values grow and shrink. */
TEST_F(door, every_length_over_every_other)
{
	static const size_t lens[] = { 0, 8, 64, 255, 256, 257, 600 };
	const size_t count = ARRAY_SIZE(lens);
	char value[600], buf[601];
	struct kvs_res put, get;
	__u64 last = 0;
	size_t i, len;

	step_clear(&self->door, KEY);
	for (i = 0; i < 2 * count * count; i++) {
		len = lens[i & 1 ? i / 2 % count : i / 2 / count];
		fill(value, len);
		ASSERT_EQ(0,
			  door_do(&self->door, req_put(KEY, value, len), &put));
		EXPECT_EQ(i ? 0U : KVS_RES_CREATED, put.flags);
		EXPECT_GT(put.version, last);
		last = put.version;

		poison(buf, sizeof(buf));
		ASSERT_EQ(0,
			  step_get(&self->door, KEY, buf, sizeof(buf), &get));
		EXPECT_EQ(len, get.len);
		EXPECT_EQ(last, get.version);
		EXPECT_EQ(0, memcmp(buf, value, len));
		EXPECT_TRUE(is_poison(buf + len, 1));
	}
}

TEST_F(door, long_values)
{
	static const size_t lens[] = { 4095,  4096,  4097,	    65535,
				       65536, 65537, BIG_VALUE - 1, BIG_VALUE };
	char *value = malloc(BIG_VALUE), *buf = malloc(BIG_VALUE + 1);
	struct kvs_res res;
	size_t i;

	ASSERT_NE(NULL, value);
	ASSERT_NE(NULL, buf);
	fill(value, BIG_VALUE);
	for (i = 0; i < ARRAY_SIZE(lens); i++) {
		ASSERT_EQ(0, door_do(&self->door, req_put(KEY, value, lens[i]),
				     &res));
		poison(buf, lens[i] + 1);
		ASSERT_EQ(0, step_get(&self->door, KEY, buf, lens[i], &res));
		EXPECT_EQ(lens[i], res.len);
		EXPECT_EQ(0, memcmp(buf, value, lens[i]));
		EXPECT_TRUE(is_poison(buf + lens[i], 1));
	}
	step_clear(&self->door, KEY);
	free(value);
	free(buf);
}

/* Keys that share all their bytes but the length are different keys. */
TEST_F(door, key_lengths)
{
	static const size_t lens[] = { 1, 2, 31, 32, 33, 64, 1023, 1024 };
	char key[KVS_MAX_KEY] = "";
	struct kvs_req req;
	struct kvs_res res;
	size_t i, value;

	for (i = 0; i < ARRAY_SIZE(lens); i++) {
		req = req_key(KVS_PUT, key, lens[i]);
		req.value = addr_of(&lens[i]);
		req.value_len = sizeof(lens[i]);
		ASSERT_EQ(0, door_do(&self->door, req, &res));
		EXPECT_EQ(KVS_RES_CREATED, res.flags);
	}
	for (i = 0; i < ARRAY_SIZE(lens); i++) {
		req = req_key(KVS_GET, key, lens[i]);
		req.value = addr_of(&value);
		req.value_len = sizeof(value);
		ASSERT_EQ(0, door_do(&self->door, req, &res));
		EXPECT_EQ(lens[i], value);
		req = req_key(KVS_DELETE, key, lens[i]);
		EXPECT_EQ(0, door_do(&self->door, req, &res));
	}
}

/* Each byte of a key counts, whatever it holds. */
TEST_F(door, key_bytes)
{
	static const size_t lens[] = { 3, 32, 33, 40 };
	unsigned char key[40];
	struct kvs_req req;
	struct kvs_res res;
	size_t i, at;

	for (i = 0; i < ARRAY_SIZE(lens); i++) {
		memset(key, 0xff, sizeof(key));
		req = req_key(KVS_PUT, key, lens[i]);
		ASSERT_EQ(0, door_do(&self->door, req, &res));
		for (at = 0; at < lens[i]; at++) {
			key[at] = 0;
			req = req_key(KVS_GET, key, lens[i]);
			EXPECT_EQ(-ENOENT, door_do(&self->door, req, &res));
			key[at] = 0xff;
		}
		req = req_key(KVS_DELETE, key, lens[i]);
		EXPECT_EQ(0, door_do(&self->door, req, &res));
	}
}

TEST_F(door, what_follows_an_inline_key_is_ignored)
{
	struct kvs_req req = req_verb(KVS_PUT, KEY);
	struct kvs_res res;
	size_t i;

	step_clear(&self->door, KEY);
	memset(req.key + req.key_len, 0xee, sizeof(req.key) - req.key_len);
	ASSERT_EQ(0, door_do(&self->door, req, &res));
	for (i = req.key_len; i < sizeof(req.key); i++) {
		req = req_verb(KVS_GET, KEY);
		req.key[i] = 1;
		EXPECT_EQ(0, door_do(&self->door, req, &res));
	}
}

TEST_F(door, delete)
{
	struct kvs_res put, res;
	char buf[64];

	ASSERT_EQ(0, step_put(&self->door, KEY, VALUE, &put));
	ASSERT_EQ(0, step_delete(&self->door, KEY, &res));
	EXPECT_GT(res.version, put.version);
	EXPECT_EQ(-ENOENT, step_get(&self->door, KEY, buf, sizeof(buf), &put));
	EXPECT_EQ(-ENOENT, step_delete(&self->door, KEY, &put));

	ASSERT_EQ(0, step_put(&self->door, KEY, "again", &put));
	EXPECT_EQ(KVS_RES_CREATED, put.flags);
	EXPECT_GT(put.version, res.version);
	ASSERT_EQ(0, step_get(&self->door, KEY, buf, sizeof(buf), &res));
	EXPECT_EQ(5U, res.len);
}

TEST_F(door, user_flags)
{
	struct kvs_req req = req_put_str(KEY, VALUE);
	struct kvs_stat stat;
	struct kvs_res res;

	req.user_flags = 0x89abcdef;
	ASSERT_EQ(0, door_do(&self->door, req, &res));
	EXPECT_EQ(0x89abcdefU, res.user_flags);
	EXPECT_EQ(0, step_get(&self->door, KEY, NULL, 0, &res));
	EXPECT_EQ(0x89abcdefU, res.user_flags);
	EXPECT_EQ(0, door_do(&self->door, req_stat(KEY, &stat), &res));
	EXPECT_EQ(0x89abcdefU, res.user_flags);
	EXPECT_EQ(0x89abcdefU, stat.user_flags);

	req.user_flags = 0;
	ASSERT_EQ(0, door_do(&self->door, req, &res));
	EXPECT_EQ(0, step_get(&self->door, KEY, NULL, 0, &res));
	EXPECT_EQ(0U, res.user_flags);
}

TEST_F(door, short_result)
{
	struct kvs_req req = req_put_str(KEY, VALUE);
	struct kvs_res res;

	req.result = addr_of(&res);
	poison(&res, sizeof(res));
	ASSERT_EQ(0, door_send(&self->door, &req));
	EXPECT_EQ(0, res.status);
	EXPECT_EQ(VALUE_LEN, res.len);
	EXPECT_TRUE(is_poison((char *)&res + KVS_RES_SHORT,
			      sizeof(res) - KVS_RES_SHORT));

	step_clear(&self->door, KEY);
	req = req_get(KEY, NULL, 0);
	req.result = addr_of(&res);
	poison(&res, sizeof(res));
	EXPECT_EQ(-ENOENT, door_send(&self->door, &req));
	EXPECT_EQ(-ENOENT, res.status);
	EXPECT_TRUE(is_poison((char *)&res + KVS_RES_SHORT,
			      sizeof(res) - KVS_RES_SHORT));
}

TEST_F(door, no_result)
{
	struct kvs_req req = req_put_str(KEY, VALUE);
	char buf[64];

	if (self->door.how & DOOR_CROWD)
		return;
	ASSERT_EQ(0, door_send(&self->door, &req));
	req.flags |= KVS_F_FULL_RESULT;
	EXPECT_EQ(0, door_send(&self->door, &req));
	req = req_get(KEY, buf, sizeof(buf));
	ASSERT_EQ(0, door_send(&self->door, &req));
	EXPECT_EQ(0, memcmp(buf, VALUE, VALUE_LEN));
}

TEST_F(door, stat)
{
	struct kvs_stat stat, later;
	struct kvs_res put, res;

	step_clear(&self->door, KEY);
	ASSERT_EQ(0, step_put(&self->door, KEY, VALUE, &put));
	poison(&stat, sizeof(stat));
	ASSERT_EQ(0, door_do(&self->door, req_stat(KEY, &stat), &res));
	EXPECT_EQ(VALUE_LEN, res.len);
	EXPECT_EQ(put.version, res.version);
	EXPECT_EQ(sizeof(stat), stat.size);
	EXPECT_EQ(KVS_KIND_BLOB, stat.kind);
	EXPECT_EQ(put.version, stat.version);
	EXPECT_EQ(VALUE_LEN, stat.value_len);
	EXPECT_EQ(0U, stat.user_flags);
	EXPECT_EQ(KVS_TTL_NEVER, stat.ttl);
	EXPECT_GE(stat.charged, VALUE_LEN + strlen(KEY));
	EXPECT_LE(stat.charged, VALUE_LEN + strlen(KEY) + 1024);
	EXPECT_EQ(0, stat.number);
	EXPECT_EQ(0ULL, stat.app_version);
	EXPECT_EQ(0U, stat.reserved);
	EXPECT_EQ(0U, stat.flags & (KVS_STAT_PINNED | KVS_STAT_OWNED));

	/* An overwrite changes the version, not the birth */
	usleep(2000);
	ASSERT_EQ(0, step_put(&self->door, KEY, VALUE "!", &put));
	ASSERT_EQ(0, door_do(&self->door, req_stat(KEY, &later), &res));
	EXPECT_EQ(put.version, later.version);
	EXPECT_GE(later.age, stat.age + 2000000);
	EXPECT_LE(later.age, stat.age + 60000000000ULL);
}

TEST_F(door, stat_buffer)
{
	struct kvs_req req = req_verb(KVS_STAT, KEY);
	struct kvs_res res;
	char buf[128];

	ASSERT_EQ(0, step_put(&self->door, KEY, VALUE, &res));
	ASSERT_EQ(0, door_do(&self->door, req_stat(KEY, NULL), &res));
	EXPECT_EQ(VALUE_LEN, res.len);
	EXPECT_EQ(KVS_KIND_BLOB, res.kind);

	/* A caller that knows more than this kernel reads zeroes there */
	poison(buf, sizeof(buf));
	req.value = addr_of(buf);
	req.value_len = sizeof(buf) - 1;
	ASSERT_EQ(0, door_do(&self->door, req, &res));
	EXPECT_TRUE(is_zero(buf + sizeof(struct kvs_stat),
			    req.value_len - sizeof(struct kvs_stat)));
	EXPECT_TRUE(is_poison(buf + req.value_len, 1));
}

TEST_HARNESS_MAIN
