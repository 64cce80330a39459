// SPDX-License-Identifier: GPL-2.0-only
/* Batches: what a vec may hold, what ends one, and what stands after that. */
#include <errno.h>
#include <fcntl.h>

#include <kselftest_harness.h>

#include "control.h"
#include "door.h"
#include "guard.h"
#include "request.h"

#define KEY "batch.key"

FIXTURE(batch)
{
	struct door door;
	struct kvs_req *reqs;
	struct kvs_res *res;
};

FIXTURE_VARIANT(batch)
{
	enum door_kind kind;
	unsigned int how;
};

/* clang-format off */
FIXTURE_VARIANT_ADD(batch, ioctl) {
	.kind = DOOR_IOCTL_VEC,
};

FIXTURE_VARIANT_ADD(batch, uring) {
	.kind = DOOR_URING_VEC,
};

FIXTURE_VARIANT_ADD(batch, uring_fixed_sqpoll) {
	.kind = DOOR_URING_VEC, .how = DOOR_FIXED | DOOR_SQPOLL,
};

FIXTURE_VARIANT_ADD(batch, uring_async) {
	.kind = DOOR_URING_VEC, .how = DOOR_ASYNC,
};

FIXTURE_VARIANT_ADD(batch, uring_link) {
	.kind = DOOR_URING_VEC, .how = DOOR_LINK,
};

/* clang-format on */

FIXTURE_SETUP(batch)
{
	ASSERT_EQ(0, door_open(&self->door, variant->kind, variant->how));
	self->reqs = calloc(KVS_MAX_BATCH + 1, sizeof(*self->reqs));
	self->res = calloc(KVS_MAX_BATCH + 1, sizeof(*self->res));
	ASSERT_NE(NULL, self->reqs);
	ASSERT_NE(NULL, self->res);
	control_request(self->door.fd, req_delete(KEY));
	poison(self->res, (KVS_MAX_BATCH + 1) * sizeof(*self->res));
}

FIXTURE_TEARDOWN(batch)
{
	free(self->reqs);
	free(self->res);
	door_close(&self->door);
}

/* @count times an ADD that makes the counter. */
static void fill_adds(struct _test_data_batch *self, __u32 count)
{
	__u32 i;

	for (i = 0; i < count; i++)
		self->reqs[i] =
			req_result(req_add_create(KEY, 1), &self->res[i]);
}

static int run_batch(struct _test_data_batch *self, __u32 count)
{
	struct kvs_vec vec = { .reqs = addr_of(self->reqs), .count = count };

	return door_send_vec(&self->door, &vec);
}

/* How often the ADD ran: 0 where the counter was never made. */
static __s64 added(struct _test_data_batch *self)
{
	__s64 number;

	if (control_request(self->door.fd, req_get(KEY, &number, 8)))
		return 0;
	return number;
}

TEST_F(batch, as_many_as_may_be)
{
	__s64 i;

	fill_adds(self, KVS_MAX_BATCH);
	ASSERT_EQ(0, run_batch(self, KVS_MAX_BATCH));
	for (i = 0; i < KVS_MAX_BATCH; i++) {
		EXPECT_EQ(0, self->res[i].status);
		EXPECT_EQ(i + 1, self->res[i].number);
		EXPECT_EQ(i ? 0U : KVS_RES_CREATED, self->res[i].flags);
	}
	EXPECT_EQ(KVS_MAX_BATCH, added(self));
	EXPECT_EQ(0, run_batch(self, KVS_MAX_BATCH - 1));
	EXPECT_EQ(2 * KVS_MAX_BATCH - 1, added(self));
}

TEST_F(batch, bad_counts)
{
	static const __u32 counts[] = { 0, KVS_MAX_BATCH + 1, 1U << 16,
					INT32_MAX, UINT32_MAX };
	size_t i;

	fill_adds(self, KVS_MAX_BATCH + 1);
	for (i = 0; i < ARRAY_SIZE(counts); i++) {
		EXPECT_EQ(-EINVAL, run_batch(self, counts[i]))
		{
			TH_LOG("count %u", counts[i]);
		}
		EXPECT_EQ(0, added(self));
		EXPECT_TRUE(is_poison(self->res, sizeof(*self->res)));
	}
}

TEST_F(batch, every_flag)
{
	struct kvs_vec vec = { .reqs = addr_of(self->reqs) };
	int bit;

	fill_adds(self, 2);
	for (bit = 0; bit < 32; bit++) {
		vec.flags = 1U << bit;
		for (vec.count = 1; vec.count <= 2; vec.count++)
			EXPECT_EQ(-EOPNOTSUPP,
				  door_send_vec(&self->door, &vec));
	}
	EXPECT_EQ(0, added(self));
}

TEST_F(batch, each_has_its_own_status)
{
	struct kvs_req *req = self->reqs;
	char buf[4];
	int i;

	*req++ = req_get(KEY, buf, sizeof(buf));
	*req++ = req_put_str(KEY, "value");
	*req++ = req_get(KEY, buf, sizeof(buf));
	*req++ = req_add(KEY, 1);
	*req++ = (struct kvs_req){ .verb = 0xffff };
	*req++ = req_put(KEY, NULL, 1);
	*req++ = req_verb(KVS_STAT, "");
	*req++ = req_delete(KEY);
	*req++ = req_delete(KEY);
	for (i = 0; i < 9; i++)
		self->reqs[i] = req_result(self->reqs[i], &self->res[i]);
	ASSERT_EQ(0, run_batch(self, 9));
	EXPECT_EQ(-ENOENT, self->res[0].status);
	EXPECT_EQ(0, self->res[1].status);
	EXPECT_EQ(-ERANGE, self->res[2].status);
	EXPECT_EQ(5U, self->res[2].len);
	EXPECT_EQ(-EPROTOTYPE, self->res[3].status);
	EXPECT_EQ(-EOPNOTSUPP, self->res[4].status);
	EXPECT_EQ(-EFAULT, self->res[5].status);
	EXPECT_EQ(-EINVAL, self->res[6].status);
	EXPECT_EQ(0, self->res[7].status);
	EXPECT_EQ(-ENOENT, self->res[8].status);
}

/* The one status of the call, and of the result if there is one. */
TEST_F(batch, of_one)
{
	self->reqs[0] = req_get(KEY, NULL, 0);
	EXPECT_EQ(-ENOENT, run_batch(self, 1));
	self->reqs[0] = req_add_create(KEY, 1);
	EXPECT_EQ(0, run_batch(self, 1));
	fill_adds(self, 1);
	EXPECT_EQ(0, run_batch(self, 1));
	EXPECT_EQ(2, self->res[0].number);
}

TEST_F(batch, ends_without_a_result)
{
	static const __u32 at[] = { 0, 1, 500, KVS_MAX_BATCH - 1 };
	__s64 ran = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(at); i++) {
		fill_adds(self, KVS_MAX_BATCH);
		poison(self->res, KVS_MAX_BATCH * sizeof(*self->res));
		self->reqs[at[i]].result = 0;
		EXPECT_EQ(-EINVAL, run_batch(self, KVS_MAX_BATCH));
		ran += at[i];
		EXPECT_EQ(ran, added(self));
		if (at[i])
			EXPECT_EQ(0, self->res[at[i] - 1].status);
		EXPECT_TRUE(is_poison(&self->res[at[i]],
				      sizeof(*self->res) *
					      (KVS_MAX_BATCH - at[i])));
	}
}

TEST_F(batch, ends_at_an_unwritable_result)
{
	static const __u32 at[] = { 0, 1, 500, KVS_MAX_BATCH - 1 };
	__s64 ran = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(at); i++) {
		fill_adds(self, KVS_MAX_BATCH);
		self->reqs[at[i]].result = addr_of(guard_read_only("", 1));
		EXPECT_EQ(-EFAULT, run_batch(self, KVS_MAX_BATCH));
		ran += at[i];
		EXPECT_EQ(ran, added(self));
	}
}

TEST_F(batch, ends_at_an_unreadable_request)
{
	static const __u32 counts[] = { 1, 2, 60, 51 };
	char *page = guard_alloc(1);
	struct kvs_vec vec = {};
	__s64 ran = 0;
	size_t i, whole;

	ASSERT_NE(NULL, page);
	fill_adds(self, 64);
	for (i = 0; i < ARRAY_SIZE(counts); i++) {
		/* All but the last byte of the last request is there */
		vec.count = counts[i];
		whole = counts[i] * sizeof(struct kvs_req) - 1;
		if (whole > GUARD_PAGE)
			whole = GUARD_PAGE - 8;
		vec.reqs = addr_of(guard_end(page, 1, whole));
		memcpy(guard_end(page, 1, whole), self->reqs, whole);
		EXPECT_EQ(-EFAULT, door_send_vec(&self->door, &vec));
		ran += whole / sizeof(struct kvs_req);
		EXPECT_EQ(ran, added(self));
	}
	guard_free(page, 1);
}

TEST_F(batch, bad_arrays)
{
	const __u64 addrs[] = { 0, addr_of(guard_hole()), 0xffff888000100000ULL,
				1ULL << 63, ~0ULL };
	struct kvs_vec vec = {};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(addrs); i++) {
		vec.reqs = addrs[i];
		for (vec.count = 1; vec.count <= 2; vec.count++)
			EXPECT_EQ(-EFAULT, door_send_vec(&self->door, &vec));
	}
	EXPECT_EQ(0, added(self));
}

TEST_F(batch, unbound)
{
	int fd = control_open(O_RDWR);
	struct kvs_vec vec = { .reqs = addr_of(self->reqs) };
	struct door door;

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, door_attach(&door, variant->kind, variant->how, fd));
	fill_adds(self, 2);
	for (vec.count = 1; vec.count <= 2; vec.count++)
		EXPECT_EQ(-ENOTCONN, door_send_vec(&door, &vec));
	EXPECT_EQ(0, added(self));
	door_close(&door);
}

/* Requests that have neither key nor value nor result in common. */
TEST_F(batch, of_many_keys)
{
	static char keys[KVS_MAX_BATCH][100];
	static char values[KVS_MAX_BATCH][40];
	struct kvs_req *req;
	__u32 i, len;

	for (i = 0; i < KVS_MAX_BATCH; i++) {
		len = 12 + i % 80;
		snprintf(keys[i], sizeof(keys[i]), "batch.%0*u", (int)len - 6,
			 i);
		req = &self->reqs[i];
		*req = req_put(keys[i], keys[i], i % sizeof(values[i]));
		*req = req_result(*req, &self->res[i]);
	}
	ASSERT_EQ(0, run_batch(self, KVS_MAX_BATCH));
	for (i = 0; i < KVS_MAX_BATCH; i++) {
		EXPECT_EQ(0, self->res[i].status);
		self->reqs[i] = req_result(req_get(keys[i], values[i],
						   sizeof(values[i])),
					   &self->res[i]);
	}
	ASSERT_EQ(0, run_batch(self, KVS_MAX_BATCH));
	for (i = 0; i < KVS_MAX_BATCH; i++) {
		EXPECT_EQ(i % sizeof(values[i]), self->res[i].len);
		EXPECT_EQ(0, memcmp(values[i], keys[i], self->res[i].len));
		self->reqs[i] = req_result(req_delete(keys[i]), &self->res[i]);
	}
	ASSERT_EQ(0, run_batch(self, KVS_MAX_BATCH));
	for (i = 0; i < KVS_MAX_BATCH; i++)
		EXPECT_EQ(0, self->res[i].status);
}

TEST_HARNESS_MAIN
