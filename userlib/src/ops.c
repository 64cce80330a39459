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

KVS_API int kvs_get_if_changed(const struct kvs *kvs, const void *key,
			       size_t key_len, uint64_t version, void *buf,
			       size_t buf_len, struct kvs_result *result)
{
	struct kvs_request request;

	kvs_request_get(&request, key, key_len, buf, buf_len, 0, result);
	kvs_request_set_known_version(&request, version);
	return kvs_do(kvs, &request);
}

KVS_API int kvs_get_range(const struct kvs *kvs, const void *key,
			  size_t key_len, size_t offset, void *buf,
			  size_t buf_len, struct kvs_result *result)
{
	struct kvs_request request;

	kvs_request_get(&request, key, key_len, buf, buf_len, 0, result);
	kvs_request_set_offset(&request, offset);
	return kvs_do(kvs, &request);
}

KVS_API int kvs_get_touch(const struct kvs *kvs, const void *key,
			  size_t key_len, void *buf, size_t buf_len,
			  uint64_t ttl, struct kvs_result *result)
{
	struct kvs_request request;

	kvs_request_get(&request, key, key_len, buf, buf_len, 0, result);
	kvs_request_set_ttl(&request, ttl);
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

KVS_API int kvs_put_ttl(const struct kvs *kvs, const void *key, size_t key_len,
			const void *value, size_t value_len, uint64_t ttl,
			unsigned int flags, struct kvs_result *result)
{
	struct kvs_request request;

	kvs_request_put(&request, key, key_len, value, value_len, flags,
			result);
	kvs_request_set_ttl(&request, ttl);
	return kvs_do(kvs, &request);
}

KVS_API int kvs_put_get(const struct kvs *kvs, const void *key, size_t key_len,
			const void *value, size_t value_len, void *buf,
			size_t buf_len, unsigned int flags,
			struct kvs_result *result)
{
	struct kvs_operands operands;
	struct kvs_request request;

	kvs_request_put(&request, key, key_len, value, value_len, flags,
			result);
	kvs_request_set_old(&request, buf, buf_len, &operands);
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

KVS_API int kvs_put_if_equal(const struct kvs *kvs, const void *key,
			     size_t key_len, const void *value,
			     size_t value_len, const void *expected,
			     size_t expected_len, unsigned int flags,
			     struct kvs_result *result)
{
	struct kvs_operands operands;
	struct kvs_request request;

	kvs_request_put(&request, key, key_len, value, value_len, flags,
			result);
	kvs_request_set_expected(&request, expected, expected_len, &operands);
	return kvs_do(kvs, &request);
}

KVS_API int kvs_put_if_newer(const struct kvs *kvs, const void *key,
			     size_t key_len, const void *value,
			     size_t value_len, uint64_t app_version,
			     unsigned int flags, struct kvs_result *result)
{
	struct kvs_request request;

	kvs_request_put(&request, key, key_len, value, value_len, flags,
			result);
	kvs_request_set_app_version(&request, app_version);
	return kvs_do(kvs, &request);
}

KVS_API int kvs_append(const struct kvs *kvs, const void *key, size_t key_len,
		       const void *bytes, size_t len, unsigned int flags,
		       struct kvs_result *result)
{
	struct kvs_request request;

	kvs_request_put(&request, key, key_len, bytes, len,
			flags | KVS_FLAG_APPEND, result);
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

KVS_API int kvs_delete_if_equal(const struct kvs *kvs, const void *key,
				size_t key_len, const void *expected,
				size_t expected_len, struct kvs_result *result)
{
	struct kvs_operands operands;
	struct kvs_request request;

	kvs_request_delete(&request, key, key_len, 0, result);
	kvs_request_set_expected(&request, expected, expected_len, &operands);
	return kvs_do(kvs, &request);
}

KVS_API int kvs_take(const struct kvs *kvs, const void *key, size_t key_len,
		     void *buf, size_t buf_len, struct kvs_result *result)
{
	struct kvs_operands operands;
	struct kvs_request request;

	kvs_request_take(&request, key, key_len, buf, buf_len, 0, &operands,
			 result);
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

KVS_API int kvs_xchg(const struct kvs *kvs, const void *key, size_t key_len,
		     int64_t number, unsigned int flags,
		     struct kvs_result *result)
{
	struct kvs_request request;

	kvs_request_xchg(&request, key, key_len, number, flags, result);
	return kvs_do(kvs, &request);
}

KVS_API int kvs_bitop(const struct kvs *kvs, const void *key, size_t key_len,
		      const struct kvs_bits *bits, unsigned int flags,
		      struct kvs_result *result)
{
	struct kvs_bits copy = *bits;
	struct kvs_request request;

	kvs_request_bitop(&request, key, key_len, &copy, flags, result);
	return kvs_do(kvs, &request);
}

KVS_API int kvs_allow(const struct kvs *kvs, const void *key, size_t key_len,
		      const struct kvs_rate *rate, unsigned int flags,
		      uint64_t *wait)
{
	struct kvs_rate copy = *rate;
	struct kvs_request request;
	struct kvs_result result;
	int err;

	kvs_request_allow(&request, key, key_len, &copy, flags, &result);
	err = kvs_do(kvs, &request);
	*wait = err ? UINT64_MAX : (uint64_t)result.number;
	return err;
}

KVS_API int kvs_touch(const struct kvs *kvs, const void *key, size_t key_len,
		      uint64_t ttl, unsigned int mode,
		      struct kvs_result *result)
{
	struct kvs_request request;

	kvs_request_touch(&request, key, key_len, ttl, mode, result);
	return kvs_do(kvs, &request);
}

KVS_API int kvs_stat(const struct kvs *kvs, const void *key, size_t key_len,
		     struct kvs_entry_stat *stat)
{
	struct kvs_request request;

	kvs_request_stat(&request, key, key_len, stat, NULL);
	return kvs_do(kvs, &request);
}
