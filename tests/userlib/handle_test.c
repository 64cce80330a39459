// SPDX-License-Identifier: GPL-2.0-only
/* Handles: how they are made, what they may do, and how they end. */
#include <errno.h>
#include <grp.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "steps.h"
#include "store_fixture.h"

#define KEY "handle.key"
#define NOBODY 65534

static bool is_cloexec(int fd)
{
	return fcntl(fd, F_GETFD) & FD_CLOEXEC;
}

static int highest_fd(void)
{
	int fd = dup(STDOUT_FILENO);

	close(fd);
	return fd;
}

TEST(open_default_store)
{
	struct kvs_store_info info;
	const char *const names[] = { NULL, "", "default" };
	struct kvs *kvs;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		ASSERT_EQ(0, kvs_open(names[i], O_RDWR, &kvs));
		ASSERT_EQ(0, kvs_info(kvs, &info));
		EXPECT_STREQ("default", info.name);
		kvs_close(kvs);
	}
}

TEST(descriptors_are_close_on_exec)
{
	struct kvs *kvs, *narrow;

	ASSERT_EQ(0, kvs_open(NULL, O_RDWR, &kvs));
	EXPECT_TRUE(is_cloexec(kvs_fd(kvs)));
	ASSERT_EQ(0, kvs_restrict(kvs, KVS_MAY_READ, &narrow));
	EXPECT_TRUE(is_cloexec(kvs_fd(narrow)));
	kvs_close(narrow);
	kvs_close(kvs);

	ASSERT_EQ(0, kvs_open(NULL, O_RDWR | O_CLOEXEC, &kvs));
	EXPECT_TRUE(is_cloexec(kvs_fd(kvs)));
	kvs_close(kvs);
}

TEST(close_gives_the_descriptor_back)
{
	int before = highest_fd();
	struct kvs *kvs, *narrow;

	ASSERT_EQ(0, kvs_open(NULL, O_RDWR, &kvs));
	ASSERT_EQ(0, kvs_restrict(kvs, KVS_MAY_READ, &narrow));
	kvs_close(narrow);
	kvs_close(kvs);
	kvs_close(NULL);
	EXPECT_EQ(before, highest_fd());
}

TEST(open_refuses)
{
	static const struct {
		const char *store;
		int flags;
		int err;
	} cases[] = {
		{ NULL, O_RDWR | O_NONBLOCK, -EINVAL },
		{ NULL, O_RDWR | O_CREAT, -EINVAL },
		{ NULL, O_ACCMODE, -EINVAL },
		{ NULL, -1, -EINVAL },
		{ "no.such-store_", O_RDWR, -ENOENT },
		{ ".", O_RDWR, -EINVAL },
		{ "..", O_RDWR, -EINVAL },
		{ "a/b", O_RDWR, -EINVAL },
		{ "a b", O_RDWR, -EINVAL },
		{ "\xc3\xa4", O_RDWR, -EINVAL },
	};
	int before = highest_fd();
	struct kvs *kvs;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		kvs = (void *)&kvs;
		EXPECT_EQ(cases[i].err,
			  kvs_open(cases[i].store, cases[i].flags, &kvs))
		{
			TH_LOG("row %zu", i);
		}
		EXPECT_NULL(kvs);
	}
	EXPECT_EQ(before, highest_fd());
}

TEST(store_name_of_any_length)
{
	char name[KVS_STORE_NAME_MAX + 2];
	struct kvs *kvs;

	memset(name, 'x', sizeof(name));
	name[KVS_STORE_NAME_MAX] = '\0';
	EXPECT_EQ(-ENOENT, kvs_open(name, O_RDWR, &kvs));
	name[KVS_STORE_NAME_MAX] = 'x';
	name[KVS_STORE_NAME_MAX + 1] = '\0';
	EXPECT_EQ(-ENAMETOOLONG, kvs_open(name, O_RDWR, &kvs));
	EXPECT_NULL(kvs);
}

TEST(open_says_that_there_is_no_device)
{
	char empty[] = "/tmp/handle.XXXXXX";
	struct kvs *kvs;

	ASSERT_NE(NULL, mkdtemp(empty));
	ASSERT_EQ(0, chroot(empty));
	EXPECT_EQ(-ENODEV, kvs_open(NULL, O_RDWR, &kvs));
	EXPECT_NULL(kvs);
}

TEST(open_is_for_those_who_may)
{
	struct kvs *kvs;

	ASSERT_EQ(0, setgroups(0, NULL));
	ASSERT_EQ(0, setresgid(NOBODY, NOBODY, NOBODY));
	ASSERT_EQ(0, setresuid(NOBODY, NOBODY, NOBODY));
	EXPECT_EQ(-EACCES, kvs_open(NULL, O_RDWR, &kvs));
	EXPECT_NULL(kvs);
}

TEST_F(store, info)
{
	struct kvs_store_info info, again;
	struct kvs_result res;

	poison(&info, sizeof(info));
	ASSERT_EQ(0, kvs_info(self->kvs, &info));
	EXPECT_EQ(KVS_HAS_URING, info.features & KVS_HAS_URING);
	EXPECT_NE(0, info.store_id);
	EXPECT_LT(0, info.max_bytes);
	EXPECT_LT(0, info.max_entries);
	EXPECT_LT(0, info.boottime);
	EXPECT_EQ(KVS_MAY_READ | KVS_MAY_WRITE | KVS_MAY_COUNT | KVS_MAY_LIST |
			  KVS_MAY_ADMIN,
		  info.rights);
	EXPECT_EQ(KVS_KEY_MAX, info.max_key);
	EXPECT_EQ(1 << 20, info.max_value);
	EXPECT_EQ(KVS_BATCH_MAX, info.max_batch);
	EXPECT_EQ(0, info.reserved32);
	EXPECT_EQ(0, info.reserved[0]);
	EXPECT_EQ(0, info.reserved[ARRAY_SIZE(info.reserved) - 1]);

	ASSERT_EQ(0, step_put(self->kvs, KEY, "value", &res));
	ASSERT_EQ(0, kvs_info(self->kvs, &again));
	EXPECT_EQ(info.store_id, again.store_id);
	EXPECT_LT(info.version, again.version);
	EXPECT_LE(res.version, again.version);
	EXPECT_LT(info.boottime, again.boottime);
}

TEST(open_flags_bound_the_rights)
{
	struct kvs_store_info info;
	struct kvs *kvs;
	char buf[8];

	ASSERT_EQ(0, kvs_open(NULL, O_RDONLY, &kvs));
	ASSERT_EQ(0, kvs_info(kvs, &info));
	EXPECT_EQ(KVS_MAY_READ | KVS_MAY_LIST, info.rights & ~KVS_MAY_ADMIN);
	EXPECT_EQ(-EACCES, step_put(kvs, KEY, "value", NULL));
	EXPECT_EQ(-EACCES, step_add(kvs, KEY, 1, 0, NULL));
	kvs_close(kvs);

	ASSERT_EQ(0, kvs_open(NULL, O_WRONLY, &kvs));
	ASSERT_EQ(0, kvs_info(kvs, &info));
	EXPECT_EQ(KVS_MAY_WRITE | KVS_MAY_COUNT, info.rights & ~KVS_MAY_ADMIN);
	EXPECT_EQ(0, step_put(kvs, KEY, "value", NULL));
	EXPECT_EQ(-EACCES, step_get(kvs, KEY, buf, sizeof(buf), NULL));
	kvs_close(kvs);
}

TEST_F(store, restrict_takes_rights_away)
{
	struct kvs_store_info info;
	struct kvs_result res;
	struct kvs *narrow;
	char buf[8];

	ASSERT_EQ(0, step_put_counter(self->kvs, KEY, 5, NULL));
	ASSERT_EQ(0, kvs_restrict(self->kvs, KVS_MAY_COUNT, &narrow));
	EXPECT_NE(kvs_fd(self->kvs), kvs_fd(narrow));
	ASSERT_EQ(0, kvs_info(narrow, &info));
	EXPECT_EQ(KVS_MAY_COUNT, info.rights);
	EXPECT_STREQ("default", info.name);

	EXPECT_EQ(0, step_add(narrow, KEY, 1, 0, &res));
	EXPECT_EQ(6, res.number);
	EXPECT_EQ(-EACCES, step_add(narrow, KEY, 1, KVS_FLAG_CREATE, NULL));
	EXPECT_EQ(-EACCES, step_get(narrow, KEY, buf, sizeof(buf), NULL));
	EXPECT_EQ(-EACCES, step_put(narrow, KEY, "value", NULL));
	EXPECT_EQ(-EACCES, step_delete(narrow, KEY));
	kvs_close(narrow);

	EXPECT_EQ(0, step_get(self->kvs, KEY, buf, sizeof(buf), &res));
	EXPECT_EQ(6, res.number);
}

TEST_F(store, restrict_refuses)
{
	struct kvs *narrow, *other;

	ASSERT_EQ(0, kvs_restrict(self->kvs, KVS_MAY_READ, &narrow));
	EXPECT_EQ(-EACCES,
		  kvs_restrict(narrow, KVS_MAY_READ | KVS_MAY_WRITE, &other));
	EXPECT_NULL(other);
	EXPECT_EQ(-EINVAL, kvs_restrict(narrow, 0, &other));
	EXPECT_EQ(-EINVAL, kvs_restrict(self->kvs, 1U << 31, &other));
	EXPECT_NULL(other);
	kvs_close(narrow);
}

TEST(restricted_handle_outlives_its_parent)
{
	struct kvs *kvs, *narrow;

	ASSERT_EQ(0, kvs_open(NULL, O_RDWR, &kvs));
	ASSERT_EQ(0, kvs_restrict(kvs, KVS_MAY_WRITE, &narrow));
	kvs_close(kvs);
	EXPECT_EQ(0, step_put(narrow, KEY, "value", NULL));
	kvs_close(narrow);
}

TEST_F(store, fork_shares_the_handle)
{
	struct kvs_result res;
	int status;
	pid_t pid;

	ASSERT_EQ(0, step_put_counter(self->kvs, KEY, 1, NULL));
	pid = fork();
	ASSERT_LE(0, pid);
	if (!pid)
		_exit(-step_add(self->kvs, KEY, 2, 0, NULL));
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	ASSERT_EQ(0, status);
	ASSERT_EQ(0, step_add(self->kvs, KEY, 4, 0, &res));
	EXPECT_EQ(7, res.number);
}

TEST_HARNESS_MAIN
