// SPDX-License-Identifier: GPL-2.0-only
/*
 * What SCAN and DELETE_RANGE refuse: operands, pointers, rights, and stores that
 * have no index. Whatever is refused changes nothing.
 */
#include <errno.h>
#include <stdio.h>

#include "guard.h"
#include "scan_fixture.h"
#include "txn.h"

#define R KVS_RIGHT_READ
#define W KVS_RIGHT_WRITE
#define L KVS_RIGHT_LIST
#define A KVS_RIGHT_ADMIN

#define KEYS 5

static struct kvs_req req_of(struct scan *scan, __u16 verb)
{
	return verb == KVS_SCAN ? scan_req(scan, SCAN_PAGE) :
				  scan_delete_req(scan);
}

static void expect_refused(struct __test_metadata *_metadata,
			   struct _test_data_scan *self, int want,
			   struct kvs_req req, const char *what)
{
	__u64 version = control_version(self->fd);

	poison(self->scan.page, sizeof(self->scan.page));
	EXPECT_EQ(want, door_do(&self->door, req, &self->scan.res))
	{
		TH_LOG("verb %u, %s", req.verb, what);
	}
	EXPECT_EQ(0, self->scan.res.number);
	EXPECT_EQ(0U, self->scan.res.flags);
	EXPECT_EQ((__u64)KEYS, store_entries(self->fd));
	EXPECT_EQ(version, control_version(self->fd));
	EXPECT_TRUE(is_poison(self->scan.page, sizeof(self->scan.page)));
}

/* Operands that are refused, by SCAN, by DELETE_RANGE, or by both. */
struct row {
	const char *what;
	int scan, range;
	struct kvs_scan_args args; /* added to some that are good */
};

/* clang-format off */
static const struct row rows[] = {
	{ "since", -EOPNOTSUPP, -EOPNOTSUPP, { .flags = KVS_SCAN_SINCE } },
	{ "a version to begin after", -EOPNOTSUPP, -EOPNOTSUPP,
	  { .since = 1 } },
	{ "since a version", -EOPNOTSUPP, -EOPNOTSUPP,
	  { .flags = KVS_SCAN_SINCE, .since = 1 } },
	{ "an unknown flag", -EOPNOTSUPP, -EOPNOTSUPP, { .flags = 1U << 6 } },
	{ "the last flag", -EOPNOTSUPP, -EOPNOTSUPP, { .flags = 1U << 31 } },
	{ "keys only", 0, -EOPNOTSUPP, { .flags = KVS_SCAN_KEYS_ONLY } },
	{ "count only, with a page", -EOPNOTSUPP, -EOPNOTSUPP,
	  { .flags = KVS_SCAN_COUNT_ONLY } },
	{ "both", -EOPNOTSUPP, -EOPNOTSUPP,
	  { .flags = KVS_SCAN_COUNT_ONLY | KVS_SCAN_KEYS_ONLY } },
	{ "a prefix and an end", -EOPNOTSUPP, -EOPNOTSUPP,
	  { .flags = KVS_SCAN_PREFIX, .end_len = 1 } },
	{ "behind no key", -EINVAL, -EINVAL, { .flags = KVS_SCAN_AFTER } },
	{ "a long start", -ENAMETOOLONG, -ENAMETOOLONG,
	  { .start_len = KVS_MAX_KEY + 1 } },
	{ "a long end", -ENAMETOOLONG, -ENAMETOOLONG,
	  { .end_len = KVS_MAX_KEY + 1 } },
	{ "a long last key", -ENAMETOOLONG, -ENAMETOOLONG,
	  { .flags = KVS_SCAN_AFTER, .last_len = KVS_MAX_KEY + 1 } },
	{ "a length that wraps", -ENAMETOOLONG, -ENAMETOOLONG,
	  { .start_len = 0x10001 } },
	{ "a length of all bits", -ENAMETOOLONG, -ENAMETOOLONG,
	  { .end_len = ~0U } },
	{ "a small size", -EINVAL, -EINVAL, { .size = -8 } },
	{ "a size above a page", -E2BIG, -E2BIG, { .size = 4096 } },
};

/* clang-format on */

static void expect_row(struct __test_metadata *_metadata,
		       struct _test_data_scan *self, const struct row *row,
		       __u16 verb)
{
	int want = verb == KVS_SCAN ? row->scan : row->range;
	struct scan *scan = &self->scan;

	if (!want)
		return;
	scan_begin(scan, row->args.flags);
	scan->args.size += row->args.size;
	scan->args.since = row->args.since;
	scan->args.start = addr_of(scan->page);
	scan->args.start_len = row->args.start_len;
	scan->args.end = row->args.end_len ? addr_of(scan->page) : 0;
	scan->args.end_len = row->args.end_len;
	scan->args.last_len = row->args.last_len;
	expect_refused(_metadata, self, want, req_of(scan, verb), row->what);
}

TEST_F(scan, operands)
{
	size_t i;

	ASSERT_EQ(0, scan_fill(self->fd, 0, KEYS));
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		expect_row(_metadata, self, &rows[i], KVS_SCAN);
		expect_row(_metadata, self, &rows[i], KVS_DELETE_RANGE);
	}
	/* Without a page the one contradicts the other */
	scan_begin(&self->scan, KVS_SCAN_COUNT_ONLY | KVS_SCAN_KEYS_ONLY);
	expect_refused(_metadata, self, -EINVAL, scan_req(&self->scan, 0),
		       "keys and count");
}

TEST_F(scan, requests)
{
	static const __u16 verbs[] = { KVS_SCAN, KVS_DELETE_RANGE };
	struct kvs_req req;
	__u32 flag;
	int i;

	ASSERT_EQ(0, scan_fill(self->fd, 0, KEYS));
	for (i = 0; i < 2; i++) {
		scan_begin(&self->scan, 0);
		req = req_of(&self->scan, verbs[i]);
		req.flags = 0;
		expect_refused(_metadata, self, -EOPNOTSUPP, req, "no flag");
		req.cond = 0;
		expect_refused(_metadata, self, -EINVAL, req, "no operands");
		req.flags = KVS_F_ARGS;
		expect_refused(_metadata, self, -EFAULT, req, "at 0");
		for (flag = KVS_F_CREATE; flag; flag <<= 1) {
			req = req_of(&self->scan, verbs[i]);
			req.flags |= flag;
			expect_refused(_metadata, self, -EOPNOTSUPP, req,
				       "a flag");
		}
		req = req_of(&self->scan, verbs[i]);
		req.key_len = 1;
		expect_refused(_metadata, self, -EINVAL, req, "a key");
		req = req_of(&self->scan, verbs[i]);
		req.ttl = 1;
		expect_refused(_metadata, self, -EOPNOTSUPP, req, "a TTL");
		req = req_of(&self->scan, verbs[i]);
		req.user_flags = 1;
		expect_refused(_metadata, self, -EOPNOTSUPP, req, "user flags");
	}
	req = scan_delete_req(&self->scan);
	req.value = addr_of(self->scan.page);
	expect_refused(_metadata, self, -EOPNOTSUPP, req, "a value");
	req.value = 0;
	req.value_len = 8;
	expect_refused(_metadata, self, -EOPNOTSUPP, req, "a length");
}

/* Bytes behind the operands: zeroes are nothing, others are not understood. */
TEST_F(scan, longer_operands)
{
	struct {
		struct kvs_scan_args args;
		__u64 tail;
	} longer;
	struct kvs_req req;

	ASSERT_EQ(0, scan_fill(self->fd, 0, KEYS));
	scan_begin(&self->scan, 0);
	longer.args = self->scan.args;
	longer.args.size = sizeof(longer);
	longer.tail = 1;
	req = scan_req(&self->scan, SCAN_PAGE);
	req.cond = addr_of(&longer);
	expect_refused(_metadata, self, -E2BIG, req, "a tail");
	longer.tail = 0;
	EXPECT_EQ(0, door_do(&self->door, req, &self->scan.res));
	EXPECT_EQ(KEYS, self->scan.res.number);
	EXPECT_EQ(SCAN_NUMBERED_LEN, (int)longer.args.last_len);
	EXPECT_EQ(sizeof(longer), longer.args.size);
	EXPECT_EQ(0ULL, longer.tail);
}

static void expect_bad_pointers(struct __test_metadata *_metadata,
				struct _test_data_scan *self, __u16 verb,
				void *bad, void *last)
{
	struct scan *scan = &self->scan;
	struct kvs_req req;

	scan_begin(scan, 0);
	scan_from(scan, bad, 1);
	if (bad != last)
		expect_refused(_metadata, self, -EFAULT, req_of(scan, verb),
			       "start");
	scan_begin(scan, 0);
	scan_to(scan, bad, 1);
	if (bad != last)
		expect_refused(_metadata, self, -EFAULT, req_of(scan, verb),
			       "end");
	scan_begin(scan, 0);
	scan->args.last = addr_of(last);
	expect_refused(_metadata, self, -EFAULT, req_of(scan, verb), "last");
	scan->args.flags = KVS_SCAN_AFTER;
	scan->args.last_len = 1;
	expect_refused(_metadata, self, -EFAULT, req_of(scan, verb),
		       "behind last");
	scan_begin(scan, 0);
	req = req_of(scan, verb);
	req.cond = addr_of(bad);
	expect_refused(_metadata, self, -EFAULT, req, "operands");
}

TEST_F(scan, pointers)
{
	struct scan *scan = &self->scan;
	char *base = guard_alloc(1);
	struct kvs_scan_args *args;
	struct kvs_req req;

	ASSERT_NE(NULL, base);
	ASSERT_EQ(0, scan_fill(self->fd, 0, KEYS));
	expect_bad_pointers(_metadata, self, KVS_SCAN, guard_hole(),
			    guard_hole());
	expect_bad_pointers(_metadata, self, KVS_DELETE_RANGE, guard_hole(),
			    guard_hole());
	/* The buffer of the last key is a byte too short */
	expect_bad_pointers(_metadata, self, KVS_DELETE_RANGE, guard_hole(),
			    guard_end(base, 1, KVS_MAX_KEY - 1));
	/* Operands that cannot be told how far it came */
	scan_begin(scan, 0);
	args = guard_read_only(&scan->args, sizeof(scan->args));
	ASSERT_NE(NULL, args);
	req = scan_delete_req(scan);
	req.cond = addr_of(args);
	expect_refused(_metadata, self, -EFAULT, req, "read-only operands");
	/* A page that ends too early */
	req = scan_req(scan, SCAN_PAGE);
	req.value = addr_of(guard_end(base, 1, 8));
	scan_begin(scan, 0);
	EXPECT_EQ(-EFAULT, door_do(&self->door, req, &scan->res));
	EXPECT_EQ(0U, scan->res.visited);
	EXPECT_EQ(0U, scan->args.last_len);
	req.value = 0;
	EXPECT_EQ(-EFAULT, door_do(&self->door, req, &scan->res));
	guard_free(base, 1);
}

/* What each takes: all of the rights that stand there. */
struct right {
	__u16 verb;
	__u32 flags;
	__u32 needs;
};

static const struct right rights[] = {
	{ KVS_SCAN, 0, L | R },
	{ KVS_SCAN, KVS_SCAN_PREFIX | KVS_SCAN_DESCENDING, L | R },
	{ KVS_SCAN, KVS_SCAN_AFTER, L | R },
	{ KVS_SCAN, KVS_SCAN_KEYS_ONLY, L },
	{ KVS_SCAN, KVS_SCAN_COUNT_ONLY, L },
	{ KVS_DELETE_RANGE, 0, L | W },
	{ KVS_DELETE_RANGE, KVS_SCAN_PREFIX | KVS_SCAN_DESCENDING, L | W },
	{ KVS_DELETE_RANGE, KVS_SCAN_AFTER, L | W | A },
};

static void expect_right(struct __test_metadata *_metadata,
			 struct _test_data_scan *self, struct door *door,
			 const struct right *right, __u32 has)
{
	struct scan *scan = &self->scan;
	int want = (has & right->needs) == right->needs ? 0 : -EACCES;
	struct kvs_req req;

	ASSERT_EQ(0, scan_fill(self->fd, 0, KEYS));
	scan_begin(scan, right->flags);
	if (right->flags & KVS_SCAN_AFTER)
		scan_after(scan, "a", 1);
	req = req_of(scan, right->verb);
	if (right->flags & KVS_SCAN_COUNT_ONLY)
		req = scan_req(scan, 0);
	EXPECT_EQ(want, door_do(door, req, &scan->res))
	{
		TH_LOG("verb %u, flags %#x, rights %#x", right->verb,
		       right->flags, has);
	}
	EXPECT_EQ(want ? 0 : KEYS, scan->res.number);
	/* User flags are told to who may read. */
	if (!want && right->flags & KVS_SCAN_KEYS_ONLY)
		EXPECT_EQ(has & R ? SCAN_USER_FLAGS : 0U,
			  scan_first(scan)->user_flags);
}

TEST_F(scan, every_set_of_rights)
{
	struct door door;
	__u32 has;
	size_t i;
	int fd;

	for (has = 1; has <= KVS_RIGHT_ALL; has++) {
		fd = control_restrict(self->fd, has);
		ASSERT_LE(0, fd);
		ASSERT_EQ(0, door_attach(&door, variant->kind, 0, fd));
		for (i = 0; i < ARRAY_SIZE(rights); i++)
			expect_right(_metadata, self, &door, &rights[i], has);
		door_close(&door);
	}
}

TEST_F(scan, no_index)
{
	int fd = store_make("scan.none"), i;
	struct scan *scan = &self->scan;
	struct door door;

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, scan_fill(fd, 0, KEYS));
	ASSERT_EQ(0, door_attach(&door, variant->kind, 0, fd));
	for (i = 0; i < 2; i++) {
		scan_begin(scan, i ? KVS_SCAN_COUNT_ONLY : 0);
		EXPECT_EQ(-EOPNOTSUPP, scan_page(scan, &door, 0));
	}
	scan_begin(scan, 0);
	EXPECT_EQ(-EOPNOTSUPP, scan_delete(scan, &door));
	EXPECT_EQ((__u64)KEYS, store_entries(fd));
	door_close(&door);
	store_clear("scan.none");
}

TEST_F(scan, not_in_a_transaction)
{
	struct scan *scan = &self->scan;
	struct txn txn = {};
	int i;

	ASSERT_EQ(0, scan_fill(self->fd, 0, KEYS));
	for (i = 0; i < 2; i++) {
		memset(&txn, 0, sizeof(txn));
		scan_begin(scan, 0);
		txn_do(&txn, TXN_THEN, req_put_str("put", "v"));
		txn_do(&txn, TXN_THEN,
		       i ? scan_delete_req(scan) : scan_req(scan, SCAN_PAGE));
		EXPECT_EQ(-EOPNOTSUPP, txn_run(&txn, &self->door));
	}
	EXPECT_EQ((__u64)KEYS, store_entries(self->fd));
}

TEST_F(scan, a_destroyed_store)
{
	struct scan *scan = &self->scan;
	int fd;

	ASSERT_EQ(0, scan_fill(self->fd, 0, KEYS));
	fd = store_open(STORE, O_RDWR);
	ASSERT_EQ(0, store_destroy(fd));
	close(fd);
	scan_begin(scan, 0);
	EXPECT_EQ(-EIDRM, scan_page(scan, &self->door, SCAN_PAGE));
	scan_begin(scan, KVS_SCAN_COUNT_ONLY);
	EXPECT_EQ(-EIDRM, scan_page(scan, &self->door, 0));
	scan_begin(scan, 0);
	EXPECT_EQ(-EIDRM, scan_delete(scan, &self->door));
}

TEST_F(scan, an_unbound_handle)
{
	struct scan *scan = &self->scan;
	struct door door;

	ASSERT_EQ(0,
		  door_attach(&door, variant->kind, 0, control_open(O_RDWR)));
	scan_begin(scan, 0);
	EXPECT_EQ(-ENOTCONN, scan_page(scan, &door, SCAN_PAGE));
	scan_begin(scan, 0);
	EXPECT_EQ(-ENOTCONN, scan_delete(scan, &door));
	door_close(&door);
}

TEST_HARNESS_MAIN
