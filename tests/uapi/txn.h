/* SPDX-License-Identifier: GPL-2.0-only */
/* Transactions as the tests write them. */
#ifndef KVS_TEST_TXN_H
#define KVS_TEST_TXN_H

#include "door.h"
#include "request.h"

struct txn {
	struct kvs_txn_args args;
	struct kvs_compare compares[KVS_MAX_TXN_OPS + 1];
	struct kvs_req ops[2][KVS_MAX_TXN_OPS + 1];
	struct kvs_res res[2][KVS_MAX_TXN_OPS + 1];
	struct kvs_res answer;
};

enum { TXN_THEN, TXN_ELSE };

static inline struct kvs_compare *txn_if(struct txn *txn, const char *key,
					 __u32 target, __u32 op, __u64 operand)
{
	struct kvs_compare *compare = &txn->compares[txn->args.compare_count++];

	*compare = (struct kvs_compare){
		.target = target,
		.op = op,
		.key_len = strlen(key),
		.key = addr_of(key),
		.operand = operand,
	};
	return compare;
}

static inline struct kvs_req *txn_do(struct txn *txn, int list,
				     struct kvs_req req)
{
	__u32 *count = list == TXN_THEN ? &txn->args.then_count :
					  &txn->args.else_count;
	struct kvs_req *op = &txn->ops[list][*count];

	*op = req_result(req, &txn->res[list][*count]);
	++*count;
	return op;
}

static inline struct kvs_req txn_request(struct txn *txn)
{
	struct kvs_req req = { .verb = KVS_TXN, .flags = KVS_F_ARGS };

	txn->args.size = sizeof(txn->args);
	txn->args.compares = addr_of(txn->compares);
	txn->args.thens = addr_of(txn->ops[TXN_THEN]);
	txn->args.elses = addr_of(txn->ops[TXN_ELSE]);
	req.cond = addr_of(&txn->args);
	return req;
}

static inline int txn_run(struct txn *txn, struct door *door)
{
	poison(txn->res, sizeof(txn->res));
	return door_do(door, txn_request(txn), &txn->answer);
}

#endif /* KVS_TEST_TXN_H */
