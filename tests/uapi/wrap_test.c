// SPDX-License-Identifier: GPL-2.0-only
/*
 * The submission queue is shared memory. Some kernels read the payload of a
 * command that waits, in a link or behind a drain, only when it runs; by then
 * the ring may have wrapped and its place hold another command. The worst that
 * may come of this is that a complete, valid request runs that was meant for
 * that place, or that none does.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>

#include <kselftest_harness.h>

#include "control.h"
#include "door.h"
#include "request.h"
#include "ring.h"
#include "size.h"

#define ENTRIES 4
#define FIRST "wrap.first"
#define OTHER "wrap.other"

/* user_data of the command that waits, and of the one that takes its place */
#define TAG_WAITING 100
#define TAG_OTHER 101

FIXTURE(wrap)
{
	struct io_uring ring;
	int fd;
	int pipe[2];
};

FIXTURE_VARIANT(wrap)
{
	__u32 cmd_op;
	bool drain; /* else linked */
	bool blank; /* nothing valid takes the place */
};

/* clang-format off */
FIXTURE_VARIANT_ADD(wrap, req_linked) {
	.cmd_op = KVS_CMD_REQ,
};

FIXTURE_VARIANT_ADD(wrap, req_drained) {
	.cmd_op = KVS_CMD_REQ, .drain = true,
};

FIXTURE_VARIANT_ADD(wrap, req_linked_blank) {
	.cmd_op = KVS_CMD_REQ, .blank = true,
};

FIXTURE_VARIANT_ADD(wrap, vec_linked) {
	.cmd_op = KVS_IOC_VEC,
};

FIXTURE_VARIANT_ADD(wrap, vec_drained) {
	.cmd_op = KVS_IOC_VEC, .drain = true,
};

FIXTURE_VARIANT_ADD(wrap, vec_drained_blank) {
	.cmd_op = KVS_IOC_VEC, .drain = true, .blank = true,
};

/* clang-format on */

FIXTURE_SETUP(wrap)
{
	unsigned int flags =
		variant->cmd_op == KVS_CMD_REQ ? IORING_SETUP_SQE128 : 0;

	ASSERT_EQ(0, ring_open(&self->ring, ENTRIES, flags));
	ASSERT_EQ(0, pipe(self->pipe));
	self->fd = control_open_default(O_RDWR);
	ASSERT_LE(0, self->fd);
	control_request(self->fd, req_delete(FIRST));
	control_request(self->fd, req_delete(OTHER));
}

FIXTURE_TEARDOWN(wrap)
{
	io_uring_queue_exit(&self->ring);
	close(self->pipe[0]);
	close(self->pipe[1]);
	close(self->fd);
}

static __s64 count_of(int fd, const char *key)
{
	__s64 number;

	return control_request(fd, req_get(key, &number, 8)) ? 0 : number;
}

/* Holds the commands behind it up until the pipe is written. */
static void prep_block(struct _test_data_wrap *self, bool link, char *buf)
{
	struct io_uring_sqe *sqe = ring_sqe(&self->ring);

	io_uring_prep_read(sqe, self->pipe[0], buf, 1, 0);
	sqe->flags = link ? IOSQE_IO_LINK : 0;
	sqe->user_data = 0;
}

static void prep_nop(struct io_uring *ring)
{
	struct io_uring_sqe *sqe = ring_sqe(ring);

	io_uring_prep_nop(sqe);
	sqe->user_data = 0;
}

/* The payload for @req, in whichever form the variant sends it. */
static void prep_command(struct _test_data_wrap *self, __u32 cmd_op,
			 const struct kvs_req *req, __u64 tag)
{
	struct kvs_vec vec = { .reqs = addr_of(req), .count = 1 };
	struct io_uring_sqe *sqe;

	if (cmd_op == KVS_CMD_REQ)
		sqe = ring_prep(&self->ring, self->fd, cmd_op, req,
				sizeof(*req));
	else
		sqe = ring_prep(&self->ring, self->fd, cmd_op, &vec,
				sizeof(vec));
	sqe->user_data = tag;
}

TEST_F(wrap, worst_is_another_valid_request)
{
	static const struct kvs_vec no_vec;
	static const struct kvs_req no_req;
	struct kvs_req first = req_add_create(FIRST, 1);
	struct kvs_req other = req_add_create(OTHER, 1);
	int waiting = 1, replaced = 1;
	struct io_uring_sqe *sqe;
	__u64 tag;
	char byte;
	int i, res;

	prep_block(self, !variant->drain, &byte);
	sqe = &self->ring.sq.sqes[variant->cmd_op == KVS_CMD_REQ ? 2 : 1];
	prep_command(self, variant->cmd_op, &first, TAG_WAITING);
	if (variant->drain)
		sqe->flags = IOSQE_IO_DRAIN;
	ASSERT_EQ(2, io_uring_submit(&self->ring));

	/* Round the ring, into the place of the command that waits */
	for (i = 0; i < 3; i++)
		prep_nop(&self->ring);
	ASSERT_EQ(3, io_uring_submit(&self->ring));
	if (variant->blank) {
		memcpy(sqe->cmd,
		       variant->cmd_op == KVS_CMD_REQ ? (void *)&no_req :
							(void *)&no_vec,
		       variant->cmd_op == KVS_CMD_REQ ? sizeof(no_req) :
							sizeof(no_vec));
		replaced = 0;
	} else {
		prep_command(self, variant->cmd_op, &other, TAG_OTHER);
		ASSERT_EQ(1, io_uring_submit(&self->ring));
	}
	ASSERT_EQ(1, write(self->pipe[1], "x", 1));

	for (i = 0; i < (variant->blank ? 5 : 6); i++) {
		res = ring_wait(&self->ring, &tag);
		if (tag == TAG_WAITING)
			waiting = res;
		else if (tag == TAG_OTHER)
			replaced = res;
	}
	EXPECT_EQ(0, replaced);
	if (variant->blank) {
		EXPECT_EQ(waiting ? 0 : 1, count_of(self->fd, FIRST));
		EXPECT_EQ(0, count_of(self->fd, OTHER));
		return;
	}
	EXPECT_EQ(0, waiting);
	EXPECT_EQ(2, count_of(self->fd, FIRST) + count_of(self->fd, OTHER));
	EXPECT_LE(1, count_of(self->fd, OTHER));
}

struct scribbler {
	struct io_uring_sqe *sqes;
	const struct kvs_req *req;
	bool stop;
};

/* Writes two requests in turn over every place of the queue. */
static void *scribble(void *arg)
{
	struct scribbler *scribbler = arg;
	unsigned int i = 0;

	while (!__atomic_load_n(&scribbler->stop, __ATOMIC_RELAXED)) {
		memcpy(scribbler->sqes[i % ENTRIES * 2].cmd,
		       &scribbler->req[i / ENTRIES % 2],
		       sizeof(struct kvs_req));
		i++;
	}
	return NULL;
}

/*
 * While a kernel thread reads the queue, user space changes it. Whatever words
 * of the two requests come together, what is validated is what runs.
 */
TEST(queue_that_changes_while_it_is_read)
{
	long rounds = kvs_test_size("SQE_SCRIBBLES");
	char value[256] = "", key[64] = "";
	struct kvs_req req[2] = { req_put("wrap.put", value, 200),
				  req_key(KVS_ADD, key, sizeof(key)) };
	struct scribbler scribbler = { .req = req };
	struct io_uring ring;
	pthread_t thread;
	int fd = control_open_default(O_RDWR);
	int res[ENTRIES], i;

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, ring_open(&ring, ENTRIES,
			       IORING_SETUP_SQE128 | IORING_SETUP_SQPOLL));
	scribbler.sqes = ring.sq.sqes;
	ASSERT_EQ(0, pthread_create(&thread, NULL, scribble, &scribbler));
	while (rounds--) {
		for (i = 0; i < ENTRIES; i++)
			ring_link(&ring, fd, &req[i % 2], 0);
		ASSERT_EQ(0, ring_run_all(&ring, ENTRIES, res));
		for (i = 0; i < ENTRIES; i++)
			EXPECT_TRUE(res[i] <= 0 && res[i] >= -133);
	}
	__atomic_store_n(&scribbler.stop, true, __ATOMIC_RELAXED);
	pthread_join(thread, NULL);
	io_uring_queue_exit(&ring);
	close(fd);
}

TEST_HARNESS_MAIN
