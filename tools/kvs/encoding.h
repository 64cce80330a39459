/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What JSON needs to carry bytes.
 */
#ifndef KVS_TOOL_ENCODING_H
#define KVS_TOOL_ENCODING_H

#include <stdbool.h>
#include <stddef.h>

/* Whether the bytes are UTF-8 as RFC 3629 has it. */
bool is_utf8(const void *bytes, size_t len);

/* The bytes in base64 (RFC 4648), NUL-terminated, for the caller to free. */
char *base64(const void *bytes, size_t len);

#endif /* KVS_TOOL_ENCODING_H */
