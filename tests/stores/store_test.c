// SPDX-License-Identifier: GPL-2.0-only
/* Stores: how they are made, found, listed, altered and destroyed. */
#include <errno.h>
#include <fcntl.h>

#include <kselftest_harness.h>

#include "control.h"
#include "request.h"
#include "store.h"

#define STORE "store.one"
#define NEXT "store.next"

#define SET_ALL                                                         \
	(KVS_SET_MODE | KVS_SET_UID | KVS_SET_GID | KVS_SET_MAX_BYTES | \
	 KVS_SET_MAX_ENTRIES | KVS_SET_MAX_VALUE | KVS_SET_POLICY |     \
	 KVS_SET_MAX_PINNED)

FIXTURE(store)
{
	int fd; /* unbound */
};

FIXTURE_SETUP(store)
{
	self->fd = control_open(O_RDWR);
	ASSERT_LE(0, self->fd);
	store_clear(STORE);
}

FIXTURE_TEARDOWN(store)
{
	store_clear(STORE);
	close(self->fd);
}

static struct kvs_create whole_wish(void)
{
	struct kvs_create wish = store_wish(STORE);

	wish.set = SET_ALL;
	wish.mode = 0751;
	wish.uid = 1234;
	wish.gid = 5678;
	wish.max_bytes = 1 << 20;
	wish.max_entries = 77;
	wish.max_value = 999;
	wish.policy = KVS_POLICY_EVICT;
	wish.max_pinned = 4096;
	return wish;
}

TEST_F(store, defaults)
{
	struct kvs_list_item item, first;
	struct kvs_info info, other;
	int number, fd;

	number = store_create_as(self->fd, store_wish(STORE));
	ASSERT_LT(0, number);
	ASSERT_TRUE(store_find(self->fd, 0, STORE, &item));
	ASSERT_TRUE(store_find(self->fd, 0, "default", &first));
	EXPECT_EQ((__u32)number, item.number);
	EXPECT_EQ(0600U, item.mode);
	EXPECT_EQ(0U, item.uid);
	EXPECT_EQ(0U, item.gid);
	EXPECT_EQ(0U, item.flags);
	EXPECT_EQ(1U << 20, item.max_value);
	EXPECT_LE(first.max_bytes, item.max_bytes);
	EXPECT_EQ(0ULL, item.entries);
	EXPECT_EQ(0ULL, item.bytes);

	/* CREATE binds nothing */
	ASSERT_EQ(0, control_info(self->fd, &info));
	EXPECT_EQ(0ULL, info.store_id);
	fd = store_open(STORE, O_RDWR);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, control_info(fd, &other));
	EXPECT_EQ(item.store_id, other.store_id);
	EXPECT_EQ(item.number, other.store_number);
	EXPECT_EQ(item.max_bytes, other.max_bytes);
	EXPECT_EQ(KVS_RIGHT_ALL, other.rights);
	EXPECT_STREQ(STORE, (char *)other.store_name);
	close(fd);
}

TEST_F(store, every_option)
{
	struct kvs_list_item item;
	struct kvs_info info;
	int fd;

	ASSERT_LT(0, store_create_as(self->fd, whole_wish()));
	ASSERT_TRUE(store_find(self->fd, 0, STORE, &item));
	EXPECT_EQ(0751U, item.mode);
	EXPECT_EQ(1234U, item.uid);
	EXPECT_EQ(5678U, item.gid);
	EXPECT_EQ(1ULL << 20, item.max_bytes);
	EXPECT_EQ(77ULL, item.max_entries);
	EXPECT_EQ(999U, item.max_value);
	EXPECT_EQ(0U, item.of);
	EXPECT_EQ(0U, item.ns_uid);
	/* Root is somebody else here: x, and what an administrator may */
	fd = store_open(STORE, O_RDWR);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, control_info(fd, &info));
	EXPECT_EQ(KVS_RIGHT_COUNT | KVS_RIGHT_ADMIN, info.rights);
	EXPECT_EQ(999U, info.max_value);
	close(fd);
}

/* A field that is not set must be 0, and one that is set in its range. */
TEST_F(store, bad_options)
{
	struct kvs_create wish, whole = whole_wish();
	__u32 bit;

	for (bit = 1; bit & SET_ALL; bit <<= 1) {
		wish = whole;
		wish.set &= ~bit;
		EXPECT_EQ(-EOPNOTSUPP, store_create_as(self->fd, wish))
		{
			TH_LOG("without %#x", bit);
		}
	}
	for (; bit; bit <<= 1) {
		wish = whole;
		wish.set |= bit;
		EXPECT_EQ(-EOPNOTSUPP, store_create_as(self->fd, wish));
	}
	EXPECT_EQ(-ENOENT, store_open(STORE, O_RDWR));
}

struct bad_value {
	__u32 set;
	__u64 value;
};

static struct kvs_create wish_of(const struct bad_value *row)
{
	struct kvs_create wish = store_wish(STORE);

	wish.set = row->set;
	switch (row->set) {
	case KVS_SET_MODE:
		wish.mode = row->value;
		break;
	case KVS_SET_UID:
		wish.uid = row->value;
		break;
	case KVS_SET_GID:
		wish.gid = row->value;
		break;
	case KVS_SET_MAX_BYTES:
		wish.max_bytes = row->value;
		break;
	case KVS_SET_MAX_ENTRIES:
		wish.max_entries = row->value;
		break;
	default:
		wish.max_value = row->value;
	}
	return wish;
}

static struct kvs_alter alter_of(const struct kvs_create *wish)
{
	return (struct kvs_alter){
		.set = wish->set,
		.mode = wish->mode,
		.uid = wish->uid,
		.gid = wish->gid,
		.max_bytes = wish->max_bytes,
		.max_entries = wish->max_entries,
		.max_value = wish->max_value,
	};
}

static const struct bad_value bad_values[] = {
	{ KVS_SET_MODE, 01000 },
	{ KVS_SET_MODE, UINT32_MAX },
	{ KVS_SET_UID, UINT32_MAX },
	{ KVS_SET_GID, UINT32_MAX },
	{ KVS_SET_MAX_BYTES, 0 },
	{ KVS_SET_MAX_BYTES, 65535 },
	{ KVS_SET_MAX_BYTES, 1ULL << 60 },
	{ KVS_SET_MAX_BYTES, UINT64_MAX },
	{ KVS_SET_MAX_ENTRIES, 0 },
	{ KVS_SET_MAX_ENTRIES, 1ULL << 31 },
	{ KVS_SET_MAX_ENTRIES, UINT64_MAX },
	{ KVS_SET_MAX_VALUE, 0 },
	{ KVS_SET_MAX_VALUE, 7 },
	{ KVS_SET_MAX_VALUE, KVS_MAX_VALUE + 1 },
};

TEST_F(store, bad_values)
{
	struct kvs_list_item before, after;
	struct kvs_create wish;
	size_t i;
	int fd;

	for (i = 0; i < ARRAY_SIZE(bad_values); i++) {
		EXPECT_EQ(-EINVAL,
			  store_create_as(self->fd, wish_of(&bad_values[i])))
		{
			TH_LOG("row %zu", i);
		}
	}
	fd = store_make(STORE);
	ASSERT_LE(0, fd);
	ASSERT_TRUE(store_find(fd, 0, STORE, &before));
	for (i = 0; i < ARRAY_SIZE(bad_values); i++) {
		wish = wish_of(&bad_values[i]);
		EXPECT_EQ(-EINVAL, store_alter(fd, alter_of(&wish)))
		{
			TH_LOG("row %zu", i);
		}
	}
	ASSERT_TRUE(store_find(fd, 0, STORE, &after));
	EXPECT_EQ(0, memcmp(&before, &after, sizeof(after)));
	close(fd);
}

TEST_F(store, least_and_most)
{
	static const struct bad_value rows[] = {
		{ KVS_SET_MODE, 0 },
		{ KVS_SET_MODE, 0777 },
		{ KVS_SET_UID, UINT32_MAX - 1 },
		{ KVS_SET_MAX_BYTES, 65536 },
		{ KVS_SET_MAX_ENTRIES, 1 },
		{ KVS_SET_MAX_ENTRIES, INT32_MAX },
		{ KVS_SET_MAX_VALUE, 8 },
		{ KVS_SET_MAX_VALUE, KVS_MAX_VALUE },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		EXPECT_LT(0, store_create_as(self->fd, wish_of(&rows[i])))
		{
			TH_LOG("row %zu", i);
		}
		store_clear(STORE);
	}
}

/* Whether there is an index is settled when the store is made. */
TEST_F(store, index)
{
	struct kvs_create wish = store_wish(STORE);
	struct kvs_list_item item;
	int fd, staging;

	wish.flags = KVS_CREATE_INDEX;
	fd = store_make_as(wish);
	ASSERT_LE(0, fd);
	ASSERT_TRUE(store_find(self->fd, 0, STORE, &item));
	EXPECT_EQ(KVS_STORE_INDEX, item.flags);
	ASSERT_TRUE(store_find(self->fd, 0, "default", &item));
	EXPECT_EQ(KVS_STORE_INDEX, item.flags);

	/* A staging store has what the other one has, unasked */
	wish = store_wish(NEXT);
	wish.flags = KVS_CREATE_INDEX | KVS_CREATE_STAGING;
	EXPECT_EQ(-EOPNOTSUPP, store_create_as(fd, wish));
	staging = store_stage(fd, NEXT);
	ASSERT_LE(0, staging);
	ASSERT_TRUE(store_find(self->fd, 0, NEXT, &item));
	EXPECT_EQ(KVS_STORE_INDEX | KVS_STORE_STAGING, item.flags);
	EXPECT_EQ(0, store_destroy(staging));
	close(staging);
	close(fd);
}

/* Room for it is charged with each entry, here in steps of 16 bytes. */
TEST_F(store, index_is_charged)
{
	struct kvs_create wish = store_wish(STORE);
	static const char keys[] = "abcdefghijklmnop";
	__u64 bytes[2];
	struct kvs_req req;
	int fd, i, n;

	for (i = 0; i < 2; i++) {
		wish.flags = i ? KVS_CREATE_INDEX : 0;
		fd = store_make_as(wish);
		ASSERT_LE(0, fd);
		for (n = 0; n < 16; n++) {
			req = req_key(KVS_PUT, &keys[n], 1);
			req.value = addr_of(keys);
			req.value_len = n;
			ASSERT_EQ(0, control_request(fd, req));
		}
		bytes[i] = store_bytes(fd);
		close(fd);
	}
	EXPECT_EQ(bytes[0] + 16 * 24, bytes[1]);
}

TEST_F(store, names)
{
	static const char *const bad[] = { "",	  ".",	"..",	    "a/b",
					   "a b", "\n", "\xc3\xa9", "a:b",
					   "~",	  "," };
	static const char *const good[] = { "...", "-", "A-Za-z0-9._-", "x",
					    ".x" };
	char name[KVS_STORE_NAME_SIZE + 1] = {};
	struct kvs_create wish;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++)
		EXPECT_EQ(-EINVAL,
			  store_create_as(self->fd, store_wish(bad[i])));
	for (i = 0; i < ARRAY_SIZE(good); i++) {
		EXPECT_LT(0, store_create_as(self->fd, store_wish(good[i])))
		{
			TH_LOG("%s", good[i]);
		}
		store_clear(good[i]);
	}
	memset(name, 'n', KVS_STORE_NAME_SIZE);
	EXPECT_EQ(-EINVAL, store_create_as(self->fd, store_wish(name)));
	name[KVS_STORE_NAME_SIZE - 1] = 0;
	EXPECT_LT(0, store_create_as(self->fd, store_wish(name)));
	store_clear(name);
	for (i = strlen(STORE) + 1; i < KVS_STORE_NAME_SIZE; i++) {
		wish = store_wish(STORE);
		wish.store_name[i] = 'x';
		EXPECT_EQ(-EINVAL, store_create_as(self->fd, wish));
	}
}

TEST_F(store, names_are_taken_once)
{
	int first = store_create_as(self->fd, store_wish(STORE)), fd;

	ASSERT_LT(0, first);
	EXPECT_EQ(-EEXIST, store_create_as(self->fd, store_wish(STORE)));
	EXPECT_EQ(-EEXIST, store_create_as(self->fd, store_wish("default")));
	fd = store_open(STORE, O_RDWR);
	EXPECT_EQ(0, store_destroy(fd));
	/* The number is its own while somebody has a handle */
	EXPECT_NE(first, store_create_as(self->fd, store_wish(STORE)));
	close(fd);
}

TEST_F(store, bound_by_number)
{
	struct kvs_bind bind = { .size = sizeof(bind),
				 .flags = KVS_BIND_NUMBER };
	struct kvs_info info;
	int fd;

	bind.store_number = store_create_as(self->fd, store_wish(STORE));
	ASSERT_EQ(0, control_ioctl(self->fd, KVS_IOC_BIND, &bind));
	EXPECT_EQ(0U, bind.out_flags);
	ASSERT_EQ(0, control_info(self->fd, &info));
	EXPECT_STREQ(STORE, (char *)info.store_name);
	EXPECT_EQ(-ENOENT, store_open_number(16383, O_RDWR));
	EXPECT_EQ(-ENOENT, store_open_number(UINT32_MAX, O_RDWR));
	fd = store_open_number(0, O_RDWR);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, control_info(fd, &info));
	EXPECT_STREQ("default", (char *)info.store_name);
	close(fd);
}

/* A name and a number at once are one too many. */
TEST_F(store, bound_by_half)
{
	struct kvs_bind bind;
	size_t at;

	for (at = 0; at < KVS_STORE_NAME_SIZE; at++) {
		memset(&bind, 0, sizeof(bind));
		bind.size = sizeof(bind);
		bind.flags = KVS_BIND_NUMBER;
		bind.store_name[at] = 'x';
		EXPECT_EQ(-EOPNOTSUPP,
			  control_ioctl(self->fd, KVS_IOC_BIND, &bind))
		{
			TH_LOG("byte %zu", at);
		}
	}
	memset(&bind, 0, sizeof(bind));
	bind.size = sizeof(bind);
	bind.store_number = 1;
	EXPECT_EQ(-EOPNOTSUPP, control_ioctl(self->fd, KVS_IOC_BIND, &bind));
	bind.store_number = 0;
	bind.reserved = 1;
	EXPECT_EQ(-EOPNOTSUPP, control_ioctl(self->fd, KVS_IOC_BIND, &bind));
	bind.reserved = 0;
	EXPECT_EQ(0, control_ioctl(self->fd, KVS_IOC_BIND, &bind));
}

TEST_HARNESS_MAIN
