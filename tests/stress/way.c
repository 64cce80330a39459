// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>

#include "way.h"

/* One in so many goes to a worker: to wake one takes as long as many requests. */
#define ASYNC_TURNS 61

int way_open(struct way *way, enum way_kind kind, struct kvs *kvs)
{
	struct io_uring_params params = { .sq_thread_idle = 10 };

	way->kind = kind;
	way->kvs = kvs;
	if (kind < WAY_RING)
		return 0;
	if (kind == WAY_RING128)
		params.flags = IORING_SETUP_SQE128;
	else if (kind == WAY_RING_POLLED)
		params.flags = IORING_SETUP_SQPOLL;
	return io_uring_queue_init_params(WAY_MOST, &way->ring, &params);
}

void way_close(struct way *way)
{
	if (way->kind >= WAY_RING)
		io_uring_queue_exit(&way->ring);
}

static int run_calls(struct way *way, const struct kvs_request *requests,
		     size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		way->carried[i] = kvs_do(way->kvs, &requests[i]);
	return 0;
}

static int run_batch(struct way *way, const struct kvs_request *requests,
		     size_t count)
{
	int ret = kvs_batch(way->kvs, requests, count);

	way->carried[0] = ret;
	return way_joins(way, count) ? ret : 0;
}

/* The submission thread may be late in giving an entry back. */
static struct io_uring_sqe *next_sqe(struct way *way)
{
	struct io_uring_sqe *sqe;

	while (!(sqe = io_uring_get_sqe(&way->ring))) {
		if (io_uring_sqring_wait(&way->ring) < 0)
			return NULL;
	}
	return sqe;
}

static int prep_all(struct way *way, const struct kvs_request *requests,
		    size_t count)
{
	struct io_uring_sqe *sqe;
	size_t i;

	for (i = 0; i < count; i++) {
		sqe = next_sqe(way);
		if (!sqe)
			return -EBUSY;
		if (way->kind == WAY_RING_BATCH)
			kvs_prep_batch(sqe, way->kvs, requests, count);
		else if (way->kind == WAY_RING128)
			kvs_prep_request128(sqe, way->ring.flags, way->kvs,
					    &requests[i]);
		else
			kvs_prep_request(sqe, way->kvs, &requests[i]);
		sqe->user_data = i;
		if (++way->prepared % ASYNC_TURNS == 0)
			sqe->flags |= IOSQE_ASYNC;
		if (way->kind == WAY_RING_BATCH)
			return 1;
	}
	return count;
}

static int reap(struct way *way)
{
	struct io_uring_cqe *cqe;
	int ret = io_uring_wait_cqe(&way->ring, &cqe);

	if (ret)
		return ret;
	way->carried[cqe->user_data] = kvs_cqe_status(cqe);
	io_uring_cqe_seen(&way->ring, cqe);
	return 0;
}

static int run_ring(struct way *way, const struct kvs_request *requests,
		    size_t count)
{
	int prepared = prep_all(way, requests, count);
	int ret;

	if (prepared < 0)
		return prepared;
	ret = io_uring_submit(&way->ring);
	if (ret < 0)
		return ret;
	while (prepared--) {
		ret = reap(way);
		if (ret)
			return ret;
	}
	if (io_uring_cq_ready(&way->ring))
		return -EBADMSG;
	return way_joins(way, count) ? way->carried[0] : 0;
}

int way_run(struct way *way, const struct kvs_request *requests, size_t count)
{
	if (way->kind == WAY_CALLS)
		return run_calls(way, requests, count);
	if (way->kind == WAY_BATCH)
		return run_batch(way, requests, count);
	return run_ring(way, requests, count);
}
