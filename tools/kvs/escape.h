/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The escapes of the load format: \t, \n, \\ and \xHH stand for a byte.
 */
#ifndef KVS_TOOL_ESCAPE_H
#define KVS_TOOL_ESCAPE_H

#include <stdbool.h>
#include <stddef.h>

/**
 * unescape() - replace escapes by the bytes they stand for
 * @text: bytes to work on, in place
 * @len: how many; in and out
 *
 * Return: false at a backslash that begins no escape; @text is then undefined.
 */
bool unescape(char *text, size_t *len);

/**
 * escape() - write bytes so that a terminal and unescape() can read them
 * @out: buffer for the text and a terminating NUL
 * @size: bytes at @out, at least 8; what does not fit ends in "..."
 * @bytes: what to write
 * @len: how many
 */
void escape(char *out, size_t size, const void *bytes, size_t len);

/* The same to stdout, and all of it. */
void escape_print(const void *bytes, size_t len);

#endif /* KVS_TOOL_ESCAPE_H */
