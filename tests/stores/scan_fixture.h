/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The fixture "scan": a store with an index, and one door of each carrier to
 * it.
 */
#ifndef KVS_TEST_SCAN_FIXTURE_H
#define KVS_TEST_SCAN_FIXTURE_H

#include <fcntl.h>
#include <unistd.h>

#include <kselftest_harness.h>

#include "control.h"
#include "door.h"
#include "scan.h"
#include "store.h"

#define STORE "scan.one"

FIXTURE(scan)
{
	int fd;
	struct door door;
	struct scan scan;
};

FIXTURE_VARIANT(scan)
{
	enum door_kind kind;
};

static inline struct kvs_create scan_wish(const char *name)
{
	struct kvs_create wish = store_wish(name);

	wish.flags = KVS_CREATE_INDEX;
	return wish;
}

FIXTURE_SETUP(scan)
{
	self->fd = store_make_as(scan_wish(STORE));
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, door_attach(&self->door, variant->kind, 0, self->fd));
}

FIXTURE_TEARDOWN(scan)
{
	door_close(&self->door);
	store_clear(STORE);
}

/* clang-format off */
FIXTURE_VARIANT_ADD(scan, ioctl_req) {
	.kind = DOOR_IOCTL_REQ,
};

FIXTURE_VARIANT_ADD(scan, ioctl_vec) {
	.kind = DOOR_IOCTL_VEC,
};

FIXTURE_VARIANT_ADD(scan, uring_vec) {
	.kind = DOOR_URING_VEC,
};

FIXTURE_VARIANT_ADD(scan, uring_req) {
	.kind = DOOR_URING_REQ,
};

/* clang-format on */

/* A key of a number: in the order of numbers. */
#define SCAN_NUMBERED "key.%06u"
#define SCAN_NUMBERED_LEN 10

static inline struct kvs_req scan_numbered(__u16 verb, unsigned int number)
{
	char key[32];

	snprintf(key, sizeof(key), SCAN_NUMBERED, number);
	return req_key(verb, key, SCAN_NUMBERED_LEN);
}

#define SCAN_USER_FLAGS 5

/* Puts keys of numbers from @first to below @end, each with 8 bytes. */
static inline int scan_fill(int fd, unsigned int first, unsigned int end)
{
	__u64 value = 7;
	int ret = 0;

	for (; first < end && !ret; first++) {
		struct kvs_req req = scan_numbered(KVS_PUT, first);

		req.value = addr_of(&value);
		req.value_len = sizeof(value);
		req.user_flags = SCAN_USER_FLAGS;
		ret = control_request(fd, req);
	}
	return ret;
}

static inline bool scan_is_number(const struct kvs_scan_item *item,
				  unsigned int number)
{
	struct kvs_req req = scan_numbered(KVS_GET, number);

	return scan_is(item, req.key, req.key_len);
}

#endif /* KVS_TEST_SCAN_FIXTURE_H */
