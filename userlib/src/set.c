// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
/*
 * What may be added to a request once it is built. The setters of one request
 * may come in any order.
 */
#include <stdbool.h>
#include <string.h>

#include "internal.h"

/* The operands of a put or delete lie apart once it needs any. */
static bool has_operands(const struct kvs_req *req)
{
	return req->flags & KVS_F_ARGS &&
	       (req->verb == KVS_PUT || req->verb == KVS_DELETE);
}

static struct kvs_operands *operands_of(const struct kvs_req *req)
{
	return (struct kvs_operands *)(uintptr_t)req->cond;
}

/* The condition word of a request lies among its operands if it has any. */
static void set_condition(struct kvs_request *request, __u32 flag,
			  __u64 condition)
{
	struct kvs_value_args args;
	struct kvs_req req;

	kvs_request_load(&req, request);
	req.flags |= flag;
	if (has_operands(&req)) {
		memcpy(&args, operands_of(&req), sizeof(args));
		args.cond = condition;
		memcpy(operands_of(&req), &args, sizeof(args));
	} else {
		req.cond = condition;
	}
	kvs_request_store(request, &req);
}

KVS_API void kvs_request_set_version(struct kvs_request *request,
				     uint64_t version)
{
	set_condition(request, KVS_F_IF_VERSION, version);
}

KVS_API void kvs_request_set_known_version(struct kvs_request *request,
					   uint64_t version)
{
	set_condition(request, KVS_F_IF_CHANGED, version);
}

KVS_API void kvs_request_set_app_version(struct kvs_request *request,
					 uint64_t app_version)
{
	set_condition(request, KVS_F_IF_NEWER, app_version);
}

/* Begin with what the request has already, wherever it lies. */
static void begin_operands(const struct kvs_req *req,
			   struct kvs_value_args *args)
{
	if (has_operands(req))
		memcpy(args, operands_of(req), sizeof(*args));
	else
		*args = (struct kvs_value_args){
			.size = sizeof(*args),
			.cond = req->cond,
		};
}

static void end_operands(struct kvs_req *req, const struct kvs_value_args *args,
			 struct kvs_operands *operands)
{
	memcpy(operands->opaque, args, sizeof(*args));
	req->flags |= KVS_F_ARGS;
	req->cond = address(operands);
}

KVS_API void kvs_request_set_expected(struct kvs_request *request,
				      const void *expected, size_t expected_len,
				      struct kvs_operands *operands)
{
	struct kvs_value_args args;
	struct kvs_req req;

	kvs_request_load(&req, request);
	begin_operands(&req, &args);
	args.expect = address(expected);
	args.expect_len = saturate(expected_len);
	end_operands(&req, &args, operands);
	req.flags |= KVS_F_IF_EQ;
	kvs_request_store(request, &req);
}

KVS_API void kvs_request_set_old(struct kvs_request *request, void *buf,
				 size_t buf_len, struct kvs_operands *operands)
{
	struct kvs_value_args args;
	struct kvs_req req;

	kvs_request_load(&req, request);
	begin_operands(&req, &args);
	args.old = address(buf);
	args.old_len = saturate(buf_len);
	end_operands(&req, &args, operands);
	req.flags |= KVS_F_RET_OLD;
	kvs_request_store(request, &req);
}

KVS_API void kvs_request_set_offset(struct kvs_request *request, size_t offset)
{
	struct kvs_req req;

	kvs_request_load(&req, request);
	req.flags |= KVS_F_OFFSET;
	req.offset = saturate(offset);
	kvs_request_store(request, &req);
}

static void set_ttl(struct kvs_request *request, __u32 flag, __u64 ttl)
{
	struct kvs_req req;

	kvs_request_load(&req, request);
	req.flags &= ~(KVS_F_TTL | KVS_F_TTL_ABS);
	req.flags |= flag;
	req.ttl = ttl;
	kvs_request_store(request, &req);
}

KVS_API void kvs_request_set_ttl(struct kvs_request *request, uint64_t ttl)
{
	set_ttl(request, KVS_F_TTL, ttl);
}

KVS_API void kvs_request_set_deadline(struct kvs_request *request,
				      uint64_t deadline)
{
	set_ttl(request, KVS_F_TTL_ABS, deadline);
}

KVS_API void kvs_request_set_user_flags(struct kvs_request *request,
					uint32_t user_flags)
{
	struct kvs_req req;

	kvs_request_load(&req, request);
	req.user_flags = user_flags;
	kvs_request_store(request, &req);
}

KVS_API void kvs_request_set_limits(struct kvs_request *request,
				    struct kvs_limits *limits)
{
	const struct kvs_add_args head = { .size = sizeof(head) };
	struct kvs_req req;

	memcpy(&limits->reserved, &head, sizeof(limits->reserved));
	kvs_request_load(&req, request);
	req.flags |= KVS_F_ARGS;
	req.cond = address(limits);
	kvs_request_store(request, &req);
}
