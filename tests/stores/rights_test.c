// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which right each request and each control command takes: all of them through
 * handles with every set of rights, and with every way of opening. By other
 * users and in other namespaces: rights_people_test.c.
 */
#include <errno.h>
#include <fcntl.h>

#include "control.h"
#include "door_fixture.h"
#include "rights.h"
#include "store.h"

#define STORE "rights.one"
#define STAGING "rights.staging"

#define TO_READ (KVS_RIGHT_READ | KVS_RIGHT_LIST)
#define TO_WRITE (KVS_RIGHT_WRITE | KVS_RIGHT_COUNT)

/* An administrator's rights by how he opens the device. */
static const struct opening {
	int flags;
	__u32 rights;
} openings[] = {
	{ O_RDONLY, TO_READ | KVS_RIGHT_ADMIN },
	{ O_WRONLY, TO_WRITE | KVS_RIGHT_ADMIN },
	{ O_RDWR, KVS_RIGHT_ALL },
};

/* A crowd reads, so it would need READ for itself. */
static int wrong_through(enum door_kind kind, unsigned int how, int owner,
			 int fd, __u32 rights)
{
	int wrong = rights_wrong_through(kind, how & ~DOOR_CROWD, owner, fd,
					 rights);

	close(fd);
	return wrong;
}

FIXTURE(carrier)
{
	int owner;
};

FIXTURE_VARIANT(carrier)
{
	enum door_kind kind;
};

#include "carrier_variants.h"

FIXTURE_SETUP(carrier)
{
	self->owner = control_open_default(O_RDWR);
	ASSERT_LE(0, self->owner);
}

FIXTURE_TEARDOWN(carrier)
{
	close(self->owner);
}

TEST_F(carrier, every_set_of_rights)
{
	const __u32 told_apart = TO_WRITE | KVS_RIGHT_READ;
	__u32 rights;

	for (rights = 1; rights <= KVS_RIGHT_ALL; rights++) {
		/* One set is told from another by these three alone */
		if (rights & ~told_apart && rights & told_apart)
			continue;
		EXPECT_EQ(0,
			  wrong_through(variant->kind, 0, self->owner,
					control_restrict(self->owner, rights),
					rights));
	}
}

TEST_F(door, every_way_of_opening)
{
	const struct opening *row;

	for (row = openings; row < openings + ARRAY_SIZE(openings); row++)
		EXPECT_EQ(0, wrong_through(variant->kind, variant->how,
					   self->door.fd,
					   control_open_default(row->flags),
					   row->rights));
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

TEST_F(command, every_set_of_rights)
{
	__u32 rights;
	int fd;

	for (rights = 1; rights <= KVS_RIGHT_ALL; rights++) {
		fd = control_restrict(self->fd, rights);
		ASSERT_LE(0, fd);
		EXPECT_EQ(0, rights_wrong_commands(fd, rights));
		close(fd);
	}
}

/* An administrator is one however the device was opened. */
TEST_F(command, every_way_of_opening)
{
	const struct opening *row;
	int fd;

	for (row = openings; row < openings + ARRAY_SIZE(openings); row++) {
		fd = store_open(STORE, row->flags);
		ASSERT_LE(0, fd);
		EXPECT_EQ(0, rights_wrong_commands(fd, row->rights));
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
