// SPDX-License-Identifier: GPL-2.0-only
/*
 * Stores of another user namespace: who sees them, who rules them, and how long
 * they are there.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/socket.h>

#include <kselftest_harness.h>

#include "control.h"
#include "figures.h"
#include "pass.h"
#include "people.h"
#include "request.h"
#include "ring.h"
#include "store.h"

#define STORE "namespace.one"
#define KEY "namespace.key"

static const struct person alice = { .uid = 1000, .gid = 1000 };
static const struct person bob = { .uid = 5000, .gid = 5000 };
static const struct person within = {}; /* root of a namespace */

FIXTURE(namespace)
{
	int fd; /* of STORE on the host, which has KEY, as "default" has */
	int sockets[2];
};

static int count_all(int fd)
{
	struct kvs_list_item items[64];
	__u32 start = 0;

	return store_list(fd, KVS_LIST_ALL, items, 64, &start);
}

FIXTURE_SETUP(namespace)
{
	int fd;

	ASSERT_EQ(0, people_admit(1));
	self->fd = store_make(STORE);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, control_request(self->fd, req_put_str(KEY, "host")));
	fd = control_open_default(O_RDWR);
	ASSERT_EQ(0, control_request(fd, req_put_str(KEY, "host")));
	close(fd);
	ASSERT_EQ(0, socketpair(AF_UNIX, SOCK_STREAM, 0, self->sockets));
	ASSERT_EQ(2, count_all(self->fd));
}

FIXTURE_TEARDOWN(namespace)
{
	int i;

	close(self->sockets[0]);
	close(self->sockets[1]);
	/* What was in flight, or in a ring, is put late */
	for (i = 0; i < 100 && count_all(self->fd) != 2; i++)
		usleep(50000);
	EXPECT_EQ(2, count_all(self->fd));
	close(self->fd);
	store_clear(STORE);
	people_admit(0);
}

/* A fresh namespace has nothing, and cannot see what others have. */
static int see_nothing(void *arg)
{
	struct kvs_list_item item;
	int fd = control_open(O_RDWR);
	char text[64];
	__u32 start = 0;

	(void)arg;
	CHECK(fd >= 0);
	CHECK(!store_list(fd, 0, &item, 1, &start));
	CHECK(store_list(fd, KVS_LIST_ALL, &item, 1, &start) == -EPERM);
	CHECK(store_open(STORE, O_RDWR) == -ENOENT);
	CHECK(store_open_number(0, O_RDWR) == -EPERM);
	CHECK(store_open_number(1, O_RDWR) == -EPERM);
	CHECK(!figures_read_file(FIGURES_PROCFS, text, sizeof(text)));
	CHECK(figures_read_file(FIGURES_SYSFS "/name", text, 64) == -EACCES);
	return 0;
}

TEST_F(namespace, sees_nothing)
{
	EXPECT_EQ(0, people_run_root_of(&alice, see_nothing, NULL));
}

/* BIND makes "default", once; it is another one than the host's. */
static int have_default(void *arg)
{
	struct kvs_list_item item;
	struct kvs_bind bind;
	int fd = control_open(O_RDWR), again = control_open(O_RDWR);
	__u32 start = 0;

	(void)arg;
	CHECK(!control_bind(fd, "", &bind));
	CHECK(bind.out_flags == KVS_BIND_CREATED);
	CHECK(bind.out_rights == KVS_RIGHT_ALL);
	CHECK(!control_bind(again, "default", &bind));
	CHECK(bind.out_flags == 0);
	CHECK(control_request(fd, req_get(KEY, NULL, 0)) == -ENOENT);
	CHECK(!control_request(fd, req_put_str(KEY, "within")));
	CHECK(store_list(fd, 0, &item, 1, &start) == 1 && !start);
	CHECK(!strcmp((char *)item.store_name, "default") && item.number);
	CHECK(!item.uid && !item.gid && item.entries == 1);
	CHECK(figures_procfs("number") == item.number);
	CHECK(figures_sysfs_of(item.number, "entries") == -1);
	/* It may go, and comes back */
	CHECK(!store_destroy(fd));
	CHECK(control_request(again, req_get(KEY, NULL, 0)) == -EIDRM);
	close(fd);
	fd = control_open(O_RDWR);
	CHECK(!control_bind(fd, "", &bind));
	CHECK(bind.out_flags == KVS_BIND_CREATED);
	return 0;
}

TEST_F(namespace, default_is_made)
{
	int fd = control_open_default(O_RDWR);

	EXPECT_EQ(0, people_run_root_of(&alice, have_default, NULL));
	EXPECT_EQ(0, control_request(fd, req_get(KEY, NULL, 0)));
	close(fd);
}

/* Names do not clash, and all commands work on what is one's own. */
static int use_same_name(void *arg)
{
	struct kvs_alter alter = { .set = KVS_SET_MODE, .mode = 0640 };
	int fd = store_make(STORE), staging;
	struct kvs_create wish = store_wish("namespace.two");

	(void)arg;
	CHECK(fd >= 0);
	CHECK(control_request(fd, req_get(KEY, NULL, 0)) == -ENOENT);
	CHECK(!control_request(fd, req_put_str(KEY, "within")));
	staging = store_stage(fd, "namespace.staging");
	CHECK(staging >= 0);
	CHECK(!store_publish(fd) && !store_alter(fd, alter));
	CHECK(!control_request(staging, req_get(KEY, NULL, 0)));
	CHECK(!store_flush(staging) && store_destroy(fd) == -EBUSY);
	/* Users that the namespace does not know are none */
	wish.set = KVS_SET_UID;
	wish.uid = 1;
	CHECK(store_create_as(fd, wish) == -EINVAL);
	wish.uid = 0;
	CHECK(store_create_as(fd, wish) > 0);
	/* All are left to the last handle */
	return 0;
}

TEST_F(namespace, names_do_not_clash)
{
	EXPECT_EQ(0, people_run_root_of(&alice, use_same_name, NULL));
	EXPECT_EQ(0, control_request(self->fd, req_get(KEY, NULL, 0)));
}

/* Leaves a handle of its "default" in the socket, and nothing else. */
static int send_handle(void *arg)
{
	int fd = control_open_default(O_RDWR), reader;

	CHECK(fd >= 0 && !control_request(fd, req_put_str(KEY, "within")));
	reader = control_restrict(fd, KVS_RIGHT_READ);
	CHECK(reader >= 0);
	pass_send(*(int *)arg, reader);
	return 0;
}

/* The host's administrator, with @fd: what the namespace left. */
static void find_left(struct __test_metadata *_metadata, int fd,
		      struct kvs_list_item *item)
{
	__u32 start = 1;

	do {
		ASSERT_EQ(1, store_list(fd, KVS_LIST_ALL, item, 1, &start));
	} while (item->ns_uid != alice.uid && start);
	ASSERT_EQ(alice.uid, item->ns_uid);
	EXPECT_EQ(alice.uid, item->uid);
	EXPECT_STREQ("default", (char *)item->store_name);
}

TEST_F(namespace, lives_with_its_last_handle)
{
	struct kvs_list_item item;
	int reader, same, admin;

	ASSERT_EQ(0,
		  people_run_root_of(&alice, send_handle, &self->sockets[1]));
	/* In flight nobody has it */
	EXPECT_EQ(3, count_all(self->fd));
	reader = pass_receive(self->sockets[0]);
	ASSERT_LE(0, reader);
	EXPECT_EQ(0, control_request(reader, req_get(KEY, NULL, 0)));
	find_left(_metadata, self->fd, &item);
	admin = store_open_number(item.number, O_RDWR);
	ASSERT_LE(0, admin);
	same = control_restrict(reader, KVS_RIGHT_READ);
	close(reader);
	EXPECT_EQ(0, control_request(same, req_get(KEY, NULL, 0)));
	EXPECT_EQ(0, control_request(admin, req_get(KEY, NULL, 0)));
	close(same);
	/* The host's handle is none of that namespace */
	EXPECT_EQ(-EIDRM, control_request(admin, req_get(KEY, NULL, 0)));
	EXPECT_EQ(2, count_all(self->fd));
	EXPECT_EQ(-ENOENT, store_open_number(item.number, O_RDWR));
	close(admin);
}

TEST_F(namespace, lives_in_a_ring)
{
	struct io_uring ring;
	int reader, i;

	ASSERT_EQ(0,
		  people_run_root_of(&alice, send_handle, &self->sockets[1]));
	reader = pass_receive(self->sockets[0]);
	ASSERT_EQ(0, ring_open(&ring, 8, 0));
	ASSERT_EQ(0, io_uring_register_files(&ring, &reader, 1));
	close(reader);
	EXPECT_EQ(3, count_all(self->fd));
	io_uring_queue_exit(&ring);
	for (i = 0; i < 100 && count_all(self->fd) == 3; i++)
		usleep(50000);
	EXPECT_EQ(2, count_all(self->fd));
}

TEST_F(namespace, ruled_by_the_host)
{
	struct kvs_alter alter = { .set = KVS_SET_MAX_BYTES,
				   .max_bytes = 65536 };
	struct kvs_list_item item;
	struct kvs_info info;
	int reader, admin;

	ASSERT_EQ(0,
		  people_run_root_of(&alice, send_handle, &self->sockets[1]));
	reader = pass_receive(self->sockets[0]);
	find_left(_metadata, self->fd, &item);
	EXPECT_EQ(1ULL, item.entries);
	admin = store_open_number(item.number, O_RDWR);
	ASSERT_LE(0, admin);
	ASSERT_EQ(0, control_info(admin, &info));
	EXPECT_EQ(KVS_RIGHT_ALL, info.rights);
	EXPECT_EQ(item.store_id, info.store_id);
	ASSERT_EQ(0, store_alter(admin, alter));
	find_left(_metadata, self->fd, &item);
	EXPECT_EQ(65536ULL, item.max_bytes);
	ASSERT_EQ(0, store_destroy(admin));
	EXPECT_EQ(-EIDRM, control_request(reader, req_get(KEY, NULL, 0)));
	EXPECT_EQ(2, count_all(self->fd));
	close(admin);
	close(reader);
}

/* Not even who owns the namespace sees it from outside. */
static int see_only_the_host(void *arg)
{
	int fd = control_open(O_RDWR), number = *(int *)arg;
	static char text[1 << 16];
	struct kvs_list_item item;
	__u32 start = 0;
	char line[32];

	CHECK(store_list(fd, KVS_LIST_ALL, &item, 1, &start) == -EPERM);
	CHECK(store_open_number(number, O_RDWR) == -EPERM);
	CHECK(!store_find_number(fd, 0, number, &item));
	CHECK(figures_read_file(FIGURES_PROCFS, text, sizeof(text)) > 0);
	snprintf(line, sizeof(line), "number: %d\n", number);
	CHECK(!strstr(text, line));
	return 0;
}

TEST_F(namespace, hidden_from_others)
{
	struct kvs_list_item item;
	int reader, number;

	ASSERT_EQ(0,
		  people_run_root_of(&alice, send_handle, &self->sockets[1]));
	reader = pass_receive(self->sockets[0]);
	find_left(_metadata, self->fd, &item);
	number = item.number;
	EXPECT_EQ(0, people_run(&alice, see_only_the_host, &number));
	EXPECT_EQ(0, people_run(&bob, see_only_the_host, &number));
	EXPECT_EQ(0, people_run_root_of(&bob, see_nothing, NULL));
	EXPECT_EQ(0, people_run_root_of(&alice, see_nothing, NULL));
	close(reader);
}

/* One below the other: each has its own, and knows nothing of the other's. */
static int nest(void *arg)
{
	int outer = control_open_default(O_RDWR), inner;
	struct kvs_bind bind;
	struct kvs_info info[2];

	CHECK(!control_request(outer, req_put_str(KEY, "outer")));
	CHECK(!people_unshare(&within));
	CHECK(!see_nothing(NULL));
	inner = control_open(O_RDWR);
	CHECK(!control_bind(inner, "", &bind));
	CHECK(bind.out_flags == KVS_BIND_CREATED);
	CHECK(control_request(inner, req_get(KEY, NULL, 0)) == -ENOENT);
	CHECK(!control_request(outer, req_get(KEY, NULL, 0)));
	CHECK(!control_info(outer, &info[0]) && !control_info(inner, &info[1]));
	CHECK(info[0].store_id != info[1].store_id);
	/* A handle from outside still names what is outside */
	CHECK(store_create_as(outer, store_wish(STORE)) > 0);
	CHECK(store_open(STORE, O_RDWR) == -ENOENT);
	pass_send(*(int *)arg, inner);
	return 0;
}

TEST_F(namespace, nested)
{
	int inner;

	ASSERT_EQ(0, people_run_root_of(&alice, nest, &self->sockets[1]));
	inner = pass_receive(self->sockets[0]);
	ASSERT_LE(0, inner);
	EXPECT_EQ(3, count_all(self->fd));
	EXPECT_EQ(0, control_request(inner, req_put_str(KEY, "inner")));
	close(inner);
}

/* CAP_SYS_ADMIN in the namespace of the store rules it, its owner apart. */
static int rule_as_root(void *arg)
{
	struct kvs_create wish = store_wish(STORE);
	const struct person user = { .uid = 1, .gid = 1 };
	struct kvs_info info;
	int fd = control_open(O_RDWR), mine, his;

	(void)arg;
	wish.set = KVS_SET_UID;
	wish.uid = 1;
	CHECK(store_create_as(fd, wish) > 0);
	his = store_open(STORE, O_RDWR);
	CHECK(!control_info(his, &info) && info.rights == KVS_RIGHT_ADMIN);
	CHECK(!store_flush(his));
	mine = store_make("namespace.two");
	CHECK(mine >= 0 && !people_become(&user));
	CHECK(store_open("namespace.two", O_RDWR) == -EACCES);
	his = store_open(STORE, O_RDWR);
	CHECK(!control_info(his, &info) && info.rights == KVS_RIGHT_ALL);
	his = control_open_default(O_RDWR);
	CHECK(!control_info(his, &info));
	CHECK(info.rights == (KVS_RIGHT_ALL & ~KVS_RIGHT_ADMIN));
	return 0;
}

TEST_F(namespace, ruled_by_its_root)
{
	EXPECT_EQ(0, people_run_mapped(&alice, 2, rule_as_root, NULL));
}

TEST_HARNESS_MAIN
