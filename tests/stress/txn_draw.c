// SPDX-License-Identifier: GPL-2.0-only
#include <stddef.h>
#include <string.h>

#include "draw.h"
#include "txn.h"

static const unsigned int comparisons[] = {
	KVS_IF_EQUAL,
	KVS_IF_UNEQUAL,
	KVS_IF_LESS,
	KVS_IF_GREATER,
};

/* About what the key holds, so that each comparison goes both ways. */
static void draw_operand(struct txn_condition *condition,
			 const struct model_store *store, struct random *random)
{
	const struct entry *entry = &store->space->entries[condition->key];
	int off = (int)random_below(random, 3) - 1;

	switch (condition->target) {
	case TXN_EXISTS:
		condition->number = off ? entry->present : !entry->present;
		break;
	case TXN_VERSION:
		condition->number = span_larger(entry->version + off, 0);
		break;
	case TXN_NUMBER:
		condition->number = span_sum(entry->number.lo, off);
		break;
	default:
		condition->length = span_smaller(entry->length, KVS_EXPECT_MAX);
		memcpy(condition->bytes, store->space->values[condition->key],
		       condition->length);
		condition->bytes[0] += off;
	}
}

static void build_condition(struct kvs_condition *compare,
			    const struct txn_condition *condition,
			    const struct model_key *key)
{
	switch (condition->target) {
	case TXN_EXISTS:
		kvs_condition_exists(compare, key->bytes, key->len,
				     condition->number);
		break;
	case TXN_VERSION:
		kvs_condition_version(compare, key->bytes, key->len,
				      condition->comparison, condition->number);
		break;
	case TXN_NUMBER:
		kvs_condition_number(compare, key->bytes, key->len,
				     condition->comparison, condition->number);
		break;
	default:
		kvs_condition_value(compare, key->bytes, key->len,
				    condition->comparison, condition->bytes,
				    condition->length);
	}
}

static void draw_conditions(struct txn *txn, uint32_t first,
			    const struct model *model,
			    const struct model_store *store,
			    struct random *random)
{
	struct txn_condition *condition;
	uint32_t i;

	txn->condition_count = random_below(random, TXN_CONDITIONS + 1);
	for (i = 0; i < txn->condition_count; i++) {
		condition = &txn->conditions[i];
		condition->key = txn_key(first, random_below(random, TXN_KEYS));
		condition->target = random_below(random, TXN_TARGETS);
		condition->comparison = comparisons[random_below(random, 4)];
		draw_operand(condition, store, random);
		build_condition(&txn->compares[i], condition,
				&model->keys[condition->key]);
	}
}

/* Each key at most once. */
static void draw_list(struct txn_list *list, uint32_t first,
		      const struct model *model,
		      const struct model_store *store, struct random *random)
{
	uint32_t start = random_below(random, TXN_KEYS);
	uint32_t i;

	for (i = 0; i < list->count; i++) {
		struct op *op = &list->ops[i];

		memset(op, 0, offsetof(struct op, buf));
		op->in_txn = true;
		op->key = txn_key(first, (start + i) % TXN_KEYS);
		draw_op(op, model, store, random);
		list->requests[i] = op->request;
	}
}

void txn_draw(struct op *op, const struct model *model,
	      const struct model_store *store, struct random *random)
{
	struct txn *txn = op->txn;

	draw_conditions(txn, op->key, model, store, random);
	txn->thens.count = 1 + random_below(random, TXN_OPS);
	txn->elses.count = random_below(random, TXN_OPS);
	draw_list(&txn->thens, op->key, model, store, random);
	draw_list(&txn->elses, op->key, model, store, random);
	txn->transaction = (struct kvs_transaction){
		.conditions = txn->compares,
		.thens = txn->thens.requests,
		.elses = txn->elses.requests,
		.condition_count = txn->condition_count,
		.then_count = txn->thens.count,
		.else_count = txn->elses.count,
	};
	kvs_request_txn(&op->request, &txn->transaction, &op->result);
}
