/* SPDX-License-Identifier: GPL-2.0-only */
/* Steps on keys and values that are strings; each returns what the call did. */
#ifndef KVS_TEST_STEPS_H
#define KVS_TEST_STEPS_H

#include <kvs.h>
#include <stdbool.h>
#include <string.h>

/* No function of the library and no kernel leaves memory full of these. */
#define POISON 0xa5

static inline void poison(void *memory, size_t len)
{
	memset(memory, POISON, len);
}

static inline bool is_poison(const void *memory, size_t len)
{
	const unsigned char *byte = memory;

	while (len--)
		if (*byte++ != POISON)
			return false;
	return true;
}

static inline int step_put(struct kvs *kvs, const char *key, const char *value,
			   struct kvs_result *res)
{
	return kvs_put(kvs, key, strlen(key), value, strlen(value), 0, res);
}

static inline int step_put_counter(struct kvs *kvs, const char *key,
				   int64_t number, struct kvs_result *res)
{
	return kvs_put(kvs, key, strlen(key), &number, sizeof(number),
		       KVS_FLAG_COUNTER, res);
}

static inline int step_get(struct kvs *kvs, const char *key, void *buf,
			   size_t len, struct kvs_result *res)
{
	return kvs_get(kvs, key, strlen(key), buf, len, res);
}

static inline int step_delete(struct kvs *kvs, const char *key)
{
	return kvs_delete(kvs, key, strlen(key), 0, NULL);
}

static inline int step_add(struct kvs *kvs, const char *key, int64_t delta,
			   unsigned int flags, struct kvs_result *res)
{
	return kvs_add(kvs, key, strlen(key), delta, flags, NULL, res);
}

#endif /* KVS_TEST_STEPS_H */
