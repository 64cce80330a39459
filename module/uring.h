/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _KVS_URING_H
#define _KVS_URING_H

struct io_uring_cmd;

/**
 * kvs_uring_cmd() - the io_uring front door
 * @cmd: the command
 * @issue_flags: IO_URING_F_*
 *
 * Completes inline, always. Context: may sleep, IO_URING_F_NONBLOCK or not.
 *
 * Return: 0 or a negative errno of the ABI; -EAGAIN under
 * IO_URING_F_NONBLOCK: run it again from a worker.
 */
int kvs_uring_cmd(struct io_uring_cmd *cmd, unsigned int issue_flags);

#endif /* _KVS_URING_H */
