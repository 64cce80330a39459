/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What tests of double fetches have in common: keys and values such that every
 * mixture of two requests is a request whose outcome is known.
 *
 *   keys     four, of two lengths, that differ in one byte
 *   values   all 'x' or all 'y', of lengths that two lengths can be mixed to
 *   flags    1 or 2
 */
#ifndef KVS_TEST_FETCH_H
#define KVS_TEST_FETCH_H

#include <stdio.h>
#include <string.h>

#include <kselftest_harness.h>

#include "control.h"
#include "figures.h"
#include "request.h"
#include "scribble.h"
#include "size.h"

/* 0x28 and 0x3e8: byte by byte that makes 0xe8 and 0x328 too. */
#define FETCH_SHORT 40U
#define FETCH_LONG 1000U

/* Values whose addresses differ in one byte. */
struct fetch_values {
	char x[4096];
	char y[4096];
};

static struct fetch_values fetch_values __attribute__((aligned(65536)));

#define FETCH_KEY_SHORT 4
#define FETCH_KEY_LONG 11
#define FETCH_KEYS 4

static const struct {
	const char *bytes;
	size_t len;
} fetch_keys[FETCH_KEYS] = {
	{ "df.x", FETCH_KEY_SHORT },
	{ "df.y", FETCH_KEY_SHORT },
	{ "df.xyyyyyyy", FETCH_KEY_LONG },
	{ "df.yyyyyyyy", FETCH_KEY_LONG },
};

static inline void fetch_fill(void)
{
	memset(fetch_values.x, 'x', sizeof(fetch_values.x));
	memset(fetch_values.y, 'y', sizeof(fetch_values.y));
}

/* The two requests: all of their fields differ. */
static inline struct kvs_req fetch_put(int which)
{
	struct kvs_req req = req_key(KVS_PUT, fetch_keys[which ? 3 : 2].bytes,
				     FETCH_KEY_LONG);

	req.key_len = which ? FETCH_KEY_LONG : FETCH_KEY_SHORT;
	req.value = addr_of(which ? fetch_values.y : fetch_values.x);
	req.value_len = which ? FETCH_LONG : FETCH_SHORT;
	req.user_flags = which ? 2 : 1;
	return req;
}

static inline bool fetch_value_known(const char *value,
				     const struct kvs_res *res)
{
	static const __u32 lengths[] = { FETCH_SHORT, FETCH_LONG, 0xe8, 0x328 };
	bool known = false;
	size_t i;

	for (i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++)
		known |= res->len == lengths[i];
	for (i = 0; i < res->len; i++)
		known &= value[i] == value[0];
	return known && (value[0] == 'x' || value[0] == 'y') &&
	       (res->user_flags == 1 || res->user_flags == 2);
}

/* Is everything under the keys something that was put there whole? */
static inline bool fetch_store_is_sound(int fd)
{
	char value[2048];
	struct kvs_res res;
	struct kvs_req req;
	int i, ret;

	for (i = 0; i < FETCH_KEYS; i++) {
		req = req_key(KVS_GET, fetch_keys[i].bytes, fetch_keys[i].len);
		req.value = addr_of(value);
		req.value_len = sizeof(value);
		ret = control_request(fd, req_result(req, &res));
		if (ret == -ENOENT)
			continue;
		if (!ret && fetch_value_known(value, &res))
			continue;
		printf("# %s: status %d, %u bytes '%c', flags %u\n",
		       fetch_keys[i].bytes, ret, res.len, value[0],
		       res.user_flags);
		return false;
	}
	return true;
}

static inline void fetch_remove(int fd)
{
	int i;

	for (i = 0; i < FETCH_KEYS; i++)
		control_request(fd, req_key(KVS_DELETE, fetch_keys[i].bytes,
					    fetch_keys[i].len));
}

/* @statuses: those that may be, ended by 0, which always may. */
static inline void fetch_expect(struct __test_metadata *_metadata, int status,
				const int *statuses)
{
	while (*statuses && *statuses != status)
		statuses++;
	EXPECT_EQ(*statuses, status);
}

#endif /* KVS_TEST_FETCH_H */
