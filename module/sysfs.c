// SPDX-License-Identifier: GPL-2.0-only
/*
 * /sys/class/misc/kvs/stores/NUMBER: one value per file, documented in
 * ABI-sysfs-kvs beside this file. Formats snapshots, knows nothing else.
 */
#include <linux/completion.h>
#include <linux/container_of.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/kobject.h>
#include <linux/list.h>
#include <linux/slab.h>
#include <linux/sysfs.h>

#include "figures.h"
#include "store.h"
#include "sysfs.h"

/**
 * struct kvs_store_dir - the directory of a store
 * @kobj: the directory
 * @store: the store, which outlives it
 * @released: nobody looks at @kobj any more
 * @link: in the list of directories, changed by module init and exit only
 */
struct kvs_store_dir {
	struct kobject kobj;
	struct kvs_store *store;
	struct completion released;
	struct list_head link;
};

static LIST_HEAD(kvs_store_dirs);
static struct kobject *kvs_stores_kobj;

static struct kvs_store_dir *kvs_store_dir(struct kobject *kobj)
{
	return container_of(kobj, struct kvs_store_dir, kobj);
}

static struct kobj_attribute kvs_figure_attrs[KVS_FIGURES];

static ssize_t kvs_figure_show(struct kobject *kobj,
			       struct kobj_attribute *attr, char *buf)
{
	const struct kvs_figure *figure = &kvs_figures[attr - kvs_figure_attrs];
	struct kvs_store_snapshot snap;

	kvs_store_snapshot(kvs_store_dir(kobj)->store, &snap);
	return sysfs_emit(buf, "%llu\n", kvs_figure_value(figure, &snap));
}

static ssize_t name_show(struct kobject *kobj, struct kobj_attribute *attr,
			 char *buf)
{
	return sysfs_emit(buf, "%s\n", kvs_store_dir(kobj)->store->name);
}

static struct kobj_attribute name_attr = __ATTR(name, 0440, name_show, NULL);

static ssize_t id_show(struct kobject *kobj, struct kobj_attribute *attr,
		       char *buf)
{
	return sysfs_emit(buf, "%016llx\n", kvs_store_dir(kobj)->store->id);
}

static struct kobj_attribute id_attr = __ATTR(id, 0440, id_show, NULL);

/* One count for each bucket of struct kvs_expiry, the smallest lag first. */
static ssize_t expiry_lag_show(struct kobject *kobj,
			       struct kobj_attribute *attr, char *buf)
{
	const struct kvs_expiry *expiry = &kvs_store_dir(kobj)->store->expiry;
	ssize_t len = 0;
	int i;

	for (i = 0; i < KVS_LAG_BUCKETS; i++)
		len += sysfs_emit_at(buf, len, "%llu%c",
				     READ_ONCE(expiry->lag[i]),
				     i < KVS_LAG_BUCKETS - 1 ? ' ' : '\n');
	return len;
}

static struct kobj_attribute expiry_lag_attr =
	__ATTR(expiry_lag, 0440, expiry_lag_show, NULL);

static struct kobj_attribute *const kvs_store_other_attrs[] = {
	&name_attr,
	&id_attr,
	&expiry_lag_attr,
};

/* The figures, the others, and the end. */
static struct attribute
	*kvs_store_attrs[KVS_FIGURES + ARRAY_SIZE(kvs_store_other_attrs) + 1];

static const struct attribute_group kvs_store_group = {
	.attrs = kvs_store_attrs,
};

static const struct attribute_group *kvs_store_groups[] = {
	&kvs_store_group,
	NULL,
};

static void kvs_store_attrs_init(void)
{
	int i;

	for (i = 0; i < KVS_FIGURES; i++) {
		struct kobj_attribute *attr = &kvs_figure_attrs[i];

		attr->attr.name = kvs_figures[i].label;
		attr->attr.mode = 0440;
		attr->show = kvs_figure_show;
		kvs_store_attrs[i] = &attr->attr;
	}
	for (i = 0; i < ARRAY_SIZE(kvs_store_other_attrs); i++)
		kvs_store_attrs[KVS_FIGURES + i] =
			&kvs_store_other_attrs[i]->attr;
}

static void kvs_store_dir_release(struct kobject *kobj)
{
	complete(&kvs_store_dir(kobj)->released);
}

static const struct kobj_type kvs_store_dir_type = {
	.sysfs_ops = &kobj_sysfs_ops,
	.release = kvs_store_dir_release,
	.default_groups = kvs_store_groups,
};

/* The completion, not the release, frees: the code must be there until then. */
static void kvs_store_dir_remove(struct kvs_store_dir *dir)
{
	kobject_put(&dir->kobj);
	wait_for_completion(&dir->released);
	kfree(dir);
}

static int kvs_store_dir_add(struct kvs_store *store, void *unused)
{
	struct kvs_store_dir *dir;
	int ret;

	dir = kzalloc(sizeof(*dir), GFP_KERNEL);
	if (!dir)
		return -ENOMEM;
	dir->store = store;
	init_completion(&dir->released);
	ret = kobject_init_and_add(&dir->kobj, &kvs_store_dir_type,
				   kvs_stores_kobj, "%u",
				   store->account.number);
	if (ret) {
		kvs_store_dir_remove(dir);
		return ret;
	}
	list_add_tail(&dir->link, &kvs_store_dirs);
	return 0;
}

void kvs_sysfs_exit(void)
{
	struct kvs_store_dir *dir, *next;

	list_for_each_entry_safe(dir, next, &kvs_store_dirs, link) {
		list_del(&dir->link);
		kvs_store_dir_remove(dir);
	}
	kobject_put(kvs_stores_kobj);
	kvs_stores_kobj = NULL;
}

int kvs_sysfs_init(struct kobject *parent)
{
	int ret;

	kvs_store_attrs_init();
	kvs_stores_kobj = kobject_create_and_add("stores", parent);
	if (!kvs_stores_kobj)
		return -ENOMEM;
	ret = kvs_store_for_each(kvs_store_dir_add, NULL);
	if (ret)
		kvs_sysfs_exit();
	return ret;
}
