// SPDX-License-Identifier: GPL-2.0-only
/*
 * The same of memory that leads to requests: arrays of them, the ring that
 * holds them, and the structs of the control ioctls.
 */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include <liburing.h>

#include "door.h"
#include "fetch.h"
#include "ring.h"

#define BATCH KVS_MAX_BATCH

/* Two arrays whose addresses differ in one byte. */
static union {
	struct kvs_req reqs[BATCH];
	char room[1 << 17];
} batches[2] __attribute__((aligned(1 << 18)));

static struct kvs_res results[2][BATCH];

FIXTURE(more)
{
	int fd;
	struct figures figures;
	struct scribble scribble;
	long until;
	long ms;
};

FIXTURE_SETUP(more)
{
	fetch_fill();
	self->fd = control_open_default(O_RDWR);
	ASSERT_LE(0, self->fd);
	fetch_remove(self->fd);
	self->figures = figures_now();
	self->ms = kvs_test_size("DOUBLE_FETCH_MS");
}

FIXTURE_TEARDOWN(more)
{
	fetch_remove(self->fd);
	EXPECT_TRUE(figures_return(&self->figures));
	close(self->fd);
}

static bool goes_on(struct _test_data_more *self)
{
	return scribble_goes_on(&self->until, self->ms);
}

static void fill_batches(void)
{
	int i, j;

	for (i = 0; i < 2; i++) {
		for (j = 0; j < BATCH; j++) {
			batches[i].reqs[j] = fetch_put(j & 1);
			batches[i].reqs[j].result = addr_of(&results[i][j]);
		}
	}
}

/* How many requests there are, and where they begin. */
TEST_F(more, vec)
{
	const int statuses[] = { -EINVAL, 0 };
	const struct kvs_vec one = { .reqs = addr_of(batches[0].reqs),
				     .count = 2 };
	const struct kvs_vec other = { .reqs = addr_of(batches[1].reqs),
				       .count = BATCH };
	struct kvs_vec shared;
	long count = 0;
	int status;

	fill_batches();
	ASSERT_EQ(0, scribble_start(&self->scribble, &shared, &one, &other,
				    sizeof(shared)));
	for (; goes_on(self); count++) {
		status = control_ioctl(self->fd, KVS_IOC_VEC, &shared);
		fetch_expect(_metadata, status, statuses);
		EXPECT_TRUE(fetch_store_is_sound(self->fd));
	}
	scribble_stop(&self->scribble);
	printf("# %ld batches\n", count);
}

TEST_F(more, vec_flags)
{
	const int statuses[] = { -EINVAL, -EOPNOTSUPP, 0 };
	const struct kvs_vec one = { .reqs = addr_of(batches[0].reqs),
				     .count = 2 };
	const struct kvs_vec other = { .reqs = addr_of(batches[0].reqs),
				       .count = BATCH + 1,
				       .flags = 1 };
	struct kvs_vec shared;

	fill_batches();
	ASSERT_EQ(0, scribble_start(&self->scribble, &shared, &one, &other,
				    sizeof(shared)));
	while (goes_on(self))
		fetch_expect(_metadata,
			     control_ioctl(self->fd, KVS_IOC_VEC, &shared),
			     statuses);
	scribble_stop(&self->scribble);
	EXPECT_TRUE(fetch_store_is_sound(self->fd));
}

/* The requests of a batch, while others of it run. */
TEST_F(more, array)
{
	const struct kvs_vec vec = { .reqs = addr_of(batches[0].reqs),
				     .count = 16 };
	struct kvs_req one[16], other[16];
	struct kvs_vec copy;
	int i;

	fill_batches();
	for (i = 0; i < 16; i++) {
		one[i] = fetch_put(i & 1);
		other[i] = fetch_put(!(i & 1));
		one[i].result = addr_of(&results[0][i]);
		other[i].result = one[i].result;
	}
	ASSERT_EQ(0, scribble_start(&self->scribble, batches[0].reqs, one,
				    other, sizeof(one)));
	while (goes_on(self)) {
		copy = vec;
		EXPECT_EQ(0, control_ioctl(self->fd, KVS_IOC_VEC, &copy));
		for (i = 0; i < 16; i++)
			EXPECT_EQ(0, results[0][i].status);
		EXPECT_TRUE(fetch_store_is_sound(self->fd));
	}
	scribble_stop(&self->scribble);
}

/* A request whose result appears and disappears ends the batch, or does not. */
TEST_F(more, array_results)
{
	const int statuses[] = { -EINVAL, -EFAULT, 0 };
	struct kvs_req one = fetch_put(0), other = fetch_put(0);
	struct kvs_vec vec = { .reqs = addr_of(batches[0].reqs), .count = 2 };

	fill_batches();
	one.result = addr_of(&results[0][0]);
	ASSERT_EQ(0, scribble_start(&self->scribble, batches[0].reqs, &one,
				    &other, sizeof(one)));
	while (goes_on(self))
		fetch_expect(_metadata,
			     control_ioctl(self->fd, KVS_IOC_VEC, &vec),
			     statuses);
	scribble_stop(&self->scribble);
	EXPECT_TRUE(fetch_store_is_sound(self->fd));
}

/* Rights are those that were checked, whatever stands there afterwards. */
TEST_F(more, restrict)
{
	const int statuses[] = { -EINVAL, -EACCES, -E2BIG, 0 };
	const __u32 most = KVS_RIGHT_READ | KVS_RIGHT_WRITE;
	struct kvs_restrict one = { .size = sizeof(one),
				    .rights = KVS_RIGHT_READ };
	struct kvs_restrict other = { .size = sizeof(one) - 1,
				      .rights = KVS_RIGHT_ALL };
	struct kvs_restrict shared;
	struct kvs_info info;
	int fd = control_restrict(self->fd, most);
	int status;

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, scribble_start(&self->scribble, &shared, &one, &other,
				    sizeof(one)));
	while (goes_on(self)) {
		status = control_ioctl(fd, KVS_IOC_RESTRICT, &shared);
		fetch_expect(_metadata, status, statuses);
		if (status)
			continue;
		EXPECT_EQ(0, control_info(shared.out_fd, &info));
		EXPECT_EQ(0U, info.rights & ~most);
		close(shared.out_fd);
	}
	scribble_stop(&self->scribble);
	close(fd);
}

TEST_F(more, bind)
{
	const int statuses[] = { -EINVAL, -ENOENT, -E2BIG, -EOPNOTSUPP, 0 };
	struct kvs_bind one = { .size = sizeof(one), .store_name = "default" };
	struct kvs_bind other = { .size = sizeof(one) - 1,
				  .flags = 1,
				  .store_name = "default/" };
	struct kvs_bind shared;
	struct kvs_info info;
	int fd, status;

	memset(other.store_name + 7, 'x', sizeof(other.store_name) - 7);
	ASSERT_EQ(0, scribble_start(&self->scribble, &shared, &one, &other,
				    sizeof(one)));
	while (goes_on(self)) {
		fd = control_open(O_RDWR);
		status = control_ioctl(fd, KVS_IOC_BIND, &shared);
		fetch_expect(_metadata, status, statuses);
		EXPECT_EQ(0, control_info(fd, &info));
		EXPECT_EQ(!status, info.rights != 0);
		close(fd);
	}
	scribble_stop(&self->scribble);
}

/* Whose payload is being written while its submission goes on. */
static struct io_uring_sqe *next_sqe(struct io_uring *ring, int fd)
{
	struct io_uring_sqe *sqe = ring_sqe(ring);

	sqe->opcode = IORING_OP_URING_CMD;
	sqe->fd = fd;
	sqe->flags = 0;
	sqe->ioprio = 0;
	sqe->rw_flags = 0;
	sqe->buf_index = 0;
	sqe->personality = 0;
	sqe->user_data = 0;
	return sqe;
}

static int run_sqe(struct io_uring *ring)
{
	struct io_uring_cqe *cqe;
	int ret;

	io_uring_submit(ring);
	ret = io_uring_wait_cqe(ring, &cqe);
	if (ret)
		return ret;
	ret = cqe->res;
	io_uring_cqe_seen(ring, cqe);
	return ret;
}

/* A ring of one entry, so that it is always the same that is read. */
static void scribble_ring(struct __test_metadata *_metadata,
			  struct _test_data_more *self, unsigned int flags,
			  unsigned int sqe_flags, bool scribble_op)
{
	const int statuses[] = { -EOPNOTSUPP, -EINVAL, -EFAULT, -ENOTTY, 0 };
	struct kvs_req one = fetch_put(0), other = fetch_put(1);
	struct io_uring_params params = {
		.flags = flags | IORING_SETUP_SQE128,
		.sq_thread_idle = 10,
	};
	struct scribble op;
	__u32 ops[] = { KVS_CMD_REQ, KVS_IOC_VEC };
	struct io_uring_sqe *sqe;
	struct io_uring ring;
	long count = 0;
	int status;

	ASSERT_EQ(0, io_uring_queue_init_params(1, &ring, &params));
	sqe = next_sqe(&ring, self->fd);
	sqe->cmd_op = KVS_CMD_REQ;
	ASSERT_EQ(0, scribble_start(&self->scribble, sqe->cmd, &one, &other,
				    sizeof(one)));
	if (scribble_op)
		ASSERT_EQ(0, scribble_start(&op, &sqe->cmd_op, &ops[0], &ops[1],
					    sizeof(ops[0])));
	for (; goes_on(self); count++) {
		sqe->flags = sqe_flags;
		status = run_sqe(&ring);
		if (!scribble_op)
			EXPECT_EQ(0, status);
		fetch_expect(_metadata, status, statuses);
		EXPECT_TRUE(fetch_store_is_sound(self->fd));
		sqe = next_sqe(&ring, self->fd);
	}
	if (scribble_op)
		scribble_stop(&op);
	scribble_stop(&self->scribble);
	io_uring_queue_exit(&ring);
	printf("# %ld entries of the ring\n", count);
}

TEST_F(more, ring)
{
	scribble_ring(_metadata, self, 0, 0, false);
}

TEST_F(more, ring_async)
{
	scribble_ring(_metadata, self, 0, IOSQE_ASYNC, false);
}

TEST_F(more, ring_sqpoll)
{
	scribble_ring(_metadata, self, IORING_SETUP_SQPOLL, 0, false);
}

TEST_F(more, ring_command)
{
	scribble_ring(_metadata, self, 0, 0, true);
}

TEST_F(more, ring_command_sqpoll)
{
	scribble_ring(_metadata, self, IORING_SETUP_SQPOLL, 0, true);
}

TEST_HARNESS_MAIN
