// SPDX-License-Identifier: GPL-2.0-only
/*
 * Handles: the binding of an open file to a store, with fixed rights.
 */
#include <linux/anon_inodes.h>
#include <linux/capability.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/kvs.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/user_namespace.h>

#include "handle.h"
#include "store.h"

static DEFINE_MUTEX(kvs_bind_lock); /* makes BIND of one handle one step */

/* As for entries: fails instead of waking the OOM killer. */
static struct kvs_handle *kvs_handle_alloc(void)
{
	return kzalloc(sizeof(struct kvs_handle),
		       GFP_KERNEL_ACCOUNT | __GFP_RETRY_MAYFAIL | __GFP_NOWARN);
}

int kvs_handle_open(struct file *file)
{
	file->private_data =
		kzalloc(sizeof(struct kvs_handle), GFP_KERNEL_ACCOUNT);
	return file->private_data ? 0 : -ENOMEM;
}

void kvs_handle_release(struct file *file)
{
	kfree(file->private_data);
}

static u32 kvs_handle_rights(struct file *file, const struct kvs_store *store)
{
	u32 rights = kvs_store_rights(store, file->f_cred);

	if (file_ns_capable(file, &init_user_ns, CAP_SYS_ADMIN))
		rights |= KVS_RIGHT_ADMIN;
	if (!(file->f_mode & FMODE_READ))
		rights &= ~(KVS_RIGHT_READ | KVS_RIGHT_LIST);
	if (!(file->f_mode & FMODE_WRITE))
		rights &= ~(KVS_RIGHT_WRITE | KVS_RIGHT_COUNT);
	return rights;
}

int kvs_handle_bind(struct file *file, struct kvs_store *store)
{
	struct kvs_handle *handle = file->private_data;
	u32 rights = kvs_handle_rights(file, store);
	int ret = 0;

	mutex_lock(&kvs_bind_lock);
	if (handle->store) {
		ret = -EISCONN;
	} else if (!(rights & ~KVS_RIGHT_ADMIN)) {
		ret = -EACCES;
	} else {
		handle->rights = rights;
		/* Pairs with smp_load_acquire() in kvs_handle_store(). */
		smp_store_release(&handle->store, store);
	}
	mutex_unlock(&kvs_bind_lock);
	return ret;
}

/* The open flags of a file that can do no more than its rights. */
static int kvs_handle_open_flags(u32 rights)
{
	bool reads = rights & (KVS_RIGHT_READ | KVS_RIGHT_LIST);
	bool writes = rights & (KVS_RIGHT_WRITE | KVS_RIGHT_COUNT);

	if (reads && writes)
		return O_RDWR;
	return writes ? O_WRONLY : O_RDONLY;
}

struct file *kvs_handle_restrict(struct file *file, u32 rights)
{
	const struct kvs_handle *handle = file->private_data;
	struct kvs_store *store = kvs_handle_store(handle);
	struct kvs_handle *narrow;
	struct file *out;

	if (!store)
		return ERR_PTR(-ENOTCONN);
	if (!rights || rights & ~KVS_RIGHT_ALL)
		return ERR_PTR(-EINVAL);
	if (rights & ~handle->rights)
		return ERR_PTR(-EACCES);

	narrow = kvs_handle_alloc();
	if (!narrow)
		return ERR_PTR(-ENOMEM);
	narrow->store = store;
	narrow->rights = rights;
	/* Takes a reference to the module, as open() of the device does. */
	out = anon_inode_getfile("[kvs]", file->f_op, narrow,
				 kvs_handle_open_flags(rights));
	if (IS_ERR(out))
		kfree(narrow);
	return out;
}
