// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
/*
 * Requests: built here, judged by the kernel alone. A request is copied in and
 * out of its opaque words, so that no object is read as two types.
 */
#include <errno.h>
#include <limits.h>
#include <string.h>

#include "abi.h"
#include "internal.h"

static __u64 address(const void *pointer)
{
	return (uintptr_t)pointer;
}

/* A length that does not fit stays one that the kernel finds too long. */
static __u32 saturate(size_t len)
{
	return len < UINT_MAX ? len : UINT_MAX;
}

void kvs_request_load(struct kvs_req *req, const struct kvs_request *request)
{
	memcpy(req, request->opaque, sizeof(*req));
}

static void store(struct kvs_request *request, const struct kvs_req *req)
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

static void set_result(struct kvs_req *req, struct kvs_result *result)
{
	if (!result)
		return;
	result->status = -EINPROGRESS;
	req->result = address(result);
	req->flags |= KVS_F_FULL_RESULT;
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

	set_key(&req, key, key_len);
	set_result(&req, result);
	store(request, &req);
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

	set_key(&req, key, key_len);
	set_result(&req, result);
	store(request, &req);
}

KVS_API void kvs_request_delete(struct kvs_request *request, const void *key,
				size_t key_len, unsigned int flags,
				struct kvs_result *result)
{
	struct kvs_req req = {
		.verb = KVS_DELETE,
		.flags = flags,
	};

	set_key(&req, key, key_len);
	set_result(&req, result);
	store(request, &req);
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

	set_key(&req, key, key_len);
	set_result(&req, result);
	store(request, &req);
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

	set_key(&req, key, key_len);
	set_result(&req, result);
	store(request, &req);
}

KVS_API void kvs_request_set_version(struct kvs_request *request,
				     uint64_t version)
{
	struct kvs_req req;

	kvs_request_load(&req, request);
	req.flags |= KVS_F_IF_VERSION;
	req.cond = version;
	store(request, &req);
}

KVS_API void kvs_request_set_user_flags(struct kvs_request *request,
					uint32_t user_flags)
{
	struct kvs_req req;

	kvs_request_load(&req, request);
	req.user_flags = user_flags;
	store(request, &req);
}

KVS_API void kvs_request_set_limits(struct kvs_request *request,
				    struct kvs_limits *limits)
{
	struct kvs_add_args head = { .size = sizeof(head) };
	struct kvs_req req;

	memcpy(&limits->reserved, &head, sizeof(limits->reserved));
	kvs_request_load(&req, request);
	req.flags |= KVS_F_ARGS;
	req.cond = address(limits);
	store(request, &req);
}
