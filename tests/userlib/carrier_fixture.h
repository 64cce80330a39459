/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The fixture "carrier": an empty store, and one of the ways to execute a
 * request, each in turn.
 */
#ifndef KVS_TEST_CARRIER_FIXTURE_H
#define KVS_TEST_CARRIER_FIXTURE_H

#include <kselftest_harness.h>

#include "carrier.h"
#include "steps.h"

FIXTURE(carrier)
{
	struct carrier carrier;
	struct kvs_request request;
	struct kvs_result res;
};

FIXTURE_VARIANT(carrier)
{
	enum carrier_kind kind;
};

FIXTURE_SETUP(carrier)
{
	ASSERT_EQ(0, carrier_open(&self->carrier, variant->kind));
	ASSERT_EQ(0, kvs_store_flush(self->carrier.kvs, NULL));
	poison(&self->request, sizeof(self->request));
	poison(&self->res, sizeof(self->res));
}

FIXTURE_TEARDOWN(carrier)
{
	carrier_close(&self->carrier);
}

/* clang-format off */
FIXTURE_VARIANT_ADD(carrier, do) {
	.kind = CARRIER_DO,
};

FIXTURE_VARIANT_ADD(carrier, batch) {
	.kind = CARRIER_BATCH,
};

FIXTURE_VARIANT_ADD(carrier, prep_request) {
	.kind = CARRIER_PREP_REQUEST,
};

FIXTURE_VARIANT_ADD(carrier, prep_batch) {
	.kind = CARRIER_PREP_BATCH,
};

FIXTURE_VARIANT_ADD(carrier, prep_request128) {
	.kind = CARRIER_PREP_REQUEST128,
};

/* clang-format on */

static inline int run(FIXTURE_DATA(carrier) * self)
{
	return carrier_run(&self->carrier, &self->request, &self->res);
}

#endif /* KVS_TEST_CARRIER_FIXTURE_H */
