// SPDX-License-Identifier: GPL-2.0-only
/*
 * DESTROY: the name is free at once, whoever is still bound gets EIDRM, and
 * what a reader has begun to read it reads to its end.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>

#include "control.h"
#include "crew.h"
#include "door_fixture.h"
#include "figures.h"
#include "histogram.h"
#include "module.h"
#include "request.h"
#include "size.h"
#include "stall.h"
#include "store.h"

#define STORE "destroy.one"
#define STAGING "destroy.staging"
#define KEY "destroy.key"
#define LARGE (256 << 10)

FIXTURE(destroy)
{
	int fd;
};

FIXTURE_SETUP(destroy)
{
	self->fd = store_make(STORE);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, control_request(self->fd, req_put_str(KEY, "value")));
}

FIXTURE_TEARDOWN(destroy)
{
	close(self->fd);
	store_clear(STORE);
}

TEST_F(destroy, control_commands)
{
	struct kvs_create wish = store_wish("destroy.other");
	struct kvs_alter alter = {};
	struct kvs_store_stats stats;
	struct kvs_list_item item;
	struct kvs_histogram lag;
	struct kvs_info info;
	struct kvs_bind bind;
	__u64 version;
	int fd = self->fd;

	ASSERT_EQ(0, store_act(fd, KVS_IOC_DESTROY, &version));
	EXPECT_EQ(0ULL, version);
	EXPECT_EQ(-EIDRM, control_info(fd, &info));
	EXPECT_EQ(-EISCONN, control_bind(fd, "default", &bind));
	EXPECT_EQ(-EIDRM, control_restrict(fd, KVS_RIGHT_READ));
	EXPECT_EQ(-EIDRM, store_alter(fd, alter));
	EXPECT_EQ(-EIDRM, store_stats(fd, &stats));
	EXPECT_EQ(-EIDRM, histogram_take(fd, KVS_HISTOGRAM_LAG, 0, &lag));
	EXPECT_EQ(-EIDRM, histogram_measure(fd, true));
	EXPECT_EQ(-EIDRM, store_flush(fd));
	EXPECT_EQ(-EIDRM, store_publish(fd));
	EXPECT_EQ(-EIDRM, store_destroy(fd));
	EXPECT_EQ(-EIDRM, store_create_staging(fd, STAGING));
	EXPECT_EQ(-ENOENT, store_open(STAGING, O_RDWR));
	/* These two have nothing to do with the store */
	EXPECT_FALSE(store_find(fd, 0, STORE, &item));
	EXPECT_LT(0, store_create_as(fd, wish));
	store_clear("destroy.other");
}

TEST_F(door, requests)
{
	static char value[8192];
	int fd = store_make(STORE);
	struct door door;
	struct kvs_bucket_args bucket = {
		.size = sizeof(bucket),
		.interval_ns = 1,
		.burst = 1,
		.cost = 1,
	};
	struct kvs_bitop_args bitop = { .size = sizeof(bitop), .op = 1 };
	struct kvs_req append = req_put_str(KEY, "more");
	struct kvs_req reqs[] = {
		req_get(KEY, NULL, 0),
		req_get(KEY, value, sizeof(value)),
		req_put_str(KEY, "v"),
		req_put(KEY, value, sizeof(value)),
		req_ttl(req_put_str(KEY, "v"), 1000000000),
		req_delete(KEY),
		req_add(KEY, 1),
		req_add_create(KEY, 1),
		req_number(KVS_XCHG, KEY, 1),
		req_operands(req_verb(KVS_BITOP, KEY), &bitop),
		req_operands(req_verb(KVS_BUCKET, KEY), &bucket),
		req_touch(KEY, KVS_TOUCH_PERSIST),
		req_stat(KEY, NULL),
		append,
	};
	struct kvs_res res;
	size_t i;

	reqs[ARRAY_SIZE(reqs) - 1].flags |= KVS_F_APPEND | KVS_F_CREATE;
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, door_attach(&door, variant->kind,
				 variant->how & ~DOOR_CROWD, fd));
	ASSERT_EQ(0, door_do(&door, req_put_str(KEY, "v"), &res));
	ASSERT_EQ(0, store_destroy(fd));
	for (i = 0; i < ARRAY_SIZE(reqs); i++) {
		EXPECT_EQ(-EIDRM, door_do(&door, reqs[i], &res))
		{
			TH_LOG("request %zu", i);
		}
		EXPECT_EQ(0ULL, res.version);
	}
	door_close(&door);
}

TEST_F(destroy, refused)
{
	int fd = control_open_default(O_RDWR);
	int staging = store_stage(self->fd, STAGING);

	ASSERT_LE(0, fd);
	EXPECT_EQ(-EPERM, store_destroy(fd));
	EXPECT_EQ(0, control_request(fd, req_put_str(KEY, "value")));
	EXPECT_EQ(0, control_request(fd, req_delete(KEY)));
	close(fd);

	EXPECT_EQ(-EBUSY, store_destroy(self->fd));
	EXPECT_EQ(0, control_request(self->fd, req_get(KEY, NULL, 0)));
	EXPECT_EQ(0, store_destroy(staging));
	EXPECT_EQ(-EIDRM, control_request(staging, req_get(KEY, NULL, 0)));
	EXPECT_EQ(-ENOENT, store_publish(self->fd));
	EXPECT_EQ(0, store_destroy(self->fd));
	close(staging);
}

TEST_F(destroy, name_is_free_at_once)
{
	struct kvs_info info;
	__u64 id;
	int fd, i;

	for (i = 0; i < 10; i++) {
		ASSERT_EQ(0, control_info(self->fd, &info));
		id = info.store_id;
		ASSERT_EQ(0, store_destroy(self->fd));
		EXPECT_EQ(-ENOENT, store_open(STORE, O_RDWR));
		EXPECT_EQ(-ENOENT,
			  store_open_number(info.store_number, O_RDWR));
		EXPECT_EQ(-1, figures_sysfs_of(info.store_number, "entries"));
		fd = store_make(STORE);
		ASSERT_LE(0, fd);
		ASSERT_EQ(0, control_info(fd, &info));
		EXPECT_NE(id, info.store_id);
		EXPECT_EQ(-ENOENT, control_request(fd, req_get(KEY, NULL, 0)));
		EXPECT_EQ(-EIDRM,
			  control_request(self->fd, req_get(KEY, NULL, 0)));
		close(self->fd);
		self->fd = fd;
	}
}

/* A handle that RESTRICT made is bound to the same store. */
TEST_F(destroy, restricted_handles)
{
	int reader = control_restrict(self->fd, KVS_RIGHT_READ);

	ASSERT_LE(0, reader);
	EXPECT_EQ(-EACCES, store_destroy(reader));
	ASSERT_EQ(0, store_destroy(self->fd));
	EXPECT_EQ(-EIDRM, control_request(reader, req_get(KEY, NULL, 0)));
	close(reader);
}

struct reading {
	int fd;
	struct kvs_req req;
	struct kvs_res res;
	int status;
};

static void *read_large(void *arg)
{
	struct reading *reading = arg;

	reading->req = req_result(reading->req, &reading->res);
	reading->status = control_request(reading->fd, reading->req);
	return NULL;
}

/* A value whose copy waits for a page outlives its store. */
TEST_F(destroy, slow_reader)
{
	struct reading reading = { .fd = self->fd };
	char *value = malloc(LARGE);
	struct stall stall;
	pthread_t thread;

	ASSERT_NE(NULL, value);
	memset(value, 'v', LARGE);
	ASSERT_EQ(0, control_request(self->fd, req_put(KEY, value, LARGE)));
	ASSERT_EQ(0, stall_open(&stall, LARGE));
	reading.req = req_get(KEY, stall.base, LARGE);
	ASSERT_EQ(0, pthread_create(&thread, NULL, read_large, &reading));
	ASSERT_TRUE(stall_wait(&stall, 1));
	ASSERT_EQ(0, store_destroy(self->fd));
	EXPECT_EQ(-EIDRM, control_request(self->fd, req_get(KEY, NULL, 0)));
	usleep(200000);
	stall_end(&stall);
	pthread_join(thread, NULL);
	EXPECT_EQ(0, reading.status);
	EXPECT_EQ((__u32)LARGE, reading.res.len);
	EXPECT_EQ(0, memcmp(value, stall.base, LARGE));
	stall_close(&stall);
	free(value);
}

/* The same for a value that is still on its way in. */
TEST_F(destroy, slow_writer)
{
	struct reading writing = { .fd = self->fd };
	struct stall stall;
	pthread_t thread;

	ASSERT_EQ(0, stall_open(&stall, LARGE));
	writing.req = req_put(KEY, stall.base, LARGE);
	ASSERT_EQ(0, pthread_create(&thread, NULL, read_large, &writing));
	ASSERT_TRUE(stall_wait(&stall, 1));
	ASSERT_EQ(0, store_destroy(self->fd));
	stall_end(&stall);
	pthread_join(thread, NULL);
	EXPECT_EQ(-EIDRM, writing.status);
	stall_close(&stall);
}

struct turmoil {
	long rounds;
	int over;
};

/* What is listed is whole: a store on its way out is listed as it was. */
static int list_always(struct turmoil *turmoil)
{
	struct kvs_list_item items[8];
	int fd = control_open(O_RDWR), n, failed = 0;
	__u32 start = 0;

	while (!failed && !__atomic_load_n(&turmoil->over, __ATOMIC_SEQ_CST)) {
		n = store_list(fd, 0, items, 8, &start);
		failed = n < 0;
		while (n-- > 0)
			failed |= !items[n].max_bytes || !items[n].store_id ||
				  !items[n].store_name[0];
		figures_procfs_of(STORE, "bytes");
	}
	close(fd);
	return failed;
}

/* Each error that the others cause is one of these. */
static int use_always(struct turmoil *turmoil)
{
	static char value[8192];
	int fd, ret, failed = 0;

	while (!failed && !__atomic_load_n(&turmoil->over, __ATOMIC_SEQ_CST)) {
		fd = store_open(STORE, O_RDWR);
		if (fd < 0) {
			failed = fd != -ENOENT && fd != -EIDRM ? fd : 0;
			continue;
		}
		do {
			ret = control_request(fd, req_put(KEY, value, 8192));
			if (!ret)
				ret = control_request(fd, req_get(KEY, value,
								  8192));
		} while (!ret);
		failed = ret != -EIDRM ? ret : 0;
		close(fd);
	}
	if (failed)
		printf("# %s: %d\n", __func__, failed);
	return failed;
}

static int make_always(struct turmoil *turmoil)
{
	int fd, failed = 0;
	long i;

	for (i = 0; i < turmoil->rounds && !failed; i++) {
		fd = store_make(STORE);
		failed = fd < 0 || control_request(fd, req_put_str("x", "y")) ||
			 store_destroy(fd);
		close(fd);
	}
	__atomic_store_n(&turmoil->over, 1, __ATOMIC_SEQ_CST);
	return failed;
}

static int in_turmoil(unsigned int member, void *arg)
{
	switch (member) {
	case 0:
		return make_always(arg);
	case 1:
		return list_always(arg);
	default:
		return use_always(arg);
	}
}

TEST_F(destroy, used_and_listed_meanwhile)
{
	struct turmoil turmoil = { .rounds = kvs_test_size("DESTROY_ROUNDS") };
	struct kvs_store_stats stats;
	int fd;

	EXPECT_EQ(0, crew_threads(4, in_turmoil, &turmoil));
	fd = control_open_default(O_RDWR);
	ASSERT_LE(0, fd);
	store_flush(fd);
	EXPECT_TRUE(store_user_falls_to(fd, 0, 10));
	ASSERT_EQ(0, store_stats(fd, &stats));
	EXPECT_EQ(0ULL, stats.user_entries);
	close(fd);
}

TEST_HARNESS_MAIN
