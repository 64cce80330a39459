/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A value of the command line or of stdin.
 */
#ifndef KVS_TOOL_INPUT_H
#define KVS_TOOL_INPUT_H

#include <stddef.h>

struct args;
struct key;
struct kvs;

/**
 * input_open() - open a file of the command line
 * @operand: its name, or "-" for stdin
 * @name: out: how to name it in messages
 *
 * Ends the program where that fails.
 *
 * Return: the descriptor.
 */
int input_open(const char *operand, const char **name);

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

/**
 * input_value() - the value that a command line names
 * @args: the second operand is the value, or "-" for stdin
 * @kvs: the store it is for
 * @key: the key it is for
 * @len: out: its length
 *
 * Ends the program where reading fails, or where it is too long.
 *
 * Return: the value, NUL-terminated, for the caller to free.
 */
char *input_value(const struct args *args, struct kvs *kvs,
		  const struct key *key, size_t *len);

#endif /* KVS_TOOL_INPUT_H */
