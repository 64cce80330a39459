/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What results tell of requests that go the short way.
 */
#ifndef _KVS_TOLD_H
#define _KVS_TOLD_H

#include <linux/errno.h>
#include <linux/kvs.h>
#include <linux/types.h>
#include <linux/uaccess.h>

#include "entry.h"
#include "plain.h"

/**
 * struct kvs_told - what a result tells of an entry
 * @value: its value word
 * The others if the result is a full one:
 * @user_flags: its flags
 * @version: its version
 * @number: of a counter
 */
struct kvs_told {
	u32 value;
	u32 user_flags;
	u64 version;
	s64 number;
};

static __always_inline u32 kvs_told_kind(u32 value)
{
	return value & KVS_VALUE_COUNTER ? KVS_KIND_COUNTER : KVS_KIND_BLOB;
}

/**
 * kvs_told_full() - write a full result
 * @result: kvs_req.result
 * @value: value word of the entry, which has neither a deadline nor a version of
 *	the application
 * @user_flags: its flags
 * @version: its version
 * @number: of a counter
 * @applied: kvs_res.applied
 *
 * Not in line: who wants a short result has no use for its stack frame.
 *
 * Return: 0 or -EFAULT.
 */
int kvs_told_full(u64 result, u32 value, u32 user_flags, u64 version,
		  s64 number, s64 applied);

/**
 * kvs_told_status() - write a full result that says nothing but a status
 * @result: kvs_req.result
 * @status: kvs_res.status
 *
 * Return: 0 or -EFAULT.
 */
int kvs_told_status(u64 result, int status);

/* As kvs_call_answer() does, a short result. Return: 0 or -EFAULT. */
static __always_inline int kvs_told_short(const struct kvs_plain *plain,
					  int status, u32 kind, u32 len)
{
	struct kvs_res __user *res = u64_to_user_ptr(plain->result);

	might_fault();
	if (!plain->result)
		return 0;
	if (!user_write_access_begin(res, KVS_RES_SHORT))
		return -EFAULT;
	unsafe_put_user(status, &res->status, fault);
	unsafe_put_user(0, &res->flags, fault);
	unsafe_put_user(kind, &res->kind, fault);
	unsafe_put_user(len, &res->len, fault);
	user_write_access_end();
	return 0;
fault:
	user_write_access_end();
	return -EFAULT;
}

#endif /* _KVS_TOLD_H */
