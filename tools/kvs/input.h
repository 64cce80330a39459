/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * stdin as one value.
 */
#ifndef KVS_TOOL_INPUT_H
#define KVS_TOOL_INPUT_H

#include <stddef.h>

/**
 * input_bytes() - read stdin to its end
 * @most: bytes that a value may have
 * @len: out: bytes read
 *
 * Ends the program where reading fails.
 *
 * Return: what was read, NUL-terminated, for the caller to free; NULL where it
 *	is more than @most bytes.
 */
char *input_bytes(size_t most, size_t *len);

#endif /* KVS_TOOL_INPUT_H */
