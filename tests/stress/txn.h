/* SPDX-License-Identifier: GPL-2.0-only */
/* Transactions: drawn like other operations, looked at as a whole. */
#ifndef KVS_STRESS_TXN_H
#define KVS_STRESS_TXN_H

#include "judge.h"
#include "model.h"
#include "op.h"
#include "random.h"

#define TXN_CONDITIONS 3
#define TXN_OPS 4 /* in each list */
#define TXN_KEYS 6

enum txn_target {
	TXN_EXISTS,
	TXN_VERSION,
	TXN_NUMBER,
	TXN_VALUE,
	TXN_TARGETS,
};

/**
 * struct txn_condition - a condition
 * @target: what is compared
 * @comparison: KVS_IF_*
 * @key: number of the key
 * @number: what it is compared with: 0 or 1, a version, a number
 * @bytes: TXN_VALUE: likewise
 * @length: their number
 */
struct txn_condition {
	enum txn_target target;
	unsigned int comparison;
	uint32_t key;
	int64_t number;
	uint8_t bytes[KVS_EXPECT_MAX];
	uint32_t length;
};

struct txn_list {
	struct op ops[TXN_OPS];
	struct kvs_request requests[TXN_OPS];
	uint32_t count;
};

struct txn {
	struct txn_condition conditions[TXN_CONDITIONS];
	struct kvs_condition compares[TXN_CONDITIONS];
	uint32_t condition_count;
	struct txn_list thens;
	struct txn_list elses;
	struct kvs_transaction transaction;
};

/* With TXN_KEYS keys, from @op->key on. */
void txn_draw(struct op *op, const struct model *model,
	      const struct model_store *store, struct random *random);

/* The key that stands at a place from @first on; the steps meet all of them. */
static inline uint32_t txn_key(uint32_t first, uint32_t place)
{
	return (first + place * 5) % MODEL_KEYS;
}

/* As judge_op() and judge_apply() in one. */
bool txn_judge(struct judge *judge);

#endif /* KVS_STRESS_TXN_H */
