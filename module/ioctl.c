// SPDX-License-Identifier: GPL-2.0-only
/*
 * The ioctl front door: requests go straight to request.c; control structs are
 * read by one rule, given to a handler, and written back.
 */
#include <linux/build_bug.h>
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/kvs.h>
#include <linux/nospec.h>
#include <linux/uaccess.h>

#include "control.h"
#include "ioctl.h"
#include "request.h"
#include "usercopy.h"

/**
 * struct kvs_control_op - a control ioctl
 * @size: size of its struct
 * @min: size of the first version of its struct
 * @flags: flags that it takes
 * @run: does it
 */
struct kvs_control_op {
	size_t size;
	size_t min;
	u32 flags;
	int (*run)(struct kvs_control_call *call);
};

#define KVS_CONTROL(ioc, type, last, known, fn)                       \
	[_IOC_NR(ioc)] = {                                            \
		.size = sizeof(type) +                                \
			BUILD_BUG_ON_ZERO(sizeof(union kvs_control) < \
					  sizeof(type)),              \
		.min = offsetofend(type, last),                       \
		.flags = known,                                       \
		.run = fn,                                            \
	}

static const struct kvs_control_op kvs_control_ops[] = {
	KVS_CONTROL(KVS_IOC_INFO, struct kvs_info, store_name, 0,
		    kvs_control_info),
	KVS_CONTROL(KVS_IOC_BIND, struct kvs_bind, reserved, KVS_BIND_NUMBER,
		    kvs_control_bind),
	KVS_CONTROL(KVS_IOC_RESTRICT, struct kvs_restrict, out_fd, 0,
		    kvs_control_restrict),
	KVS_CONTROL(KVS_IOC_CREATE, struct kvs_create, store_name,
		    KVS_CREATE_STAGING | KVS_CREATE_INDEX, kvs_control_create),
	KVS_CONTROL(KVS_IOC_ALTER, struct kvs_alter, policy, 0,
		    kvs_control_alter),
	KVS_CONTROL(KVS_IOC_LIST, struct kvs_list, reserved, KVS_LIST_ALL,
		    kvs_control_list),
	KVS_CONTROL(KVS_IOC_STATS, struct kvs_store_stats, user_max_stores, 0,
		    kvs_control_stats),
	KVS_CONTROL(KVS_IOC_FLUSH, struct kvs_act, out_version, 0,
		    kvs_control_flush),
	KVS_CONTROL(KVS_IOC_PUBLISH, struct kvs_act, out_version, 0,
		    kvs_control_publish),
	KVS_CONTROL(KVS_IOC_DESTROY, struct kvs_act, out_version, 0,
		    kvs_control_destroy),
	KVS_CONTROL(KVS_IOC_HISTOGRAM, struct kvs_histogram, out_count, 0,
		    kvs_control_histogram),
	KVS_CONTROL(KVS_IOC_MEASURE, struct kvs_measure, reserved, 0,
		    kvs_control_measure),
};

/* Apart, so that nobody else pays for its stack frame. */
static noinline long kvs_ioctl_run(const struct kvs_control_op *op,
				   struct file *file, void __user *user)
{
	struct kvs_control_call call = { .file = file, .user = user };
	int ret;

	ret = kvs_copy_sized_struct(&call.ctl, op->size, op->min, user,
				    &call.size);
	if (ret)
		return ret;
	if (call.ctl.flags & ~op->flags)
		return -EOPNOTSUPP;
	return op->run(&call);
}

static long kvs_ioctl_control(struct file *file, unsigned int cmd,
			      void __user *user)
{
	unsigned int nr = _IOC_NR(cmd);

	if (nr >= ARRAY_SIZE(kvs_control_ops) || cmd != _IO(KVS_IOC_MAGIC, nr))
		return -ENOTTY;
	nr = array_index_nospec(nr, ARRAY_SIZE(kvs_control_ops));
	return kvs_ioctl_run(&kvs_control_ops[nr], file, user);
}

/* Apart, so that a single request does not pay for its stack frame. */
static noinline int kvs_ioctl_vec(struct file *file, const void __user *user)
{
	struct kvs_vec vec;

	if (kvs_read_struct(&vec, user, sizeof(vec)))
		return -EFAULT;
	return kvs_request_run_vec(file->private_data, &vec, false);
}

long kvs_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	void __user *user = (void __user *)arg;

	/* Most are this. */
	if (likely(cmd == KVS_IOC_REQ))
		return kvs_request_run_user(file->private_data, user, false);
	if (cmd == KVS_IOC_VEC)
		return kvs_ioctl_vec(file, user);
	return kvs_ioctl_control(file, cmd, user);
}
