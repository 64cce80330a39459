// SPDX-License-Identifier: GPL-2.0-only
/*
 * A store that administrators close again and again: who writes to it gets
 * through all the same, before it is closed the next time but one. Readers do
 * not wait.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <time.h>

#include <kselftest_harness.h>

#include "control.h"
#include "crew.h"
#include "size.h"
#include "store.h"
#include "txn.h"

#define STORE "closed.one"
#define STAGING "closed.staging"
#define BLOB "closed.blob"
#define COUNTER "closed.counter"
#define BATCH 8

/* Of waiting, and what a busy machine may add to it. */
#define PATIENCE 4.0
#define SLACK 6.0

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec + now.tv_nsec / 1e9;
}

FIXTURE(closed)
{
	int fd, staging;
	double end;
	int writers; /* who have not ended yet */
	int made, refused;
	int closings; /* of the store, so far */
};

FIXTURE_SETUP(closed)
{
	self->fd = store_make(STORE);
	ASSERT_LE(0, self->fd);
	self->staging = store_stage(self->fd, STAGING);
	ASSERT_LE(0, self->staging);
	self->end = seconds() + kvs_test_size("CLOSED_SECONDS");
	self->writers = 3;
}

FIXTURE_TEARDOWN(closed)
{
	close(self->staging);
	close(self->fd);
	store_clear(STORE);
}

static bool is_over(struct _test_data_closed *closed)
{
	return !__atomic_load_n(&closed->writers, __ATOMIC_SEQ_CST);
}

/* By FLUSH and by PUBLISH, turn and turn about. */
static int close_always(struct _test_data_closed *closed)
{
	unsigned int turn = 0;
	int ret = 0;

	while (!ret && !is_over(closed)) {
		ret = turn++ % 2 ? store_flush(closed->fd) :
				   store_publish(closed->fd);
		__atomic_add_fetch(&closed->closings, 1, __ATOMIC_SEQ_CST);
	}
	return ret;
}

static int read_always(struct _test_data_closed *closed)
{
	char buf[64];
	const struct kvs_req get =
		req_flags(req_get(BLOB, buf, sizeof(buf)), KVS_F_OFFSET);
	double begin, took;
	int ret;

	do {
		begin = seconds();
		ret = control_request(closed->fd, get);
		took = seconds() - begin;
	} while ((!ret || ret == -ENOENT) && took < PATIENCE &&
		 !is_over(closed));
	return ret && ret != -ENOENT ? ret : took >= PATIENCE;
}

/* Whatever changes something, one kind after the other. */
static struct kvs_req write_of(long turn, struct txn *txn)
{
	static const char large[5000];

	switch (turn % 8) {
	case 0:
		return req_put_str(BLOB, "value");
	case 1:
		return req_put(BLOB, large, sizeof(large));
	case 2:
		return req_add_create(COUNTER, 1);
	case 3:
		return req_ttl(req_touch(BLOB, KVS_TOUCH_SET), 1000000000);
	case 4:
		return req_ttl(req_get(BLOB, NULL, 0), 1000000000);
	case 5:
		return req_flags(req_put_str(BLOB, "more"),
				 KVS_F_APPEND | KVS_F_CREATE);
	case 6:
		memset(txn, 0, sizeof(*txn));
		txn_do(txn, TXN_THEN, req_put_str(BLOB, "value"));
		txn_do(txn, TXN_THEN, req_add_create(COUNTER, 1));
		return txn_request(txn);
	default:
		return req_delete(BLOB);
	}
}

/* A FLUSH may have come between. */
static int judge(struct _test_data_closed *closed, int ret, double took)
{
	bool busy = ret == -EBUSY;

	__atomic_add_fetch(busy ? &closed->refused : &closed->made, 1,
			   __ATOMIC_SEQ_CST);
	if ((!ret || ret == -ENOENT || (busy && took > PATIENCE * 0.9)) &&
	    took < PATIENCE + SLACK)
		return 0;
	printf("# %d after %.1f s\n", ret, took);
	return -1;
}

static int write_singly(struct _test_data_closed *closed, enum door_kind kind)
{
	static __thread struct txn txn;
	struct kvs_res res;
	struct door door;
	double begin;
	long turn = 0;
	int ret;

	if (door_attach(&door, kind, 0, closed->fd))
		return -1;
	do {
		begin = seconds();
		ret = door_do(&door, write_of(turn++, &txn), &res);
		ret = judge(closed, ret, seconds() - begin);
	} while (!ret && seconds() < closed->end);
	door_detach(&door);
	return ret;
}

/* All of a call together wait no longer than one. */
static int write_in_batches(struct _test_data_closed *closed)
{
	struct kvs_req reqs[BATCH];
	struct kvs_res res[BATCH];
	double begin, took;
	int i, ret;

	for (i = 0; i < BATCH; i++)
		reqs[i] = req_result(req_add_create(COUNTER, 1), &res[i]);
	do {
		begin = seconds();
		ret = control_batch(closed->fd, reqs, BATCH);
		took = seconds() - begin;
		for (i = 0; i < BATCH && !ret; i++)
			ret = judge(closed, res[i].status, took);
	} while (!ret && seconds() < closed->end);
	return ret;
}

static int write_often(struct _test_data_closed *closed, unsigned int member)
{
	int ret = member == 2 ? write_in_batches(closed) :
		  member      ? write_singly(closed, DOOR_URING_REQ) :
				write_singly(closed, DOOR_IOCTL_REQ);

	__atomic_sub_fetch(&closed->writers, 1, __ATOMIC_SEQ_CST);
	return ret;
}

static int in_storm(unsigned int member, void *arg)
{
	struct _test_data_closed *closed = arg;
	int ret;

	if (member < 3)
		ret = write_often(closed, member);
	else if (member == 3)
		ret = read_always(closed);
	else
		ret = close_always(closed);
	if (ret)
		printf("# member %u: %d\n", member, ret);
	return ret;
}

TEST_F(closed, writes_get_through)
{
	EXPECT_EQ(0, crew_threads(6, in_storm, self));
	EXPECT_LT(0, self->made);
	EXPECT_EQ(0, self->refused);
	EXPECT_EQ(0, control_request(self->fd, req_put_str(BLOB, "value")));
}

/* Whoever has the processor could close the store before another gets to it. */
static int have_the_processor(bool first)
{
	const struct sched_param priority = { .sched_priority = 1 };
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(0, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		return -errno;
	return first && sched_setscheduler(0, SCHED_FIFO, &priority) ? -errno :
								       0;
}

/* All of a call together wait no longer than four seconds. */
static int write_in_turn(struct _test_data_closed *closed)
{
	static struct txn txn;
	struct kvs_req reqs[BATCH];
	struct kvs_res res[BATCH];
	double begin, took;
	int i, ret;

	for (i = 0; i < BATCH; i++)
		reqs[i] = req_result(write_of(i, &txn), &res[i]);
	/* The storm is to have begun */
	while (__atomic_load_n(&closed->closings, __ATOMIC_SEQ_CST) < 10)
		usleep(1000);
	begin = seconds();
	ret = control_batch(closed->fd, reqs, BATCH);
	took = seconds() - begin;
	for (i = 0; i < BATCH && !ret; i++)
		ret = judge(closed, res[i].status, took);
	return ret;
}

static int in_turn(unsigned int member, void *arg)
{
	struct _test_data_closed *closed = arg;
	int ret = have_the_processor(member);

	if (!ret && member)
		ret = close_always(closed);
	else if (!ret)
		ret = write_in_turn(closed);
	if (!member)
		__atomic_store_n(&closed->writers, 0, __ATOMIC_SEQ_CST);
	if (ret)
		printf("# member %u: %d\n", member, ret);
	return ret;
}

TEST_F(closed, nobody_is_shut_out_twice)
{
	EXPECT_EQ(0, crew_threads(2, in_turn, self));
	EXPECT_EQ(BATCH, self->made);
	EXPECT_EQ(0, self->refused);
	EXPECT_EQ(0, control_request(self->fd, req_put_str(BLOB, "value")));
}

TEST_HARNESS_MAIN
