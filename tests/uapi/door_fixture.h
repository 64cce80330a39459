/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The fixture "door": every TEST_F(door, ...) of the program that includes
 * this runs once through each door, on a handle of its own.
 */
#ifndef KVS_TEST_DOOR_FIXTURE_H
#define KVS_TEST_DOOR_FIXTURE_H

#include <kselftest_harness.h>

#include "door.h"

FIXTURE(door)
{
	struct door door;
};

FIXTURE_VARIANT(door)
{
	enum door_kind kind;
	unsigned int how;
};

FIXTURE_SETUP(door)
{
	ASSERT_EQ(0, door_open(&self->door, variant->kind, variant->how));
}

FIXTURE_TEARDOWN(door)
{
	door_close(&self->door);
}

/* clang-format off */
FIXTURE_VARIANT_ADD(door, ioctl_req) {
	.kind = DOOR_IOCTL_REQ,
};

FIXTURE_VARIANT_ADD(door, ioctl_vec) {
	.kind = DOOR_IOCTL_VEC,
};

FIXTURE_VARIANT_ADD(door, ioctl_vec_crowd) {
	.kind = DOOR_IOCTL_VEC, .how = DOOR_CROWD,
};

FIXTURE_VARIANT_ADD(door, uring_vec) {
	.kind = DOOR_URING_VEC,
};

FIXTURE_VARIANT_ADD(door, uring_vec_crowd) {
	.kind = DOOR_URING_VEC, .how = DOOR_CROWD,
};

FIXTURE_VARIANT_ADD(door, uring_vec_fixed) {
	.kind = DOOR_URING_VEC, .how = DOOR_FIXED,
};

FIXTURE_VARIANT_ADD(door, uring_vec_sqpoll) {
	.kind = DOOR_URING_VEC, .how = DOOR_SQPOLL,
};

FIXTURE_VARIANT_ADD(door, uring_vec_async) {
	.kind = DOOR_URING_VEC, .how = DOOR_ASYNC,
};

FIXTURE_VARIANT_ADD(door, uring_vec_link) {
	.kind = DOOR_URING_VEC, .how = DOOR_LINK,
};

FIXTURE_VARIANT_ADD(door, uring_vec_drain) {
	.kind = DOOR_URING_VEC, .how = DOOR_DRAIN,
};

FIXTURE_VARIANT_ADD(door, uring_req) {
	.kind = DOOR_URING_REQ,
};

FIXTURE_VARIANT_ADD(door, uring_req_fixed) {
	.kind = DOOR_URING_REQ, .how = DOOR_FIXED,
};

FIXTURE_VARIANT_ADD(door, uring_req_sqpoll) {
	.kind = DOOR_URING_REQ, .how = DOOR_SQPOLL,
};

FIXTURE_VARIANT_ADD(door, uring_req_async) {
	.kind = DOOR_URING_REQ, .how = DOOR_ASYNC,
};

FIXTURE_VARIANT_ADD(door, uring_req_link) {
	.kind = DOOR_URING_REQ, .how = DOOR_LINK,
};

FIXTURE_VARIANT_ADD(door, uring_req_drain) {
	.kind = DOOR_URING_REQ, .how = DOOR_DRAIN,
};

FIXTURE_VARIANT_ADD(door, uring_req_fixed_sqpoll_async) {
	.kind = DOOR_URING_REQ,
	.how = DOOR_FIXED | DOOR_SQPOLL | DOOR_ASYNC,
};

/* clang-format on */

#endif /* KVS_TEST_DOOR_FIXTURE_H */
