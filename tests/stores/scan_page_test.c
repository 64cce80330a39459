// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pages of a SCAN: what fills one, what is written of it, and how the next goes
 * on.
 */
#include <errno.h>
#include <stdio.h>

#include "scan_fixture.h"

/* An item of scan_fill(). */
#define NUMBERED_SIZE scan_size(SCAN_NUMBERED_LEN, 8)

/* Every byte that is not of a key or a value, but for what stands in items. */
static bool is_padded(const struct kvs_scan_item *item)
{
	const char *key_end = scan_key(item) + item->key_len;
	const char *value_end = scan_value(item) + item->value_len;
	const char *end = (const char *)item + item->next;

	return is_zero(key_end, scan_value(item) - key_end) &&
	       is_zero(value_end, end - value_end) && end - value_end < 8;
}

static bool is_untouched(const struct scan *scan, size_t from)
{
	return is_poison(scan->page + from, SCAN_PAGE - from);
}

/* Keys and values of all lengths up to 8, and some that are copied alone. */
TEST_F(scan, every_byte_of_an_item)
{
	static char bytes[5000] = { 1 };
	const struct kvs_scan_item *item;
	struct scan *scan = &self->scan;
	size_t used = 0, i, sum = 0;
	struct kvs_req req;

	memset(bytes, 0x11, sizeof(bytes));
	for (i = 1; i <= 100; i++) {
		req = req_key(KVS_PUT, bytes, i * 10);
		req.value = addr_of(bytes);
		req.value_len = i % 9 + (i % 10 ? 0 : 300 + i);
		sum += scan_size(i * 10, req.value_len);
		ASSERT_EQ(0, control_request(self->fd, req));
	}
	scan_begin(scan, 0);
	scan->args.limit = 60;
	ASSERT_EQ(0, scan_page(scan, &self->door, SCAN_PAGE));
	EXPECT_EQ(60, scan->res.number);
	item = scan_first(scan);
	for (i = 0; i < 60; i++, item = scan_next(item)) {
		EXPECT_TRUE(is_padded(item));
		EXPECT_EQ(scan_size(item->key_len, item->value_len),
			  item->next);
		used += item->next;
	}
	EXPECT_EQ(used, scan->res.len);
	EXPECT_GT(sum, used);
	/* And none behind */
	EXPECT_TRUE(is_untouched(scan, used));
	/* What is behind the key in its buffer is none of anybody's either */
	EXPECT_EQ(600U, scan->args.last_len);
	EXPECT_TRUE(is_zero(scan->last + 600, KVS_MAX_KEY - 600));
}

/* Of a longer key, behind which the page was to go on, nothing is left. */
TEST_F(scan, a_shorter_last_key)
{
	struct scan *scan = &self->scan;
	char key[KVS_MAX_KEY];

	memset(key, 'a', sizeof(key));
	ASSERT_EQ(0, control_request(self->fd, req_put_str("b", "1")));
	scan_begin(scan, 0);
	scan_after(scan, key, sizeof(key));
	ASSERT_EQ(0, scan_page(scan, &self->door, SCAN_PAGE));
	EXPECT_EQ(1, scan->res.number);
	EXPECT_EQ(1U, scan->args.last_len);
	EXPECT_EQ('b', scan->last[0]);
	EXPECT_TRUE(is_zero(scan->last + 1, KVS_MAX_KEY - 1));
}

TEST_F(scan, a_page_that_fits_exactly)
{
	const size_t whole = 10 * NUMBERED_SIZE;
	struct scan *scan = &self->scan;
	size_t less;

	ASSERT_EQ(0, scan_fill(self->fd, 0, 10));
	scan_begin(scan, 0);
	ASSERT_EQ(0, scan_page(scan, &self->door, whole));
	EXPECT_EQ(10, scan->res.number);
	EXPECT_EQ(whole, scan->res.len);
	EXPECT_FALSE(scan_has_more(scan));
	for (less = 1; less <= NUMBERED_SIZE; less++) {
		scan_begin(scan, 0);
		ASSERT_EQ(0, scan_page(scan, &self->door, whole - less));
		EXPECT_EQ(9, scan->res.number);
		EXPECT_EQ(9U, scan->res.visited);
		EXPECT_EQ(whole - NUMBERED_SIZE, scan->res.len);
		EXPECT_TRUE(scan_has_more(scan));
		EXPECT_TRUE(is_untouched(scan, scan->res.len));
		ASSERT_EQ(0, scan_page(scan, &self->door, SCAN_PAGE));
		EXPECT_EQ(1, scan->res.number);
		EXPECT_TRUE(scan_is_number(scan_first(scan), 9));
		EXPECT_FALSE(scan_has_more(scan));
	}
}

/* Values of each sort: one in place, a small one, a large one. */
TEST_F(scan, a_page_too_small_for_an_item)
{
	static const size_t lengths[] = { 8, 250, 257, 5000 };
	struct scan *scan = &self->scan;
	static char value[5000];
	size_t i, size, room;

	for (i = 0; i < 4; i++) {
		size = scan_size(1, lengths[i]);
		ASSERT_EQ(0, control_request(self->fd,
					     req_put("b", value, lengths[i])));
		for (room = 0; room < size; room += room < size - 9 ? 7 : 1) {
			scan_begin(scan, 0);
			scan_after(scan, "a", 1);
			EXPECT_EQ(-ERANGE, scan_page(scan, &self->door, room));
			EXPECT_EQ(size, scan->res.len);
			EXPECT_EQ(0, scan->res.number);
			EXPECT_EQ(0U, scan->res.visited);
			/* Nothing was consumed */
			EXPECT_EQ(1U, scan->args.last_len);
			EXPECT_EQ('a', scan->last[0]);
			EXPECT_TRUE(is_untouched(scan, room));
		}
		ASSERT_EQ(0, scan_page(scan, &self->door, scan->res.len));
		EXPECT_EQ(1, scan->res.number);
		EXPECT_EQ(size, scan->res.len);
		EXPECT_TRUE(is_untouched(scan, size));
	}
	/* The key alone needs less */
	scan_begin(scan, KVS_SCAN_KEYS_ONLY);
	EXPECT_EQ(-ERANGE, scan_page(scan, &self->door, scan_size(1, 0) - 1));
	EXPECT_EQ(scan_size(1, 0), scan->res.len);
	EXPECT_EQ(0, scan_page(scan, &self->door, scan_size(1, 0)));
}

/* Behind others it ends the page instead, and what is there stays unread. */
TEST_F(scan, a_large_value_behind_small_ones)
{
	static char value[5000];
	struct scan *scan = &self->scan;
	size_t room;

	ASSERT_EQ(0, scan_fill(self->fd, 0, 3));
	/* The value alone would fit into a byte less, but not its item */
	ASSERT_EQ(0, control_request(self->fd, req_put("x", value, 4999)));
	room = 3 * NUMBERED_SIZE + scan_size(1, 4999);
	scan_begin(scan, 0);
	ASSERT_EQ(0, scan_page(scan, &self->door, room - 1));
	EXPECT_EQ(3, scan->res.number);
	EXPECT_TRUE(scan_has_more(scan));
	EXPECT_TRUE(is_untouched(scan, scan->res.len));
	EXPECT_EQ(-ERANGE, scan_page(scan, &self->door, 5000));
	ASSERT_EQ(0, scan_page(scan, &self->door, scan->res.len));
	EXPECT_EQ(1, scan->res.number);
	scan_begin(scan, 0);
	ASSERT_EQ(0, scan_page(scan, &self->door, room));
	EXPECT_EQ(4, scan->res.number);
	EXPECT_FALSE(scan_has_more(scan));
}

TEST_F(scan, limits)
{
	struct scan *scan = &self->scan;
	unsigned int limit;

	ASSERT_EQ(0, scan_fill(self->fd, 0, 150));
	for (limit = 1; limit < 160; limit += 7) {
		scan_begin(scan, KVS_SCAN_KEYS_ONLY);
		scan->args.limit = limit;
		ASSERT_EQ(0, scan_page(scan, &self->door, SCAN_PAGE));
		EXPECT_EQ(limit < 150 ? limit : 150, scan->res.number);
		EXPECT_EQ(limit < 150, scan_has_more(scan));
		scan_begin(scan, KVS_SCAN_COUNT_ONLY);
		scan->args.limit = limit;
		ASSERT_EQ(0, scan_page(scan, &self->door, 0));
		EXPECT_EQ(limit < 150 ? limit : 150, scan->res.number);
		EXPECT_EQ(limit < 150, scan_has_more(scan));
	}
	/* As many as there are: that is the end */
	scan_begin(scan, 0);
	scan->args.limit = 150;
	ASSERT_EQ(0, scan_page(scan, &self->door, SCAN_PAGE));
	EXPECT_EQ(150, scan->res.number);
	EXPECT_FALSE(scan_has_more(scan));
}

/* However small the pages are, what they show together is the same. */
static void expect_pages(struct __test_metadata *_metadata,
			 struct _test_data_scan *self, __u32 flags, size_t room,
			 unsigned int limit)
{
	const struct kvs_scan_item *item;
	struct scan *scan = &self->scan;
	unsigned int seen = 0, i, number;

	scan_begin(scan, flags);
	scan->args.limit = limit;
	do {
		ASSERT_EQ(0, scan_page(scan, &self->door, room));
		item = scan_first(scan);
		for (i = 0; i < scan->res.number; i++, seen++) {
			number = flags & KVS_SCAN_DESCENDING ? 149 - seen :
							       seen;
			EXPECT_TRUE(scan_is_number(item, number));
			item = scan_next(item);
		}
		ASSERT_LT(0, scan->res.number);
	} while (scan_has_more(scan));
	EXPECT_EQ(150U, seen);
	/* Behind the end there is nothing, and that is not told as more */
	ASSERT_EQ(0, scan_page(scan, &self->door, room));
	EXPECT_EQ(0, scan->res.number);
	EXPECT_EQ(0U, scan->res.flags);
	EXPECT_EQ(SCAN_NUMBERED_LEN, (int)scan->args.last_len);
}

TEST_F(scan, pages_of_any_size)
{
	static const unsigned int limits[] = { 1, 2, 63, 64, 65, 149, 0 };
	size_t i;

	ASSERT_EQ(0, scan_fill(self->fd, 0, 150));
	for (i = 0; i < 7; i++) {
		expect_pages(_metadata, self, 0, SCAN_PAGE, limits[i]);
		expect_pages(_metadata, self, KVS_SCAN_DESCENDING, SCAN_PAGE,
			     limits[i]);
		expect_pages(_metadata, self, KVS_SCAN_KEYS_ONLY,
			     NUMBERED_SIZE * (i * i + 1) + i, 0);
		expect_pages(_metadata, self, KVS_SCAN_DESCENDING,
			     NUMBERED_SIZE * (i * i + 1) + i, 0);
	}
}

/* Where to go on need not be a key, nor in the range. */
TEST_F(scan, behind_any_key)
{
	struct scan *scan = &self->scan;
	/* Of "d" to "m": the number shown behind it, ascending, descending */
	static const struct {
		char key;
		int up, down;
	} rows[] = {
		{ 'a', 5, 0 }, { 'c', 5, 0 }, { 'd', 4, 0 },
		{ 'e', 4, 1 }, { 'f', 3, 1 }, { 'k', 1, 4 },
		{ 'l', 0, 4 }, { 'm', 0, 5 }, { 'z', 0, 5 },
	};
	const char *key;
	size_t i;

	/* b, d, f, h, j, l, n */
	for (key = "bdfhjln"; *key; key++) {
		struct kvs_req req = req_key(KVS_PUT, key, 1);

		ASSERT_EQ(0, control_request(self->fd, req));
	}
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		scan_begin(scan, 0);
		scan_from(scan, "d", 1);
		scan_to(scan, "m", 1);
		scan_after(scan, &rows[i].key, 1);
		ASSERT_EQ(0, scan_page(scan, &self->door, SCAN_PAGE));
		EXPECT_EQ(rows[i].up, scan->res.number)
		{
			TH_LOG("ascending behind %c", rows[i].key);
		}
		scan_begin(scan, KVS_SCAN_DESCENDING);
		scan_from(scan, "d", 1);
		scan_to(scan, "m", 1);
		scan_after(scan, &rows[i].key, 1);
		ASSERT_EQ(0, scan_page(scan, &self->door, SCAN_PAGE));
		EXPECT_EQ(rows[i].down, scan->res.number)
		{
			TH_LOG("descending behind %c", rows[i].key);
		}
	}
}

/* The longest keys: what follows one is a byte longer than a key may be. */
TEST_F(scan, behind_the_longest_keys)
{
	static char key[KVS_MAX_KEY];
	struct scan *scan = &self->scan;
	struct kvs_req req;
	int i;

	for (i = 0; i < 3; i++) {
		key[KVS_MAX_KEY - 1] = i;
		req = req_key(KVS_PUT, key, KVS_MAX_KEY);
		ASSERT_EQ(0, control_request(self->fd, req));
	}
	scan_begin(scan, 0);
	for (i = 0; i < 3; i++) {
		key[KVS_MAX_KEY - 1] = i;
		ASSERT_EQ(0, scan_page(scan, &self->door,
				       scan_size(KVS_MAX_KEY, 0)));
		EXPECT_TRUE(scan_is(scan_first(scan), key, KVS_MAX_KEY));
		EXPECT_EQ(i < 2, scan_has_more(scan));
		EXPECT_EQ(KVS_MAX_KEY, (int)scan->args.last_len);
		EXPECT_EQ(0, memcmp(key, scan->last, KVS_MAX_KEY));
	}
	scan_begin(scan, KVS_SCAN_DESCENDING);
	for (i = 2; i >= 0; i--) {
		key[KVS_MAX_KEY - 1] = i;
		ASSERT_EQ(0, scan_page(scan, &self->door,
				       scan_size(KVS_MAX_KEY, 0)));
		EXPECT_TRUE(scan_is(scan_first(scan), key, KVS_MAX_KEY));
		EXPECT_EQ(i > 0, scan_has_more(scan));
	}
}

/* The key that a scan goes on behind may be gone meanwhile. */
TEST_F(scan, changes_between_pages)
{
	struct scan *scan = &self->scan;

	ASSERT_EQ(0, scan_fill(self->fd, 0, 10));
	scan_begin(scan, 0);
	scan->args.limit = 5;
	ASSERT_EQ(0, scan_page(scan, &self->door, SCAN_PAGE));
	ASSERT_EQ(0, control_request(self->fd, scan_numbered(KVS_DELETE, 4)));
	ASSERT_EQ(0, control_request(self->fd, scan_numbered(KVS_DELETE, 5)));
	ASSERT_EQ(0, scan_page(scan, &self->door, SCAN_PAGE));
	EXPECT_EQ(4, scan->res.number);
	EXPECT_TRUE(scan_is_number(scan_first(scan), 6));
	/* What came before it is not shown, what came behind it is */
	scan_begin(scan, 0);
	ASSERT_EQ(0, scan_page(scan, &self->door, SCAN_PAGE));
	ASSERT_EQ(0, scan_fill(self->fd, 4, 6));
	ASSERT_EQ(0, scan_fill(self->fd, 20, 22));
	ASSERT_EQ(0, scan_page(scan, &self->door, SCAN_PAGE));
	EXPECT_EQ(2, scan->res.number);
	EXPECT_TRUE(scan_is_number(scan_first(scan), 20));
}

TEST_F_TIMEOUT(scan, a_page_visits_so_many, 120)
{
	struct scan *scan = &self->scan;
	__u32 flags;

	ASSERT_EQ(0, scan_fill(self->fd, 0, KVS_MAX_SCAN_VISIT));
	for (flags = 0; flags <= KVS_SCAN_DESCENDING; flags++) {
		scan_begin(scan, KVS_SCAN_COUNT_ONLY | flags);
		ASSERT_EQ(0, scan_page(scan, &self->door, 0));
		EXPECT_EQ(KVS_MAX_SCAN_VISIT, scan->res.number);
		EXPECT_EQ(KVS_MAX_SCAN_VISIT, (int)scan->res.visited);
		EXPECT_FALSE(scan_has_more(scan));
	}
	ASSERT_EQ(0, scan_fill(self->fd, KVS_MAX_SCAN_VISIT,
			       KVS_MAX_SCAN_VISIT + 10));
	for (flags = 0; flags <= KVS_SCAN_DESCENDING; flags++) {
		scan_begin(scan, KVS_SCAN_COUNT_ONLY | flags);
		ASSERT_EQ(0, scan_page(scan, &self->door, 0));
		EXPECT_EQ(KVS_MAX_SCAN_VISIT, scan->res.number);
		EXPECT_EQ(KVS_MAX_SCAN_VISIT, (int)scan->res.visited);
		EXPECT_TRUE(scan_has_more(scan));
		ASSERT_EQ(0, scan_page(scan, &self->door, 0));
		EXPECT_EQ(10, scan->res.number);
		EXPECT_EQ(10U, scan->res.visited);
		EXPECT_FALSE(scan_has_more(scan));
	}
}

TEST_HARNESS_MAIN
