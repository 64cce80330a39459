/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The carriers of a request, once each: variants of a fixture "carrier", whose
 * FIXTURE_VARIANT has a kind and stands before the inclusion of this.
 */
#ifndef KVS_TEST_CARRIER_VARIANTS_H
#define KVS_TEST_CARRIER_VARIANTS_H

/* clang-format off */
FIXTURE_VARIANT_ADD(carrier, ioctl_req) {
	.kind = DOOR_IOCTL_REQ,
};

FIXTURE_VARIANT_ADD(carrier, ioctl_vec) {
	.kind = DOOR_IOCTL_VEC,
};

FIXTURE_VARIANT_ADD(carrier, uring_vec) {
	.kind = DOOR_URING_VEC,
};

FIXTURE_VARIANT_ADD(carrier, uring_req) {
	.kind = DOOR_URING_REQ,
};

/* clang-format on */

#endif /* KVS_TEST_CARRIER_VARIANTS_H */
