// SPDX-License-Identifier: GPL-2.0-only
/*
 * The same ABI from a 32-bit program: the same layout, addresses of 64 bits,
 * and both front doors. There is no 32-bit liburing here: the ring is a minimal
 * one of system calls.
 */
#include <assert.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <sys/syscall.h>

#include <kselftest_harness.h>

#include "abi_layout.h"
#include "request.h"

/* One file makes this program. */
#include "control.c"
#include "store.c"

#define KEY "compat.key"
#define ENTRIES 4
#define RING_BYTES 4096

static_assert(sizeof(void *) == 4, "this is the 32-bit program");

struct ring {
	int fd;
	unsigned int sqe_size;
	char *sqes;
	unsigned int *sq_tail, *sq_mask, *sq_array;
	unsigned int *cq_head, *cq_mask;
	struct io_uring_cqe *cqes;
};

static void *map_ring(int fd, size_t len, long long offset)
{
	void *map = mmap(NULL, len, PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_POPULATE, fd, offset);

	return map == MAP_FAILED ? NULL : map;
}

static int ring_open(struct ring *ring, unsigned int flags)
{
	struct io_uring_params params = { .flags = flags };
	char *rings;

	ring->fd = syscall(SYS_io_uring_setup, ENTRIES, &params);
	if (ring->fd < 0)
		return -errno;
	ring->sqe_size = sizeof(struct io_uring_sqe)
			 << !!(flags & IORING_SETUP_SQE128);
	/* Both rings are in one mapping, since 5.4 */
	rings = map_ring(ring->fd, RING_BYTES, IORING_OFF_SQ_RING);
	ring->sqes =
		map_ring(ring->fd, ENTRIES * ring->sqe_size, IORING_OFF_SQES);
	if (!rings || !ring->sqes)
		return -ENOMEM;
	ring->sq_tail = (void *)(rings + params.sq_off.tail);
	ring->sq_mask = (void *)(rings + params.sq_off.ring_mask);
	ring->sq_array = (void *)(rings + params.sq_off.array);
	ring->cq_head = (void *)(rings + params.cq_off.head);
	ring->cq_mask = (void *)(rings + params.cq_off.ring_mask);
	ring->cqes = (void *)(rings + params.cq_off.cqes);
	return 0;
}

/* One command from its submission to its completion. */
static int ring_run(struct ring *ring, int fd, __u32 cmd_op,
		    const void *payload, size_t len)
{
	unsigned int tail = *ring->sq_tail;
	unsigned int place = tail & *ring->sq_mask;
	struct io_uring_sqe *sqe;
	int res;

	sqe = (void *)(ring->sqes + place * ring->sqe_size);
	memset(sqe, 0, ring->sqe_size);
	sqe->opcode = IORING_OP_URING_CMD;
	sqe->fd = fd;
	sqe->cmd_op = cmd_op;
	memcpy(sqe->cmd, payload, len);
	ring->sq_array[place] = place;
	__atomic_store_n(ring->sq_tail, tail + 1, __ATOMIC_RELEASE);
	if (syscall(SYS_io_uring_enter, ring->fd, 1, 1, IORING_ENTER_GETEVENTS,
		    NULL, 0) != 1)
		return -errno;
	res = ring->cqes[*ring->cq_head & *ring->cq_mask].res;
	__atomic_add_fetch(ring->cq_head, 1, __ATOMIC_RELEASE);
	return res;
}

enum door { IOCTL_REQ, IOCTL_VEC, URING_VEC, URING_REQ };

FIXTURE(compat)
{
	int fd;
	struct ring ring;
};

FIXTURE_VARIANT(compat)
{
	enum door door;
};

/* clang-format off */
FIXTURE_VARIANT_ADD(compat, ioctl_req) { .door = IOCTL_REQ, };
FIXTURE_VARIANT_ADD(compat, ioctl_vec) { .door = IOCTL_VEC, };
FIXTURE_VARIANT_ADD(compat, uring_vec) { .door = URING_VEC, };
FIXTURE_VARIANT_ADD(compat, uring_req) { .door = URING_REQ, };

/* clang-format on */

FIXTURE_SETUP(compat)
{
	self->fd = control_open_default(O_RDWR);
	ASSERT_LE(0, self->fd);
	control_request(self->fd, req_delete(KEY));
	if (variant->door == URING_VEC)
		ASSERT_EQ(0, ring_open(&self->ring, 0));
	if (variant->door == URING_REQ)
		ASSERT_EQ(0, ring_open(&self->ring, IORING_SETUP_SQE128));
}

FIXTURE_TEARDOWN(compat)
{
	close(self->fd);
}

static int run(struct _test_data_compat *self, enum door door,
	       struct kvs_req req, struct kvs_res *res)
{
	struct kvs_vec vec = { .reqs = addr_of(&req), .count = 1 };

	poison(res, sizeof(*res));
	req = req_result(req, res);
	switch (door) {
	case IOCTL_REQ:
		return control_request(self->fd, req);
	case IOCTL_VEC:
		return control_ioctl(self->fd, KVS_IOC_VEC, &vec);
	case URING_VEC:
		return ring_run(&self->ring, self->fd, KVS_IOC_VEC, &vec,
				sizeof(vec));
	default:
		return ring_run(&self->ring, self->fd, KVS_CMD_REQ, &req,
				sizeof(req));
	}
}

TEST(layout)
{
	const struct abi_row *row;

	for (row = abi_rows; row < abi_rows + ARRAY_SIZE(abi_rows); row++) {
		EXPECT_EQ(row->want, row->is)
		{
			TH_LOG("%s", row->name);
		}
	}
	EXPECT_EQ(0x4050bc40U, KVS_IOC_REQ);
	EXPECT_EQ(0x4010bc41U, KVS_IOC_VEC);
	EXPECT_EQ(0x4050bc42U, KVS_CMD_REQ);
}

TEST(control)
{
	int fd = control_open_default(O_RDWR), reader;
	struct kvs_info info;

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, control_info(fd, &info));
	EXPECT_EQ(KVS_RIGHT_ALL, info.rights);
	EXPECT_EQ(KVS_MAX_BATCH, (int)info.max_batch);
	EXPECT_STREQ("default", (char *)info.store_name);
	reader = control_restrict(fd, KVS_RIGHT_READ);
	ASSERT_LE(0, reader);
	EXPECT_EQ(-EACCES, control_request(reader, req_delete(KEY)));
	close(reader);
	close(fd);
}

TEST(stores)
{
	struct kvs_alter alter = { .set = KVS_SET_MODE, .mode = 0640 };
	int fd = store_make("compat.store"), staging;
	struct kvs_store_stats stats;
	struct kvs_list_item item;
	__u64 version;

	ASSERT_LE(0, fd);
	EXPECT_EQ(0, store_alter(fd, alter));
	ASSERT_TRUE(store_find(fd, 0, "compat.store", &item));
	EXPECT_EQ(0640U, item.mode);
	EXPECT_EQ(0, control_request(fd, req_put_str(KEY, "value")));
	staging = store_stage(fd, "compat.staging");
	ASSERT_LE(0, staging);
	EXPECT_EQ(0, store_act(fd, KVS_IOC_PUBLISH, &version));
	EXPECT_EQ(0, control_request(staging, req_get(KEY, NULL, 0)));
	ASSERT_EQ(0, store_stats(staging, &stats));
	EXPECT_EQ(1ULL, stats.entries);
	EXPECT_LE(version, stats.version);
	EXPECT_EQ(0, store_flush(staging));
	EXPECT_EQ(-ENOENT, control_request(staging, req_get(KEY, NULL, 0)));
	EXPECT_EQ(0, store_destroy(staging));
	EXPECT_EQ(0, store_destroy(fd));
	close(staging);
	close(fd);
}

TEST_F(compat, values)
{
	char value[300], buf[300], key[100];
	enum door door = variant->door;
	struct kvs_stat stat;
	struct kvs_req req;
	struct kvs_res res;

	memset(value, 'v', sizeof(value));
	memset(key, 'k', sizeof(key));
	ASSERT_EQ(0, run(self, door, req_put(KEY, value, 300), &res));
	EXPECT_EQ(KVS_RES_CREATED, res.flags);
	ASSERT_EQ(0, run(self, door, req_get(KEY, buf, 300), &res));
	EXPECT_EQ(0, memcmp(value, buf, 300));
	ASSERT_EQ(0, run(self, door, req_stat(KEY, &stat), &res));
	EXPECT_EQ(300U, stat.value_len);
	EXPECT_EQ(res.version, stat.version);
	EXPECT_EQ(0, run(self, door, req_delete(KEY), &res));
	EXPECT_EQ(-ENOENT, run(self, door, req_get(KEY, buf, 300), &res));
	EXPECT_EQ(-ENOENT, res.status);

	req = req_key(KVS_PUT, key, sizeof(key));
	EXPECT_EQ(0, run(self, door, req, &res));
	req = req_key(KVS_DELETE, key, sizeof(key));
	EXPECT_EQ(0, run(self, door, req, &res));
}

TEST_F(compat, counters)
{
	struct kvs_add_args args = { .size = sizeof(args),
				     .initial = 1LL << 40,
				     .max = (1LL << 40) + 1 };
	struct kvs_req req = req_args(req_add_create(KEY, 1), &args);
	struct kvs_res res;
	__s64 number;

	req.flags |= KVS_F_MAX;
	ASSERT_EQ(0, run(self, variant->door, req, &res));
	EXPECT_EQ((1LL << 40) + 1, res.number);
	EXPECT_EQ(-EOVERFLOW, run(self, variant->door, req, &res));
	ASSERT_EQ(0, run(self, variant->door, req_get(KEY, &number, 8), &res));
	EXPECT_EQ((1LL << 40) + 1, number);
	EXPECT_EQ(KVS_KIND_COUNTER, res.kind);
}

/* The upper half of an address counts, though this program never needs it. */
TEST_F(compat, addresses_have_64_bits)
{
	const __u64 above = 1ULL << 32;
	struct kvs_req req;
	struct kvs_res res;
	char value[8] = "value";

	req = req_put(KEY, value, sizeof(value));
	req.value |= above;
	EXPECT_EQ(-EFAULT, run(self, variant->door, req, &res));
	req = req_key(KVS_PUT, "", 1);
	req.key_len = 100;
	req.key_addr = addr_of(value) | above;
	EXPECT_EQ(-EFAULT, run(self, variant->door, req, &res));
	EXPECT_EQ(-ENOENT, run(self, variant->door, req_delete(KEY), &res));
}

TEST(batch)
{
	struct kvs_req reqs[64];
	struct kvs_res res[64];
	int fd = control_open_default(O_RDWR), i;

	ASSERT_LE(0, fd);
	control_request(fd, req_delete(KEY));
	for (i = 0; i < 64; i++)
		reqs[i] = req_result(req_add_create(KEY, 1), &res[i]);
	ASSERT_EQ(0, control_batch(fd, reqs, 64));
	for (i = 0; i < 64; i++)
		EXPECT_EQ(i + 1, res[i].number);
	control_request(fd, req_delete(KEY));
	close(fd);
}

TEST_HARNESS_MAIN
