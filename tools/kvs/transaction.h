/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A transaction as a file has it.
 */
#ifndef KVS_TOOL_TRANSACTION_H
#define KVS_TOOL_TRANSACTION_H

#include <stddef.h>

#include <kvs.h>

#include "operation.h"

enum { SIDE_THEN, SIDE_ELSE, SIDES };

/**
 * struct side - what is done where the conditions hold, or where they do not
 * @ops: the operations
 * @requests: their requests
 * @count: how many
 */
struct side {
	struct operation ops[KVS_TXN_MAX];
	struct kvs_request requests[KVS_TXN_MAX];
	size_t count;
};

/**
 * struct transaction - a transaction
 * @file: where it stands, for messages
 * @lines: the lines that it is made of, which the others point into
 * @line_count: how many
 * @conditions: conditions
 * @condition_places: where they stand
 * @condition_keys: what they are about
 * @condition_count: how many
 * @sides: operations
 */
struct transaction {
	const char *file;
	char *lines[KVS_TXN_MAX];
	size_t line_count;
	struct kvs_condition conditions[KVS_TXN_MAX];
	struct place condition_places[KVS_TXN_MAX];
	struct word condition_keys[KVS_TXN_MAX];
	size_t condition_count;
	struct side sides[SIDES];
};

/**
 * transaction_read() - read a file
 * @file: its name, for messages
 * @fd: where to read it from
 * @info: the limits of the store
 *
 * A wrong line ends the program.
 *
 * Return: the transaction.
 */
struct transaction *transaction_read(const char *file, int fd,
				     const struct kvs_store_info *info);
void transaction_free(struct transaction *txn);

/**
 * transaction_run() - execute it, with room for whatever it answers
 * @txn: transaction
 * @kvs: where
 * @result: out: its result
 *
 * Return: as kvs_txn().
 */
int transaction_run(struct transaction *txn, const struct kvs *kvs,
		    struct kvs_result *result);

/* The operation that made it fail with @error, NULL where none did. */
const struct operation *transaction_failed(const struct transaction *txn,
					   const struct kvs_result *result,
					   int error);

#endif /* KVS_TOOL_TRANSACTION_H */
