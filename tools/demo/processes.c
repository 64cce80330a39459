// SPDX-License-Identifier: GPL-2.0-only
/*
 * Processes that share nothing but the store.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <kvs.h>

#include "demo.h"

#define WATCH_LIMIT 60.0 /* seconds */

/* A process of its own, with a handle of its own. */
static void bump(const char *key, unsigned long times)
{
	struct kvs *kvs = open_store(NULL, O_WRONLY);
	unsigned long i;
	int err;

	for (i = 0; i < times; i++) {
		err = kvs_add(kvs, key, strlen(key), 1, KVS_FLAG_CREATE, NULL,
			      NULL);
		if (err)
			die("%s: %s", key, kvs_strerror(err));
	}
	kvs_close(kvs);
}

int start_process(void)
{
	pid_t pid = fork();

	if (pid < 0)
		die("cannot make a process");
	return pid;
}

void wait_for_all(unsigned int processes)
{
	int status;

	while (processes--) {
		if (wait(&status) < 0 || status)
			die("a process failed");
	}
}

void command_bump(const char *key, unsigned int processes, unsigned long times)
{
	unsigned long long wanted = (unsigned long long)processes * times;
	struct kvs_result result;
	double seconds = now();
	struct kvs *kvs;
	unsigned int i;
	int64_t total;
	int err;

	for (i = 0; i < processes; i++) {
		if (!start_process()) {
			bump(key, times);
			_exit(0);
		}
	}
	wait_for_all(processes);
	seconds = now() - seconds;

	kvs = open_store(NULL, O_RDONLY);
	err = kvs_get(kvs, key, strlen(key), &total, sizeof(total), &result);
	if (err)
		die("%s: %s", key, kvs_strerror(err));
	if (result.kind != KVS_ENTRY_COUNTER || total != (int64_t)wanted)
		die("%s: is %lld instead of %llu", key, (long long)total,
		    wanted);
	printf("%u processes, %lu times each: exactly %llu, %.2f s (%.0f/s)\n",
	       processes, times, wanted, seconds, wanted / seconds);
	kvs_close(kvs);
}

size_t look(const struct kvs *kvs, const char *key, char value[LONGEST_VALUE])
{
	struct kvs_result result;
	int err;

	err = kvs_get(kvs, key, strlen(key), value, LONGEST_VALUE, &result);
	if (err)
		die("%s: %s", key, kvs_strerror(err));
	return result.length;
}

void command_watch(const char *key)
{
	const struct timespec pause = { .tv_nsec = 1000000 };
	char before[LONGEST_VALUE], after[LONGEST_VALUE];
	struct kvs *kvs = open_store(NULL, O_RDONLY);
	size_t before_len = look(kvs, key, before);
	double started = now();
	unsigned long looks = 1;
	size_t after_len;

	printf("waiting\n");
	fflush(stdout);
	do {
		if (now() - started > WATCH_LIMIT)
			die("%s: nobody changed it", key);
		nanosleep(&pause, NULL);
		after_len = look(kvs, key, after);
		looks++;
	} while (after_len == before_len && !memcmp(after, before, after_len));

	printf("%lu looks: process %d saw '%.*s' become '%.*s'\n", looks,
	       (int)getpid(), (int)before_len, before, (int)after_len, after);
	kvs_close(kvs);
}
