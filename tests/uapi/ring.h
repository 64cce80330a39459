/* SPDX-License-Identifier: GPL-2.0-only */
/* Rings of a test's own, where a door is too narrow. */
#ifndef KVS_TEST_RING_H
#define KVS_TEST_RING_H

#include <liburing.h>
#include <linux/kvs.h>

int ring_open(struct io_uring *ring, unsigned int entries, unsigned int flags);

/*
 * The next entry. A submission thread may be late in giving entries back; else
 * a test that overfills its ring is wrong, and aborts.
 */
struct io_uring_sqe *ring_sqe(struct io_uring *ring);

/* An entry with @len bytes of payload; its user_data is its place so far. */
struct io_uring_sqe *ring_prep(struct io_uring *ring, int fd, __u32 cmd_op,
			       const void *payload, size_t len);

/* An inline request with IOSQE_* flags. */
struct io_uring_sqe *ring_link(struct io_uring *ring, int fd,
			       const struct kvs_req *req, unsigned int flags);

/* Waits for one completion; its res. */
int ring_wait(struct io_uring *ring, __u64 *user_data);

/* Submits and waits for one completion; its res. */
int ring_run(struct io_uring *ring);

/*
 * Submits and waits for @count completions; each res by its user_data, which
 * ring_prep() counts from 0. 0, or -errno of the ring.
 */
int ring_run_all(struct io_uring *ring, unsigned int count, int *res);

#endif /* KVS_TEST_RING_H */
