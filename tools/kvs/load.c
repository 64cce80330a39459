// SPDX-License-Identifier: GPL-2.0-only
/*
 * kvs load: put the entries of a file.
 *
 * A line that cannot be loaded is named and counted, and the others are loaded:
 * a file of a million lines is not started again for the sake of one.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <kvs.h>

#include "args.h"
#include "batch.h"
#include "commands.h"
#include "failure.h"
#include "input.h"
#include "json.h"
#include "line.h"
#include "store.h"

#define PROGRESS_INTERVAL 0.2 /* seconds */

/**
 * struct load - a file on its way into the store
 * @name: the file, for messages
 * @info: the store's limits
 * @failed: lines that were not loaded
 * @terminal: whether progress is shown
 * @started: seconds, of a monotonic clock
 * @shown: when progress was shown last
 */
struct load {
	const char *name;
	struct kvs_store_info info;
	unsigned long failed;
	bool terminal;
	double started;
	double shown;
};

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec + time.tv_nsec / 1e9;
}

static void show_progress(struct load *load, const struct batch *batch)
{
	double time;

	if (!load->terminal)
		return;
	time = now();
	if (time - load->shown < PROGRESS_INTERVAL)
		return;
	load->shown = time;
	fprintf(stderr, "\rloaded %lu entries ", batch_loaded(batch));
}

static void clear_progress(const struct load *load)
{
	if (load->terminal && load->shown > load->started)
		fprintf(stderr, "\r\033[K");
}

static void line_failed(struct load *load, unsigned long line,
			const char *cause)
{
	clear_progress(load);
	message("%s:%lu: %s", load->name, line, cause);
	load->failed++;
}

static void entry_refused(void *context, unsigned long line, const void *key,
			  size_t key_len, int error)
{
	struct load *load = context;

	clear_progress(load);
	message("%s:%lu: %s: %s", load->name, line, key_name(key, key_len),
		failure_text(error));
	load->failed++;
}

/* What no request can hold is found here, with its length. */
static bool fits(struct load *load, unsigned long line,
		 const struct entry_line *entry)
{
	const struct kvs_store_info *info = &load->info;
	char cause[128];

	if (entry->key_len > info->max_key)
		snprintf(cause, sizeof(cause),
			 "the key is too long: %zu bytes, at most %u go",
			 entry->key_len, info->max_key);
	else if (entry->value_len > info->max_value)
		snprintf(cause, sizeof(cause),
			 "the value is too long: %zu bytes, at most %u go",
			 entry->value_len, info->max_value);
	else
		return true;
	line_failed(load, line, cause);
	return false;
}

static void load_line(struct load *load, struct batch *batch,
		      unsigned long number, char *line, size_t len)
{
	struct entry_line entry;
	const char *wrong = line_parse(line, len, &entry);

	if (wrong)
		line_failed(load, number, wrong);
	else if (fits(load, number, &entry))
		batch_add(batch, number, &entry);
	show_progress(load, batch);
}

/* Loads every line; 0 or what ended the reading. */
static int load_lines(struct load *load, struct batch *batch, int fd)
{
	/* Every byte of an entry may be written as \xHH. */
	size_t limit = 4 * ((size_t)load->info.max_key + load->info.max_value);
	struct line_reader reader;
	size_t len;
	char *line;
	int got;

	line_reader_init(&reader, fd, limit + 1);
	do {
		got = line_read(&reader, &line, &len);
		if (got > 0)
			load_line(load, batch, reader.number, line, len);
		else if (got == -EMSGSIZE)
			line_failed(load, reader.number,
				    "the line is longer than any entry can be");
	} while (got > 0 || got == -EMSGSIZE);
	batch_flush(batch);
	line_reader_free(&reader);
	return got;
}

/* A number with a comma between its thousands. */
static void grouped(char text[32], unsigned long number)
{
	char digits[24];
	int len = snprintf(digits, sizeof(digits), "%lu", number);
	int i;

	for (i = 0; i < len; i++) {
		if (i && (len - i) % 3 == 0)
			*text++ = ',';
		*text++ = digits[i];
	}
	*text = '\0';
}

static void print_rate(unsigned long loaded, double seconds)
{
	char rate[32];

	grouped(rate, seconds > 0 ? (unsigned long)(loaded / seconds) : 0);
	fprintf(stderr, "loaded %lu entries in %.2f s (%s/s)\n", loaded,
		seconds, rate);
}

static void print_json(const struct args *args, const struct load *load,
		       unsigned long loaded, double seconds)
{
	struct json_object *object = json_new();

	json_add_text(object, "store", store_name(args));
	json_add_u64(object, "loaded", loaded);
	json_add_u64(object, "failed", load->failed);
	json_add_double(object, "seconds", seconds);
	json_print(object);
}

static enum status finish(const struct args *args, const struct load *load,
			  const struct batch *batch, int error)
{
	unsigned long loaded = batch_loaded(batch);
	double seconds = now() - load->started;

	clear_progress(load);
	if (args->json)
		print_json(args, load, loaded, seconds);
	else
		print_rate(loaded, seconds);

	if (error)
		message("%s: cannot read on: %s", load->name, strerror(-error));
	if (load->failed)
		message("%s: %lu of %lu lines were not loaded: mend them and load them again",
			load->name, load->failed, load->failed + loaded);
	return error || load->failed ? STATUS_FAILED : STATUS_DONE;
}

enum status command_load(struct args *args)
{
	struct load load = { 0 };
	enum status status;
	struct batch *batch;
	struct kvs *kvs;
	int err;
	int fd;

	args_read(args);
	args_want(args, 1, 1);
	fd = input_open(args->operands[0], &load.name);
	load.terminal = isatty(STDERR_FILENO);
	load.started = now();
	load.shown = load.started;

	kvs = store_open(args, O_WRONLY);
	store_info(args, kvs, &load.info);
	batch = batch_new(kvs, &load.info, entry_refused, &load);
	err = load_lines(&load, batch, fd);
	status = finish(args, &load, batch, err);

	batch_free(batch);
	kvs_close(kvs);
	close(fd);
	return status;
}
