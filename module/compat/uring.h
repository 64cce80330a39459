/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where an io_uring command keeps its payload: 16 bytes, or 80 on a ring of
 * 128-byte entries. It is memory that user space may write at any time.
 */
#ifndef _KVS_COMPAT_URING_H
#define _KVS_COMPAT_URING_H

#include <linux/version.h>

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 8, 0)
#include <linux/io_uring/cmd.h>
#else
#include <linux/io_uring.h>
#endif

static inline const void *kvs_uring_payload(const struct io_uring_cmd *cmd)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(7, 0, 0)
	return cmd->sqe->cmd;
#elif LINUX_VERSION_CODE >= KERNEL_VERSION(6, 6, 0)
	return io_uring_sqe_cmd(cmd->sqe);
#else
	return cmd->cmd;
#endif
}

/*
 * Flags that user space set. io_uring refuses unknown ones itself; since 6.6 it
 * keeps flags of its own in the upper bits.
 */
static inline u32 kvs_uring_flags(const struct io_uring_cmd *cmd)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 6, 0)
	return cmd->flags & IORING_URING_CMD_MASK;
#else
	return cmd->flags;
#endif
}

#endif /* _KVS_COMPAT_URING_H */
