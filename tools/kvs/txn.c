// SPDX-License-Identifier: GPL-2.0-only
/*
 * kvs txn: do all operations of a file if its conditions hold, else others.
 */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include <kvs.h>

#include "args.h"
#include "commands.h"
#include "failure.h"
#include "input.h"
#include "json.h"
#include "message.h"
#include "store.h"
#include "transaction.h"

static void print_text(struct side *side, bool is_else)
{
	size_t i;

	puts(is_else ? "else" : "then");
	for (i = 0; i < side->count; i++)
		operation_print(&side->ops[i]);
}

static void print_json(const struct args *args, const struct transaction *txn,
		       struct side *side, const struct kvs_result *result)
{
	struct json_object *object = json_new();
	struct json_object *list;
	size_t i;

	json_add_text(object, "store", store_name(args));
	json_add_bool(object, "succeeded", !(result->flags & KVS_RESULT_ELSE));
	json_add_u64(object, "version", result->version);
	if (result->flags & KVS_RESULT_ELSE)
		json_add_u64(object, "failed_line",
			     txn->condition_places[result->number].line);
	list = json_add_list(object, "operations");
	for (i = 0; i < side->count; i++)
		operation_json(json_append(list), &side->ops[i]);
	json_print(object);
}

/* The condition that did not hold is named, as by any command. */
static enum status refused(const struct transaction *txn, size_t at)
{
	const struct place *place = &txn->condition_places[at];
	const struct word *key = &txn->condition_keys[at];

	message("%s:%lu: %s: the condition does not hold", place->file,
		place->line, key_name(key->text, key->len));
	return STATUS_REFUSED;
}

static enum status answer(const struct args *args, struct transaction *txn,
			  const struct kvs_result *result)
{
	bool is_else = result->flags & KVS_RESULT_ELSE;
	struct side *side = &txn->sides[is_else ? SIDE_ELSE : SIDE_THEN];

	/* It is an index: trust no answer to be one. */
	if (is_else && (uint64_t)result->number >= txn->condition_count)
		die(STATUS_FAILED, "%s: the module names no condition",
		    txn->file);
	if (args->json)
		print_json(args, txn, side, result);
	else
		print_text(side, is_else);
	return is_else ? refused(txn, result->number) : STATUS_DONE;
}

/* STATUS_REFUSED would say that the operations of the third section were done */
static enum status failed(const struct transaction *txn,
			  const struct kvs_result *result, int error)
{
	const struct operation *op = transaction_failed(txn, result, error);

	const char *text = failure_text(error);

	if (error == -EINVAL)
		text = "options contradict each other, or two operations have one key";
	if (op)
		message("%s:%lu: nothing was changed: %s: %s", op->place.file,
			op->place.line, key_name(op->key.text, op->key.len),
			text);
	else
		message("%s: nothing was changed: %s", txn->file, text);
	return STATUS_FAILED;
}

enum status command_txn(struct args *args)
{
	struct kvs_store_info info;
	struct transaction *txn;
	struct kvs_result result;
	enum status status;
	const char *name;
	struct kvs *kvs;
	int err, fd;

	args_read(args);
	args_want(args, 1, 1);
	fd = input_open(args->operands[0], &name);

	kvs = store_open_any(args);
	store_info(args, kvs, &info);
	txn = transaction_read(name, fd, &info);
	err = transaction_run(txn, kvs, &result);
	if (err)
		status = failed(txn, &result, err);
	else
		status = answer(args, txn, &result);

	transaction_free(txn);
	kvs_close(kvs);
	close(fd);
	return status;
}
