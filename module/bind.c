// SPDX-License-Identifier: GPL-2.0-only
/*
 * INFO, BIND and RESTRICT: what a handle is, and becomes.
 */
#include <linux/capability.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/ktime.h>
#include <linux/rcupdate.h>
#include <linux/string.h>
#include <linux/user_namespace.h>

#include "control.h"
#include "handle.h"
#include "limits.h"
#include "manage.h"
#include "namespace.h"
#include "request.h"
#include "store.h"

static void kvs_info_limits(struct kvs_info *info)
{
	info->features = KVS_FEATURE_URING | KVS_FEATURE_EVICT;
	info->verbs = kvs_request_verbs();
	info->boottime_ns = ktime_get_boottime_ns();
	info->max_key = KVS_MAX_KEY;
	info->max_value = KVS_MAX_VALUE;
	info->max_batch = KVS_MAX_BATCH;
	info->max_expect = KVS_MAX_EXPECT;
	info->max_txn_ops = KVS_MAX_TXN_OPS;
	info->max_scan_visit = KVS_MAX_SCAN_VISIT;
}

static int kvs_info_store(struct kvs_info *info, struct kvs_store *store)
{
	struct kvs_store_snapshot snap;

	if (!rcu_access_pointer(store->space))
		return -EIDRM;
	kvs_store_snapshot(store, &snap);
	info->store_id = store->id;
	info->version = snap.version;
	info->max_bytes = snap.max_bytes;
	info->max_entries = snap.max_entries;
	info->store_number = store->number;
	info->max_value = snap.max_value;
	memcpy(info->store_name, store->name, sizeof(info->store_name));
	return 0;
}

int kvs_control_info(struct kvs_control_call *call)
{
	const struct kvs_handle *handle = call->file->private_data;
	struct kvs_store *store = kvs_handle_store(handle);
	struct kvs_info *info = &call->ctl.info;
	u32 size = info->size;
	int ret = 0;

	memset(info, 0, sizeof(*info));
	info->size = size;
	kvs_info_limits(info);
	if (store) {
		info->rights = handle->rights;
		ret = kvs_info_store(info, store);
	}
	return ret ?: kvs_control_respond(call, sizeof(*info));
}

static bool kvs_name_char_valid(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	       (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
}

/* Terminated, padded with NULs, and good as a file name. */
bool kvs_control_name_valid(const char *name)
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

/* CAP_SYS_ADMIN in the initial user namespace, of the opener. */
static bool kvs_control_is_host_admin(struct file *file)
{
	return file_ns_capable(file, &init_user_ns, CAP_SYS_ADMIN);
}

static struct kvs_store *kvs_bind_by_number(struct kvs_control_call *call)
{
	const struct kvs_bind *bind = &call->ctl.bind;
	struct kvs_store *store;

	if (!kvs_control_is_host_admin(call->file))
		return ERR_PTR(-EPERM);
	store = kvs_namespace_next(NULL, bind->store_number);
	if (store && store->number == bind->store_number)
		return store;
	kvs_store_put(store);
	return ERR_PTR(-ENOENT);
}

/* Other namespaces than the initial one get their "default" when it is asked. */
static struct kvs_store *kvs_bind_by_name(struct kvs_control_call *call,
					  u32 *out_flags)
{
	const struct kvs_handle *handle = call->file->private_data;
	const struct kvs_bind *bind = &call->ctl.bind;
	const char *name = (const char *)bind->store_name;
	struct kvs_store *store;

	if (!*name)
		name = KVS_DEFAULT_NAME;
	store = kvs_namespace_find(handle->namespace, name);
	if (store)
		return store;
	if (strcmp(name, KVS_DEFAULT_NAME))
		return ERR_PTR(-ENOENT);
	return kvs_manage_default(call->file, out_flags);
}

static int kvs_bind_check(const struct kvs_bind *bind)
{
	const char *name = (const char *)bind->store_name;

	if (bind->reserved)
		return -EOPNOTSUPP;
	if (bind->flags & KVS_BIND_NUMBER)
		return memchr_inv(name, 0, sizeof(bind->store_name)) ?
			       -EOPNOTSUPP :
			       0;
	if (bind->store_number)
		return -EOPNOTSUPP;
	return kvs_control_name_valid(name) ? 0 : -EINVAL;
}

int kvs_control_bind(struct kvs_control_call *call)
{
	struct kvs_handle *handle = call->file->private_data;
	struct kvs_bind *bind = &call->ctl.bind;
	struct kvs_store *store;
	u32 flags = 0;
	int ret;

	bind->out_rights = 0;
	bind->out_flags = 0;
	ret = kvs_bind_check(bind);
	if (ret)
		return ret;
	if (kvs_handle_store(handle))
		return -EISCONN;
	store = bind->flags & KVS_BIND_NUMBER ? kvs_bind_by_number(call) :
						kvs_bind_by_name(call, &flags);
	if (IS_ERR(store))
		return PTR_ERR(store);
	/* A bind that could not be told of must not have happened. */
	ret = kvs_control_respond(call, sizeof(*bind));
	if (!ret)
		ret = kvs_handle_bind(call->file, store);
	if (ret) {
		kvs_store_put(store);
		return ret;
	}
	bind->out_rights = handle->rights;
	bind->out_flags = flags;
	return kvs_control_respond(call, sizeof(*bind));
}

int kvs_control_restrict(struct kvs_control_call *call)
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
