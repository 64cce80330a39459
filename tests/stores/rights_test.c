// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which right each request and each control command takes: all of them through
 * handles with every set of rights, and with every way of opening.
 */
#include <errno.h>
#include <fcntl.h>

#include "control.h"
#include "door_fixture.h"
#include "request.h"
#include "store.h"

#define STORE "rights.one"
#define STAGING "rights.staging"
#define BLOB "rights.blob"
#define COUNTER "rights.counter"
#define MISSING "rights.missing"

#define R KVS_RIGHT_READ
#define W KVS_RIGHT_WRITE
#define C KVS_RIGHT_COUNT

/* What a request takes: all of one set, and one of another. */
struct row {
	__u16 verb;
	__u32 flags;
	__u32 all, any;
};

static const struct row rows[] = {
	{ KVS_GET, 0, R, 0 },
	{ KVS_GET, KVS_F_OFFSET, R, 0 },
	{ KVS_GET, KVS_F_IF_CHANGED, R, 0 },
	{ KVS_GET, KVS_F_NO_TOUCH, R, 0 },
	{ KVS_GET, KVS_F_TTL, R | W, 0 },
	{ KVS_GET, KVS_F_TTL_ABS, R | W, 0 },
	{ KVS_PUT, 0, W, 0 },
	{ KVS_PUT, KVS_F_CREATE, W, 0 },
	{ KVS_PUT, KVS_F_REPLACE, W, 0 },
	{ KVS_PUT, KVS_F_IF_NEWER, W, 0 },
	{ KVS_PUT, KVS_F_TTL, W, 0 },
	{ KVS_PUT, KVS_F_TTL_ABS, W, 0 },
	{ KVS_PUT, KVS_F_KEEP_TTL, W, 0 },
	{ KVS_PUT, KVS_F_TTL_ONLY | KVS_F_TTL, W, 0 },
	{ KVS_PUT, KVS_F_APPEND, W, 0 },
	{ KVS_PUT, KVS_F_COUNTER, W, 0 },
	{ KVS_PUT, KVS_F_ARGS, W, 0 },
	{ KVS_PUT, KVS_F_ARGS | KVS_F_IF_EQ, R | W, 0 },
	{ KVS_PUT, KVS_F_ARGS | KVS_F_RET_OLD, R | W, 0 },
	{ KVS_DELETE, 0, W, 0 },
	{ KVS_DELETE, KVS_F_ARGS, W, 0 },
	{ KVS_DELETE, KVS_F_ARGS | KVS_F_IF_EQ, R | W, 0 },
	{ KVS_DELETE, KVS_F_ARGS | KVS_F_RET_OLD, R | W, 0 },
	{ KVS_ADD, 0, 0, C | W },
	{ KVS_ADD, KVS_F_SATURATE, 0, C | W },
	{ KVS_ADD, KVS_F_WRAP, 0, C | W },
	{ KVS_ADD, KVS_F_ARGS, 0, C | W },
	{ KVS_ADD, KVS_F_CREATE, W, 0 },
	{ KVS_ADD, KVS_F_ARGS | KVS_F_MIN, W, 0 },
	{ KVS_ADD, KVS_F_ARGS | KVS_F_MAX, W, 0 },
	{ KVS_ADD, KVS_F_TTL, W, 0 },
	{ KVS_ADD, KVS_F_TTL_ABS, W, 0 },
	{ KVS_ADD, KVS_F_CREATE | KVS_F_TTL | KVS_F_TTL_IF_NEW, W, 0 },
	{ KVS_STAT, 0, R, 0 },
	{ KVS_XCHG, 0, R | W, 0 },
	{ KVS_XCHG, KVS_F_CREATE, R | W, 0 },
	{ KVS_BITOP, KVS_F_ARGS, R | W, 0 },
	{ KVS_BITOP, KVS_F_ARGS | KVS_F_CREATE, R | W, 0 },
	{ KVS_BUCKET, KVS_F_ARGS, 0, C | W },
	{ KVS_BUCKET, KVS_F_ARGS | KVS_F_CREATE, W, 0 },
	{ KVS_BUCKET, KVS_F_ARGS | KVS_F_TTL, W, 0 },
	{ KVS_TOUCH, KVS_F_TTL, W, 0 },
};

static char old_value[64];

static struct kvs_value_args value_args(__u32 flags)
{
	struct kvs_value_args args = { .size = sizeof(args) };

	if (flags & KVS_F_IF_EQ) {
		args.expect = addr_of("value");
		args.expect_len = 5;
	}
	if (flags & KVS_F_RET_OLD) {
		args.old = addr_of(old_value);
		args.old_len = sizeof(old_value);
	}
	return args;
}

/* The operands of @row where it takes some. */
static __u64 operands(const struct row *row)
{
	static struct kvs_value_args value;
	static struct kvs_add_args add;
	static struct kvs_bitop_args bitop;
	static struct kvs_bucket_args bucket;

	value = value_args(row->flags);
	add = (struct kvs_add_args){ .size = sizeof(add) };
	add.min = row->flags & KVS_F_MIN ? -1000 : 0;
	add.max = row->flags & KVS_F_MAX ? 1000 : 0;
	bitop = (struct kvs_bitop_args){ .size = sizeof(bitop),
					 .op = KVS_BITOP_OR };
	bucket = (struct kvs_bucket_args){
		.size = sizeof(bucket), .interval_ns = 1, .burst = 1, .cost = 1
	};
	switch (row->verb) {
	case KVS_ADD:
		return addr_of(&add);
	case KVS_BITOP:
		return addr_of(&bitop);
	case KVS_BUCKET:
		return addr_of(&bucket);
	default:
		return addr_of(&value);
	}
}

static const char *key_of(const struct row *row)
{
	switch (row->verb) {
	case KVS_PUT:
		return row->flags & KVS_F_CREATE ? MISSING : BLOB;
	case KVS_GET:
	case KVS_DELETE:
	case KVS_STAT:
	case KVS_TOUCH:
		return BLOB;
	default:
		return row->flags & KVS_F_CREATE ? MISSING : COUNTER;
	}
}

/* A request that succeeds where it is allowed. */
static struct kvs_req req_of(const struct row *row)
{
	struct kvs_req req = req_verb(row->verb, key_of(row));
	static __s64 number = 7;

	req.flags = row->flags;
	if (row->flags & (KVS_F_TTL | KVS_F_TTL_ABS))
		req.ttl = 1ULL << 60;
	if (row->flags & KVS_F_ARGS)
		req.cond = operands(row);
	if (row->flags & KVS_F_IF_NEWER)
		req.cond = 1ULL << 40;
	if (row->verb == KVS_PUT && !(row->flags & KVS_F_TTL_ONLY)) {
		req.value = addr_of(&number);
		req.value_len = sizeof(number);
	}
	return req;
}

static void prepare(int owner)
{
	__s64 zero = 0;

	control_request(owner, req_put_str(BLOB, "value"));
	control_request(owner, req_put_counter(COUNTER, &zero));
	control_request(owner, req_delete(MISSING));
}

static void expect_rights(struct __test_metadata *_metadata, struct door *door,
			  int owner, __u32 rights)
{
	const struct row *row;
	struct kvs_res res;
	bool allowed;
	__u64 version;

	for (row = rows; row < rows + ARRAY_SIZE(rows); row++) {
		allowed = (rights & row->all) == row->all &&
			  (!row->any || rights & row->any);
		prepare(owner);
		version = control_version(owner);
		EXPECT_EQ(allowed ? 0 : -EACCES,
			  door_do(door, req_of(row), &res))
		{
			TH_LOG("verb %u, flags %#x, rights %#x", row->verb,
			       row->flags, rights);
		}
		if (!allowed)
			EXPECT_EQ(version, control_version(owner));
	}
}

/* A crowd reads, so it would need READ for itself. */
static void try_rights(struct __test_metadata *_metadata, enum door_kind kind,
		       unsigned int how, int owner, int fd)
{
	struct kvs_info info;
	struct door door;

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, control_info(fd, &info));
	ASSERT_EQ(0, door_attach(&door, kind, how & ~DOOR_CROWD, fd));
	expect_rights(_metadata, &door, owner, info.rights);
	door_close(&door);
}

TEST_F_TIMEOUT(door, every_set_of_rights, 120)
{
	__u32 rights;

	for (rights = 1; rights <= KVS_RIGHT_ALL; rights++) {
		/* One set is told from another by these three alone */
		if (rights & ~(R | W | C) && (rights & (R | W | C)))
			continue;
		try_rights(_metadata, variant->kind, variant->how,
			   self->door.fd,
			   control_restrict(self->door.fd, rights));
	}
}

TEST_F(door, every_way_of_opening)
{
	static const int flags[] = { O_RDONLY, O_WRONLY, O_RDWR };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(flags); i++)
		try_rights(_metadata, variant->kind, variant->how,
			   self->door.fd, control_open_default(flags[i]));
}

FIXTURE(command)
{
	int fd, staging;
};

FIXTURE_SETUP(command)
{
	self->fd = store_make(STORE);
	ASSERT_LE(0, self->fd);
	self->staging = store_stage(self->fd, STAGING);
	ASSERT_LE(0, self->staging);
}

FIXTURE_TEARDOWN(command)
{
	close(self->staging);
	close(self->fd);
	store_clear(STORE);
}

/* All but DESTROY, which leaves nothing to try with. */
static void expect_commands(struct __test_metadata *_metadata, int fd,
			    bool admin)
{
	struct kvs_alter alter = { .set = KVS_SET_MODE, .mode = 0600 };
	int want = admin ? 0 : -EACCES;
	struct kvs_store_stats stats;
	struct kvs_list_item item;
	struct kvs_info info;
	__u32 start = 0;

	EXPECT_EQ(0, control_info(fd, &info));
	EXPECT_EQ(0, store_stats(fd, &stats));
	EXPECT_EQ(1, store_list(fd, 0, &item, 1, &start));
	EXPECT_EQ(want, store_alter(fd, alter));
	EXPECT_EQ(want, store_flush(fd));
	EXPECT_EQ(want, store_publish(fd));
	EXPECT_EQ(admin ? -EEXIST : -EACCES,
		  store_create_staging(fd, "rights.more"));
	EXPECT_EQ(admin ? -EBUSY : -EACCES, store_destroy(fd));
}

TEST_F(command, every_set_of_rights)
{
	__u32 rights;
	int fd;

	for (rights = 1; rights <= KVS_RIGHT_ALL; rights++) {
		fd = control_restrict(self->fd, rights);
		ASSERT_LE(0, fd);
		expect_commands(_metadata, fd, rights & KVS_RIGHT_ADMIN);
		close(fd);
	}
}

/* An administrator is one however the device was opened. */
TEST_F(command, every_way_of_opening)
{
	static const int flags[] = { O_RDONLY, O_WRONLY, O_RDWR };
	size_t i;
	int fd;

	for (i = 0; i < ARRAY_SIZE(flags); i++) {
		fd = store_open(STORE, flags[i]);
		ASSERT_LE(0, fd);
		expect_commands(_metadata, fd, true);
		close(fd);
	}
	ASSERT_EQ(0, store_destroy(self->staging));
	fd = store_open(STORE, O_RDONLY);
	EXPECT_EQ(0, store_destroy(fd));
	close(fd);
}

/* The lack of a right comes before what would be wrong besides. */
TEST_F(command, which_error_first)
{
	int fd = control_open_default(O_RDWR);
	int reader = control_restrict(fd, KVS_RIGHT_READ);

	EXPECT_EQ(-EPERM, store_destroy(fd));
	EXPECT_EQ(-EACCES, store_destroy(reader));
	EXPECT_EQ(-ENOENT, store_publish(fd));
	EXPECT_EQ(-EACCES, store_publish(reader));
	close(reader);
	close(fd);
}

/*
 * Somebody who is trusted with a part is trusted with no more: not with the
 * opener's name, quota or capabilities either.
 */
TEST_F(command, no_more_than_the_rights)
{
	int fd = control_open_default(O_RDWR);
	int all = control_restrict(fd, KVS_RIGHT_ALL);
	struct kvs_create wish = store_wish("rights.more");
	struct kvs_list_item item;
	__u32 start = 0;

	EXPECT_EQ(-EACCES, store_create_as(all, wish));
	EXPECT_EQ(-ENOENT, store_open("rights.more", O_RDWR));
	EXPECT_EQ(-EACCES, store_list(all, KVS_LIST_ALL, &item, 1, &start));
	EXPECT_EQ(1, store_list(all, 0, &item, 1, &start));
	EXPECT_LE(0, store_create_staging(all, "rights.next"));
	store_clear("rights.next");
	close(all);
	close(fd);
}

TEST_HARNESS_MAIN
