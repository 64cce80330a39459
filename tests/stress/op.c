// SPDX-License-Identifier: GPL-2.0-only
#include "op.h"

static void build_put(struct op *op, const struct model_key *key)
{
	const void *data = op->data;
	unsigned int flags = op->flags;

	if (flags & KVS_FLAG_COUNTER)
		data = &op->number;
	if (op->verb == OP_APPEND)
		flags |= KVS_FLAG_APPEND;
	else if (op->verb == OP_TTL_ONLY)
		flags |= KVS_FLAG_TTL_ONLY;
	kvs_request_put(&op->request, key->bytes, key->len, data, op->length,
			flags, &op->result);
	if (op->user_flags)
		kvs_request_set_user_flags(&op->request, op->user_flags);
}

static void build_delete(struct op *op, const struct model_key *key)
{
	if (op->with & WITH_OLD)
		kvs_request_take(&op->request, key->bytes, key->len, op->buf,
				 op->room, op->flags, &op->operands,
				 &op->result);
	else
		kvs_request_delete(&op->request, key->bytes, key->len,
				   op->flags, &op->result);
}

static void build_count(struct op *op, const struct model_key *key)
{
	struct kvs_request *request = &op->request;

	if (op->verb == OP_ADD)
		kvs_request_add(request, key->bytes, key->len, op->number,
				op->flags, &op->result);
	else if (op->verb == OP_XCHG)
		kvs_request_xchg(request, key->bytes, key->len, op->number,
				 op->flags, &op->result);
	else if (op->verb == OP_BITOP)
		kvs_request_bitop(request, key->bytes, key->len, &op->bits,
				  op->flags, &op->result);
	else
		kvs_request_allow(request, key->bytes, key->len, &op->rate,
				  op->flags, &op->result);
}

static void build_verb(struct op *op, const struct model_key *key)
{
	switch (op->verb) {
	case OP_GET:
		kvs_request_get(&op->request, key->bytes, key->len, op->buf,
				op->room, op->flags, &op->result);
		break;
	case OP_STAT:
		kvs_request_stat(&op->request, key->bytes, key->len, &op->stat,
				 &op->result);
		break;
	case OP_TOUCH:
		kvs_request_touch(&op->request, key->bytes, key->len, 0,
				  op->mode, &op->result);
		break;
	case OP_DELETE:
		build_delete(op, key);
		break;
	case OP_PUT:
	case OP_APPEND:
	case OP_TTL_ONLY:
		build_put(op, key);
		break;
	default:
		build_count(op, key);
	}
}

static void build_conditions(struct op *op)
{
	if (op->with & WITH_VERSION)
		kvs_request_set_version(&op->request, op->version);
	if (op->with & WITH_KNOWN_VERSION)
		kvs_request_set_known_version(&op->request, op->version);
	if (op->with & WITH_APP_VERSION)
		kvs_request_set_app_version(&op->request, op->app_version);
	if (op->with & WITH_EXPECTED)
		kvs_request_set_expected(&op->request, op->expected,
					 op->expected_len, &op->operands);
}

void op_build(struct op *op, const struct model_key *key)
{
	build_verb(op, key);
	build_conditions(op);
	if (op->with & WITH_OLD && op->verb != OP_DELETE)
		kvs_request_set_old(&op->request, op->buf, op->room,
				    &op->operands);
	if (op->with & WITH_OFFSET)
		kvs_request_set_offset(&op->request, op->offset);
	if (op->with & WITH_TTL)
		kvs_request_set_ttl(&op->request, op->ttl);
	if (op->with & WITH_DEADLINE)
		kvs_request_set_deadline(&op->request, op->ttl);
	if (op->with & WITH_LIMITS)
		kvs_request_set_limits(&op->request, &op->limits);
	op->buf[0] = OP_POISON;
	op->buf[op->room] = OP_POISON;
}

const char *op_name(enum op_verb verb)
{
	static const char *const names[OP_VERBS] = {
		[OP_GET] = "get",	[OP_STAT] = "stat",
		[OP_PUT] = "put",	[OP_APPEND] = "append",
		[OP_TTL_ONLY] = "ttl",	[OP_DELETE] = "delete",
		[OP_TOUCH] = "touch",	[OP_ADD] = "add",
		[OP_XCHG] = "xchg",	[OP_BITOP] = "bitop",
		[OP_BUCKET] = "bucket", [OP_TXN] = "txn",
	};

	return names[verb];
}

struct span op_deadline(const struct op *op)
{
	int64_t ttl = op->ttl > INT64_MAX ? INT64_MAX : op->ttl;

	if (op->with & WITH_DEADLINE)
		return span_of(ttl);
	if (op->with & WITH_TTL)
		return span_shifted(op->now, ttl);
	return span_of(MODEL_NEVER);
}
