// SPDX-License-Identifier: GPL-2.0-only
/*
 * The changes that counters know: how a number is stored, whatever it was
 * computed by.
 */
#include <linux/errno.h>
#include <linux/ktime.h>

#include "change.h"
#include "store.h"
#include "tally.h"

/**
 * struct kvs_answer - what an operation on a counter answers
 * @number: kvs_res.number
 * @applied: kvs_res.applied
 * @flags: kvs_res.flags
 */
struct kvs_answer {
	s64 number;
	s64 applied;
	u32 flags;
};

/* Return: 0 to store *@value, 1 to leave it as it is, or a negative errno. */
typedef int kvs_counter_fn(const struct kvs_update *update, s64 *value,
			   struct kvs_answer *answer);

static int kvs_counter_do_add(const struct kvs_update *update, s64 *value,
			      struct kvs_answer *answer)
{
	struct kvs_counter_sum sum;
	int ret;

	ret = kvs_counter_sum(*value, &update->add, &sum);
	if (ret)
		return ret;
	*value = sum.value;
	answer->number = sum.value;
	answer->applied = sum.applied;
	answer->flags = sum.limited ? KVS_RES_LIMITED : 0;
	return 0;
}

static int kvs_counter_do_xchg(const struct kvs_update *update, s64 *value,
			       struct kvs_answer *answer)
{
	answer->number = *value;
	*value = update->number;
	return 0;
}

static int kvs_counter_do_bitop(const struct kvs_update *update, s64 *value,
				struct kvs_answer *answer)
{
	answer->applied = *value;
	*value = kvs_counter_bitop(*value, &update->bitop);
	answer->number = *value;
	return 0;
}

static int kvs_counter_do_bucket(const struct kvs_update *update, s64 *value,
				 struct kvs_answer *answer)
{
	u64 now = update->now ?: ktime_get_boottime_ns();
	u64 wait;

	*value = kvs_counter_bucket(*value, now, &update->bucket, &wait);
	answer->number = wait;
	answer->flags = wait ? KVS_RES_REFUSED : 0;
	return wait ? 1 : 0;
}

static int kvs_tally_store_number(struct kvs_update *update,
				  struct kvs_entry *old, s64 number)
{
	struct kvs_value value = {
		.data = &number,
		.len = sizeof(number),
		.counter = true,
	};
	u64 at = kvs_change_deadline(update, old);
	u16 needs;

	if (old) {
		value.user_flags = old->user_flags;
		value.pinned = kvs_entry_is_pinned(old);
		if (kvs_entry_app_version(old))
			value.app_version = *kvs_entry_app_version(old);
	}
	needs = kvs_change_needs(update, &value, at);
	if (old && kvs_change_fits(update, old, &value, at)) {
		kvs_change_overwrite(update, old, &value, at);
		return 0;
	}
	if (!update->fresh || needs & ~update->fresh->shape) {
		update->extras |= needs;
		return KVS_CHANGE_ALLOC;
	}
	kvs_entry_fill(update->fresh, &value);
	if (!old)
		return kvs_change_insert(update);
	return kvs_change_replace(update, old, at, false);
}

static int kvs_tally_try_counter(struct kvs_update *update,
				 struct kvs_entry *old, kvs_counter_fn *fn)
{
	struct kvs_answer answer = {};
	s64 value = update->initial;
	int ret;

	if (!old && !(update->flags & KVS_F_CREATE))
		return -ENOENT;
	if (old && !(old->value & KVS_VALUE_COUNTER))
		return -EPROTOTYPE;
	if (old)
		value = *(s64 *)kvs_entry_bytes(old);
	ret = fn(update, &value, &answer);
	if (ret < 0)
		return ret;
	if (ret) {
		/* Refused; a missing bucket is full and refuses nobody. */
		kvs_change_describe(update, old);
	} else {
		ret = kvs_tally_store_number(update, old, value);
		if (ret)
			return ret;
	}
	update->res->number = answer.number;
	update->res->applied = answer.applied;
	update->res->flags |= answer.flags;
	return 0;
}

int kvs_tally_try_add(struct kvs_update *update, struct kvs_entry *old)
{
	return kvs_tally_try_counter(update, old, kvs_counter_do_add);
}

int kvs_tally_try_xchg(struct kvs_update *update, struct kvs_entry *old)
{
	return kvs_tally_try_counter(update, old, kvs_counter_do_xchg);
}

int kvs_tally_try_bitop(struct kvs_update *update, struct kvs_entry *old)
{
	return kvs_tally_try_counter(update, old, kvs_counter_do_bitop);
}

int kvs_tally_try_bucket(struct kvs_update *update, struct kvs_entry *old)
{
	return kvs_tally_try_counter(update, old, kvs_counter_do_bucket);
}

static int kvs_tally_counter(struct kvs_update *update, kvs_change_fn *try,
			     enum kvs_stats_item item)
{
	const struct kvs_value blank = { .len = sizeof(s64), .counter = true };
	int ret;

	ret = kvs_change_run(update, try, &blank);
	if (ret)
		return ret;
	if (update->res->flags & KVS_RES_REFUSED)
		item = KVS_STATS_REFUSALS;
	kvs_stats_inc(update->store->stats, item);
	return 0;
}

int kvs_tally_add(struct kvs_update *update)
{
	return kvs_tally_counter(update, kvs_tally_try_add, KVS_STATS_ADDS);
}

int kvs_tally_xchg(struct kvs_update *update)
{
	return kvs_tally_counter(update, kvs_tally_try_xchg, KVS_STATS_XCHGS);
}

int kvs_tally_bitop(struct kvs_update *update)
{
	return kvs_tally_counter(update, kvs_tally_try_bitop, KVS_STATS_BITOPS);
}

int kvs_tally_bucket(struct kvs_update *update)
{
	return kvs_tally_counter(update, kvs_tally_try_bucket,
				 KVS_STATS_BUCKETS);
}
