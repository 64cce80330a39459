// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whose rights a handle has: those that the mode bits give to who opened the
 * device, whoever uses the handle later.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>

#include <kselftest_harness.h>

#include "control.h"
#include "door.h"
#include "pass.h"
#include "people.h"
#include "request.h"
#include "ring.h"
#include "store.h"

#define STORE "credentials.one"
#define MADE "credentials.made"
#define OWNER 1000
#define GROUP 2000

static const struct person owner = { .uid = OWNER, .gid = 3000 };
static const struct person owner_in_group = { .uid = OWNER, .gid = GROUP };
static const struct person member = { .uid = 1001, .gid = GROUP };
static const struct person supplementary = {
	.uid = 1002,
	.gid = 3000,
	.groups = { 3001, GROUP },
	.group_count = 2,
};

static const struct person other = {
	.uid = 1003,
	.gid = 4000,
	.groups = { 3001, 3002 },
	.group_count = 2,
};

FIXTURE(credentials)
{
	int fd;
};

FIXTURE_SETUP(credentials)
{
	struct kvs_create wish = store_wish(STORE);

	ASSERT_EQ(0, people_admit(1));
	store_clear(MADE);
	wish.set = KVS_SET_UID | KVS_SET_GID | KVS_SET_MODE;
	wish.uid = OWNER;
	wish.gid = GROUP;
	wish.mode = 0640;
	self->fd = store_make_as(wish);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(credentials)
{
	close(self->fd);
	store_clear(STORE);
	store_clear(MADE);
	people_admit(0);
}

static __u32 rights_of_bits(unsigned int bits)
{
	__u32 rights = 0;

	if (bits & 4)
		rights |= KVS_RIGHT_READ | KVS_RIGHT_LIST;
	if (bits & 2)
		rights |= KVS_RIGHT_WRITE | KVS_RIGHT_COUNT;
	if (bits & 1)
		rights |= KVS_RIGHT_COUNT;
	return rights;
}

/* The rights that the caller gets; 0 for EACCES. */
static int rights_got(void *arg)
{
	int fd = store_open(STORE, *(int *)arg);
	struct kvs_info info;

	if (fd == -EACCES)
		return 0;
	return fd < 0 || control_info(fd, &info) ? 98 : (int)info.rights;
}

static __u32 by_flags(__u32 rights, int flags)
{
	if (flags == O_WRONLY)
		rights &= ~(KVS_RIGHT_READ | KVS_RIGHT_LIST);
	if (flags == O_RDONLY)
		rights &= ~(KVS_RIGHT_WRITE | KVS_RIGHT_COUNT);
	return rights;
}

/* One class at a time has @bits, the others have all the rest. */
static void expect_class(struct __test_metadata *_metadata, int fd, int shift,
			 const struct person *who, __u32 more)
{
	struct kvs_alter alter = { .set = KVS_SET_MODE };
	unsigned int bits;
	int flags;

	for (bits = 0; bits < 8; bits++) {
		alter.mode = (~(7U << shift) & 0777) | bits << shift;
		/* Those of the other classes are of no use */
		ASSERT_EQ(0, store_alter(fd, alter));
		flags = bits % 3;
		EXPECT_EQ((int)by_flags(rights_of_bits(bits) | more, flags),
			  people_run(who, rights_got, &flags))
		{
			TH_LOG("uid %u, mode %o, flags %d", who->uid,
			       alter.mode, flags);
		}
	}
}

TEST_F(credentials, mode_bits)
{
	expect_class(_metadata, self->fd, 6, &owner, KVS_RIGHT_ADMIN);
	expect_class(_metadata, self->fd, 6, &owner_in_group, KVS_RIGHT_ADMIN);
	expect_class(_metadata, self->fd, 3, &member, 0);
	expect_class(_metadata, self->fd, 3, &supplementary, 0);
	expect_class(_metadata, self->fd, 0, &other, 0);
}

/* Opened by root, used by somebody who could not have it. */
static int use_from_before(void *arg)
{
	int bound = store_open(STORE, O_RDWR), unbound = control_open(O_RDWR);
	struct kvs_alter alter = { .set = KVS_SET_UID, .uid = 77 };
	struct kvs_bind bind;

	if (people_become(&other))
		return 1;
	if (store_open(STORE, O_RDWR) != -EACCES)
		return 2;
	if (store_flush(bound) || store_alter(bound, alter))
		return 3;
	/* What counts at BIND is who has opened */
	if (control_bind(unbound, STORE, &bind) ||
	    !(bind.out_rights & KVS_RIGHT_ADMIN))
		return 4;
	if (control_bind(bound, STORE, &bind) != -EISCONN)
		return 5;
	return *(int *)arg;
}

TEST_F(credentials, opened_before)
{
	static const struct person root = {};
	int zero = 0;

	EXPECT_EQ(0, people_run(&root, use_from_before, &zero));
}

static int send_three(void *arg)
{
	int socket = *(int *)arg, i;

	for (i = 0; i < 2; i++)
		pass_send(socket, control_open(O_RDWR));
	pass_send(socket, store_open(STORE, O_RDWR));
	return 0;
}

/* Opened by somebody with few rights, used by root. */
TEST_F(credentials, passed_to_root)
{
	struct kvs_bind by_number = { .size = sizeof(by_number),
				      .flags = KVS_BIND_NUMBER };
	struct kvs_create wish = store_wish(MADE);
	int sockets[2], first, second, third;
	struct kvs_list_item item;
	struct kvs_bind bind;
	__u32 start = 0;

	ASSERT_EQ(0, socketpair(AF_UNIX, SOCK_STREAM, 0, sockets));
	ASSERT_EQ(0, people_run(&member, send_three, &sockets[1]));
	first = pass_receive(sockets[0]);
	second = pass_receive(sockets[0]);
	third = pass_receive(sockets[0]);
	ASSERT_LE(0, third);
	EXPECT_EQ(-EPERM, control_ioctl(first, KVS_IOC_BIND, &by_number));
	EXPECT_EQ(-EPERM, store_list(first, KVS_LIST_ALL, &item, 1, &start));
	wish.set = KVS_SET_UID;
	EXPECT_EQ(-EPERM, store_create_as(first, wish));
	ASSERT_EQ(0, control_bind(first, STORE, &bind));
	EXPECT_EQ(KVS_RIGHT_READ | KVS_RIGHT_LIST, bind.out_rights);
	EXPECT_EQ(-EACCES, store_flush(third));
	EXPECT_EQ(-EACCES, control_request(third, req_put_str("k", "v")));

	/* What root makes through it is the opener's */
	ASSERT_LT(0, store_create_as(second, store_wish(MADE)));
	ASSERT_TRUE(store_find(second, 0, MADE, &item));
	EXPECT_EQ(member.uid, item.uid);
	EXPECT_EQ(member.gid, item.gid);
	close(first);
	close(second);
	close(third);
	close(sockets[0]);
	close(sockets[1]);
}

/* A ring that root has made, or that somebody made, is the same. */
static int use_ring(void *arg)
{
	struct kvs_res res;
	struct door door;
	int fd = *(int *)arg, i;

	for (i = DOOR_URING_VEC; i <= DOOR_URING_REQ; i++) {
		if (door_attach(&door, i, 0, fd))
			return 1;
		if (door_do(&door, req_put_str("k", "v"), &res))
			return 2;
		door_detach(&door);
		fd = store_open(STORE, O_RDWR);
		if (door_attach(&door, i, DOOR_ASYNC, fd))
			return 3;
		if (door_do(&door, req_put_str("k", "v"), &res) != -EACCES)
			return 4;
		if (door_do(&door, req_get("k", NULL, 0), &res))
			return 5;
		door_close(&door);
		fd = *(int *)arg;
	}
	return 0;
}

TEST_F(credentials, rings)
{
	struct kvs_alter alter = { .set = KVS_SET_UID };
	int fd;

	/* Root as the owner may write */
	ASSERT_EQ(0, store_alter(self->fd, alter));
	fd = store_open(STORE, O_RDWR);
	ASSERT_LE(0, fd);
	EXPECT_EQ(0, people_run(&member, use_ring, &fd));
	close(fd);
}

/* The credentials that an entry runs with, if not those of who submits it. */
static int put_with_personality(struct io_uring *ring, int fd, int personality)
{
	const struct kvs_req put = req_put_str("k", "v");
	const struct kvs_vec vec = { .reqs = addr_of(&put), .count = 1 };
	struct io_uring_sqe *sqe;

	sqe = ring_prep(ring, fd, KVS_IOC_VEC, &vec, sizeof(vec));
	sqe->personality = personality;
	return ring_run(ring);
}

static int lend_personality(void *arg)
{
	int mine = *(int *)arg, his, root, member_too;
	struct io_uring ring;

	CHECK(!ring_open(&ring, 8, 0));
	root = io_uring_register_personality(&ring);
	CHECK(root > 0 && !people_become(&member));
	member_too = io_uring_register_personality(&ring);
	his = store_open(STORE, O_RDWR);
	CHECK(member_too > 0 && his >= 0);
	CHECK(put_with_personality(&ring, his, root) == -EACCES);
	CHECK(put_with_personality(&ring, his, member_too) == -EACCES);
	CHECK(!put_with_personality(&ring, mine, root));
	CHECK(!put_with_personality(&ring, mine, member_too));
	io_uring_queue_exit(&ring);
	return 0;
}

TEST_F(credentials, personalities)
{
	static const struct person root = {};
	struct kvs_alter alter = { .set = KVS_SET_UID };
	int fd;

	ASSERT_EQ(0, store_alter(self->fd, alter));
	fd = store_open(STORE, O_RDWR);
	ASSERT_LE(0, fd);
	EXPECT_EQ(0, people_run(&root, lend_personality, &fd));
	close(fd);
}

static int create_with(int fd, __u32 set, __u32 uid, __u32 gid)
{
	struct kvs_create wish = store_wish(MADE);
	int ret;

	wish.set = set;
	wish.uid = uid;
	wish.gid = gid;
	ret = store_create_as(fd, wish);
	store_clear(MADE);
	return ret > 0 ? 0 : ret;
}

/* Nobody gives a store away, or to a group that he is not in. */
static int create_for_others(void *arg)
{
	int fd = control_open(O_RDWR);

	if (create_with(fd, KVS_SET_UID, other.uid, 0) != -EPERM ||
	    create_with(fd, KVS_SET_UID, 0, 0) != -EPERM)
		return 1;
	if (create_with(fd, KVS_SET_GID, 0, other.gid) != -EPERM ||
	    create_with(fd, KVS_SET_GID, 0, 0) != -EPERM)
		return 2;
	if (create_with(fd, KVS_SET_UID, supplementary.uid, 0) ||
	    create_with(fd, KVS_SET_GID, 0, GROUP) ||
	    create_with(fd, KVS_SET_GID, 0, supplementary.gid))
		return *(int *)arg;
	return 0;
}

static int alter_for_others(void *arg)
{
	struct kvs_alter away = { .set = KVS_SET_UID, .uid = 1001 };
	struct kvs_alter group = { .set = KVS_SET_GID, .gid = GROUP };
	struct kvs_alter mode = { .set = KVS_SET_MODE, .mode = 0604 };
	int fd = store_open(STORE, O_RDONLY);
	struct kvs_list_item item;
	__u32 start = 0;

	if (store_alter(fd, away) != -EPERM || store_alter(fd, group) != -EPERM)
		return 1;
	group.gid = owner.gid;
	away.uid = OWNER;
	if (store_alter(fd, group) || store_alter(fd, away))
		return 2;
	if (store_alter(fd, mode) || store_flush(fd))
		return 3;
	if (store_list(fd, KVS_LIST_ALL, &item, 1, &start) != -EPERM ||
	    store_open_number(0, O_RDWR) != -EPERM)
		return 4;
	return store_destroy(fd) ? *(int *)arg : 0;
}

TEST_F(credentials, owners)
{
	struct kvs_list_item item;
	int bad = 9;

	EXPECT_EQ(0, people_run(&supplementary, create_for_others, &bad));
	EXPECT_EQ(0, people_run(&owner, alter_for_others, &bad));
	EXPECT_FALSE(store_find(self->fd, 0, STORE, &item));
}

/* "default" is open to all who may open the device; only root rules it. */
static int use_default(void *arg)
{
	int fd = control_open_default(O_RDWR);
	struct kvs_info info;

	if (fd < 0 || control_info(fd, &info))
		return 1;
	if (info.rights != (KVS_RIGHT_ALL & ~KVS_RIGHT_ADMIN))
		return 2;
	if (store_destroy(fd) != -EACCES || store_flush(fd) != -EACCES)
		return *(int *)arg;
	return 0;
}

TEST_F(credentials, default_store)
{
	int bad = 9;

	EXPECT_EQ(0, people_run(&other, use_default, &bad));
}

TEST_HARNESS_MAIN
