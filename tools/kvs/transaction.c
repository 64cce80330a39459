// SPDX-License-Identifier: GPL-2.0-only
/*
 * A transaction as a file has it: three sections, each ended by an empty line,
 * as etcdctl reads them.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "line.h"
#include "message.h"
#include "transaction.h"

#define SECTIONS (1 + SIDES)

/* Names and options of an operation, and the blanks between the words */
#define ROOM_BESIDE 4096

static void add_condition(struct transaction *txn, const struct place *place,
			  const struct words *words)
{
	size_t at = txn->condition_count++;

	condition_read(&txn->conditions[at], place, words);
	txn->condition_places[at] = *place;
	txn->condition_keys[at] = words->at[1];
}

static void add_operation(struct side *side, const struct place *place,
			  const struct words *words)
{
	operation_read(&side->ops[side->count++], place, words);
}

/* The words of the line are kept: requests point to them. */
static void add_line(struct transaction *txn, unsigned int section,
		     const struct place *place, const char *line, size_t len)
{
	struct words words;
	const char *wrong;
	char *copy;

	if (txn->line_count == KVS_TXN_MAX)
		place_die(place,
			  "there are more than %d conditions and operations",
			  KVS_TXN_MAX);
	if (section == SECTIONS)
		place_die(place,
			  "there are three sections, which empty lines end");

	copy = malloc(len + 1);
	if (!copy)
		die_no_memory();
	memcpy(copy, line, len);
	copy[len] = '\0';
	txn->lines[txn->line_count++] = copy;

	wrong = words_split(copy, len, &words);
	if (wrong)
		place_die(place, "%s", wrong);
	if (!section)
		add_condition(txn, place, &words);
	else
		add_operation(&txn->sides[section - 1], place, &words);
}

static bool is_blank(const char *line, size_t len)
{
	while (len && (*line == ' ' || *line == '\t')) {
		line++;
		len--;
	}
	return !len;
}

static void read_lines(struct transaction *txn, struct line_reader *reader)
{
	struct place place = { .file = txn->file };
	unsigned int section = 0;
	char *line;
	size_t len;
	int got;

	while ((got = line_read(reader, &line, &len)) > 0) {
		place.line = reader->number;
		if (is_blank(line, len))
			section += section < SECTIONS;
		else if (*line != '#')
			add_line(txn, section, &place, line, len);
	}
	place.line = reader->number;
	if (got == -EMSGSIZE)
		place_die(&place, "the line is longer than any entry can be");
	if (got)
		die(STATUS_FAILED, "%s: cannot read on: %s", txn->file,
		    strerror(-got));
}

struct transaction *transaction_read(const char *file, int fd,
				     const struct kvs_store_info *info)
{
	struct transaction *txn = calloc(1, sizeof(*txn));
	struct line_reader reader;

	if (!txn)
		die_no_memory();
	txn->file = file;
	/* Every byte of an entry may be written as \xHH. */
	line_reader_init(&reader, fd,
			 4 * ((size_t)info->max_key + info->max_value) +
				 ROOM_BESIDE);
	read_lines(txn, &reader);
	line_reader_free(&reader);
	if (!txn->line_count)
		die(STATUS_FAILED, "%s: there is no condition and no operation",
		    file);
	return txn;
}

void transaction_free(struct transaction *txn)
{
	size_t i, k;

	for (i = 0; i < SIDES; i++)
		for (k = 0; k < txn->sides[i].count; k++)
			operation_free(&txn->sides[i].ops[k]);
	for (i = 0; i < txn->line_count; i++)
		free(txn->lines[i]);
	free(txn);
}

static int run_once(struct transaction *txn, const struct kvs *kvs,
		    struct kvs_result *result)
{
	struct side *then = &txn->sides[SIDE_THEN];
	struct side *otherwise = &txn->sides[SIDE_ELSE];
	const struct kvs_transaction args = {
		.conditions = txn->conditions,
		.condition_count = txn->condition_count,
		.thens = then->requests,
		.then_count = then->count,
		.elses = otherwise->requests,
		.else_count = otherwise->count,
	};
	size_t i, k;

	for (i = 0; i < SIDES; i++)
		for (k = 0; k < txn->sides[i].count; k++)
			operation_build(&txn->sides[i].ops[k],
					&txn->sides[i].requests[k]);
	return kvs_txn(kvs, &args, result);
}

/* What did not run has not the status that the transaction ended with. */
const struct operation *transaction_failed(const struct transaction *txn,
					   const struct kvs_result *result,
					   int error)
{
	uint64_t at = result->number;
	size_t i;

	for (i = 0; i < SIDES; i++) {
		const struct side *side = &txn->sides[i];

		if (at < side->count &&
		    side->ops[at].value.result.status == error)
			return &side->ops[at];
	}
	return NULL;
}

/* A value may grow between the answer that tells its length and the next try */
static bool make_room(const struct transaction *txn,
		      const struct kvs_result *result)
{
	struct operation *op;

	op = (struct operation *)transaction_failed(txn, result, -ERANGE);
	if (!op || op->value.result.length <= op->value.room)
		return false;
	op->value.room = op->value.result.length;
	return true;
}

int transaction_run(struct transaction *txn, const struct kvs *kvs,
		    struct kvs_result *result)
{
	int err;

	do {
		err = run_once(txn, kvs, result);
	} while (err == -ERANGE && make_room(txn, result));
	return err;
}
