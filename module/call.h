/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One request while it runs: between request.c, which knows the form of all
 * requests, and read.c and write.c, which know what each of them does.
 */
#ifndef _KVS_CALL_H
#define _KVS_CALL_H

#include <linux/kvs.h>
#include <linux/types.h>

#include "entry.h"

struct kvs_store;

/**
 * struct kvs_call - one request while it runs
 * @store: its store
 * @rights: of the handle it came through
 * @nowait: do not sleep for memory
 * @req: the kernel's private copy
 * @key: its key, hashed; valid in run functions
 * @res: its result
 */
struct kvs_call {
	struct kvs_store *store;
	u32 rights;
	bool nowait;
	const struct kvs_req *req;
	struct kvs_key key;
	struct kvs_res res;
};

/**
 * kvs_call_claim_result() - make sure that the result can be written
 * @call: a call that is about to change something
 *
 * Context: may sleep.
 *
 * Return: 0 or -EFAULT.
 */
int kvs_call_claim_result(const struct kvs_call *call);

/*
 * The checks of struct kvs_operation: they look at the request alone. The runs:
 * they may sleep, and return the request's status.
 */
int kvs_call_check_put(const struct kvs_call *call);
int kvs_call_check_add(const struct kvs_call *call);
int kvs_call_check_stat(const struct kvs_call *call);
int kvs_call_get(struct kvs_call *call);
int kvs_call_put(struct kvs_call *call);
int kvs_call_delete(struct kvs_call *call);
int kvs_call_add(struct kvs_call *call);
int kvs_call_stat(struct kvs_call *call);

#endif /* _KVS_CALL_H */
