/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The table of commands and what is said about them.
 */
#ifndef KVS_TOOL_HELP_H
#define KVS_TOOL_HELP_H

#include <stdbool.h>

#include "message.h"

struct args;

/**
 * struct command - a verb of the command line
 * @name: the verb
 * @run: what does it
 * @usage: its operands and options, one line or more
 * @purpose: one line
 * @details: what its options do
 */
struct command {
	const char *name;
	enum status (*run)(struct args *args);
	const char *usage;
	const char *purpose;
	const char *details;
};

/* Ends with an entry without a name. */
extern const struct command commands[];

/* NULL where there is none of that name. */
const struct command *command_find(const char *name);

/* The same for one of two words. */
const struct command *command_find_two(const char *first, const char *second);

/* Writes the summary, or a command's usage, to stdout. */
void help_all(void);
void help_command(const struct command *command);

#endif /* KVS_TOOL_HELP_H */
