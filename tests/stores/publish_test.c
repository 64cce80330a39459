// SPDX-License-Identifier: GPL-2.0-only
/*
 * Staging stores, and PUBLISH: which contents are seen by which name. What many
 * see of it at the same time is in publish_race_test.c.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>

#include <kselftest_harness.h>

#include "control.h"
#include "request.h"
#include "stall.h"
#include "store.h"

#define STORE "publish.live"
#define STAGING "publish.staging"
#define OTHER "publish.other"
#define KEY "publish.key"
#define LARGE (256 << 10)

FIXTURE(publish)
{
	int live, staging;
};

FIXTURE_SETUP(publish)
{
	self->live = store_make(STORE);
	ASSERT_LE(0, self->live);
	self->staging = store_stage(self->live, STAGING);
	ASSERT_LE(0, self->staging);
}

FIXTURE_TEARDOWN(publish)
{
	close(self->staging);
	close(self->live);
	store_clear(STORE);
}

static int put(int fd, const char *key, const char *value)
{
	return control_request(fd, req_put_str(key, value));
}

/* Is @value what stands under @key? */
static bool holds(int fd, const char *key, const char *value)
{
	char buf[64] = {};

	return !control_request(fd, req_get(key, buf, sizeof(buf))) &&
	       !strcmp(buf, value);
}

static __u64 version_of(int fd, const char *key)
{
	struct kvs_res res = {};

	control_request(fd, req_result(req_get(key, NULL, 0), &res));
	return res.version;
}

TEST_F(publish, staging_rules)
{
	struct kvs_create wish = store_wish(OTHER);
	int reader =
		control_restrict(self->live, KVS_RIGHT_ALL & ~KVS_RIGHT_ADMIN);

	/* One at a time, none for a staging one, and the name must be free */
	EXPECT_EQ(-EEXIST, store_create_staging(self->live, OTHER));
	EXPECT_EQ(-EINVAL, store_create_staging(self->staging, OTHER));
	EXPECT_EQ(-EACCES, store_create_staging(reader, OTHER));
	ASSERT_EQ(0, store_destroy(self->staging));
	EXPECT_EQ(-EEXIST, store_create_staging(self->live, STORE));
	EXPECT_EQ(-EEXIST, store_create_staging(self->live, "default"));
	EXPECT_EQ(-EINVAL, store_create_staging(self->live, ""));
	EXPECT_EQ(-EINVAL, store_create_staging(self->live, "a/b"));

	/* Nothing is set: all comes from the other store */
	wish.flags = KVS_CREATE_STAGING;
	wish.set = KVS_SET_MODE;
	wish.mode = 0600;
	EXPECT_EQ(-EOPNOTSUPP, store_create_as(self->live, wish));
	wish.set = 0;
	EXPECT_EQ(-EOPNOTSUPP, store_create_as(self->live, wish));
	wish.mode = 0;
	EXPECT_LT(0, store_create_as(self->live, wish));
	store_clear(OTHER);
	EXPECT_EQ(-ENOENT, store_publish(self->live));
	close(reader);
}

TEST_F(publish, staging_is_as_the_other)
{
	struct kvs_create wish = store_wish(OTHER);
	struct kvs_list_item live, staging;
	int fd, fresh;

	EXPECT_TRUE(store_find(self->live, 0, STAGING, &staging));
	EXPECT_EQ(KVS_STORE_STAGING, staging.flags);
	store_clear(OTHER);
	wish.set = KVS_SET_MODE | KVS_SET_UID | KVS_SET_GID |
		   KVS_SET_MAX_BYTES | KVS_SET_MAX_ENTRIES | KVS_SET_MAX_VALUE;
	wish.mode = 0604;
	wish.uid = 12;
	wish.gid = 34;
	wish.max_bytes = 1 << 20;
	wish.max_entries = 56;
	wish.max_value = 78;
	fd = store_make_as(wish);
	ASSERT_LE(0, fd);
	fresh = store_stage(fd, "publish.fresh");
	ASSERT_LE(0, fresh);
	ASSERT_TRUE(store_find(fd, 0, OTHER, &live));
	ASSERT_TRUE(store_find(fd, 0, "publish.fresh", &staging));
	EXPECT_EQ(KVS_STORE_STAGING, staging.flags);
	EXPECT_EQ(live.number, staging.of);
	EXPECT_EQ(live.mode, staging.mode);
	EXPECT_EQ(live.uid, staging.uid);
	EXPECT_EQ(live.gid, staging.gid);
	EXPECT_EQ(live.max_bytes, staging.max_bytes);
	EXPECT_EQ(live.max_entries, staging.max_entries);
	EXPECT_EQ(live.max_value, staging.max_value);
	EXPECT_NE(live.store_id, staging.store_id);
	close(fresh);
	close(fd);
	store_clear(OTHER);
}

TEST_F(publish, refused)
{
	int reader =
		control_restrict(self->live, KVS_RIGHT_ALL & ~KVS_RIGHT_ADMIN);

	ASSERT_LE(0, reader);
	EXPECT_EQ(-EACCES, store_publish(reader));
	EXPECT_EQ(-ENOENT, store_publish(self->staging));
	ASSERT_EQ(0, store_destroy(self->staging));
	EXPECT_EQ(-ENOENT, store_publish(self->live));
	EXPECT_EQ(-EIDRM, store_publish(self->staging));
	close(reader);
}

TEST_F(publish, contents_change_their_place)
{
	int i;

	ASSERT_EQ(0, put(self->live, KEY, "old"));
	ASSERT_EQ(0, put(self->live, "old", "here"));
	ASSERT_EQ(0, put(self->staging, KEY, "new"));
	ASSERT_EQ(0, put(self->staging, "new", "here"));
	for (i = 0; i < 6; i++) {
		int old = i % 2 ? self->staging : self->live;
		int new = i % 2 ? self->live : self->staging;

		EXPECT_TRUE(holds(old, KEY, "old"));
		EXPECT_TRUE(holds(old, "old", "here"));
		EXPECT_EQ(-ENOENT,
			  control_request(old, req_get("new", NULL, 0)));
		EXPECT_TRUE(holds(new, KEY, "new"));
		EXPECT_TRUE(holds(new, "new", "here"));
		EXPECT_EQ(-ENOENT,
			  control_request(new, req_get("old", NULL, 0)));
		EXPECT_EQ(2ULL, store_entries(old));
		ASSERT_EQ(0, store_publish(self->live));
	}
}

/* By each name versions only grow, and what was seen once is not unchanged. */
TEST_F(publish, versions)
{
	__u64 was[2], now[2], version;
	struct kvs_req get = req_get(KEY, NULL, 0);
	struct kvs_res res;
	int i;

	ASSERT_EQ(0, put(self->staging, KEY, "new"));
	ASSERT_EQ(0, put(self->live, KEY, "old"));
	was[0] = version_of(self->live, KEY);
	was[1] = version_of(self->staging, KEY);
	for (i = 0; i < 4; i++) {
		ASSERT_EQ(0, store_act(self->live, KVS_IOC_PUBLISH, &version));
		now[0] = version_of(self->live, KEY);
		now[1] = version_of(self->staging, KEY);
		EXPECT_LT(was[0], now[0]);
		EXPECT_LT(was[1], now[1]);
		EXPECT_LT(was[0], version);
		EXPECT_LE(now[0], control_version(self->live));
		EXPECT_EQ(control_version(self->staging),
			  control_version(self->live));
		get.flags = KVS_F_IF_CHANGED;
		get.cond = was[0];
		ASSERT_EQ(0,
			  control_request(self->live, req_result(get, &res)));
		EXPECT_EQ(0U, res.flags);
		EXPECT_EQ(-ESTALE,
			  control_request(self->live,
					  req_if_version(req_put_str(KEY, "x"),
							 was[0])));
		memcpy(was, now, sizeof(was));
	}
	/* With the version that is seen now it works, and draws a higher one */
	ASSERT_EQ(0, control_request(self->live,
				     req_if_version(req_put_str(KEY, "x"),
						    was[0])));
	EXPECT_LT(version, version_of(self->live, KEY));
}

/* Until one has ended in the store, but not for ever. */
static void await_expiry(int fd, struct kvs_store_stats *stats)
{
	int tries = 200;

	do {
		usleep(50000);
	} while (!store_stats(fd, stats) && !stats->expired && --tries);
}

TEST_F(publish, deadlines_and_counters)
{
	struct kvs_store_stats stats;
	struct kvs_res res;
	__s64 number;

	ASSERT_EQ(0, control_request(self->staging,
				     req_ttl(req_put_str("short", "v"),
					     1000000000)));
	ASSERT_EQ(0, control_request(self->staging,
				     req_ttl(req_put_str("long", "v"),
					     3600000000000ULL)));
	ASSERT_EQ(0, control_request(self->staging, req_add_create("n", 41)));
	ASSERT_EQ(0, store_publish(self->live));
	ASSERT_EQ(0,
		  control_request(self->live,
				  req_result(req_get("long", NULL, 0), &res)));
	EXPECT_GT(3600000000000ULL, res.ttl);
	EXPECT_LT(3500000000000ULL, res.ttl);
	ASSERT_EQ(0, control_request(self->live, req_add("n", 1)));
	ASSERT_EQ(0, control_request(self->live, req_get("n", &number, 8)));
	EXPECT_EQ(42, number);
	await_expiry(self->live, &stats);
	EXPECT_EQ(-ENOENT,
		  control_request(self->live, req_get("short", NULL, 0)));
	/* It ended where it was, by the name that it had then */
	EXPECT_EQ(1ULL, stats.expired);
	EXPECT_EQ(2ULL, stats.entries);
	ASSERT_EQ(0, store_stats(self->staging, &stats));
	EXPECT_EQ(0ULL, stats.expired);
}

/* What was done stays with the name, what is there goes with the contents. */
TEST_F(publish, statistics)
{
	struct kvs_store_stats live, staging, after;
	int i;

	for (i = 0; i < 3; i++)
		ASSERT_EQ(0, put(self->live, KEY, "v"));
	ASSERT_EQ(0, put(self->staging, "a", "v"));
	ASSERT_EQ(0, put(self->staging, "b", "v"));
	ASSERT_EQ(0, store_stats(self->live, &live));
	ASSERT_EQ(0, store_stats(self->staging, &staging));
	ASSERT_EQ(0, store_publish(self->live));
	ASSERT_EQ(0, store_stats(self->live, &after));
	EXPECT_EQ(live.puts, after.puts);
	EXPECT_EQ(live.publishes + 1, after.publishes);
	EXPECT_EQ(staging.entries, after.entries);
	EXPECT_EQ(staging.bytes, after.bytes);
	/* More where stores of earlier tests are not free yet */
	EXPECT_LE(live.bytes + staging.bytes, after.user_bytes);
	EXPECT_LE(live.entries + staging.entries, after.user_entries);
	ASSERT_EQ(0, store_stats(self->staging, &after));
	EXPECT_EQ(staging.puts, after.puts);
	EXPECT_EQ(0ULL, after.publishes);
	EXPECT_EQ(live.entries, after.entries);
	EXPECT_EQ(live.bytes, after.bytes);
}

/* Both have their own contents, and the other one's are not touched. */
TEST_F(publish, flushed_and_destroyed)
{
	ASSERT_EQ(0, put(self->live, KEY, "old"));
	ASSERT_EQ(0, put(self->staging, KEY, "new"));
	ASSERT_EQ(0, store_publish(self->live));
	ASSERT_EQ(0, store_flush(self->staging));
	EXPECT_TRUE(holds(self->live, KEY, "new"));
	ASSERT_EQ(0, store_publish(self->live));
	EXPECT_EQ(-ENOENT, control_request(self->live, req_get(KEY, NULL, 0)));
	EXPECT_TRUE(holds(self->staging, KEY, "new"));
	ASSERT_EQ(0, store_publish(self->live));
	ASSERT_EQ(0, store_destroy(self->staging));
	EXPECT_TRUE(holds(self->live, KEY, "new"));
	ASSERT_EQ(0, store_flush(self->live));
	EXPECT_EQ(0ULL, store_entries(self->live));
}

struct writing {
	int fd;
	struct kvs_req req;
	int status;
};

static void *write_large(void *arg)
{
	struct writing *writing = arg;

	writing->status = control_request(writing->fd, writing->req);
	return NULL;
}

/*
 * A value that is still on its way in when its store gets other contents lands
 * where its name is then, and is charged there.
 */
TEST_F(publish, slow_writer)
{
	struct writing writing = { .fd = self->live };
	struct stall stall;
	pthread_t thread;
	int turns;

	for (turns = 1; turns < 4; turns++) {
		ASSERT_EQ(0, stall_open(&stall, LARGE));
		writing.req = req_put(KEY, stall.base, LARGE);
		ASSERT_EQ(0,
			  pthread_create(&thread, NULL, write_large, &writing));
		ASSERT_TRUE(stall_wait(&stall, 1));
		for (int i = 0; i < turns; i++)
			ASSERT_EQ(0, store_publish(self->live));
		stall_end(&stall);
		pthread_join(thread, NULL);
		stall_close(&stall);
		EXPECT_EQ(0, writing.status);
		EXPECT_EQ(1ULL, store_entries(self->live));
		EXPECT_EQ(0ULL, store_entries(self->staging));
		EXPECT_LE((__u64)LARGE, store_bytes(self->live));
		EXPECT_EQ(0ULL, store_bytes(self->staging));
		ASSERT_EQ(0, control_request(self->live, req_delete(KEY)));
		ASSERT_TRUE(store_falls_to(self->live, 0, 10));
	}
}

TEST_HARNESS_MAIN
