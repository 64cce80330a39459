// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "carrier.h"

#define RING_ENTRIES 4

static bool has_ring(const struct carrier *carrier)
{
	return carrier->kind >= CARRIER_PREP_REQUEST;
}

int carrier_open(struct carrier *carrier, enum carrier_kind kind)
{
	unsigned int flags = 0;
	int ret;

	carrier->kind = kind;
	if (kind == CARRIER_PREP_REQUEST128)
		flags = IORING_SETUP_SQE128;
	if (has_ring(carrier)) {
		ret = io_uring_queue_init(RING_ENTRIES, &carrier->ring, flags);
		if (ret)
			return ret;
	}
	ret = kvs_open(NULL, O_RDWR, &carrier->kvs);
	if (ret && has_ring(carrier))
		io_uring_queue_exit(&carrier->ring);
	return ret;
}

void carrier_close(struct carrier *carrier)
{
	kvs_close(carrier->kvs);
	if (has_ring(carrier))
		io_uring_queue_exit(&carrier->ring);
}

int ring_run(struct io_uring *ring)
{
	struct io_uring_cqe *cqe;
	int ret;

	ret = io_uring_submit_and_wait(ring, 1);
	if (ret != 1)
		return ret < 0 ? ret : -EBADMSG;
	ret = io_uring_wait_cqe(ring, &cqe);
	if (ret)
		return ret;
	ret = cqe->user_data == RING_TAG ? kvs_cqe_status(cqe) : -EBADMSG;
	io_uring_cqe_seen(ring, cqe);
	return io_uring_cq_ready(ring) ? -EBADMSG : ret;
}

static int run_ring(struct carrier *carrier, const struct kvs_request *request)
{
	struct io_uring_sqe *sqe = io_uring_get_sqe(&carrier->ring);
	int ret = 0;

	/* Set before, so that it has to survive. */
	io_uring_sqe_set_data64(sqe, RING_TAG);
	if (carrier->kind == CARRIER_PREP_REQUEST)
		kvs_prep_request(sqe, carrier->kvs, request);
	else if (carrier->kind == CARRIER_PREP_BATCH)
		kvs_prep_batch(sqe, carrier->kvs, request, 1);
	else
		ret = kvs_prep_request128(sqe, carrier->ring.flags,
					  carrier->kvs, request);
	return ret ? ret : ring_run(&carrier->ring);
}

int carrier_run(struct carrier *carrier, const struct kvs_request *request,
		const struct kvs_result *res)
{
	struct kvs_request before = *request;
	int status;

	if (carrier->kind == CARRIER_DO)
		status = kvs_do(carrier->kvs, request);
	else if (carrier->kind == CARRIER_BATCH)
		status = kvs_batch(carrier->kvs, request, 1);
	else
		status = run_ring(carrier, request);
	if (status != res->status) {
		printf("# returned %d, but the result says %d\n", status,
		       res->status);
		return -EBADMSG;
	}
	if (memcmp(&before, request, sizeof(before))) {
		printf("# the request was changed\n");
		return -EBADMSG;
	}
	return status;
}
