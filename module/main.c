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
#include "limits.h"
#include "procfs.h"
#include "store.h"
#include "sysfs.h"
#include "update.h"

#define CREATE_TRACE_POINTS
#include "trace.h"

static unsigned long long max_bytes;
module_param(max_bytes, ullong, 0444);
MODULE_PARM_DESC(max_bytes,
		 "Byte cap of the store \"default\" (0: 1/8 of memory)");

static unsigned long long max_entries;
module_param(max_entries, ullong, 0444);
MODULE_PARM_DESC(max_entries,
		 "Entry cap of the store \"default\" (0: by max_bytes)");

static unsigned int max_value = KVS_VALUE_DEFAULT;
module_param(max_value, uint, 0444);
MODULE_PARM_DESC(max_value,
		 "Longest value of the store \"default\", 8 to 16777216 bytes");

static unsigned int mode = 0600;
module_param(mode, uint, 0444);
MODULE_PARM_DESC(mode, "Permission bits of /dev/kvs (default 0600)");

static unsigned int gid;
module_param(gid, uint, 0444);
MODULE_PARM_DESC(gid, "Group of /dev/kvs (default 0)");

static struct kvs_store *kvs_default;

static int kvs_check_parameters(void)
{
	u64 memory = (u64)totalram_pages() << PAGE_SHIFT;

	if (!max_bytes)
		max_bytes = memory / KVS_MEMORY_SHARE;
	if (!max_entries)
		max_entries = min_t(u64, INT_MAX,
				    max_bytes / sizeof(struct kvs_entry));
	if (max_bytes < KVS_BYTES_MIN || max_bytes > memory) {
		pr_err("max_bytes is not between %d and %llu, this machine's memory\n",
		       KVS_BYTES_MIN, memory);
		return -EINVAL;
	}
	if (max_entries > INT_MAX) {
		pr_err("max_entries is above %d\n", INT_MAX);
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

/* Whoever may open the device may use this store. */
static int kvs_default_create(void)
{
	const struct kvs_store_config config = {
		.name = "default",
		.number = 0,
		.mode = 0666,
		.max_bytes = max_bytes,
		.max_entries = max_entries,
		.max_value = max_value,
		.reap = kvs_update_reap,
	};

	kvs_default = kvs_store_create(&config);
	return PTR_ERR_OR_ZERO(kvs_default);
}

static int __init kvs_init(void)
{
	int ret;

	ret = kvs_check_parameters();
	if (ret)
		return ret;
	kvs_table_setup();
	ret = kvs_default_create();
	if (ret)
		return ret;
	ret = kvs_procfs_init();
	if (ret)
		goto err_destroy_default;
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
err_destroy_default:
	kvs_store_destroy(kvs_default);
	return ret;
}

/*
 * No file of the device is open: each holds the module. What is left are
 * readers of sysfs and procfs, whom the first three steps wait for, and RCU
 * callbacks, whom the last one waits for.
 */
static void __exit kvs_exit(void)
{
	kvs_sysfs_exit();
	kvs_device_deregister();
	kvs_procfs_exit();
	kvs_store_destroy(kvs_default);
}

module_init(kvs_init);
module_exit(kvs_exit);

MODULE_DESCRIPTION("A key-value store in kernel memory, behind /dev/kvs");
MODULE_AUTHOR("The kvs developers");
MODULE_VERSION(KVS_VERSION);
MODULE_LICENSE("GPL");
