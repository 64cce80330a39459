/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's harness, but for the time that it gives a test: on a busy machine
 * half a minute may be too short for one, and what hangs is told by any limit.
 */
#ifndef KVS_TEST_KSELFTEST_HARNESS_H
#define KVS_TEST_KSELFTEST_HARNESS_H

#include_next <kselftest_harness.h>

#undef TEST_TIMEOUT_DEFAULT
#define TEST_TIMEOUT_DEFAULT 300 /* seconds; the slowest takes some thirty */

#endif /* KVS_TEST_KSELFTEST_HARNESS_H */
