// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>
#include <time.h>

#include "when.h"

uint64_t boottime(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return now.tv_sec * SECOND + now.tv_nsec;
}

int when_ends(struct kvs *kvs, const char *key, struct when *when)
{
	struct kvs_entry_stat stat;
	uint64_t before = boottime();
	int ret;

	ret = kvs_stat(kvs, key, strlen(key), &stat);
	when->first = before + stat.ttl;
	when->last = boottime() + stat.ttl;
	return ret;
}

int when_allows(struct kvs *kvs, const char *key, struct kvs_rate *rate,
		struct when *when)
{
	uint64_t before = boottime(), wait;
	int ret;

	ret = kvs_allow(kvs, key, strlen(key), rate, 0, &wait);
	when->first = before + wait;
	when->last = boottime() + wait;
	return ret || wait ? ret : -EALREADY;
}

bool when_same(const struct when *a, const struct when *b)
{
	return a->first <= b->last && b->first <= a->last;
}
