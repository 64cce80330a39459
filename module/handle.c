// SPDX-License-Identifier: GPL-2.0-only
/*
 * Handles: the binding of an open file to a store, with fixed rights.
 */
#include <linux/anon_inodes.h>
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/kvs.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/user_namespace.h>

#include "handle.h"
#include "limits.h"
#include "namespace.h"
#include "quota.h"
#include "store.h"

static DEFINE_MUTEX(kvs_bind_lock); /* makes BIND of one handle one step */

static void kvs_handle_free(struct kvs_handle *handle)
{
	kvs_purse_drop(&handle->purse);
	if (handle->store)
		kvs_store_put(handle->store);
	if (handle->namespace)
		kvs_namespace_put(handle->namespace);
	kfree(handle);
}

int kvs_handle_open(struct file *file)
{
	const struct cred *cred = file->f_cred;
	struct kvs_handle *handle;

	handle = kzalloc(sizeof(*handle), KVS_GFP);
	if (!handle)
		return -ENOMEM;
	handle->purse.quota = kvs_quota_get(cred->user_ns, cred->fsuid);
	if (handle->purse.quota)
		handle->namespace = kvs_namespace_get(cred->user_ns);
	if (!handle->namespace) {
		kvs_handle_free(handle);
		return -ENOMEM;
	}
	file->private_data = handle;
	return 0;
}

void kvs_handle_release(struct file *file)
{
	kvs_handle_free(file->private_data);
}

/* Administrators are the owner, and who is one in the store's namespace. */
static int kvs_handle_rights(struct file *file, struct kvs_store *store,
			     u32 *rights)
{
	struct user_namespace *user_ns = kvs_namespace_user(store);

	if (!user_ns)
		return -EIDRM;
	*rights = kvs_store_rights(store, file->f_cred);
	if (file_ns_capable(file, user_ns, CAP_SYS_ADMIN))
		*rights |= KVS_RIGHT_ADMIN;
	put_user_ns(user_ns);
	if (!(file->f_mode & FMODE_READ))
		*rights &= ~(KVS_RIGHT_READ | KVS_RIGHT_LIST);
	if (!(file->f_mode & FMODE_WRITE))
		*rights &= ~(KVS_RIGHT_WRITE | KVS_RIGHT_COUNT);
	return *rights ? 0 : -EACCES;
}

/*
 * So that the first write finds a payer without sleeping. Where that fails, the
 * write will say why.
 */
static void kvs_handle_fill_purse(struct kvs_handle *handle,
				  struct kvs_store *store)
{
	struct kvs_ledger *ledger = kvs_store_ledger(store);
	struct kvs_payer *payer;

	if (!ledger)
		return;
	payer = kvs_payer_get(ledger, &handle->purse, false);
	if (!IS_ERR(payer))
		kvs_payer_put(payer);
	kvs_ledger_put(ledger);
}

int kvs_handle_bind(struct file *file, struct kvs_store *store)
{
	struct kvs_handle *handle = file->private_data;
	u32 rights;
	int ret;

	ret = kvs_handle_rights(file, store, &rights);
	if (ret)
		return ret;
	if (rights & KVS_RIGHT_WRITE)
		kvs_handle_fill_purse(handle, store);
	mutex_lock(&kvs_bind_lock);
	if (handle->store) {
		ret = -EISCONN;
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

/* Another handle of the same opener, bound to the same store. */
static struct kvs_handle *kvs_handle_copy(const struct kvs_handle *handle,
					  struct kvs_store *store, u32 rights)
{
	struct kvs_handle *copy = kzalloc(sizeof(*copy), KVS_GFP);

	if (!copy)
		return NULL;
	copy->store = kvs_store_hold(store);
	copy->rights = rights;
	copy->restricted = true;
	copy->namespace = kvs_namespace_hold(handle->namespace);
	copy->purse.quota = kvs_quota_hold(handle->purse.quota);
	if (rights & KVS_RIGHT_WRITE)
		kvs_handle_fill_purse(copy, store);
	return copy;
}

/*
 * The opener of the new file is the opener of the first one, not the caller: it
 * is whose credentials count. It takes a reference to the module, as open() of
 * the device does.
 */
static struct file *kvs_handle_file(struct file *file,
				    struct kvs_handle *handle)
{
	const struct cred *old = override_creds(file->f_cred);
	struct file *out;

	out = anon_inode_getfile("[kvs]", file->f_op, handle,
				 kvs_handle_open_flags(handle->rights));
	revert_creds(old);
	return out;
}

struct file *kvs_handle_restrict(struct file *file, u32 rights)
{
	const struct kvs_handle *handle = file->private_data;
	struct kvs_store *store = kvs_handle_store(handle);
	struct kvs_handle *narrow;
	struct file *out;

	if (!store)
		return ERR_PTR(-ENOTCONN);
	if (!rcu_access_pointer(store->space))
		return ERR_PTR(-EIDRM);
	if (!rights || rights & ~KVS_RIGHT_ALL)
		return ERR_PTR(-EINVAL);
	if (rights & ~handle->rights)
		return ERR_PTR(-EACCES);

	narrow = kvs_handle_copy(handle, store, rights);
	if (!narrow)
		return ERR_PTR(-ENOMEM);
	out = kvs_handle_file(file, narrow);
	if (IS_ERR(out))
		kvs_handle_free(narrow);
	return out;
}
