/* SPDX-License-Identifier: GPL-2.0-only */
/* The last operations, to be told when one of them was answered wrongly. */
#ifndef KVS_STRESS_TRAIL_H
#define KVS_STRESS_TRAIL_H

#include "op.h"
#include "way.h"

#define TRAIL_NOTES 4096
#define TRAIL_TOLD 24 /* operations of a key that are told */

/* What is remembered of an operation. */
struct trail_note {
	uint64_t number;
	uint8_t store;
	uint8_t key;
	uint8_t verb;
	uint8_t way;
	uint32_t flags;
	uint32_t with;
	uint32_t mode;
	uint32_t length;
	uint32_t room;
	uint64_t condition;
	uint64_t ttl;
	int64_t operand;
	struct span now;
	struct kvs_result result;
};

struct trail {
	uint64_t count;
	struct trail_note notes[TRAIL_NOTES];
};

void trail_add(struct trail *trail, uint64_t number, unsigned int store,
	       enum way_kind way, const struct op *op);

/* Prints those of a key that are remembered, in all stores: PUBLISH moves it. */
void trail_tell(const struct trail *trail, unsigned int key);

/* Prints the conditions of a transaction, and what its keys hold. */
void trail_tell_txn(const struct txn *txn, const struct space *space);

#endif /* KVS_STRESS_TRAIL_H */
