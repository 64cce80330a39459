// SPDX-License-Identifier: GPL-2.0-only
/*
 * The command line.
 */
#include <assert.h>
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "args.h"
#include "help.h"
#include "message.h"
#include "number.h"
#include "output.h"

#define MOST_OPTIONS 16

enum { OPTION_STORE = 256, OPTION_JSON, OPTION_HELP };

static const struct option common[] = {
	{ "store", required_argument, NULL, OPTION_STORE },
	{ "json", no_argument, NULL, OPTION_JSON },
	{ "help", no_argument, NULL, OPTION_HELP },
	{ NULL, 0, NULL, 0 }
};

void args_die(const struct args *args, const char *format, ...)
{
	const char *name = args->command ? args->command->name : "";
	const char *space = args->command ? " " : "";
	va_list values;

	fprintf(stderr, "kvs%s%s: ", space, name);
	va_start(values, format);
	vfprintf(stderr, format, values);
	va_end(values);
	fprintf(stderr, " (see 'kvs help%s%s')\n", space, name);
	exit(STATUS_USAGE);
}

/* getopt would take the number in "incr KEY -5" for an option. */
static bool is_number_word(const char *word)
{
	return word[0] == '-' && isdigit((unsigned char)word[1]);
}

static int common_option(struct args *args, int code, const char *word)
{
	switch (code) {
	case OPTION_STORE:
		args->store = optarg;
		return 0;
	case OPTION_JSON:
		args->json = true;
		return 0;
	case OPTION_HELP:
		if (args->command)
			help_command(args->command);
		else
			help_all();
		output_finish();
		exit(STATUS_DONE);
	case ':':
		args_die(args, "'%s' needs a value", word);
	case '?':
		args_die(args, "'%s' is not an option here", word);
	default:
		return code;
	}
}

/* getopt_long() for a command's own options and the common ones. */
static int next_option(const struct args *args, const struct option *options)
{
	struct option all[MOST_OPTIONS];
	size_t own = 0;

	while (options[own].name)
		own++;
	assert(own + ARRAY_SIZE(common) <= MOST_OPTIONS);
	memcpy(all, options, own * sizeof(*options));
	memcpy(all + own, common, sizeof(common));
	return getopt_long(args->argc, args->argv, "+:", all, NULL);
}

int args_option(struct args *args, const struct option *options)
{
	while (optind < args->argc) {
		const char *word = args->argv[optind];
		int at = optind;
		int code;

		if (is_number_word(word))
			return -1;

		code = next_option(args, options);
		if (code == -1) {
			args->only_operands = optind > at;
			return -1;
		}
		code = common_option(args, code, word);
		if (code)
			return code;
	}
	return -1;
}

int args_next(struct args *args, const struct option *options)
{
	while (optind < args->argc) {
		int code = -1;

		if (!args->only_operands)
			code = args_option(args, options);
		if (code != -1)
			return code;
		if (optind < args->argc)
			args->operands[args->count++] = args->argv[optind++];
	}
	return -1;
}

void args_begin(struct args *args, const struct command *command, int argc,
		char **argv)
{
	args->command = command;
	args->argc = argc;
	args->argv = argv;
	args->operands = argv + 1;
	args->count = 0;
	args->only_operands = false;
	optind = 1;
}

void args_read(struct args *args)
{
	static const struct option options[] = { { NULL, 0, NULL, 0 } };

	while (args_next(args, options) != -1)
		;
}

void args_want(const struct args *args, int least, int most)
{
	if (args->count < least)
		args_die(args, "an operand is missing");
	if (args->count > most)
		args_die(args, "'%s' is one operand too many",
			 args->operands[most]);
}

int64_t args_s64(const struct args *args, const char *what, const char *text)
{
	const char *wrong;
	int64_t number;

	wrong = number_s64(text, &number);
	if (wrong)
		args_die(args, "%s '%s' %s", what, text, wrong);
	return number;
}

uint64_t args_u64(const struct args *args, const char *what, const char *text,
		  uint64_t most)
{
	const char *wrong;
	uint64_t number;

	wrong = number_u64(text, most, &number);
	if (wrong)
		args_die(args, "%s '%s' %s", what, text, wrong);
	return number;
}
