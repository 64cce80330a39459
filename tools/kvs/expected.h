/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The value of --if-eq.
 */
#ifndef KVS_TOOL_EXPECTED_H
#define KVS_TOOL_EXPECTED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct args;

/**
 * struct expected - a value that the entry must have
 * @bytes: its bytes, which may be those of @number: do not copy the struct
 * @len: how many
 * @number: that of a counter
 */
struct expected {
	const void *bytes;
	size_t len;
	int64_t number;
};

/* Reads it off the command line, as an integer where @counter is set. */
void expected_read(const struct args *args, const char *text, bool counter,
		   struct expected *expected);

#endif /* KVS_TOOL_EXPECTED_H */
