// SPDX-License-Identifier: GPL-2.0-only
/*
 * Operations of a transaction: their lines read. What they are is verb.c's.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compiler.h"
#include "duration.h"
#include "escape.h"
#include "expiry.h"
#include "json.h"
#include "message.h"
#include "operation.h"
#include "store.h"
#include "verb.h"

#define FIRST_ROOM 4096

static const struct op_option {
	const char *name;
	char letter;
	bool argument;
	unsigned int flag;
} options[] = {
	{ "--create", OP_CREATE, false, KVS_FLAG_CREATE },
	{ "--replace", OP_REPLACE, false, KVS_FLAG_REPLACE },
	{ "--counter", OP_COUNTER, false, KVS_FLAG_COUNTER },
	{ "--keep-ttl", OP_KEEP_TTL, false, KVS_FLAG_KEEP_TTL },
	{ "--saturate", OP_SATURATE, false, KVS_FLAG_SATURATE },
	{ "--wrap", OP_WRAP, false, KVS_FLAG_WRAP },
	{ "--exists", OP_EXISTS, false, 0 },
	{ "--min", OP_MIN, true, KVS_FLAG_MIN },
	{ "--max", OP_MAX, true, KVS_FLAG_MAX },
	{ "--init", OP_INIT, true, 0 },
	{ "--mask", OP_MASK, true, 0 },
	{ "--ttl", OP_TTL, true, 0 },
	{ "--user-flags", OP_USER_FLAGS, true, 0 },
	{ "--pin", OP_PIN, false, KVS_FLAG_PINNED },
};

static const struct op_option *find_option(const struct operation *op,
					   const struct word *word)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(options); i++)
		if (!strcmp(options[i].name, word->text) &&
		    strchr(op->verb->options, options[i].letter))
			return &options[i];
	place_die(&op->place, "'%s' is not an option of %s",
		  key_name(word->text, word->len), op->verb->name);
}

static void read_ttl(struct operation *op, const struct word *word)
{
	if (!duration_parse(word->text, &op->ttl) || !op->ttl ||
	    op->ttl == KVS_TTL_FOREVER)
		place_die(&op->place,
			  "--ttl '%s' is no time such as 90s, 5m, 150ms",
			  key_name(word->text, word->len));
}

static void read_argument(struct operation *op, const struct op_option *option,
			  const struct word *word)
{
	switch (option->letter) {
	case OP_MIN:
		op->limits.min = place_s64(&op->place, option->name, word);
		break;
	case OP_MAX:
		op->limits.max = place_s64(&op->place, option->name, word);
		break;
	case OP_INIT:
		op->limits.initial = place_s64(&op->place, option->name, word);
		break;
	case OP_MASK:
		op->bits.mask = place_bits(&op->place, option->name, word);
		break;
	case OP_USER_FLAGS:
		op->user_flags =
			place_u64(&op->place, option->name, word, UINT32_MAX);
		break;
	case OP_TTL:
		read_ttl(op, word);
		break;
	}
}

/* The option at *@word, which goes behind its argument. */
static void read_option(struct operation *op, const struct word **word,
			const struct word *end)
{
	const struct op_option *option = find_option(op, (*word)++);

	op->flags |= option->flag;
	op->given |= OP_BIT(option->letter);
	if (!option->argument)
		return;
	if (*word == end)
		place_die(&op->place, "'%s' needs a value", option->name);
	read_argument(op, option, (*word)++);
}

static bool is_option(const struct word *word)
{
	return !word->quoted && !strncmp(word->text, "--", 2);
}

static void read_words(struct operation *op, const struct words *words)
{
	const struct word *end = words->at + words->count;
	const struct word *word = words->at + 1;
	size_t most = op->verb->operands[1];
	bool key = false;

	while (word < end) {
		if (is_option(word)) {
			read_option(op, &word, end);
			continue;
		}
		if (key && op->operand_count == most)
			place_die(&op->place, "'%s' is one operand too many",
				  key_name(word->text, word->len));
		if (key)
			op->operands[op->operand_count++] = *word++;
		else
			op->key = *word++;
		key = true;
	}
	if (!key || op->operand_count < op->verb->operands[0])
		place_die(&op->place, "an operand of %s is missing",
			  op->verb->name);
}

void operation_read(struct operation *op, const struct place *place,
		    const struct words *words)
{
	const struct word *name = &words->at[0];

	op->place = *place;
	op->bits.mask = UINT64_MAX;
	op->verb = verb_find(name->text);
	if (!op->verb)
		place_die(place,
			  "'%s' is no operation: 'kvs help txn' lists them",
			  key_name(name->text, name->len));
	read_words(op, words);
	if (!op->key.len)
		place_die(place, "the key is empty");
	if (op->verb->prepare)
		op->verb->prepare(op);
}

static void make_room(struct value *value)
{
	if (!value->room)
		value->room = FIRST_ROOM;
	free(value->bytes);
	value->bytes = malloc(value->room);
	if (!value->bytes)
		die_no_memory();
}

void operation_build(struct operation *op, struct kvs_request *request)
{
	if (op->verb->answer == ANSWER_VALUE)
		make_room(&op->value);
	op->verb->build(op, request);
	if (op->ttl)
		kvs_request_set_ttl(request, op->ttl);
}

void operation_free(struct operation *op)
{
	value_free(&op->value);
}

/* Whole, unlike in a message. */
static void print_escaped(const void *bytes, size_t len)
{
	size_t size = 4 * len + 8;
	char *text = malloc(size);

	if (!text)
		die_no_memory();
	escape(text, size, bytes, len);
	fputs(text, stdout);
	free(text);
}

/* No operation that was done has another status but 0. */
static bool was_absent(const struct operation *op)
{
	return op->value.result.status == -ENOENT;
}

static bool answers_number(const struct operation *op)
{
	return op->verb->answer == ANSWER_NUMBER ||
	       (op->verb->answer == ANSWER_VALUE &&
		op->value.result.kind == KVS_ENTRY_COUNTER);
}

void operation_print(struct operation *op)
{
	const struct kvs_result *result = &op->value.result;

	printf("%s\t", op->verb->name);
	print_escaped(op->key.text, op->key.len);
	if (was_absent(op)) {
		putchar('\n');
		return;
	}
	putchar('\t');
	if (answers_number(op))
		printf("%lld", (long long)result->number);
	else if (op->verb->answer == ANSWER_VALUE)
		print_escaped(op->value.bytes, result->length);
	else
		printf("%llu", (unsigned long long)result->version);
	putchar('\n');
}

void operation_json(struct json_object *object, struct operation *op)
{
	const struct kvs_result *result = &op->value.result;

	json_add_text(object, "operation", op->verb->name);
	json_add_bytes(object, "key", op->key.text, op->key.len);
	json_add_bool(object, "found", !was_absent(op));
	if (was_absent(op))
		return;
	json_add_u64(object, "version", result->version);
	/* Of what was removed there is none. */
	if (result->ttl)
		expiry_json(object, result->ttl);
	if (op->verb->answer == ANSWER_VALUE)
		json_add_text(object, "kind", kind_name(result->kind));
	if (answers_number(op))
		json_add_s64(object, "value", result->number);
	else if (op->verb->answer == ANSWER_VALUE)
		json_add_bytes(object, "value", op->value.bytes,
			       result->length);
}
