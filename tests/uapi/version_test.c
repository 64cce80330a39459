// SPDX-License-Identifier: GPL-2.0-only
/* Preconditions of PUT and DELETE, and the versions that they speak of. */
#include "door_fixture.h"
#include "steps.h"

#define KEY "version.key"

static void check_value(struct __test_metadata *_metadata, struct door *door,
			const char *value, __u64 version)
{
	struct kvs_res res;
	char buf[64];

	ASSERT_EQ(0, step_get(door, KEY, buf, sizeof(buf), &res));
	EXPECT_EQ(strlen(value), res.len);
	EXPECT_EQ(0, memcmp(buf, value, strlen(value)));
	EXPECT_EQ(version, res.version);
}

TEST_F(door, create)
{
	struct kvs_req req = req_put_str(KEY, "first");
	struct kvs_res put, res;

	step_clear(&self->door, KEY);
	req.flags |= KVS_F_CREATE;
	ASSERT_EQ(0, door_do(&self->door, req, &put));
	EXPECT_EQ(KVS_RES_CREATED, put.flags);

	req = req_put_str(KEY, "second");
	req.flags |= KVS_F_CREATE;
	EXPECT_EQ(-EEXIST, door_do(&self->door, req, &res));
	EXPECT_EQ(0U, res.flags);
	check_value(_metadata, &self->door, "first", put.version);
}

TEST_F(door, replace)
{
	struct kvs_req req = req_put_str(KEY, "second");
	struct kvs_res put, res;

	step_clear(&self->door, KEY);
	req.flags |= KVS_F_REPLACE;
	EXPECT_EQ(-ENOENT, door_do(&self->door, req, &res));
	EXPECT_EQ(-ENOENT, step_get(&self->door, KEY, NULL, 0, &res));

	ASSERT_EQ(0, step_put(&self->door, KEY, "first", &put));
	ASSERT_EQ(0, door_do(&self->door, req, &res));
	EXPECT_EQ(0U, res.flags);
	EXPECT_GT(res.version, put.version);
	check_value(_metadata, &self->door, "second", res.version);
}

TEST_F(door, put_if_version)
{
	struct kvs_req req = req_if_version(req_put_str(KEY, "second"), 1);
	struct kvs_res put, res;

	step_clear(&self->door, KEY);
	EXPECT_EQ(-ENOENT, door_do(&self->door, req, &res));
	EXPECT_EQ(-ENOENT, step_get(&self->door, KEY, NULL, 0, &res));

	ASSERT_EQ(0, step_put(&self->door, KEY, "first", &put));
	req.cond = put.version + 1;
	EXPECT_EQ(-ESTALE, door_do(&self->door, req, &res));
	EXPECT_EQ(put.version, res.version);
	req.cond = put.version - 1;
	EXPECT_EQ(-ESTALE, door_do(&self->door, req, &res));
	req.cond = 0;
	EXPECT_EQ(-ESTALE, door_do(&self->door, req, &res));
	check_value(_metadata, &self->door, "first", put.version);

	req.cond = put.version;
	ASSERT_EQ(0, door_do(&self->door, req, &res));
	EXPECT_GT(res.version, put.version);
	check_value(_metadata, &self->door, "second", res.version);
	EXPECT_EQ(-ESTALE, door_do(&self->door, req, &put));
	EXPECT_EQ(res.version, put.version);
}

TEST_F(door, delete_if_version)
{
	struct kvs_req req = req_if_version(req_delete(KEY), 1);
	struct kvs_res put, res;

	step_clear(&self->door, KEY);
	EXPECT_EQ(-ENOENT, door_do(&self->door, req, &res));

	ASSERT_EQ(0, step_put(&self->door, KEY, "first", &put));
	req.cond = put.version + 1;
	EXPECT_EQ(-ESTALE, door_do(&self->door, req, &res));
	EXPECT_EQ(put.version, res.version);
	check_value(_metadata, &self->door, "first", put.version);

	req.cond = put.version;
	ASSERT_EQ(0, door_do(&self->door, req, &res));
	EXPECT_GT(res.version, put.version);
	EXPECT_EQ(-ENOENT, step_get(&self->door, KEY, NULL, 0, &res));
}

/* An entry that is made anew never has a version that it had before. */
TEST_F(door, versions_are_never_used_twice)
{
	struct kvs_res put, res;
	struct kvs_req req;

	ASSERT_EQ(0, step_put(&self->door, KEY, "first", &put));
	ASSERT_EQ(0, step_delete(&self->door, KEY, &res));
	ASSERT_EQ(0, step_put(&self->door, KEY, "second", &res));
	req = req_if_version(req_put_str(KEY, "third"), put.version);
	EXPECT_EQ(-ESTALE, door_do(&self->door, req, &put));
	req = req_if_version(req_delete(KEY), put.version);
	EXPECT_EQ(0, door_do(&self->door, req, &res));
}

TEST_F(door, every_change_gets_a_greater_version)
{
	static const char *const keys[] = { KEY ".a", KEY ".b", KEY ".c" };
	__u64 last = control_version(self->door.fd);
	struct kvs_res res;
	size_t i;

	for (i = 0; i < 4 * ARRAY_SIZE(keys); i++) {
		const char *key = keys[i % ARRAY_SIZE(keys)];

		ASSERT_EQ(0, step_put(&self->door, key, "value", &res));
		EXPECT_GT(res.version, last);
		last = res.version;
		ASSERT_EQ(0, step_put_counter(&self->door, key, 0, &res));
		EXPECT_GT(res.version, last);
		last = res.version;
		ASSERT_EQ(0, step_add(&self->door, key, 1, &res));
		EXPECT_GT(res.version, last);
		last = res.version;
		ASSERT_EQ(0, step_delete(&self->door, key, &res));
		EXPECT_GT(res.version, last);
		last = res.version;
	}
	EXPECT_EQ(last, control_version(self->door.fd));
	EXPECT_LE(last, KVS_VERSION_MAX);
}

TEST_F(door, reading_changes_no_version)
{
	struct kvs_stat stat;
	struct kvs_res res;
	__u64 version;
	char buf[8];

	ASSERT_EQ(0, step_put(&self->door, KEY, "value", &res));
	version = res.version;
	ASSERT_EQ(0, step_get(&self->door, KEY, buf, sizeof(buf), &res));
	EXPECT_EQ(version, res.version);
	ASSERT_EQ(0, door_do(&self->door, req_stat(KEY, &stat), &res));
	EXPECT_EQ(version, res.version);
	EXPECT_EQ(version, stat.version);
	EXPECT_EQ(version, control_version(self->door.fd));
}

TEST_HARNESS_MAIN
