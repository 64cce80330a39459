// SPDX-License-Identifier: GPL-2.0-only
/*
 * The operations that a transaction can have: how each is made a request.
 */
#include <string.h>

#include "compiler.h"
#include "message.h"
#include "operation.h"
#include "verb.h"

static bool given(const struct operation *op, char letter)
{
	return op->given & OP_BIT(letter);
}

static void keep_apart(const struct operation *op, char one, char other,
		       const char *names)
{
	if (given(op, one) && given(op, other))
		place_die(&op->place, "%s exclude each other", names);
}

static void build_get(struct operation *op, struct kvs_request *request)
{
	struct value *value = &op->value;

	kvs_request_get(request, op->key.text, op->key.len, value->bytes,
			value->room, 0, &value->result);
}

static void prepare_put(struct operation *op)
{
	keep_apart(op, OP_CREATE, OP_REPLACE, "--create and --replace");
	keep_apart(op, OP_KEEP_TTL, OP_TTL, "--keep-ttl and --ttl");
	if (given(op, OP_COUNTER))
		op->number = place_s64(&op->place, "value", &op->operands[0]);
}

static void build_put(struct operation *op, struct kvs_request *request)
{
	const void *bytes = op->operands[0].text;
	size_t len = op->operands[0].len;

	if (given(op, OP_COUNTER)) {
		bytes = &op->number;
		len = sizeof(op->number);
	}
	kvs_request_put(request, op->key.text, op->key.len, bytes, len,
			op->flags, &op->value.result);
	kvs_request_set_user_flags(request, op->user_flags);
}

static void build_del(struct operation *op, struct kvs_request *request)
{
	kvs_request_delete(request, op->key.text, op->key.len, 0,
			   &op->value.result);
}

static void prepare_incr(struct operation *op)
{
	keep_apart(op, OP_SATURATE, OP_WRAP, "--saturate and --wrap");
	keep_apart(op, OP_INIT, OP_EXISTS, "--init and --exists");
	if (!given(op, OP_EXISTS))
		op->flags |= KVS_FLAG_CREATE;
	op->number = 1;
	if (op->operand_count)
		op->number = place_s64(&op->place, "BY", &op->operands[0]);
}

static void build_incr(struct operation *op, struct kvs_request *request)
{
	kvs_request_add(request, op->key.text, op->key.len, op->number,
			op->flags, &op->value.result);
	kvs_request_set_limits(request, &op->limits);
}

static void prepare_xchg(struct operation *op)
{
	op->number = place_s64(&op->place, "N", &op->operands[0]);
}

static void build_xchg(struct operation *op, struct kvs_request *request)
{
	kvs_request_xchg(request, op->key.text, op->key.len, op->number,
			 op->flags, &op->value.result);
}

static void prepare_bitop(struct operation *op)
{
	const char *name = op->operands[0].text;

	if (given(op, OP_INIT) && !given(op, OP_CREATE))
		place_die(&op->place,
			  "--init is for a counter that --create makes");
	if (!strcmp(name, "or"))
		op->bits.op = KVS_BITS_OR;
	else if (!strcmp(name, "and"))
		op->bits.op = KVS_BITS_AND;
	else if (!strcmp(name, "xor"))
		op->bits.op = KVS_BITS_XOR;
	else
		place_die(&op->place, "'%s' is none of or, and, xor",
			  key_name(name, op->operands[0].len));
	op->bits.operand = place_bits(&op->place, "OPERAND", &op->operands[1]);
	op->bits.initial = op->limits.initial;
}

static void build_bitop(struct operation *op, struct kvs_request *request)
{
	kvs_request_bitop(request, op->key.text, op->key.len, &op->bits,
			  op->flags, &op->value.result);
}

/* clang-format off */
static const struct verb verbs[] = {
	{ "get", { 0, 0 }, "", NULL, build_get, ANSWER_VALUE },
	{ "put", { 1, 1 },
	  (const char[]){ OP_CREATE, OP_REPLACE, OP_COUNTER, OP_KEEP_TTL,
			  OP_TTL, OP_USER_FLAGS, OP_PIN, 0 },
	  prepare_put, build_put, ANSWER_VERSION },
	{ "del", { 0, 0 }, "", NULL, build_del, ANSWER_VERSION },
	{ "incr", { 0, 1 },
	  (const char[]){ OP_MIN, OP_MAX, OP_INIT, OP_SATURATE, OP_WRAP,
			  OP_EXISTS, OP_TTL, 0 },
	  prepare_incr, build_incr, ANSWER_NUMBER },
	{ "xchg", { 1, 1 }, (const char[]){ OP_CREATE, 0 },
	  prepare_xchg, build_xchg, ANSWER_NUMBER },
	{ "bitop", { 2, 2 }, (const char[]){ OP_CREATE, OP_INIT, OP_MASK, 0 },
	  prepare_bitop, build_bitop, ANSWER_NUMBER },
};

/* clang-format on */

const struct verb *verb_find(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(verbs); i++)
		if (!strcmp(verbs[i].name, name))
			return &verbs[i];
	return NULL;
}
