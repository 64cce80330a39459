/* SPDX-License-Identifier: GPL-2.0-only */
/* Rings of io_uring on which one file is registered, as the first. */
#ifndef BENCH_RING_H
#define BENCH_RING_H

#include <liburing.h>
#include <stddef.h>

/*
 * @flags: IORING_SETUP_*, beside those for a ring of one thread. Ends the
 * program where it cannot be made.
 */
void ring_open(struct io_uring *ring, unsigned int flags, int fd);

/* The next entry, as a command for the file; its payload is to be filled. */
static inline void *ring_command(struct io_uring *ring, __u32 number)
{
	struct io_uring_sqe *sqe = io_uring_get_sqe(ring);

	io_uring_prep_rw(IORING_OP_URING_CMD, sqe, 0, NULL, 0, 0);
	sqe->cmd_op = number;
	sqe->flags = IOSQE_FIXED_FILE;
	/* The cmd array has no length of its own. */
	return (char *)sqe + offsetof(struct io_uring_sqe, cmd);
}

/*
 * Submits what there is, waits for @count completions, and returns how many of
 * them are not @res.
 */
unsigned int ring_run(struct io_uring *ring, unsigned int count, int res);

#endif /* BENCH_RING_H */
