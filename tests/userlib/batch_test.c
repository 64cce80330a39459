// SPDX-License-Identifier: GPL-2.0-only
/* Many requests in one call. */
#include <errno.h>
#include <stdio.h>
#include <sys/mman.h>

#include "steps.h"
#include "store_fixture.h"

#define KEY "batch.key"
#define KEY_LEN (sizeof(KEY) - 1)

/* A batch, with all that it names */
static struct {
	struct kvs_request requests[KVS_BATCH_MAX + 1];
	struct kvs_result results[KVS_BATCH_MAX + 1];
	char keys[KVS_BATCH_MAX + 1][16];
	uint64_t values[KVS_BATCH_MAX + 1];
} all;

static size_t key_len(size_t i)
{
	return snprintf(all.keys[i], sizeof(all.keys[i]), "batch.%zu", i);
}

static void build_puts(size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		all.values[i] = i * i;
		kvs_request_put(&all.requests[i], all.keys[i], key_len(i),
				&all.values[i], sizeof(all.values[i]), 0,
				&all.results[i]);
	}
}

static void build_gets(size_t count)
{
	size_t i;

	poison(all.values, sizeof(all.values));
	for (i = 0; i < count; i++)
		kvs_request_get(&all.requests[i], all.keys[i], key_len(i),
				&all.values[i], sizeof(all.values[i]), 0,
				&all.results[i]);
}

static void build_deletes(size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		kvs_request_delete(&all.requests[i], all.keys[i], key_len(i), 0,
				   &all.results[i]);
}

TEST_F(store, largest_batch)
{
	const size_t count = KVS_BATCH_MAX;
	size_t i;

	build_puts(count);
	ASSERT_EQ(0, kvs_batch(self->kvs, all.requests, count));
	for (i = 0; i < count; i++)
		ASSERT_EQ(0, all.results[i].status);

	build_gets(count);
	ASSERT_EQ(0, kvs_batch(self->kvs, all.requests, count));
	for (i = 0; i < count; i++) {
		ASSERT_EQ(0, all.results[i].status);
		ASSERT_EQ(8, all.results[i].length);
		ASSERT_EQ(i * i, all.values[i]);
	}

	build_deletes(count);
	ASSERT_EQ(0, kvs_batch(self->kvs, all.requests, count));
	ASSERT_EQ(0, kvs_batch(self->kvs, all.requests, count));
	for (i = 0; i < count; i++)
		ASSERT_EQ(-ENOENT, all.results[i].status);
}

TEST_F(store, counts_out_of_range)
{
	static const size_t counts[] = {
		0,	  KVS_BATCH_MAX + 1, UINT32_MAX, (size_t)UINT32_MAX + 2,
		SIZE_MAX,
	};
	size_t i;

	build_puts(KVS_BATCH_MAX + 1);
	for (i = 0; i < ARRAY_SIZE(counts); i++)
		EXPECT_EQ(-EINVAL,
			  kvs_batch(self->kvs, all.requests, counts[i]));
	EXPECT_EQ(-EINPROGRESS, all.results[0].status);
	EXPECT_EQ(-ENOENT, step_get(self->kvs, "batch.0", NULL, 0, NULL));
}

TEST_F(store, batch_of_one_returns_its_status)
{
	struct kvs_request request;

	step_delete(self->kvs, KEY);
	kvs_request_get(&request, KEY, KEY_LEN, NULL, 0, 0, NULL);
	EXPECT_EQ(-ENOENT, kvs_batch(self->kvs, &request, 1));
	ASSERT_EQ(0, step_put(self->kvs, KEY, "value", NULL));
	EXPECT_EQ(0, kvs_batch(self->kvs, &request, 1));
}

TEST_F(store, requests_are_independent_and_in_order)
{
	struct kvs_request requests[5];
	struct kvs_result res[5];
	char buf[8];

	step_delete(self->kvs, KEY);
	kvs_request_get(&requests[0], KEY, KEY_LEN, buf, 8, 0, &res[0]);
	kvs_request_put(&requests[1], KEY, KEY_LEN, "abc", 3, 0, &res[1]);
	kvs_request_add(&requests[2], KEY, KEY_LEN, 1, 0, &res[2]);
	kvs_request_get(&requests[3], KEY, KEY_LEN, buf, 8, 0, &res[3]);
	kvs_request_delete(&requests[4], KEY, KEY_LEN, 0, &res[4]);
	ASSERT_EQ(0, kvs_batch(self->kvs, requests, 5));
	EXPECT_EQ(-ENOENT, res[0].status);
	EXPECT_EQ(0, res[1].status);
	EXPECT_EQ(-EPROTOTYPE, res[2].status);
	EXPECT_EQ(0, res[3].status);
	EXPECT_EQ(3, res[3].length);
	EXPECT_EQ(res[1].version, res[3].version);
	EXPECT_EQ(0, memcmp("abc", buf, 3));
	EXPECT_EQ(0, res[4].status);
}

TEST_F(store, rights_are_per_request)
{
	struct kvs_request requests[2];
	struct kvs_result res[2];
	struct kvs *narrow;

	ASSERT_EQ(0, step_put(self->kvs, KEY, "value", NULL));
	ASSERT_EQ(0, kvs_restrict(self->kvs, KVS_MAY_READ, &narrow));
	kvs_request_delete(&requests[0], KEY, KEY_LEN, 0, &res[0]);
	kvs_request_get(&requests[1], KEY, KEY_LEN, NULL, 0, 0, &res[1]);
	EXPECT_EQ(0, kvs_batch(narrow, requests, 2));
	EXPECT_EQ(-EACCES, res[0].status);
	EXPECT_EQ(0, res[1].status);
	kvs_close(narrow);
}

/* What did not run can be told from what did. */
TEST_F(store, batch_that_ends_early)
{
	struct kvs_request requests[3];
	struct kvs_result res[3];

	ASSERT_EQ(0, step_put(self->kvs, KEY, "value", NULL));
	kvs_request_get(&requests[0], KEY, KEY_LEN, NULL, 0, 0, &res[0]);
	kvs_request_get(&requests[1], KEY, KEY_LEN, NULL, 0, 0, NULL);
	kvs_request_get(&requests[2], KEY, KEY_LEN, NULL, 0, 0, &res[2]);
	EXPECT_EQ(-EINVAL, kvs_batch(self->kvs, requests, 3));
	EXPECT_EQ(-EINPROGRESS, res[2].status);
}

TEST_F(store, batch_that_cannot_be_read)
{
	struct kvs_request *pages;

	pages = mmap(NULL, 8192, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, pages);
	ASSERT_EQ(0, munmap((char *)pages + 4096, 4096));
	EXPECT_EQ(-EFAULT, kvs_batch(self->kvs, NULL, 2));
	/* Its last request lies half in the page that is gone. */
	pages = (void *)((char *)pages + 4096 - sizeof(*pages) * 3 / 2);
	kvs_request_get(&pages[0], KEY, KEY_LEN, NULL, 0, 0, &all.results[0]);
	EXPECT_EQ(-EFAULT, kvs_batch(self->kvs, pages, 2));
	EXPECT_NE(-EINPROGRESS, all.results[0].status);
}

TEST_HARNESS_MAIN
