/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which keys a command works on, as options.
 */
#ifndef KVS_TOOL_RANGE_H
#define KVS_TOOL_RANGE_H

#include <stdbool.h>

#include <kvs.h>

#include "compiler.h"

struct args;

/* Codes for the tables of options, beside the commands' own letters. */
enum { OPTION_PREFIX = 1024, OPTION_START, OPTION_END };

/* Takes --prefix, --start and --end; false for any other option. */
bool range_option(const struct args *args, int code, struct kvs_range *range);

/* Ends the program where they do not go together. */
void range_check(const struct args *args, const struct kvs_range *range);

/* Says that @error ended the work on a range; the program ends. */
__noreturn void range_failed(const struct args *args, int error);

#endif /* KVS_TOOL_RANGE_H */
