// SPDX-License-Identifier: GPL-2.0-only
/* What only rings have: their forms, SQE fields, links, drains and batches. */
#include <errno.h>
#include <fcntl.h>

#include <kselftest_harness.h>

#include "control.h"
#include "door.h"
#include "request.h"
#include "ring.h"

#define KEY "uring.key"

FIXTURE(uring)
{
	int fd;
	struct kvs_req add;
};

FIXTURE_SETUP(uring)
{
	self->fd = control_open_default(O_RDWR);
	ASSERT_LE(0, self->fd);
	control_request(self->fd, req_delete(KEY));
	self->add = req_add_create(KEY, 1);
}

FIXTURE_TEARDOWN(uring)
{
	close(self->fd);
}

static __s64 count_of(int fd)
{
	__s64 number;

	return control_request(fd, req_get(KEY, &number, 8)) ? 0 : number;
}

TEST_F(uring, inline_request_needs_a_long_sqe)
{
	struct io_uring ring;
	char slots[8][64];

	ASSERT_EQ(0, ring_open(&ring, 8, 0));
	/* What lies behind the 64 bytes must not be read for a request */
	memset(slots, 0xff, sizeof(slots));
	memcpy(ring.sq.sqes, slots, sizeof(slots));
	ring_prep(&ring, self->fd, KVS_CMD_REQ, &self->add, 16);
	EXPECT_EQ(-EINVAL, ring_run(&ring));
	EXPECT_EQ(0, count_of(self->fd));
	io_uring_queue_exit(&ring);
}

/* The carrier is told by cmd_op, not guessed from the ring. */
TEST_F(uring, vec_on_a_ring_with_long_sqes)
{
	struct kvs_vec vec = { .reqs = addr_of(&self->add), .count = 1 };
	struct io_uring ring;

	ASSERT_EQ(0, ring_open(&ring, 8, IORING_SETUP_SQE128));
	ring_prep(&ring, self->fd, KVS_IOC_VEC, &vec, sizeof(vec));
	EXPECT_EQ(0, ring_run(&ring));
	EXPECT_EQ(1, count_of(self->fd));
	io_uring_queue_exit(&ring);
}

TEST_F(uring, other_rings)
{
	static const unsigned int flags[] = {
		IORING_SETUP_CQE32,
		IORING_SETUP_CQSIZE,
		IORING_SETUP_COOP_TASKRUN,
		IORING_SETUP_SINGLE_ISSUER,
		IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN,
	};
	struct io_uring ring;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(flags); i++) {
		ASSERT_EQ(0,
			  ring_open(&ring, 8, IORING_SETUP_SQE128 | flags[i]));
		ring_prep(&ring, self->fd, KVS_CMD_REQ, &self->add,
			  sizeof(self->add));
		EXPECT_EQ(0, ring_run(&ring));
		EXPECT_EQ((__s64)i + 1, count_of(self->fd));
		io_uring_queue_exit(&ring);
	}
}

TEST_F(uring, polled_ring)
{
	struct io_uring ring;

	ASSERT_EQ(0, ring_open(&ring, 8,
			       IORING_SETUP_SQE128 | IORING_SETUP_IOPOLL));
	ring_prep(&ring, self->fd, KVS_CMD_REQ, &self->add, sizeof(self->add));
	EXPECT_EQ(-EOPNOTSUPP, ring_run(&ring));
	EXPECT_EQ(0, count_of(self->fd));
	io_uring_queue_exit(&ring);
}

TEST_F(uring, unknown_cmd_ops)
{
	static const __u32 ops[] = {
		0,
		1,
		UINT32_MAX,
		KVS_IOC_REQ,
		KVS_IOC_INFO,
		KVS_IOC_BIND,
		KVS_IOC_RESTRICT,
		_IO(KVS_IOC_MAGIC, 0x40),
		_IO(KVS_IOC_MAGIC, 0x42),
		_IOWR(KVS_IOC_MAGIC, 0x41, struct kvs_vec),
		_IOW(KVS_IOC_MAGIC, 0x42, struct kvs_vec),
		_IOW(KVS_IOC_MAGIC, 0x43, struct kvs_req),
		_IOW(KVS_IOC_MAGIC + 1, 0x42, struct kvs_req),
	};
	struct io_uring ring;
	size_t i;

	ASSERT_EQ(0, ring_open(&ring, 8, IORING_SETUP_SQE128));
	for (i = 0; i < ARRAY_SIZE(ops); i++) {
		ring_prep(&ring, self->fd, ops[i], &self->add,
			  sizeof(self->add));
		EXPECT_EQ(-ENOTTY, ring_run(&ring))
		{
			TH_LOG("cmd_op %#x", ops[i]);
		}
		EXPECT_EQ(0, count_of(self->fd));
	}
	io_uring_queue_exit(&ring);
}

/* Kernels refuse what they do not know before the module sees it. */
TEST_F(uring, command_flags)
{
	struct io_uring_sqe *sqe;
	struct io_uring ring;
	struct iovec iov;
	char buf[64];
	int bit, ret;

	iov = (struct iovec){ .iov_base = buf, .iov_len = sizeof(buf) };
	ASSERT_EQ(0, ring_open(&ring, 8, IORING_SETUP_SQE128));
	ASSERT_EQ(0, io_uring_register_buffers(&ring, &iov, 1));
	for (bit = 0; bit < 32; bit++) {
		sqe = ring_prep(&ring, self->fd, KVS_CMD_REQ, &self->add,
				sizeof(self->add));
		sqe->rw_flags = 1U << bit;
		sqe->buf_index = 0;
		ret = ring_run(&ring);
		EXPECT_TRUE(ret == -EOPNOTSUPP || ret == -EINVAL)
		{
			TH_LOG("flag %#x: %d", 1U << bit, ret);
		}
		EXPECT_EQ(0, count_of(self->fd));
	}
	io_uring_queue_exit(&ring);
}

TEST_F(uring, registered_files)
{
	int fds[3] = { -1, self->fd, -1 };
	struct io_uring ring;
	int slot;

	ASSERT_EQ(0, ring_open(&ring, 8, IORING_SETUP_SQE128));
	ASSERT_EQ(0, io_uring_register_files(&ring, fds, 3));
	for (slot = 0; slot < 4; slot++) {
		ring_prep(&ring, slot, KVS_CMD_REQ, &self->add,
			  sizeof(self->add))
			->flags = IOSQE_FIXED_FILE;
		EXPECT_EQ(slot == 1 ? 0 : -EBADF, ring_run(&ring));
	}
	EXPECT_EQ(1, count_of(self->fd));

	/* The registration alone keeps the handle */
	close(self->fd);
	ring_prep(&ring, 1, KVS_CMD_REQ, &self->add, sizeof(self->add))->flags =
		IOSQE_FIXED_FILE;
	EXPECT_EQ(0, ring_run(&ring));
	io_uring_queue_exit(&ring);
	self->fd = control_open_default(O_RDWR);
	EXPECT_EQ(2, count_of(self->fd));
}

/* What a link waits for may be any command that succeeds, a GET as well. */
static void run_link(struct __test_metadata *_metadata, int fd,
		     unsigned int sqe_flags)
{
	struct kvs_req put = req_put_str("uring.linked", "a value");
	struct kvs_req add = req_add_create(KEY, 1);
	int res[9];
	char buf[64];
	struct kvs_req get = req_get("uring.linked", buf, sizeof(buf));
	struct io_uring ring;
	int i;

	ASSERT_EQ(0, ring_open(&ring, 16, IORING_SETUP_SQE128));
	ring_link(&ring, fd, &put, sqe_flags | IOSQE_IO_LINK);
	for (i = 0; i < 3; i++) {
		ring_link(&ring, fd, &get, sqe_flags | IOSQE_IO_LINK);
		ring_link(&ring, fd, &add, sqe_flags | IOSQE_IO_LINK);
	}
	ring_link(&ring, fd, &get, sqe_flags);
	ASSERT_EQ(0, ring_run_all(&ring, 8, res));
	for (i = 0; i < 8; i++)
		EXPECT_EQ(0, res[i]);
	EXPECT_EQ(3, count_of(fd));
	io_uring_queue_exit(&ring);
}

TEST_F(uring, link_behind_success)
{
	run_link(_metadata, self->fd, 0);
}

TEST_F(uring, link_behind_success_from_workers)
{
	run_link(_metadata, self->fd, IOSQE_ASYNC);
}

TEST_F(uring, link_behind_failure)
{
	struct kvs_req get = req_get("uring.missing", NULL, 0);
	struct io_uring ring;
	int res[3];

	ASSERT_EQ(0, ring_open(&ring, 8, IORING_SETUP_SQE128));
	ring_link(&ring, self->fd, &get, IOSQE_IO_LINK);
	ring_link(&ring, self->fd, &self->add, IOSQE_IO_LINK);
	ring_link(&ring, self->fd, &self->add, 0);
	ASSERT_EQ(0, ring_run_all(&ring, 3, res));
	EXPECT_EQ(-ENOENT, res[0]);
	EXPECT_EQ(-ECANCELED, res[1]);
	EXPECT_EQ(-ECANCELED, res[2]);
	EXPECT_EQ(0, count_of(self->fd));

	ring_link(&ring, self->fd, &get, IOSQE_IO_HARDLINK);
	ring_link(&ring, self->fd, &self->add, 0);
	ASSERT_EQ(0, ring_run_all(&ring, 2, res));
	EXPECT_EQ(-ENOENT, res[0]);
	EXPECT_EQ(0, res[1]);
	EXPECT_EQ(1, count_of(self->fd));
	io_uring_queue_exit(&ring);
}

/* A drained command sees all that the commands before it did. */
TEST_F(uring, drain)
{
	enum { ADDS = 30 };
	struct kvs_req get;
	struct io_uring ring;
	__s64 number = -1;
	int res[ADDS + 1];
	int i;

	get = req_get(KEY, &number, 8);
	ASSERT_EQ(0, ring_open(&ring, 64, IORING_SETUP_SQE128));
	for (i = 0; i < ADDS; i++)
		ring_link(&ring, self->fd, &self->add, IOSQE_ASYNC);
	ring_link(&ring, self->fd, &get, IOSQE_IO_DRAIN);
	ASSERT_EQ(0, ring_run_all(&ring, ADDS + 1, res));
	for (i = 0; i <= ADDS; i++)
		EXPECT_EQ(0, res[i]);
	EXPECT_EQ(ADDS, number);
	io_uring_queue_exit(&ring);
}

/* Successes that post nothing are not failures either. */
TEST_F(uring, skipped_completions)
{
	struct kvs_req get = req_get("uring.missing", NULL, 0);
	struct io_uring ring;
	int i;

	ASSERT_EQ(0, ring_open(&ring, 8, IORING_SETUP_SQE128));
	for (i = 0; i < 4; i++)
		ring_link(&ring, self->fd, &self->add, IOSQE_CQE_SKIP_SUCCESS);
	ring_link(&ring, self->fd, &get, IOSQE_CQE_SKIP_SUCCESS);
	EXPECT_EQ(-ENOENT, ring_run(&ring));
	EXPECT_EQ(0U, io_uring_cq_ready(&ring));
	EXPECT_EQ(4, count_of(self->fd));
	io_uring_queue_exit(&ring);
}

/* Many entries in one submission, each of them a batch. */
TEST_F(uring, batches_in_many_sqes)
{
	enum { SQES = 32, REQS = 64 };
	static struct kvs_req reqs[REQS];
	static struct kvs_res res[REQS];
	struct kvs_vec vec = { .reqs = addr_of(reqs), .count = REQS };
	struct io_uring ring;
	int status[SQES];
	int i;

	for (i = 0; i < REQS; i++)
		reqs[i] = req_result(self->add, &res[i]);
	ASSERT_EQ(0, ring_open(&ring, SQES, 0));
	for (i = 0; i < SQES; i++)
		ring_prep(&ring, self->fd, KVS_IOC_VEC, &vec, sizeof(vec))
			->user_data = i;
	ASSERT_EQ(0, ring_run_all(&ring, SQES, status));
	for (i = 0; i < SQES; i++)
		EXPECT_EQ(0, status[i]);
	EXPECT_EQ(SQES * REQS, count_of(self->fd));
	io_uring_queue_exit(&ring);
}

TEST_F(uring, submission_thread_takes_many)
{
	enum { ROUNDS = 8, SQES = 32 };
	struct io_uring ring;
	int status[SQES];
	int round, i;

	ASSERT_EQ(0, ring_open(&ring, SQES,
			       IORING_SETUP_SQE128 | IORING_SETUP_SQPOLL));
	for (round = 0; round < ROUNDS; round++) {
		for (i = 0; i < SQES; i++)
			ring_link(&ring, self->fd, &self->add, 0);
		ASSERT_EQ(0, ring_run_all(&ring, SQES, status));
		for (i = 0; i < SQES; i++)
			EXPECT_EQ(0, status[i]);
	}
	EXPECT_EQ(ROUNDS * SQES, count_of(self->fd));
	io_uring_queue_exit(&ring);
}

TEST_HARNESS_MAIN
