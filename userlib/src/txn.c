// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
/* Transactions: conditions, and the request that names them. */
#include <string.h>

#include "internal.h"

/* @compare: all of it but the key */
static void set_condition(struct kvs_condition *condition, const void *key,
			  size_t key_len, struct kvs_compare compare)
{
	compare.key = address(key);
	compare.key_len = saturate(key_len);
	memcpy(condition->opaque, &compare, sizeof(compare));
}

KVS_API void kvs_condition_exists(struct kvs_condition *condition,
				  const void *key, size_t key_len, int exists)
{
	set_condition(condition, key, key_len,
		      (struct kvs_compare){ .target = KVS_COMPARE_EXISTS,
					    .op = KVS_COMPARE_EQ,
					    .operand = !!exists });
}

KVS_API void kvs_condition_version(struct kvs_condition *condition,
				   const void *key, size_t key_len,
				   unsigned int comparison, uint64_t version)
{
	set_condition(condition, key, key_len,
		      (struct kvs_compare){ .target = KVS_COMPARE_VERSION,
					    .op = comparison,
					    .operand = version });
}

KVS_API void kvs_condition_number(struct kvs_condition *condition,
				  const void *key, size_t key_len,
				  unsigned int comparison, int64_t number)
{
	set_condition(condition, key, key_len,
		      (struct kvs_compare){ .target = KVS_COMPARE_NUMBER,
					    .op = comparison,
					    .operand = number });
}

KVS_API void kvs_condition_value(struct kvs_condition *condition,
				 const void *key, size_t key_len,
				 unsigned int comparison, const void *value,
				 size_t value_len)
{
	set_condition(condition, key, key_len,
		      (struct kvs_compare){ .target = KVS_COMPARE_VALUE,
					    .op = comparison,
					    .operand = address(value),
					    .operand_len =
						    saturate(value_len) });
}

KVS_API void kvs_request_txn(struct kvs_request *request,
			     struct kvs_transaction *txn,
			     struct kvs_result *result)
{
	const struct kvs_txn_args args = {
		.size = sizeof(args),
		.compares = address(txn->conditions),
		.thens = address(txn->thens),
		.elses = address(txn->elses),
		.compare_count = saturate(txn->condition_count),
		.then_count = saturate(txn->then_count),
		.else_count = saturate(txn->else_count),
	};
	struct kvs_req req = {
		.verb = KVS_TXN,
		.flags = KVS_F_ARGS,
		.cond = address(txn->opaque),
	};

	memcpy(txn->opaque, &args, sizeof(args));
	kvs_request_set_result(&req, result);
	kvs_request_store(request, &req);
}

KVS_API int kvs_txn(const struct kvs *kvs, const struct kvs_transaction *txn,
		    struct kvs_result *result)
{
	struct kvs_transaction copy = *txn;
	struct kvs_request request;

	kvs_request_txn(&request, &copy, result);
	return kvs_do(kvs, &request);
}
