// SPDX-License-Identifier: GPL-2.0-only
/* One handle, many threads. */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "carrier.h"
#include "size.h"
#include "steps.h"
#include "store_fixture.h"

#define KEY "thread.key"
#define KEY_LEN (sizeof(KEY) - 1)
#define BATCH 32

/* What the threads share */
struct crew {
	struct kvs *kvs;
	pthread_barrier_t start;
	long rounds;
	long wins;
	long errors;
};

static void count(long *counter)
{
	__atomic_add_fetch(counter, 1, __ATOMIC_RELAXED);
}

static int crew_run(struct crew *crew, struct kvs *kvs, void *(*fn)(void *))
{
	long threads = kvs_test_size("USERLIB_THREADS");
	pthread_t *ids = calloc(threads, sizeof(*ids));
	long i;

	if (!ids)
		return -ENOMEM;
	*crew = (struct crew){
		.kvs = kvs,
		.rounds = kvs_test_size("USERLIB_ROUNDS"),
	};
	pthread_barrier_init(&crew->start, NULL, threads);
	for (i = 0; i < threads; i++)
		if (pthread_create(&ids[i], NULL, fn, crew))
			abort();
	for (i = 0; i < threads; i++)
		pthread_join(ids[i], NULL);
	pthread_barrier_destroy(&crew->start);
	free(ids);
	return 0;
}

static void *bump(void *arg)
{
	struct crew *crew = arg;
	long i;

	pthread_barrier_wait(&crew->start);
	for (i = 0; i < crew->rounds; i++)
		if (step_add(crew->kvs, KEY, 1, KVS_FLAG_CREATE, NULL))
			count(&crew->errors);
	return NULL;
}

static void *bump_in_batches(void *arg)
{
	struct kvs_request requests[BATCH];
	struct kvs_result results[BATCH];
	struct crew *crew = arg;
	long i, k;

	for (k = 0; k < BATCH; k++)
		kvs_request_add(&requests[k], KEY, KEY_LEN, 1, KVS_FLAG_CREATE,
				&results[k]);
	pthread_barrier_wait(&crew->start);
	for (i = 0; i < crew->rounds / BATCH; i++) {
		if (kvs_batch(crew->kvs, requests, BATCH))
			count(&crew->errors);
		for (k = 0; k < BATCH; k++)
			if (results[k].status)
				count(&crew->errors);
	}
	return NULL;
}

/* Each thread has a ring, all share the handle and the request. */
static void *bump_by_ring(void *arg)
{
	struct kvs_request request;
	struct crew *crew = arg;
	struct io_uring_sqe *sqe;
	struct io_uring ring;
	long i;

	if (io_uring_queue_init(2, &ring, 0))
		abort();
	kvs_request_add(&request, KEY, KEY_LEN, 1, KVS_FLAG_CREATE, NULL);
	pthread_barrier_wait(&crew->start);
	for (i = 0; i < crew->rounds; i++) {
		sqe = io_uring_get_sqe(&ring);
		kvs_prep_request(sqe, crew->kvs, &request);
		io_uring_sqe_set_data64(sqe, RING_TAG);
		if (ring_run(&ring))
			count(&crew->errors);
	}
	io_uring_queue_exit(&ring);
	return NULL;
}

static void *try_create(void *arg)
{
	struct crew *crew = arg;
	char key[32];
	int len, ret;
	long i;

	pthread_barrier_wait(&crew->start);
	for (i = 0; i < crew->rounds; i++) {
		len = snprintf(key, sizeof(key), KEY ".%ld", i);
		ret = kvs_put(crew->kvs, key, len, "mine", 4, KVS_FLAG_CREATE,
			      NULL);
		if (!ret)
			count(&crew->wins);
		else if (ret != -EEXIST)
			count(&crew->errors);
	}
	return NULL;
}

/* Read, change, write if nobody else did: no round may be lost. */
static int compare_and_swap(struct kvs *kvs)
{
	struct kvs_result res;
	long value;
	int ret;

	do {
		ret = step_get(kvs, KEY, &value, sizeof(value), &res);
		if (ret)
			return ret;
		value++;
		ret = kvs_put_if(kvs, KEY, KEY_LEN, &value, sizeof(value),
				 res.version, 0, NULL);
	} while (ret == -ESTALE);
	return ret;
}

static void *swap(void *arg)
{
	struct crew *crew = arg;
	long i;

	pthread_barrier_wait(&crew->start);
	for (i = 0; i < crew->rounds; i++)
		if (compare_and_swap(crew->kvs))
			count(&crew->errors);
	return NULL;
}

static void *open_and_close(void *arg)
{
	struct kvs *kvs, *narrow;
	struct crew *crew = arg;
	long i;

	pthread_barrier_wait(&crew->start);
	for (i = 0; i < crew->rounds / BATCH; i++) {
		if (kvs_restrict(crew->kvs, KVS_MAY_READ, &narrow) ||
		    kvs_open(NULL, O_RDWR, &kvs)) {
			count(&crew->errors);
			continue;
		}
		kvs_close(narrow);
		kvs_close(kvs);
	}
	return NULL;
}

#define LEFT "thread.left"
#define RIGHT "thread.right"

/* From one to the other, and both as one reader sees them */
static int move_and_look(struct kvs *kvs, int64_t amount, int64_t *sum)
{
	struct kvs_result res, results[2];
	struct kvs_request requests[2];
	const struct kvs_transaction txn = {
		.thens = requests,
		.then_count = 2,
	};
	int ret;

	kvs_request_add(&requests[0], LEFT, strlen(LEFT), -amount, 0,
			&results[0]);
	kvs_request_add(&requests[1], RIGHT, strlen(RIGHT), amount, 0,
			&results[1]);
	ret = kvs_txn(kvs, &txn, &res);
	if (ret)
		return ret;
	kvs_request_get(&requests[0], LEFT, strlen(LEFT), NULL, 0, 0,
			&results[0]);
	kvs_request_get(&requests[1], RIGHT, strlen(RIGHT), NULL, 0, 0,
			&results[1]);
	ret = kvs_txn(kvs, &txn, &res);
	*sum = results[0].number + results[1].number;
	return ret;
}

static void *move(void *arg)
{
	struct crew *crew = arg;
	int64_t sum;
	long i;

	pthread_barrier_wait(&crew->start);
	for (i = 0; i < crew->rounds; i++)
		if (move_and_look(crew->kvs, i, &sum) || sum)
			count(&crew->errors);
	return NULL;
}

static int64_t total(struct kvs *kvs)
{
	struct kvs_result res;

	return step_get(kvs, KEY, NULL, 0, &res) ? -1 : res.number;
}

TEST_F(store, exact_total)
{
	struct crew crew;

	step_delete(self->kvs, KEY);
	ASSERT_EQ(0, crew_run(&crew, self->kvs, bump));
	EXPECT_EQ(0, crew.errors);
	EXPECT_EQ(crew.rounds * kvs_test_size("USERLIB_THREADS"),
		  total(self->kvs));
}

TEST_F(store, exact_total_in_batches)
{
	struct crew crew;

	step_delete(self->kvs, KEY);
	ASSERT_EQ(0, crew_run(&crew, self->kvs, bump_in_batches));
	EXPECT_EQ(0, crew.errors);
	EXPECT_EQ(crew.rounds / BATCH * BATCH *
			  kvs_test_size("USERLIB_THREADS"),
		  total(self->kvs));
}

TEST_F(store, exact_total_by_rings)
{
	struct crew crew;

	step_delete(self->kvs, KEY);
	ASSERT_EQ(0, crew_run(&crew, self->kvs, bump_by_ring));
	EXPECT_EQ(0, crew.errors);
	EXPECT_EQ(crew.rounds * kvs_test_size("USERLIB_THREADS"),
		  total(self->kvs));
}

TEST_F(store, one_winner_of_each_create)
{
	struct crew crew;
	char key[32];
	long i;

	ASSERT_EQ(0, crew_run(&crew, self->kvs, try_create));
	EXPECT_EQ(0, crew.errors);
	EXPECT_EQ(crew.rounds, crew.wins);
	for (i = 0; i < crew.rounds; i++) {
		snprintf(key, sizeof(key), KEY ".%ld", i);
		ASSERT_EQ(0, step_delete(self->kvs, key));
	}
}

TEST_F(store, no_swap_is_lost)
{
	long value = 0;
	struct crew crew;

	ASSERT_EQ(0, kvs_put(self->kvs, KEY, KEY_LEN, &value, sizeof(value), 0,
			     NULL));
	ASSERT_EQ(0, crew_run(&crew, self->kvs, swap));
	EXPECT_EQ(0, crew.errors);
	ASSERT_EQ(0, step_get(self->kvs, KEY, &value, sizeof(value), NULL));
	EXPECT_EQ(crew.rounds * kvs_test_size("USERLIB_THREADS"), value);
}

TEST_F(store, no_transaction_is_torn)
{
	int64_t rounds, sum;
	struct kvs_result res;
	struct crew crew;

	ASSERT_EQ(0, step_put_counter(self->kvs, LEFT, 0, NULL));
	ASSERT_EQ(0, step_put_counter(self->kvs, RIGHT, 0, NULL));
	ASSERT_EQ(0, crew_run(&crew, self->kvs, move));
	EXPECT_EQ(0, crew.errors);
	ASSERT_EQ(0, move_and_look(self->kvs, 0, &sum));
	EXPECT_EQ(0, sum);
	rounds = crew.rounds;
	ASSERT_EQ(0, step_get(self->kvs, RIGHT, NULL, 0, &res));
	EXPECT_EQ(kvs_test_size("USERLIB_THREADS") * rounds * (rounds - 1) / 2,
		  res.number);
}

TEST_F(store, handles_come_and_go)
{
	struct crew crew;

	ASSERT_EQ(0, crew_run(&crew, self->kvs, open_and_close));
	EXPECT_EQ(0, crew.errors);
}

TEST_HARNESS_MAIN
