/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the lines of a transaction say: conditions and operations.
 */
#ifndef KVS_TOOL_OPERATION_H
#define KVS_TOOL_OPERATION_H

#include <kvs.h>

#include "place.h"
#include "value.h"
#include "words.h"

struct json_object;
struct operation;

/**
 * struct verb - an operation by its name
 * @name: the name
 * @operands: how many there are behind the key: at least, at most
 * @options: letters of the options that it takes, see operation.c
 * @prepare: reads the operands, and the options in the light of each other
 * @build: makes the request
 * @answer: what of the result is its answer
 */
struct verb {
	const char *name;
	unsigned char operands[2];
	const char *options;
	void (*prepare)(struct operation *op);
	void (*build)(struct operation *op, struct kvs_request *request);
	enum { ANSWER_VERSION, ANSWER_VALUE, ANSWER_NUMBER } answer;
};

/**
 * struct operation - an operation of a transaction
 * @place: where it stands
 * @verb: what it does
 * @key: what it does it to
 * @operands: what stands behind the key
 * @operand_count: how many there are
 * @given: bits of the options that were given
 * @flags: KVS_FLAG_*
 * @ttl: nanoseconds, or 0
 * @user_flags: kept with the entry
 * @number: operand of a counter
 * @limits: bounds of a counter
 * @bits: operands of a bitop
 * @value: room for the value that is answered, and the result of any verb
 */
struct operation {
	struct place place;
	const struct verb *verb;
	struct word key;
	struct word operands[2];
	size_t operand_count;
	uint32_t given;
	unsigned int flags;
	uint64_t ttl;
	uint32_t user_flags;
	int64_t number;
	struct kvs_limits limits;
	struct kvs_bits bits;
	struct value value;
};

/* The words must stay where they are. A wrong line ends the program. */
void operation_read(struct operation *op, const struct place *place,
		    const struct words *words);
void condition_read(struct kvs_condition *condition, const struct place *place,
		    const struct words *words);

/* Makes its request, with room for the value that it answers. */
void operation_build(struct operation *op, struct kvs_request *request);
void operation_free(struct operation *op);

/* Writes its name, its key and its answer, parted by tabs. */
void operation_print(struct operation *op);

/* Adds them as members. */
void operation_json(struct json_object *object, struct operation *op);

#endif /* KVS_TOOL_OPERATION_H */
