// SPDX-License-Identifier: GPL-2.0-only
/*
 * Module parameters, and what is set up in which order.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/err.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/user_namespace.h>

#include "device.h"
#include "evict.h"
#include "latency.h"
#include "limits.h"
#include "manage.h"
#include "memory.h"
#include "payer.h"
#include "procfs.h"
#include "quota.h"
#include "store.h"
#include "sysfs.h"

#define CREATE_TRACE_POINTS
#include "trace.h"

static unsigned long long total_bytes;
module_param(total_bytes, ullong, 0444);
MODULE_PARM_DESC(total_bytes,
		 "Byte cap of all stores (0: 1/8 of RAM, or max_bytes if more)");

static unsigned long long user_bytes;
module_param(user_bytes, ullong, 0444);
MODULE_PARM_DESC(user_bytes,
		 "Byte cap of one user but root (0: half of total_bytes)");

static unsigned long long user_entries;
module_param(user_entries, ullong, 0444);
MODULE_PARM_DESC(user_entries,
		 "Entry cap of one user but root (0: by user_bytes)");

static unsigned int user_stores = KVS_USER_STORES_DEFAULT;
module_param(user_stores, uint, 0444);
MODULE_PARM_DESC(user_stores,
		 "Stores that one user but root may make (default 64)");

static unsigned long long max_bytes;
module_param(max_bytes, ullong, 0444);
MODULE_PARM_DESC(max_bytes,
		 "Byte cap of the store \"default\" (0: total_bytes)");

static unsigned long long max_entries;
module_param(max_entries, ullong, 0444);
MODULE_PARM_DESC(max_entries,
		 "Entry cap of the store \"default\" (0: by max_bytes)");

static unsigned int max_value = KVS_VALUE_DEFAULT;
module_param(max_value, uint, 0444);
MODULE_PARM_DESC(max_value,
		 "Longest value of \"default\", 8 to 16777216 (default 1 MiB)");

static unsigned int mode = 0600;
module_param(mode, uint, 0444);
MODULE_PARM_DESC(mode, "Permission bits of /dev/kvs (default 0600)");

static unsigned int gid;
module_param(gid, uint, 0444);
MODULE_PARM_DESC(gid, "Group of /dev/kvs (default 0)");

static u64 kvs_entries_within(u64 bytes)
{
	return min_t(u64, INT_MAX, bytes / sizeof(struct kvs_entry));
}

static void kvs_default_parameters(u64 memory)
{
	if (!total_bytes)
		total_bytes = max(memory / KVS_MEMORY_SHARE, (u64)max_bytes);
	if (!user_bytes)
		user_bytes =
			max_t(u64, KVS_BYTES_MIN, total_bytes / KVS_USER_SHARE);
	if (!user_entries)
		user_entries = kvs_entries_within(user_bytes);
	if (!max_bytes)
		max_bytes = total_bytes;
	if (!max_entries)
		max_entries = kvs_entries_within(max_bytes);
}

static bool kvs_bytes_valid(const char *name, u64 bytes, u64 most)
{
	if (bytes >= KVS_BYTES_MIN && bytes <= most)
		return true;
	pr_err("%s is not between %d and %llu\n", name, KVS_BYTES_MIN, most);
	return false;
}

static bool kvs_entries_valid(const char *name, u64 entries)
{
	if (entries <= INT_MAX)
		return true;
	pr_err("%s is above %d\n", name, INT_MAX);
	return false;
}

static int kvs_check_parameters(void)
{
	u64 memory = (u64)totalram_pages() << PAGE_SHIFT;

	/* Of one that was not given nobody wants to read. */
	if (max_bytes && !kvs_bytes_valid("max_bytes", max_bytes, memory))
		return -EINVAL;
	kvs_default_parameters(memory);
	if (!kvs_bytes_valid("total_bytes", total_bytes, memory) ||
	    !kvs_bytes_valid("user_bytes", user_bytes, memory) ||
	    !kvs_bytes_valid("max_bytes", max_bytes, total_bytes) ||
	    !kvs_entries_valid("user_entries", user_entries) ||
	    !kvs_entries_valid("max_entries", max_entries))
		return -EINVAL;
	if (user_stores > KVS_STORES_MAX) {
		pr_err("user_stores is above %d\n", KVS_STORES_MAX);
		return -EINVAL;
	}
	if (max_value < sizeof(s64) || max_value > KVS_MAX_VALUE) {
		pr_err("max_value is not between %zu and %d\n", sizeof(s64),
		       KVS_MAX_VALUE);
		return -EINVAL;
	}
	if (!mode || mode & ~0777 ||
	    !gid_valid(make_kgid(&init_user_ns, gid))) {
		pr_err("mode is not between 01 and 0777, or gid is none\n");
		return -EINVAL;
	}
	return 0;
}

static void kvs_setup(void)
{
	const struct kvs_quota_limits limits = {
		.total_bytes = total_bytes,
		.user_bytes = user_bytes,
		.user_entries = user_entries,
		.user_stores = user_stores,
	};
	const struct kvs_store_config largest = {
		.mode = KVS_STORE_MODE,
		.max_value = KVS_VALUE_DEFAULT,
		.max_bytes = total_bytes,
		.max_entries = kvs_entries_within(total_bytes),
		.max_pinned = total_bytes / KVS_PINNED_SHARE,
	};

	kvs_table_setup();
	kvs_quota_setup(&limits);
	kvs_manage_setup(&largest);
}

static int kvs_workers_init(void)
{
	int ret = kvs_payers_init();

	if (ret)
		return ret;
	ret = kvs_spaces_init();
	if (ret)
		kvs_payers_exit();
	return ret;
}

/* Entries of spaces are freed by RCU callbacks, which let payers go. */
static void kvs_workers_exit(void)
{
	kvs_spaces_exit();
	rcu_barrier();
	kvs_payers_exit();
	kvs_latency_exit();
	kvs_memory_exit();
	kvs_quota_exit();
}

/* Whoever may open the device may use this store. */
static int kvs_stores_init(void)
{
	const struct kvs_store_config config = {
		.set = KVS_SET_MODE | KVS_SET_UID | KVS_SET_GID |
		       KVS_SET_MAX_VALUE,
		.uid = GLOBAL_ROOT_UID,
		.gid = GLOBAL_ROOT_GID,
		.mode = KVS_DEFAULT_MODE,
		.index = true,
		.max_bytes = max_bytes,
		.max_entries = max_entries,
		.max_value = max_value,
		.max_pinned = max_bytes / KVS_PINNED_SHARE,
	};
	int ret;

	ret = kvs_workers_init();
	if (ret)
		return ret;
	ret = kvs_evict_start();
	if (ret)
		goto err_exit_workers;
	ret = kvs_manage_load(&config);
	if (ret)
		goto err_exit_evict;
	return 0;

err_exit_evict:
	kvs_evict_exit();
err_exit_workers:
	kvs_workers_exit();
	return ret;
}

static void kvs_stores_exit(void)
{
	kvs_evict_exit();
	kvs_manage_unload();
	kvs_workers_exit();
}

static int __init kvs_init(void)
{
	int ret;

	ret = kvs_check_parameters();
	if (ret)
		return ret;
	kvs_setup();
	ret = kvs_stores_init();
	if (ret)
		return ret;
	ret = kvs_procfs_init();
	if (ret)
		goto err_exit_stores;
	ret = kvs_device_register(mode, make_kgid(&init_user_ns, gid));
	if (ret)
		goto err_exit_procfs;
	/*
	 * From here on the device may be open, and nobody waits for its files
	 * if this function fails: it must not.
	 */
	if (kvs_sysfs_init(kvs_device_kobj()))
		pr_warn("no statistics in sysfs\n");
	return 0;

err_exit_procfs:
	kvs_procfs_exit();
err_exit_stores:
	kvs_stores_exit();
	return ret;
}

/*
 * No file of the device is open: each holds the module. What is left are
 * readers of sysfs and procfs, whom the first three steps wait for, and RCU
 * callbacks and workers, whom the last one waits for.
 */
static void __exit kvs_exit(void)
{
	kvs_sysfs_exit();
	kvs_device_deregister();
	kvs_procfs_exit();
	kvs_stores_exit();
}

module_init(kvs_init);
module_exit(kvs_exit);

MODULE_DESCRIPTION("A key-value store in kernel memory, behind /dev/kvs");
MODULE_AUTHOR("The kvs developers");
MODULE_VERSION(KVS_VERSION);
MODULE_LICENSE("GPL");
