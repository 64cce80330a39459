// SPDX-License-Identifier: GPL-2.0-only
/*
 * The matrix of malformed requests: every request here is valid but for one
 * fault, in each carrier. Pointers have a matrix of their own.
 */
#include <stddef.h>

#include "carrier_fixture.h"
#include "guard.h"

#define TTLS (KVS_F_TTL | KVS_F_TTL_ABS)
#define TTLS_NEW (TTLS | KVS_F_TTL_IF_NEW)

static const __u32 known_flags[] = {
	[KVS_GET] = KVS_F_IF_VERSION | KVS_F_IF_CHANGED | KVS_F_NO_TOUCH |
		    KVS_F_OFFSET | TTLS,
	[KVS_PUT] = KVS_F_CREATE | KVS_F_REPLACE | KVS_F_IF_VERSION |
		    KVS_F_COUNTER | KVS_F_ARGS | KVS_F_IF_EQ | KVS_F_RET_OLD |
		    KVS_F_APPEND | KVS_F_KEEP_TTL | KVS_F_TTL_ONLY |
		    KVS_F_IF_NEWER | KVS_F_PINNED | TTLS,
	[KVS_DELETE] = KVS_F_IF_VERSION | KVS_F_ARGS | KVS_F_IF_EQ |
		       KVS_F_RET_OLD,
	[KVS_ADD] = KVS_F_ARGS | KVS_F_CREATE | KVS_F_SATURATE | KVS_F_WRAP |
		    KVS_F_MIN | KVS_F_MAX | TTLS_NEW,
	[KVS_STAT] = 0,
	[KVS_XCHG] = KVS_F_CREATE | TTLS_NEW,
	[KVS_BITOP] = KVS_F_ARGS | KVS_F_CREATE | TTLS_NEW,
	[KVS_BUCKET] = KVS_F_ARGS | KVS_F_CREATE | TTLS_NEW,
	[KVS_TOUCH] = TTLS,
};

/* From this byte on to cond, what a verb gives no meaning without a flag. */
static const size_t reserved_from[] = {
	[KVS_GET] = offsetof(struct kvs_req, user_flags),
	[KVS_PUT] = offsetof(struct kvs_req, ttl),
	[KVS_DELETE] = offsetof(struct kvs_req, value),
	[KVS_ADD] = offsetof(struct kvs_req, value_len),
	[KVS_STAT] = offsetof(struct kvs_req, user_flags),
	[KVS_XCHG] = offsetof(struct kvs_req, value_len),
	[KVS_BITOP] = offsetof(struct kvs_req, value),
	[KVS_BUCKET] = offsetof(struct kvs_req, value),
	[KVS_TOUCH] = offsetof(struct kvs_req, value),
};

/* First of all: without a fault they do succeed. */
TEST_F(carrier, without_a_fault)
{
	static const __u16 verbs[] = { KVS_GET,	  KVS_STAT,  KVS_ADD,
				       KVS_XCHG,  KVS_BITOP, KVS_BUCKET,
				       KVS_TOUCH, KVS_PUT,   KVS_DELETE };
	struct kvs_req req;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(verbs); i++) {
		req = carrier_req(self, verbs[i]);
		EXPECT_EQ(0, door_send(&self->door, &req))
		{
			TH_LOG("verb %u", verbs[i]);
		}
	}
	EXPECT_FALSE(carrier_unchanged(self));
}

TEST_F(carrier, unknown_verbs)
{
	static const __u16 high[] = { 0x100,  0x101,  0x7fff, 0x8000,
				      0x8001, 0xff01, 0xfffe, 0xffff };
	struct kvs_req req;
	unsigned int verb;
	size_t i;

	for (verb = 0; verb < 0x100; verb++) {
		if (verb >= KVS_GET && verb <= LAST_VERB)
			continue;
		/* What has no key: scan_check_test, txn_test */
		if (verb >= KVS_SCAN && verb <= KVS_TXN)
			continue;
		req = carrier_req(self, KVS_DELETE);
		req.verb = verb;
		carrier_refuse(_metadata, self, -EOPNOTSUPP, req, "verb", verb);
	}
	for (i = 0; i < ARRAY_SIZE(high); i++) {
		req = carrier_req(self, KVS_DELETE);
		req.verb = high[i];
		carrier_refuse(_metadata, self, -EOPNOTSUPP, req, "verb",
			       high[i]);
	}
}

TEST_F(carrier, unknown_flags)
{
	struct kvs_req req;
	__u16 verb;
	int bit;

	for (verb = KVS_GET; verb <= LAST_VERB; verb++) {
		for (bit = 0; bit < 32; bit++) {
			if ((known_flags[verb] | KVS_F_FULL_RESULT) & 1U << bit)
				continue;
			req = carrier_req(self, verb);
			req.flags |= 1U << bit;
			carrier_refuse(_metadata, self, -EOPNOTSUPP, req,
				       "flag", 1U << bit);
		}
	}
}

TEST_F(carrier, reserved_bytes)
{
	struct kvs_req req;
	size_t at, end;
	__u16 verb;

	for (verb = KVS_GET; verb <= LAST_VERB; verb++) {
		end = offsetof(struct kvs_req, result);
		if (carrier_req(self, verb).flags & KVS_F_ARGS)
			end = offsetof(struct kvs_req, cond);
		for (at = reserved_from[verb]; at < end; at++) {
			req = carrier_req(self, verb);
			((__u8 *)&req)[at] |= 0x80;
			carrier_refuse(_metadata, self, -EOPNOTSUPP, req,
				       "byte", at);
		}
	}
}

TEST_F(carrier, reserved_bytes_of_a_long_key)
{
	char key[KVS_INLINE_KEY + 1] = "";
	struct kvs_req req, valid;
	__u16 verb;
	size_t at;

	for (verb = KVS_GET; verb <= LAST_VERB; verb++) {
		valid = carrier_req(self, verb);
		valid.key_len = sizeof(key);
		memset(valid.key, 0, sizeof(valid.key));
		valid.key_addr = addr_of(key);
		for (at = 16; at < 40; at++) {
			req = valid;
			((__u8 *)&req)[at] = 1;
			carrier_refuse(_metadata, self, -EOPNOTSUPP, req,
				       "byte", at);
		}
	}
}

TEST_F(carrier, contradicting_flags)
{
	static const struct {
		__u16 verb;
		__u32 flags;
	} rows[] = {
		{ KVS_PUT, KVS_F_CREATE | KVS_F_REPLACE },
		{ KVS_PUT, KVS_F_CREATE | KVS_F_IF_VERSION },
		{ KVS_ADD, KVS_F_SATURATE | KVS_F_WRAP },
		{ KVS_ADD, KVS_F_MIN },
		{ KVS_ADD, KVS_F_MAX },
		{ KVS_GET, KVS_F_IF_VERSION | KVS_F_IF_CHANGED },
		{ KVS_GET, KVS_F_TTL }, /* of 0 */
		{ KVS_GET, KVS_F_TTL | KVS_F_TTL_ABS },
		{ KVS_PUT, KVS_F_IF_EQ },
		{ KVS_PUT, KVS_F_RET_OLD },
		{ KVS_PUT, KVS_F_CREATE | KVS_F_IF_NEWER },
		{ KVS_PUT, KVS_F_IF_VERSION | KVS_F_IF_NEWER },
		{ KVS_PUT, KVS_F_TTL },
		{ KVS_PUT, KVS_F_TTL | KVS_F_TTL_ABS },
		{ KVS_PUT, KVS_F_TTL_ABS | KVS_F_KEEP_TTL },
		{ KVS_PUT, KVS_F_TTL_ONLY | KVS_F_TTL_ABS }, /* and a value */
		{ KVS_PUT, KVS_F_APPEND | KVS_F_COUNTER },
		{ KVS_PUT, KVS_F_APPEND | KVS_F_TTL_ABS },
		{ KVS_DELETE, KVS_F_IF_EQ },
		{ KVS_DELETE, KVS_F_RET_OLD },
		{ KVS_ADD, KVS_F_TTL },
		{ KVS_XCHG, KVS_F_TTL_IF_NEW },
		{ KVS_BITOP, KVS_F_TTL },
		{ KVS_BUCKET, KVS_F_TTL },
		{ KVS_TOUCH, KVS_F_TTL_ABS }, /* to persist */
	};
	struct kvs_req req;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		req = carrier_req(self, rows[i].verb);
		req.flags |= rows[i].flags;
		carrier_refuse(_metadata, self, -EINVAL, req, "flags",
			       rows[i].flags);
	}
}

TEST_F(carrier, contradicting_bounds)
{
	static const struct {
		__s64 initial, min, max;
		__u32 flags;
	} rows[] = {
		{ 0, 1, 0, KVS_F_MIN | KVS_F_MAX },
		{ 0, INT64_MAX, INT64_MIN, KVS_F_MIN | KVS_F_MAX },
		{ 9, 10, 20, KVS_F_CREATE | KVS_F_MIN | KVS_F_MAX },
		{ 21, 10, 20, KVS_F_CREATE | KVS_F_MIN | KVS_F_MAX },
		{ 9, 10, 0, KVS_F_CREATE | KVS_F_MIN },
		{ 21, 0, 20, KVS_F_CREATE | KVS_F_MAX },
	};
	struct kvs_req req;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		req = carrier_add_args(self, rows[i].initial, rows[i].min,
				       rows[i].max);
		req.flags |= rows[i].flags;
		carrier_refuse(_metadata, self, -EINVAL, req, "bounds row", i);
	}
	/* What no flag speaks of is a field without a meaning */
	carrier_refuse(_metadata, self, -EOPNOTSUPP,
		       carrier_add_args(self, 1, 0, 0), "initial", 1);
	carrier_refuse(_metadata, self, -EOPNOTSUPP,
		       carrier_add_args(self, 0, 1, 0), "min", 1);
	carrier_refuse(_metadata, self, -EOPNOTSUPP,
		       carrier_add_args(self, 0, 0, 100), "max", 100);
}

TEST_F(carrier, size_and_flags_of_args)
{
	union {
		struct kvs_add_args args;
		char bytes[GUARD_PAGE + 8];
	} sized = {};
	struct kvs_req req = req_args(req_add(PROBE_COUNTER, 1), &sized.args);
	__u32 size, bit;

	for (size = 0; size < sizeof(sized.args); size++) {
		sized.args.size = size;
		carrier_refuse(_metadata, self, -EINVAL, req, "size", size);
	}
	for (size = sizeof(sized.args); size < sizeof(sized.args) + 8; size++) {
		sized.args.size = sizeof(sized.args) + 8;
		sized.bytes[size] = 1;
		carrier_refuse(_metadata, self, -E2BIG, req, "tail", size);
		sized.bytes[size] = 0;
	}
	for (size = GUARD_PAGE + 1; size; size <<= 1) {
		sized.args.size = size;
		carrier_refuse(_metadata, self, -E2BIG, req, "size", size);
	}
	sized.args.size = sizeof(sized.args);
	for (bit = 0; bit < 32; bit++) {
		sized.args.flags = 1U << bit;
		carrier_refuse(_metadata, self, -EOPNOTSUPP, req, "args flag",
			       1U << bit);
	}
}

TEST_F(carrier, key_lengths)
{
	char key[KVS_MAX_KEY + 1] = "";
	struct kvs_req req;
	unsigned int len;
	__u16 verb;

	for (verb = KVS_GET; verb <= LAST_VERB; verb++) {
		req = carrier_req(self, verb);
		req.key_len = 0;
		carrier_refuse(_metadata, self, -EINVAL, req, "key_len", 0);
		memset(req.key, 0, sizeof(req.key));
		req.key_addr = addr_of(key);
		for (len = KVS_MAX_KEY + 1; len <= 0xffff; len += 9215) {
			req.key_len = len;
			carrier_refuse(_metadata, self, -ENAMETOOLONG, req,
				       "key_len", len);
		}
		req.key_len = 0xffff;
		carrier_refuse(_metadata, self, -ENAMETOOLONG, req, "key_len",
			       0xffff);
	}
}

TEST_F(carrier, value_lengths)
{
	static const __u32 beyond[] = { 1, KVS_MAX_VALUE - (1 << 20),
					KVS_MAX_VALUE - (1 << 20) + 1,
					INT32_MAX - (1 << 20),
					UINT32_MAX - (1 << 20) };
	struct kvs_req req;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(beyond); i++) {
		req = carrier_req(self, KVS_PUT);
		req.value_len = (1 << 20) + beyond[i];
		carrier_refuse(_metadata, self, -EFBIG, req, "value_len",
			       req.value_len);
	}
}

TEST_F(carrier, counter_lengths)
{
	static const __u32 lens[] = { 0, 1, 7, 9, 16, UINT32_MAX };
	char value[16] = "";
	struct kvs_req req;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(lens); i++) {
		req = req_put(PROBE_COUNTER, value, lens[i]);
		req.flags = KVS_F_COUNTER;
		carrier_refuse(_metadata, self, -EINVAL, req, "value_len",
			       lens[i]);
	}
}

TEST_F(carrier, stat_lengths)
{
	char buf[GUARD_PAGE];
	struct kvs_req req;
	unsigned int len;

	for (len = 1; len < KVS_STAT_MIN; len++) {
		req = carrier_req(self, KVS_STAT);
		req.value_len = len;
		carrier_refuse(_metadata, self, -EINVAL, req, "stat", len);
	}
	for (len = GUARD_PAGE + 1; len; len <<= 1) {
		req.value_len = len;
		carrier_refuse(_metadata, self, -E2BIG, req, "stat", len);
	}
	req.value = addr_of(buf);
	for (len = KVS_STAT_MIN; len <= KVS_STAT_MIN + 1; len++) {
		req.value_len = len;
		EXPECT_EQ(0, door_send(&self->door, &req));
	}
	req.value_len = sizeof(buf);
	EXPECT_EQ(0, door_send(&self->door, &req));
}

/* A buffer that is larger than any value is not a fault. */
TEST_F(carrier, buffers_of_any_length)
{
	static const __u32 lens[] = { PROBE_LEN,	 1 << 20,
				      (1 << 20) + 1,	 KVS_MAX_VALUE,
				      KVS_MAX_VALUE + 1, UINT32_MAX };
	struct kvs_req req;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(lens); i++) {
		req = carrier_req(self, KVS_GET);
		req.value_len = lens[i];
		req.result = addr_of(&self->res);
		EXPECT_EQ(0, door_send(&self->door, &req));
		EXPECT_EQ(PROBE_LEN, self->res.len);
		EXPECT_EQ(0, memcmp(self->buf, PROBE_VALUE, PROBE_LEN));
	}
}

TEST_HARNESS_MAIN
