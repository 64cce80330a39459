// SPDX-License-Identifier: GPL-2.0-only
/* Conditions beyond the version, and operations that answer the old value. */
#include "door_fixture.h"
#include "steps.h"
#include "store.h"

#define KEY "condition.key"

static struct kvs_value_args expecting(const void *bytes, size_t len)
{
	return (struct kvs_value_args){
		.size = sizeof(struct kvs_value_args),
		.expect = addr_of(bytes),
		.expect_len = len,
	};
}

static struct kvs_value_args answering(void *buf, size_t len)
{
	return (struct kvs_value_args){
		.size = sizeof(struct kvs_value_args),
		.old = addr_of(buf),
		.old_len = len,
	};
}

static struct kvs_req if_eq(struct kvs_req req,
			    const struct kvs_value_args *args)
{
	req.flags |= KVS_F_IF_EQ;
	return req_operands(req, args);
}

static struct kvs_req ret_old(struct kvs_req req,
			      const struct kvs_value_args *args)
{
	req.flags |= KVS_F_RET_OLD;
	return req_operands(req, args);
}

static void check_value(struct __test_metadata *_metadata, struct door *door,
			const char *value)
{
	struct kvs_res res;
	char buf[1024];

	ASSERT_EQ(0, step_get(door, KEY, buf, sizeof(buf), &res));
	EXPECT_EQ(strlen(value), res.len);
	EXPECT_EQ(0, memcmp(buf, value, strlen(value)));
}

TEST_F(door, put_if_eq)
{
	struct kvs_value_args same = expecting("first", 5);
	struct kvs_value_args longer = expecting("first!", 6);
	struct kvs_value_args shorter = expecting("firs", 4);
	struct kvs_req req = req_put_str(KEY, "second");
	struct kvs_res put, res;

	step_clear(&self->door, KEY);
	EXPECT_EQ(-ENOENT, door_do(&self->door, if_eq(req, &same), &res));
	ASSERT_EQ(0, step_put(&self->door, KEY, "first", &put));
	EXPECT_EQ(-ESTALE, door_do(&self->door, if_eq(req, &longer), &res));
	EXPECT_EQ(put.version, res.version);
	EXPECT_EQ(-ESTALE, door_do(&self->door, if_eq(req, &shorter), &res));
	check_value(_metadata, &self->door, "first");
	EXPECT_EQ(0, door_do(&self->door, if_eq(req, &same), &res));
	EXPECT_GT(res.version, put.version);
	check_value(_metadata, &self->door, "second");
	EXPECT_EQ(-ESTALE, door_do(&self->door, if_eq(req, &same), &res));
}

TEST_F(door, delete_if_eq)
{
	struct kvs_value_args mine = expecting("mine", 4);
	struct kvs_req req = if_eq(req_delete(KEY), &mine);
	struct kvs_res res;

	ASSERT_EQ(0, step_put(&self->door, KEY, "yours", &res));
	EXPECT_EQ(-ESTALE, door_do(&self->door, req, &res));
	check_value(_metadata, &self->door, "yours");
	ASSERT_EQ(0, step_put(&self->door, KEY, "mine", &res));
	EXPECT_EQ(0, door_do(&self->door, req, &res));
	EXPECT_EQ(-ENOENT, door_do(&self->door, req, &res));
}

/* Both conditions must hold where both are asked for. */
TEST_F(door, if_eq_and_if_version)
{
	struct kvs_value_args args = expecting("value", 5);
	struct kvs_req req = if_eq(req_put_str(KEY, "other"), &args);
	struct kvs_res put, res;

	req.flags |= KVS_F_IF_VERSION;
	ASSERT_EQ(0, step_put(&self->door, KEY, "value", &put));
	args.cond = put.version + 1;
	EXPECT_EQ(-ESTALE, door_do(&self->door, req, &res));
	args.cond = put.version;
	EXPECT_EQ(0, door_do(&self->door, req, &res));
}

TEST_F(door, too_much_to_compare)
{
	char bytes[KVS_MAX_EXPECT + 1] = "";
	struct kvs_value_args args = expecting(bytes, sizeof(bytes));
	struct kvs_req req = if_eq(req_delete(KEY), &args);
	struct kvs_res res;

	EXPECT_EQ(-EINVAL, door_do(&self->door, req, &res));
	args.expect_len = KVS_MAX_EXPECT;
	ASSERT_EQ(0, door_do(&self->door, req_put(KEY, bytes, KVS_MAX_EXPECT),
			     &res));
	EXPECT_EQ(0, door_do(&self->door, req, &res));
}

TEST_F(door, get_if_changed)
{
	struct kvs_req req;
	struct kvs_res put, res;
	char buf[16];

	ASSERT_EQ(0, step_put(&self->door, KEY, "value", &put));
	req = req_get(KEY, buf, sizeof(buf));
	req.flags |= KVS_F_IF_CHANGED;
	req.cond = put.version;
	poison(buf, sizeof(buf));
	ASSERT_EQ(0, door_do(&self->door, req, &res));
	EXPECT_EQ(KVS_RES_UNCHANGED, res.flags);
	EXPECT_EQ(5U, res.len);
	EXPECT_TRUE(is_poison(buf, sizeof(buf)));
	req.cond = put.version - 1;
	ASSERT_EQ(0, door_do(&self->door, req, &res));
	EXPECT_EQ(0U, res.flags);
	EXPECT_EQ(0, memcmp(buf, "value", 5));
	EXPECT_EQ(put.version, res.version);
	/* What is not copied needs no room */
	req.value_len = 1;
	EXPECT_EQ(-ERANGE, door_do(&self->door, req, &res));
	req.cond = put.version;
	EXPECT_EQ(0, door_do(&self->door, req, &res));
	EXPECT_EQ(KVS_RES_UNCHANGED, res.flags);
	step_clear(&self->door, KEY);
	EXPECT_EQ(-ENOENT, door_do(&self->door, req, &res));
}

/* A blob read in pieces is one blob or none. */
TEST_F(door, get_in_pieces)
{
	static char blob[1000], back[1000];
	struct kvs_req req;
	struct kvs_res put, res;
	size_t at;

	for (at = 0; at < sizeof(blob); at++)
		blob[at] = at * 7;
	ASSERT_EQ(0,
		  door_do(&self->door, req_put(KEY, blob, sizeof(blob)), &put));
	for (at = 0; at < sizeof(blob); at += 300) {
		req = req_if_version(req_get(KEY, back + at, 300), put.version);
		if (at + 300 > sizeof(blob))
			req.value_len = sizeof(blob) - at;
		req.flags |= KVS_F_OFFSET;
		req.offset = at;
		ASSERT_EQ(0, door_do(&self->door, req, &res));
		EXPECT_EQ(sizeof(blob), res.len);
	}
	EXPECT_EQ(0, memcmp(blob, back, sizeof(blob)));
	poison(back, sizeof(back));
	req.offset = sizeof(blob) + 1;
	EXPECT_EQ(0, door_do(&self->door, req, &res));
	EXPECT_TRUE(is_poison(back, sizeof(back)));
	ASSERT_EQ(0, step_put(&self->door, KEY, "short", &res));
	EXPECT_EQ(-ESTALE, door_do(&self->door, req, &res));
	req = req_get(KEY, back, 2);
	req.flags |= KVS_F_OFFSET;
	req.offset = 3;
	ASSERT_EQ(0, door_do(&self->door, req, &res));
	EXPECT_EQ(0, memcmp(back, "rt\xa5", 3));
}

TEST_F(door, put_if_newer)
{
	struct kvs_req req = req_put_str(KEY, "ten");
	struct kvs_res res;

	step_clear(&self->door, KEY);
	req.flags |= KVS_F_IF_NEWER;
	EXPECT_EQ(-EINVAL, door_do(&self->door, req, &res));
	req.cond = 10;
	ASSERT_EQ(0, door_do(&self->door, req, &res));
	EXPECT_EQ(10U, res.app_version);
	EXPECT_EQ(-ESTALE, door_do(&self->door, req, &res));
	EXPECT_EQ(10U, res.app_version);
	req.cond = 9;
	EXPECT_EQ(-ESTALE, door_do(&self->door, req, &res));
	req.cond = 11;
	EXPECT_EQ(0, door_do(&self->door, req, &res));
	/* What was put without one, or is gone, has none. */
	ASSERT_EQ(0, step_put(&self->door, KEY, "plain", &res));
	EXPECT_EQ(0U, res.app_version);
	req.cond = 1;
	EXPECT_EQ(0, door_do(&self->door, req, &res));
	ASSERT_EQ(0, step_delete(&self->door, KEY, &res));
	EXPECT_EQ(0, door_do(&self->door, req, &res));
	EXPECT_EQ(1U, res.app_version);
}

TEST_F(door, put_answers_the_old_value)
{
	char buf[8];
	struct kvs_value_args args = answering(buf, sizeof(buf));
	struct kvs_req req = ret_old(req_put_str(KEY, "second"), &args);
	struct kvs_res put, res;

	step_clear(&self->door, KEY);
	poison(buf, sizeof(buf));
	ASSERT_EQ(0, door_do(&self->door, req, &res));
	EXPECT_EQ(KVS_KIND_NONE, res.kind);
	EXPECT_EQ(KVS_RES_CREATED, res.flags);
	EXPECT_TRUE(is_poison(buf, sizeof(buf)));

	ASSERT_EQ(0, step_put(&self->door, KEY, "first", &put));
	ASSERT_EQ(0, door_do(&self->door, req, &res));
	EXPECT_EQ(5U, res.len);
	EXPECT_EQ(0, memcmp(buf, "first", 5));
	EXPECT_GT(res.version, put.version);
	check_value(_metadata, &self->door, "second");

	args.old_len = 5;
	EXPECT_EQ(-ERANGE, door_do(&self->door, req, &res));
	EXPECT_EQ(6U, res.len);
	args.old_len = sizeof(buf);
	args.old = 8;
	EXPECT_EQ(-EFAULT, door_do(&self->door, req, &res));
	check_value(_metadata, &self->door, "second");
}

/* Neither a buffer that is too small nor a bad one takes a value away. */
TEST_F(door, take)
{
	char buf[600], value[600];
	struct kvs_value_args args = answering(buf, 0);
	struct kvs_req req = ret_old(req_delete(KEY), &args);
	struct kvs_res res;

	memset(value, 'v', sizeof(value));
	ASSERT_EQ(0, door_do(&self->door, req_put(KEY, value, sizeof(value)),
			     &res));
	EXPECT_EQ(-ERANGE, door_do(&self->door, req, &res));
	EXPECT_EQ(sizeof(value), res.len);
	args.old_len = sizeof(value) - 1;
	EXPECT_EQ(-ERANGE, door_do(&self->door, req, &res));
	args.old_len = sizeof(buf);
	args.old = 8;
	EXPECT_EQ(-EFAULT, door_do(&self->door, req, &res));
	args.old = addr_of(buf);
	ASSERT_EQ(0, door_do(&self->door, req, &res));
	EXPECT_EQ(sizeof(value), res.len);
	EXPECT_EQ(0, memcmp(buf, value, sizeof(value)));
	EXPECT_EQ(-ENOENT, door_do(&self->door, req, &res));
	ASSERT_EQ(0, step_put(&self->door, KEY, "", &res));
	args.old_len = 0;
	EXPECT_EQ(0, door_do(&self->door, req, &res));
}

TEST_F(door, append)
{
	static char big[5000], back[6000];
	struct kvs_req req = req_put_str(KEY, "one");
	struct kvs_res res;
	size_t len;

	step_clear(&self->door, KEY);
	req.flags |= KVS_F_APPEND;
	EXPECT_EQ(-ENOENT, door_do(&self->door, req, &res));
	req.flags |= KVS_F_CREATE;
	ASSERT_EQ(0, door_do(&self->door, req, &res));
	EXPECT_EQ(KVS_RES_CREATED, res.flags);
	for (len = 6; len < 400; len += 3) {
		ASSERT_EQ(0, door_do(&self->door, req, &res));
		ASSERT_EQ(len, res.len);
		ASSERT_EQ(0U, res.flags);
	}
	len -= 3;
	memset(big, 'b', sizeof(big));
	req = req_put(KEY, big, sizeof(big));
	req.flags |= KVS_F_APPEND;
	ASSERT_EQ(0, door_do(&self->door, req, &res));
	EXPECT_EQ(len + sizeof(big), res.len);
	ASSERT_EQ(0, step_get(&self->door, KEY, back, sizeof(back), &res));
	EXPECT_EQ(0, memcmp(back, "oneoneone", 9));
	EXPECT_EQ(0, memcmp(back + len - 3, "one", 3));
	EXPECT_EQ(0, memcmp(back + len, big, sizeof(big)));

	ASSERT_EQ(0, step_put_counter(&self->door, KEY, 1, &res));
	EXPECT_EQ(-EPROTOTYPE, door_do(&self->door, req, &res));
}

TEST_F(door, append_stops_at_the_limit)
{
	size_t limit = 1 << 20;
	char *blob = calloc(1, limit);
	struct kvs_req req = req_put(KEY, blob, limit - 1);
	struct kvs_res res;

	ASSERT_NE(NULL, blob);
	ASSERT_EQ(0, door_do(&self->door, req, &res));
	req = req_put_str(KEY, "ab");
	req.flags |= KVS_F_APPEND;
	EXPECT_EQ(-EFBIG, door_do(&self->door, req, &res));
	EXPECT_EQ(0, step_get(&self->door, KEY, NULL, 0, &res));
	EXPECT_EQ(limit - 1, res.len);
	req.value_len = 1;
	EXPECT_EQ(0, door_do(&self->door, req, &res));
	EXPECT_EQ(limit, res.len);
	step_clear(&self->door, KEY);
	free(blob);
}

/* Whatever the value is, bytes are bytes. */
TEST_F(door, if_eq_of_every_kind)
{
	static char large[300];
	__s64 number = 1234;
	struct kvs_value_args nothing = expecting(NULL, 0);
	struct kvs_value_args same = expecting(&number, sizeof(number));
	struct kvs_value_args part = expecting(large, KVS_MAX_EXPECT);
	struct kvs_res res;

	ASSERT_EQ(0, step_put(&self->door, KEY, "", &res));
	EXPECT_EQ(-ESTALE,
		  door_do(&self->door, if_eq(req_delete(KEY), &same), &res));
	EXPECT_EQ(0,
		  door_do(&self->door, if_eq(req_delete(KEY), &nothing), &res));
	ASSERT_EQ(0, step_put_counter(&self->door, KEY, number, &res));
	EXPECT_EQ(-ESTALE,
		  door_do(&self->door, if_eq(req_delete(KEY), &nothing), &res));
	EXPECT_EQ(0, door_do(&self->door, if_eq(req_delete(KEY), &same), &res));
	ASSERT_EQ(0, door_do(&self->door, req_put(KEY, large, sizeof(large)),
			     &res));
	EXPECT_EQ(-ESTALE,
		  door_do(&self->door, if_eq(req_delete(KEY), &part), &res));
	step_clear(&self->door, KEY);
}

/* The number, the flags and the kind come with the old value. */
TEST_F(door, old_value_of_a_counter)
{
	__s64 old = 0, number = 42;
	struct kvs_value_args args = answering(&old, sizeof(old));
	struct kvs_req req = req_put_counter(KEY, &number);
	struct kvs_res res;

	req.user_flags = 7;
	ASSERT_EQ(0, door_do(&self->door, req, &res));
	ASSERT_EQ(0, door_do(&self->door,
			     ret_old(req_put_str(KEY, "blob"), &args), &res));
	EXPECT_EQ(42, old);
	EXPECT_EQ(42, res.number);
	EXPECT_EQ(KVS_KIND_COUNTER, res.kind);
	EXPECT_EQ(7U, res.user_flags);
	check_value(_metadata, &self->door, "blob");
	ASSERT_EQ(0, door_do(&self->door, req, &res));
	old = 0;
	ASSERT_EQ(0,
		  door_do(&self->door, ret_old(req_delete(KEY), &args), &res));
	EXPECT_EQ(42, old);
	EXPECT_EQ(42, res.number);
	EXPECT_EQ(7U, res.user_flags);
	EXPECT_EQ(-ENOENT, step_get(&self->door, KEY, NULL, 0, &res));
}

/* In place, and where the entry has to be copied for it. */
TEST_F(door, what_extends_keeps_the_rest)
{
	static char big[1000];
	struct kvs_req put = req_flags(req_put_str(KEY, "v"), KVS_F_IF_NEWER);
	struct kvs_req more[] = {
		req_flags(req_put_str(KEY, "w"), KVS_F_APPEND),
		req_flags(req_put(KEY, big, sizeof(big)), KVS_F_APPEND),
		req_ttl(req_flags(req_verb(KVS_PUT, KEY), KVS_F_TTL_ONLY),
			1ULL << 50),
		req_ttl(req_touch(KEY, KVS_TOUCH_SET), 1ULL << 50),
	};
	struct kvs_res res;
	size_t i;

	put.user_flags = 77;
	put.cond = 5;
	for (i = 0; i < ARRAY_SIZE(more); i++) {
		step_clear(&self->door, KEY);
		ASSERT_EQ(0, door_do(&self->door, put, &res));
		ASSERT_EQ(0, door_do(&self->door, more[i], &res));
		ASSERT_EQ(0, step_get(&self->door, KEY, NULL, 0, &res));
		EXPECT_EQ(77U, res.user_flags)
		{
			TH_LOG("row %zu", i);
		}
		EXPECT_EQ(5ULL, res.app_version);
		EXPECT_EQ(1 + more[i].value_len, res.len);
	}
	step_clear(&self->door, KEY);
}

TEST_F(door, no_touch_counts_nothing)
{
	struct kvs_req req = req_get(KEY, NULL, 0);
	struct kvs_store_stats before, after;
	struct kvs_res res;

	ASSERT_EQ(0, step_put(&self->door, KEY, "value", &res));
	ASSERT_EQ(0, store_stats(self->door.fd, &before));
	req.flags |= KVS_F_NO_TOUCH;
	EXPECT_EQ(0, door_do(&self->door, req, &res));
	EXPECT_EQ(5U, res.len);
	step_clear(&self->door, KEY);
	EXPECT_EQ(-ENOENT, door_do(&self->door, req, &res));
	ASSERT_EQ(0, store_stats(self->door.fd, &after));
	EXPECT_EQ(before.hits, after.hits);
	EXPECT_EQ(before.misses, after.misses);
	req.flags = 0;
	EXPECT_EQ(-ENOENT, door_do(&self->door, req, &res));
	ASSERT_EQ(0, store_stats(self->door.fd, &after));
	EXPECT_EQ(before.misses + 1, after.misses);
}

TEST_HARNESS_MAIN
