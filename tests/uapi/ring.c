// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "door.h"
#include "ring.h"

int ring_open(struct io_uring *ring, unsigned int entries, unsigned int flags)
{
	struct io_uring_params params = {
		.flags = flags,
		.sq_thread_idle = 1,
		.cq_entries = 4 * entries,
	};

	return io_uring_queue_init_params(entries, ring, &params);
}

struct io_uring_sqe *ring_sqe(struct io_uring *ring)
{
	struct io_uring_sqe *sqe;

	while (!(sqe = io_uring_get_sqe(ring))) {
		if (!(ring->flags & IORING_SETUP_SQPOLL) ||
		    io_uring_sqring_wait(ring) < 0)
			abort();
	}
	return sqe;
}

struct io_uring_sqe *ring_prep(struct io_uring *ring, int fd, __u32 cmd_op,
			       const void *payload, size_t len)
{
	unsigned int place = ring->sq.sqe_tail - ring->sq.sqe_head;
	struct io_uring_sqe *sqe = ring_sqe(ring);

	sqe_prep(sqe, fd, cmd_op, payload, len);
	sqe->user_data = place;
	return sqe;
}

struct io_uring_sqe *ring_link(struct io_uring *ring, int fd,
			       const struct kvs_req *req, unsigned int flags)
{
	struct io_uring_sqe *sqe;

	sqe = ring_prep(ring, fd, KVS_CMD_REQ, req, sizeof(*req));
	sqe->flags = flags;
	return sqe;
}

int ring_wait(struct io_uring *ring, __u64 *user_data)
{
	struct io_uring_cqe *cqe;
	int ret;

	ret = io_uring_wait_cqe(ring, &cqe);
	if (ret)
		return ret;
	ret = cqe->res;
	*user_data = cqe->user_data;
	io_uring_cqe_seen(ring, cqe);
	return ret;
}

int ring_run(struct io_uring *ring)
{
	__u64 user_data;
	int ret;

	ret = io_uring_submit(ring);
	return ret < 0 ? ret : ring_wait(ring, &user_data);
}

int ring_run_all(struct io_uring *ring, unsigned int count, int *res)
{
	unsigned int i;
	__u64 place;
	int ret;

	/* Every place must be answered once: this is no errno */
	for (i = 0; i < count; i++)
		res[i] = 1;
	ret = io_uring_submit(ring);
	if (ret < 0)
		return ret;
	for (i = 0; i < count; i++) {
		ret = ring_wait(ring, &place);
		if (place >= count)
			return -EBADMSG;
		res[place] = ret;
	}
	return io_uring_cq_ready(ring) ? -EBADMSG : 0;
}
