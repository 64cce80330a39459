// SPDX-License-Identifier: GPL-2.0-only
/*
 * How long handles live: with the open file description, wherever it goes, and
 * whatever becomes of the processes that had it.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <kselftest_harness.h>

#include "control.h"
#include "door.h"
#include "module.h"
#include "pass.h"
#include "request.h"
#include "ring.h"

#define KEY "lifetime.key"
#define SLOW_BATCH 500

FIXTURE(lifetime)
{
	long users; /* of the module, before the test opened anything */
	int fd;
};

FIXTURE_SETUP(lifetime)
{
	/* What an earlier test left to a worker shall be gone */
	ASSERT_EQ(0, module_wait_users(0, 10));
	self->users = module_users();
	self->fd = control_open_default(O_RDWR);
	ASSERT_LE(0, self->fd);
	control_request(self->fd, req_delete(KEY));
}

FIXTURE_TEARDOWN(lifetime)
{
	close(self->fd);
	EXPECT_EQ(0, module_wait_users(self->users, 10));
}

static int add_one(int fd)
{
	return control_request(fd, req_add_create(KEY, 1));
}

static __s64 count_of(int fd)
{
	__s64 number;

	return control_request(fd, req_get(KEY, &number, 8)) ? 0 : number;
}

/* Somebody who could not open the device uses the handle he was given. */
static int nobody_with_socket(int socket)
{
	int fd;

	if (setgid(65534) || setuid(65534))
		return 1;
	if (control_open(O_RDONLY) != -EACCES)
		return 2;
	fd = pass_receive(socket);
	if (fd < 0)
		return 3;
	if (control_request(fd, req_get(KEY, NULL, 0)))
		return 4;
	return control_request(fd, req_delete(KEY)) == -EACCES ? 0 : 5;
}

TEST_F(lifetime, passed_over_a_socket)
{
	int sockets[2], reader, status;
	pid_t pid;

	ASSERT_EQ(0, add_one(self->fd));
	ASSERT_EQ(0, socketpair(AF_UNIX, SOCK_STREAM, 0, sockets));
	reader = control_restrict(self->fd, KVS_RIGHT_READ);
	ASSERT_LE(0, reader);
	pid = fork();
	if (!pid)
		_exit(nobody_with_socket(sockets[1]));
	pass_send(sockets[0], reader);
	/* In flight nothing but the socket holds it */
	close(reader);
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(0, status);
	close(sockets[0]);
	close(sockets[1]);
}

TEST_F(lifetime, in_flight)
{
	int sockets[2], fd;

	ASSERT_EQ(0, socketpair(AF_UNIX, SOCK_STREAM, 0, sockets));
	fd = control_open_default(O_RDWR);
	pass_send(sockets[0], fd);
	close(fd);
	EXPECT_EQ(2, module_users());
	fd = pass_receive(sockets[1]);
	EXPECT_EQ(0, add_one(fd));
	pass_send(sockets[0], fd);
	close(fd);
	/* Never received: the last end of the socket gives it back */
	close(sockets[0]);
	close(sockets[1]);
	EXPECT_EQ(0, module_wait_users(1, 10));
}

TEST_F(lifetime, fork_and_dup)
{
	int copy = dup(self->fd), status;
	struct kvs_bind bind;
	pid_t pid;

	pid = fork();
	if (!pid) {
		/* One description: the child's handle is bound as well */
		if (control_bind(self->fd, "", &bind) != -EISCONN)
			_exit(1);
		close(copy);
		_exit(add_one(self->fd));
	}
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(0, status);
	EXPECT_EQ(1, count_of(self->fd));
	close(self->fd);
	EXPECT_EQ(1, module_users());
	EXPECT_EQ(0, add_one(copy));
	self->fd = copy;
	EXPECT_EQ(2, count_of(self->fd));
}

/* What binds in the child is bound in the parent. */
TEST_F(lifetime, bound_by_a_child)
{
	int fd = control_open(O_RDWR), status;
	struct kvs_bind bind;
	pid_t pid;

	pid = fork();
	if (!pid)
		_exit(!!control_bind(fd, "", &bind));
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(0, status);
	EXPECT_EQ(0, add_one(fd));
	close(fd);
}

/*
 * A command that waits in a link when its descriptor is closed. Kernels look a
 * descriptor up when the command runs: then there is none, or it is another.
 */
TEST_F(lifetime, closed_before_a_command_runs)
{
	struct kvs_req req = req_add_create(KEY, 1);
	struct io_uring_sqe *sqe;
	struct io_uring ring;
	int fds[2], fd, res;
	__u64 tag;
	char byte;

	ASSERT_EQ(0, pipe(fds));
	ASSERT_EQ(0, ring_open(&ring, 8, IORING_SETUP_SQE128));
	fd = control_open_default(O_RDWR);
	sqe = ring_sqe(&ring);
	io_uring_prep_read(sqe, fds[0], &byte, 1, 0);
	sqe->flags = IOSQE_IO_LINK;
	ring_link(&ring, fd, &req, 0);
	ASSERT_EQ(2, io_uring_submit(&ring));
	close(fd);
	ASSERT_EQ(1, write(fds[1], "x", 1));
	EXPECT_EQ(1, ring_wait(&ring, &tag));
	res = ring_wait(&ring, &tag);
	EXPECT_TRUE(res == 0 || res == -EBADF);
	EXPECT_EQ(!res, count_of(self->fd));
	io_uring_queue_exit(&ring);
	close(fds[0]);
	close(fds[1]);
	EXPECT_EQ(0, module_wait_users(1, 10));
}

/* A batch of additions, each of which a long copy follows. */
static void fill_slow_batch(struct kvs_req *reqs, struct kvs_res *res,
			    char *large, size_t len)
{
	struct kvs_req req;
	int i;

	poison(res, SLOW_BATCH * sizeof(*res));
	for (i = 0; i < SLOW_BATCH; i++) {
		if (i % 2)
			req = req_get("lifetime.large", large, len);
		else
			req = req_add_create(KEY, 1);
		reqs[i] = req_result(req, &res[i]);
	}
}

/* The descriptor, and all that is left of it, go while the command runs. */
TEST_F(lifetime, closed_while_a_command_runs)
{
	static struct kvs_req reqs[SLOW_BATCH];
	static struct kvs_res res[SLOW_BATCH];
	static char large[65536];
	struct kvs_vec vec = { .reqs = addr_of(reqs), .count = SLOW_BATCH };
	struct io_uring ring;
	__u64 tag;
	int fd;

	fd = control_open_default(O_RDWR);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, control_request(fd, req_put("lifetime.large", large,
						 sizeof(large))));
	fill_slow_batch(reqs, res, large, sizeof(large));
	ASSERT_EQ(0, ring_open(&ring, 8, 0));
	ring_prep(&ring, fd, KVS_IOC_VEC, &vec, sizeof(vec))->flags =
		IOSQE_ASYNC;
	ASSERT_EQ(1, io_uring_submit(&ring));
	while (__atomic_load_n(&res[0].status, __ATOMIC_ACQUIRE))
		sched_yield();
	close(fd);
	EXPECT_EQ(0, ring_wait(&ring, &tag));
	EXPECT_EQ(0, res[SLOW_BATCH - 1].status);
	EXPECT_EQ(SLOW_BATCH / 2, count_of(self->fd));
	io_uring_queue_exit(&ring);
	EXPECT_EQ(0, control_request(self->fd, req_delete("lifetime.large")));
	EXPECT_EQ(0, module_wait_users(1, 10));
}

/* Leaves with commands in workers, in links, behind drains and unsubmitted. */
static void leave_with_a_full_ring(int fd, unsigned int flags)
{
	static char value[65536];
	struct kvs_req put = req_put("lifetime.large", value, sizeof(value));
	struct io_uring ring;
	unsigned int i, round;

	if (ring_open(&ring, 64, IORING_SETUP_SQE128 | flags) ||
	    io_uring_register_files(&ring, &fd, 1))
		_exit(1);
	for (round = 0; round < 5; round++) {
		for (i = 0; i < 64; i++)
			ring_link(&ring, 0, &put,
				  IOSQE_FIXED_FILE | IOSQE_ASYNC |
					  (i % 4 == 3 ? 0 : IOSQE_IO_LINK));
		if (round < 4)
			io_uring_submit(&ring);
	}
	_exit(0);
}

TEST_F(lifetime, exit_with_a_full_ring)
{
	static const unsigned int flags[] = { 0, IORING_SETUP_SQPOLL };
	int status, turn;
	pid_t pid;

	for (turn = 0; turn < 4; turn++) {
		pid = fork();
		if (!pid)
			leave_with_a_full_ring(self->fd, flags[turn % 2]);
		ASSERT_EQ(pid, waitpid(pid, &status, 0));
		EXPECT_EQ(0, status);
	}
	EXPECT_EQ(0, module_wait_users(1, 10));
	EXPECT_EQ(0, add_one(self->fd));
	control_request(self->fd, req_delete("lifetime.large"));
}

TEST_F(lifetime, unloading_while_in_use)
{
	struct io_uring ring;
	int status;
	pid_t pid;

	EXPECT_EQ(-EAGAIN, module_unload());
	EXPECT_EQ(0, add_one(self->fd));

	/* An unbound handle is a use too, and so is a registered file */
	close(self->fd);
	self->fd = control_open(O_RDONLY);
	EXPECT_EQ(-EAGAIN, module_unload());
	ASSERT_EQ(0, ring_open(&ring, 8, 0));
	ASSERT_EQ(0, io_uring_register_files(&ring, &self->fd, 1));
	close(self->fd);
	EXPECT_EQ(-EAGAIN, module_unload());
	io_uring_queue_exit(&ring);
	EXPECT_EQ(0, module_wait_users(0, 10));

	/* A descriptor that RESTRICT made, when the device's own is gone */
	self->fd = control_open_default(O_RDWR);
	status = control_restrict(self->fd, KVS_RIGHT_READ);
	close(self->fd);
	self->fd = status;
	EXPECT_EQ(-EAGAIN, module_unload());

	/* Only the child has it */
	pid = fork();
	if (!pid) {
		pause();
		_exit(0);
	}
	close(self->fd);
	EXPECT_EQ(-EAGAIN, module_unload());
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	EXPECT_EQ(0, module_wait_users(0, 10));
	self->fd = control_open_default(O_RDWR);
}

TEST_HARNESS_MAIN
