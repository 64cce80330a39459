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

static void kvs_uring_read(u64 *to, const struct io_uring_cmd *cmd, size_t size)
{
	const u64 *from = kvs_uring_payload(cmd);
	size_t i;

	for (i = 0; i < size / sizeof(*to); i++)
		to[i] = READ_ONCE(from[i]);
}

static int kvs_uring_vec(struct io_uring_cmd *cmd, bool nowait)
{
	struct kvs_vec vec;

	kvs_uring_read((u64 *)&vec, cmd, sizeof(vec));
	return kvs_request_run_vec(cmd->file->private_data, &vec, nowait);
}

static int kvs_uring_req(struct io_uring_cmd *cmd, bool nowait)
{
	struct kvs_req req;

	BUILD_BUG_ON(sizeof(req) % sizeof(u64));
	kvs_uring_read((u64 *)&req, cmd, sizeof(req));
	return kvs_request_run(cmd->file->private_data, &req, nowait);
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
