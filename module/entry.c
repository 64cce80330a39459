// SPDX-License-Identifier: GPL-2.0-only
/*
 * Layout, allocation and lifetime of entries. The states are in entry.h.
 */
#include <linux/container_of.h>
#include <linux/ktime.h>
#include <linux/percpu.h>
#include <linux/rcupdate.h>
#include <linux/string.h>

#include "compat/rcu.h"
#include "entry.h"
#include "memory.h"
#include "payer.h"
#include "sequence.h"

/* Bytes before the header. */
static size_t kvs_entry_front(u16 shape)
{
	size_t size = 0;

	if (!(shape & KVS_SHAPE_EXTRAS))
		return 0;
	if (shape & KVS_SHAPE_LINK)
		size += sizeof(struct rb_node);
	if (shape & KVS_SHAPE_DEADLINE)
		size += sizeof(struct kvs_deadline);
	if (shape & KVS_SHAPE_APP_VERSION)
		size += sizeof(u64);
	if (shape & KVS_SHAPE_RANK)
		size += sizeof(struct kvs_rank);
	return size;
}

static void *kvs_entry_start(struct kvs_entry *entry)
{
	return (u8 *)entry - kvs_entry_front(entry->shape);
}

static size_t kvs_entry_size(u16 shape, u32 value_len)
{
	return kvs_entry_front(shape) +
	       kvs_entry_offset(kvs_shape_key_len(shape),
				value_len > KVS_INPLACE_MAX) +
	       value_len;
}

u64 kvs_entry_charge_of(u16 shape, u32 value_len)
{
	return kvs_memory_round(kvs_entry_size(shape, value_len));
}

/* Apart, so that those without do not pay for it. */
static noinline void kvs_entry_init_extras(struct kvs_entry *entry)
{
	struct kvs_deadline *deadline = kvs_entry_deadline(entry);
	struct kvs_rank *rank = kvs_entry_rank(entry);

	if (deadline) {
		RB_CLEAR_NODE(&deadline->node);
		deadline->at = KVS_DEADLINE_NONE;
	}
	if (rank)
		*rank = (struct kvs_rank){};
}

static void kvs_entry_set_key(struct kvs_entry *entry,
			      const struct kvs_key *key)
{
	const u64 *from = (const u64 *)key->data;
	u64 *to = (u64 *)entry->data;
	int left;

	for (left = key->len; left > 0; left -= sizeof(*to))
		*to++ = *from++;
}

struct kvs_entry *kvs_entry_alloc(struct kvs_payer *payer,
				  const struct kvs_key *key, u16 extras,
				  const struct kvs_value *value, u64 charge,
				  bool nowait)
{
	u16 shape = kvs_shape(key->len, extras);
	struct kvs_entry *entry;
	void *start;

	start = kvs_memory_alloc(charge, nowait);
	if (!start)
		return NULL;
	entry = start + kvs_entry_front(shape);
	entry->created = ktime_get_boottime_ns();
	entry->charge = charge;
	entry->hash = key->hash;
	entry->shape = shape;
	entry->payer = payer->number;
	if (shape & KVS_SHAPE_EXTRAS)
		kvs_entry_init_extras(entry);
	kvs_entry_set_value(entry, value);
	kvs_entry_set_key(entry, key);
	if (kvs_entry_is_large(entry))
		refcount_set(kvs_entry_refs(entry), 1);
	if (value->data)
		memcpy(kvs_entry_bytes(entry), value->data, value->len);
	return entry;
}

static void kvs_entry_free(struct kvs_entry *entry, u64 charge)
{
	kvs_memory_free(kvs_entry_start(entry), charge);
}

struct kvs_payer *kvs_entry_payer(const struct kvs_entry *entry)
{
	return kvs_payer_of(entry->payer);
}

void kvs_entry_discard(struct kvs_entry *entry)
{
	struct kvs_payer *payer;
	u64 charge;

	if (!entry)
		return;
	payer = kvs_entry_payer(entry);
	charge = kvs_entry_charge(entry);
	kvs_entry_free(entry, charge);
	kvs_payer_uncharge(payer, charge);
	kvs_payer_put(payer);
}

void kvs_entry_move(struct kvs_entry *entry, struct kvs_payer *payer)
{
	struct kvs_payer *old = kvs_entry_payer(entry);

	entry->payer = payer->number;
	kvs_payer_uncharge(old, kvs_entry_charge(entry));
	kvs_payer_put(old);
}

/*
 * Dead entries wait in lots. A lot is what died on one CPU before one grace period
 * began: the first of it queued an RCU callback for all. Those who come later
 * find that no grace period began since, so that the one that it waits for begins
 * after them, too; and as they are in an RCU section, it does not end, nor is the
 * callback run, while they join. So nobody but the CPU, with preemption disabled,
 * writes to a lot before its callback does, and neither needs a lock. What this
 * CPU remembers of a lot that is freed by now is never used: a grace period has
 * begun since.
 */
struct kvs_lot {
	struct rcu_gp_oldstate period;
	struct kvs_entry *first;
	unsigned int count;
};

static DEFINE_PER_CPU(struct kvs_lot, kvs_lots);

/*
 * Those who joined hang from the version word of the first, each from that of the
 * one before: nobody wants more of it than that it is busy.
 */
static void kvs_lot_link(struct kvs_entry *entry, struct kvs_entry *next)
{
	WRITE_ONCE(entry->version, KVS_VERSION_BUSY | (uintptr_t)next >> 1);
}

static struct kvs_entry *kvs_lot_next(const struct kvs_entry *entry)
{
	return (struct kvs_entry *)(uintptr_t)(entry->version << 1);
}

/**
 * struct kvs_bill - what a payer gets back for some entries
 * @payer: the payer, or NULL
 * @bytes: what they were charged
 * @entries: how many
 */
struct kvs_bill {
	struct kvs_payer *payer;
	u64 bytes;
	unsigned int entries;
};

static void kvs_bill_settle(const struct kvs_bill *bill)
{
	if (!bill->payer)
		return;
	kvs_payer_freed(bill->payer, bill->bytes, bill->entries);
	kvs_payer_put_many(bill->payer, bill->entries);
}

/*
 * The memory of a vmalloc()ed entry is freed a moment after it is uncharged:
 * in softirq context vfree() leaves that to a worker.
 */
static void kvs_lot_free(struct kvs_entry *entry)
{
	struct kvs_bill bill = {};
	struct kvs_entry *next;

	for (; entry; entry = next) {
		struct kvs_payer *payer = kvs_entry_payer(entry);
		u64 charge = entry->owed;

		if (payer != bill.payer) {
			kvs_bill_settle(&bill);
			bill = (struct kvs_bill){ .payer = payer };
		}
		bill.bytes += charge;
		bill.entries++;
		next = kvs_lot_next(entry);
		kvs_entry_free(entry, charge);
	}
	kvs_bill_settle(&bill);
}

static void kvs_lot_reclaim(struct rcu_head *rcu)
{
	kvs_lot_free(container_of(rcu, struct kvs_entry, rcu));
}

/* What it is charged is kept from the RCU callback's own words. */
static void kvs_entry_owe(struct kvs_entry *entry)
{
	u64 charge = kvs_entry_charge(entry);

	WRITE_ONCE(entry->owed, charge);
	kvs_payer_wait(kvs_entry_payer(entry), charge);
}

/* In a lot of its own. */
static void kvs_lot_begin(struct kvs_entry *entry)
{
	kvs_lot_link(entry, NULL);
	kvs_call_rcu(&entry->rcu, kvs_lot_reclaim);
}

static void kvs_lot_join(struct kvs_entry *entry)
{
	struct kvs_lot *lot = this_cpu_ptr(&kvs_lots);
	struct rcu_gp_oldstate period = {};

	/* Before a callback is queued: it waits for this one or a later one. */
	kvs_rcu_look(&period);
	if (lot->count - 1 < KVS_LOT_MAX - 1 &&
	    kvs_rcu_is_same(&lot->period, &period)) {
		kvs_lot_link(entry, kvs_lot_next(lot->first));
		kvs_lot_link(lot->first, entry);
		lot->count++;
		return;
	}
	*lot = (struct kvs_lot){
		.period = period,
		.first = entry,
		.count = 1,
	};
	kvs_lot_begin(entry);
}

/*
 * What a reader still holds does not count as waiting: nobody knows how long a
 * page fault of its takes, and no writer should wait for it.
 */
void kvs_entry_put(struct kvs_entry *entry)
{
	if (!refcount_dec_and_test(kvs_entry_refs(entry)))
		return;
	kvs_entry_owe(entry);
	kvs_lot_begin(entry);
}

void kvs_entry_retire(struct kvs_entry *entry)
{
	kvs_entry_write_begin(entry);
	if (kvs_entry_is_large(entry) &&
	    !refcount_dec_and_test(kvs_entry_refs(entry)))
		return;
	kvs_entry_owe(entry);
	/* Where a stripe may sleep, the CPU may change under it. */
	if (IS_ENABLED(CONFIG_PREEMPT_RT))
		kvs_lot_begin(entry);
	else
		kvs_lot_join(entry);
}

void kvs_entry_drop(struct kvs_entry *entry)
{
	if (kvs_entry_is_large(entry)) {
		kvs_entry_put(entry);
		return;
	}
	kvs_entry_owe(entry);
	kvs_lot_link(entry, NULL);
	kvs_lot_free(entry);
}

bool kvs_entry_fits(struct kvs_entry *entry, u16 extras, u32 len)
{
	if (kvs_entry_is_large(entry) || len > KVS_INPLACE_MAX ||
	    extras & ~entry->shape)
		return false;
	return kvs_entry_size(entry->shape, len) <= kvs_entry_charge(entry);
}

void kvs_entry_append(struct kvs_entry *entry, const struct kvs_value *tail,
		      u64 at, u64 version)
{
	struct kvs_deadline *deadline = kvs_entry_deadline(entry);
	u32 len = entry->value & KVS_VALUE_LEN;

	kvs_entry_write_begin(entry);
	if (deadline)
		WRITE_ONCE(deadline->at, at);
	memcpy(kvs_entry_bytes(entry) + len, tail->data, tail->len);
	/* As in kvs_entry_set_value(). */
	smp_store_release(&entry->value, entry->value + tail->len);
	kvs_entry_write_end(entry, version);
}

void kvs_entry_fill(struct kvs_entry *entry, const struct kvs_value *value)
{
	memcpy(kvs_entry_bytes(entry), value->data, value->len);
	kvs_entry_set_value(entry, value);
}
