// SPDX-License-Identifier: GPL-2.0-only
/*
 * A value that several processes change by reading it, thinking, and writing it
 * back only if nobody was faster.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <kvs.h>

#include "demo.h"

/* Reads the number at the beginning of the text; its version is the result's. */
static unsigned long read_number(const struct kvs *kvs, const char *key,
				 struct kvs_result *result)
{
	char text[LONGEST_VALUE];
	int err;

	err = kvs_get(kvs, key, strlen(key), text, sizeof(text) - 1, result);
	if (err)
		die("%s: %s", key, kvs_strerror(err));
	text[result->length] = '\0';
	return strtoul(text, NULL, 10);
}

/* One change; how often another process was faster. */
static unsigned long change_once(const struct kvs *kvs, const char *key)
{
	unsigned long faster = 0;

	for (;;) {
		struct kvs_result result;
		char text[LONGEST_VALUE];
		int err, len;

		len = snprintf(text, sizeof(text), "%lu changes, last by %d",
			       read_number(kvs, key, &result) + 1,
			       (int)getpid());
		err = kvs_put_if(kvs, key, strlen(key), text, len,
				 result.version, 0, NULL);
		if (!err)
			return faster;
		if (err != -ESTALE)
			die("%s: %s", key, kvs_strerror(err));
		faster++;
	}
}

static void change(const char *key, unsigned long times, unsigned long *faster)
{
	struct kvs *kvs = open_store(NULL, O_RDWR);

	while (times--)
		*faster += change_once(kvs, key);
	kvs_close(kvs);
}

static void check_number(const char *key, unsigned long wanted)
{
	struct kvs *kvs = open_store(NULL, O_RDONLY);
	struct kvs_result result;
	unsigned long number = read_number(kvs, key, &result);

	if (number != wanted)
		die("%s: is %lu instead of %lu", key, number, wanted);
	kvs_close(kvs);
}

void command_swap(const char *key, unsigned int processes, unsigned long times)
{
	size_t size = processes * sizeof(unsigned long);
	unsigned long *faster, sum = 0;
	double seconds = now();
	unsigned int i;

	/* A counter for each process, which this one can read, too. */
	faster = mmap(NULL, size, PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (faster == MAP_FAILED)
		die("no memory to share");
	for (i = 0; i < processes; i++) {
		if (!start_process()) {
			change(key, times, &faster[i]);
			_exit(0);
		}
	}
	wait_for_all(processes);
	seconds = now() - seconds;

	check_number(key, processes * times);
	for (i = 0; i < processes; i++)
		sum += faster[i];
	printf("%lu times another was faster: %u processes, %lu changes each, %.2f s\n",
	       sum, processes, times, seconds);
	munmap(faster, size);
}
