/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The fixture "small": a store of its own with small caps, once through each of
 * the two front doors.
 */
#ifndef KVS_TEST_SMALL_FIXTURE_H
#define KVS_TEST_SMALL_FIXTURE_H

#include <kselftest_harness.h>

#include "control.h"
#include "door.h"
#include "store.h"

#define SMALL_STORE "small.one"
#define SMALL_MAX_VALUE 100000
#define SMALL_MAX_BYTES 1048576

FIXTURE(small)
{
	int fd;
	struct door door; /* to it */
};

FIXTURE_VARIANT(small)
{
	enum door_kind kind;
};

/* clang-format off */
FIXTURE_VARIANT_ADD(small, ioctl) {
	.kind = DOOR_IOCTL_REQ,
};

FIXTURE_VARIANT_ADD(small, uring) {
	.kind = DOOR_URING_REQ,
};

/* clang-format on */

FIXTURE_SETUP(small)
{
	struct kvs_create wish = store_wish(SMALL_STORE);

	wish.set = KVS_SET_MAX_BYTES | KVS_SET_MAX_VALUE;
	wish.max_bytes = SMALL_MAX_BYTES;
	wish.max_value = SMALL_MAX_VALUE;
	self->fd = store_make_as(wish);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, door_attach(&self->door, variant->kind, 0, self->fd));
}

FIXTURE_TEARDOWN(small)
{
	door_detach(&self->door);
	close(self->fd);
	store_clear(SMALL_STORE);
}

#endif /* KVS_TEST_SMALL_FIXTURE_H */
