// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rings: see ring.h.
 */
#include "deck.h"
#include "failure.h"
#include "ring.h"

void ring_open(struct io_uring *ring, unsigned int flags, int fd)
{
	flags |= IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN;
	must(io_uring_queue_init(BATCH, ring, flags), "io_uring");
	must(io_uring_register_files(ring, &fd, 1), "io_uring: a file");
	if (io_uring_register_ring_fd(ring) != 1)
		die("io_uring: the ring cannot be registered");
}

unsigned int ring_run(struct io_uring *ring, unsigned int count, int res)
{
	unsigned int wrong = 0;
	struct io_uring_cqe *cqe;
	unsigned int head, seen;

	if (io_uring_submit_and_wait(ring, count) != (int)count)
		return count;
	seen = io_uring_cq_ready(ring);
	io_uring_for_each_cqe(ring, head, cqe) wrong += cqe->res != res;
	io_uring_cq_advance(ring, seen);
	return wrong + (seen != count);
}
