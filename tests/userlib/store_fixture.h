/* SPDX-License-Identifier: GPL-2.0-only */
/* The fixture "store": a handle of the default store that may do all. */
#ifndef KVS_TEST_STORE_FIXTURE_H
#define KVS_TEST_STORE_FIXTURE_H

#include <fcntl.h>
#include <kselftest_harness.h>
#include <kvs.h>

FIXTURE(store)
{
	struct kvs *kvs;
};

FIXTURE_SETUP(store)
{
	ASSERT_EQ(0, kvs_open(NULL, O_RDWR, &self->kvs));
}

FIXTURE_TEARDOWN(store)
{
	kvs_close(self->kvs);
}

#endif /* KVS_TEST_STORE_FIXTURE_H */
