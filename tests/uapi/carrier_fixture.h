/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The fixture "carrier": each carrier once, with two entries that no refused
 * request may change, and requests on them that would all succeed.
 */
#ifndef KVS_TEST_CARRIER_FIXTURE_H
#define KVS_TEST_CARRIER_FIXTURE_H

#include <kselftest_harness.h>

#include "control.h"
#include "door.h"
#include "request.h"

#define PROBE_BLOB "carrier.blob"
#define PROBE_COUNTER "carrier.counter"
#define PROBE_MISSING "carrier.missing"
#define PROBE_VALUE "what stays"
#define PROBE_LEN (sizeof(PROBE_VALUE) - 1)
#define PROBE_NUMBER 42

/* The verbs that are built are those from KVS_GET to this one. */
#define LAST_VERB KVS_TOUCH

#define RES_REST (sizeof(struct kvs_res) - KVS_RES_SHORT)

/* The harness's name for it is what helpers outside of a test can spell. */
FIXTURE(carrier)
{
	struct door door;
	__u64 version;
	struct kvs_res res;
	struct kvs_stat stat;
	char buf[64];
	struct kvs_add_args args;
	struct kvs_bitop_args bitop;
	struct kvs_bucket_args bucket;
};

FIXTURE_VARIANT(carrier)
{
	enum door_kind kind;
};

FIXTURE_SETUP(carrier)
{
	__s64 number = PROBE_NUMBER;
	int fd;

	ASSERT_EQ(0, door_open(&self->door, variant->kind, 0));
	fd = self->door.fd;
	control_request(fd, req_delete(PROBE_MISSING));
	ASSERT_EQ(0, control_request(fd, req_put_str(PROBE_BLOB, PROBE_VALUE)));
	ASSERT_EQ(0,
		  control_request(fd, req_put_counter(PROBE_COUNTER, &number)));
	self->version = control_version(fd);
}

FIXTURE_TEARDOWN(carrier)
{
	door_close(&self->door);
}

#include "carrier_variants.h"

/*
 * A request that succeeds, and with one fault must not: it reads what is there,
 * or would change it.
 */
static inline struct kvs_req carrier_req(struct _test_data_carrier *self,
					 __u16 verb)
{
	switch (verb) {
	case KVS_GET:
		return req_get(PROBE_BLOB, self->buf, sizeof(self->buf));
	case KVS_PUT:
		return req_put_str(PROBE_BLOB, "spoilt");
	case KVS_DELETE:
		return req_delete(PROBE_BLOB);
	case KVS_ADD:
		return req_add(PROBE_COUNTER, 1);
	case KVS_XCHG:
		return req_number(KVS_XCHG, PROBE_COUNTER, 1);
	case KVS_BITOP:
		self->bitop = (struct kvs_bitop_args){
			.size = sizeof(self->bitop),
			.op = KVS_BITOP_XOR,
			.operand = 1,
			.mask = 1,
		};
		return req_operands(req_verb(KVS_BITOP, PROBE_COUNTER),
				    &self->bitop);
	case KVS_BUCKET:
		self->bucket = (struct kvs_bucket_args){
			.size = sizeof(self->bucket),
			.interval_ns = 1,
			.burst = 1,
			.cost = 1,
		};
		return req_operands(req_verb(KVS_BUCKET, PROBE_COUNTER),
				    &self->bucket);
	case KVS_TOUCH:
		return req_touch(PROBE_BLOB, KVS_TOUCH_PERSIST);
	default:
		return req_stat(PROBE_BLOB, &self->stat);
	}
}

static inline struct kvs_req carrier_add_args(struct _test_data_carrier *self,
					      __s64 initial, __s64 min,
					      __s64 max)
{
	self->args = (struct kvs_add_args){
		.size = sizeof(self->args),
		.initial = initial,
		.min = min,
		.max = max,
	};
	return req_args(req_add(PROBE_COUNTER, 1), &self->args);
}

/* Does the store hold what it held when the test began? */
static inline bool carrier_unchanged(struct _test_data_carrier *self)
{
	int fd = self->door.fd;
	char value[64];
	__s64 number;

	return control_version(fd) == self->version &&
	       !control_request(fd, req_get(PROBE_BLOB, value, 64)) &&
	       !memcmp(value, PROBE_VALUE, PROBE_LEN) &&
	       !control_request(fd, req_get(PROBE_COUNTER, &number, 8)) &&
	       number == PROBE_NUMBER &&
	       control_request(fd, req_get(PROBE_MISSING, NULL, 0)) == -ENOENT;
}

/*
 * @req is refused with @want, which stands in its result too, nothing is
 * written but 16 bytes of result, and the store stays as it is.
 */
static inline void carrier_refuse(struct __test_metadata *_metadata,
				  struct _test_data_carrier *self, int want,
				  struct kvs_req req, const char *name,
				  unsigned int row)
{
	struct kvs_res *res = &self->res;

	poison(res, sizeof(*res));
	poison(self->buf, sizeof(self->buf));
	poison(&self->stat, sizeof(self->stat));
	req.result = addr_of(res);
	EXPECT_EQ(want, door_send(&self->door, &req))
	{
		TH_LOG("verb %u, %s %#x", req.verb, name, row);
	}
	EXPECT_EQ(want, res->status);
	/* Where a copy failed halfway, what was to be copied may be told */
	if (want != -EFAULT)
		EXPECT_TRUE(is_zero(&res->flags,
				    KVS_RES_SHORT - sizeof(res->status)));
	if (!(req.flags & KVS_F_FULL_RESULT))
		EXPECT_TRUE(is_poison(&res->version, RES_REST));
	EXPECT_TRUE(is_poison(self->buf, sizeof(self->buf)));
	EXPECT_TRUE(is_poison(&self->stat, sizeof(self->stat)));
	EXPECT_TRUE(carrier_unchanged(self))
	{
		TH_LOG("changed: verb %u, %s %#x", req.verb, name, row);
	}
}

#endif /* KVS_TEST_CARRIER_FIXTURE_H */
