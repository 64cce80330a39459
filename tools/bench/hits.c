// SPDX-License-Identifier: GPL-2.0-only
/*
 * kvs-hits [TRACE [CACHE]]: replays traces against caches and counts what they
 * had; a line for each, of columns that tools/bench/hits names.
 *
 * A request is a GET; where it misses, the item is written, as whoever keeps a
 * cache beside a database does. CACHE_DEPTH requests go at once: their GETs
 * first, then a SET of each item that was missed. An item that is asked for
 * twice in those, and is not there, has missed twice and is written once. All
 * requests count, the first ones too, for which every cache is empty.
 */
#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cache.h"
#include "failure.h"
#include "item.h"
#include "trace.h"

static const struct cache *const caches[] = {
	&cache_kvs,
	&cache_redis_lru,
	&cache_redis_lfu,
	&cache_memcached,
};

/* So that no rest is left out */
static_assert(REQUESTS % CACHE_DEPTH == 0);

static uint32_t trace[REQUESTS];

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec + time.tv_nsec / 1e9;
}

static bool is_among(uint32_t item, const uint32_t *items, unsigned int count)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		if (items[i] == item)
			return true;
	return false;
}

/* Returns how many of the items were there. */
static unsigned int replay_some(const struct cache *cache,
				const uint32_t *items, unsigned int count)
{
	bool found[CACHE_DEPTH];
	uint32_t missed[CACHE_DEPTH];
	unsigned int hits = 0, misses = 0;
	unsigned int i;

	cache->get(items, count, found);
	for (i = 0; i < count; i++) {
		hits += found[i];
		if (!found[i] && !is_among(items[i], missed, misses))
			missed[misses++] = items[i];
	}
	if (misses)
		cache->set(missed, misses);
	return hits;
}

static unsigned long replay(const struct cache *cache)
{
	unsigned long hits = 0;
	unsigned int i;

	for (i = 0; i < REQUESTS; i += CACHE_DEPTH)
		hits += replay_some(cache, trace + i, CACHE_DEPTH);
	return hits;
}

static void measure(const struct trace_kind *kind, const struct cache *cache)
{
	double start = now();
	char version[32];
	unsigned long hits;

	cache->open(cache);
	cache->version(version, sizeof(version));
	hits = replay(cache);
	printf("%s\t%s\t%s\t%s\t%d\t%lu\t%.2f\t%zu\t%.1f\n", kind->name,
	       cache->name, version, cache->settings, REQUESTS, hits,
	       100.0 * hits / REQUESTS, cache->entries(), now() - start);
	fflush(stdout);
	cache->close();
}

static bool is_wanted(const char *name, const char *wanted)
{
	return !wanted || !strcmp(name, wanted);
}

static void measure_all(const struct trace_kind *kind, const char *wanted)
{
	size_t i;

	kind->make(kind, trace);
	for (i = 0; i < sizeof(caches) / sizeof(*caches); i++)
		if (is_wanted(caches[i]->name, wanted))
			measure(kind, caches[i]);
}

int main(int argc, char **argv)
{
	const char *wanted_trace = argc > 1 ? argv[1] : NULL;
	const char *wanted_cache = argc > 2 ? argv[2] : NULL;
	size_t i;

	items_init();
	for (i = 0; i < TRACES; i++)
		if (is_wanted(traces[i].name, wanted_trace))
			measure_all(&traces[i], wanted_cache);
	return 0;
}
