// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "control.h"
#include "door.h"
#include "request.h"
#include "ring.h"

#define RING_ENTRIES 8

/* Of the SQE before the command, and of the command. */
#define TAG_FIRST 1
#define TAG_COMMAND 2

static int open_ring(struct door *door)
{
	unsigned int flags = 0;
	int ret;

	if (door->kind == DOOR_URING_REQ)
		flags |= IORING_SETUP_SQE128;
	if (door->how & DOOR_SQPOLL)
		flags |= IORING_SETUP_SQPOLL;
	ret = ring_open(&door->ring, RING_ENTRIES, flags);
	if (ret)
		return ret;
	if (!(door->how & DOOR_FIXED))
		return 0;
	ret = io_uring_register_files(&door->ring, &door->fd, 1);
	if (ret)
		io_uring_queue_exit(&door->ring);
	return ret;
}

int door_attach(struct door *door, enum door_kind kind, unsigned int how,
		int fd)
{
	memset(door, 0, sizeof(*door));
	door->kind = kind;
	door->how = how;
	door->fd = fd;
	return door_is_uring(door) ? open_ring(door) : 0;
}

int door_open(struct door *door, enum door_kind kind, unsigned int how)
{
	int fd = control_open_default(O_RDWR);
	int ret;

	if (fd < 0)
		return fd;
	ret = door_attach(door, kind, how, fd);
	if (ret)
		close(fd);
	return ret;
}

int door_one_worker(struct door *door)
{
	unsigned int most[2] = { 1, 1 };

	if (!door_is_uring(door))
		return 0;
	return io_uring_register_iowq_max_workers(&door->ring, most);
}

void door_detach(struct door *door)
{
	if (door_is_uring(door))
		io_uring_queue_exit(&door->ring);
}

void door_close(struct door *door)
{
	door_detach(door);
	close(door->fd);
}

void sqe_prep(struct io_uring_sqe *sqe, int fd, __u32 cmd_op,
	      const void *payload, size_t len)
{
	io_uring_prep_rw(IORING_OP_URING_CMD, sqe, fd, NULL, 0, 0);
	sqe->cmd_op = cmd_op;
	memcpy(sqe->cmd, payload, len);
}

/* A slow first command makes the second one wait in the link or the drain. */
static unsigned int prep_first(struct door *door)
{
	struct io_uring_sqe *sqe;

	if (!(door->how & (DOOR_LINK | DOOR_DRAIN)))
		return 0;
	sqe = ring_sqe(&door->ring);
	io_uring_prep_nop(sqe);
	sqe->flags = IOSQE_ASYNC;
	if (door->how & DOOR_LINK)
		sqe->flags |= IOSQE_IO_LINK;
	sqe->user_data = TAG_FIRST;
	return 1;
}

static int reap(struct door *door, unsigned int count)
{
	struct io_uring_cqe *cqe;
	int status = -EBADMSG;
	int ret;

	while (count--) {
		ret = io_uring_wait_cqe(&door->ring, &cqe);
		if (ret)
			return ret;
		if (cqe->user_data == TAG_COMMAND)
			status = cqe->res;
		else if (cqe->res)
			status = -EBADMSG;
		io_uring_cqe_seen(&door->ring, cqe);
	}
	return io_uring_cq_ready(&door->ring) ? -EBADMSG : status;
}

static int uring_send(struct door *door, __u32 cmd_op, const void *payload,
		      size_t len)
{
	int fd = door->how & DOOR_FIXED ? 0 : door->fd;
	unsigned int count = prep_first(door) + 1;
	struct io_uring_sqe *sqe;
	int ret;

	sqe = ring_sqe(&door->ring);
	sqe_prep(sqe, fd, cmd_op, payload, len);
	if (door->how & DOOR_FIXED)
		sqe->flags |= IOSQE_FIXED_FILE;
	if (door->how & DOOR_ASYNC)
		sqe->flags |= IOSQE_ASYNC;
	if (door->how & DOOR_DRAIN)
		sqe->flags |= IOSQE_IO_DRAIN;
	sqe->user_data = TAG_COMMAND;
	ret = io_uring_submit(&door->ring);
	if (ret < 0)
		return ret;
	return reap(door, count);
}

int door_send_vec(struct door *door, const struct kvs_vec *vec)
{
	struct kvs_vec copy = *vec;

	if (door->kind == DOOR_URING_VEC)
		return uring_send(door, KVS_IOC_VEC, vec, sizeof(*vec));
	return control_ioctl(door->fd, KVS_IOC_VEC, &copy);
}

/* In a crowd the call itself answers 0 and the result holds the status. */
static int send_crowd(struct door *door, const struct kvs_req *req)
{
	const struct kvs_res *res = (void *)(uintptr_t)req->result;
	struct kvs_res around[2];
	struct kvs_req reqs[] = {
		req_result(req_verb(KVS_STAT, "crowd.before"), &around[0]),
		*req,
		req_result(req_verb(KVS_STAT, "crowd.behind"), &around[1]),
	};
	struct kvs_vec vec = { .reqs = addr_of(reqs), .count = 3 };
	int ret = door_send_vec(door, &vec);

	if (ret)
		return ret;
	if (around[0].status != -ENOENT || around[1].status != -ENOENT)
		return -EBADMSG;
	return res->status;
}

int door_send(struct door *door, const struct kvs_req *req)
{
	struct kvs_vec vec = { .reqs = addr_of(req), .count = 1 };
	struct kvs_req copy;

	if (door->how & DOOR_CROWD)
		return send_crowd(door, req);
	switch (door->kind) {
	case DOOR_IOCTL_REQ:
		copy = *req;
		return control_ioctl(door->fd, KVS_IOC_REQ, &copy);
	case DOOR_URING_REQ:
		return uring_send(door, KVS_CMD_REQ, req, sizeof(*req));
	default:
		return door_send_vec(door, &vec);
	}
}

int door_do(struct door *door, struct kvs_req req, struct kvs_res *res)
{
	struct kvs_req whole = req_result(req, res);
	int status;

	poison(res, sizeof(*res));
	status = door_send(door, &whole);
	if (status != res->status) {
		printf("# the door says %d, the result %d\n", status,
		       res->status);
		return -EBADMSG;
	}
	return status;
}
