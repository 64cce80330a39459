// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every allocation that the module makes for a request fails once. The request
 * says so, and the store holds what it held before: each key, value and
 * version, and as many bytes.
 */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "contents.h"
#include "control.h"
#include "door.h"
#include "request.h"
#include "scan.h"
#include "trial.h"
#include "txn.h"

static struct contents noted, found;

FIXTURE(request)
{
	struct door door;
	struct kvs_req req;
	struct kvs_res res;
	struct kvs_stat stat;
	bool untold; /* what fails has another way */
	unsigned char value[HUGE_LEN];
};

FIXTURE_VARIANT(request)
{
	const char *name;
	enum door_kind kind;
	unsigned int how;
};

/*
 * A ring gets its worker now, and no other: one that is made later could not be
 * armed.
 */
static int hire_worker(struct door *door)
{
	unsigned int how = door->how;
	struct kvs_req req = req_stat(KEY_NEW, NULL);
	struct kvs_res res;
	int ret;

	if (!door_is_uring(door))
		return 0;
	ret = door_one_worker(door);
	door->how |= DOOR_ASYNC;
	door_do(door, req, &res);
	door->how = how;
	return ret;
}

FIXTURE_SETUP(request)
{
	ASSERT_EQ(0, fault_below_module());
	ASSERT_EQ(0, door_open(&self->door, variant->kind, variant->how));
	ASSERT_EQ(0, hire_worker(&self->door));
	/* The kernel shall find all pages that it writes to */
	memset(self->value, 1, sizeof(self->value));
}

FIXTURE_TEARDOWN(request)
{
	fault_anywhere();
	contents_remove(self->door.fd);
	door_close(&self->door);
}

/* clang-format off */
FIXTURE_VARIANT_ADD(request, ioctl_req) {
	.name = "ioctl_req", .kind = DOOR_IOCTL_REQ,
};

FIXTURE_VARIANT_ADD(request, ioctl_vec) {
	.name = "ioctl_vec", .kind = DOOR_IOCTL_VEC,
};

FIXTURE_VARIANT_ADD(request, ioctl_vec_crowd) {
	.name = "ioctl_vec_crowd", .kind = DOOR_IOCTL_VEC, .how = DOOR_CROWD,
};

FIXTURE_VARIANT_ADD(request, uring_vec) {
	.name = "uring_vec", .kind = DOOR_URING_VEC,
};

FIXTURE_VARIANT_ADD(request, uring_vec_crowd) {
	.name = "uring_vec_crowd", .kind = DOOR_URING_VEC, .how = DOOR_CROWD,
};

FIXTURE_VARIANT_ADD(request, uring_vec_async) {
	.name = "uring_vec_async", .kind = DOOR_URING_VEC, .how = DOOR_ASYNC,
};

FIXTURE_VARIANT_ADD(request, uring_req) {
	.name = "uring_req", .kind = DOOR_URING_REQ,
};

FIXTURE_VARIANT_ADD(request, uring_req_async) {
	.name = "uring_req_async", .kind = DOOR_URING_REQ, .how = DOOR_ASYNC,
};

/* clang-format on */

static void note_contents(void *arg)
{
	struct _test_data_request *self = arg;

	contents_restore(self->door.fd, &noted);
}

static bool contents_unchanged(void *arg)
{
	struct _test_data_request *self = arg;

	contents_read(self->door.fd, &found);
	return contents_same(&noted, &found);
}

static int send_request(void *arg)
{
	struct _test_data_request *self = arg;

	return door_do(&self->door, self->req, &self->res);
}

struct row {
	const char *name;
	struct kvs_req req;
	bool allocates;
};

static void run_rows(struct __test_metadata *_metadata,
		     struct _test_data_request *self,
		     const struct _fixture_variant_request *variant,
		     const struct row *rows, size_t count)
{
	struct trial trial = {
		.door = variant->name,
		.before = note_contents,
		.run = send_request,
		.unchanged = contents_unchanged,
		.arg = self,
	};

	for (; count; count--, rows++) {
		self->req = rows->req;
		trial.name = rows->name;
		trial.allocates = rows->allocates;
		trial.untold = self->untold;
		trial_run(_metadata, &trial);
	}
}

#define RUN_ROWS(rows) \
	run_rows(_metadata, self, variant, rows, sizeof(rows) / sizeof(*(rows)))

/* Readers must always be served: they allocate nothing. */
TEST_F(request, get)
{
	const struct row rows[] = {
		{ "get small", req_get(KEY_SMALL, self->value, 256), false },
		{ "get large", req_get(KEY_LARGE, self->value, LARGE_LEN),
		  false },
		{ "get huge", req_get(KEY_HUGE, self->value, HUGE_LEN), false },
		{ "get counter", req_get(KEY_COUNTER, self->value, 8), false },
		{ "get long key", req_get(KEY_LONG, self->value, 256), false },
	};

	RUN_ROWS(rows);
}

TEST_F(request, stat)
{
	const struct row rows[] = {
		{ "stat", req_stat(KEY_SMALL, &self->stat), false },
		{ "stat huge", req_stat(KEY_HUGE, &self->stat), false },
		{ "stat long key", req_stat(KEY_LONG, &self->stat), false },
	};

	RUN_ROWS(rows);
}

static struct kvs_req put(const char *key, __u32 len)
{
	return req_put(key, contents_other, len);
}

TEST_F(request, insert)
{
	const struct row rows[] = {
		{ "insert small", put(KEY_NEW, SMALL_LEN), true },
		{ "insert large", put(KEY_NEW, LARGE_LEN), true },
		{ "insert huge", put(KEY_NEW, HUGE_LEN), true },
		{ "insert long key", put(KEY_NEW_LONG, SMALL_LEN), true },
	};

	RUN_ROWS(rows);
}

TEST_F(request, replace)
{
	const struct row rows[] = {
		{ "replace in place", put(KEY_SMALL, SMALL_LEN), false },
		{ "replace by large", put(KEY_SMALL, LARGE_LEN), true },
		{ "replace large", put(KEY_LARGE, LARGE_LEN), true },
		{ "replace by huge", put(KEY_LARGE, HUGE_LEN), true },
		{ "replace huge by small", put(KEY_HUGE, SMALL_LEN), true },
	};

	RUN_ROWS(rows);
}

/* Memory can be given back when there is none. */
TEST_F(request, delete)
{
	const struct row rows[] = {
		{ "delete small", req_delete(KEY_SMALL), false },
		{ "delete large", req_delete(KEY_LARGE), false },
		{ "delete huge", req_delete(KEY_HUGE), false },
		{ "delete long key", req_delete(KEY_LONG), false },
	};

	RUN_ROWS(rows);
}

TEST_F(request, add)
{
	const struct kvs_add_args args = { .size = sizeof(args), .max = 100 };
	struct kvs_req bounded = req_args(req_add(KEY_COUNTER, 1), &args);
	struct kvs_req create = req_args(req_add_create(KEY_NEW, 1), &args);
	struct row rows[] = {
		{ "add", req_add(KEY_COUNTER, 1), false },
		{ "add with args", bounded, false },
		{ "add create", req_add_create(KEY_NEW, 1), true },
		{ "add create with args", create, true },
		{ "add create long key", req_add_create(KEY_NEW_LONG, 1),
		  true },
	};

	rows[1].req.flags |= KVS_F_MAX;
	rows[3].req.flags |= KVS_F_MAX;
	RUN_ROWS(rows);
}

static struct kvs_req with(struct kvs_req req, __u32 flags)
{
	req.flags |= flags;
	return req;
}

/* What needs an entry of another shape, or of another size. */
TEST_F(request, extend)
{
	/* What rounding to 16 bytes leaves behind it */
	const struct kvs_req more = with(put(KEY_SMALL, 4), KVS_F_APPEND);
	const struct kvs_req much = with(put(KEY_SMALL, 300), KVS_F_APPEND);
	const struct kvs_req huge = with(put(KEY_HUGE, 5), KVS_F_APPEND);
	const __u64 hour = 3600ULL * 1000000000;
	const struct row rows[] = {
		{ "append in place", more, false },
		{ "append", much, true },
		{ "append to huge", huge, true },
		{ "touch", req_ttl(req_touch(KEY_SMALL, KVS_TOUCH_SET), hour),
		  true },
		{ "put with a deadline", req_ttl(put(KEY_SMALL, 5), hour),
		  true },
		{ "insert with a deadline", req_ttl(put(KEY_NEW, 5), hour),
		  true },
	};

	RUN_ROWS(rows);
}

/* Operands by address, and an answer besides the result. */
TEST_F(request, operands)
{
	const struct kvs_value_args args = {
		.size = sizeof(args),
		.old = addr_of(self->value),
		.old_len = sizeof(self->value),
	};
	const struct kvs_req small = req_operands(put(KEY_SMALL, 5), &args);
	const struct kvs_req huge = req_operands(put(KEY_HUGE, 5), &args);
	const struct kvs_req take = req_operands(req_delete(KEY_HUGE), &args);
	const struct row rows[] = {
		{ "old value", with(small, KVS_F_RET_OLD), false },
		{ "old huge value", with(huge, KVS_F_RET_OLD), true },
		{ "take", with(take, KVS_F_RET_OLD), false },
	};

	RUN_ROWS(rows);
}

TEST_F(request, count)
{
	const struct kvs_bitop_args bits = { .size = sizeof(bits),
					     .op = KVS_BITOP_OR,
					     .operand = 1,
					     .mask = 1 };
	const struct kvs_bucket_args bucket = {
		.size = sizeof(bucket), .interval_ns = 1, .burst = 10, .cost = 1
	};
	const struct kvs_req bitop =
		req_operands(req_verb(KVS_BITOP, KEY_COUNTER), &bits);
	const struct kvs_req take =
		req_operands(req_verb(KVS_BUCKET, KEY_NEW), &bucket);
	const struct kvs_req xchg = req_number(KVS_XCHG, KEY_NEW, 1);
	const struct row rows[] = {
		{ "xchg", req_number(KVS_XCHG, KEY_COUNTER, 1), false },
		{ "xchg create", with(xchg, KVS_F_CREATE), true },
		{ "bitop", bitop, false },
		{ "bucket create", with(take, KVS_F_CREATE), true },
	};

	RUN_ROWS(rows);
}

/* Two entries of a transaction that come to be, one that grows. */
TEST_F(request, txn)
{
	struct txn txn = {};
	const struct row rows[] = {
		{ "transaction", txn_request(&txn), true },
	};

	txn_do(&txn, TXN_THEN, put(KEY_NEW, HUGE_LEN));
	txn_do(&txn, TXN_THEN, put(KEY_SMALL, 300));
	txn_do(&txn, TXN_THEN, req_add(KEY_COUNTER, 1));
	RUN_ROWS(rows);
}

/*
 * What works through a range has memory for it first, by kvmalloc(), which knows
 * another way when one fails.
 */
TEST_F(request, range)
{
	static struct scan scan;
	const struct row rows[] = {
		{ "scan", scan_req(&scan, SCAN_PAGE), true },
		{ "delete range", scan_delete_req(&scan), true },
	};

	poison(scan.page, sizeof(scan.page));
	scan_begin(&scan, 0);
	scan_prefix(&scan, "contents.");
	self->untold = true;
	RUN_ROWS(rows);
}

int main(int argc, char **argv)
{
	return trial_main(argc, argv);
}
