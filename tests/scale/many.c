// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "many.h"

/* No count is a multiple of it: deadlines are no two the same. */
#define STRIDE 7919

uint64_t boottime(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return now.tv_sec * UINT64_C(1000000000) + now.tv_nsec;
}

static uint64_t spread_at(const struct spread *spread, uint64_t number)
{
	uint64_t place = number * STRIDE % spread->count;

	return spread->begin + place * spread->length / spread->count;
}

long spread_left(const struct spread *spread, uint64_t now)
{
	uint64_t ended;

	if (now < spread->begin)
		return spread->count;
	ended = (now - spread->begin + 1) * spread->count;
	ended = (ended + spread->length - 1) / spread->length;
	return ended < (uint64_t)spread->count ? spread->count - ended : 0;
}

static int put_batch(struct kvs *kvs, long first, long count,
		     const struct spread *spread)
{
	static struct kvs_request requests[KVS_BATCH_MAX];
	static struct kvs_result results[KVS_BATCH_MAX];
	static uint64_t numbers[KVS_BATCH_MAX];
	long i;
	int ret;

	for (i = 0; i < count; i++) {
		numbers[i] = first + i;
		kvs_request_put(&requests[i], &numbers[i], sizeof(numbers[i]),
				&numbers[i], sizeof(numbers[i]), 0,
				&results[i]);
		if (spread)
			kvs_request_set_deadline(&requests[i],
						 spread_at(spread, first + i));
	}
	ret = kvs_batch(kvs, requests, count);
	for (i = 0; i < count && !ret; i++)
		ret = results[i].status;
	return ret;
}

int many_put(struct kvs *kvs, long count, const struct spread *spread)
{
	long first, some;
	int ret;

	for (first = 0; first < count; first += some) {
		some = count - first < KVS_BATCH_MAX ? count - first :
						       KVS_BATCH_MAX;
		ret = put_batch(kvs, first, some, spread);
		if (ret)
			return ret;
	}
	return 0;
}

int many_get(struct kvs *kvs, long number)
{
	uint64_t key = number, value = ~key;
	struct kvs_result res;
	int ret;

	ret = kvs_get(kvs, &key, sizeof(key), &value, sizeof(value), &res);
	if (ret)
		return ret;
	return res.length == sizeof(value) && value == key ? 0 : -EBADMSG;
}

uint64_t many_entries(struct kvs *kvs)
{
	struct kvs_statistics stats;

	return kvs_store_stats(kvs, &stats) ? UINT64_MAX : stats.entries;
}

bool many_end(struct kvs *kvs, int seconds)
{
	uint64_t until = boottime() + seconds * UINT64_C(1000000000);
	struct kvs_statistics stats;

	do {
		if (kvs_store_stats(kvs, &stats))
			return false;
		if (!stats.entries && !stats.bytes)
			return true;
		usleep(2000);
	} while (boottime() < until);
	printf("# %llu entries and %llu bytes are left\n",
	       (unsigned long long)stats.entries,
	       (unsigned long long)stats.bytes);
	return false;
}
