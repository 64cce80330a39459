/* SPDX-License-Identifier: GPL-2.0-only */
/* The module itself: loading it with other parameters, and its users. */
#ifndef KVS_TEST_MODULE_H
#define KVS_TEST_MODULE_H

#include <stddef.h>

/* Loads the module with @options; 0 or -errno. */
int module_load(const char *options);

/* Unloads it if nobody uses it; 0 or -errno. */
int module_unload(void);

/*
 * The same, and waits for files that io_uring or a dead process puts late.
 */
int module_unload_patiently(void);

/* The parameters in force, as options to load it with again. */
void module_parameters(char *options, size_t size);

/*
 * A line of the kernel log that begins so is what a test wants, not a
 * complaint: the runner, who reads the log, is told in the log itself.
 */
void module_expect_log(const char *begin);

/* References to the module, or -1. */
long module_users(void);

/* Waits, @seconds at most, until there are @users. */
int module_wait_users(long users, int seconds);

#endif /* KVS_TEST_MODULE_H */
