/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Requests as the tests write them: one line each, every field that is not
 * named is 0. Header only, so that 32-bit programs and rings of their own use
 * the same words.
 */
#ifndef KVS_TEST_REQUEST_H
#define KVS_TEST_REQUEST_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include <linux/kvs.h>

/* What an output holds before a call, so that an unwritten one is noticed. */
#define POISON 0xa5

static inline __u64 addr_of(const void *ptr)
{
	return (uintptr_t)ptr;
}

static inline void poison(void *buf, size_t len)
{
	memset(buf, POISON, len);
}

static inline bool is_poison(const void *buf, size_t len)
{
	const unsigned char *byte = buf;
	size_t i;

	for (i = 0; i < len; i++)
		if (byte[i] != POISON)
			return false;
	return true;
}

static inline bool is_zero(const void *buf, size_t len)
{
	const unsigned char *byte = buf;
	size_t i;

	for (i = 0; i < len; i++)
		if (byte[i])
			return false;
	return true;
}

static inline struct kvs_req req_key(__u16 verb, const void *key, size_t len)
{
	struct kvs_req req = { .verb = verb, .key_len = len };

	if (len <= KVS_INLINE_KEY)
		memcpy(req.key, key, len);
	else
		req.key_addr = addr_of(key);
	return req;
}

static inline struct kvs_req req_verb(__u16 verb, const char *key)
{
	return req_key(verb, key, strlen(key));
}

static inline struct kvs_req req_get(const char *key, void *buf, size_t len)
{
	struct kvs_req req = req_verb(KVS_GET, key);

	req.value = addr_of(buf);
	req.value_len = len;
	return req;
}

static inline struct kvs_req req_put(const char *key, const void *value,
				     size_t len)
{
	struct kvs_req req = req_verb(KVS_PUT, key);

	req.value = addr_of(value);
	req.value_len = len;
	return req;
}

static inline struct kvs_req req_put_str(const char *key, const char *value)
{
	return req_put(key, value, strlen(value));
}

static inline struct kvs_req req_put_counter(const char *key,
					     const __s64 *number)
{
	struct kvs_req req = req_put(key, number, sizeof(*number));

	req.flags = KVS_F_COUNTER;
	return req;
}

static inline struct kvs_req req_delete(const char *key)
{
	return req_verb(KVS_DELETE, key);
}

static inline struct kvs_req req_number(__u16 verb, const char *key,
					__s64 number)
{
	struct kvs_req req = req_verb(verb, key);

	req.operand = number;
	return req;
}

static inline struct kvs_req req_add(const char *key, __s64 delta)
{
	return req_number(KVS_ADD, key, delta);
}

static inline struct kvs_req req_add_create(const char *key, __s64 delta)
{
	struct kvs_req req = req_add(key, delta);

	req.flags = KVS_F_CREATE;
	return req;
}

static inline struct kvs_req req_stat(const char *key, struct kvs_stat *stat)
{
	struct kvs_req req = req_verb(KVS_STAT, key);

	req.value = addr_of(stat);
	req.value_len = stat ? sizeof(*stat) : 0;
	return req;
}

static inline struct kvs_req req_flags(struct kvs_req req, __u32 flags)
{
	req.flags |= flags;
	return req;
}

static inline struct kvs_req req_if_version(struct kvs_req req, __u64 version)
{
	req.flags |= KVS_F_IF_VERSION;
	req.cond = version;
	return req;
}

static inline struct kvs_req req_result(struct kvs_req req, struct kvs_res *res)
{
	req.flags |= KVS_F_FULL_RESULT;
	req.result = addr_of(res);
	return req;
}

static inline struct kvs_req req_ttl(struct kvs_req req, __u64 ttl_ns)
{
	req.flags |= KVS_F_TTL;
	req.ttl = ttl_ns;
	return req;
}

static inline struct kvs_req req_touch(const char *key, __u32 mode)
{
	struct kvs_req req = req_verb(KVS_TOUCH, key);

	req.mode = mode;
	return req;
}

/* Operands of PUT, DELETE, BITOP and BUCKET. */
static inline struct kvs_req req_operands(struct kvs_req req, const void *args)
{
	req.flags |= KVS_F_ARGS;
	req.cond = addr_of(args);
	return req;
}

static inline struct kvs_req req_args(struct kvs_req req,
				      const struct kvs_add_args *args)
{
	req.flags |= KVS_F_ARGS;
	req.cond = addr_of(args);
	return req;
}

#endif /* KVS_TEST_REQUEST_H */
