// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the kernel writes to user memory is what it says it writes: every byte
 * of it, with the same content whatever lay on the kernel's stack and in the
 * caller's memory before, and not a byte beyond.
 */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include <kselftest_harness.h>

#include "control.h"
#include "door.h"
#include "request.h"
#include "scan.h"
#include "twin.h"

#define BLOB "leak.blob"
#define COUNTER "leak.counter"
#define NEW "leak.new"
#define MISSING "leak.missing"
#define BLOB_LEN 40U

FIXTURE(leak)
{
	struct door door;
	struct twin res, value;
	unsigned char blob[TWIN_ROOM];
};

FIXTURE_VARIANT(leak)
{
	enum door_kind kind;
};

FIXTURE_SETUP(leak)
{
	ASSERT_EQ(0, door_open(&self->door, variant->kind, 0));
	memset(self->blob, 'b', sizeof(self->blob));
}

FIXTURE_TEARDOWN(leak)
{
	control_request(self->door.fd, req_delete(BLOB));
	control_request(self->door.fd, req_delete(COUNTER));
	control_request(self->door.fd, req_delete(NEW));
	door_close(&self->door);
}

/* clang-format off */
FIXTURE_VARIANT_ADD(leak, ioctl_req) {
	.kind = DOOR_IOCTL_REQ,
};

FIXTURE_VARIANT_ADD(leak, ioctl_vec) {
	.kind = DOOR_IOCTL_VEC,
};

FIXTURE_VARIANT_ADD(leak, uring_vec) {
	.kind = DOOR_URING_VEC,
};

FIXTURE_VARIANT_ADD(leak, uring_req) {
	.kind = DOOR_URING_REQ,
};

/* clang-format on */

/*
 * Leaves something else on the kernel's stack in each pass: a key and a value
 * that it copies there, for entries that are not there.
 */
static void dirty_stack(int fd, int pass)
{
	unsigned char bytes[KVS_MAX_KEY];
	struct kvs_req req;

	memset(bytes, pass ? 0x5a : 0xc3, sizeof(bytes));
	control_request(fd, req_key(KVS_GET, bytes, sizeof(bytes)));
	req = req_put(MISSING, bytes, 256);
	req.flags = KVS_F_REPLACE;
	control_request(fd, req);
}

static void reset(struct _test_data_leak *self)
{
	__s64 number = 7;

	control_request(self->door.fd, req_delete(NEW));
	control_request(self->door.fd, req_put(BLOB, self->blob, BLOB_LEN));
	control_request(self->door.fd, req_put_counter(COUNTER, &number));
}

/* @req once in each pass, with outputs of its own if it has any. */
static int run_twice(struct _test_data_leak *self, struct kvs_req req,
		     __u32 flags)
{
	bool outputs = req.verb == KVS_GET || req.verb == KVS_STAT;
	int pass, status[2] = {};

	req.flags |= flags;
	for (pass = 0; pass < 2; pass++) {
		reset(self);
		req.result = addr_of(twin_fill(&self->res, pass));
		twin_fill(&self->value, pass);
		if (outputs && req.value_len)
			req.value = addr_of(self->value.bytes[pass]);
		dirty_stack(self->door.fd, pass);
		status[pass] = door_send(&self->door, &req);
	}
	return status[0] == status[1] ? status[0] : -EBADMSG;
}

static void expect_exactly(struct __test_metadata *_metadata,
			   const struct twin *twin, size_t len,
			   const char *what)
{
	EXPECT_EQ(len, twin_written(twin, 0, len))
	{
		TH_LOG("%s: not all written", what);
	}
	EXPECT_EQ(TWIN_ROOM, twin_untouched(twin, len))
	{
		TH_LOG("%s: more than %zu bytes written", what, len);
	}
}

/* Versions differ from pass to pass; 0 where there is none. */
static void settle_version(struct __test_metadata *_metadata,
			   struct _test_data_leak *self)
{
	const struct kvs_res *res = (void *)self->res.bytes[0];

	if (!res->version)
		return;
	EXPECT_TRUE(twin_settle(&self->res, offsetof(struct kvs_res, version)));
}

struct outcome {
	const char *name;
	struct kvs_req req;
	int status;
	__u32 value; /* bytes at value that are written */
};

static void check_outcome(struct __test_metadata *_metadata,
			  struct _test_data_leak *self,
			  const struct outcome *outcome)
{
	const struct kvs_res *res = (void *)self->res.bytes[0];

	EXPECT_EQ(outcome->status, run_twice(self, outcome->req, 0));
	EXPECT_EQ(outcome->status, res->status);
	expect_exactly(_metadata, &self->res, KVS_RES_SHORT, outcome->name);
	expect_exactly(_metadata, &self->value, outcome->value, outcome->name);

	EXPECT_EQ(outcome->status,
		  run_twice(self, outcome->req, KVS_F_FULL_RESULT));
	EXPECT_EQ(0U, res->visited);
	EXPECT_EQ(0ULL, res->app_version);
	settle_version(_metadata, self);
	expect_exactly(_metadata, &self->res, sizeof(*res), outcome->name);
	expect_exactly(_metadata, &self->value, outcome->value, outcome->name);
}

TEST_F(leak, results_of_success)
{
	char room[BLOB_LEN];
	const __s64 number = 3;
	const struct outcome outcomes[] = {
		{ "get", req_get(BLOB, room, BLOB_LEN), 0, BLOB_LEN },
		{ "get of a counter", req_get(COUNTER, room, 8), 0, 8 },
		{ "get of a length", req_get(BLOB, NULL, 0), 0, 0 },
		{ "stat without a buffer", req_stat(BLOB, NULL), 0, 0 },
		{ "put of a new key", req_put_str(NEW, "new"), 0, 0 },
		{ "put over an old one", req_put_str(BLOB, "old"), 0, 0 },
		{ "put of a counter", req_put_counter(BLOB, &number), 0, 0 },
		{ "add", req_add(COUNTER, 1), 0, 0 },
		{ "add to a new key", req_add_create(NEW, 1), 0, 0 },
		{ "delete", req_delete(BLOB), 0, 0 },
	};
	size_t i;

	for (i = 0; i < sizeof(outcomes) / sizeof(outcomes[0]); i++)
		check_outcome(_metadata, self, &outcomes[i]);
}

TEST_F(leak, results_of_failure)
{
	char room[BLOB_LEN];
	struct kvs_req create = req_put_str(BLOB, "x");
	const struct outcome outcomes[] = {
		{ "get", req_get(MISSING, room, 8), -ENOENT, 0 },
		{ "get too small", req_get(BLOB, room, 8), -ERANGE, 0 },
		{ "stat", req_stat(MISSING, NULL), -ENOENT, 0 },
		{ "create", create, -EEXIST, 0 },
		{ "if version", req_if_version(create, ~0ULL), -ESTALE, 0 },
		{ "add", req_add(MISSING, 1), -ENOENT, 0 },
		{ "add to a blob", req_add(BLOB, 1), -EPROTOTYPE, 0 },
		{ "add too much", req_add(COUNTER, ~0ULL >> 1), -EOVERFLOW, 0 },
		{ "delete", req_delete(MISSING), -ENOENT, 0 },
		{ "no verb", req_verb(99, BLOB), -EOPNOTSUPP, 0 },
		{ "no key", req_verb(KVS_GET, ""), -EINVAL, 0 },
	};
	struct outcome one;
	size_t i;

	for (i = 0; i < sizeof(outcomes) / sizeof(outcomes[0]); i++) {
		one = outcomes[i];
		if (one.status == -EEXIST)
			one.req.flags |= KVS_F_CREATE;
		check_outcome(_metadata, self, &one);
	}
}

/* Small ones come from one place, large ones from another. */
TEST_F(leak, values_of_every_size)
{
	static const __u32 sizes[] = { 1,   7,	 8,   31,   32,	  33,
				       255, 256, 257, 4097, 9000, 20000 };
	char room[1];
	size_t i;

	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct kvs_req req = req_get(NEW, room, TWIN_ROOM);
		int fd = self->door.fd;
		int pass;

		req.flags = KVS_F_FULL_RESULT;
		for (pass = 0; pass < 2; pass++) {
			twin_fill(&self->value, pass);
			req.value = addr_of(self->value.bytes[pass]);
			req.result = addr_of(twin_fill(&self->res, pass));
			control_request(fd, req_delete(NEW));
			ASSERT_EQ(0,
				  control_request(fd, req_put(NEW, self->blob,
							      sizes[i])));
			dirty_stack(fd, pass);
			EXPECT_EQ(0, door_send(&self->door, &req));
		}
		expect_exactly(_metadata, &self->value, sizes[i], "value");
		EXPECT_EQ(0,
			  memcmp(self->value.bytes[0], self->blob, sizes[i]));
	}
}

/* What the memory of an entry held before is gone for good. */
TEST_F(leak, values_over_longer_ones)
{
	static const __u32 sizes[] = { 0, 1, 8, 100, 255 };
	unsigned char secret[256];
	int fd = self->door.fd;
	char room[1];
	size_t i;

	memset(secret, 'S', sizeof(secret));
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct kvs_req req = req_get(NEW, room, TWIN_ROOM);
		int pass;

		for (pass = 0; pass < 2; pass++) {
			ASSERT_EQ(0, control_request(fd, req_put(NEW, secret,
								 256)));
			ASSERT_EQ(0,
				  control_request(fd, req_put(NEW, self->blob,
							      sizes[i])));
			twin_fill(&self->value, pass);
			req.value = addr_of(self->value.bytes[pass]);
			EXPECT_EQ(0, door_send(&self->door, &req));
			EXPECT_EQ(NULL, memchr(self->value.bytes[pass], 'S',
					       TWIN_ROOM));
		}
		expect_exactly(_metadata, &self->value, sizes[i], "value");
	}
}

/* The value that was replaced or removed, in a buffer with room to spare. */
TEST_F(leak, old_values)
{
	static const __u32 sizes[] = { 0, 1, 100, 256, 257, 9000 };
	struct kvs_value_args args = { .size = sizeof(args),
				       .old_len = TWIN_ROOM };
	int fd = self->door.fd;
	struct kvs_req req;
	size_t i;
	int pass;

	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		for (pass = 0; pass < 2; pass++) {
			ASSERT_EQ(0,
				  control_request(fd, req_put(NEW, self->blob,
							      sizes[i])));
			args.old = addr_of(twin_fill(&self->value, pass));
			req = req_put_str(NEW, "new");
			if (i & 1)
				req = req_delete(NEW);
			req = req_operands(req, &args);
			req.flags |= KVS_F_RET_OLD;
			req.result = addr_of(twin_fill(&self->res, pass));
			dirty_stack(fd, pass);
			EXPECT_EQ(0, door_send(&self->door, &req));
		}
		expect_exactly(_metadata, &self->value, sizes[i], "old value");
		expect_exactly(_metadata, &self->res, KVS_RES_SHORT, "result");
	}
}

/* Items of every sort: with what fills them up, and not a byte behind. */
TEST_F(leak, pages_of_a_scan)
{
	static const __u32 sizes[] = { 0, 1, 100, 256, 257, 9000 };
	static struct scan scan;
	int fd = self->door.fd, pass;
	struct kvs_req req;
	size_t i;

	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		reset(self);
		ASSERT_EQ(0, control_request(fd, req_put(NEW, self->blob,
							 sizes[i])));
		for (pass = 0; pass < 2; pass++) {
			scan_begin(&scan, i & 1 ? KVS_SCAN_DESCENDING : 0);
			scan_prefix(&scan, "leak.");
			req = scan_req(&scan, TWIN_ROOM - 1);
			req.value = addr_of(twin_fill(&self->value, pass));
			req.result = addr_of(twin_fill(&self->res, pass));
			dirty_stack(fd, pass);
			EXPECT_EQ(0, door_send(&self->door, &req));
			EXPECT_TRUE(is_zero(scan.last + scan.args.last_len,
					    KVS_MAX_KEY - scan.args.last_len));
		}
		expect_exactly(_metadata, &self->value,
			       scan_size(9, BLOB_LEN) + scan_size(12, 8) +
				       scan_size(8, sizes[i]),
			       "page");
		expect_exactly(_metadata, &self->res, KVS_RES_SHORT, "result");
	}
}

/* All of the buffer is written, whatever of it this kernel knows. */
TEST_F(leak, stat_buffers)
{
	static const __u32 sizes[] = { KVS_STAT_MIN, 73, 100, 4095, 4096 };
	const struct kvs_stat *stat = (void *)self->value.bytes[0];
	const size_t known = sizeof(*stat);
	struct kvs_req req = req_stat(BLOB, NULL);
	size_t i;

	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		req.value_len = sizes[i];
		EXPECT_EQ(0, run_twice(self, req, 0));
		EXPECT_EQ(known, stat->size);
		EXPECT_EQ(0U, stat->flags & ~KVS_STAT_FETCHED);
		EXPECT_EQ(0U, stat->reserved);
		EXPECT_EQ(0ULL, stat->app_version);
		EXPECT_EQ(0LL, stat->number);
		EXPECT_TRUE(is_zero(stat + 1, sizes[i] - known));
		EXPECT_TRUE(twin_settle(&self->value,
					offsetof(struct kvs_stat, version)));
		EXPECT_TRUE(twin_settle(&self->value,
					offsetof(struct kvs_stat, age)));
		expect_exactly(_metadata, &self->value, sizes[i], "stat");
	}
}

TEST_F(leak, stat_of_nothing)
{
	struct kvs_req req = req_stat(MISSING, NULL);

	req.value_len = KVS_STAT_MIN;
	EXPECT_EQ(-ENOENT, run_twice(self, req, 0));
	expect_exactly(_metadata, &self->value, 0, "stat");
}

TEST_HARNESS_MAIN
