// SPDX-License-Identifier: GPL-2.0-only
/*
 * The io_uring front door. The submission queue is shared memory: what a
 * command says is read once, word by word, into a private copy.
 *
 * Nothing is held: every command completes inline, with 0 or a negative errno.
 * A positive value would cancel links on 6.1, and from a worker it would post
 * no completion there.
 */
#include <linux/build_bug.h>
#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/kvs.h>

#include "compat/uring.h"
#include "request.h"
#include "uring.h"
#include "usercopy.h"

static int kvs_uring_vec(struct io_uring_cmd *cmd, bool nowait)
{
	struct kvs_vec vec;

	kvs_ring_read(&vec, kvs_uring_payload(cmd), sizeof(vec));
	return kvs_request_run_vec(cmd->file->private_data, &vec, nowait);
}

static int kvs_uring_req(struct io_uring_cmd *cmd, bool nowait)
{
	return kvs_request_run_ring(cmd->file->private_data,
				    kvs_uring_payload(cmd), nowait);
}

int kvs_uring_cmd(struct io_uring_cmd *cmd, unsigned int issue_flags)
{
	bool nowait = issue_flags & IO_URING_F_NONBLOCK;

	if (kvs_uring_flags(cmd))
		return -EOPNOTSUPP;
	switch (cmd->cmd_op) {
	case KVS_IOC_VEC:
		return kvs_uring_vec(cmd, nowait);
	case KVS_CMD_REQ:
		/* Bytes 16 to 79 exist in a 128-byte entry only. */
		if (!(issue_flags & IO_URING_F_SQE128))
			return -EINVAL;
		return kvs_uring_req(cmd, nowait);
	default:
		return -ENOTTY;
	}
}
