// SPDX-License-Identifier: GPL-2.0-only
/*
 * kvs-demo: see demo.h.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <kvs.h>

#include "demo.h"

void die(const char *format, ...)
{
	va_list values;

	fputs("kvs-demo: ", stderr);
	va_start(values, format);
	vfprintf(stderr, format, values);
	va_end(values);
	fputc('\n', stderr);
	exit(1);
}

double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec + time.tv_nsec / 1e9;
}

struct kvs *open_store(const char *store, int open_flags)
{
	struct kvs *kvs;
	int err;

	err = kvs_open(store, open_flags, &kvs);
	if (err)
		die("cannot open the store: %s", kvs_strerror(err));
	return kvs;
}

static unsigned long to_number(const char *text)
{
	char *end;
	unsigned long value = strtoul(text, &end, 10);

	if (!*text || *end)
		die("'%s' is not a number", text);
	return value;
}

int main(int argc, char **argv)
{
	if (argc == 4 && !strcmp(argv[1], "lookup"))
		command_lookup(argv[2], argv[3]);
	else if (argc == 5 && !strcmp(argv[1], "bump"))
		command_bump(argv[2], to_number(argv[3]), to_number(argv[4]));
	else if (argc == 5 && !strcmp(argv[1], "swap"))
		command_swap(argv[2], to_number(argv[3]), to_number(argv[4]));
	else if (argc == 6 && !strcmp(argv[1], "transfer"))
		command_transfer(argv[2], argv[3], to_number(argv[4]),
				 to_number(argv[5]));
	else if (argc == 3 && !strcmp(argv[1], "watch"))
		command_watch(argv[2]);
	else if (argc == 5 && !strcmp(argv[1], "turns"))
		command_turns(argv[2], argv[3], argv[4]);
	else
		die("usage:\n"
		    "  lookup FILE CARRIER\n"
		    "  bump|swap KEY PROCESSES TIMES\n"
		    "  transfer FROM TO PROCESSES TIMES\n"
		    "  watch KEY\n"
		    "  turns STORE KEY KEY");
	return 0;
}
