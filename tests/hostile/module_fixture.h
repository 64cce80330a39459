/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The fixture "module": a test that may unload the module and load it as it
 * likes. The next one finds it as it was.
 */
#ifndef KVS_TEST_MODULE_FIXTURE_H
#define KVS_TEST_MODULE_FIXTURE_H

#include <kselftest_harness.h>

#include "module.h"

FIXTURE(module)
{
	char params[256];
};

FIXTURE_SETUP(module)
{
	ASSERT_TRUE(module_is_loaded());
	module_params(self->params, sizeof(self->params));
}

FIXTURE_TEARDOWN(module)
{
	char params[256] = "";

	module_params(params, sizeof(params));
	if (!strcmp(params, self->params))
		return;
	if (module_is_loaded())
		EXPECT_EQ(0, module_unload_soon());
	EXPECT_EQ(0, module_load(self->params));
}

#endif /* KVS_TEST_MODULE_FIXTURE_H */
