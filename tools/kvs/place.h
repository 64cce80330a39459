/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A line of a file that a user wrote.
 */
#ifndef KVS_TOOL_PLACE_H
#define KVS_TOOL_PLACE_H

#include <stdint.h>

#include "compiler.h"

struct word;

/**
 * struct place - where something stands
 * @file: name of the file, for messages
 * @line: number of the line, from 1 on
 */
struct place {
	const char *file;
	unsigned long line;
};

/* Says what is wrong with the line, and ends the program. */
__noreturn __printf(2, 3) void place_die(const struct place *place,
					 const char *format, ...);

/* Numbers, decimal or 0x...; @what names them in the message. */
int64_t place_s64(const struct place *place, const char *what,
		  const struct word *word);
uint64_t place_u64(const struct place *place, const char *what,
		   const struct word *word, uint64_t most);

/* 64 bits, as a signed number where there is a minus sign. */
uint64_t place_bits(const struct place *place, const char *what,
		    const struct word *word);

#endif /* KVS_TOOL_PLACE_H */
