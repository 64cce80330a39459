// SPDX-License-Identifier: GPL-2.0-only
/* Deadlines: exact on read, kept, replaced, touched, and reclaimed. */
#include <time.h>

#include "door_fixture.h"
#include "steps.h"

#define KEY "ttl.key"
#define MS 1000000ULL
#define HOUR (3600 * 1000 * MS)

static __u64 boottime(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return now.tv_sec * 1000 * MS + now.tv_nsec;
}

static __u64 ttl_of(struct door *door)
{
	struct kvs_res res;

	return step_get(door, KEY, NULL, 0, &res) ? 0 : res.ttl;
}

/* Between the hours @n - 1 and @n. */
static int in_hour(__u64 ttl, __u64 n)
{
	return ttl > (n - 1) * HOUR && ttl <= n * HOUR;
}

TEST_F(door, absent_from_the_deadline_on)
{
	struct kvs_req req = req_put_str(KEY, "value");
	struct kvs_res res;
	__u64 at, before;
	char buf[8];
	int ret;

	ASSERT_EQ(0, door_do(&self->door, req, &res));
	at = boottime() + 20 * MS;
	req.flags |= KVS_F_TTL_ABS;
	req.ttl = at;
	ASSERT_EQ(0, door_do(&self->door, req, &res));
	do {
		before = boottime();
		ret = step_get(&self->door, KEY, buf, sizeof(buf), &res);
		/* There only before its time, gone only after it. */
		EXPECT_TRUE(ret ? boottime() >= at : before < at);
	} while (!ret);
	EXPECT_EQ(-ENOENT, ret);
	EXPECT_EQ(-ENOENT, step_delete(&self->door, KEY, &res));
	ASSERT_EQ(0, step_put(&self->door, KEY, "again", &res));
	EXPECT_EQ(KVS_RES_CREATED, res.flags);
	EXPECT_EQ(KVS_TTL_NEVER, res.ttl);
}

TEST_F(door, put_replaces_the_deadline)
{
	struct kvs_req req = req_put_str(KEY, "value");
	struct kvs_res res;

	step_clear(&self->door, KEY);
	ASSERT_EQ(0, door_do(&self->door, req_ttl(req, HOUR), &res));
	EXPECT_TRUE(in_hour(res.ttl, 1));
	ASSERT_EQ(0, door_do(&self->door, req_ttl(req, 2 * HOUR), &res));
	EXPECT_TRUE(in_hour(ttl_of(&self->door), 2));
	req.flags |= KVS_F_KEEP_TTL;
	ASSERT_EQ(0, door_do(&self->door, req, &res));
	EXPECT_TRUE(in_hour(ttl_of(&self->door), 2));
	req.flags &= ~KVS_F_KEEP_TTL;
	ASSERT_EQ(0, door_do(&self->door, req, &res));
	EXPECT_EQ(KVS_TTL_NEVER, ttl_of(&self->door));
}

/* Whatever the length before and after: the deadline is kept with large too. */
TEST_F(door, keep_ttl_over_every_size)
{
	static const size_t sizes[] = { 0, 8, 256, 257, 5000, 100000, 3 };
	static char blob[100000];
	struct kvs_res res;
	size_t i, j;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		for (j = 0; j < ARRAY_SIZE(sizes); j++) {
			struct kvs_req req = req_put(KEY, blob, sizes[i]);

			step_clear(&self->door, KEY);
			ASSERT_EQ(0, door_do(&self->door, req_ttl(req, HOUR),
					     &res));
			req.value_len = sizes[j];
			req.flags |= KVS_F_KEEP_TTL;
			ASSERT_EQ(0, door_do(&self->door, req, &res));
			ASSERT_TRUE(in_hour(ttl_of(&self->door), 1));
		}
	}
	step_clear(&self->door, KEY);
}

TEST_F(door, ttl_only_changes_the_version)
{
	struct kvs_req req = req_verb(KVS_PUT, KEY);
	struct kvs_res put, res;
	char buf[16];

	step_clear(&self->door, KEY);
	req.flags |= KVS_F_TTL_ONLY;
	req = req_ttl(req, HOUR);
	EXPECT_EQ(-ENOENT, door_do(&self->door, req, &res));
	ASSERT_EQ(0, step_put(&self->door, KEY, "value", &put));
	ASSERT_EQ(0, door_do(&self->door, req, &res));
	EXPECT_GT(res.version, put.version);
	ASSERT_EQ(0, step_get(&self->door, KEY, buf, sizeof(buf), &res));
	EXPECT_EQ(0, memcmp(buf, "value", 5));
	EXPECT_TRUE(in_hour(res.ttl, 1));
	ASSERT_EQ(0, door_do(&self->door, req, &res));
	ASSERT_EQ(0, step_put_counter(&self->door, KEY, 42, &res));
	ASSERT_EQ(0, door_do(&self->door, req, &res));
	ASSERT_EQ(0, step_get(&self->door, KEY, NULL, 0, &res));
	EXPECT_EQ(KVS_KIND_COUNTER, res.kind);
	EXPECT_EQ(42, res.number);
}

TEST_F(door, touch)
{
	static const struct {
		__u64 has;
		__u32 mode;
		__u64 ttl;
		int status;
		__u64 then;
	} rows[] = {
		{ 0, KVS_TOUCH_SET, 2, 0, 2 },
		{ 1, KVS_TOUCH_SET, 2, 0, 2 },
		{ 2, KVS_TOUCH_SET, 1, 0, 1 },
		{ 0, KVS_TOUCH_IF_NONE, 2, 0, 2 },
		{ 1, KVS_TOUCH_IF_NONE, 2, -ESTALE, 1 },
		{ 0, KVS_TOUCH_IF_HAS, 2, -ESTALE, 0 },
		{ 1, KVS_TOUCH_IF_HAS, 2, 0, 2 },
		{ 1, KVS_TOUCH_LONGER, 2, 0, 2 },
		{ 2, KVS_TOUCH_LONGER, 1, -ESTALE, 2 },
		{ 0, KVS_TOUCH_LONGER, 1, -ESTALE, 0 },
		{ 2, KVS_TOUCH_SHORTER, 1, 0, 1 },
		{ 1, KVS_TOUCH_SHORTER, 2, -ESTALE, 1 },
		{ 0, KVS_TOUCH_SHORTER, 1, 0, 1 },
		{ 1, KVS_TOUCH_PERSIST, 0, 0, 0 },
		{ 0, KVS_TOUCH_PERSIST, 0, 0, 0 },
	};
	struct kvs_res put, res;
	struct kvs_req req;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		step_clear(&self->door, KEY);
		req = req_put_str(KEY, "value");
		if (rows[i].has)
			req = req_ttl(req, rows[i].has * HOUR);
		ASSERT_EQ(0, door_do(&self->door, req, &put));
		req = req_touch(KEY, rows[i].mode);
		if (rows[i].ttl)
			req = req_ttl(req, rows[i].ttl * HOUR);
		EXPECT_EQ(rows[i].status, door_do(&self->door, req, &res))
		{
			TH_LOG("row %zu", i);
		}
		ASSERT_EQ(0, step_get(&self->door, KEY, NULL, 0, &res));
		EXPECT_EQ(put.version, res.version);
		EXPECT_TRUE(rows[i].then ? in_hour(res.ttl, rows[i].then) :
					   res.ttl == KVS_TTL_NEVER);
	}
	step_clear(&self->door, KEY);
	EXPECT_EQ(-ENOENT, door_do(&self->door, req, &res));
}

TEST_F(door, get_slides)
{
	struct kvs_req req;
	struct kvs_res put, res;
	char buf[16];

	ASSERT_EQ(0, step_put(&self->door, KEY, "value", &put));
	req = req_ttl(req_get(KEY, buf, sizeof(buf)), HOUR);
	ASSERT_EQ(0, door_do(&self->door, req, &res));
	EXPECT_EQ(0, memcmp(buf, "value", 5));
	EXPECT_EQ(5U, res.len);
	EXPECT_EQ(put.version, res.version);
	EXPECT_TRUE(in_hour(ttl_of(&self->door), 1));
	req.ttl = 3 * HOUR;
	ASSERT_EQ(0, door_do(&self->door, req, &res));
	EXPECT_TRUE(in_hour(ttl_of(&self->door), 3));
	step_clear(&self->door, KEY);
	EXPECT_EQ(-ENOENT, door_do(&self->door, req, &res));
}

/* What is known already is worth sliding too. */
TEST_F(door, get_slides_what_is_unchanged)
{
	struct kvs_req req = req_ttl(req_get(KEY, NULL, 0), HOUR);
	struct kvs_res put, res;

	ASSERT_EQ(0, step_put(&self->door, KEY, "value", &put));
	req.flags |= KVS_F_IF_CHANGED;
	req.cond = put.version;
	ASSERT_EQ(0, door_do(&self->door, req, &res));
	EXPECT_EQ(KVS_RES_UNCHANGED, res.flags);
	EXPECT_EQ(put.version, res.version);
	EXPECT_TRUE(in_hour(ttl_of(&self->door), 1));
	step_clear(&self->door, KEY);
}

/* A time of the clock, wherever a span may stand; one that is past ends it. */
TEST_F(door, absolute_deadlines)
{
	const struct kvs_req reqs[] = {
		req_put_str(KEY, "value"),
		req_flags(req_verb(KVS_PUT, KEY), KVS_F_TTL_ONLY),
		req_get(KEY, NULL, 0),
		req_touch(KEY, KVS_TOUCH_SET),
		req_touch(KEY, KVS_TOUCH_SHORTER),
	};
	struct kvs_stat stat;
	struct kvs_res res;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(reqs); i++) {
		struct kvs_req req = req_flags(reqs[i], KVS_F_TTL_ABS);

		ASSERT_EQ(0, step_put(&self->door, KEY, "value", &res));
		req.ttl = boottime() + HOUR;
		ASSERT_EQ(0, door_do(&self->door, req, &res));
		EXPECT_TRUE(in_hour(ttl_of(&self->door), 1))
		{
			TH_LOG("row %zu", i);
		}
		ASSERT_EQ(0, door_do(&self->door, req_stat(KEY, &stat), &res));
		EXPECT_TRUE(in_hour(stat.ttl, 1));
		EXPECT_TRUE(in_hour(res.ttl, 1));
		req.ttl = boottime() - 1;
		ASSERT_EQ(0, door_do(&self->door, req, &res));
		EXPECT_EQ(-ENOENT, step_get(&self->door, KEY, NULL, 0, &res));
	}
}

TEST_F(door, counters_and_deadlines)
{
	struct kvs_req req = req_ttl(req_add_create(KEY, 1), HOUR);
	struct kvs_res res;

	step_clear(&self->door, KEY);
	req.flags |= KVS_F_TTL_IF_NEW;
	ASSERT_EQ(0, door_do(&self->door, req, &res));
	EXPECT_TRUE(in_hour(res.ttl, 1));
	req.ttl = 2 * HOUR;
	ASSERT_EQ(0, door_do(&self->door, req, &res));
	EXPECT_EQ(2, res.number);
	EXPECT_TRUE(in_hour(res.ttl, 1));
	req.flags &= ~KVS_F_TTL_IF_NEW;
	ASSERT_EQ(0, door_do(&self->door, req, &res));
	EXPECT_TRUE(in_hour(res.ttl, 2));
	ASSERT_EQ(0, step_add(&self->door, KEY, 1, &res));
	EXPECT_EQ(4, res.number);
	EXPECT_TRUE(in_hour(res.ttl, 2));
	/* One that was made without room for a deadline gets it all the same. */
	ASSERT_EQ(0, step_delete(&self->door, KEY, &res));
	ASSERT_EQ(0, step_put_counter(&self->door, KEY, 5, &res));
	ASSERT_EQ(0, door_do(&self->door, req, &res));
	EXPECT_EQ(6, res.number);
	EXPECT_TRUE(in_hour(res.ttl, 2));
}

TEST_F(door, append_keeps_the_deadline)
{
	struct kvs_req req = req_ttl(req_put_str(KEY, "value"), HOUR);
	static char big[3000];
	struct kvs_res res;

	step_clear(&self->door, KEY);
	ASSERT_EQ(0, door_do(&self->door, req, &res));
	req = req_put_str(KEY, "!");
	req.flags |= KVS_F_APPEND;
	ASSERT_EQ(0, door_do(&self->door, req, &res));
	EXPECT_TRUE(in_hour(ttl_of(&self->door), 1));
	req = req_put(KEY, big, sizeof(big));
	req.flags |= KVS_F_APPEND;
	ASSERT_EQ(0, door_do(&self->door, req, &res));
	EXPECT_TRUE(in_hour(ttl_of(&self->door), 1));
	step_clear(&self->door, KEY);
}

TEST_F(door, extremes)
{
	struct kvs_req req = req_put_str(KEY, "value");
	struct kvs_res res;

	step_clear(&self->door, KEY);
	EXPECT_EQ(-EINVAL, door_do(&self->door, req_ttl(req, 0), &res));
	ASSERT_EQ(0, door_do(&self->door, req_ttl(req, ~0ULL), &res));
	EXPECT_EQ(KVS_TTL_NEVER, ttl_of(&self->door));
	ASSERT_EQ(0, door_do(&self->door, req_ttl(req, ~0ULL >> 1), &res));
	EXPECT_EQ(KVS_TTL_NEVER, ttl_of(&self->door));
	req.flags |= KVS_F_TTL_ABS;
	req.ttl = 1;
	ASSERT_EQ(0, door_do(&self->door, req, &res));
	EXPECT_EQ(-ENOENT, step_get(&self->door, KEY, NULL, 0, &res));
}

TEST_HARNESS_MAIN
