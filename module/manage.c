// SPDX-License-Identifier: GPL-2.0-only
/*
 * CREATE, ALTER, FLUSH, PUBLISH and DESTROY, and what happens to stores when the
 * module comes and goes.
 *
 * A store is made whole before it gets its name, and loses its name before its
 * contents: nobody can find one that is half made or half gone.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/limits.h>
#include <linux/printk.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/user_namespace.h>

#include "control.h"
#include "handle.h"
#include "limits.h"
#include "manage.h"
#include "measure.h"
#include "namespace.h"
#include "quota.h"
#include "store.h"
#include "sysfs.h"
#include "update.h"

#define KVS_SET_ALL                                                     \
	(KVS_SET_MODE | KVS_SET_UID | KVS_SET_GID | KVS_SET_MAX_BYTES | \
	 KVS_SET_MAX_ENTRIES | KVS_SET_MAX_VALUE | KVS_SET_POLICY |     \
	 KVS_SET_MAX_PINNED)

static struct kvs_store_config kvs_manage_largest;

void kvs_manage_setup(const struct kvs_store_config *largest)
{
	kvs_manage_largest = *largest;
	kvs_manage_largest.set = KVS_SET_ALL;
}

/* The bound store, for those who may change it. */
static struct kvs_store *kvs_manage_store(struct file *file)
{
	const struct kvs_handle *handle = file->private_data;
	struct kvs_store *store = kvs_handle_store(handle);

	if (!store)
		return ERR_PTR(-ENOTCONN);
	if (!(handle->rights & KVS_RIGHT_ADMIN))
		return ERR_PTR(-EACCES);
	return store;
}

/* What both structs ask for. */
static struct kvs_alter kvs_create_wish(const struct kvs_create *create)
{
	return (struct kvs_alter){
		.set = create->set,
		.mode = create->mode,
		.uid = create->uid,
		.gid = create->gid,
		.max_bytes = create->max_bytes,
		.max_entries = create->max_entries,
		.max_value = create->max_value,
		.policy = create->policy,
		.max_pinned = create->max_pinned,
	};
}

static bool kvs_config_has_stray(const struct kvs_alter *wish)
{
	u64 stray = wish->set & ~KVS_SET_ALL;

	if (!(wish->set & KVS_SET_MODE))
		stray |= wish->mode;
	if (!(wish->set & KVS_SET_UID))
		stray |= wish->uid;
	if (!(wish->set & KVS_SET_GID))
		stray |= wish->gid;
	if (!(wish->set & KVS_SET_MAX_BYTES))
		stray |= wish->max_bytes;
	if (!(wish->set & KVS_SET_MAX_ENTRIES))
		stray |= wish->max_entries;
	if (!(wish->set & KVS_SET_MAX_VALUE))
		stray |= wish->max_value;
	if (!(wish->set & KVS_SET_POLICY))
		stray |= wish->policy;
	if (!(wish->set & KVS_SET_MAX_PINNED))
		stray |= wish->max_pinned;
	return stray;
}

static bool kvs_config_in_range(const struct kvs_alter *wish)
{
	const struct kvs_store_config *largest = &kvs_manage_largest;

	if (wish->set & KVS_SET_MODE && wish->mode & ~0777)
		return false;
	if (wish->set & KVS_SET_MAX_BYTES &&
	    (wish->max_bytes < KVS_BYTES_MIN ||
	     wish->max_bytes > largest->max_bytes))
		return false;
	if (wish->set & KVS_SET_MAX_ENTRIES &&
	    (!wish->max_entries || wish->max_entries > INT_MAX))
		return false;
	if (wish->set & KVS_SET_MAX_VALUE &&
	    (wish->max_value < sizeof(s64) || wish->max_value > KVS_MAX_VALUE))
		return false;
	if (wish->policy > KVS_POLICY_EVICT)
		return false;
	if (wish->max_pinned > largest->max_bytes)
		return false;
	return true;
}

static int kvs_config_owner(struct file *file, const struct kvs_alter *wish,
			    struct kvs_store_config *config)
{
	const struct cred *cred = file->f_cred;
	struct user_namespace *user_ns = cred->user_ns;
	bool chown;

	if (!(wish->set & (KVS_SET_UID | KVS_SET_GID)))
		return 0;
	chown = file_ns_capable(file, user_ns, CAP_CHOWN);
	if (wish->set & KVS_SET_UID) {
		config->uid = make_kuid(user_ns, wish->uid);
		if (!uid_valid(config->uid))
			return -EINVAL;
		if (!chown && !uid_eq(config->uid, cred->fsuid))
			return -EPERM;
	}
	if (wish->set & KVS_SET_GID) {
		config->gid = make_kgid(user_ns, wish->gid);
		if (!gid_valid(config->gid))
			return -EINVAL;
		if (!chown && !kvs_cred_in_group(cred, config->gid))
			return -EPERM;
	}
	return 0;
}

/* @config holds what is not set. */
static int kvs_config_read(struct file *file, const struct kvs_alter *wish,
			   struct kvs_store_config *config)
{
	if (kvs_config_has_stray(wish))
		return -EOPNOTSUPP;
	if (!kvs_config_in_range(wish))
		return -EINVAL;
	if (wish->set & KVS_SET_MODE)
		config->mode = wish->mode;
	if (wish->set & KVS_SET_MAX_BYTES)
		config->max_bytes = wish->max_bytes;
	if (wish->set & KVS_SET_MAX_ENTRIES)
		config->max_entries = wish->max_entries;
	if (wish->set & KVS_SET_MAX_VALUE)
		config->max_value = wish->max_value;
	if (wish->set & KVS_SET_POLICY)
		config->evicts = wish->policy == KVS_POLICY_EVICT;
	config->max_pinned = wish->set & KVS_SET_MAX_PINNED ?
				     wish->max_pinned :
				     config->max_bytes / KVS_PINNED_SHARE;
	return kvs_config_owner(file, wish, config);
}

/* Directories are for stores of the initial namespace. */
static void kvs_manage_show(struct kvs_namespace *ns, struct kvs_store *store)
{
	if (kvs_namespace_is_initial(ns) && kvs_sysfs_add(store))
		pr_warn("store %s: no statistics in sysfs\n", store->name);
}

/* Return: the store with a reference besides that of its name. */
static struct kvs_store *kvs_manage_make(struct kvs_namespace *ns,
					 struct kvs_quota *maker,
					 const char *name,
					 const struct kvs_store_config *config,
					 struct kvs_store *live)
{
	struct kvs_store *store;
	int ret;

	store = kvs_store_alloc(name, config, maker, live, &kvs_update_removal);
	if (IS_ERR(store))
		return store;
	kvs_store_hold(store);
	ret = kvs_namespace_add(ns, store);
	if (ret) {
		kvs_store_put(store);
		kvs_store_put(store);
		return ERR_PTR(ret);
	}
	if (live)
		kvs_store_follow(store);
	kvs_manage_show(ns, store);
	return store;
}

/* Root of the namespace owns it, if there is one. */
static void kvs_manage_default_config(const struct cred *cred,
				      struct kvs_store_config *config)
{
	kuid_t root = make_kuid(cred->user_ns, 0);
	kgid_t group = make_kgid(cred->user_ns, 0);

	*config = kvs_manage_largest;
	config->index = true;
	config->mode = KVS_DEFAULT_MODE;
	config->uid = uid_valid(root) ? root : cred->fsuid;
	config->gid = gid_valid(group) ? group : cred->fsgid;
}

struct kvs_store *kvs_manage_default(struct file *file, u32 *out_flags)
{
	const struct kvs_handle *handle = file->private_data;
	struct kvs_store_config config;
	struct kvs_store *store;

	/* Here it can only be missing because somebody destroyed it. */
	if (kvs_namespace_is_initial(handle->namespace))
		return ERR_PTR(-ENOENT);
	kvs_manage_default_config(file->f_cred, &config);
	store = kvs_manage_make(handle->namespace, handle->purse.quota,
				KVS_DEFAULT_NAME, &config, NULL);
	if (!IS_ERR(store)) {
		*out_flags = KVS_BIND_CREATED;
		return store;
	}
	if (store != ERR_PTR(-EEXIST))
		return store;
	/* Somebody else was faster. */
	store = kvs_namespace_find(handle->namespace, KVS_DEFAULT_NAME);
	return store ?: ERR_PTR(-ENOENT);
}

/* What a staging store is: as the other one is now. */
static void kvs_manage_staging_config(struct kvs_store *live,
				      struct kvs_store_config *config)
{
	struct kvs_store_snapshot snap;

	kvs_store_snapshot(live, &snap);
	*config = (struct kvs_store_config){
		.set = KVS_SET_ALL,
		.uid = live->uid,
		.gid = live->gid,
		.mode = live->mode,
		.index = live->shape & KVS_SHAPE_LINK,
		.max_value = snap.max_value,
		.max_bytes = snap.max_bytes,
		.max_entries = snap.max_entries,
		.max_pinned = snap.max_pinned,
		.evicts = snap.evicts,
	};
}

static int kvs_create_config(struct kvs_control_call *call,
			     struct kvs_store_config *config,
			     struct kvs_store **live)
{
	const struct kvs_create *create = &call->ctl.create;
	const struct kvs_handle *handle = call->file->private_data;
	const char *name = (const char *)create->store_name;
	const struct kvs_alter wish = kvs_create_wish(create);
	const struct cred *cred = call->file->f_cred;

	if (!*name || !kvs_control_name_valid(name))
		return -EINVAL;
	*live = NULL;
	*config = kvs_manage_largest;
	config->uid = cred->fsuid;
	config->gid = cred->fsgid;
	config->index = create->flags & KVS_CREATE_INDEX;
	if (!(create->flags & KVS_CREATE_STAGING) && handle->restricted)
		return -EACCES;
	if (!(create->flags & KVS_CREATE_STAGING) && create->reserved)
		return -EOPNOTSUPP;
	if (!(create->flags & KVS_CREATE_STAGING))
		return kvs_config_read(call->file, &wish, config);
	*live = kvs_manage_store(call->file);
	if (IS_ERR(*live))
		return PTR_ERR(*live);
	if ((*live)->live)
		return -EINVAL;
	/* It has what the other one has. */
	if (create->set || create->reserved || config->index ||
	    kvs_config_has_stray(&wish))
		return -EOPNOTSUPP;
	kvs_manage_staging_config(*live, config);
	return 0;
}

static int kvs_manage_remove(struct kvs_store *store)
{
	int ret = kvs_namespace_remove(store);

	if (ret)
		return ret;
	kvs_sysfs_remove(store);
	kvs_store_empty(store);
	kvs_measure_end(store);
	kvs_store_put(store);
	return 0;
}

int kvs_control_create(struct kvs_control_call *call)
{
	struct kvs_create *create = &call->ctl.create;
	struct kvs_handle *handle = call->file->private_data;
	struct kvs_store_config config;
	struct kvs_store *store, *live;
	int ret;

	create->out_number = 0;
	ret = kvs_create_config(call, &config, &live);
	/* An answer that cannot be written is found out first. */
	if (!ret)
		ret = kvs_control_respond(call, sizeof(*create));
	if (ret)
		return ret;
	store = kvs_manage_make(handle->namespace, handle->purse.quota,
				(const char *)create->store_name, &config,
				live);
	if (IS_ERR(store))
		return PTR_ERR(store);
	create->out_number = store->number;
	ret = kvs_control_respond(call, sizeof(*create));
	/* What could not be told of must not have happened. */
	if (ret)
		kvs_manage_remove(store);
	kvs_store_put(store);
	return ret;
}

/* Another staging store may take the place of the one that was found. */
static int kvs_alter_both(struct kvs_store *store,
			  const struct kvs_store_config *config)
{
	struct kvs_store *staging;
	int ret;

	do {
		staging = kvs_namespace_staging(store);
		ret = kvs_store_alter(store, staging, config);
		kvs_store_put(staging);
	} while (ret == -EAGAIN);
	return ret;
}

int kvs_control_alter(struct kvs_control_call *call)
{
	const struct kvs_alter *alter = &call->ctl.alter;
	struct kvs_store *store = kvs_manage_store(call->file);
	struct kvs_store_config config = {};
	int ret;

	if (IS_ERR(store))
		return PTR_ERR(store);
	if (store->live)
		return -EINVAL;
	config.set = alter->set;
	ret = kvs_config_read(call->file, alter, &config);
	return ret ?: kvs_alter_both(store, &config);
}

/* An answer that cannot be written is found out before anything is done. */
static struct kvs_store *kvs_act_begin(struct kvs_control_call *call)
{
	struct kvs_store *store = kvs_manage_store(call->file);
	struct kvs_act *act = &call->ctl.act;

	if (IS_ERR(store))
		return store;
	act->out_version = 0;
	if (kvs_control_respond(call, sizeof(*act)))
		return ERR_PTR(-EFAULT);
	return store;
}

int kvs_control_flush(struct kvs_control_call *call)
{
	struct kvs_store *store = kvs_act_begin(call);
	int ret;

	if (IS_ERR(store))
		return PTR_ERR(store);
	ret = kvs_store_flush(store, &call->ctl.act.out_version);
	return ret ?: kvs_control_respond(call, sizeof(call->ctl.act));
}

int kvs_control_publish(struct kvs_control_call *call)
{
	struct kvs_store *store = kvs_act_begin(call);
	struct kvs_store *staging;
	int ret;

	if (IS_ERR(store))
		return PTR_ERR(store);
	staging = kvs_namespace_staging(store);
	if (!staging)
		return rcu_access_pointer(store->space) ? -ENOENT : -EIDRM;
	ret = kvs_store_publish(store, staging, &call->ctl.act.out_version);
	kvs_store_put(staging);
	return ret ?: kvs_control_respond(call, sizeof(call->ctl.act));
}

int kvs_control_measure(struct kvs_control_call *call)
{
	const struct kvs_measure *measure = &call->ctl.measure;
	struct kvs_store *store = kvs_manage_store(call->file);

	if (IS_ERR(store))
		return PTR_ERR(store);
	if (measure->reserved)
		return -EOPNOTSUPP;
	if (measure->latency > 1)
		return -EINVAL;
	return kvs_measure_switch(store, measure->latency);
}

/* Whoever loads the module has this store, until the module goes. */
static bool kvs_manage_is_fixed(struct kvs_store *store)
{
	struct user_namespace *user_ns = kvs_namespace_user(store);

	if (user_ns)
		put_user_ns(user_ns);
	return user_ns == &init_user_ns &&
	       !strcmp(store->name, KVS_DEFAULT_NAME);
}

int kvs_control_destroy(struct kvs_control_call *call)
{
	struct kvs_store *store = kvs_act_begin(call);

	if (IS_ERR(store))
		return PTR_ERR(store);
	if (kvs_manage_is_fixed(store))
		return -EPERM;
	return kvs_manage_remove(store);
}

int kvs_manage_load(const struct kvs_store_config *config)
{
	struct kvs_namespace *ns = kvs_namespace_get(&init_user_ns);
	struct kvs_store *store;

	store = kvs_manage_make(ns, &kvs_quota_total, KVS_DEFAULT_NAME, config,
				NULL);
	if (IS_ERR(store))
		return PTR_ERR(store);
	kvs_store_put(store);
	return 0;
}

/* A store that has a staging store goes when that is gone. */
static bool kvs_manage_unload_one(struct kvs_store *store)
{
	struct kvs_store_snapshot snap;

	kvs_store_snapshot(store, &snap);
	if (kvs_manage_remove(store))
		return false;
	if (snap.entries)
		pr_info("store %s: dropped %llu entries\n", store->name,
			snap.entries);
	return true;
}

void kvs_manage_unload(void)
{
	unsigned long start = 0;
	struct kvs_store *store;

	while ((store = kvs_namespace_next(NULL, start))) {
		start = store->number + 1UL;
		if (kvs_manage_unload_one(store))
			start = 0;
		kvs_store_put(store);
	}
}
