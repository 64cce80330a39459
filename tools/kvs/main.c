// SPDX-License-Identifier: GPL-2.0-only
/*
 * kvs: the command line of the key-value store behind /dev/kvs.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include <kvs.h>

#include "args.h"
#include "help.h"
#include "message.h"
#include "output.h"

static void print_version(void)
{
	printf("kvs %s (libkvs %s)\n", KVS_VERSION, kvs_library_version());
}

/* Options before the command; returns unless they are the whole of it. */
static void read_globals(struct args *args)
{
	static const struct option options[] = {
		{ "version", no_argument, NULL, 'V' }, { NULL, 0, NULL, 0 }
	};
	int code;

	while ((code = args_option(args, options)) != -1) {
		if (code != 'V')
			continue;
		print_version();
		output_finish();
		exit(STATUS_DONE);
	}
}

int main(int argc, char **argv)
{
	const char *store = getenv("KVS_STORE");
	struct args args = {
		.store = store ? store : "",
		.argc = argc,
		.argv = argv,
	};
	const struct command *command;
	enum status status;

	output_init();
	read_globals(&args);
	if (optind == argc)
		args_die(&args, "there is no command");

	command = command_find(argv[optind]);
	if (!command)
		args_die(&args, "'%s' is no command", argv[optind]);

	args_begin(&args, command, argc - optind, argv + optind);
	status = command->run(&args);
	output_finish();
	return status;
}
