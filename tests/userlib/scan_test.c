// SPDX-License-Identifier: GPL-2.0-only
/* Ranges: told page by page, by a scan, counted, removed. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "carrier_fixture.h"

#define KEYS 100
#define MANY 5000 /* more than one page looks at */

#define NARROW "scan.narrow"

static int fill(struct kvs *kvs, int count)
{
	char key[16];
	int i, ret = 0;

	for (i = 0; i < count && !ret; i++) {
		snprintf(key, sizeof(key), "key.%05d", i);
		ret = step_put(kvs, key, "value", NULL);
	}
	return ret;
}

static bool is_key(const struct kvs_scan_entry *entry, int number)
{
	char key[16];

	snprintf(key, sizeof(key), "key.%05d", number);
	return entry->key_len == 9 && !memcmp(entry->key, key, 9);
}

TEST_F(carrier, pages)
{
	uint64_t buf[64];
	struct kvs_page page = { .buf = buf, .buf_len = sizeof(buf) };
	struct kvs_scan_entry entry;
	int seen = 0;

	ASSERT_EQ(0, fill(self->carrier.kvs, KEYS));
	kvs_request_scan(&self->request, &page, &self->res);
	EXPECT_EQ(-EINPROGRESS, self->res.status);
	do {
		ASSERT_EQ(0, run(self));
		/* 32 bytes before each key of 16, and a value of 8 */
		EXPECT_GE(9, self->res.number);
		while (kvs_page_next(&page, &self->res, &entry)) {
			EXPECT_TRUE(is_key(&entry, seen++));
			EXPECT_EQ(5, entry.length);
			EXPECT_EQ(0, memcmp("value", entry.value, 5));
		}
	} while (kvs_page_more(&page, &self->res));
	EXPECT_EQ(KEYS, seen);
	EXPECT_EQ(0, kvs_page_next(&page, &self->res, &entry));
}

TEST_F(carrier, a_page_too_small)
{
	uint64_t buf[4];
	struct kvs_page page = { .buf = buf, .buf_len = sizeof(buf) };
	struct kvs_scan_entry entry;

	ASSERT_EQ(0, fill(self->carrier.kvs, 1));
	kvs_request_scan(&self->request, &page, &self->res);
	EXPECT_EQ(-ERANGE, run(self));
	EXPECT_EQ(56, self->res.length);
	EXPECT_EQ(0, kvs_page_next(&page, &self->res, &entry));
	EXPECT_EQ(0, kvs_page_more(&page, &self->res));
}

TEST_F(carrier, removed_in_pages)
{
	struct kvs_page page = { .limit = 30 };
	int removed = 0;

	ASSERT_EQ(0, fill(self->carrier.kvs, KEYS));
	kvs_request_delete_range(&self->request, &page, &self->res);
	do {
		ASSERT_EQ(0, run(self));
		EXPECT_GE(30, self->res.number);
		removed += self->res.number;
	} while (kvs_page_more(&page, &self->res));
	EXPECT_EQ(KEYS, removed);
}

FIXTURE(scan)
{
	struct kvs *kvs;
	struct kvs_scan *scan;
	struct kvs_scan_entry entry;
};

FIXTURE_SETUP(scan)
{
	ASSERT_EQ(0, kvs_open(NULL, O_RDWR, &self->kvs));
	ASSERT_EQ(0, kvs_store_flush(self->kvs, NULL));
	self->scan = NULL;
}

FIXTURE_TEARDOWN(scan)
{
	kvs_scan_close(self->scan);
	EXPECT_EQ(0, kvs_store_flush(self->kvs, NULL));
	kvs_close(self->kvs);
}

static void expect_numbers(struct __test_metadata *_metadata,
			   FIXTURE_DATA(scan) * self,
			   const struct kvs_range *range,
			   const struct kvs_scan_options *options, int first,
			   int count, int step)
{
	int i;

	ASSERT_EQ(0, kvs_scan_open(self->kvs, range, options, &self->scan));
	for (i = 0; i < count; i++) {
		ASSERT_EQ(1, kvs_scan_next(self->scan, &self->entry));
		EXPECT_TRUE(is_key(&self->entry, first + i * step));
	}
	/* And the end stays the end */
	EXPECT_EQ(0, kvs_scan_next(self->scan, &self->entry));
	EXPECT_EQ(0, kvs_scan_next(self->scan, &self->entry));
	kvs_scan_close(self->scan);
	self->scan = NULL;
}

TEST_F(scan, ranges)
{
	const struct kvs_range all = { .flags = 0 };
	const struct kvs_range down = { .flags = KVS_RANGE_REVERSE };
	const struct kvs_range part = {
		.start = "key.00010",
		.start_len = 9,
		.end = "key.00020",
		.end_len = 9,
	};
	const struct kvs_range prefix = {
		.start = "key.0003",
		.start_len = 8,
		.flags = KVS_RANGE_PREFIX | KVS_RANGE_REVERSE,
	};

	ASSERT_EQ(0, fill(self->kvs, KEYS));
	expect_numbers(_metadata, self, NULL, NULL, 0, KEYS, 1);
	expect_numbers(_metadata, self, &all, NULL, 0, KEYS, 1);
	expect_numbers(_metadata, self, &down, NULL, KEYS - 1, KEYS, -1);
	expect_numbers(_metadata, self, &part, NULL, 10, 10, 1);
	expect_numbers(_metadata, self, &prefix, NULL, 39, 10, -1);
}

TEST_F(scan, options)
{
	struct kvs_scan_options options = { .page_size = 1 };

	ASSERT_EQ(0, fill(self->kvs, KEYS));
	/* An entry a page, which is made large enough for one */
	expect_numbers(_metadata, self, NULL, &options, 0, KEYS, 1);
	options.limit = 17;
	expect_numbers(_metadata, self, NULL, &options, 0, 17, 1);
	options.page_size = 200;
	expect_numbers(_metadata, self, NULL, &options, 0, 17, 1);
	options.limit = KEYS + 1;
	expect_numbers(_metadata, self, NULL, &options, 0, KEYS, 1);
	options.flags = KVS_PAGE_KEYS;
	expect_numbers(_metadata, self, NULL, &options, 0, KEYS, 1);
}

TEST_F(scan, more_than_a_page_visits)
{
	const struct kvs_range down = { .flags = KVS_RANGE_REVERSE };
	uint64_t count;

	ASSERT_EQ(0, fill(self->kvs, MANY));
	expect_numbers(_metadata, self, NULL, NULL, 0, MANY, 1);
	expect_numbers(_metadata, self, &down, NULL, MANY - 1, MANY, -1);
	EXPECT_EQ(0, kvs_count(self->kvs, NULL, &count));
	EXPECT_EQ(MANY, count);
	EXPECT_EQ(0, kvs_delete_range(self->kvs, &down, &count));
	EXPECT_EQ(MANY, count);
	EXPECT_EQ(0, kvs_count(self->kvs, NULL, &count));
	EXPECT_EQ(0, count);
}

/* The caller's bounds are not needed any more. */
TEST_F(scan, bounds_are_copied)
{
	char start[] = "key.00010", end[] = "key.00012";
	struct kvs_range range = {
		.start = start, .start_len = 9, .end = end, .end_len = 9
	};

	ASSERT_EQ(0, fill(self->kvs, KEYS));
	ASSERT_EQ(0, kvs_scan_open(self->kvs, &range, NULL, &self->scan));
	poison(start, sizeof(start));
	poison(end, sizeof(end));
	poison(&range, sizeof(range));
	ASSERT_EQ(1, kvs_scan_next(self->scan, &self->entry));
	EXPECT_TRUE(is_key(&self->entry, 10));
	ASSERT_EQ(1, kvs_scan_next(self->scan, &self->entry));
	EXPECT_EQ(0, kvs_scan_next(self->scan, &self->entry));
}

TEST_F(scan, what_is_told_of_an_entry)
{
	static char large[100000];
	const struct kvs_scan_options keys = { .flags = KVS_PAGE_KEYS };
	struct kvs_scan_entry *entry = &self->entry;
	struct kvs_result res[2];

	poison(large, sizeof(large));
	ASSERT_EQ(0, step_put_counter(self->kvs, "counter", -5, &res[0]));
	/* Longer than a page of the library */
	ASSERT_EQ(0, kvs_put_ttl(self->kvs, "large", 5, large, sizeof(large),
				 UINT64_C(1000000000000), 0, &res[1]));
	ASSERT_EQ(0, kvs_scan_open(self->kvs, NULL, NULL, &self->scan));
	ASSERT_EQ(1, kvs_scan_next(self->scan, entry));
	EXPECT_EQ(KVS_ENTRY_COUNTER, entry->kind);
	EXPECT_EQ(-5, entry->number);
	EXPECT_EQ(8, entry->length);
	EXPECT_EQ(KVS_TTL_FOREVER, entry->ttl);
	EXPECT_EQ(res[0].version, entry->version);
	ASSERT_EQ(1, kvs_scan_next(self->scan, entry));
	EXPECT_EQ(KVS_ENTRY_BLOB, entry->kind);
	EXPECT_EQ(0, entry->number);
	EXPECT_EQ(sizeof(large), entry->length);
	EXPECT_TRUE(is_poison(entry->value, sizeof(large)));
	EXPECT_GE(UINT64_C(1000000000000), entry->ttl);
	EXPECT_LT(UINT64_C(900000000000), entry->ttl);
	EXPECT_EQ(res[1].version, entry->version);
	EXPECT_EQ(0, kvs_scan_next(self->scan, entry));
	kvs_scan_close(self->scan);

	ASSERT_EQ(0, kvs_scan_open(self->kvs, NULL, &keys, &self->scan));
	ASSERT_EQ(1, kvs_scan_next(self->scan, entry));
	EXPECT_NULL(entry->value);
	EXPECT_EQ(0, entry->length);
	EXPECT_EQ(0, entry->number);
	EXPECT_EQ(KVS_ENTRY_COUNTER, entry->kind);
}

TEST_F(scan, refusals)
{
	char key[KVS_KEY_MAX + 1] = { 0 };
	const struct kvs_range longer = { .start = key,
					  .start_len = sizeof(key) };
	struct kvs *narrow;
	uint64_t count = 7;

	EXPECT_EQ(-ENAMETOOLONG,
		  kvs_scan_open(self->kvs, &longer, NULL, &self->scan));
	EXPECT_NULL(self->scan);
	EXPECT_EQ(-ENAMETOOLONG, kvs_count(self->kvs, &longer, &count));
	EXPECT_EQ(0, count);
	EXPECT_EQ(-ENAMETOOLONG, kvs_delete_range(self->kvs, &longer, NULL));

	ASSERT_EQ(0, kvs_restrict(self->kvs, KVS_MAY_READ, &narrow));
	EXPECT_EQ(-EACCES, kvs_count(narrow, NULL, &count));
	ASSERT_EQ(0, kvs_scan_open(narrow, NULL, NULL, &self->scan));
	EXPECT_EQ(-EACCES, kvs_scan_next(self->scan, &self->entry));
	EXPECT_EQ(-EACCES, kvs_scan_next(self->scan, &self->entry));
	kvs_close(narrow);
}

/* One page is what who may write and list removes at a time. */
TEST_F(scan, removing_without_the_right_to_go_on)
{
	struct kvs *narrow;
	uint64_t count;

	ASSERT_EQ(0, fill(self->kvs, MANY));
	ASSERT_EQ(0, kvs_restrict(self->kvs, KVS_MAY_WRITE | KVS_MAY_LIST,
				  &narrow));
	EXPECT_EQ(-EACCES, kvs_delete_range(narrow, NULL, &count));
	EXPECT_LT(0, count);
	EXPECT_GT(MANY, count);
	EXPECT_EQ(0, kvs_delete_range(narrow, NULL, NULL));
	EXPECT_EQ(0, kvs_count(self->kvs, NULL, &count));
	EXPECT_EQ(0, count);
	kvs_close(narrow);
}

static int look(void *context, const struct kvs_store_item *item)
{
	unsigned int *flags = context;

	if (!strcmp(item->name, NARROW))
		*flags = item->flags;
	return 0;
}

/* Whether a store has an index is said when it is made. */
TEST(stores_with_and_without_an_index)
{
	const struct kvs_store_options with = { .set = KVS_OPTION_INDEX };
	unsigned int flags, i;
	struct kvs *kvs;
	uint64_t count;

	for (i = 0; i < 2; i++) {
		ASSERT_EQ(0, kvs_store_create(NARROW, i ? &with : NULL, O_RDWR,
					      &kvs));
		EXPECT_EQ(0, step_put(kvs, "key", "value", NULL));
		EXPECT_EQ(i ? 0 : -EOPNOTSUPP, kvs_count(kvs, NULL, &count));
		EXPECT_EQ(i, count);
		flags = ~0U;
		EXPECT_EQ(0, kvs_store_list(0, look, &flags));
		EXPECT_EQ(i ? KVS_ITEM_INDEX : 0, flags);
		EXPECT_EQ(-EOPNOTSUPP, kvs_store_alter(kvs, &with));
		EXPECT_EQ(0, kvs_store_destroy(kvs));
		kvs_close(kvs);
	}
}

TEST_HARNESS_MAIN
