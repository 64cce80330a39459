// SPDX-License-Identifier: GPL-2.0-only
/*
 * Deadlines and what is removed after them, where an instruction takes one
 * nanosecond and nothing else takes any: what the code itself is good for.
 */
#include "lag_fixture.h"

FIXTURE_VARIANT_ADD(wave, by_instructions){
	.keys = "ICOUNT_LAG_KEYS",
	.most_us = "ICOUNT_LAG_US",
};

TEST_HARNESS_MAIN
