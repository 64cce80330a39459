// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
/*
 * Requests as submission queue entries. Only memory is filled here: the ring is
 * the caller's, and so is the library that drives it.
 */
#include <errno.h>
#include <limits.h>
#include <linux/io_uring.h>
#include <stddef.h>
#include <string.h>

#include "internal.h"

/* The cmd array has no length of its own: it ends where the entry does. */
static void *payload(struct io_uring_sqe *sqe)
{
	return (char *)sqe + offsetof(struct io_uring_sqe, cmd);
}

/* Every field but user_data, which is the caller's. */
static void prep(struct io_uring_sqe *sqe, const struct kvs *kvs, __u32 number)
{
	sqe->opcode = IORING_OP_URING_CMD;
	sqe->flags = 0;
	sqe->ioprio = 0;
	sqe->fd = kvs->fd;
	sqe->off = 0;
	sqe->cmd_op = number;
	sqe->addr = 0;
	sqe->len = 0;
	sqe->uring_cmd_flags = 0;
	sqe->buf_index = 0;
	sqe->personality = 0;
	sqe->file_index = 0;
}

KVS_API void kvs_prep_batch(struct io_uring_sqe *sqe, const struct kvs *kvs,
			    const struct kvs_request *requests, size_t count)
{
	struct kvs_vec vec = {
		.reqs = (uintptr_t)requests,
		.count = count < UINT_MAX ? count : UINT_MAX,
	};

	prep(sqe, kvs, KVS_IOC_VEC);
	memcpy(payload(sqe), &vec, sizeof(vec));
}

KVS_API void kvs_prep_request(struct io_uring_sqe *sqe, const struct kvs *kvs,
			      const struct kvs_request *request)
{
	kvs_prep_batch(sqe, kvs, request, 1);
}

KVS_API int kvs_prep_request128(struct io_uring_sqe *sqe,
				unsigned int ring_flags, const struct kvs *kvs,
				const struct kvs_request *request)
{
	struct kvs_req req;

	if (!(ring_flags & IORING_SETUP_SQE128))
		return -EINVAL;
	kvs_request_load(&req, request);
	prep(sqe, kvs, KVS_CMD_REQ);
	memcpy(payload(sqe), &req, sizeof(req));
	return 0;
}

KVS_API int kvs_cqe_status(const struct io_uring_cqe *cqe)
{
	return cqe->res;
}
