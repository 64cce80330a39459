// SPDX-License-Identifier: GPL-2.0-only
/*
 * Full results of requests that go the short way.
 */
#include "told.h"
#include "usercopy.h"

int kvs_told_full(u64 result, u32 value, u32 user_flags, u64 version,
		  s64 number, s64 applied)
{
	const struct kvs_res res = {
		.kind = kvs_told_kind(value),
		.len = value & KVS_VALUE_LEN,
		.version = version,
		.number = number,
		.applied = applied,
		.ttl = KVS_TTL_NEVER,
		.user_flags = user_flags,
	};

	if (!result)
		return 0;
	return kvs_write_struct(u64_to_user_ptr(result), &res, sizeof(res));
}

int kvs_told_status(u64 result, int status)
{
	const struct kvs_res res = { .status = status };

	if (!result)
		return 0;
	return kvs_write_struct(u64_to_user_ptr(result), &res, sizeof(res));
}
