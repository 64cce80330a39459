/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The store that a command works on.
 */
#ifndef KVS_TOOL_STORE_H
#define KVS_TOOL_STORE_H

#include <kvs.h>

#include "compiler.h"
#include "message.h"

struct args;

/* The name of the store, or '#' and its number, for messages. */
const char *store_name(const struct args *args);

/* Opens the store or ends the program; @open_flags as of kvs_open(). */
struct kvs *store_open(const struct args *args, int open_flags);

/* The same with all the rights that the caller can have. */
struct kvs *store_open_any(const struct args *args);

/* The same, but without a word where the store was made: see kvs_store_made() */
struct kvs *store_hold(const struct args *args);

/* The same of a store named @name, and a negative errno where it cannot be. */
int store_try(const char *name, struct kvs **kvs);

/* For a command about stores: one that is not there is STATUS_REFUSED. */
struct kvs *store_manage(const struct args *args);

/* Ends the program: the store could not be opened. */
__noreturn void store_failed(const struct args *args, int error,
			     enum status missing);

/* What is known of the store; ends the program where that fails. */
void store_info(const struct args *args, struct kvs *kvs,
		struct kvs_store_info *info);

/* What an entry holds, in a word. */
const char *kind_name(unsigned int kind);

#endif /* KVS_TOOL_STORE_H */
