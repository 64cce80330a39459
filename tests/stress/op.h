/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An operation that was drawn, as a request to the library and as the model
 * understands it.
 */
#ifndef KVS_STRESS_OP_H
#define KVS_STRESS_OP_H

#include <kvs.h>

#include "model.h"
#include "span.h"

enum op_verb {
	OP_GET,
	OP_STAT,
	OP_PUT,
	OP_APPEND,
	OP_TTL_ONLY,
	OP_DELETE,
	OP_TOUCH,
	OP_ADD,
	OP_XCHG,
	OP_BITOP,
	OP_BUCKET,
	OP_TXN,
	OP_VERBS,
};

/* What an operation has that not every one has. */
#define WITH_VERSION (1U << 0)
#define WITH_KNOWN_VERSION (1U << 1)
#define WITH_APP_VERSION (1U << 2)
#define WITH_EXPECTED (1U << 3)
#define WITH_OLD (1U << 4)
#define WITH_OFFSET (1U << 5)
#define WITH_TTL (1U << 6)
#define WITH_DEADLINE (1U << 7)
#define WITH_LIMITS (1U << 8)

#define WITH_ANY_TTL (WITH_TTL | WITH_DEADLINE)

/**
 * struct op - an operation
 * @verb: what it does
 * @flags: KVS_FLAG_*
 * @with: WITH_*
 * @key: number of the key
 * @in_txn: it is part of a transaction
 * @version: WITH_VERSION, WITH_KNOWN_VERSION
 * @app_version: WITH_APP_VERSION
 * @expected: WITH_EXPECTED
 * @expected_len: its length
 * @data: value to put, or to append
 * @length: its length
 * @user_flags: user flags to put
 * @room: bytes at @buf for the value
 * @offset: WITH_OFFSET
 * @mode: TOUCH: KVS_TTL_*
 * @ttl: WITH_TTL, WITH_DEADLINE
 * @number: PUT of a counter, ADD, XCHG: the operand
 * @limits: ADD, WITH_LIMITS
 * @bits: BITOP
 * @rate: BUCKET
 * @operands: what the library needs for some of these
 * @txn: TXN: the rest of it
 * @now: the clock before and after it ran
 * @carried: what the call or completion answered, where there was one for it
 * @result: what it answered
 * @stat: STAT: what it answered
 * @request: it, for the library
 * @buf: for a value, and a byte behind it
 */
struct op {
	enum op_verb verb;
	uint32_t flags;
	uint32_t with;
	uint32_t key;
	bool in_txn;
	uint64_t version;
	uint64_t app_version;
	uint8_t expected[KVS_EXPECT_MAX];
	uint32_t expected_len;
	const uint8_t *data;
	uint32_t length;
	uint32_t user_flags;
	uint32_t room;
	uint32_t offset;
	uint32_t mode;
	uint64_t ttl;
	int64_t number;
	struct kvs_limits limits;
	struct kvs_bits bits;
	struct kvs_rate rate;
	struct kvs_operands operands;
	struct txn *txn;
	struct span now;
	int carried;
	struct kvs_result result;
	struct kvs_entry_stat stat;
	struct kvs_request request;
	uint8_t buf[MODEL_VALUE + 1];
};

#define OP_POISON 0xa5 /* in the first byte of a buffer, and behind it */

/* Makes @op->request of the rest. */
void op_build(struct op *op, const struct model_key *key);

const char *op_name(enum op_verb verb);

/* Does it answer bytes of a value? */
static inline bool op_has_buffer(const struct op *op)
{
	return op->verb == OP_GET || op->with & WITH_OLD;
}

/* May it change an entry, if only its deadline? */
static inline bool op_writes(const struct op *op)
{
	return op->verb != OP_STAT &&
	       (op->verb != OP_GET || op->with & WITH_ANY_TTL);
}

/* May it want room? */
static inline bool op_makes(const struct op *op)
{
	return op_writes(op) && op->verb != OP_DELETE;
}

/* The deadline that it gives. */
struct span op_deadline(const struct op *op);

#endif /* KVS_STRESS_OP_H */
