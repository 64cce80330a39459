// SPDX-License-Identifier: GPL-2.0-only
/*
 * /dev/kvs: a misc device, closed to all but root unless told otherwise.
 */
#include <linux/device.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>

#include "compat/devnode.h"
#include "device.h"
#include "handle.h"
#include "ioctl.h"
#include "uring.h"

static int kvs_open(struct inode *inode, struct file *file)
{
	int ret = kvs_handle_open(file);

	return ret ?: nonseekable_open(inode, file);
}

static int kvs_release(struct inode *inode, struct file *file)
{
	kvs_handle_release(file);
	return 0;
}

static const struct file_operations kvs_fops = {
	.owner = THIS_MODULE,
	.open = kvs_open,
	.release = kvs_release,
	.unlocked_ioctl = kvs_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
	.uring_cmd = kvs_uring_cmd,
};

static struct miscdevice kvs_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "kvs",
	.fops = &kvs_fops,
};

static kgid_t kvs_device_gid;

/*
 * Without @gid it is about to remove the node and asks for its name. NULL: the
 * misc core names the node and gives its mode.
 */
static char *kvs_devnode(KVS_DEVNODE_CONST struct device *dev, umode_t *mode,
			 kuid_t *uid, kgid_t *gid)
{
	if (gid)
		*gid = kvs_device_gid;
	return NULL;
}

static const struct device_type kvs_device_type = {
	.devnode = kvs_devnode,
};

/*
 * The misc core takes a mode for its node but no group, and hands the device
 * out when the node exists and was announced. Its attributes are made before
 * the node: this is where the device gets a type that knows the group, so that
 * there is no moment at which the node is open to another one.
 */
static umode_t kvs_device_set_type(struct kobject *kobj, struct attribute *attr,
				   int i)
{
	kobj_to_dev(kobj)->type = &kvs_device_type;
	return attr->mode;
}

static ssize_t module_version_show(struct device *dev,
				   struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%s\n", KVS_VERSION);
}
static DEVICE_ATTR_RO(module_version);

static struct attribute *kvs_device_attrs[] = {
	&dev_attr_module_version.attr,
	NULL,
};

static const struct attribute_group kvs_device_group = {
	.attrs = kvs_device_attrs,
	.is_visible = kvs_device_set_type,
};

static const struct attribute_group *kvs_device_groups[] = {
	&kvs_device_group,
	NULL,
};

int kvs_device_register(umode_t mode, kgid_t gid)
{
	kvs_device_gid = gid;
	kvs_misc.mode = mode;
	kvs_misc.groups = kvs_device_groups;
	return misc_register(&kvs_misc);
}

void kvs_device_deregister(void)
{
	misc_deregister(&kvs_misc);
}

struct kobject *kvs_device_kobj(void)
{
	return &kvs_misc.this_device->kobj;
}
