// SPDX-License-Identifier: GPL-2.0-only
/* Many at once: no addition is lost. Of those who race: winner_test.c. */
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>

#include "crew.h"
#include "door_fixture.h"
#include "size.h"
#include "steps.h"

#define KEY "concurrency.key"
#define MEMBERS 4
#define BATCH 32

static __s64 number_of(int fd, const char *key)
{
	__s64 number = INT64_MIN;

	control_request(fd, req_get(key, &number, 8));
	return number;
}

/* What each member of a race or a count is given. */
struct task {
	int fd;
	long count;
	enum door_kind kind;
	unsigned int how;
};

/* ADDs one by one; the answers only grow. */
static int add_singly(struct door *door, long count)
{
	struct kvs_res res;
	__s64 last = 0;

	while (count--) {
		if (door_do(door, req_add_create(KEY, 1), &res) ||
		    res.number <= last || res.applied != 1)
			return -1;
		last = res.number;
	}
	return 0;
}

static int add_in_batches(struct door *door, long count)
{
	struct kvs_req reqs[BATCH];
	struct kvs_res res[BATCH];
	struct kvs_vec vec = { .reqs = addr_of(reqs), .count = BATCH };
	__s64 last = 0;
	int i;

	for (i = 0; i < BATCH; i++)
		reqs[i] = req_result(req_add_create(KEY, 1), &res[i]);
	for (; count > 0; count -= BATCH) {
		if (door_send_vec(door, &vec))
			return -1;
		for (i = 0; i < BATCH; i++) {
			if (res[i].status || res[i].number <= last)
				return -1;
			last = res[i].number;
		}
	}
	return 0;
}

static int add_through(int fd, enum door_kind kind, unsigned int how,
		       long count)
{
	struct door door;
	int ret;

	if (door_attach(&door, kind, how & ~DOOR_CROWD, fd))
		return -1;
	if (how & DOOR_CROWD)
		ret = add_in_batches(&door, count);
	else
		ret = add_singly(&door, count);
	door_detach(&door);
	return ret;
}

static int add_through_own_door(unsigned int member, void *arg)
{
	const struct task *task = arg;

	return add_through(task->fd, member % 4,
			   member % 4 == DOOR_IOCTL_VEC ? DOOR_CROWD : 0,
			   task->count);
}

static int add_through_same_door(unsigned int member, void *arg)
{
	const struct task *task = arg;

	(void)member;
	return add_through(task->fd, task->kind, task->how, task->count);
}

TEST_F(door, total_of_threads)
{
	struct task task = {
		.fd = self->door.fd,
		.count = kvs_test_size("ADDS_PER_DOOR") / BATCH * BATCH,
		.kind = variant->kind,
		.how = variant->how,
	};

	/* A submission thread that wakes a worker each time is slow */
	if (task.how & DOOR_SQPOLL && task.how & DOOR_ASYNC)
		task.count /= 10;
	step_clear(&self->door, KEY);
	EXPECT_EQ(0, crew_threads(MEMBERS, add_through_same_door, &task));
	EXPECT_EQ(MEMBERS * task.count, number_of(task.fd, KEY));
}

FIXTURE(crowd)
{
	struct task task;
};

FIXTURE_SETUP(crowd)
{
	self->task.fd = control_open_default(O_RDWR);
	ASSERT_LE(0, self->task.fd);
	control_request(self->task.fd, req_delete(KEY));
}

FIXTURE_TEARDOWN(crowd)
{
	close(self->task.fd);
}

TEST_F(crowd, total_of_threads_through_all_doors)
{
	self->task.count = kvs_test_size("COUNTER_ADDS") / BATCH * BATCH;
	EXPECT_EQ(0, crew_threads(8, add_through_own_door, &self->task));
	EXPECT_EQ(8 * self->task.count, number_of(self->task.fd, KEY));
}

TEST_F(crowd, total_of_processes_through_all_doors)
{
	self->task.count = kvs_test_size("COUNTER_ADDS") / BATCH * BATCH;
	EXPECT_EQ(0, crew_processes(8, add_through_own_door, &self->task));
	EXPECT_EQ(8 * self->task.count, number_of(self->task.fd, KEY));
}

/* Half of them up and half of them down, and the sum stays in its bounds. */
static int add_within_bounds(unsigned int member, void *arg)
{
	struct kvs_add_args args = { .size = sizeof(args), .max = 3 };
	const struct task *task = arg;
	struct kvs_req req = req_args(req_add_create(KEY, 1), &args);
	struct kvs_res res;
	long left = task->count;
	int ret;

	req.flags |= KVS_F_MIN | KVS_F_MAX;
	req.operand = member & 1 ? 1 : -1;
	req = req_result(req, &res);
	while (left) {
		ret = control_request(task->fd, req);
		if (ret == -EOVERFLOW) {
			sched_yield();
			continue;
		}
		if (ret || res.number < 0 || res.number > 3)
			return -1;
		left--;
	}
	return 0;
}

TEST_F(crowd, bounds_hold)
{
	self->task.count = kvs_test_size("COUNTER_ADDS") / 4;
	EXPECT_EQ(0, crew_threads(2, add_within_bounds, &self->task));
	EXPECT_EQ(0, number_of(self->task.fd, KEY));
}

/* CREATE is a lock: an addition that is none needs one. */
struct locked {
	struct task task;
	long unguarded;
};

static int count_locked(unsigned int member, void *arg)
{
	struct locked *locked = arg;
	struct kvs_req lock = req_put(KEY, &member, sizeof(member));
	long left = locked->task.count;
	int ret;

	lock.flags = KVS_F_CREATE;
	while (left) {
		ret = control_request(locked->task.fd, lock);
		if (ret == -EEXIST) {
			sched_yield();
			continue;
		}
		if (ret)
			return -1;
		locked->unguarded++;
		left--;
		if (control_request(locked->task.fd, req_delete(KEY)))
			return -1;
	}
	return 0;
}

TEST_F(crowd, create_excludes)
{
	struct locked locked = { .task = self->task };

	locked.task.count = kvs_test_size("LOCK_TURNS");
	EXPECT_EQ(0, crew_threads(2, count_locked, &locked));
	EXPECT_EQ(2 * locked.task.count, locked.unguarded);
}

/* Compare and swap by version: as good as an ADD, if slower. */
static int count_by_version(unsigned int member, void *arg)
{
	const struct task *task = arg;
	long left = task->count;
	struct kvs_req get, put;
	struct kvs_res res;
	__u64 value;
	int ret;

	(void)member;
	get = req_result(req_get(KEY, &value, 8), &res);
	while (left) {
		if (control_request(task->fd, get))
			return -1;
		value++;
		put = req_if_version(req_put(KEY, &value, 8), res.version);
		ret = control_request(task->fd, put);
		if (!ret)
			left--;
		else if (ret != -ESTALE)
			return -1;
	}
	return 0;
}

TEST_F(crowd, swaps_by_version_lose_nothing)
{
	__s64 zero = 0;

	self->task.count = kvs_test_size("LOCK_TURNS");
	ASSERT_EQ(0, control_request(self->task.fd, req_put(KEY, &zero, 8)));
	EXPECT_EQ(0, crew_threads(3, count_by_version, &self->task));
	EXPECT_EQ(3 * self->task.count, number_of(self->task.fd, KEY));
}

TEST_HARNESS_MAIN
