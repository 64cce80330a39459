// SPDX-License-Identifier: GPL-2.0-only
/* The figures of a store, taken down without a lock. */
#include <asm/barrier.h>
#include <linux/rcupdate.h>
#include <linux/string.h>

#include "store.h"

static void kvs_store_snapshot_space(const struct kvs_space *space,
				     struct kvs_store_snapshot *snap)
{
	const struct kvs_account *account = &space->ledger->account;

	snap->entries = atomic64_read(&account->entries);
	snap->bytes = atomic64_read(&account->bytes);
	snap->waiting_bytes = atomic64_read(&account->waiting);
	snap->table_bytes = atomic64_read(&space->table_bytes);
	snap->max_bytes = READ_ONCE(account->max_bytes);
	snap->max_entries = READ_ONCE(account->max_entries);
	snap->pinned_bytes = atomic64_read(&space->pinned);
	snap->max_pinned = READ_ONCE(space->ledger->max_pinned);
	snap->evicts = READ_ONCE(space->ledger->evicts);
}

void kvs_store_snapshot(struct kvs_store *store,
			struct kvs_store_snapshot *snap)
{
	struct kvs_space *space;

	memset(snap, 0, sizeof(*snap));
	snap->max_value = READ_ONCE(store->max_value);
	snap->version = atomic64_read(store->version);
	rcu_read_lock();
	space = rcu_dereference(store->space);
	if (space) {
		kvs_space_charge_table(space);
		kvs_store_snapshot_space(space, snap);
	}
	rcu_read_unlock();
	smp_rmb(); /* kvs_change_expire() */
	kvs_stats_sum(store->stats, &snap->stats);
}
