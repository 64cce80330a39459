// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of commands, and kvs help.
 */
#include <stdio.h>
#include <string.h>

#include "args.h"
#include "commands.h"
#include "help.h"

#define LONGEST_COMMAND 32

/* clang-format off */
#define HELP_TTL \
	"  --ttl T         KEY ends in T: 90s, 5m, 150ms, 2h, 1d, 500us, 1h30m\n"
#define HELP_AT \
	"  --at TIME       KEY ends at TIME: 2030-01-31T18:00:00Z, @1900000000\n"
#define HELP_RANGE \
	"  --prefix P      only keys that begin with P\n" \
	"  --start K       only keys from K on, in byte order\n" \
	"  --end K         only keys before K\n"
#define HELP_PROPERTIES \
	"  --mode OCT          permission bits, 0600 unless given\n" \
	"  --owner UID         owner, else you\n" \
	"  --group GID         group, else yours\n" \
	"  --max-bytes SIZE    memory for entries, 64k at least: 512M, 2G; as much\n" \
	"                      as the module allows unless given\n" \
	"  --max-entries N     number of entries\n" \
	"  --max-value SIZE    longest value, 8 to 16M, 1M unless given\n" \
	"  --policy WHAT       at the caps reject what is new, or evict what was\n" \
	"                      not read lately; reject unless given\n" \
	"  --max-pinned SIZE   memory for what is pinned, half of the cap of a new\n" \
	"                      store unless given\n"

const struct command commands[] = {
	{ "get", command_get,
	  "KEY [--raw] [--offset N] [--length N] [--ttl T|--at TIME]",
	  "write the value of KEY to stdout, and nothing else",
	  "  --raw           a counter as its 8 bytes instead of in decimal\n"
	  "  --offset N      begin with byte N of the value, counted from 0\n"
	  "  --length N      write N bytes at most\n"
	  HELP_TTL HELP_AT },
	{ "put", command_put,
	  "KEY VALUE|- [--create|--replace|--if-version N|--if-eq OLD|\n"
	  "                --if-newer N] [--ttl T|--at TIME|--keep-ttl] [--counter]\n"
	  "                [--user-flags N] [--pin] [--old]",
	  "set the value of KEY to VALUE, or to what stdin holds (-)",
	  "  --create        only if KEY is not there\n"
	  "  --replace       only if KEY is there\n"
	  "  --if-version N  only if the version of KEY is N\n"
	  "  --if-eq OLD     only if the value is OLD, of 64 bytes at most\n"
	  "  --if-newer N    only if N is above the N of the put before; keep N\n"
	  HELP_TTL HELP_AT
	  "  --keep-ttl      the deadline stays; without any of these it goes\n"
	  "  --counter       VALUE (and OLD) is an integer of 64 bits, KEY becomes\n"
	  "                  a counter\n"
	  "  --user-flags N  keep N, of 32 bits, with the entry\n"
	  "  --pin           KEY is never evicted; without this it may be\n"
	  "  --old           write the value that was replaced, if there was one\n" },
	{ "append", command_append, "KEY VALUE|- [--create]",
	  "put VALUE, or what stdin holds, behind the value of KEY",
	  "  --create        make KEY if it is not there\n" },
	{ "del", command_del,
	  "KEY [--if-version N|--if-eq VALUE]\n"
	  "       kvs del --prefix P",
	  "remove KEY, or all keys that begin with P",
	  "  --if-version N  only if the version of KEY is N\n"
	  "  --if-eq VALUE   only if the value is VALUE, of 64 bytes at most\n"
	  "  --prefix P      remove keys that begin with P, one after the other, and\n"
	  "                  write how many there were\n" },
	{ "take", command_take, "KEY [--raw]",
	  "write the value of KEY and remove KEY, in one step",
	  "  --raw           a counter as its 8 bytes instead of in decimal\n" },
	{ "touch", command_touch,
	  "KEY --ttl T|--at TIME [--if-none|--if-has|--longer|--shorter]\n"
	  "       kvs touch KEY --persist",
	  "change the deadline of KEY, and nothing else",
	  HELP_TTL HELP_AT
	  "  --if-none       only if KEY has no deadline\n"
	  "  --if-has        only if KEY has one\n"
	  "  --longer        only if the new one is later\n"
	  "  --shorter       only if the new one is earlier, or KEY has none\n"
	  "  --persist       remove the deadline\n" },
	{ "incr", command_incr,
	  "KEY [BY] [--init N|--exists] [--min N] [--max N]\n"
	  "                 [--saturate|--wrap] [--ttl T|--ttl-if-new T|--at TIME]",
	  "add BY (1) to the counter KEY and write the sum",
	  "  --init N        a missing counter counts from N instead of 0\n"
	  "  --exists        do not make a missing counter\n"
	  "  --min N         fail where the sum would be below N\n"
	  "  --max N         fail where the sum would be above N\n"
	  "  --saturate      stop at the bound instead of failing\n"
	  "  --wrap          go on at the other bound instead of failing\n"
	  HELP_TTL
	  "  --ttl-if-new T  the same, but only for a counter that this makes\n"
	  HELP_AT },
	{ "xchg", command_xchg, "KEY N [--create]",
	  "set the counter KEY to N and write what it was",
	  "  --create        make a missing counter, which was 0\n" },
	{ "bitop", command_bitop,
	  "KEY or|and|xor OPERAND [--mask M] [--create [--init N]]",
	  "combine the 64 bits of the counter KEY with OPERAND; write the result",
	  "  --mask M        only the bits of M may change\n"
	  "  --create        make a missing counter, from 0\n"
	  "  --init N        from N\n" },
	{ "allow", command_allow, "KEY --rate R --burst B [--cost N]",
	  "limit a rate: write \"allowed\", or how long to wait",
	  "  --rate R        what is allowed in the long run: 10/s, 100/m, 5/h\n"
	  "  --burst B       what is allowed at once after a pause\n"
	  "  --cost N        ask for N instead of 1\n"
	  "KEY holds what was used; it goes away by itself. What is not allowed\n"
	  "uses nothing, and the exit status is 1.\n" },
	{ "load", command_load, "FILE|-",
	  "put the entries of FILE, or of stdin: lines of KEY, a tab, VALUE",
	  "In keys and values \\t, \\n, \\\\ and \\xHH stand for a byte. A line that\n"
	  "cannot be loaded is named by its number, and the others are loaded.\n" },
	{ "scan", command_scan,
	  "[--prefix P | --start K --end K] [--reverse] [--keys] [--limit N]",
	  "write entries in the order of their keys, as 'kvs load' reads them",
	  HELP_RANGE
	  "  --reverse       the last key comes first\n"
	  "  --keys          keys alone\n"
	  "  --limit N       N entries at most\n"
	  "With --json each entry is one JSON object, on a line of its own.\n" },
	{ "count", command_count, "[--prefix P | --start K --end K]",
	  "write the number of entries", HELP_RANGE },
	{ "txn", command_txn, "FILE|-",
	  "do all operations of a file if its conditions hold, else others",
	  "The file has three sections, each ended by an empty line: conditions,\n"
	  "operations if all of them hold, operations if one does not.\n"
	  "  exists KEY | absent KEY | version KEY = N | number KEY = N |\n"
	  "  value KEY = VALUE             with =, !=, < or >\n"
	  "  get KEY | del KEY\n"
	  "  put KEY VALUE [--create|--replace] [--counter] [--ttl T|--keep-ttl]\n"
	  "          [--user-flags N] [--pin]\n"
	  "  incr KEY [BY] [--init N|--exists] [--min N] [--max N]\n"
	  "          [--saturate|--wrap] [--ttl T]\n"
	  "  xchg KEY N [--create] | bitop KEY or|and|xor OPERAND [--mask M]\n"
	  "          [--create [--init N]]\n"
	  "Blanks part the words; \"a word\" may have some. \\t, \\n, \\\\ and \\xHH\n"
	  "stand for a byte; a line that begins with # for nothing.\n"
	  "Exit status 0: the second section was done, 1: the third, 3: none.\n" },
	{ "stat", command_stat, "KEY", "describe the entry KEY", "" },
	{ "stats", command_stats,
	  "[--watch [--interval T] [--count N] | --prometheus] [--all]\n"
	  "       kvs stats --histogram [size|latency|lag]",
	  "write the statistics of the store",
	  "  --watch         again and again, with rates, until q is pressed\n"
	  "  --interval T    every T instead of every second: 5, 500ms, 1m\n"
	  "  --count N       N times\n"
	  "  --prometheus    as metrics that Prometheus reads\n"
	  "  --all           those of all stores that you may open\n"
	  "  --histogram     how large entries are, how long requests took and how\n"
	  "                  late entries ended\n" },
	{ "info", command_info, "",
	  "describe the store, its limits and your rights", "" },
	{ "store", command_store,
	  "create|list|alter|measure|flush|publish|destroy [...]",
	  "manage stores: the seven commands that follow here",
	  "'kvs help store create', and so on, tell how.\n" },
	{ "store create", command_store_create,
	  "NAME [--staging-of STORE | --index] [--mode OCT]\n"
	  "           [--owner UID] [--group GID] [--max-bytes SIZE]\n"
	  "           [--max-entries N] [--max-value SIZE]\n"
	  "           [--policy reject|evict] [--max-pinned SIZE]",
	  "make the store NAME",
	  "  --index             keep the keys in order, for 'kvs scan': 24 bytes an\n"
	  "                      entry; it cannot be added later\n"
	  HELP_PROPERTIES
	  "  --staging-of STORE  NAME is to be filled and then published to STORE;\n"
	  "                      it has the properties of STORE\n" },
	{ "store list", command_store_list, "[--all]",
	  "list the stores that there are",
	  "  --all           those of all user namespaces, too (root of the host)\n" },
	{ "store alter", command_store_alter,
	  "NAME [--mode OCT] [--owner UID] [--group GID]\n"
	  "           [--max-bytes SIZE] [--max-entries N] [--max-value SIZE]\n"
	  "           [--policy reject|evict] [--max-pinned SIZE]",
	  "change properties of the store NAME",
	  HELP_PROPERTIES },
	{ "store measure", command_store_measure, "NAME on|off",
	  "measure how long the requests to the store NAME take, or do not",
	  "'kvs stats --histogram latency' shows it.\n" },
	{ "store flush", command_store_flush, "NAME",
	  "remove all entries of the store NAME, in one step", "" },
	{ "store publish", command_store_publish, "NAME",
	  "exchange the contents of NAME and of its staging store, in one step",
	  "To publish again goes back; 'kvs store flush' empties the former contents.\n" },
	{ "store destroy", command_store_destroy, "NAME",
	  "remove the store NAME with all that is in it", "" },
	{ "hold", command_hold, "[-- COMMAND...]",
	  "keep the stores of this user namespace alive",
	  "Until a signal ends it, or while COMMAND runs, whose status is returned.\n" },
	{ "help", command_help, "[COMMAND]",
	  "write this, or how to use COMMAND", "" },
	{ NULL, NULL, NULL, NULL, NULL }
};

/* clang-format on */

static const char common_options[] =
	"  --store NAME    use the store NAME instead of 'default' or $KVS_STORE;\n"
	"                  '#N': the one with the number N, of any user namespace\n"
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

const struct command *command_find_two(const char *first, const char *second)
{
	char name[LONGEST_COMMAND];

	snprintf(name, sizeof(name), "%s %s", first, second);
	return command_find(name);
}

void help_all(void)
{
	const struct command *command;

	printf("usage: kvs COMMAND [OPERAND...] [OPTION...]\n\n");
	for (command = commands; command->name; command++)
		printf("  %-13s  %s\n", command->name, command->purpose);
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
	args_want(args, 0, 2);
	if (!args->count) {
		help_all();
		return STATUS_DONE;
	}
	if (args->count == 1)
		command = command_find(args->operands[0]);
	else
		command =
			command_find_two(args->operands[0], args->operands[1]);
	if (!command) {
		args->command = NULL;
		args_die(args, "'%s%s%s' is no command", args->operands[0],
			 args->count > 1 ? " " : "",
			 args->count > 1 ? args->operands[1] : "");
	}
	help_command(command);
	return STATUS_DONE;
}
