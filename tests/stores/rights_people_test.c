// SPDX-License-Identifier: GPL-2.0-only
/*
 * The matrix of rights as somebody else: another user, and root of a user
 * namespace that is foreign to the store. What counts is what the handle has,
 * never who uses it.
 */
#include <errno.h>
#include <fcntl.h>

#include <kselftest_harness.h>

#include "control.h"
#include "people.h"
#include "rights.h"
#include "store.h"

#define STORE "rights.people"
#define STAGING "rights.staging"

#define TO_READ (KVS_RIGHT_READ | KVS_RIGHT_LIST)
#define TO_WRITE (KVS_RIGHT_WRITE | KVS_RIGHT_COUNT)

static const struct person alice = { .uid = 1000, .gid = 1000 };

FIXTURE(people)
{
	int fd, staging;
};

FIXTURE_SETUP(people)
{
	ASSERT_EQ(0, people_admit(1));
	self->fd = store_make(STORE);
	ASSERT_LE(0, self->fd);
	self->staging = store_stage(self->fd, STAGING);
	ASSERT_LE(0, self->staging);
}

FIXTURE_TEARDOWN(people)
{
	close(self->staging);
	close(self->fd);
	store_clear(STORE);
	people_admit(0);
}

/* Bits for others, and what comes of them by how the device is opened. */
static const struct opening {
	__u32 mode;
	int flags;
	__u32 rights;
} openings[] = {
	{ 0006, O_RDWR, TO_READ | TO_WRITE },
	{ 0006, O_RDONLY, TO_READ },
	{ 0006, O_WRONLY, TO_WRITE },
	{ 0004, O_RDWR, TO_READ },
	{ 0002, O_RDWR, TO_WRITE },
	{ 0001, O_RDWR, KVS_RIGHT_COUNT },
	{ 0005, O_RDWR, TO_READ | KVS_RIGHT_COUNT },
	{ 0770, O_RDWR, 0 },
};

struct handed {
	int owner; /* a handle that may do everything */
	const struct opening *opening;
	int fds[KVS_RIGHT_ALL + 1]; /* by their rights */
};

static int use(int owner, int fd, __u32 rights)
{
	CHECK(!rights_wrong_commands(fd, rights));
	/* No request takes the right to administer */
	if (rights & KVS_RIGHT_ADMIN && rights != KVS_RIGHT_ALL)
		return 0;
	CHECK(!rights_wrong_through(DOOR_IOCTL_VEC, 0, owner, fd, rights));
	CHECK(!rights_wrong_through(DOOR_URING_REQ, 0, owner, fd, rights));
	return 0;
}

static int open_and_use(void *arg)
{
	const struct handed *handed = arg;
	const struct opening *opening = handed->opening;
	int fd = store_open(STORE, opening->flags);

	if (!opening->rights) {
		CHECK(fd == -EACCES);
		return 0;
	}
	CHECK(fd >= 0);
	return use(handed->owner, fd, opening->rights);
}

TEST_F(people, second_user)
{
	struct handed handed = { .owner = self->fd, .opening = openings };
	struct kvs_alter alter = { .set = KVS_SET_MODE };

	for (; handed.opening < openings + ARRAY_SIZE(openings);
	     handed.opening++) {
		alter.mode = handed.opening->mode;
		ASSERT_EQ(0, store_alter(self->fd, alter));
		EXPECT_EQ(0, people_run(&alice, open_and_use, &handed))
		{
			TH_LOG("mode %o, flags %d", handed.opening->mode,
			       handed.opening->flags);
		}
	}
}

static int use_handed(void *arg)
{
	const struct handed *handed = arg;
	__u32 rights;

	/* Who uses them could not have one of them */
	CHECK(store_open(STORE, O_RDWR) < 0);
	for (rights = 1; rights <= KVS_RIGHT_ALL; rights++)
		if (use(handed->owner, handed->fds[rights], rights))
			return 1;
	return 0;
}

static void hand_over(struct __test_metadata *_metadata, struct handed *handed)
{
	struct kvs_alter alter = { .set = KVS_SET_MODE, .mode = 0600 };
	__u32 rights;

	ASSERT_EQ(0, store_alter(handed->owner, alter));
	for (rights = 1; rights <= KVS_RIGHT_ALL; rights++) {
		handed->fds[rights] = control_restrict(handed->owner, rights);
		ASSERT_LE(0, handed->fds[rights]);
	}
}

TEST_F(people, handed_to_another_user)
{
	struct handed handed = { .owner = self->fd };

	hand_over(_metadata, &handed);
	EXPECT_EQ(0, people_run(&alice, use_handed, &handed));
}

/* All capabilities that there are in a namespace give no right to the host's. */
TEST_F(people, handed_to_a_foreign_namespace)
{
	struct handed handed = { .owner = self->fd };

	hand_over(_metadata, &handed);
	EXPECT_EQ(0, people_run_root_of(&alice, use_handed, &handed));
}

/* The same rules within: root there is owner, and its uid 1 is somebody else. */
static int rule_within(void *arg)
{
	const struct person user = { .uid = 1, .gid = 1 };
	struct handed handed = { .owner = store_make(STORE) };
	struct kvs_alter alter = { .set = KVS_SET_MODE };
	size_t i;

	(void)arg;
	CHECK(handed.owner >= 0 && store_stage(handed.owner, STAGING) >= 0);
	CHECK(!use(handed.owner, handed.owner, KVS_RIGHT_ALL));
	for (i = 0; i < ARRAY_SIZE(openings); i++) {
		alter.mode = openings[i].mode;
		CHECK(!store_alter(handed.owner, alter));
		handed.opening = &openings[i];
		CHECK(!people_run(&user, open_and_use, &handed));
	}
	return 0;
}

TEST_F(people, within_a_namespace)
{
	EXPECT_EQ(0, people_run_mapped(&alice, 2, rule_within, NULL));
}

TEST_HARNESS_MAIN
