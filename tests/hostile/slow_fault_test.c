// SPDX-License-Identifier: GPL-2.0-only
/*
 * User memory that takes its time: each pointer of a request leads to a page
 * that is not there while others work on the same entry. No lock is held
 * meanwhile, and in the end the request has done what it would have done.
 */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "scan.h"
#include "slow_fixture.h"

static char large[LARGE], large_read[LARGE];

FIXTURE_VARIANT(slow)
{
	enum door_kind kind;
	unsigned int how;
};

FIXTURE_SETUP(slow)
{
	ASSERT_EQ(0, stall_open(&self->stall, LARGE));
	ASSERT_EQ(0, door_open(&self->door, variant->kind, variant->how));
	self->fd = control_open_default(O_RDWR);
	ASSERT_LE(0, self->fd);
	memset(large, 'L', sizeof(large));
	self->figures = figures_now();
	self->key = SLOW_KEY;
	self->base = req_put(SLOW_KEY, large, SMALL);
	ASSERT_EQ(0, control_request(self->fd, self->base));
}

FIXTURE_TEARDOWN(slow)
{
	control_request(self->fd, req_delete(SLOW_KEY));
	control_request(self->fd, req_delete(SLOW_LONG));
	EXPECT_TRUE(figures_return(&self->figures));
	close(self->fd);
	door_close(&self->door);
	stall_close(&self->stall);
}

/* clang-format off */
FIXTURE_VARIANT_ADD(slow, ioctl_req) {
	.kind = DOOR_IOCTL_REQ,
};

FIXTURE_VARIANT_ADD(slow, ioctl_vec_crowd) {
	.kind = DOOR_IOCTL_VEC, .how = DOOR_CROWD,
};

FIXTURE_VARIANT_ADD(slow, uring_vec) {
	.kind = DOOR_URING_VEC,
};

FIXTURE_VARIANT_ADD(slow, uring_req) {
	.kind = DOOR_URING_REQ,
};

FIXTURE_VARIANT_ADD(slow, uring_req_async) {
	.kind = DOOR_URING_REQ, .how = DOOR_ASYNC,
};

FIXTURE_VARIANT_ADD(slow, uring_req_sqpoll) {
	.kind = DOOR_URING_REQ, .how = DOOR_SQPOLL,
};

/* clang-format on */

static void use(struct _test_data_slow *self, struct kvs_req req)
{
	self->req = req_result(req, &self->res);
}

TEST_F(slow, key)
{
	self->key = SLOW_LONG;
	self->base = req_put(SLOW_LONG, large, SMALL);
	memcpy(self->stall.shadow, SLOW_LONG, strlen(SLOW_LONG));
	use(self, req_key(KVS_DELETE, self->stall.base, strlen(SLOW_LONG)));
	EXPECT_EQ(0, slow_run(_metadata, self));
	EXPECT_EQ(-ENOENT,
		  control_request(self->fd, req_get(SLOW_LONG, NULL, 0)));
}

static void check_put(struct __test_metadata *_metadata,
		      struct _test_data_slow *self, __u32 len)
{
	memset(self->stall.shadow, 'P', len);
	use(self, req_put(SLOW_KEY, self->stall.base, len));
	EXPECT_EQ(0, slow_run(_metadata, self));
	EXPECT_EQ(0, control_request(self->fd,
				     req_get(SLOW_KEY, large_read, LARGE)));
	EXPECT_EQ(0, memcmp(large_read, self->stall.shadow, len));
}

TEST_F(slow, put_small)
{
	check_put(_metadata, self, SMALL);
}

/* Memory for it is there and charged when it gets stuck. */
TEST_F(slow, put_large)
{
	check_put(_metadata, self, LARGE);
}

static void check_get(struct __test_metadata *_metadata,
		      struct _test_data_slow *self, __u32 len)
{
	memset(large, 'G', len);
	self->base = req_put(SLOW_KEY, large, len);
	ASSERT_EQ(0, control_request(self->fd, self->base));
	use(self, req_get(SLOW_KEY, self->stall.base, LARGE));
	EXPECT_EQ(0, slow_run(_metadata, self));
	EXPECT_EQ(len, self->res.len);
	EXPECT_EQ(0, memcmp(self->stall.base, large, len));
}

TEST_F(slow, get_small)
{
	check_get(_metadata, self, SMALL);
}

/* The bystander removes the very entry that is being copied. */
TEST_F(slow, get_large)
{
	check_get(_metadata, self, LARGE);
}

TEST_F(slow, stat)
{
	const struct kvs_stat *stat = (void *)self->stall.base;

	use(self, req_stat(SLOW_KEY, (void *)self->stall.base));
	EXPECT_EQ(0, slow_run(_metadata, self));
	EXPECT_EQ(SMALL, stat->value_len);
}

TEST_F(slow, add_args)
{
	const struct kvs_add_args args = { .size = sizeof(args), .max = 100 };
	__s64 number = 5;

	self->base = req_put_counter(SLOW_KEY, &number);
	memcpy(self->stall.shadow, &args, sizeof(args));
	use(self, req_args(req_add(SLOW_KEY, 90), (void *)self->stall.base));
	self->req.flags |= KVS_F_MAX;
	EXPECT_EQ(0, slow_run(_metadata, self));
	EXPECT_EQ(95, self->res.number);
}

/* Operands of PUT, and what they lead to. */
static struct kvs_req put_with(const struct kvs_value_args *args, __u32 flags)
{
	struct kvs_req req = req_operands(req_put(SLOW_KEY, "new", 3), args);

	req.flags |= flags;
	return req;
}

TEST_F(slow, value_args)
{
	const struct kvs_value_args args = { .size = sizeof(args),
					     .expect = addr_of(large),
					     .expect_len = 50 };

	self->base = req_put(SLOW_KEY, large, 50);
	memcpy(self->stall.shadow, &args, sizeof(args));
	use(self, put_with((void *)self->stall.base, KVS_F_IF_EQ));
	EXPECT_EQ(0, slow_run(_metadata, self));
}

TEST_F(slow, expected_value)
{
	const struct kvs_value_args args = {
		.size = sizeof(args),
		.expect = addr_of(self->stall.base),
		.expect_len = 50,
	};

	self->base = req_put(SLOW_KEY, large, 50);
	memcpy(self->stall.shadow, large, 50);
	use(self, put_with(&args, KVS_F_IF_EQ));
	EXPECT_EQ(0, slow_run(_metadata, self));
}

/* What was answered as the old value is what was replaced in the end. */
static void check_old(struct __test_metadata *_metadata,
		      struct _test_data_slow *self, __u32 len)
{
	const struct kvs_value_args args = {
		.size = sizeof(args),
		.old = addr_of(self->stall.base),
		.old_len = LARGE,
	};

	self->base = req_put(SLOW_KEY, large, len);
	ASSERT_EQ(0, control_request(self->fd, self->base));
	use(self, put_with(&args, KVS_F_RET_OLD));
	EXPECT_EQ(0, slow_run(_metadata, self));
	EXPECT_EQ(len, self->res.len);
	EXPECT_EQ(0, memcmp(self->stall.base, large, len));
}

TEST_F(slow, old_value)
{
	check_old(_metadata, self, SMALL);
}

TEST_F(slow, old_large_value)
{
	check_old(_metadata, self, LARGE);
}

/* A page of the one entry that others work on meanwhile. */
static void check_scan(struct __test_metadata *_metadata,
		       struct _test_data_slow *self, struct kvs_req req)
{
	use(self, req);
	EXPECT_EQ(0, slow_run(_metadata, self));
	EXPECT_EQ(1, self->res.number);
}

static struct scan scan;

static void begin_scan(void)
{
	scan_begin(&scan, 0);
	scan_prefix(&scan, SLOW_KEY);
}

TEST_F(slow, scan_args)
{
	struct kvs_req req;

	begin_scan();
	memcpy(self->stall.shadow, &scan.args, sizeof(scan.args));
	req = scan_req(&scan, LARGE);
	req.cond = addr_of(self->stall.base);
	check_scan(_metadata, self, req);
}

TEST_F(slow, scan_prefix)
{
	begin_scan();
	scan.args.start = addr_of(self->stall.base);
	memcpy(self->stall.shadow, SLOW_KEY, scan.args.start_len);
	check_scan(_metadata, self, scan_req(&scan, LARGE));
}

TEST_F(slow, scan_last)
{
	begin_scan();
	scan.args.last = addr_of(self->stall.base);
	check_scan(_metadata, self, scan_req(&scan, LARGE));
	EXPECT_EQ(0, memcmp(self->stall.base, SLOW_KEY, scan.args.last_len));
}

static void check_page(struct __test_metadata *_metadata,
		       struct _test_data_slow *self, __u32 len)
{
	const struct kvs_scan_item *item = (void *)self->stall.base;
	struct kvs_req req;

	memset(large, 'S', len);
	self->base = req_put(SLOW_KEY, large, len);
	ASSERT_EQ(0, control_request(self->fd, self->base));
	begin_scan();
	req = scan_req(&scan, LARGE);
	req.value = addr_of(self->stall.base);
	check_scan(_metadata, self, req);
	EXPECT_EQ(len, item->value_len);
	EXPECT_EQ(0, memcmp(scan_value(item), large, len));
}

TEST_F(slow, page_of_a_small_value)
{
	check_page(_metadata, self, SMALL);
}

TEST_F(slow, page_of_a_large_value)
{
	check_page(_metadata, self, LARGE / 2);
}

TEST_F(slow, last_of_delete_range)
{
	begin_scan();
	scan.args.last = addr_of(self->stall.base);
	check_scan(_metadata, self, scan_delete_req(&scan));
	EXPECT_EQ(-ENOENT,
		  control_request(self->fd, req_get(SLOW_KEY, NULL, 0)));
}

/* What is about to change something writes its result first. */
static void check_result(struct __test_metadata *_metadata,
			 struct _test_data_slow *self, struct kvs_req req)
{
	const struct kvs_res *res = (void *)self->stall.base;
	bool crowd = self->door.how & DOOR_CROWD;

	self->req = req_result(req, (void *)self->stall.base);
	/* The door itself looks at the result of one in a crowd */
	EXPECT_EQ(0, slow_run(_metadata, self));
	EXPECT_EQ(0, res->status);
	EXPECT_TRUE(crowd || res->version || req.verb == KVS_GET);
}

TEST_F(slow, result_of_get)
{
	check_result(_metadata, self, req_get(SLOW_KEY, large_read, LARGE));
}

TEST_F(slow, result_of_large_get)
{
	self->base = req_put(SLOW_KEY, large, LARGE);
	ASSERT_EQ(0, control_request(self->fd, self->base));
	check_result(_metadata, self, req_get(SLOW_KEY, large_read, LARGE));
}

TEST_F(slow, result_of_put)
{
	check_result(_metadata, self, req_put(SLOW_KEY, large, SMALL));
}

TEST_F(slow, result_of_large_put)
{
	check_result(_metadata, self, req_put(SLOW_KEY, large, LARGE));
}

TEST_F(slow, result_of_delete)
{
	check_result(_metadata, self, req_delete(SLOW_KEY));
}

TEST_F(slow, result_of_add)
{
	__s64 number = 5;

	self->base = req_put_counter(SLOW_KEY, &number);
	check_result(_metadata, self, req_add(SLOW_KEY, 1));
}

/* The request itself, by ioctl; or an array of them, by ioctl and by ring. */
static int send_stalled(void *arg)
{
	struct _test_data_slow *self = arg;
	struct kvs_vec vec = { .reqs = addr_of(self->stall.base), .count = 2 };

	if (self->door.kind == DOOR_IOCTL_REQ)
		return control_ioctl(self->door.fd, KVS_IOC_REQ,
				     self->stall.base);
	return door_send_vec(&self->door, &vec);
}

TEST_F(slow, request)
{
	struct kvs_req reqs[] = { req_put(SLOW_KEY, large, SMALL),
				  req_delete(SLOW_KEY) };
	bool vec = self->door.kind != DOOR_IOCTL_REQ;

	/* Where a request is in the ring itself, that ring takes arrays too */
	if (self->door.kind == DOOR_URING_REQ)
		self->door.kind = DOOR_URING_VEC;
	reqs[0].result = addr_of(&self->res);
	reqs[1].result = addr_of(&self->res);
	memcpy(self->stall.shadow, reqs, sizeof(reqs));
	self->send = send_stalled;
	EXPECT_EQ(0, slow_run(_metadata, self));
	EXPECT_EQ(0, self->res.status);
	EXPECT_EQ(vec ? -ENOENT : 0,
		  control_request(self->fd, req_get(SLOW_KEY, NULL, 0)));
}

TEST_HARNESS_MAIN
