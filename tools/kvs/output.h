/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * stdout: what did not get out is a failure, whatever the store said.
 */
#ifndef KVS_TOOL_OUTPUT_H
#define KVS_TOOL_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

/* Called first: closed descriptors must not be taken by what is opened. */
void output_init(void);

/* Bytes as they are; @line adds a newline where stdout is a terminal. */
void output_bytes(const void *bytes, size_t len, bool line);

/* What was written is seen; ends the program where it cannot be. */
void output_flush(void);

/* Called last: ends the program where anything was not written. */
void output_finish(void);

#endif /* KVS_TOOL_OUTPUT_H */
