// SPDX-License-Identifier: GPL-2.0-only
/*
 * User memory that changes while the kernel reads it. What is checked is what
 * is used: each request is refused, or does one thing that the memory could
 * have said.
 */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "door.h"
#include "fetch.h"
#include "scan.h"

#define LONG_KEY 100
#define COUNTER "df.counter"

FIXTURE(fetch)
{
	struct door door;
	struct figures figures;
	struct scribble scribble;
	struct kvs_req shared;
	struct kvs_res res;
	long until;
	long ms;
};

FIXTURE_VARIANT(fetch)
{
	enum door_kind kind;
	unsigned int how;
};

FIXTURE_SETUP(fetch)
{
	fetch_fill();
	ASSERT_EQ(0, door_open(&self->door, variant->kind, variant->how));
	fetch_remove(self->door.fd);
	self->figures = figures_now();
	self->ms = kvs_test_size("DOUBLE_FETCH_MS");
}

/* Nothing is under any other key either. */
FIXTURE_TEARDOWN(fetch)
{
	fetch_remove(self->door.fd);
	control_request(self->door.fd, req_delete(COUNTER));
	EXPECT_TRUE(figures_return(&self->figures));
	door_close(&self->door);
}

/* clang-format off */
FIXTURE_VARIANT_ADD(fetch, ioctl_req) {
	.kind = DOOR_IOCTL_REQ,
};

FIXTURE_VARIANT_ADD(fetch, ioctl_vec) {
	.kind = DOOR_IOCTL_VEC,
};

FIXTURE_VARIANT_ADD(fetch, uring_vec) {
	.kind = DOOR_URING_VEC,
};

FIXTURE_VARIANT_ADD(fetch, uring_vec_sqpoll) {
	.kind = DOOR_URING_VEC, .how = DOOR_SQPOLL,
};

/* clang-format on */

static bool goes_on(struct _test_data_fetch *self)
{
	return scribble_goes_on(&self->until, self->ms);
}

/* The request is read from where it is scribbled at. */
static int send_shared(struct _test_data_fetch *self)
{
	struct kvs_vec vec = { .reqs = addr_of(&self->shared), .count = 1 };

	if (self->door.kind == DOOR_IOCTL_REQ)
		return control_ioctl(self->door.fd, KVS_IOC_REQ, &self->shared);
	return door_send_vec(&self->door, &vec);
}

/* @one and @other in turn; what may come of a mixture is in @statuses. */
static void scribble_request(struct __test_metadata *_metadata,
			     struct _test_data_fetch *self, struct kvs_req one,
			     struct kvs_req other, const int *statuses)
{
	long count = 0;
	int status;

	one.result = addr_of(&self->res);
	other.result = addr_of(&self->res);
	ASSERT_EQ(0, scribble_start(&self->scribble, &self->shared, &one,
				    &other, sizeof(one)));
	while (goes_on(self) && !_metadata->exit_code) {
		status = send_shared(self);
		fetch_expect(_metadata, status, statuses);
		EXPECT_EQ(status, self->res.status);
		EXPECT_TRUE(fetch_store_is_sound(self->door.fd));
		count++;
	}
	scribble_stop(&self->scribble);
	printf("# %ld requests\n", count);
}

TEST_F(fetch, fields)
{
	const int statuses[] = { 0 };

	scribble_request(_metadata, self, fetch_put(0), fetch_put(1), statuses);
}

/* A length that is checked must be the one that is copied. */
TEST_F(fetch, length_too_long)
{
	const int statuses[] = { -EFBIG, 0 };
	struct kvs_req other = fetch_put(0);

	other.value_len |= KVS_MAX_VALUE;
	scribble_request(_metadata, self, fetch_put(0), other, statuses);
}

/* With the fields of another verb it is nothing at all. */
TEST_F(fetch, verb)
{
	const int statuses[] = { -EOPNOTSUPP, 0 };
	struct kvs_req other = fetch_put(0);

	other.verb = KVS_DELETE;
	scribble_request(_metadata, self, fetch_put(0), other, statuses);
}

/* A key in the request, or an address in its place. */
TEST_F(fetch, key_or_address)
{
	const int statuses[] = { -ENOENT, -EOPNOTSUPP, -EFAULT, -ENAMETOOLONG,
				 0 };
	struct kvs_req one = req_verb(KVS_GET, "df.xyyyyyyyyyyyyyyyyyyyy");
	struct kvs_req other = req_key(KVS_GET, fetch_values.y, LONG_KEY);

	scribble_request(_metadata, self, one, other, statuses);
}

TEST_F(fetch, flags)
{
	const int statuses[] = { -ENOENT, -EEXIST,     -EINVAL,
				 -ESTALE, -EOPNOTSUPP, 0 };
	struct kvs_req one = fetch_put(0);
	struct kvs_req other = fetch_put(1);

	one.flags = KVS_F_CREATE;
	other.flags = KVS_F_REPLACE | KVS_F_FULL_RESULT;
	other.key_len = one.key_len;
	scribble_request(_metadata, self, one, other, statuses);
}

/* The entry is found under the bytes that it holds. */
TEST_F(fetch, long_key)
{
	const int statuses[] = { -ENOENT, 0 };
	char one[LONG_KEY], other[LONG_KEY], key[LONG_KEY];
	int fd = self->door.fd;
	struct kvs_req req;
	bool put = false;

	memset(one, 'k', sizeof(one));
	memset(other, 'k', sizeof(other));
	other[LONG_KEY - 1] = 'l';
	ASSERT_EQ(0, scribble_start(&self->scribble, key, one, other,
				    sizeof(key)));
	while (goes_on(self)) {
		put = !put;
		req = req_key(put ? KVS_PUT : KVS_DELETE, key, sizeof(key));
		req.value = put ? addr_of(fetch_values.x) : 0;
		req.value_len = put ? FETCH_SHORT : 0;
		fetch_expect(_metadata, door_do(&self->door, req, &self->res),
			     statuses);
		if (put)
			EXPECT_EQ(FETCH_SHORT, self->res.len);
		EXPECT_GE(self->figures.entries + 2, figure("entries"));
	}
	scribble_stop(&self->scribble);
	control_request(fd, req_key(KVS_DELETE, one, sizeof(one)));
	control_request(fd, req_key(KVS_DELETE, other, sizeof(other)));
}

/* What the result says of the number is what the entry holds. */
TEST_F(fetch, counter_value)
{
	const __s64 one = 0x11, other = 0x22;
	struct kvs_res res;
	__s64 number, stored;

	ASSERT_EQ(0, scribble_start(&self->scribble, &number, &one, &other,
				    sizeof(number)));
	while (goes_on(self)) {
		EXPECT_EQ(0, door_do(&self->door,
				     req_put_counter(COUNTER, &number), &res));
		EXPECT_TRUE(res.number == one || res.number == other);
		EXPECT_EQ(0, control_request(self->door.fd,
					     req_get(COUNTER, &stored, 8)));
		EXPECT_EQ(stored, res.number);
	}
	scribble_stop(&self->scribble);
}

/* Small values are taken by one way, large ones by another. */
static void scribble_value(struct __test_metadata *_metadata,
			   struct _test_data_fetch *self, __u32 len)
{
	static char value[4096], stored[4096];
	struct kvs_req req = fetch_put(0);
	__u32 i;

	req.value = addr_of(value);
	req.value_len = len;
	ASSERT_EQ(0, scribble_start(&self->scribble, value, fetch_values.x,
				    fetch_values.y, len));
	while (goes_on(self)) {
		EXPECT_EQ(0, door_do(&self->door, req, &self->res));
		EXPECT_EQ(len, self->res.len);
		EXPECT_EQ(0, control_request(self->door.fd,
					     req_get("df.x", stored, 4096)));
		for (i = 0; i < len; i++)
			EXPECT_TRUE(stored[i] == 'x' || stored[i] == 'y');
	}
	scribble_stop(&self->scribble);
}

TEST_F(fetch, small_value)
{
	scribble_value(_metadata, self, FETCH_SHORT);
}

TEST_F(fetch, large_value)
{
	scribble_value(_metadata, self, FETCH_LONG);
}

struct sized_args {
	struct kvs_add_args args;
	__u64 tail;
};

/* Bounds that are checked against each other are those that are kept. */
static void scribble_args(struct __test_metadata *_metadata,
			  struct _test_data_fetch *self,
			  const struct sized_args *one,
			  const struct sized_args *other)
{
	const int statuses[] = { -EINVAL, -E2BIG, -EOVERFLOW, -EOPNOTSUPP, 0 };
	struct sized_args shared;
	struct kvs_res res;
	struct kvs_req req;
	int status;

	ASSERT_EQ(0, scribble_start(&self->scribble, &shared, one, other,
				    sizeof(shared)));
	req = req_args(req_add_create(COUNTER, 30), &shared.args);
	req.flags |= KVS_F_MIN | KVS_F_MAX | KVS_F_WRAP;
	while (goes_on(self)) {
		status = door_do(&self->door, req, &res);
		fetch_expect(_metadata, status, statuses);
		if (!status)
			EXPECT_TRUE(res.number >= 0 && res.number <= 255);
		/* The next one begins anew, with the initial value of then */
		control_request(self->door.fd, req_delete(COUNTER));
	}
	scribble_stop(&self->scribble);
}

TEST_F(fetch, add_args)
{
	const struct sized_args one = {
		.args = { .size = sizeof(one.args), .initial = 5, .max = 10 },
	};
	const struct sized_args other = {
		.args = { .size = sizeof(one.args),
			  .initial = 150,
			  .min = 100,
			  .max = 200 },
	};

	scribble_args(_metadata, self, &one, &other);
}

TEST_F(fetch, size_of_args)
{
	struct sized_args one = {
		.args = { .size = sizeof(one.args), .max = 100 },
		.tail = 1,
	};
	struct sized_args other = one;

	other.args.size = sizeof(one);
	scribble_args(_metadata, self, &one, &other);
	self->until = 0;
	other.args.size = 8;
	scribble_args(_metadata, self, &one, &other);
	self->until = 0;
	other.args.size = 0xffffff00U;
	scribble_args(_metadata, self, &one, &other);
}

/* Bytes that are compared are as many as were read. */
TEST_F(fetch, value_args)
{
	const int statuses[] = { -ESTALE, -EINVAL, -E2BIG, -EOPNOTSUPP, 0 };
	const struct kvs_value_args one = {
		.size = sizeof(one),
		.expect = addr_of(fetch_values.x),
		.expect_len = FETCH_SHORT,
	};
	const struct kvs_value_args other = {
		.size = sizeof(other) + 8,
		.expect = addr_of(fetch_values.y),
		.expect_len = FETCH_LONG,
	};
	struct kvs_req req = fetch_put(0);
	struct {
		struct kvs_value_args args;
		__u64 tail;
	} shared = { .tail = 1 };

	req = req_operands(req, &shared.args);
	req.flags |= KVS_F_IF_EQ;
	ASSERT_EQ(0, control_request(self->door.fd, fetch_put(0)));
	ASSERT_EQ(0, scribble_start(&self->scribble, &shared.args, &one, &other,
				    sizeof(one)));
	while (goes_on(self)) {
		fetch_expect(_metadata, door_do(&self->door, req, &self->res),
			     statuses);
		EXPECT_TRUE(fetch_store_is_sound(self->door.fd));
	}
	scribble_stop(&self->scribble);
}

/*
 * Lengths that are checked are those that are copied, and the key that a page
 * ended at is where it was. The kernel writes there, too.
 */
TEST_F(fetch, scan_args)
{
	const int statuses[] = { -EINVAL,     -E2BIG,  -ENAMETOOLONG,
				 -EOPNOTSUPP, -EFAULT, 0 };
	struct kvs_scan_args other;
	static struct scan scan;
	struct {
		struct kvs_scan_args args;
		__u64 tail;
	} shared = { .tail = 1 };
	struct kvs_req req;

	ASSERT_EQ(0, control_request(self->door.fd, fetch_put(0)));
	ASSERT_EQ(0, control_request(self->door.fd, fetch_put(1)));
	scan_begin(&scan, KVS_SCAN_AFTER);
	scan_from(&scan, "df.", 3);
	scan_after(&scan, "df.x", 4);
	other = scan.args;
	other.size += 8;
	other.flags = KVS_SCAN_DESCENDING | KVS_SCAN_PREFIX;
	other.start_len = KVS_MAX_KEY + 3;
	other.last_len = KVS_MAX_KEY + 4;
	other.limit = 1;
	req = scan_req(&scan, SCAN_PAGE);
	req.cond = addr_of(&shared);
	ASSERT_EQ(0, scribble_start(&self->scribble, &shared.args, &scan.args,
				    &other, sizeof(other)));
	while (goes_on(self)) {
		fetch_expect(_metadata, door_do(&self->door, req, &self->res),
			     statuses);
		EXPECT_GE(self->figures.entries + 2, figure("entries"));
	}
	scribble_stop(&self->scribble);
	EXPECT_TRUE(fetch_store_is_sound(self->door.fd));
}

TEST_HARNESS_MAIN
