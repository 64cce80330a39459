/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Control ioctls: between ioctl.c, which reads their structs by one rule, and
 * bind.c, manage.c and report.c, which know what they do.
 */
#ifndef _KVS_CONTROL_H
#define _KVS_CONTROL_H

#include <linux/kvs.h>
#include <linux/minmax.h>
#include <linux/types.h>
#include <linux/uaccess.h>

struct file;

union kvs_control {
	struct {
		u32 size;
		u32 flags;
	};
	struct kvs_info info;
	struct kvs_bind bind;
	struct kvs_restrict restrict_;
	struct kvs_create create;
	struct kvs_alter alter;
	struct kvs_list list;
	struct kvs_store_stats stats;
	struct kvs_act act;
	struct kvs_histogram histogram;
	struct kvs_measure measure;
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
static inline int kvs_control_respond(struct kvs_control_call *call,
				      size_t known)
{
	size_t size = min_t(size_t, call->size, known);

	return copy_to_user(call->user, &call->ctl, size) ? -EFAULT : 0;
}

/**
 * kvs_control_name_valid() - may a store have this name?
 * @name: KVS_STORE_NAME_SIZE bytes
 *
 * Return: true for an empty one, too.
 */
bool kvs_control_name_valid(const char *name);

/*
 * What is done for each ioctl. They may sleep, and return 0 or a negative errno
 * of the ABI.
 */
int kvs_control_info(struct kvs_control_call *call);
int kvs_control_bind(struct kvs_control_call *call);
int kvs_control_restrict(struct kvs_control_call *call);
int kvs_control_create(struct kvs_control_call *call);
int kvs_control_alter(struct kvs_control_call *call);
int kvs_control_list(struct kvs_control_call *call);
int kvs_control_stats(struct kvs_control_call *call);
int kvs_control_flush(struct kvs_control_call *call);
int kvs_control_publish(struct kvs_control_call *call);
int kvs_control_destroy(struct kvs_control_call *call);
int kvs_control_histogram(struct kvs_control_call *call);
int kvs_control_measure(struct kvs_control_call *call);

#endif /* _KVS_CONTROL_H */
