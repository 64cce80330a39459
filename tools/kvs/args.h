/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The command line: options and operands in any order, "--" ends the options.
 */
#ifndef KVS_TOOL_ARGS_H
#define KVS_TOOL_ARGS_H

#include <getopt.h>
#include <stdbool.h>
#include <stdint.h>

#include "compiler.h"

struct command;

/**
 * struct args - one command's part of the command line
 * @command: the command, NULL before it was read
 * @store: name of the store, "" for the default one
 * @json: --json was given
 * @argc: words that follow the command's name, with that name
 * @argv: same
 * @operands: what is no option, in order; takes the place of @argv[0] on
 * @count: number of @operands
 * @only_operands: "--" was seen
 */
struct args {
	const struct command *command;
	const char *store;
	bool json;
	int argc;
	char **argv;
	char **operands;
	int count;
	bool only_operands;
};

/* A wrong command line: says so, and where to read about it. */
__noreturn __printf(2, 3) void args_die(const struct args *args,
					const char *format, ...);

/**
 * args_option() - the next option before an operand
 * @args: where the common options are kept
 * @options: those that there are besides the common ones, ended by zeroes
 *
 * Ends the program on a wrong option, and after --help.
 *
 * Return: the option's code, with its argument in optarg; -1 at an operand, at
 *	a "--", which is read over, and at the end.
 */
int args_option(struct args *args, const struct option *options);

/* What follows is the command line of @command. */
void args_begin(struct args *args, const struct command *command, int argc,
		char **argv);

/**
 * args_next() - the next option of a command
 * @args: where the operands are collected and the common options are kept
 * @options: the command's own, ended by zeroes
 *
 * As args_option(), between operands too. A word like "-5" is an operand.
 *
 * Return: the option's code, with its argument in optarg; -1 at the end.
 */
int args_next(struct args *args, const struct option *options);

/* For a command without options of its own. */
void args_read(struct args *args);

/* Ends the program unless there are @least to @most operands. */
void args_want(const struct args *args, int least, int most);

/* Numbers, decimal or 0x...; @what names them in the usage error. */
int64_t args_s64(const struct args *args, const char *what, const char *text);
uint64_t args_u64(const struct args *args, const char *what, const char *text,
		  uint64_t most);

#endif /* KVS_TOOL_ARGS_H */
