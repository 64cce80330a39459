// SPDX-License-Identifier: GPL-2.0-only
/* Deadlines and what is removed after them, in the time of the host. */
#include "lag_fixture.h"

FIXTURE_VARIANT_ADD(wave, by_the_clock){
	.keys = "LAG_KEYS",
	.most_us = "LAG_US",
	.stands_still = true,
};

TEST_HARNESS_MAIN
