// SPDX-License-Identifier: GPL-2.0-only
/* Handles: to which store they are bound, and with which rights. */
#include <fcntl.h>

#include "door_fixture.h"
#include "guard.h"
#include "steps.h"

#define KEY "handle.key"

#define READ_RIGHTS (KVS_RIGHT_READ | KVS_RIGHT_LIST)
#define WRITE_RIGHTS (KVS_RIGHT_WRITE | KVS_RIGHT_COUNT)

static int bind_name(const char *name, size_t len)
{
	struct kvs_bind bind = { .size = sizeof(bind) };
	int fd = control_open(O_RDWR);
	int ret;

	if (fd < 0)
		return fd;
	memcpy(bind.store_name, name, len);
	ret = control_ioctl(fd, KVS_IOC_BIND, &bind);
	close(fd);
	return ret;
}

TEST(bind_default)
{
	struct kvs_info info;
	struct kvs_bind bind;
	int fd = control_open(O_RDWR);

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, control_bind(fd, "", &bind));
	EXPECT_EQ(KVS_RIGHT_ALL, bind.out_rights);
	EXPECT_EQ(0U, bind.out_flags);
	ASSERT_EQ(0, control_info(fd, &info));
	EXPECT_EQ(KVS_RIGHT_ALL, info.rights);
	EXPECT_STREQ("default", (char *)info.store_name);
	close(fd);
	EXPECT_EQ(0, bind_name("default", 7));
}

TEST(bind_twice)
{
	struct kvs_bind bind;
	int fd = control_open_default(O_RDWR);

	ASSERT_LE(0, fd);
	EXPECT_EQ(-EISCONN, control_bind(fd, "", &bind));
	EXPECT_EQ(-EISCONN, control_bind(fd, "default", &bind));
	EXPECT_EQ(0, control_request(fd, req_put_str(KEY, "value")));
	close(fd);
}

TEST(bind_unknown_store)
{
	struct kvs_info info;
	struct kvs_bind bind;
	char name[64];
	int fd = control_open(O_RDWR);

	ASSERT_LE(0, fd);
	EXPECT_EQ(-ENOENT, control_bind(fd, "no-such.store_1", &bind));
	ASSERT_EQ(0, control_info(fd, &info));
	EXPECT_EQ(0ULL, info.store_id);
	EXPECT_EQ(0, control_bind(fd, "default", &bind));
	close(fd);

	memset(name, 'x', sizeof(name));
	EXPECT_EQ(-ENOENT, bind_name(name, 1));
	EXPECT_EQ(-ENOENT, bind_name(name, 63));
	EXPECT_EQ(-EINVAL, bind_name(name, 64));
}

TEST(bind_bad_name)
{
	static const char *const names[] = { ".",	 "..",	"a/b", "a b",
					     "a\nb",	 "a\t", "/",   "\x7f",
					     "\xc3\xa9", "a:b", "~",   "[",
					     "@",	 "`",	"{",   ",",
					     "+" };
	size_t i;
	char c;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		EXPECT_EQ(-EINVAL, bind_name(names[i], strlen(names[i])))
		{
			TH_LOG("name %zu: %s", i, names[i]);
		}
	}
	for (c = 1; c < ' '; c++)
		EXPECT_EQ(-EINVAL, bind_name(&c, 1));
	EXPECT_EQ(-ENOENT, bind_name("...", 3));
	EXPECT_EQ(-ENOENT, bind_name("-", 1));
	EXPECT_EQ(-ENOENT, bind_name("A-Za-z0-9._-", 12));
}

/* Behind the name all is NUL, so that every name has one spelling. */
TEST(bind_name_padding)
{
	char name[KVS_STORE_NAME_SIZE] = "default";
	size_t at;

	for (at = 8; at < sizeof(name); at++) {
		name[at] = 'x';
		EXPECT_EQ(-EINVAL, bind_name(name, sizeof(name)));
		name[at] = 0;
	}
	name[0] = 0;
	EXPECT_EQ(-EINVAL, bind_name(name, sizeof(name)));
}

TEST_F(door, unbound_handle)
{
	struct kvs_req reqs[] = {
		req_get(KEY, NULL, 0), req_put_str(KEY, "v"), req_delete(KEY),
		req_add(KEY, 1),       req_stat(KEY, NULL),
	};
	int fd = control_open(O_RDWR);
	struct kvs_res res;
	struct door door;
	size_t i;

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, door_attach(&door, variant->kind,
				 variant->how & ~DOOR_CROWD, fd));
	for (i = 0; i < ARRAY_SIZE(reqs); i++)
		EXPECT_EQ(-ENOTCONN, door_do(&door, reqs[i], &res));
	EXPECT_EQ(-ENOTCONN, control_restrict(fd, KVS_RIGHT_READ));
	door_close(&door);
}

/* Every verb through a handle with @rights; each either works or EACCES. */
static void check_rights(struct __test_metadata *_metadata, struct door *door,
			 __u32 rights)
{
	struct kvs_add_args args = { .size = sizeof(args), .max = 1000 };
	int readable = rights & KVS_RIGHT_READ ? 0 : -EACCES;
	int writable = rights & KVS_RIGHT_WRITE ? 0 : -EACCES;
	int countable = rights & WRITE_RIGHTS ? 0 : -EACCES;
	struct kvs_req bounded = req_args(req_add(KEY ".n", 1), &args);
	struct kvs_res res;

	bounded.flags |= KVS_F_MAX;
	EXPECT_EQ(readable, step_get(door, KEY, NULL, 0, &res));
	EXPECT_EQ(readable, door_do(door, req_stat(KEY, NULL), &res));
	EXPECT_EQ(writable, step_put(door, KEY, "new", &res));
	EXPECT_EQ(writable, step_delete(door, KEY, &res));
	EXPECT_EQ(countable, step_add(door, KEY ".n", 1, &res));
	EXPECT_EQ(writable, door_do(door, bounded, &res));
	EXPECT_EQ(writable, door_do(door, req_add_create(KEY ".new", 1), &res));
}

static void prepare(struct door *owner)
{
	struct kvs_res res;

	step_clear(owner, KEY ".new");
	step_put(owner, KEY, "value", &res);
	step_put_counter(owner, KEY ".n", 0, &res);
}

/* The crowd around a request reads, so a crowd needs READ. */
TEST_F(door, open_flags)
{
	static const int flags[] = { O_RDONLY, O_WRONLY, O_RDWR };
	static const __u32 rights[] = { READ_RIGHTS, WRITE_RIGHTS,
					READ_RIGHTS | WRITE_RIGHTS };
	struct kvs_info info;
	struct door door;
	size_t i;
	int fd;

	for (i = 0; i < ARRAY_SIZE(flags); i++) {
		fd = control_open_default(flags[i]);
		ASSERT_LE(0, fd);
		ASSERT_EQ(0, control_info(fd, &info));
		EXPECT_EQ(rights[i], info.rights & ~KVS_RIGHT_ADMIN);
		ASSERT_EQ(0, door_attach(&door, variant->kind,
					 variant->how & ~DOOR_CROWD, fd));
		prepare(&self->door);
		check_rights(_metadata, &door, info.rights);
		door_close(&door);
	}
}

TEST_F(door, restrict_to_each_right)
{
	struct kvs_info info;
	struct door door;
	__u32 right;
	int fd;

	for (right = 1; right < KVS_RIGHT_ALL; right <<= 1) {
		fd = control_restrict(self->door.fd, right);
		ASSERT_LE(0, fd);
		EXPECT_EQ(FD_CLOEXEC, fcntl(fd, F_GETFD));
		ASSERT_EQ(0, control_info(fd, &info));
		EXPECT_EQ(right, info.rights);
		EXPECT_STREQ("default", (char *)info.store_name);
		ASSERT_EQ(0, door_attach(&door, variant->kind,
					 variant->how & ~DOOR_CROWD, fd));
		prepare(&self->door);
		check_rights(_metadata, &door, right);
		door_close(&door);
	}
}

/* A counter that a COUNT-only handle must not touch is not touched. */
TEST_F(door, what_is_refused_changes_nothing)
{
	int fd = control_restrict(self->door.fd, KVS_RIGHT_LIST);
	__u64 version;
	struct kvs_res res;
	struct door door;

	ASSERT_LE(0, fd);
	prepare(&self->door);
	version = control_version(self->door.fd);
	ASSERT_EQ(0, door_attach(&door, variant->kind,
				 variant->how & ~DOOR_CROWD, fd));
	check_rights(_metadata, &door, KVS_RIGHT_LIST);
	EXPECT_EQ(version, control_version(self->door.fd));
	EXPECT_EQ(-ENOENT, step_get(&self->door, KEY ".new", NULL, 0, &res));
	door_close(&door);
}

TEST(restrict_refused)
{
	int fd = control_open_default(O_RDWR), reader;
	int bit;

	ASSERT_LE(0, fd);
	EXPECT_EQ(-EINVAL, control_restrict(fd, 0));
	for (bit = 5; bit < 32; bit++) {
		EXPECT_EQ(-EINVAL, control_restrict(fd, 1U << bit));
		EXPECT_EQ(-EINVAL, control_restrict(fd, 1U | 1U << bit));
	}
	reader = control_restrict(fd, KVS_RIGHT_READ);
	ASSERT_LE(0, reader);
	EXPECT_EQ(-EACCES, control_restrict(reader, KVS_RIGHT_WRITE));
	EXPECT_EQ(-EACCES, control_restrict(reader, KVS_RIGHT_ALL));
	EXPECT_EQ(-EACCES, control_restrict(reader, READ_RIGHTS));
	close(reader);
	close(fd);

	fd = control_open_default(O_RDONLY);
	ASSERT_LE(0, fd);
	EXPECT_EQ(-EACCES, control_restrict(fd, KVS_RIGHT_WRITE));
	EXPECT_EQ(-EACCES, control_restrict(fd, KVS_RIGHT_COUNT));
	close(fd);
}

TEST(restricted_handle_is_bound)
{
	int fd = control_open_default(O_RDWR), reader, same;
	struct kvs_info info, narrow;
	struct kvs_bind bind;

	ASSERT_LE(0, fd);
	reader = control_restrict(fd, READ_RIGHTS);
	ASSERT_LE(0, reader);
	EXPECT_EQ(-EISCONN, control_bind(reader, "", &bind));
	ASSERT_EQ(0, control_info(fd, &info));
	ASSERT_EQ(0, control_info(reader, &narrow));
	EXPECT_EQ(info.store_id, narrow.store_id);

	/* It lives on its own */
	close(fd);
	EXPECT_EQ(-EACCES, control_request(reader, req_delete(KEY)));
	same = control_restrict(reader, READ_RIGHTS);
	ASSERT_LE(0, same);
	close(reader);
	ASSERT_EQ(0, control_info(same, &narrow));
	EXPECT_EQ(READ_RIGHTS, narrow.rights);
	close(same);
}

TEST_HARNESS_MAIN
