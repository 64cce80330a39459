// SPDX-License-Identifier: GPL-2.0-only
/*
 * LIST, STATS and HISTOGRAM: what there is to say about stores.
 */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/user_namespace.h>

#include "control.h"
#include "handle.h"
#include "latency.h"
#include "limits.h"
#include "measure.h"
#include "namespace.h"
#include "quota.h"
#include "store.h"

static void kvs_list_fill(struct kvs_list_item *item, struct kvs_store *store,
			  struct user_namespace *reader)
{
	struct user_namespace *user_ns = kvs_namespace_user(store);
	struct kvs_store_snapshot snap;

	kvs_store_snapshot(store, &snap);
	memset(item, 0, sizeof(*item));
	item->store_id = store->id;
	item->entries = snap.entries;
	item->bytes = snap.bytes;
	item->max_bytes = snap.max_bytes;
	item->max_entries = snap.max_entries;
	item->number = store->number;
	item->mode = store->mode;
	item->uid = from_kuid_munged(reader, store->uid);
	item->gid = from_kgid_munged(reader, store->gid);
	item->max_value = snap.max_value;
	if (snap.evicts)
		item->flags |= KVS_STORE_EVICTS;
	if (store->shape & KVS_SHAPE_LINK)
		item->flags |= KVS_STORE_INDEX;
	if (store->live) {
		item->flags |= KVS_STORE_STAGING;
		item->of = store->live->number;
	}
	if (user_ns) {
		item->ns_uid = from_kuid_munged(reader, user_ns->owner);
		put_user_ns(user_ns);
	}
	memcpy(item->store_name, store->name, sizeof(item->store_name));
}

/* A caller that knows more than this kernel gets zeroes. */
static int kvs_list_answer(const struct kvs_list *list, u32 index,
			   const struct kvs_list_item *item)
{
	u8 __user *to =
		u64_to_user_ptr(list->items) + (size_t)index * list->item_size;
	size_t size = min_t(size_t, list->item_size, sizeof(*item));

	if (copy_to_user(to, item, size) ||
	    clear_user(to + size, list->item_size - size))
		return -EFAULT;
	return 0;
}

static int kvs_list_check(struct kvs_control_call *call)
{
	const struct kvs_handle *handle = call->file->private_data;
	const struct kvs_list *list = &call->ctl.list;

	if (list->reserved)
		return -EOPNOTSUPP;
	if (!list->count || list->count > KVS_MAX_BATCH ||
	    list->item_size % 8 ||
	    list->item_size < sizeof(struct kvs_list_item))
		return -EINVAL;
	if (list->item_size > PAGE_SIZE)
		return -E2BIG;
	if (list->flags & KVS_LIST_ALL && handle->restricted)
		return -EACCES;
	if (list->flags & KVS_LIST_ALL &&
	    !file_ns_capable(call->file, &init_user_ns, CAP_SYS_ADMIN))
		return -EPERM;
	return 0;
}

/* Return: the next one to list, with a reference, or NULL. */
static struct kvs_store *kvs_list_next(struct kvs_control_call *call)
{
	const struct kvs_handle *handle = call->file->private_data;
	struct kvs_list *list = &call->ctl.list;
	struct kvs_namespace *ns = handle->namespace;
	struct kvs_store *store;

	if (list->flags & KVS_LIST_ALL)
		ns = NULL;
	store = kvs_namespace_next(ns, list->start);
	list->start = store ? store->number : 0;
	return store;
}

int kvs_control_list(struct kvs_control_call *call)
{
	struct kvs_list *list = &call->ctl.list;
	struct kvs_list_item item;
	struct kvs_store *store;
	u32 room = list->count;
	int ret;

	ret = kvs_list_check(call);
	list->count = 0;
	while (!ret) {
		store = kvs_list_next(call);
		if (!store || list->count == room) {
			kvs_store_put(store);
			break;
		}
		kvs_list_fill(&item, store, call->file->f_cred->user_ns);
		list->start = store->number + 1;
		kvs_store_put(store);
		ret = kvs_list_answer(list, list->count++, &item);
		cond_resched();
	}
	return ret ?: kvs_control_respond(call, sizeof(*list));
}

static void kvs_stats_of_user(struct kvs_store_stats *out,
			      const struct kvs_quota *quota)
{
	const struct kvs_account *account = &quota->account;

	out->user_bytes = atomic64_read(&account->bytes);
	out->user_max_bytes = account->max_bytes;
	out->user_entries = atomic64_read(&account->entries);
	out->user_max_entries = account->max_entries;
	out->user_stores = atomic_read(&quota->things[KVS_QUOTA_STORES]);
	out->user_max_stores = quota->max_things[KVS_QUOTA_STORES];
}

static void kvs_stats_of_contents(struct kvs_store_stats *out,
				  const struct kvs_store_snapshot *snap)
{
	out->entries = snap->entries;
	out->bytes = snap->bytes;
	out->waiting_bytes = snap->waiting_bytes;
	out->table_bytes = snap->table_bytes;
	out->max_bytes = snap->max_bytes;
	out->max_entries = snap->max_entries;
	out->max_value = snap->max_value;
	out->version = snap->version;
	out->pinned_bytes = snap->pinned_bytes;
	out->max_pinned = snap->max_pinned;
}

static void kvs_stats_of_operations(struct kvs_store_stats *out,
				    const struct kvs_stats *stats)
{
	const u64 *count = stats->count;

	out->hits = count[KVS_STATS_HITS];
	out->misses = count[KVS_STATS_MISSES];
	out->puts = count[KVS_STATS_PUTS];
	out->deletes = count[KVS_STATS_DELETES];
	out->adds = count[KVS_STATS_ADDS];
	out->xchgs = count[KVS_STATS_XCHGS];
	out->bitops = count[KVS_STATS_BITOPS];
	out->buckets = count[KVS_STATS_BUCKETS];
	out->refusals = count[KVS_STATS_REFUSALS];
	out->touches = count[KVS_STATS_TOUCHES];
	out->expired = count[KVS_STATS_EXPIRED];
	out->stats = count[KVS_STATS_STATS];
	out->rejected_bytes = count[KVS_STATS_REJECTED_BYTES];
	out->rejected_entries = count[KVS_STATS_REJECTED_ENTRIES];
	out->rejected_memory = count[KVS_STATS_REJECTED_MEMORY];
	out->rejected_quota = count[KVS_STATS_REJECTED_QUOTA];
	out->flushes = count[KVS_STATS_FLUSHES];
	out->publishes = count[KVS_STATS_PUBLISHES];
	out->txns = count[KVS_STATS_TXNS];
	out->misses_expired = count[KVS_STATS_MISSES_EXPIRED];
	out->rejected_value = count[KVS_STATS_REJECTED_VALUE];
	out->evictions = count[KVS_STATS_EVICTIONS];
	out->evicted_unfetched = count[KVS_STATS_EVICTED_UNFETCHED];
	out->scans = count[KVS_STATS_SCANS];
}

int kvs_control_stats(struct kvs_control_call *call)
{
	const struct kvs_handle *handle = call->file->private_data;
	struct kvs_store *store = kvs_handle_store(handle);
	struct kvs_store_stats *out = &call->ctl.stats;
	struct kvs_store_snapshot snap;
	u32 size = out->size;

	if (!store)
		return -ENOTCONN;
	if (!rcu_access_pointer(store->space))
		return -EIDRM;
	memset(out, 0, sizeof(*out));
	out->size = size;
	kvs_store_snapshot(store, &snap);
	kvs_stats_of_contents(out, &snap);
	kvs_stats_of_operations(out, &snap.stats);
	kvs_stats_of_user(out, handle->purse.quota);
	return kvs_control_respond(call, sizeof(*out));
}

static int kvs_histogram_check(const struct kvs_histogram *histogram)
{
	switch (histogram->kind) {
	case KVS_HISTOGRAM_SIZE:
	case KVS_HISTOGRAM_LAG:
		return histogram->verb ? -EOPNOTSUPP : 0;
	case KVS_HISTOGRAM_LATENCY:
		return kvs_latency_name(histogram->verb) ? 0 : -EOPNOTSUPP;
	default:
		return -EOPNOTSUPP;
	}
}

static void kvs_histogram_take(struct kvs_store *store,
			       const struct kvs_histogram *histogram,
			       struct kvs_distribution *taken)
{
	switch (histogram->kind) {
	case KVS_HISTOGRAM_SIZE:
		kvs_measure_sizes(store, taken);
		break;
	case KVS_HISTOGRAM_LAG:
		kvs_measure_lag(store, taken);
		break;
	default:
		kvs_measure_latency(store, histogram->verb, taken);
	}
}

int kvs_control_histogram(struct kvs_control_call *call)
{
	const struct kvs_handle *handle = call->file->private_data;
	struct kvs_store *store = kvs_handle_store(handle);
	struct kvs_histogram *out = &call->ctl.histogram;
	struct kvs_distribution taken;
	int ret;

	if (!store)
		return -ENOTCONN;
	if (!rcu_access_pointer(store->space))
		return -EIDRM;
	ret = kvs_histogram_check(out);
	if (ret)
		return ret;
	kvs_histogram_take(store, out, &taken);
	out->out_buckets = taken.buckets;
	out->out_unit = taken.unit;
	out->out_sum = taken.sum;
	memcpy(out->out_count, taken.count, sizeof(out->out_count));
	return kvs_control_respond(call, sizeof(*out));
}
