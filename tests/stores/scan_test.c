// SPDX-License-Identifier: GPL-2.0-only
/*
 * SCAN: which entries a range has, in which order, and what is said of each.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "scan_fixture.h"

struct key {
	const char *data;
	size_t len;
};

static char xs[KVS_MAX_KEY], highest[KVS_MAX_KEY];

/* In byte order. */
static const struct key keys[] = {
	{ "\0", 1 },
	{ "\0\0", 2 },
	{ "\0\xff", 2 },
	{ "A", 1 },
	{ "a", 1 },
	{ "a\0", 2 },
	{ "a\0\0", 3 },
	{ "a\0b", 3 },
	{ "aa", 2 },
	{ "aab", 3 },
	{ "ab", 2 },
	{ "abcdefgh", 8 },
	{ "abcdefghi", 9 },
	{ "a\xff", 2 },
	{ "a\xff\xff", 3 },
	{ "b", 1 },
	{ xs, KVS_MAX_KEY - 1 },
	{ xs, KVS_MAX_KEY },
	{ "\xff", 1 },
	{ "\xff\0", 2 },
	{ "\xff\xff", 2 },
	{ highest, KVS_MAX_KEY },
};

#define KEYS ARRAY_SIZE(keys)

/* Bounds that are no keys; the first is none at all. */
static const struct key between[] = {
	{ NULL, 0 },	  { "\0\x01", 2 },
	{ "a\0a", 3 },	  { "a\xfe", 2 },
	{ "abcdefg", 7 }, { "c", 1 },
	{ xs, 40 },	  { highest, KVS_MAX_KEY - 1 },
};

#define BOUNDS (KEYS + ARRAY_SIZE(between))

static struct key bound(size_t i)
{
	return i < KEYS ? keys[i] : between[i - KEYS];
}

/* Not as the module does it: byte by byte, and what is shorter is less. */
static bool is_less(struct key a, struct key b)
{
	size_t i;

	for (i = 0; i < a.len && i < b.len; i++)
		if (a.data[i] != b.data[i])
			return (__u8)a.data[i] < (__u8)b.data[i];
	return a.len < b.len;
}

static int put_keys(int fd)
{
	struct kvs_req req;
	int ret = 0;
	size_t i, n;

	memset(xs, 'x', sizeof(xs));
	memset(highest, 0xff, sizeof(highest));
	/* Not in their order */
	for (i = 0; i < KEYS && !ret; i++) {
		n = (i * 7 + 3) % KEYS;
		req = req_key(KVS_PUT, keys[n].data, keys[n].len);
		req.value = addr_of(&n);
		req.value_len = sizeof(n);
		ret = control_request(fd, req);
	}
	return ret;
}

/* What the page should show of a range or a prefix. */
static size_t want(size_t *wanted, struct key start, struct key end,
		   __u32 flags)
{
	bool prefix = flags & KVS_SCAN_PREFIX, in;
	size_t i, n, count = 0;

	for (i = 0; i < KEYS; i++) {
		n = flags & KVS_SCAN_DESCENDING ? KEYS - 1 - i : i;
		if (prefix)
			in = keys[n].len >= start.len &&
			     !memcmp(keys[n].data, start.data, start.len);
		else
			in = !is_less(keys[n], start) &&
			     (!end.len || is_less(keys[n], end));
		if (in)
			wanted[count++] = n;
	}
	return count;
}

/* Return: whether the page shows @count keys, the @wanted ones. */
static bool shows(const struct scan *scan, const size_t *wanted, size_t count)
{
	const struct kvs_scan_item *item = scan_first(scan);
	size_t i;

	if (scan->res.number != (long long)count || scan_has_more(scan) ||
	    scan->res.visited != count)
		return false;
	for (i = 0; i < count; i++, item = scan_next(item))
		if (!scan_is(item, keys[wanted[i]].data, keys[wanted[i]].len) ||
		    memcmp(scan_value(item), &wanted[i], sizeof(wanted[i])))
			return false;
	return (__u8 *)item == scan->page + scan->res.len;
}

static void expect_shown(struct __test_metadata *_metadata,
			 struct _test_data_scan *self, struct key start,
			 struct key end, __u32 flags)
{
	struct scan *scan = &self->scan;
	size_t wanted[KEYS], count = want(wanted, start, end, flags);

	scan_begin(scan, flags);
	scan_from(scan, start.data, start.len);
	scan_to(scan, end.data, end.len);
	ASSERT_EQ(0, scan_page(scan, &self->door, SCAN_PAGE));
	EXPECT_TRUE(shows(scan, wanted, count))
	{
		TH_LOG("from %.*s (%zu) to %.*s (%zu), %#x: %lld, not %zu",
		       (int)start.len, start.data, start.len, (int)end.len,
		       end.data, end.len, flags, scan->res.number, count);
	}
	/* The same keys are counted */
	scan_begin(scan, flags | KVS_SCAN_COUNT_ONLY);
	scan_from(scan, start.data, start.len);
	scan_to(scan, end.data, end.len);
	ASSERT_EQ(0, scan_page(scan, &self->door, 0));
	EXPECT_EQ((long long)count, scan->res.number);
	EXPECT_EQ(0U, scan->res.len);
}

TEST_F_TIMEOUT(scan, every_range, 120)
{
	size_t from, to;

	ASSERT_EQ(0, put_keys(self->fd));
	for (from = 0; from < BOUNDS; from++)
		for (to = 0; to < BOUNDS; to++)
			expect_shown(_metadata, self, bound(from), bound(to),
				     (from + to) % 2 ? KVS_SCAN_DESCENDING : 0);
}

TEST_F(scan, every_prefix)
{
	const struct key none = {};
	size_t i;

	ASSERT_EQ(0, put_keys(self->fd));
	for (i = 0; i < BOUNDS; i++) {
		expect_shown(_metadata, self, bound(i), none, KVS_SCAN_PREFIX);
		expect_shown(_metadata, self, bound(i), none,
			     KVS_SCAN_PREFIX | KVS_SCAN_DESCENDING);
		expect_shown(_metadata, self, bound(i), none,
			     KVS_SCAN_DESCENDING);
		expect_shown(_metadata, self, none, bound(i),
			     KVS_SCAN_DESCENDING);
	}
}

TEST_F(scan, an_empty_store)
{
	__u32 flags;

	for (flags = 0; flags <= KVS_SCAN_PREFIX; flags++) {
		if (flags & KVS_SCAN_KEYS_ONLY && flags & KVS_SCAN_COUNT_ONLY)
			continue;
		scan_begin(&self->scan, flags);
		EXPECT_EQ(0, scan_page(&self->scan, &self->door, 0));
		EXPECT_EQ(0, self->scan.res.number);
		EXPECT_EQ(0U, self->scan.res.visited);
		EXPECT_EQ(0U, self->scan.res.flags);
		EXPECT_EQ(0U, self->scan.args.last_len);
	}
}

TEST_F(scan, keys_only)
{
	const struct kvs_scan_item *item;
	struct scan *scan = &self->scan;
	struct kvs_res res;
	size_t i;

	ASSERT_EQ(0, put_keys(self->fd));
	scan_begin(scan, KVS_SCAN_KEYS_ONLY);
	ASSERT_EQ(0, scan_page(scan, &self->door, SCAN_PAGE));
	ASSERT_EQ((long long)KEYS, scan->res.number);
	item = scan_first(scan);
	for (i = 0; i < KEYS; i++, item = scan_next(item)) {
		EXPECT_TRUE(scan_is(item, keys[i].data, keys[i].len));
		EXPECT_EQ(0U, item->value_len);
		EXPECT_EQ(scan_size(keys[i].len, 0), item->next);
		EXPECT_EQ(KVS_KIND_BLOB, item->kind);
		ASSERT_EQ(0, control_request(self->fd,
					     req_result(req_key(KVS_GET,
								keys[i].data,
								keys[i].len),
							&res)));
		EXPECT_EQ(res.version, item->version);
	}
}

/* Small ones in place, and large ones. */
static const size_t lengths[] = { 0,   1,   7,	 8,    9,     255,
				  256, 257, 511, 4096, 16383, 32768 };

static int put_lengths(int fd, const char *value)
{
	struct kvs_req req;
	int ret = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(lengths) && !ret; i++) {
		req = scan_numbered(KVS_PUT, i);
		req.value = addr_of(value);
		req.value_len = lengths[i];
		req.user_flags = 100 + i;
		ret = control_request(fd, req);
	}
	return ret;
}

TEST_F(scan, values)
{
	const struct kvs_scan_item *item;
	struct scan *scan = &self->scan;
	char value[32768];
	size_t i;

	for (i = 0; i < sizeof(value); i++)
		value[i] = i * 11 % 101;
	ASSERT_EQ(0, put_lengths(self->fd, value));
	scan_begin(scan, 0);
	ASSERT_EQ(0, scan_page(scan, &self->door, SCAN_PAGE));
	ASSERT_EQ((long long)ARRAY_SIZE(lengths), scan->res.number);
	EXPECT_EQ(0U, scan->res.flags);
	item = scan_first(scan);
	for (i = 0; i < ARRAY_SIZE(lengths); i++, item = scan_next(item)) {
		EXPECT_TRUE(scan_is_number(item, i));
		EXPECT_EQ(lengths[i], item->value_len);
		EXPECT_EQ(100 + i, item->user_flags);
		EXPECT_EQ(KVS_TTL_NEVER, item->ttl);
		EXPECT_EQ(scan_size(SCAN_NUMBERED_LEN, lengths[i]), item->next);
		EXPECT_EQ(0, memcmp(scan_value(item), value, lengths[i]));
	}
}

TEST_F(scan, counters_and_deadlines)
{
	const struct kvs_scan_item *item;
	struct scan *scan = &self->scan;
	const __s64 number = -42;
	struct kvs_res res;
	int i;

	ASSERT_EQ(0, control_request(self->fd, req_put_counter("n", &number)));
	ASSERT_EQ(0, control_request(self->fd, req_ttl(req_put_str("o", "v"),
						       1000000000000)));
	for (i = 0; i < 2; i++) {
		scan_begin(scan, i ? KVS_SCAN_KEYS_ONLY : 0);
		ASSERT_EQ(0, scan_page(scan, &self->door, SCAN_PAGE));
		ASSERT_EQ(2, scan->res.number);
		item = scan_first(scan);
		EXPECT_TRUE(scan_is(item, "n", 1));
		EXPECT_EQ(KVS_KIND_COUNTER, item->kind);
		EXPECT_EQ(KVS_TTL_NEVER, item->ttl);
		if (!i)
			EXPECT_EQ(0, memcmp(scan_value(item), &number, 8));
		item = scan_next(item);
		EXPECT_EQ(KVS_KIND_BLOB, item->kind);
		EXPECT_GE(1000000000000ULL, item->ttl);
		EXPECT_LT(900000000000ULL, item->ttl);
		ASSERT_EQ(0, door_do(&self->door, req_get("o", NULL, 0), &res));
		EXPECT_EQ(res.version, item->version);
		EXPECT_LE(res.ttl, item->ttl);
	}
}

/* Whether they were reaped or not. */
TEST_F(scan, expired_entries_are_not_shown)
{
	struct scan *scan = &self->scan;
	struct kvs_req req;
	int i;

	ASSERT_EQ(0, scan_fill(self->fd, 0, 100));
	for (i = 0; i < 100; i += 2) {
		req = scan_numbered(KVS_PUT, i);
		ASSERT_EQ(0, control_request(self->fd, req_ttl(req, 1)));
	}
	scan_begin(scan, 0);
	ASSERT_EQ(0, scan_page(scan, &self->door, SCAN_PAGE));
	EXPECT_EQ(50, scan->res.number);
	EXPECT_FALSE(scan_has_more(scan));
	EXPECT_TRUE(scan_is_number(scan_first(scan), 1));
	scan_begin(scan, KVS_SCAN_COUNT_ONLY);
	ASSERT_EQ(0, scan_page(scan, &self->door, 0));
	EXPECT_EQ(50, scan->res.number);
}

/* What an overwrite makes of an entry, and what a deadline does to its place. */
TEST_F(scan, entries_that_change_shape)
{
	static char large[3000];
	struct scan *scan = &self->scan;
	size_t wanted[KEYS], i;
	struct kvs_req req;
	int round;

	ASSERT_EQ(0, put_keys(self->fd));
	for (round = 0; round < 4; round++) {
		for (i = 0; i < KEYS; i++) {
			req = req_key(KVS_PUT, keys[i].data, keys[i].len);
			req.value = addr_of(large);
			req.value_len = (round + i) % 3 * 1000;
			if ((round + i) % 2)
				req = req_ttl(req, 1ULL << 60);
			ASSERT_EQ(0, control_request(self->fd, req));
		}
		scan_begin(scan, KVS_SCAN_KEYS_ONLY);
		ASSERT_EQ(0, scan_page(scan, &self->door, SCAN_PAGE));
		EXPECT_EQ((long long)KEYS, scan->res.number);
	}
	ASSERT_EQ(0, put_keys(self->fd));
	scan_begin(scan, 0);
	ASSERT_EQ(0, scan_page(scan, &self->door, SCAN_PAGE));
	i = want(wanted, between[0], between[0], 0);
	EXPECT_TRUE(shows(scan, wanted, i));
}

TEST_F(scan, statistics)
{
	struct kvs_store_stats before, after;

	ASSERT_EQ(0, scan_fill(self->fd, 0, 10));
	ASSERT_EQ(0, store_stats(self->fd, &before));
	scan_begin(&self->scan, 0);
	EXPECT_EQ(-ERANGE, scan_page(&self->scan, &self->door, 0));
	EXPECT_EQ(0, scan_page(&self->scan, &self->door, SCAN_PAGE));
	EXPECT_EQ(0, scan_page(&self->scan, &self->door, SCAN_PAGE));
	ASSERT_EQ(0, store_stats(self->fd, &after));
	EXPECT_EQ(before.scans + 2, after.scans);
	EXPECT_EQ(before.hits, after.hits);
	EXPECT_EQ(before.misses, after.misses);
	EXPECT_EQ(before.puts, after.puts);
}

TEST_HARNESS_MAIN
