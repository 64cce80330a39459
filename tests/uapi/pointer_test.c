// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every pointer of a request in every bad form, one per case, in each carrier:
 * EFAULT, and the store stays as it is.
 */
#include <stddef.h>

#include "carrier_fixture.h"
#include "guard.h"

#define LONG_KEY 100
#define BIG 5000U

struct bad_pointer {
	const char *name;
	__u64 addr;
};

enum { BAD_NULL, BAD_HOLE, BAD_KERNEL, BAD_SPLIT, BAD_LAST, BAD_COUNT };

/* Addresses at which nothing can be read. */
static void bad_pointers(struct bad_pointer *bad)
{
	bad[BAD_NULL] = (struct bad_pointer){ "NULL", 0 };
	bad[BAD_HOLE] = (struct bad_pointer){ "hole", addr_of(guard_hole()) };
	bad[BAD_KERNEL] =
		(struct bad_pointer){ "kernel", 0xffff888000100000ULL };
	bad[BAD_SPLIT] = (struct bad_pointer){ "split", 1ULL << 63 };
	bad[BAD_LAST] = (struct bad_pointer){ "last", ~0ULL };
}

/* @member of @req in every bad form. */
static void refuse_pointer(struct __test_metadata *_metadata,
			   struct _test_data_carrier *self, struct kvs_req req,
			   size_t member, const char *name)
{
	struct bad_pointer bad[BAD_COUNT];
	size_t i;

	bad_pointers(bad);
	for (i = 0; i < BAD_COUNT; i++) {
		memcpy((char *)&req + member, &bad[i].addr, sizeof(__u64));
		carrier_refuse(_metadata, self, -EFAULT, req, name, i);
	}
}

/* @member at the last @len bytes of a page, of which @len + 1 are wanted. */
static void refuse_edge(struct __test_metadata *_metadata,
			struct _test_data_carrier *self, struct kvs_req req,
			size_t member, size_t len, const char *name)
{
	char *page = guard_alloc(2);
	__u64 addr = addr_of(guard_end(page, 2, len));

	ASSERT_NE(NULL, page);
	memcpy((char *)&req + member, &addr, sizeof(addr));
	carrier_refuse(_metadata, self, -EFAULT, req, name, len);
	guard_free(page, 2);
}

TEST_F(carrier, key)
{
	const size_t member = offsetof(struct kvs_req, key_addr);
	struct kvs_req req;
	__u16 verb;

	for (verb = KVS_GET; verb <= KVS_STAT; verb++) {
		req = carrier_req(self, verb);
		memset(req.key, 0, sizeof(req.key));
		req.key_len = LONG_KEY;
		refuse_pointer(_metadata, self, req, member, "key");
		refuse_edge(_metadata, self, req, member, LONG_KEY - 1, "key");
		refuse_edge(_metadata, self, req, member, 1, "key");
		req.key_len = KVS_MAX_KEY;
		refuse_edge(_metadata, self, req, member, KVS_MAX_KEY - 1,
			    "key");
	}
}

TEST_F(carrier, put_value)
{
	static const __u32 lens[] = { 1, 8, 64, 256, 257, 4096, BIG, 1 << 20 };
	const size_t member = offsetof(struct kvs_req, value);
	struct kvs_req req = carrier_req(self, KVS_PUT);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(lens); i++) {
		req.value_len = lens[i];
		refuse_pointer(_metadata, self, req, member, "value");
		if (lens[i] > 1 && lens[i] <= BIG)
			refuse_edge(_metadata, self, req, member, lens[i] - 1,
				    "value");
	}
	req = req_put(PROBE_COUNTER, NULL, 8);
	req.flags = KVS_F_COUNTER;
	refuse_pointer(_metadata, self, req, member, "counter");
	refuse_edge(_metadata, self, req, member, 7, "counter");
	req = req_put(PROBE_MISSING, NULL, 300);
	refuse_pointer(_metadata, self, req, member, "new value");
}

/* The value's bytes are all there is room for, and the buffer is not there. */
TEST_F(carrier, get_buffer)
{
	static const __u32 lens[] = { 1, 8, 64, 256, 257, 4096, BIG };
	const size_t member = offsetof(struct kvs_req, value);
	char value[BIG] = "";
	struct kvs_req req;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(lens); i++) {
		req = req_put("pointer.value", value, lens[i]);
		ASSERT_EQ(0, control_request(self->door.fd, req));
		self->version = control_version(self->door.fd);
		req = req_get("pointer.value", NULL, lens[i]);
		refuse_pointer(_metadata, self, req, member, "buffer");
		refuse_edge(_metadata, self, req, member, lens[i] - 1,
			    "buffer");
		req.value = addr_of(guard_read_only(value, 1));
		carrier_refuse(_metadata, self, -EFAULT, req, "read-only",
			       lens[i]);
	}
	req = req_get(PROBE_COUNTER, NULL, 8);
	refuse_pointer(_metadata, self, req, member, "counter");
	refuse_edge(_metadata, self, req, member, 7, "counter");
}

TEST_F(carrier, stat_buffer)
{
	const size_t member = offsetof(struct kvs_req, value);
	struct kvs_req req = carrier_req(self, KVS_STAT);

	refuse_pointer(_metadata, self, req, member, "stat");
	refuse_edge(_metadata, self, req, member, KVS_STAT_MIN - 1, "stat");
	req.value_len = GUARD_PAGE;
	refuse_edge(_metadata, self, req, member, GUARD_PAGE - 1, "stat");
	req.value_len = KVS_STAT_MIN;
	req.value = addr_of(guard_read_only("", 1));
	carrier_refuse(_metadata, self, -EFAULT, req, "read-only", 0);
}

TEST_F(carrier, args)
{
	struct kvs_add_args args = { .size = sizeof(args) + 8 };
	struct kvs_req req = req_add(PROBE_COUNTER, 1);
	char *page = guard_alloc(1);
	void *end;

	ASSERT_NE(NULL, page);
	req.flags |= KVS_F_ARGS;
	refuse_pointer(_metadata, self, req, offsetof(struct kvs_req, cond),
		       "args");
	end = guard_end(page, 1, sizeof(args.size));
	memcpy(end, &args, sizeof(args.size));
	req.cond = addr_of(end);
	carrier_refuse(_metadata, self, -EFAULT, req, "size of args alone", 0);
	memset(page, 0, GUARD_PAGE);
	end = guard_end(page, 1, sizeof(args) + 7);
	memcpy(end, &args, sizeof(args));
	req.cond = addr_of(end);
	carrier_refuse(_metadata, self, -EFAULT, req, "tail of args", 0);
	guard_free(page, 1);
}

/* Without a result to be read the status comes from the carrier alone. */
static void refuse_result(struct __test_metadata *_metadata,
			  struct _test_data_carrier *self, struct kvs_req req,
			  const void *result, const char *name)
{
	req.result = addr_of(result);
	EXPECT_EQ(-EFAULT, door_send(&self->door, &req))
	{
		TH_LOG("verb %u, result %s", req.verb, name);
	}
	EXPECT_TRUE(carrier_unchanged(self))
	{
		TH_LOG("changed: verb %u, result %s", req.verb, name);
	}
}

TEST_F(carrier, result)
{
	struct bad_pointer bad[BAD_COUNT];
	char *page = guard_alloc(1);
	struct kvs_req req;
	__u16 verb;
	size_t i;

	ASSERT_NE(NULL, page);
	bad_pointers(bad);
	for (verb = KVS_GET; verb <= KVS_STAT; verb++) {
		req = carrier_req(self, verb);
		for (i = BAD_HOLE; i < BAD_COUNT; i++)
			refuse_result(_metadata, self, req,
				      (void *)(uintptr_t)bad[i].addr,
				      bad[i].name);
		refuse_result(_metadata, self, req, guard_read_only("", 1),
			      "read-only");
		refuse_result(_metadata, self, req,
			      guard_end(page, 1, KVS_RES_SHORT - 1), "short");
		req.flags |= KVS_F_FULL_RESULT;
		refuse_result(_metadata, self, req,
			      guard_end(page, 1, sizeof(struct kvs_res) - 1),
			      "full");
	}
	guard_free(page, 1);
}

/* A failure whose result cannot be written is EFAULT too. */
TEST_F(carrier, result_of_a_failure)
{
	struct kvs_req req = req_get(PROBE_MISSING, NULL, 0);

	refuse_result(_metadata, self, req, guard_hole(), "of ENOENT");
	req.verb = 0xffff;
	refuse_result(_metadata, self, req, guard_hole(), "of EOPNOTSUPP");
}

/* What ends exactly where memory ends is whole. */
TEST_F(carrier, last_bytes_of_a_page)
{
	char *page = guard_alloc(2), *end;
	struct kvs_req req;
	__u32 len;

	ASSERT_NE(NULL, page);
	for (len = 1; len <= BIG; len = len * 2 + 1) {
		end = guard_end(page, 2, len);
		memset(end, 'x', len);
		req = req_put("pointer.value", end, len);
		EXPECT_EQ(0, door_send(&self->door, &req));
		memset(end, 0, len);
		req = req_get("pointer.value", end, len);
		EXPECT_EQ(0, door_send(&self->door, &req));
		EXPECT_EQ('x', end[len - 1]);
	}
	req = req_get(PROBE_MISSING, NULL, 0);
	req.result = addr_of(guard_end(page, 2, KVS_RES_SHORT));
	EXPECT_EQ(-ENOENT, door_send(&self->door, &req));
	req.flags = KVS_F_FULL_RESULT;
	req.result = addr_of(guard_end(page, 2, sizeof(struct kvs_res)));
	EXPECT_EQ(-ENOENT, door_send(&self->door, &req));
	guard_free(page, 2);
}

/* The copy of a value into pages that have never been touched. */
TEST_F(carrier, fresh_pages)
{
	char *page;
	struct kvs_req req;

	page = guard_alloc(3);
	ASSERT_NE(NULL, page);
	req = req_get(PROBE_BLOB, page + GUARD_PAGE - 4, 64);
	req.result = addr_of(page + 2 * GUARD_PAGE - 4);
	EXPECT_EQ(0, door_send(&self->door, &req));
	EXPECT_EQ(0, memcmp(page + GUARD_PAGE - 4, PROBE_VALUE, PROBE_LEN));
	EXPECT_TRUE(carrier_unchanged(self));
	guard_free(page, 3);
}

TEST_HARNESS_MAIN
