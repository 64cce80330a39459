/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How much a test does. The numbers stand in tests/sizes, one column for each
 * sort of run; the runner hands the column to the tests as KVS_SIZE_<NAME>.
 */
#ifndef KVS_TEST_SIZE_H
#define KVS_TEST_SIZE_H

#include <stdio.h>
#include <stdlib.h>

/* A size that is not in the table is a mistake of the test, not a default. */
static inline long kvs_test_size(const char *name)
{
	char variable[80];
	const char *value;

	snprintf(variable, sizeof(variable), "KVS_SIZE_%s", name);
	value = getenv(variable);
	if (!value || !*value) {
		fprintf(stderr, "# %s is not set: no row in tests/sizes?\n",
			variable);
		abort();
	}
	return atol(value);
}

#endif
