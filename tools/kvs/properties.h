/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The properties of a store, as options.
 */
#ifndef KVS_TOOL_PROPERTIES_H
#define KVS_TOOL_PROPERTIES_H

#include <kvs.h>

struct args;

/* Codes for the tables of options */
enum {
	OPTION_MODE = 640,
	OPTION_OWNER,
	OPTION_GROUP,
	OPTION_MAX_BYTES,
	OPTION_MAX_ENTRIES,
	OPTION_MAX_VALUE,
	OPTION_MAX_PINNED,
	OPTION_POLICY,
};

/* Takes one of them; ends the program on a wrong argument. */
void properties_option(const struct args *args, int code,
		       struct kvs_store_options *options);

#endif /* KVS_TOOL_PROPERTIES_H */
