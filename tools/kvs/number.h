/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Numbers as people write them.
 */
#ifndef KVS_TOOL_NUMBER_H
#define KVS_TOOL_NUMBER_H

#include <stdint.h>

/*
 * Each reads a number, decimal or 0x... unless it says otherwise, and returns
 * NULL, or what is wrong with the text: a text that continues "'TEXT' ", valid
 * until the next call.
 */
const char *number_s64(const char *text, int64_t *number);
const char *number_u64(const char *text, uint64_t most, uint64_t *number);

/* Permission bits: an octal number up to 0777. */
const char *number_mode(const char *text, uint32_t *mode);

/* Bytes: a decimal number, with k, M, G or T behind it for powers of 1024. */
const char *number_size(const char *text, uint64_t most, uint64_t *bytes);

#endif /* KVS_TOOL_NUMBER_H */
