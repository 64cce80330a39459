// SPDX-License-Identifier: GPL-2.0-only
/*
 * Readers take no lock: they look an entry up under rcu_read_lock() and read it
 * under its version word.
 *
 * A small value goes straight to user memory, with page faults disabled. Where
 * that faults it goes through a buffer on the stack, and to user memory outside
 * RCU. A large value is immutable: a reference keeps it while it is copied.
 *
 * A reader that meets a writer looks up again, KVS_READ_TRIES times; then it
 * reads under the writers' stripe, so that nobody can keep it from its answer.
 */
#include <linux/errno.h>
#include <linux/ktime.h>
#include <linux/minmax.h>
#include <linux/processor.h>
#include <linux/rcupdate.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "look.h"
#include "sequence.h"
#include "store.h"
#include "usercopy.h"

/* What a look says besides an errno of the ABI. */
enum kvs_look_want {
	KVS_LOOK_AGAIN = 1, /* what was read was not one state */
	KVS_LOOK_BOUNCE = 2, /* user memory was not there */
};

/* Under the version word: what it says counts only if the word stays. */
typedef int kvs_look_fn(struct kvs_look *look, struct kvs_entry *entry);

/* What only some entries have, and what the first GET leaves. */
static void kvs_look_describe_extras(struct kvs_look *look,
				     struct kvs_entry *entry)
{
	const u64 *app_version = kvs_entry_app_version(entry);
	struct kvs_res *res = look->res;

	res->ttl = kvs_entry_ttl(entry);
	res->app_version = app_version ? READ_ONCE(*app_version) : 0;
	if (look->visits)
		kvs_entry_visit(entry);
}

static void kvs_look_describe(struct kvs_look *look, struct kvs_entry *entry,
			      u64 version)
{
	const u16 told = (KVS_SHAPE_EXTRAS & ~KVS_SHAPE_LINK) |
			 KVS_SHAPE_FETCHED;
	struct kvs_res *res = look->res;
	u32 value = kvs_entry_value(entry);

	res->len = value & KVS_VALUE_LEN;
	res->kind = KVS_KIND_BLOB;
	res->version = version;
	res->user_flags = READ_ONCE(entry->user_flags);
	res->ttl = KVS_TTL_NEVER;
	res->app_version = 0;
	if ((READ_ONCE(entry->shape) & told) != KVS_SHAPE_FETCHED)
		kvs_look_describe_extras(look, entry);
	res->number = 0;
	if (value & KVS_VALUE_COUNTER) {
		res->kind = KVS_KIND_COUNTER;
		res->number = READ_ONCE(*(s64 *)kvs_entry_bytes(entry));
	}
}

static void kvs_look_drop(struct kvs_look *look)
{
	if (look->large)
		kvs_entry_put(look->large);
	look->large = NULL;
}

static int kvs_look_in(struct kvs_look *look, struct kvs_space *space,
		       kvs_look_fn *fn)
{
	struct kvs_entry *entry;
	u64 version;
	int ret;

	entry = kvs_table_lookup(&space->table, look->key);
	if (!entry) {
		/*
		 * A transaction may have removed it: what is read next is not
		 * older. Pairs with smp_wmb() in kvs_entry_write_begin().
		 */
		smp_rmb();
		look->expired = false;
		return -ENOENT;
	}
	if (!kvs_entry_read_begin(entry, &version))
		return KVS_LOOK_AGAIN;
	kvs_look_describe(look, entry, kvs_space_version(space, version));
	look->expired = !look->res->ttl;
	ret = look->expired ? -ENOENT : fn(look, entry);
	if (kvs_entry_read_end(entry, version))
		return ret;
	kvs_look_drop(look);
	return KVS_LOOK_AGAIN;
}

/* Under rcu_read_lock(), which keeps the space as it keeps the entry. */
static int kvs_look_once(struct kvs_look *look, kvs_look_fn *fn)
{
	struct kvs_space *space = rcu_dereference(look->store->space);

	return space ? kvs_look_in(look, space, fn) : -EIDRM;
}

static int kvs_look_lockless(struct kvs_look *look, kvs_look_fn *fn)
{
	int tries, ret = KVS_LOOK_AGAIN;

	for (tries = 0; tries < KVS_READ_TRIES; tries++) {
		rcu_read_lock();
		ret = kvs_look_once(look, fn);
		rcu_read_unlock();
		if (ret != KVS_LOOK_AGAIN)
			break;
		cpu_relax();
	}
	return ret;
}

/* No writer of the key can be met here; @fn must not touch user memory. */
static int kvs_look_locked(struct kvs_look *look, kvs_look_fn *fn)
{
	struct kvs_space *space;
	int ret = -EIDRM;

	rcu_read_lock();
	space = rcu_dereference(look->store->space);
	if (space) {
		spin_lock(kvs_space_stripe(space, look->key->hash));
		ret = kvs_look_in(look, space, fn);
		spin_unlock(kvs_space_stripe(space, look->key->hash));
	}
	rcu_read_unlock();
	return ret;
}

static int kvs_look_steadily(struct kvs_look *look, kvs_look_fn *fn)
{
	int ret = kvs_look_lockless(look, fn);

	return ret == KVS_LOOK_AGAIN ? kvs_look_locked(look, fn) : ret;
}

/* Where the part that is copied begins; @offset is 0 without KVS_F_OFFSET. */
static u32 kvs_look_offset(const struct kvs_look *look)
{
	return min(look->offset, look->res->len);
}

static int kvs_look_small(struct kvs_look *look, struct kvs_entry *entry)
{
	const u8 *from = kvs_entry_bytes(entry);
	int ret;

	/* A length that was read while it changed may be anything. */
	if (look->res->len > KVS_INPLACE_MAX)
		return KVS_LOOK_AGAIN;
	from += kvs_look_offset(look);
	if (look->bounce) {
		memcpy(look->bounce, from, look->part);
		return 0;
	}
	pagefault_disable();
	if (kvs_look_offset(look) % sizeof(u64))
		ret = __copy_to_user_inatomic(look->to, from, look->part);
	else
		ret = kvs_write_bytes(look->to, from, look->part, look->part);
	pagefault_enable();
	return ret ? KVS_LOOK_BOUNCE : 0;
}

/* Return: 0 if the value is to be copied; 1 if not; a negative errno. */
static int kvs_look_conditions(struct kvs_look *look)
{
	struct kvs_res *res = look->res;

	if (look->flags & KVS_F_IF_VERSION && res->version != look->cond)
		return -ESTALE;
	if (look->flags & KVS_F_IF_CHANGED && res->version == look->cond) {
		res->flags |= KVS_RES_UNCHANGED;
		return 1;
	}
	res->flags &= ~KVS_RES_UNCHANGED;
	look->part = res->len;
	if (!look->room)
		return 1;
	if (look->flags & KVS_F_OFFSET)
		look->part = min(res->len - kvs_look_offset(look), look->room);
	return look->part > look->room ? -ERANGE : 0;
}

static int kvs_look_at_value(struct kvs_look *look, struct kvs_entry *entry)
{
	int ret;

	look->part = 0;
	ret = kvs_look_conditions(look);
	if (ret) {
		look->pinned = kvs_entry_is_pinned(entry);
		look->part = 0;
		return min(ret, 0);
	}
	if (!kvs_entry_is_large(entry))
		return kvs_look_small(look, entry);
	if (!kvs_entry_tryget(entry))
		return KVS_LOOK_AGAIN;
	look->large = entry;
	return 0;
}

static int kvs_look_copy(struct kvs_look *look, const u8 *from)
{
	return copy_to_user(look->to, from, look->part) ? -EFAULT : 0;
}

/* Apart, for the size of its stack frame. */
static noinline int kvs_look_bounced(struct kvs_look *look)
{
	u8 bounce[KVS_INPLACE_MAX];
	int ret;

	look->bounce = bounce;
	ret = kvs_look_steadily(look, kvs_look_at_value);
	if (!ret && !look->large)
		ret = kvs_look_copy(look, bounce);
	look->bounce = NULL;
	return ret;
}

/* A failed look says of the entry only what helps to ask better. */
static void kvs_look_fail(struct kvs_look *look, int ret)
{
	struct kvs_res *res = look->res;
	u64 version = res->version;

	if (ret == -ERANGE)
		return;
	memset(res, 0, sizeof(*res));
	if (ret == -ESTALE)
		res->version = version;
}

int kvs_look_value(struct kvs_look *look)
{
	int ret;

	ret = kvs_look_lockless(look, kvs_look_at_value);
	if (ret > 0)
		ret = kvs_look_bounced(look);
	if (!ret && look->large)
		ret = kvs_look_copy(look, kvs_entry_bytes(look->large) +
						  kvs_look_offset(look));
	kvs_look_drop(look);
	if (ret)
		kvs_look_fail(look, ret);
	return ret;
}

int kvs_look_copy_to(struct kvs_look *look, u8 *to)
{
	int ret;

	look->bounce = to;
	ret = kvs_look_steadily(look, kvs_look_at_value);
	look->bounce = NULL;
	if (!ret && look->large)
		memcpy(to, kvs_entry_bytes(look->large), look->part);
	kvs_look_drop(look);
	if (ret)
		kvs_look_fail(look, ret);
	return ret;
}

static u32 kvs_look_flags(const struct kvs_entry *entry)
{
	u16 shape = READ_ONCE(entry->shape);
	u32 flags = 0;

	if (shape & KVS_SHAPE_VISITED)
		flags |= KVS_STAT_VISITED;
	if (shape & KVS_SHAPE_FETCHED)
		flags |= KVS_STAT_FETCHED;
	if (kvs_entry_is_pinned(entry))
		flags |= KVS_STAT_PINNED;
	return flags;
}

static int kvs_look_at_stat(struct kvs_look *look, struct kvs_entry *entry)
{
	struct kvs_stat *stat = look->stat;

	stat->age = ktime_get_boottime_ns() - READ_ONCE(entry->created);
	stat->charged = kvs_entry_charge(entry);
	stat->flags = kvs_look_flags(entry);
	return 0;
}

int kvs_look_stat(struct kvs_look *look)
{
	struct kvs_stat *stat = look->stat;
	struct kvs_res *res = look->res;
	int ret;

	ret = kvs_look_steadily(look, kvs_look_at_stat);
	if (ret) {
		kvs_look_fail(look, ret);
		return ret;
	}
	stat->size = sizeof(*stat);
	stat->kind = res->kind;
	stat->version = res->version;
	stat->value_len = res->len;
	stat->user_flags = res->user_flags;
	stat->ttl = res->ttl;
	stat->number = res->number;
	stat->app_version = res->app_version;
	return 0;
}
