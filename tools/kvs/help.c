// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of commands, and kvs help.
 */
#include <stdio.h>
#include <string.h>

#include "args.h"
#include "commands.h"
#include "help.h"

/* clang-format off */
const struct command commands[] = {
	{ "get", command_get, "KEY [--raw]",
	  "write the value of KEY to stdout, and nothing else",
	  "  --raw           a counter as its 8 bytes instead of in decimal\n" },
	{ "put", command_put,
	  "KEY VALUE|- [--create|--replace|--if-version N] [--counter]\n"
	  "                [--user-flags N]",
	  "set the value of KEY to VALUE, or to what stdin holds (-)",
	  "  --create        only if KEY is not there\n"
	  "  --replace       only if KEY is there\n"
	  "  --if-version N  only if the version of KEY is N\n"
	  "  --counter       VALUE is an integer of 64 bits, KEY becomes a counter\n"
	  "  --user-flags N  keep N, of 32 bits, with the entry\n" },
	{ "del", command_del, "KEY [--if-version N]", "remove KEY",
	  "  --if-version N  only if the version of KEY is N\n" },
	{ "incr", command_incr,
	  "KEY [BY] [--init N|--exists] [--min N] [--max N]\n"
	  "                 [--saturate|--wrap]",
	  "add BY (1) to the counter KEY and write the sum",
	  "  --init N        a missing counter counts from N instead of 0\n"
	  "  --exists        do not make a missing counter\n"
	  "  --min N         fail where the sum would be below N\n"
	  "  --max N         fail where the sum would be above N\n"
	  "  --saturate      stop at the bound instead of failing\n"
	  "  --wrap          go on at the other bound instead of failing\n" },
	{ "load", command_load, "FILE|-",
	  "put the entries of FILE, or of stdin: lines of KEY, a tab, VALUE",
	  "In keys and values \\t, \\n, \\\\ and \\xHH stand for a byte. A line that\n"
	  "cannot be loaded is named by its number, and the others are loaded.\n" },
	{ "stat", command_stat, "KEY", "describe the entry KEY", "" },
	{ "stats", command_stats, "", "write the statistics of the store", "" },
	{ "info", command_info, "",
	  "describe the store, its limits and your rights", "" },
	{ "help", command_help, "[COMMAND]",
	  "write this, or how to use COMMAND", "" },
	{ NULL, NULL, NULL, NULL, NULL }
};

/* clang-format on */

static const char common_options[] =
	"  --store NAME    use the store NAME instead of 'default' or $KVS_STORE\n"
	"  --json          write the answer as one JSON object\n"
	"  --help          write how to use the command\n"
	"  --              no option follows\n";

const struct command *command_find(const char *name)
{
	const struct command *command;

	for (command = commands; command->name; command++)
		if (!strcmp(command->name, name))
			return command;
	return NULL;
}

void help_all(void)
{
	const struct command *command;

	printf("usage: kvs COMMAND [OPERAND...] [OPTION...]\n\n");
	for (command = commands; command->name; command++)
		printf("  %-6s %s\n", command->name, command->purpose);
	printf("\nOptions of every command:\n\n%s", common_options);
	printf("\n'kvs help COMMAND' and 'man kvs' tell more, 'kvs --version' the version.\n");
	printf("Exit status: 0 done, 1 not found or precondition failed, 2 usage, 3 other.\n");
}

void help_command(const struct command *command)
{
	printf("usage: kvs %s%s%s\n\n%s\n\n", command->name,
	       command->usage[0] ? " " : "", command->usage, command->purpose);
	printf("%s%s%s", command->details, command->details[0] ? "\n" : "",
	       common_options);
}

enum status command_help(struct args *args)
{
	const struct command *command;

	args_read(args);
	args_want(args, 0, 1);
	if (!args->count) {
		help_all();
		return STATUS_DONE;
	}
	command = command_find(args->operands[0]);
	if (!command) {
		args->command = NULL;
		args_die(args, "'%s' is no command", args->operands[0]);
	}
	help_command(command);
	return STATUS_DONE;
}
