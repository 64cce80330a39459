/* SPDX-License-Identifier: GPL-2.0-only */
/* The module's coming and going. Returns 0 or -errno. */
#ifndef KVS_TEST_MODULE_H
#define KVS_TEST_MODULE_H

#include <stdbool.h>
#include <stddef.h>

int module_load(const char *params);

/* -EAGAIN while it is in use. */
int module_unload(void);

/*
 * The same, but waits some seconds for what the kernel still does on behalf of
 * those who have gone, as io_uring does.
 */
int module_unload_soon(void);

bool module_is_loaded(void);

/* References to it, or -1. */
long module_refs(void);

/* The parameters in force, such that loading with them changes nothing. */
void module_params(char *buf, size_t size);

/* Something that an unloaded module should not have left, or NULL. */
const char *module_remains(void);

/*
 * Tells the guest's init how a line begins that will be in the kernel log by
 * right: it is no complaint. One that is expected and does not come is.
 */
void module_expect_log(const char *begin);
void module_allow_log(const char *begin);

#endif /* KVS_TEST_MODULE_H */
