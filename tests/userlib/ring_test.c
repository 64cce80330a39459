// SPDX-License-Identifier: GPL-2.0-only
/* Submission queue entries: what is written to them and what comes of it. */
#include <errno.h>
#include <stdio.h>

#include "carrier.h"
#include "steps.h"
#include "store_fixture.h"

#define KEY "ring.key"
#define KEY_LEN (sizeof(KEY) - 1)
#define TAG 0x0123456789abcdefULL
#define ENTRIES 8

/* Two entries side by side, of whatever size */
union slots {
	struct io_uring_sqe sqe;
	unsigned char bytes[256];
};

static void build_get(struct kvs_request *request, struct kvs_result *res)
{
	kvs_request_get(request, KEY, KEY_LEN, NULL, 0, 0, res);
}

TEST_F(store, entry_of_64_bytes)
{
	struct kvs_request request;
	union slots one, two;

	build_get(&request, NULL);
	poison(&one, sizeof(one));
	memset(&two, 0, sizeof(two));
	kvs_prep_request(&one.sqe, self->kvs, &request);
	kvs_prep_request(&two.sqe, self->kvs, &request);
	EXPECT_TRUE(is_poison(one.bytes + 64, sizeof(one) - 64));
	EXPECT_TRUE(is_poison(&one.sqe.user_data, sizeof(__u64)));
	/* Nothing else of what was there is left. */
	one.sqe.user_data = 0;
	EXPECT_EQ(0, memcmp(&one, &two, 64));
	EXPECT_EQ(IORING_OP_URING_CMD, one.sqe.opcode);
	EXPECT_EQ(kvs_fd(self->kvs), one.sqe.fd);
}

TEST_F(store, batch_in_64_bytes)
{
	struct kvs_request requests[3] = {};
	union slots one, two;

	poison(&one, sizeof(one));
	memset(&two, 0, sizeof(two));
	kvs_prep_batch(&one.sqe, self->kvs, requests, 3);
	kvs_prep_batch(&two.sqe, self->kvs, requests, 3);
	EXPECT_TRUE(is_poison(one.bytes + 64, sizeof(one) - 64));
	EXPECT_TRUE(is_poison(&one.sqe.user_data, sizeof(__u64)));
	one.sqe.user_data = 0;
	EXPECT_EQ(0, memcmp(&one, &two, 64));
}

TEST_F(store, entry_of_128_bytes)
{
	struct kvs_request request;
	union slots one, two;

	build_get(&request, NULL);
	poison(&one, sizeof(one));
	memset(&two, 0, sizeof(two));
	ASSERT_EQ(0,
		  kvs_prep_request128(&one.sqe,
				      IORING_SETUP_SQE128 | IORING_SETUP_CQSIZE,
				      self->kvs, &request));
	ASSERT_EQ(0, kvs_prep_request128(&two.sqe, IORING_SETUP_SQE128,
					 self->kvs, &request));
	EXPECT_TRUE(is_poison(one.bytes + 128, sizeof(one) - 128));
	EXPECT_TRUE(is_poison(&one.sqe.user_data, sizeof(__u64)));
	one.sqe.user_data = 0;
	EXPECT_EQ(0, memcmp(&one, &two, 128));
}

TEST_F(store, no_128_bytes_in_a_ring_of_64)
{
	static const unsigned int flags[] = {
		0,
		IORING_SETUP_SQPOLL,
		IORING_SETUP_CQE32,
		~IORING_SETUP_SQE128,
	};
	struct kvs_request request;
	union slots slots;
	size_t i;

	build_get(&request, NULL);
	poison(&slots, sizeof(slots));
	for (i = 0; i < ARRAY_SIZE(flags); i++)
		EXPECT_EQ(-EINVAL, kvs_prep_request128(&slots.sqe, flags[i],
						       self->kvs, &request));
	EXPECT_TRUE(is_poison(&slots, sizeof(slots)));
}

TEST_F(store, copied_request_may_go_before_it_runs)
{
	struct kvs_request request;
	struct io_uring_sqe *sqe;
	struct kvs_result res;
	struct io_uring ring;

	ASSERT_EQ(0, io_uring_queue_init(2, &ring, IORING_SETUP_SQE128));
	ASSERT_EQ(0, step_put(self->kvs, KEY, "value", NULL));
	build_get(&request, &res);
	sqe = io_uring_get_sqe(&ring);
	ASSERT_EQ(0, kvs_prep_request128(sqe, ring.flags, self->kvs, &request));
	io_uring_sqe_set_data64(sqe, RING_TAG);
	poison(&request, sizeof(request));
	EXPECT_EQ(0, ring_run(&ring));
	EXPECT_EQ(5, res.length);
	io_uring_queue_exit(&ring);
}

FIXTURE(ring)
{
	struct io_uring ring;
	struct kvs *kvs;
	struct kvs_request requests[ENTRIES];
	struct kvs_result results[ENTRIES];
};

FIXTURE_VARIANT(ring)
{
	unsigned int flags;
};

FIXTURE_SETUP(ring)
{
	ASSERT_EQ(0, io_uring_queue_init(ENTRIES, &self->ring, variant->flags));
	ASSERT_EQ(0, kvs_open(NULL, O_RDWR, &self->kvs));
	ASSERT_EQ(0, step_put_counter(self->kvs, KEY, 0, NULL));
}

FIXTURE_TEARDOWN(ring)
{
	kvs_close(self->kvs);
	io_uring_queue_exit(&self->ring);
}

/* clang-format off */
FIXTURE_VARIANT_ADD(ring, sqe64) {
	.flags = 0,
};

FIXTURE_VARIANT_ADD(ring, sqe128) {
	.flags = IORING_SETUP_SQE128,
};

FIXTURE_VARIANT_ADD(ring, cqe32) {
	.flags = IORING_SETUP_CQE32,
};

FIXTURE_VARIANT_ADD(ring, sqpoll) {
	.flags = IORING_SETUP_SQPOLL,
};

FIXTURE_VARIANT_ADD(ring, sqpoll_sqe128) {
	.flags = IORING_SETUP_SQPOLL | IORING_SETUP_SQE128,
};

/* clang-format on */

/* The next entry, with request @i in the form that fits the ring best */
static struct io_uring_sqe *prep(FIXTURE_DATA(ring) * self, unsigned int i)
{
	struct io_uring_sqe *sqe = io_uring_get_sqe(&self->ring);

	if (kvs_prep_request128(sqe, self->ring.flags, self->kvs,
				&self->requests[i]))
		kvs_prep_request(sqe, self->kvs, &self->requests[i]);
	io_uring_sqe_set_data64(sqe, TAG + i);
	return sqe;
}

static void build_add(FIXTURE_DATA(ring) * self, unsigned int i)
{
	kvs_request_add(&self->requests[i], KEY, KEY_LEN, 1, 0,
			&self->results[i]);
}

static int64_t number(FIXTURE_DATA(ring) * self)
{
	struct kvs_result res;

	return step_get(self->kvs, KEY, NULL, 0, &res) ? -1 : res.number;
}

/* Waits for @count completions and keeps the statuses by their tags. */
static int reap(FIXTURE_DATA(ring) * self, int *statuses, unsigned int count)
{
	struct io_uring_cqe *cqe;
	unsigned int i;
	int ret;

	for (i = 0; i < count; i++) {
		ret = io_uring_wait_cqe(&self->ring, &cqe);
		if (ret)
			return ret;
		if (cqe->user_data - TAG >= ENTRIES)
			return -EBADMSG;
		statuses[cqe->user_data - TAG] = kvs_cqe_status(cqe);
		io_uring_cqe_seen(&self->ring, cqe);
	}
	return io_uring_cq_ready(&self->ring) ? -EBADMSG : 0;
}

static int submit_and_reap(FIXTURE_DATA(ring) * self, int *statuses,
			   unsigned int count)
{
	int ret = io_uring_submit(&self->ring);

	memset(statuses, POISON, count * sizeof(*statuses));
	if (ret != (int)count)
		return ret < 0 ? ret : -EBADMSG;
	return reap(self, statuses, count);
}

TEST_F(ring, full_of_requests)
{
	int statuses[ENTRIES];
	unsigned int i;

	for (i = 0; i < ENTRIES; i++) {
		build_add(self, i);
		prep(self, i);
	}
	ASSERT_EQ(0, submit_and_reap(self, statuses, ENTRIES));
	for (i = 0; i < ENTRIES; i++) {
		EXPECT_EQ(0, statuses[i]);
		EXPECT_EQ(0, self->results[i].status);
	}
	EXPECT_EQ(ENTRIES, number(self));
}

TEST_F(ring, each_status_in_its_completion)
{
	int statuses[3];

	step_delete(self->kvs, "ring.absent");
	build_add(self, 0);
	kvs_request_get(&self->requests[1], "ring.absent", 11, NULL, 0, 0,
			NULL);
	build_add(self, 2);
	prep(self, 0);
	prep(self, 1);
	prep(self, 2);
	ASSERT_EQ(0, submit_and_reap(self, statuses, 3));
	EXPECT_EQ(0, statuses[0]);
	EXPECT_EQ(-ENOENT, statuses[1]);
	EXPECT_EQ(0, statuses[2]);
}

TEST_F(ring, forced_async)
{
	int statuses[2];

	build_add(self, 0);
	build_add(self, 1);
	prep(self, 0)->flags |= IOSQE_ASYNC;
	prep(self, 1)->flags |= IOSQE_ASYNC;
	ASSERT_EQ(0, submit_and_reap(self, statuses, 2));
	EXPECT_EQ(0, statuses[0]);
	EXPECT_EQ(0, statuses[1]);
	EXPECT_EQ(2, number(self));
}

TEST_F(ring, links_go_on_behind_success)
{
	int statuses[3];
	char buf[8];

	kvs_request_put(&self->requests[0], KEY, KEY_LEN, "linked", 6, 0,
			&self->results[0]);
	kvs_request_get(&self->requests[1], KEY, KEY_LEN, buf, sizeof(buf), 0,
			&self->results[1]);
	kvs_request_delete(&self->requests[2], KEY, KEY_LEN, 0,
			   &self->results[2]);
	prep(self, 0)->flags |= IOSQE_IO_LINK;
	prep(self, 1)->flags |= IOSQE_IO_LINK;
	prep(self, 2);
	ASSERT_EQ(0, submit_and_reap(self, statuses, 3));
	EXPECT_EQ(0, statuses[0]);
	EXPECT_EQ(0, statuses[1]);
	EXPECT_EQ(0, statuses[2]);
	EXPECT_EQ(6, self->results[1].length);
	EXPECT_EQ(0, memcmp("linked", buf, 6));
	EXPECT_LT(self->results[1].version, self->results[2].version);
}

TEST_F(ring, links_end_behind_failure)
{
	int statuses[3];

	kvs_request_put(&self->requests[0], KEY, KEY_LEN, "a", 1,
			KVS_FLAG_CREATE, &self->results[0]);
	build_add(self, 1);
	build_add(self, 2);
	prep(self, 0)->flags |= IOSQE_IO_LINK;
	prep(self, 1);
	prep(self, 2);
	ASSERT_EQ(0, submit_and_reap(self, statuses, 3));
	EXPECT_EQ(-EEXIST, statuses[0]);
	EXPECT_EQ(-EEXIST, self->results[0].status);
	EXPECT_EQ(-ECANCELED, statuses[1]);
	EXPECT_EQ(-EINPROGRESS, self->results[1].status);
	EXPECT_EQ(0, statuses[2]);
	EXPECT_EQ(1, number(self));
}

TEST_F(ring, registered_file)
{
	const int files[] = { -1, kvs_fd(self->kvs) };
	struct io_uring_sqe *sqe;
	int statuses[2];

	ASSERT_EQ(0, io_uring_register_files(&self->ring, files, 2));
	build_add(self, 0);
	build_add(self, 1);
	sqe = prep(self, 0);
	sqe->fd = 1;
	sqe->flags |= IOSQE_FIXED_FILE;
	sqe = prep(self, 1);
	sqe->fd = 0;
	sqe->flags |= IOSQE_FIXED_FILE;
	ASSERT_EQ(0, submit_and_reap(self, statuses, 2));
	EXPECT_EQ(0, statuses[0]);
	EXPECT_EQ(-EBADF, statuses[1]);
	EXPECT_EQ(-EINPROGRESS, self->results[1].status);
	EXPECT_EQ(1, number(self));
}

TEST_F(ring, batches)
{
	struct io_uring_sqe *sqe;
	int statuses[2];
	unsigned int i;

	for (i = 0; i < ENTRIES; i++)
		build_add(self, i);
	for (i = 0; i < 2; i++) {
		sqe = io_uring_get_sqe(&self->ring);
		kvs_prep_batch(sqe, self->kvs, &self->requests[4 * i], 4);
		io_uring_sqe_set_data64(sqe, TAG + i);
	}
	ASSERT_EQ(0, submit_and_reap(self, statuses, 2));
	EXPECT_EQ(0, statuses[0]);
	EXPECT_EQ(0, statuses[1]);
	for (i = 0; i < ENTRIES; i++)
		EXPECT_EQ(0, self->results[i].status);
	EXPECT_EQ(ENTRIES, number(self));
}

TEST_F(ring, batches_out_of_range)
{
	static const size_t counts[] = {
		0,
		KVS_BATCH_MAX + 1,
		(size_t)UINT32_MAX + 2,
		SIZE_MAX,
	};
	struct io_uring_sqe *sqe;
	int statuses[4];
	unsigned int i;

	build_add(self, 0);
	for (i = 0; i < 4; i++) {
		sqe = io_uring_get_sqe(&self->ring);
		kvs_prep_batch(sqe, self->kvs, self->requests, counts[i]);
		io_uring_sqe_set_data64(sqe, TAG + i);
	}
	ASSERT_EQ(0, submit_and_reap(self, statuses, 4));
	for (i = 0; i < 4; i++)
		EXPECT_EQ(-EINVAL, statuses[i]);
	EXPECT_EQ(-EINPROGRESS, self->results[0].status);
}

TEST_F(ring, handle_may_be_closed_in_flight)
{
	struct kvs *other;
	int statuses[1];

	ASSERT_EQ(0, kvs_open(NULL, O_RDWR, &other));
	build_add(self, 0);
	prep(self, 0)->fd = kvs_fd(other);
	ASSERT_EQ(1, io_uring_submit(&self->ring));
	if (self->ring.flags & IORING_SETUP_SQPOLL)
		ASSERT_EQ(0, reap(self, statuses, 1));
	kvs_close(other);
	if (!(self->ring.flags & IORING_SETUP_SQPOLL))
		ASSERT_EQ(0, reap(self, statuses, 1));
	EXPECT_EQ(0, statuses[0]);
}

TEST_F(ring, not_a_kvs_descriptor)
{
	int other = open("/proc/self/stat", O_RDONLY);
	int statuses[2];

	build_add(self, 0);
	build_add(self, 1);
	prep(self, 0)->fd = -1;
	prep(self, 1)->fd = other;
	ASSERT_EQ(0, submit_and_reap(self, statuses, 2));
	EXPECT_EQ(-EBADF, statuses[0]);
	EXPECT_EQ(-EOPNOTSUPP, statuses[1]);
	EXPECT_EQ(-EINPROGRESS, self->results[1].status);
	close(other);
}

TEST_HARNESS_MAIN
