// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
/* Requests executed by a system call, and the usual ones in one step. */
#include <errno.h>

#include "internal.h"

KVS_API int kvs_do(const struct kvs *kvs, const struct kvs_request *request)
{
	return kvs_ioctl(kvs->fd, KVS_IOC_REQ, request);
}

KVS_API int kvs_batch(const struct kvs *kvs, const struct kvs_request *requests,
		      size_t count)
{
	struct kvs_vec vec = {
		.reqs = (uintptr_t)requests,
		.count = count,
	};

	if (!count || count > KVS_MAX_BATCH)
		return -EINVAL;
	return kvs_ioctl(kvs->fd, KVS_IOC_VEC, &vec);
}

KVS_API int kvs_get(const struct kvs *kvs, const void *key, size_t key_len,
		    void *buf, size_t buf_len, struct kvs_result *result)
{
	struct kvs_request request;

	kvs_request_get(&request, key, key_len, buf, buf_len, 0, result);
	return kvs_do(kvs, &request);
}

KVS_API int kvs_put(const struct kvs *kvs, const void *key, size_t key_len,
		    const void *value, size_t value_len, unsigned int flags,
		    struct kvs_result *result)
{
	struct kvs_request request;

	kvs_request_put(&request, key, key_len, value, value_len, flags,
			result);
	return kvs_do(kvs, &request);
}

KVS_API int kvs_put_if(const struct kvs *kvs, const void *key, size_t key_len,
		       const void *value, size_t value_len, uint64_t version,
		       unsigned int flags, struct kvs_result *result)
{
	struct kvs_request request;

	kvs_request_put(&request, key, key_len, value, value_len, flags,
			result);
	kvs_request_set_version(&request, version);
	return kvs_do(kvs, &request);
}

KVS_API int kvs_delete(const struct kvs *kvs, const void *key, size_t key_len,
		       unsigned int flags, struct kvs_result *result)
{
	struct kvs_request request;

	kvs_request_delete(&request, key, key_len, flags, result);
	return kvs_do(kvs, &request);
}

KVS_API int kvs_delete_if(const struct kvs *kvs, const void *key,
			  size_t key_len, uint64_t version,
			  struct kvs_result *result)
{
	struct kvs_request request;

	kvs_request_delete(&request, key, key_len, 0, result);
	kvs_request_set_version(&request, version);
	return kvs_do(kvs, &request);
}

KVS_API int kvs_add(const struct kvs *kvs, const void *key, size_t key_len,
		    int64_t delta, unsigned int flags,
		    const struct kvs_limits *limits, struct kvs_result *result)
{
	struct kvs_request request;
	struct kvs_limits copy;

	kvs_request_add(&request, key, key_len, delta, flags, result);
	if (limits) {
		copy = *limits;
		kvs_request_set_limits(&request, &copy);
	}
	return kvs_do(kvs, &request);
}

KVS_API int kvs_stat(const struct kvs *kvs, const void *key, size_t key_len,
		     struct kvs_entry_stat *stat)
{
	struct kvs_request request;

	kvs_request_stat(&request, key, key_len, stat, NULL);
	return kvs_do(kvs, &request);
}
