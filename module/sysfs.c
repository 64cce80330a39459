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
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/sysfs.h>
#include <linux/user_namespace.h>

#include "figures.h"
#include "latency.h"
#include "limits.h"
#include "measure.h"
#include "namespace.h"
#include "store.h"
#include "sysfs.h"

/**
 * struct kvs_store_dir - the directory of a store
 * @kobj: the directory
 * @store: the store, with a reference
 * @released: nobody looks at @kobj any more
 * @link: in the list of directories, under kvs_sysfs_lock
 */
struct kvs_store_dir {
	struct kobject kobj;
	struct kvs_store *store;
	struct completion released;
	struct list_head link;
};

/* Protects which directories there are; taken before kvs_stores_lock. */
static DEFINE_MUTEX(kvs_sysfs_lock);
static LIST_HEAD(kvs_store_dirs);
static struct kobject *kvs_stores_kobj; /* NULL: nothing is shown */

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

/* One count for each bucket of a histogram, the smallest first. */
static ssize_t kvs_distribution_show(const struct kvs_distribution *taken,
				     char *buf)
{
	ssize_t len = 0;
	int i;

	for (i = 0; i < taken->buckets; i++)
		len += sysfs_emit_at(buf, len, "%llu%c", taken->count[i],
				     i < taken->buckets - 1 ? ' ' : '\n');
	return len;
}

static ssize_t expiry_lag_show(struct kobject *kobj,
			       struct kobj_attribute *attr, char *buf)
{
	struct kvs_distribution taken;

	kvs_measure_lag(kvs_store_dir(kobj)->store, &taken);
	return kvs_distribution_show(&taken, buf);
}

static struct kobj_attribute expiry_lag_attr =
	__ATTR(expiry_lag, 0440, expiry_lag_show, NULL);

static ssize_t entry_sizes_show(struct kobject *kobj,
				struct kobj_attribute *attr, char *buf)
{
	struct kvs_distribution taken;

	kvs_measure_sizes(kvs_store_dir(kobj)->store, &taken);
	return kvs_distribution_show(&taken, buf);
}

static struct kobj_attribute entry_sizes_attr =
	__ATTR(entry_sizes, 0440, entry_sizes_show, NULL);

/* By verb; those without a name have no file. */
static struct kobj_attribute kvs_latency_attrs[KVS_VERBS];

static ssize_t kvs_latency_show(struct kobject *kobj,
				struct kobj_attribute *attr, char *buf)
{
	struct kvs_distribution taken;

	kvs_measure_latency(kvs_store_dir(kobj)->store,
			    attr - kvs_latency_attrs, &taken);
	return kvs_distribution_show(&taken, buf);
}

static struct kobj_attribute *const kvs_store_other_attrs[] = {
	&name_attr,
	&id_attr,
	&expiry_lag_attr,
	&entry_sizes_attr,
};

/* The figures, the others, and the end. */
static struct attribute
	*kvs_store_attrs[KVS_FIGURES + ARRAY_SIZE(kvs_store_other_attrs) + 1];

static const struct attribute_group kvs_store_group = {
	.attrs = kvs_store_attrs,
};

static struct attribute *kvs_latency_files[KVS_VERBS + 1];

static const struct attribute_group kvs_latency_group = {
	.name = "latency",
	.attrs = kvs_latency_files,
};

static const struct attribute_group *kvs_store_groups[] = {
	&kvs_store_group,
	&kvs_latency_group,
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

static void kvs_latency_attrs_init(void)
{
	u32 verb, files = 0;

	for (verb = 0; verb < KVS_VERBS; verb++) {
		struct kobj_attribute *attr = &kvs_latency_attrs[verb];

		attr->attr.name = kvs_latency_name(verb);
		attr->attr.mode = 0440;
		attr->show = kvs_latency_show;
		if (attr->attr.name)
			kvs_latency_files[files++] = &attr->attr;
	}
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
static void kvs_store_dir_end(struct kvs_store_dir *dir)
{
	kobject_put(&dir->kobj);
	wait_for_completion(&dir->released);
	kvs_store_put(dir->store);
	kfree(dir);
}

static int kvs_store_dir_make(struct kvs_store *store)
{
	struct kvs_store_dir *dir;
	int ret;

	lockdep_assert_held(&kvs_sysfs_lock);
	dir = kzalloc(sizeof(*dir), KVS_GFP);
	if (!dir)
		return -ENOMEM;
	dir->store = kvs_store_hold(store);
	init_completion(&dir->released);
	ret = kobject_init_and_add(&dir->kobj, &kvs_store_dir_type,
				   kvs_stores_kobj, "%u", store->number);
	if (ret) {
		kvs_store_dir_end(dir);
		return ret;
	}
	list_add_tail(&dir->link, &kvs_store_dirs);
	return 0;
}

static struct kvs_store_dir *kvs_store_dir_find(const struct kvs_store *store)
{
	struct kvs_store_dir *dir;

	lockdep_assert_held(&kvs_sysfs_lock);
	list_for_each_entry(dir, &kvs_store_dirs, link) {
		if (dir->store == store)
			return dir;
	}
	return NULL;
}

/* A store that has lost its name meanwhile is not shown any more. */
static bool kvs_sysfs_wants(struct kvs_store *store)
{
	struct user_namespace *user_ns;

	if (!kvs_stores_kobj || kvs_store_dir_find(store))
		return false;
	user_ns = kvs_namespace_user(store);
	if (user_ns)
		put_user_ns(user_ns);
	return user_ns == &init_user_ns;
}

int kvs_sysfs_add(struct kvs_store *store)
{
	int ret = 0;

	mutex_lock(&kvs_sysfs_lock);
	if (kvs_sysfs_wants(store))
		ret = kvs_store_dir_make(store);
	mutex_unlock(&kvs_sysfs_lock);
	return ret;
}

void kvs_sysfs_remove(struct kvs_store *store)
{
	struct kvs_store_dir *dir;

	mutex_lock(&kvs_sysfs_lock);
	dir = kvs_store_dir_find(store);
	if (dir)
		list_del(&dir->link);
	mutex_unlock(&kvs_sysfs_lock);
	if (dir)
		kvs_store_dir_end(dir);
}

void kvs_sysfs_exit(void)
{
	struct kvs_store_dir *dir, *next;
	struct kobject *stores;
	LIST_HEAD(dirs);

	mutex_lock(&kvs_sysfs_lock);
	list_splice_init(&kvs_store_dirs, &dirs);
	stores = kvs_stores_kobj;
	kvs_stores_kobj = NULL;
	mutex_unlock(&kvs_sysfs_lock);
	list_for_each_entry_safe(dir, next, &dirs, link)
		kvs_store_dir_end(dir);
	kobject_put(stores);
}

int kvs_sysfs_init(struct kobject *parent)
{
	struct kvs_store *store;
	unsigned long number = 0;
	int ret = 0;

	kvs_store_attrs_init();
	kvs_latency_attrs_init();
	mutex_lock(&kvs_sysfs_lock);
	kvs_stores_kobj = kobject_create_and_add("stores", parent);
	mutex_unlock(&kvs_sysfs_lock);
	if (!kvs_stores_kobj)
		return -ENOMEM;
	while (!ret && (store = kvs_namespace_next(NULL, number))) {
		number = store->number + 1UL;
		ret = kvs_sysfs_add(store);
		kvs_store_put(store);
	}
	if (ret)
		kvs_sysfs_exit();
	return ret;
}
