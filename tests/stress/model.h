/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What one owner's keys must hold. The model draws operations, says what each
 * of them must answer, and compares. Nobody else writes these keys.
 */
#ifndef KVS_STRESS_MODEL_H
#define KVS_STRESS_MODEL_H

#include <kvs.h>

#define MODEL_KEYS 48
#define MODEL_VALUE 1500 /* bytes at most */

/**
 * struct model_entry - a key
 * @key: its bytes; some are too long for a request
 * @key_len: how many
 * @kind: KVS_ENTRY_*
 * @length: of the value
 * @seed: from which the bytes of a blob follow
 * @number: a counter's
 * @version: of its last change, also if that removed it
 */
struct model_entry {
	char key[80];
	size_t key_len;
	uint32_t kind;
	uint32_t length;
	uint32_t seed;
	int64_t number;
	uint64_t version;
};

struct model {
	struct model_entry entries[MODEL_KEYS];
	uint32_t random;
};

/* An operation under way, and what it must answer. */
struct model_op {
	struct model_entry *entry;
	struct model_entry after;
	int status;
	bool changes;
	char value[MODEL_VALUE];
	int64_t number;
	struct kvs_limits limits;
	struct kvs_entry_stat stat;
	struct kvs_result result;
};

void model_init(struct model *model, unsigned int owner);

/* Draws an operation on key number @key, as a request. */
void model_draw(struct model *model, unsigned int key, struct model_op *op,
		struct kvs_request *request);

/* Was it answered as it had to be? Then the model holds what it did. */
bool model_check(struct model_op *op);

#endif /* KVS_STRESS_MODEL_H */
