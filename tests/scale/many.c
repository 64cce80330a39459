// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <sys/sysinfo.h>
#include <time.h>
#include <unistd.h>

#include "many.h"

/* No count is a multiple of it: deadlines are no two the same. */
#define STRIDE 7919

#define SHARES_MAX 8

uint64_t boottime(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return now.tv_sec * UINT64_C(1000000000) + now.tv_nsec;
}

int pin_to(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	return sched_setaffinity(0, sizeof(set), &set) ? -errno : 0;
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
	static __thread struct kvs_request requests[KVS_BATCH_MAX];
	static __thread struct kvs_result results[KVS_BATCH_MAX];
	static __thread uint64_t numbers[KVS_BATCH_MAX];
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

/* What one thread puts. */
struct share {
	pthread_t thread;
	int cpu;
	struct kvs *kvs;
	const struct spread *spread;
	long first;
	long end;
	int error;
};

static void *share_main(void *arg)
{
	struct share *share = arg;
	long first, some;

	share->error = pin_to(share->cpu);
	for (first = share->first; first < share->end && !share->error;
	     first += some) {
		some = share->end - first < KVS_BATCH_MAX ? share->end - first :
							    KVS_BATCH_MAX;
		share->error =
			put_batch(share->kvs, first, some, share->spread);
	}
	return NULL;
}

static int share_start(struct share *share)
{
	return -pthread_create(&share->thread, NULL, share_main, share);
}

/* A thread on each processor. */
int many_put(struct kvs *kvs, long count, const struct spread *spread)
{
	struct share shares[SHARES_MAX];
	int cpus = get_nprocs(), n, ret = 0;

	if (cpus > SHARES_MAX)
		cpus = SHARES_MAX;
	for (n = 0; n < cpus && !ret; n++) {
		shares[n] = (struct share){
			.cpu = n,
			.kvs = kvs,
			.spread = spread,
			.first = count * n / cpus,
			.end = count * (n + 1) / cpus,
		};
		ret = share_start(&shares[n]);
	}
	if (ret) /* of the last one, which did not start */
		n--;
	while (n--) {
		pthread_join(shares[n].thread, NULL);
		ret = ret ? ret : shares[n].error;
	}
	return ret;
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
