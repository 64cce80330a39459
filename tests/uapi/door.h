/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A door: one of the ways by which a request reaches a store. The key-value
 * cases run through every door, so that no two of them can drift apart.
 */
#ifndef KVS_TEST_DOOR_H
#define KVS_TEST_DOOR_H

#include <liburing.h>
#include <linux/kvs.h>

enum door_kind {
	DOOR_IOCTL_REQ, /* KVS_IOC_REQ by ioctl() */
	DOOR_IOCTL_VEC, /* KVS_IOC_VEC by ioctl() */
	DOOR_URING_VEC, /* KVS_IOC_VEC in an SQE */
	DOOR_URING_REQ, /* KVS_CMD_REQ in a 128-byte SQE */
};

/* How the request travels; all but DOOR_CROWD are for rings only. */
#define DOOR_FIXED 0x01 /* the handle is a registered file */
#define DOOR_SQPOLL 0x02 /* a kernel thread submits */
#define DOOR_ASYNC 0x04 /* IOSQE_ASYNC: from a worker */
#define DOOR_LINK 0x08 /* linked behind another command */
#define DOOR_DRAIN 0x10 /* IOSQE_IO_DRAIN behind another command */
#define DOOR_CROWD 0x20 /* a vec, between two other requests */

struct door {
	enum door_kind kind;
	unsigned int how;
	int fd;
	struct io_uring ring;
};

/* Opens a handle of "default" and a ring where @kind needs one; 0 or -errno. */
int door_open(struct door *door, enum door_kind kind, unsigned int how);

/* The same on a handle that the caller keeps open, in whatever state it is. */
int door_attach(struct door *door, enum door_kind kind, unsigned int how,
		int fd);
/*
 * A command that comes before its ring's worker is done with the last one makes
 * another, but not through this door. 0 or -errno.
 */
int door_one_worker(struct door *door);

void door_detach(struct door *door);
void door_close(struct door *door);

/* @req as it is; what the ioctl returned or the CQE held. */
int door_send(struct door *door, const struct kvs_req *req);

/* @vec as it is, only through doors that carry one. */
int door_send_vec(struct door *door, const struct kvs_vec *vec);

/*
 * @req with a full result in @res, poisoned before; its status. -EBADMSG where
 * the door's answer and the result's status differ.
 */
int door_do(struct door *door, struct kvs_req req, struct kvs_res *res);

static inline int door_is_uring(const struct door *door)
{
	return door->kind >= DOOR_URING_VEC;
}

static inline int door_is_vec(const struct door *door)
{
	return door->kind == DOOR_IOCTL_VEC || door->kind == DOOR_URING_VEC;
}

/* For tests with a ring of their own. @fd: a descriptor, or its slot. */
void sqe_prep(struct io_uring_sqe *sqe, int fd, __u32 cmd_op,
	      const void *payload, size_t len);

static inline void sqe_prep_vec(struct io_uring_sqe *sqe, int fd,
				const struct kvs_vec *vec)
{
	sqe_prep(sqe, fd, KVS_IOC_VEC, vec, sizeof(*vec));
}

static inline void sqe_prep_req(struct io_uring_sqe *sqe, int fd,
				const struct kvs_req *req)
{
	sqe_prep(sqe, fd, KVS_CMD_REQ, req, sizeof(*req));
}

#endif /* KVS_TEST_DOOR_H */
