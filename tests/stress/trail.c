// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>

#include "trail.h"
#include "txn.h"

static void add_list(struct trail *trail, uint64_t number, unsigned int store,
		     enum way_kind way, const struct txn_list *list)
{
	uint32_t i;

	for (i = 0; i < list->count; i++)
		trail_add(trail, number, store, way, &list->ops[i]);
}

/* What a verb is given besides flags, as one number. */
static int64_t operand_of(const struct op *op)
{
	switch (op->verb) {
	case OP_GET:
		return op->offset;
	case OP_BITOP:
		return op->bits.operand;
	case OP_BUCKET:
		return op->rate.interval;
	default:
		return op->number;
	}
}

void trail_add(struct trail *trail, uint64_t number, unsigned int store,
	       enum way_kind way, const struct op *op)
{
	struct trail_note *note = &trail->notes[trail->count++ % TRAIL_NOTES];

	*note = (struct trail_note){
		.number = number,
		.store = store,
		.key = op->key,
		.verb = op->verb,
		.way = way,
		.flags = op->flags,
		.with = op->with,
		.mode = op->mode,
		.length = op->length,
		.room = op->room,
		.condition = op->version + op->app_version,
		.ttl = op->ttl,
		.operand = operand_of(op),
		.now = op->now,
		.result = op->result,
	};
	if (op->verb != OP_TXN)
		return;
	add_list(trail, number, store, way, &op->txn->thens);
	add_list(trail, number, store, way, &op->txn->elses);
}

static void tell_result(const struct kvs_result *result)
{
	printf("#     status %d flags %#x kind %u length %u version %llu ",
	       result->status, result->flags, result->kind, result->length,
	       (unsigned long long)result->version);
	printf("number %lld applied %lld ttl %llu\n", (long long)result->number,
	       (long long)result->applied, (unsigned long long)result->ttl);
}

static void tell(const struct trail_note *note)
{
	printf("# %llu: store %u key %u way %u: %s flags %#x with %#x mode %u ",
	       (unsigned long long)note->number, note->store, note->key,
	       note->way, op_name(note->verb), note->flags, note->with,
	       note->mode);
	printf("length %u room %u condition %llu ttl %llu operand %lld, ",
	       note->length, note->room, (unsigned long long)note->condition,
	       (unsigned long long)note->ttl, (long long)note->operand);
	printf("clock %lld to %lld\n", (long long)note->now.lo,
	       (long long)note->now.hi);
	tell_result(&note->result);
}

static void tell_entry(const char *what, const struct entry *entry)
{
	printf("#     %s: present %d lingers %d kind %u length %u version %llu ",
	       what, entry->present, entry->lingers, entry->kind, entry->length,
	       (unsigned long long)entry->version);
	printf("number %lld to %lld, ends %lld to %lld\n",
	       (long long)entry->number.lo, (long long)entry->number.hi,
	       (long long)entry->deadline.lo, (long long)entry->deadline.hi);
}

static void tell_condition(uint32_t number,
			   const struct txn_condition *condition)
{
	printf("# condition %u: target %d comparison %u key %u ", number,
	       condition->target, condition->comparison, condition->key);
	printf("number %lld length %u\n", (long long)condition->number,
	       condition->length);
}

void trail_tell_txn(const struct txn *txn, const struct space *space)
{
	const struct txn_condition *condition = txn->conditions;
	uint32_t i;

	for (i = 0; i < txn->condition_count; i++, condition++) {
		tell_condition(i, condition);
		tell_entry("its key", &space->entries[condition->key]);
	}
	for (i = 0; i < txn->thens.count; i++)
		tell_entry("then", &space->entries[txn->thens.ops[i].key]);
	for (i = 0; i < txn->elses.count; i++)
		tell_entry("else", &space->entries[txn->elses.ops[i].key]);
}

void trail_tell(const struct trail *trail, unsigned int key)
{
	uint64_t first = 0, i = trail->count;
	unsigned int left = TRAIL_TOLD;

	if (trail->count > TRAIL_NOTES)
		first = trail->count - TRAIL_NOTES;
	while (i > first && left)
		left -= trail->notes[--i % TRAIL_NOTES].key == key;
	for (; i < trail->count; i++) {
		if (trail->notes[i % TRAIL_NOTES].key == key)
			tell(&trail->notes[i % TRAIL_NOTES]);
	}
	fflush(stdout);
}
