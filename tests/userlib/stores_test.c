// SPDX-License-Identifier: GPL-2.0-only
/* Stores: made, listed, altered, emptied, published, destroyed. */
#include <errno.h>
#include <grp.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "steps.h"
#include "store_fixture.h"

#define NAME "stores.test"
#define NEXT "stores.next"
#define USER 1000

/* What the list has of the store named name */
struct wanted {
	const char *name;
	size_t found;
	struct kvs_store_item item;
};

static int look(void *context, const struct kvs_store_item *item)
{
	struct wanted *wanted = context;

	if (strcmp(item->name, wanted->name))
		return 0;
	wanted->found++;
	wanted->item = *item;
	return 0;
}

/* How often the list has it */
static size_t listed(const char *name, struct kvs_store_item *item)
{
	struct wanted wanted = { .name = name };

	if (kvs_store_list(0, look, &wanted))
		return SIZE_MAX;
	if (item)
		*item = wanted.item;
	return wanted.found;
}

static int become_user(void)
{
	if (setgroups(0, NULL) || setegid(USER) || seteuid(USER))
		return -errno;
	return 0;
}

static int become_root(void)
{
	return seteuid(0) || setegid(0) ? -errno : 0;
}

FIXTURE(made)
{
	struct kvs *kvs;
};

FIXTURE_SETUP(made)
{
	ASSERT_EQ(0, kvs_store_create(NAME, NULL, O_RDWR, &self->kvs));
}

/* Some tests have destroyed it already. */
FIXTURE_TEARDOWN(made)
{
	kvs_store_destroy(self->kvs);
	kvs_close(self->kvs);
}

TEST_F(made, defaults)
{
	struct kvs_store_info info;
	struct kvs_store_item item;

	EXPECT_EQ(1, kvs_store_made(self->kvs));
	ASSERT_EQ(0, kvs_info(self->kvs, &info));
	EXPECT_STREQ(NAME, info.name);
	EXPECT_EQ(1 << 20, info.max_value);
	EXPECT_TRUE(info.rights & KVS_MAY_ADMIN);

	ASSERT_EQ(1, listed(NAME, &item));
	EXPECT_EQ(info.store_id, item.store_id);
	EXPECT_EQ(info.store_number, item.store_number);
	EXPECT_EQ(info.max_bytes, item.max_bytes);
	EXPECT_EQ(info.max_entries, item.max_entries);
	EXPECT_EQ(0600, item.mode);
	EXPECT_EQ(0, item.uid);
	EXPECT_EQ(0, item.gid);
	EXPECT_EQ(1 << 20, item.max_value);
	EXPECT_EQ(0, item.flags);
	EXPECT_EQ(0, item.staging_of);
	EXPECT_EQ(0, item.namespace_uid);
	EXPECT_EQ(0, item.entries);
	EXPECT_EQ(0, item.bytes);
}

TEST_F(made, is_apart_from_others)
{
	struct kvs *other, *again;
	char buf[8];

	ASSERT_EQ(0, step_put(self->kvs, "key", "here", NULL));
	ASSERT_EQ(0, kvs_open(NULL, O_RDWR, &other));
	EXPECT_EQ(0, kvs_store_made(other));
	EXPECT_EQ(-ENOENT, step_get(other, "key", buf, sizeof(buf), NULL));
	kvs_close(other);
	ASSERT_EQ(0, kvs_open(NAME, O_RDONLY, &again));
	EXPECT_EQ(0, kvs_store_made(again));
	EXPECT_EQ(0, step_get(again, "key", buf, sizeof(buf), NULL));
	kvs_close(again);
}

TEST_F(made, lives_without_handles)
{
	char buf[8];

	ASSERT_EQ(0, step_put(self->kvs, "key", "here", NULL));
	kvs_close(self->kvs);
	ASSERT_EQ(0, kvs_open(NAME, O_RDWR, &self->kvs));
	EXPECT_EQ(0, step_get(self->kvs, "key", buf, sizeof(buf), NULL));
}

TEST_F(made, exists)
{
	struct kvs *kvs = self->kvs;

	EXPECT_EQ(-EEXIST, kvs_store_create(NAME, NULL, O_RDWR, &kvs));
	EXPECT_NULL(kvs);
	EXPECT_EQ(-EEXIST, kvs_store_create("default", NULL, O_RDWR, NULL));
	EXPECT_EQ(1, listed(NAME, NULL));
}

TEST_F(made, opened_by_its_number)
{
	struct kvs_store_info info, again;
	struct kvs *kvs;

	ASSERT_EQ(0, kvs_info(self->kvs, &info));
	ASSERT_EQ(0, kvs_open_number(info.store_number, O_RDWR, &kvs));
	EXPECT_EQ(0, kvs_store_made(kvs));
	ASSERT_EQ(0, kvs_info(kvs, &again));
	EXPECT_EQ(info.store_id, again.store_id);
	kvs_close(kvs);
	EXPECT_EQ(-ENOENT, kvs_open_number(UINT32_MAX, O_RDWR, &kvs));
	EXPECT_NULL(kvs);
	EXPECT_EQ(-EINVAL, kvs_open_number(info.store_number, -1, &kvs));
}

TEST_F(made, destroyed)
{
	struct kvs_store_info info;
	struct kvs_statistics stats;
	struct kvs *kvs;

	ASSERT_EQ(0, step_put(self->kvs, "key", "here", NULL));
	ASSERT_EQ(0, kvs_store_destroy(self->kvs));
	EXPECT_EQ(-EIDRM, kvs_info(self->kvs, &info));
	EXPECT_EQ(-EIDRM, kvs_store_stats(self->kvs, &stats));
	EXPECT_EQ(-EIDRM, kvs_store_flush(self->kvs, NULL));
	EXPECT_EQ(-EIDRM, kvs_store_destroy(self->kvs));
	EXPECT_EQ(-EIDRM, step_put(self->kvs, "key", "here", NULL));
	EXPECT_EQ(0, listed(NAME, NULL));
	EXPECT_EQ(-ENOENT, kvs_open(NAME, O_RDWR, &kvs));

	/* The name is free, and the new store another one. */
	ASSERT_EQ(0, kvs_store_create(NAME, NULL, O_RDWR, &kvs));
	EXPECT_EQ(-ENOENT, step_get(kvs, "key", NULL, 0, NULL));
	EXPECT_EQ(-EIDRM, step_put(self->kvs, "key", "here", NULL));
	kvs_close(self->kvs);
	self->kvs = kvs;
}

TEST_F(made, flushed)
{
	struct kvs_result res;
	uint64_t version;

	ASSERT_EQ(0, step_put(self->kvs, "one", "1", NULL));
	ASSERT_EQ(0, step_put_counter(self->kvs, "two", 2, &res));
	ASSERT_EQ(0, kvs_store_flush(self->kvs, &version));
	EXPECT_LT(res.version, version);
	EXPECT_EQ(-ENOENT, step_get(self->kvs, "one", NULL, 0, NULL));
	EXPECT_EQ(-ENOENT, step_add(self->kvs, "two", 1, 0, NULL));
	EXPECT_EQ(-ENOENT, step_delete(self->kvs, "one"));
	ASSERT_EQ(0, step_put(self->kvs, "one", "again", &res));
	EXPECT_TRUE(res.flags & KVS_RESULT_CREATED);
	EXPECT_LT(version, res.version);
	EXPECT_EQ(0, kvs_store_flush(self->kvs, NULL));
}

TEST_F(made, altered)
{
	struct kvs_store_options options = {
		.set = KVS_OPTION_MAX_ENTRIES | KVS_OPTION_MAX_VALUE,
		.mode = 0777,
		.uid = USER,
		.max_entries = 2,
		.max_value = 8,
		.max_bytes = 1,
	};
	struct kvs_store_item item;

	ASSERT_EQ(0, kvs_store_alter(self->kvs, &options));
	ASSERT_EQ(1, listed(NAME, &item));
	EXPECT_EQ(2, item.max_entries);
	EXPECT_EQ(8, item.max_value);
	EXPECT_EQ(0600, item.mode);
	EXPECT_EQ(0, item.uid);
	EXPECT_LT(1, item.max_bytes);

	EXPECT_EQ(-EFBIG, step_put(self->kvs, "one", "123456789", NULL));
	EXPECT_EQ(0, step_put(self->kvs, "one", "12345678", NULL));
	EXPECT_EQ(0, step_put(self->kvs, "two", "2", NULL));
	EXPECT_EQ(-ENOSPC, step_put(self->kvs, "three", "3", NULL));

	options.set = KVS_OPTION_MODE | KVS_OPTION_UID | KVS_OPTION_GID;
	options.gid = USER + 1;
	ASSERT_EQ(0, kvs_store_alter(self->kvs, &options));
	ASSERT_EQ(1, listed(NAME, &item));
	EXPECT_EQ(0777, item.mode);
	EXPECT_EQ(USER, item.uid);
	EXPECT_EQ(USER + 1, item.gid);
	EXPECT_EQ(2, item.max_entries);
}

TEST_F(made, evicts)
{
	struct kvs_store_options options = {
		.set = KVS_OPTION_POLICY | KVS_OPTION_MAX_ENTRIES |
		       KVS_OPTION_MAX_PINNED,
		.policy = KVS_AT_CAP_EVICT,
		.max_entries = 2,
		.max_pinned = 4096,
	};
	struct kvs_statistics stats;
	struct kvs_entry_stat stat;
	struct kvs_store_item item;

	ASSERT_EQ(0, kvs_store_alter(self->kvs, &options));
	ASSERT_EQ(1, listed(NAME, &item));
	EXPECT_EQ(KVS_ITEM_EVICTS, item.flags);
	ASSERT_EQ(0,
		  kvs_put(self->kvs, "one", 3, "1", 1, KVS_FLAG_PINNED, NULL));
	ASSERT_EQ(0, step_put(self->kvs, "two", "2", NULL));
	ASSERT_EQ(0, step_get(self->kvs, "two", NULL, 0, NULL));
	ASSERT_EQ(0, kvs_stat(self->kvs, "two", 3, &stat));
	EXPECT_EQ(KVS_ENTRY_FETCHED | KVS_ENTRY_VISITED, stat.flags);
	ASSERT_EQ(0, step_put(self->kvs, "three", "3", NULL));
	ASSERT_EQ(0, step_put(self->kvs, "four", "4", NULL));
	EXPECT_EQ(-ENOENT, step_get(self->kvs, "two", NULL, 0, NULL));
	ASSERT_EQ(0, kvs_stat(self->kvs, "one", 3, &stat));
	EXPECT_EQ(KVS_ENTRY_PINNED, stat.flags);
	ASSERT_EQ(0, kvs_store_stats(self->kvs, &stats));
	EXPECT_EQ(2, stats.evictions);
	EXPECT_EQ(1, stats.evicted_unfetched);
	EXPECT_EQ(stat.charged, stats.pinned_bytes);
	EXPECT_EQ(4096, stats.max_pinned);
}

TEST_F(made, alter_refuses)
{
	static const struct kvs_store_options rows[] = {
		{ .set = KVS_OPTION_MODE, .mode = 01000 },
		{ .set = KVS_OPTION_UID, .uid = UINT32_MAX },
		{ .set = KVS_OPTION_GID, .gid = UINT32_MAX },
		{ .set = KVS_OPTION_MAX_VALUE, .max_value = 7 },
		{ .set = KVS_OPTION_MAX_VALUE, .max_value = (16 << 20) + 1 },
	};
	const struct kvs_store_options unknown = { .set = 1U << 31 };
	struct kvs_store_item before, after;
	struct kvs *narrow;
	size_t i;

	ASSERT_EQ(1, listed(NAME, &before));
	for (i = 0; i < ARRAY_SIZE(rows); i++)
		EXPECT_EQ(-EINVAL, kvs_store_alter(self->kvs, &rows[i]))
		{
			TH_LOG("row %zu", i);
		}
	EXPECT_EQ(-EOPNOTSUPP, kvs_store_alter(self->kvs, &unknown));
	ASSERT_EQ(1, listed(NAME, &after));
	EXPECT_EQ(0, memcmp(&before, &after, sizeof(before)));

	ASSERT_EQ(0, kvs_restrict(self->kvs, KVS_MAY_WRITE, &narrow));
	EXPECT_EQ(-EACCES, kvs_store_alter(narrow, &rows[0]));
	EXPECT_EQ(-EACCES, kvs_store_flush(narrow, NULL));
	EXPECT_EQ(-EACCES, kvs_store_publish(narrow, NULL));
	EXPECT_EQ(-EACCES, kvs_store_destroy(narrow));
	EXPECT_EQ(-EACCES, kvs_store_create_staging(narrow, NEXT));
	kvs_close(narrow);
}

TEST_F(made, published)
{
	struct kvs_store_item item, of;
	struct kvs_result res;
	uint64_t version;
	struct kvs *next;
	char buf[8];

	EXPECT_EQ(-ENOENT, kvs_store_publish(self->kvs, NULL));
	ASSERT_EQ(0, kvs_store_create_staging(self->kvs, NEXT));
	ASSERT_EQ(0, kvs_open(NEXT, O_RDWR, &next));
	ASSERT_EQ(1, listed(NAME, &of));
	ASSERT_EQ(1, listed(NEXT, &item));
	EXPECT_EQ(KVS_ITEM_STAGING, item.flags);
	EXPECT_EQ(of.store_number, item.staging_of);

	ASSERT_EQ(0, step_put(self->kvs, "key", "old", NULL));
	ASSERT_EQ(0, step_put(next, "key", "new", &res));
	ASSERT_EQ(0, kvs_store_publish(self->kvs, &version));
	EXPECT_LT(res.version, version);
	ASSERT_EQ(0, step_get(self->kvs, "key", buf, sizeof(buf), &res));
	EXPECT_EQ(0, memcmp("new", buf, 3));
	ASSERT_EQ(0, step_get(next, "key", buf, sizeof(buf), &res));
	EXPECT_EQ(0, memcmp("old", buf, 3));

	EXPECT_EQ(-EBUSY, kvs_store_destroy(self->kvs));
	EXPECT_EQ(0, kvs_store_destroy(next));
	kvs_close(next);
	EXPECT_EQ(-ENOENT, kvs_store_publish(self->kvs, NULL));
}

TEST_F(made, staging_refuses)
{
	const struct kvs_store_options options = {
		.set = KVS_OPTION_MAX_ENTRIES,
		.max_entries = 1,
	};
	struct kvs *next;

	EXPECT_EQ(-EEXIST, kvs_store_create_staging(self->kvs, "default"));
	EXPECT_EQ(-EINVAL, kvs_store_create_staging(self->kvs, "a/b"));
	EXPECT_EQ(-EINVAL, kvs_store_create_staging(self->kvs, ""));
	ASSERT_EQ(0, kvs_store_create_staging(self->kvs, NEXT));
	EXPECT_EQ(-EEXIST, kvs_store_create_staging(self->kvs, "stores.b"));
	ASSERT_EQ(0, kvs_open(NEXT, O_RDWR, &next));
	EXPECT_EQ(-EINVAL, kvs_store_create_staging(next, "stores.b"));
	EXPECT_EQ(-EINVAL, kvs_store_alter(next, &options));
	EXPECT_EQ(0, kvs_store_destroy(next));
	kvs_close(next);
}

TEST(create_refuses)
{
	static const struct {
		const char *store;
		int flags;
		int err;
	} rows[] = {
		{ "", O_RDWR, -EINVAL },
		{ NULL, O_RDWR, -EINVAL },
		{ "..", O_RDWR, -EINVAL },
		{ "a/b", O_RDWR, -EINVAL },
		{ NAME, O_RDWR | O_CREAT, -EINVAL },
	};
	const struct kvs_store_options bad = {
		.set = KVS_OPTION_MAX_VALUE,
		.max_value = 7,
	};
	char name[KVS_STORE_NAME_MAX + 2];
	struct kvs *kvs;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++)
		EXPECT_EQ(rows[i].err, kvs_store_create(rows[i].store, NULL,
							rows[i].flags, &kvs))
		{
			TH_LOG("row %zu", i);
		}
	memset(name, 'x', sizeof(name));
	name[sizeof(name) - 1] = '\0';
	EXPECT_EQ(-ENAMETOOLONG, kvs_store_create(name, NULL, O_RDWR, &kvs));
	EXPECT_EQ(-EINVAL, kvs_store_create(NAME, &bad, O_RDWR, &kvs));
	EXPECT_NULL(kvs);
	EXPECT_EQ(0, listed(NAME, NULL));
}

TEST(default_of_the_host_stays)
{
	struct kvs *kvs;

	ASSERT_EQ(0, kvs_open(NULL, O_RDWR, &kvs));
	EXPECT_EQ(-EPERM, kvs_store_destroy(kvs));
	EXPECT_EQ(0, step_put(kvs, "key", "here", NULL));
	EXPECT_EQ(0, step_delete(kvs, "key"));
	kvs_close(kvs);
}

/* More than the library asks for at a time, and a callback that ends it. */
static int count_to_three(void *context, const struct kvs_store_item *item)
{
	size_t *count = context;

	return item->name[0] && ++*count == 3 ? 17 : 0;
}

static int in_order(void *context, const struct kvs_store_item *item)
{
	int64_t *last = context;

	if ((int64_t)item->store_number <= *last)
		return -EBADMSG;
	*last = item->store_number;
	return 0;
}

TEST(list_of_many)
{
	char name[32];
	int64_t last = -1;
	size_t count = 0;
	struct kvs *kvs;
	int i;

	for (i = 0; i < 50; i++) {
		snprintf(name, sizeof(name), "stores.%d", i);
		ASSERT_EQ(0, kvs_store_create(name, NULL, O_RDWR, NULL));
	}
	EXPECT_EQ(0, kvs_store_list(0, in_order, &last));
	EXPECT_EQ(0, kvs_store_list(KVS_LIST_EVERYWHERE, look,
				    &(struct wanted){ .name = NAME }));
	EXPECT_EQ(17, kvs_store_list(0, count_to_three, &count));
	EXPECT_EQ(3, count);
	EXPECT_EQ(-EOPNOTSUPP, kvs_store_list(1U << 31, look, NULL));
	for (i = 0; i < 50; i++) {
		snprintf(name, sizeof(name), "stores.%d", i);
		EXPECT_EQ(1, listed(name, NULL));
		ASSERT_EQ(0, kvs_open(name, O_RDWR, &kvs));
		EXPECT_EQ(0, kvs_store_destroy(kvs));
		kvs_close(kvs);
		EXPECT_EQ(0, listed(name, NULL));
	}
}

TEST_F(made, statistics)
{
	struct kvs_statistics before, after;

	poison(&before, sizeof(before));
	ASSERT_EQ(0, kvs_store_stats(self->kvs, &before));
	EXPECT_EQ(0, before.reserved);
	EXPECT_EQ(0, before.entries);
	EXPECT_EQ(0, before.puts);
	EXPECT_EQ(1 << 20, before.max_value);
	EXPECT_LE(1, before.user_stores);
	EXPECT_LE(before.user_stores, before.user_max_stores);
	EXPECT_EQ(0, before.room[ARRAY_SIZE(before.room) - 1]);

	ASSERT_EQ(0, step_put(self->kvs, "key", "value", NULL));
	EXPECT_EQ(0, step_get(self->kvs, "key", NULL, 0, NULL));
	EXPECT_EQ(-ENOENT, step_get(self->kvs, "none", NULL, 0, NULL));
	ASSERT_EQ(0, kvs_store_stats(self->kvs, &after));
	EXPECT_EQ(1, after.entries);
	EXPECT_EQ(1, after.puts);
	EXPECT_EQ(1, after.hits);
	EXPECT_EQ(1, after.misses);
	EXPECT_LT(0, after.bytes);
	EXPECT_LT(before.version, after.version);
	EXPECT_EQ(before.user_entries + 1, after.user_entries);
	EXPECT_LE(before.user_bytes + after.bytes, after.user_bytes);
	ASSERT_EQ(0, kvs_store_flush(self->kvs, NULL));
	ASSERT_EQ(0, kvs_store_stats(self->kvs, &after));
	EXPECT_EQ(1, after.flushes);
}

TEST_F(made, owner_and_others)
{
	const struct kvs_store_options open_to_all = {
		.set = KVS_OPTION_MODE,
		.mode = 0644,
	};
	const struct kvs_store_options given = {
		.set = KVS_OPTION_UID,
		.uid = 0,
	};
	struct kvs_store_info info;
	struct kvs *kvs, *own;

	ASSERT_EQ(0, chmod("/dev/kvs", 0666));
	ASSERT_EQ(0, kvs_store_alter(self->kvs, &open_to_all));
	ASSERT_EQ(0, become_user());
	ASSERT_EQ(0, kvs_open(NAME, O_RDWR, &kvs));
	ASSERT_EQ(0, kvs_info(kvs, &info));
	EXPECT_EQ(KVS_MAY_READ | KVS_MAY_LIST, info.rights);
	EXPECT_EQ(-EACCES, kvs_store_flush(kvs, NULL));
	EXPECT_EQ(-EACCES, kvs_store_destroy(kvs));
	kvs_close(kvs);
	EXPECT_EQ(-EPERM, kvs_open_number(0, O_RDWR, &kvs));
	EXPECT_EQ(-EPERM, kvs_store_list(KVS_LIST_EVERYWHERE, look, NULL));

	EXPECT_EQ(-EPERM, kvs_store_create("stores.u", &given, O_RDWR, &own));
	ASSERT_EQ(0, kvs_store_create("stores.u", NULL, O_RDWR, &own));
	EXPECT_EQ(-EPERM, kvs_store_alter(own, &given));
	EXPECT_EQ(0, step_put(own, "key", "mine", NULL));
	EXPECT_EQ(0, kvs_store_destroy(own));
	kvs_close(own);
	ASSERT_EQ(0, become_root());
	ASSERT_EQ(0, chmod("/dev/kvs", 0600));
}

TEST_HARNESS_MAIN
