// SPDX-License-Identifier: GPL-2.0-only
/*
 * kvs stats: the store's block of /proc/kvs.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "args.h"
#include "commands.h"
#include "json.h"
#include "store.h"

#define PROC_FILE "/proc/kvs"
#define LONGEST_LINE 256

static FILE *open_stats(void)
{
	FILE *file = fopen(PROC_FILE, "re");

	if (file)
		return file;
	if (errno == ENOENT)
		die(STATUS_FAILED,
		    "no " PROC_FILE
		    ": is the module loaded? ('modprobe kvs' loads it)");
	die(STATUS_FAILED, "cannot read " PROC_FILE ": %s", strerror(errno));
}

/* Takes "label: value" apart; false at the end of a block and of the file. */
static bool next_value(FILE *file, char line[LONGEST_LINE], char **value)
{
	char *colon;

	if (!fgets(line, LONGEST_LINE, file))
		return false;
	line[strcspn(line, "\n")] = '\0';
	colon = strstr(line, ": ");
	if (!colon)
		return false;
	*colon = '\0';
	*value = colon + 2;
	return true;
}

/* Reads on to the first line of the store's block. */
static bool find_store(FILE *file, const char *name)
{
	char line[LONGEST_LINE];
	char *value;

	while (!feof(file) && !ferror(file)) {
		if (!next_value(file, line, &value))
			continue;
		if (!strcmp(line, "store") && !strcmp(value, name))
			return true;
	}
	return false;
}

static void add_json(struct json_object *object, const char *label,
		     const char *value)
{
	uint64_t number;
	char *end;

	errno = 0;
	number = strtoull(value, &end, 10);
	if (!*value || *end || errno || *value == '-')
		json_add_text(object, label, value);
	else
		json_add_u64(object, label, number);
}

static void print_block(FILE *file, const char *name)
{
	char line[LONGEST_LINE];
	char *value;

	printf("store: %s\n", name);
	while (next_value(file, line, &value))
		printf("%s: %s\n", line, value);
}

static void print_json(FILE *file, const char *name)
{
	struct json_object *object = json_new();
	char line[LONGEST_LINE];
	char *value;

	json_add_text(object, "store", name);
	while (next_value(file, line, &value))
		add_json(object, line, value);
	json_print(object);
}

enum status command_stats(struct args *args)
{
	const char *name;
	FILE *file;

	args_read(args);
	args_want(args, 0, 0);
	name = store_name(args);

	file = open_stats();
	if (!find_store(file, name))
		die(STATUS_FAILED,
		    "there is no store '%s': " PROC_FILE
		    " lists those there are",
		    name);
	if (args->json)
		print_json(file, name);
	else
		print_block(file, name);
	if (ferror(file))
		die(STATUS_FAILED, "cannot read " PROC_FILE);
	fclose(file);
	return STATUS_DONE;
}
