// SPDX-License-Identifier: GPL-2.0-only
/*
 * Two counters between which several processes move 1, if there is one.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <kvs.h>

#include "demo.h"

static int64_t read_counter(const struct kvs *kvs, const char *key)
{
	struct kvs_result result;
	int64_t number;
	int err;

	err = kvs_get(kvs, key, strlen(key), &number, sizeof(number), &result);
	if (err)
		die("%s: %s", key, kvs_strerror(err));
	if (result.kind != KVS_ENTRY_COUNTER)
		die("%s: is no counter", key);
	return number;
}

static void move(const char *from, const char *to, unsigned long times)
{
	struct kvs *kvs = open_store(NULL, O_RDWR);
	struct kvs_result results[2], result;
	struct kvs_condition enough;
	struct kvs_request thens[2];
	const struct kvs_transaction txn = {
		.conditions = &enough,
		.condition_count = 1,
		.thens = thens,
		.then_count = 2,
	};
	int err;

	kvs_condition_number(&enough, from, strlen(from), KVS_IF_GREATER, 0);
	kvs_request_add(&thens[0], from, strlen(from), -1, 0, &results[0]);
	kvs_request_add(&thens[1], to, strlen(to), 1, 0, &results[1]);
	while (times--) {
		err = kvs_txn(kvs, &txn, &result);
		if (err)
			die("transaction: %s", kvs_strerror(err));
	}
	kvs_close(kvs);
}

void command_transfer(const char *from, const char *to, unsigned int processes,
		      unsigned long times)
{
	struct kvs *kvs = open_store(NULL, O_RDONLY);
	int64_t had = read_counter(kvs, from);
	int64_t sum = had + read_counter(kvs, to);
	double seconds = now();
	unsigned int i;

	if (had < 0 || (uint64_t)had >= processes * times)
		die("%s: nobody would be refused", from);
	for (i = 0; i < processes; i++) {
		if (!start_process()) {
			move(from, to, times);
			_exit(0);
		}
	}
	wait_for_all(processes);
	seconds = now() - seconds;

	if (read_counter(kvs, from) || read_counter(kvs, to) != sum)
		die("%s and %s are not 0 and %lld", from, to, (long long)sum);
	printf("%u processes, %lu times each: exactly %lld done, others refused, %.2f s (%.0f/s)\n",
	       processes, times, (long long)had, seconds,
	       processes * times / seconds);
	kvs_close(kvs);
}
