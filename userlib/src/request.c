// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
/*
 * Requests: built here, judged by the kernel alone. What is set afterwards is
 * set.c's.
 */
#include <errno.h>
#include <limits.h>
#include <string.h>

#include "abi.h"
#include "internal.h"

void kvs_request_load(struct kvs_req *req, const struct kvs_request *request)
{
	memcpy(req, request->opaque, sizeof(*req));
}

void kvs_request_store(struct kvs_request *request, const struct kvs_req *req)
{
	memcpy(request->opaque, req, sizeof(*req));
}

static void set_key(struct kvs_req *req, const void *key, size_t len)
{
	req->key_len = len < USHRT_MAX ? len : USHRT_MAX;
	if (len > KVS_INLINE_KEY)
		req->key_addr = address(key);
	else if (len)
		memcpy(req->key, key, len);
}

void kvs_request_set_result(struct kvs_req *req, struct kvs_result *result)
{
	if (!result)
		return;
	result->status = -EINPROGRESS;
	req->result = address(result);
	req->flags |= KVS_F_FULL_RESULT;
}

/* What every request has */
static void finish(struct kvs_request *request, struct kvs_req *req,
		   const void *key, size_t key_len, struct kvs_result *result)
{
	set_key(req, key, key_len);
	kvs_request_set_result(req, result);
	kvs_request_store(request, req);
}

KVS_API void kvs_request_get(struct kvs_request *request, const void *key,
			     size_t key_len, void *buf, size_t buf_len,
			     unsigned int flags, struct kvs_result *result)
{
	struct kvs_req req = {
		.verb = KVS_GET,
		.flags = flags,
		.value = address(buf),
		.value_len = saturate(buf_len),
	};

	finish(request, &req, key, key_len, result);
}

KVS_API void kvs_request_put(struct kvs_request *request, const void *key,
			     size_t key_len, const void *value,
			     size_t value_len, unsigned int flags,
			     struct kvs_result *result)
{
	struct kvs_req req = {
		.verb = KVS_PUT,
		.flags = flags,
		.value = address(value),
		.value_len = saturate(value_len),
	};

	finish(request, &req, key, key_len, result);
}

KVS_API void kvs_request_delete(struct kvs_request *request, const void *key,
				size_t key_len, unsigned int flags,
				struct kvs_result *result)
{
	struct kvs_req req = {
		.verb = KVS_DELETE,
		.flags = flags,
	};

	finish(request, &req, key, key_len, result);
}

KVS_API void kvs_request_take(struct kvs_request *request, const void *key,
			      size_t key_len, void *buf, size_t buf_len,
			      unsigned int flags, struct kvs_operands *operands,
			      struct kvs_result *result)
{
	kvs_request_delete(request, key, key_len, flags, result);
	kvs_request_set_old(request, buf, buf_len, operands);
}

KVS_API void kvs_request_add(struct kvs_request *request, const void *key,
			     size_t key_len, int64_t delta, unsigned int flags,
			     struct kvs_result *result)
{
	struct kvs_req req = {
		.verb = KVS_ADD,
		.flags = flags,
		.operand = delta,
	};

	finish(request, &req, key, key_len, result);
}

KVS_API void kvs_request_xchg(struct kvs_request *request, const void *key,
			      size_t key_len, int64_t number,
			      unsigned int flags, struct kvs_result *result)
{
	struct kvs_req req = {
		.verb = KVS_XCHG,
		.flags = flags,
		.operand = number,
	};

	finish(request, &req, key, key_len, result);
}

KVS_API void kvs_request_bitop(struct kvs_request *request, const void *key,
			       size_t key_len, struct kvs_bits *bits,
			       unsigned int flags, struct kvs_result *result)
{
	const struct kvs_bitop_args head = { .size = sizeof(head) };
	struct kvs_req req = {
		.verb = KVS_BITOP,
		.flags = flags | KVS_F_ARGS,
		.cond = address(bits),
	};

	memcpy(&bits->reserved, &head, sizeof(bits->reserved));
	bits->reserved32 = 0;
	finish(request, &req, key, key_len, result);
}

KVS_API void kvs_request_allow(struct kvs_request *request, const void *key,
			       size_t key_len, struct kvs_rate *rate,
			       unsigned int flags, struct kvs_result *result)
{
	const struct kvs_bucket_args head = { .size = sizeof(head) };
	struct kvs_req req = {
		.verb = KVS_BUCKET,
		.flags = flags | KVS_F_ARGS,
		.cond = address(rate),
	};

	memcpy(&rate->reserved, &head, sizeof(rate->reserved));
	finish(request, &req, key, key_len, result);
}

KVS_API void kvs_request_touch(struct kvs_request *request, const void *key,
			       size_t key_len, uint64_t ttl, unsigned int mode,
			       struct kvs_result *result)
{
	struct kvs_req req = {
		.verb = KVS_TOUCH,
		.mode = mode,
	};

	finish(request, &req, key, key_len, result);
	if (ttl)
		kvs_request_set_ttl(request, ttl);
}

KVS_API void kvs_request_stat(struct kvs_request *request, const void *key,
			      size_t key_len, struct kvs_entry_stat *stat,
			      struct kvs_result *result)
{
	struct kvs_req req = {
		.verb = KVS_STAT,
		.value = address(stat),
		.value_len = stat ? sizeof(*stat) : 0,
	};

	finish(request, &req, key, key_len, result);
}
