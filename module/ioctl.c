// SPDX-License-Identifier: GPL-2.0-only
/*
 * The ioctl front door: requests go straight to request.c; control structs are
 * read by one rule, given to a handler, and written back.
 */
#include <linux/build_bug.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/kvs.h>
#include <linux/minmax.h>
#include <linux/nospec.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "handle.h"
#include "ioctl.h"
#include "limits.h"
#include "request.h"
#include "store.h"
#include "usercopy.h"

union kvs_control {
	struct {
		u32 size;
		u32 flags;
	};
	struct kvs_info info;
	struct kvs_bind bind;
	struct kvs_restrict restrict_;
};

/**
 * struct kvs_control_call - a control ioctl while it runs
 * @file: the file
 * @user: where the struct came from and goes to
 * @size: its size as user space knows it
 * @ctl: the private copy
 */
struct kvs_control_call {
	struct file *file;
	void __user *user;
	u32 size;
	union kvs_control ctl;
};

/* What is not known here is left alone there. */
static int kvs_control_respond(struct kvs_control_call *call, size_t known)
{
	size_t size = min_t(size_t, call->size, known);

	return copy_to_user(call->user, &call->ctl, size) ? -EFAULT : 0;
}

static void kvs_info_limits(struct kvs_info *info)
{
	info->features = KVS_FEATURE_URING;
	info->verbs = kvs_request_verbs();
	info->boottime_ns = ktime_get_boottime_ns();
	info->max_key = KVS_MAX_KEY;
	info->max_value = KVS_MAX_VALUE;
	info->max_batch = KVS_MAX_BATCH;
	info->max_expect = KVS_MAX_EXPECT;
	info->max_txn_ops = KVS_MAX_TXN_OPS;
	info->max_scan_visit = KVS_MAX_SCAN_VISIT;
}

static void kvs_info_store(struct kvs_info *info, struct kvs_store *store)
{
	info->store_id = store->id;
	info->version = atomic64_read(&store->version);
	info->max_bytes = store->account.max_bytes;
	info->max_entries = store->account.max_entries;
	info->store_number = store->account.number;
	info->max_value = store->max_value;
	memcpy(info->store_name, store->name, sizeof(info->store_name));
}

static int kvs_control_info(struct kvs_control_call *call)
{
	const struct kvs_handle *handle = call->file->private_data;
	struct kvs_store *store = kvs_handle_store(handle);
	struct kvs_info *info = &call->ctl.info;
	u32 size = info->size;

	memset(info, 0, sizeof(*info));
	info->size = size;
	kvs_info_limits(info);
	if (store) {
		info->rights = handle->rights;
		kvs_info_store(info, store);
	}
	return kvs_control_respond(call, sizeof(*info));
}

static bool kvs_name_char_valid(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	       (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
}

/* Terminated, padded with NULs, and good as a file name. */
static bool kvs_name_valid(const char *name)
{
	size_t len = strnlen(name, KVS_STORE_NAME_SIZE);
	size_t i;

	if (len == KVS_STORE_NAME_SIZE ||
	    memchr_inv(name + len, 0, KVS_STORE_NAME_SIZE - len))
		return false;
	for (i = 0; i < len; i++) {
		if (!kvs_name_char_valid(name[i]))
			return false;
	}
	return strcmp(name, ".") && strcmp(name, "..");
}

static int kvs_control_bind(struct kvs_control_call *call)
{
	struct kvs_handle *handle = call->file->private_data;
	struct kvs_bind *bind = &call->ctl.bind;
	const char *name = (const char *)bind->store_name;
	struct kvs_store *store;
	int ret;

	bind->out_rights = 0;
	bind->out_flags = 0;
	if (!kvs_name_valid(name))
		return -EINVAL;
	if (kvs_handle_store(handle))
		return -EISCONN;
	store = kvs_store_find(*name ? name : "default");
	if (!store)
		return -ENOENT;
	/* A bind that could not be told of must not have happened. */
	if (kvs_control_respond(call, sizeof(*bind)))
		return -EFAULT;
	ret = kvs_handle_bind(call->file, store);
	if (ret)
		return ret;
	bind->out_rights = handle->rights;
	return kvs_control_respond(call, sizeof(*bind));
}

static int kvs_control_restrict(struct kvs_control_call *call)
{
	struct kvs_restrict *restrict_ = &call->ctl.restrict_;
	struct file *file;
	int fd, ret;

	file = kvs_handle_restrict(call->file, restrict_->rights);
	if (IS_ERR(file))
		return PTR_ERR(file);
	fd = get_unused_fd_flags(O_CLOEXEC);
	if (fd < 0) {
		ret = fd;
		goto err_put_file;
	}
	restrict_->out_fd = fd;
	ret = kvs_control_respond(call, sizeof(*restrict_));
	if (ret)
		goto err_put_fd;
	fd_install(fd, file);
	return 0;

err_put_fd:
	put_unused_fd(fd);
err_put_file:
	fput(file);
	return ret;
}

/**
 * struct kvs_control_op - a control ioctl
 * @size: size of its struct
 * @min: size of the first version of its struct
 * @run: does it
 */
struct kvs_control_op {
	size_t size;
	size_t min;
	int (*run)(struct kvs_control_call *call);
};

#define KVS_CONTROL(ioc, type, last, fn)                              \
	[_IOC_NR(ioc)] = {                                            \
		.size = sizeof(type) +                                \
			BUILD_BUG_ON_ZERO(sizeof(union kvs_control) < \
					  sizeof(type)),              \
		.min = offsetofend(type, last),                       \
		.run = fn,                                            \
	}

static const struct kvs_control_op kvs_control_ops[] = {
	KVS_CONTROL(KVS_IOC_INFO, struct kvs_info, store_name,
		    kvs_control_info),
	KVS_CONTROL(KVS_IOC_BIND, struct kvs_bind, store_name,
		    kvs_control_bind),
	KVS_CONTROL(KVS_IOC_RESTRICT, struct kvs_restrict, out_fd,
		    kvs_control_restrict),
};

static long kvs_ioctl_control(struct file *file, unsigned int cmd,
			      void __user *user)
{
	struct kvs_control_call call = { .file = file, .user = user };
	const struct kvs_control_op *op;
	unsigned int nr = _IOC_NR(cmd);
	int ret;

	if (nr >= ARRAY_SIZE(kvs_control_ops) || cmd != _IO(KVS_IOC_MAGIC, nr))
		return -ENOTTY;
	op = &kvs_control_ops[array_index_nospec(nr,
						 ARRAY_SIZE(kvs_control_ops))];
	ret = kvs_copy_sized_struct(&call.ctl, op->size, op->min, user,
				    &call.size);
	if (ret)
		return ret;
	if (call.ctl.flags)
		return -EOPNOTSUPP;
	return op->run(&call);
}

static int kvs_ioctl_req(struct file *file, const void __user *user)
{
	struct kvs_req req;

	if (copy_from_user(&req, user, sizeof(req)))
		return -EFAULT;
	return kvs_request_run(file->private_data, &req, false);
}

static int kvs_ioctl_vec(struct file *file, const void __user *user)
{
	struct kvs_vec vec;

	if (copy_from_user(&vec, user, sizeof(vec)))
		return -EFAULT;
	return kvs_request_run_vec(file->private_data, &vec, false);
}

long kvs_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	void __user *user = (void __user *)arg;

	switch (cmd) {
	case KVS_IOC_REQ:
		return kvs_ioctl_req(file, user);
	case KVS_IOC_VEC:
		return kvs_ioctl_vec(file, user);
	default:
		return kvs_ioctl_control(file, cmd, user);
	}
}
