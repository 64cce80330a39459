// SPDX-License-Identifier: GPL-2.0-only
/*
 * Processes that count and are killed, again and again, in every way that the
 * library has. What each of them knew to be counted is counted, and of what it
 * had under way at most all.
 */
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include <kselftest_harness.h>

#include "size.h"
#include "way.h"

#define COUNTER "stress.killed"
#define CHILDREN 4

/* In memory that outlives the children. */
struct shared {
	long counted[CHILDREN]; /* answered */
	long begun[CHILDREN]; /* sent */
};

static void count_for_ever(struct shared *shared, int child, enum way_kind kind)
{
	struct kvs_request requests[WAY_MOST];
	struct kvs_result results[WAY_MOST];
	struct kvs *kvs;
	struct way way;
	int i;

	if (kvs_open(NULL, O_RDWR, &kvs) || way_open(&way, kind, kvs))
		_exit(1);
	for (;;) {
		for (i = 0; i < WAY_MOST; i++)
			kvs_request_add(&requests[i], COUNTER, strlen(COUNTER),
					1, KVS_FLAG_CREATE, &results[i]);
		__atomic_add_fetch(&shared->begun[child], WAY_MOST,
				   __ATOMIC_SEQ_CST);
		if (way_run(&way, requests, WAY_MOST))
			_exit(2);
		for (i = 0; i < WAY_MOST; i++)
			if (results[i].status)
				_exit(3);
		__atomic_add_fetch(&shared->counted[child], WAY_MOST,
				   __ATOMIC_SEQ_CST);
	}
}

static pid_t start(struct shared *shared, int child, long turn)
{
	pid_t pid = fork();

	if (!pid)
		count_for_ever(shared, child, turn % WAY_KINDS);
	return pid;
}

/* Ends one that did not end by itself. */
static bool end(pid_t pid)
{
	int status;

	kill(pid, SIGKILL);
	return waitpid(pid, &status, 0) == pid && WIFSIGNALED(status);
}

/* A ring of a dead process may be at it yet: the total settles. */
static int64_t settled_total(struct kvs *kvs)
{
	int64_t last = -1, total = 0;

	while (total != last) {
		last = total;
		usleep(300000);
		kvs_get(kvs, COUNTER, strlen(COUNTER), &total, sizeof(total),
			NULL);
	}
	return total;
}

/* Where it takes long to begin, nobody may have had an answer yet. */
static void await_answer(const struct shared *shared)
{
	long counted = 0;
	int i;

	while (!counted) {
		usleep(1000);
		for (i = 0; i < CHILDREN; i++)
			counted += __atomic_load_n(&shared->counted[i],
						   __ATOMIC_SEQ_CST);
	}
}

TEST(what_was_answered_is_counted)
{
	long turns = kvs_test_size("STRESS_KILLS");
	long turn, counted = 0, begun = 0;
	pid_t pids[CHILDREN];
	struct shared *shared;
	struct kvs *kvs;
	int64_t total;
	int i;

	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, shared);
	ASSERT_EQ(0, kvs_open(NULL, O_RDWR, &kvs));
	kvs_delete(kvs, COUNTER, strlen(COUNTER), 0, NULL);
	for (i = 0; i < CHILDREN; i++)
		pids[i] = start(shared, i, i);
	for (turn = 0; turn < turns; turn++) {
		i = turn % CHILDREN;
		usleep(5000 + turn * 7919 % 30000);
		EXPECT_TRUE(end(pids[i]));
		pids[i] = start(shared, i, turn);
	}
	await_answer(shared);
	for (i = 0; i < CHILDREN; i++) {
		EXPECT_TRUE(end(pids[i]));
		counted += shared->counted[i];
		begun += shared->begun[i];
	}
	total = settled_total(kvs);
	EXPECT_LE(counted, total);
	EXPECT_GE(begun, total);
	EXPECT_LT(0, counted);
	kvs_delete(kvs, COUNTER, strlen(COUNTER), 0, NULL);
	kvs_close(kvs);
}

TEST_HARNESS_MAIN
