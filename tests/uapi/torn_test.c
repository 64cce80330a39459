// SPDX-License-Identifier: GPL-2.0-only
/*
 * A value is read as it was written by one PUT, never part of one and part of
 * another. Each value here describes itself: every byte follows from its length
 * and from the number of its writing, and that number stands in user_flags too.
 */
#include <fcntl.h>

#include <kselftest_harness.h>

#include "control.h"
#include "crew.h"
#include "door.h"
#include "request.h"
#include "size.h"

#define KEY "torn.key"
#define LONGEST 2048
#define WRITERS 2
#define READERS 2

FIXTURE(torn)
{
	int fd;
	long writes;
	size_t lens[4];
	enum door_kind kind;
	int writing; /* writers at work */
	unsigned long seen; /* times that a reader met a new value */
};

FIXTURE_VARIANT(torn)
{
	size_t lens[4];
	enum door_kind kind;
};

/* clang-format off */
FIXTURE_VARIANT_ADD(torn, one_length) {
	.lens = { 64, 64, 64, 64 },
};

FIXTURE_VARIANT_ADD(torn, within_the_same_room) {
	.lens = { 250, 256, 251, 9 },
};

FIXTURE_VARIANT_ADD(torn, small_of_all_lengths) {
	.lens = { 8, 64, 200, 256 },
};

FIXTURE_VARIANT_ADD(torn, small_and_large) {
	.lens = { 255, 257, 13, LONGEST },
};

FIXTURE_VARIANT_ADD(torn, large) {
	.lens = { 600, 300, LONGEST, 1024 },
};

FIXTURE_VARIANT_ADD(torn, small_and_large_uring) {
	.lens = { 16, 256, 257, LONGEST }, .kind = DOOR_URING_REQ,
};

/* clang-format on */

FIXTURE_SETUP(torn)
{
	self->fd = control_open_default(O_RDWR);
	ASSERT_LE(0, self->fd);
	self->writes = kvs_test_size("TORN_WRITES");
	memcpy(self->lens, variant->lens, sizeof(self->lens));
	self->kind = variant->kind;
	self->writing = WRITERS;
}

FIXTURE_TEARDOWN(torn)
{
	control_request(self->fd, req_delete(KEY));
	close(self->fd);
}

static __u64 word(__u32 number, size_t len, size_t i)
{
	return (number + 1ULL) * 0x9e3779b97f4a7c15ULL + len * 257 + i;
}

/* Whole words, then what is left of one. */
static void describe(char *value, __u32 number, size_t len)
{
	size_t i;
	__u64 part;

	for (i = 0; i < len; i += sizeof(part)) {
		part = word(number, len, i);
		memcpy(value + i, &part,
		       len - i < sizeof(part) ? len - i : sizeof(part));
	}
}

static bool is_whole(const char *value, const struct kvs_res *res)
{
	char want[LONGEST];

	if (res->len > sizeof(want) || res->kind != KVS_KIND_BLOB)
		return false;
	describe(want, res->user_flags, res->len);
	return !memcmp(value, want, res->len);
}

static int write_values(struct _test_data_torn *torn, struct door *door,
			__u32 writer)
{
	char value[LONGEST];
	struct kvs_res res;
	struct kvs_req req;
	__u32 number = writer;
	int failed = 0;
	size_t len;
	long i;

	for (i = 0; i < torn->writes; i++) {
		number += WRITERS;
		len = torn->lens[(number * 2654435761U) >> 30];
		describe(value, number, len);
		req = req_put(KEY, value, len);
		req.user_flags = number;
		failed |= door_do(door, req, &res) || res.len != len;
	}
	__atomic_sub_fetch(&torn->writing, 1, __ATOMIC_SEQ_CST);
	return failed;
}

/* Versions a reader sees never go back. */
static int read_values(struct _test_data_torn *torn, struct door *door)
{
	char value[LONGEST];
	struct kvs_res res;
	__u64 version = 0;
	int failed = 0;

	while (__atomic_load_n(&torn->writing, __ATOMIC_SEQ_CST)) {
		if (door_do(door, req_get(KEY, value, sizeof(value)), &res) ||
		    !is_whole(value, &res) || res.version < version) {
			failed++;
			continue;
		}
		if (res.version > version)
			__atomic_add_fetch(&torn->seen, 1, __ATOMIC_RELAXED);
		version = res.version;
	}
	return failed;
}

static int member_main(unsigned int member, void *arg)
{
	struct _test_data_torn *torn = arg;
	struct door door;
	int ret;

	if (door_attach(&door, torn->kind, 0, torn->fd))
		return -1;
	if (member < WRITERS)
		ret = write_values(torn, &door, member);
	else
		ret = read_values(torn, &door);
	door_detach(&door);
	return ret;
}

TEST_F(torn, values_are_whole)
{
	struct kvs_req req;
	char value[64];

	describe(value, 1, sizeof(value));
	req = req_put(KEY, value, sizeof(value));
	req.user_flags = 1;
	ASSERT_EQ(0, control_request(self->fd, req));
	EXPECT_EQ(0, crew_threads(WRITERS + READERS, member_main, self));
	/* Readers that met no writer would have proved nothing */
	EXPECT_GT(self->seen, 10UL);
}

/* A counter is one word; an ADD and a PUT change it in one step. */
struct twins {
	int fd;
	long writes;
	int writing;
};

#define TWIN_UP 0x0101010101010101LL

static int move_counter(struct twins *twins)
{
	__s64 zero = 0;
	struct kvs_req add = req_add(KEY, TWIN_UP);
	struct kvs_req put = req_put_counter(KEY, &zero);
	int failed = 0;
	long i;

	for (i = 0; i < twins->writes; i++) {
		failed |= control_request(twins->fd, add);
		if (i % 100 == 99)
			failed |= control_request(twins->fd, put);
	}
	__atomic_store_n(&twins->writing, 0, __ATOMIC_SEQ_CST);
	return failed;
}

static int read_counter(struct twins *twins)
{
	__s64 number;
	int failed = 0;

	while (__atomic_load_n(&twins->writing, __ATOMIC_SEQ_CST)) {
		failed |= control_request(twins->fd, req_get(KEY, &number, 8));
		failed |= number % TWIN_UP || number < 0;
	}
	return failed;
}

static int twin_main(unsigned int member, void *arg)
{
	return member ? read_counter(arg) : move_counter(arg);
}

TEST(counter_is_whole)
{
	struct twins twins = { .writing = 1 };
	__s64 zero = 0;

	twins.fd = control_open_default(O_RDWR);
	ASSERT_LE(0, twins.fd);
	twins.writes = kvs_test_size("TORN_WRITES");
	ASSERT_EQ(0, control_request(twins.fd, req_put_counter(KEY, &zero)));
	EXPECT_EQ(0, crew_threads(3, twin_main, &twins));
	control_request(twins.fd, req_delete(KEY));
	close(twins.fd);
}

TEST_HARNESS_MAIN
