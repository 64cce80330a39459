// SPDX-License-Identifier: GPL-2.0-only
/*
 * A process that is killed in the middle of a batch: what ran before stands,
 * the rest is cancelled, and each request was done whole or not at all.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include <kselftest_harness.h>

#include "control.h"
#include "door.h"
#include "request.h"

#define KEY "signal.key"
#define LARGE "signal.large"
#define LARGE_LEN 1048576U

/* What the parent sees of the batch when the child is dead. */
struct shared {
	struct kvs_req reqs[KVS_MAX_BATCH];
	struct kvs_res res[KVS_MAX_BATCH];
};

FIXTURE(killed)
{
	struct shared *shared;
	char *buf;
	int fd;
};

FIXTURE_VARIANT(killed)
{
	enum door_kind kind;
	unsigned int how;
};

/* clang-format off */
FIXTURE_VARIANT_ADD(killed, ioctl) {
	.kind = DOOR_IOCTL_VEC,
};

FIXTURE_VARIANT_ADD(killed, uring) {
	.kind = DOOR_URING_VEC,
};

FIXTURE_VARIANT_ADD(killed, uring_sqpoll) {
	.kind = DOOR_URING_VEC, .how = DOOR_SQPOLL,
};

FIXTURE_VARIANT_ADD(killed, uring_async) {
	.kind = DOOR_URING_VEC, .how = DOOR_ASYNC,
};

/* clang-format on */

static void *map(size_t len, int flags)
{
	return mmap(NULL, len, PROT_READ | PROT_WRITE, flags | MAP_ANONYMOUS,
		    -1, 0);
}

FIXTURE_SETUP(killed)
{
	self->fd = control_open_default(O_RDWR);
	ASSERT_LE(0, self->fd);
	self->shared = map(sizeof(*self->shared), MAP_SHARED);
	self->buf = map(LARGE_LEN, MAP_PRIVATE);
	ASSERT_NE(MAP_FAILED, self->shared);
	ASSERT_NE(MAP_FAILED, self->buf);
	control_request(self->fd, req_delete(KEY));
	ASSERT_EQ(0, control_request(self->fd,
				     req_put(LARGE, self->buf, LARGE_LEN)));
}

FIXTURE_TEARDOWN(killed)
{
	control_request(self->fd, req_delete(LARGE));
	control_request(self->fd, req_delete(KEY));
	close(self->fd);
}

/* An ADD, then a GET that takes its time, and so on. */
static void fill_batch(struct _test_data_killed *self)
{
	struct shared *shared = self->shared;
	struct kvs_req req;
	int i;

	poison(shared->res, sizeof(shared->res));
	for (i = 0; i < KVS_MAX_BATCH; i++) {
		if (i % 2)
			req = req_get(LARGE, self->buf, LARGE_LEN);
		else
			req = req_add_create(KEY, 1);
		shared->reqs[i] = req_result(req, &shared->res[i]);
	}
}

static bool began(const struct shared *shared)
{
	const __s32 *status = &shared->res[8].status;

	return !__atomic_load_n(status, __ATOMIC_ACQUIRE);
}

static pid_t send_batch(struct _test_data_killed *self, enum door_kind kind,
			unsigned int how)
{
	struct kvs_vec vec = { .reqs = addr_of(self->shared->reqs),
			       .count = KVS_MAX_BATCH };
	struct door door;
	pid_t pid = fork();

	if (pid)
		return pid;
	if (door_attach(&door, kind, how, self->fd))
		_exit(1);
	_exit(!!door_send_vec(&door, &vec));
}

/* How many requests from the first on were done. */
static int count_done(const struct shared *shared)
{
	int done = 0;

	while (done < KVS_MAX_BATCH && !shared->res[done].status)
		done++;
	return done;
}

/* The worker or thread of a ring may be at it when the process is gone. */
static int wait_for_end(const struct shared *shared)
{
	int tries = 1000;

	while (is_poison(&shared->res[KVS_MAX_BATCH - 1].status, 4) && tries--)
		usleep(10000);
	return tries;
}

/* Sends a batch and kills its sender; how that ended. */
static int kill_sender(struct _test_data_killed *self, enum door_kind kind,
		       unsigned int how)
{
	pid_t pid;
	int status;

	control_request(self->fd, req_delete(KEY));
	fill_batch(self);
	pid = send_batch(self, kind, how);
	if (pid < 0)
		return -1;
	while (!began(self->shared))
		usleep(1000);
	kill(pid, SIGKILL);
	return waitpid(pid, &status, 0) == pid ? status : -1;
}

TEST_F(killed, in_a_batch)
{
	const struct shared *shared = self->shared;
	int done, status, i, turn = 0;
	__s64 number = 0;

	/* Where this process has to wait for a processor, it comes too late */
	do {
		status = kill_sender(self, variant->kind, variant->how);
		ASSERT_LE(0, wait_for_end(shared));
		done = count_done(shared);
	} while (done == KVS_MAX_BATCH && ++turn < 10);

	EXPECT_EQ(SIGKILL, WTERMSIG(status));
	EXPECT_LT(8, done);
	EXPECT_GT(KVS_MAX_BATCH, done);
	for (i = done; i < KVS_MAX_BATCH; i++) {
		EXPECT_EQ(-ECANCELED, shared->res[i].status)
		{
			TH_LOG("request %d after %d", i, done);
			break;
		}
	}
	ASSERT_EQ(0, control_request(self->fd, req_get(KEY, &number, 8)));
	EXPECT_EQ((done + 1) / 2, number);
}

TEST_HARNESS_MAIN
