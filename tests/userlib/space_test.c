// SPDX-License-Identifier: GPL-2.0-only
/* Stores in user namespaces. Each test has a process of its own to send there. */
#include <errno.h>
#include <fcntl.h>
#include <kselftest_harness.h>
#include <kvs.h>
#include <sys/wait.h>
#include <unistd.h>

#include "space.h"
#include "steps.h"

#define NAME "space.test"

static int count(void *context, const struct kvs_store_item *item)
{
	size_t *found = context;

	*found += item->store_id != 0;
	return 0;
}

static int find_inside(void *context, const struct kvs_store_item *item)
{
	uint32_t *number = context;

	if (strcmp(item->name, NAME))
		return 0;
	*number = item->store_number;
	return 1;
}

TEST(default_is_made)
{
	struct kvs_store_info info;
	struct kvs *kvs, *again;

	ASSERT_EQ(0, space_enter());
	ASSERT_EQ(0, kvs_open(NULL, O_RDWR, &kvs));
	EXPECT_EQ(1, kvs_store_made(kvs));
	ASSERT_EQ(0, kvs_info(kvs, &info));
	EXPECT_STREQ("default", info.name);
	EXPECT_NE(0, info.store_number);
	EXPECT_TRUE(info.rights & KVS_MAY_ADMIN);
	ASSERT_EQ(0, kvs_open("default", O_RDWR, &again));
	EXPECT_EQ(0, kvs_store_made(again));
	kvs_close(again);
	kvs_close(kvs);
}

TEST(names_are_apart)
{
	struct kvs *host, *kvs;
	size_t found = 0;
	char buf[8];

	ASSERT_EQ(0, kvs_open(NULL, O_RDWR, &host));
	ASSERT_EQ(0, step_put(host, NAME, "host", NULL));
	ASSERT_EQ(0, space_enter());
	EXPECT_EQ(0, kvs_store_list(0, count, &found));
	EXPECT_EQ(0, found);
	ASSERT_EQ(0, kvs_open(NULL, O_RDWR, &kvs));
	EXPECT_EQ(-ENOENT, step_get(kvs, NAME, buf, sizeof(buf), NULL));
	EXPECT_EQ(0, step_put(kvs, NAME, "inside", NULL));
	EXPECT_EQ(0, kvs_store_list(0, count, &found));
	EXPECT_EQ(1, found);

	/* A handle is of where it was opened, whoever has it. */
	ASSERT_EQ(0, step_get(host, NAME, buf, sizeof(buf), NULL));
	EXPECT_EQ(0, memcmp("host", buf, 4));
	kvs_close(kvs);
	kvs_close(host);
}

TEST(stores_end_with_the_last_handle)
{
	struct kvs *first, *second, *kvs;

	ASSERT_EQ(0, space_enter());
	ASSERT_EQ(0, kvs_open(NULL, O_RDWR, &first));
	ASSERT_EQ(0, kvs_store_create(NAME, NULL, O_RDWR, NULL));
	ASSERT_EQ(0, kvs_open(NAME, O_RDWR, &second));
	ASSERT_EQ(0, step_put(second, "key", "here", NULL));
	kvs_close(second);
	ASSERT_EQ(0, kvs_open(NAME, O_RDWR, &second));
	EXPECT_EQ(0, step_get(second, "key", NULL, 0, NULL));
	kvs_close(first);
	ASSERT_EQ(0, kvs_open(NULL, O_RDWR, &first));
	EXPECT_EQ(0, kvs_store_made(first));
	kvs_close(first);
	kvs_close(second);
	EXPECT_EQ(-ENOENT, kvs_open(NAME, O_RDWR, &kvs));
	ASSERT_EQ(0, kvs_open(NULL, O_RDWR, &kvs));
	EXPECT_EQ(1, kvs_store_made(kvs));
	kvs_close(kvs);
}

/* The descriptor that makes a store is its handle: there is no gap. */
TEST(create_is_a_handle)
{
	struct kvs *kvs, *again;

	ASSERT_EQ(0, space_enter());
	ASSERT_EQ(0, kvs_store_create(NAME, NULL, O_RDWR, &kvs));
	EXPECT_EQ(1, kvs_store_made(kvs));
	EXPECT_EQ(0, step_put(kvs, "key", "here", NULL));
	ASSERT_EQ(0, kvs_open(NAME, O_RDWR, &again));
	EXPECT_EQ(0, step_get(again, "key", NULL, 0, NULL));
	kvs_close(kvs);
	kvs_close(again);
}

TEST(what_is_the_hosts_is_refused)
{
	size_t found = 0;
	struct kvs *kvs;

	ASSERT_EQ(0, space_enter());
	EXPECT_EQ(-EPERM, kvs_open_number(0, O_RDWR, &kvs));
	EXPECT_NULL(kvs);
	EXPECT_EQ(-EPERM, kvs_store_list(KVS_LIST_EVERYWHERE, count, &found));
	EXPECT_EQ(0, found);
}

TEST(default_of_a_namespace_can_go)
{
	struct kvs *kvs, *again;

	ASSERT_EQ(0, space_enter());
	ASSERT_EQ(0, kvs_open(NULL, O_RDWR, &kvs));
	ASSERT_EQ(0, kvs_store_destroy(kvs));
	ASSERT_EQ(0, kvs_open(NULL, O_RDWR, &again));
	EXPECT_EQ(1, kvs_store_made(again));
	kvs_close(again);
	kvs_close(kvs);
}

/* One that has NAME open in a namespace of its own until it is let go */
static pid_t start_inside(int ready[2], int go[2])
{
	struct kvs *kvs;
	pid_t pid;
	char c;

	if (pipe(ready) || pipe(go))
		return -1;
	pid = fork();
	if (pid) {
		close(ready[1]);
		return pid;
	}
	close(ready[0]);
	close(go[1]);
	if (space_enter() || kvs_store_create(NAME, NULL, O_RDWR, &kvs) ||
	    step_put(kvs, "key", "inside", NULL) || write(ready[1], "", 1) != 1)
		_exit(1);
	if (read(go[0], &c, 1))
		_exit(1);
	kvs_close(kvs);
	_exit(0);
}

TEST(the_host_sees_all)
{
	int ready[2], go[2], status;
	uint32_t number = 0;
	struct kvs *kvs;
	char buf[8];
	pid_t pid;

	pid = start_inside(ready, go);
	ASSERT_LT(0, pid);
	ASSERT_EQ(1, read(ready[0], buf, 1));
	EXPECT_EQ(0, kvs_store_list(0, find_inside, &number));
	ASSERT_EQ(1, kvs_store_list(KVS_LIST_EVERYWHERE, find_inside, &number));
	EXPECT_EQ(-ENOENT, kvs_open(NAME, O_RDWR, &kvs));
	ASSERT_EQ(0, kvs_open_number(number, O_RDWR, &kvs));
	ASSERT_EQ(0, step_get(kvs, "key", buf, sizeof(buf), NULL));
	EXPECT_EQ(0, memcmp("inside", buf, 6));

	/* A handle of the host does not keep it. */
	close(go[1]);
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(0, status);
	EXPECT_EQ(-EIDRM, step_get(kvs, "key", buf, sizeof(buf), NULL));
	EXPECT_EQ(0, kvs_store_list(KVS_LIST_EVERYWHERE, find_inside, &number));
	kvs_close(kvs);
}

TEST_HARNESS_MAIN
