// SPDX-License-Identifier: GPL-2.0-only
/*
 * kvs as a cache: a store that evicts, 32 requests in one call.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>

#include <kvs.h>

#include "cache.h"
#include "failure.h"
#include "item.h"

static struct kvs *kvs;
static struct kvs_request requests[CACHE_DEPTH];
static struct kvs_result results[CACHE_DEPTH];
static char values[CACHE_DEPTH][ITEM_LONGEST];

static void kvs_must(int err, const char *what)
{
	if (err)
		die("kvs: %s: %s", what, kvs_strerror(err));
}

static void open_store(const struct cache *cache)
{
	const struct kvs_store_options options = {
		.set = KVS_OPTION_MAX_BYTES | KVS_OPTION_POLICY,
		.max_bytes = CACHE_MIB << 20,
		.policy = KVS_AT_CAP_EVICT,
	};

	kvs_must(kvs_store_create(cache->name, &options, O_RDWR, &kvs),
		 "cannot make a store");
}

static void version(char *text, size_t size)
{
	snprintf(text, size, "%s", kvs_library_version());
}

static void run(unsigned int count, const char *what)
{
	kvs_must(kvs_batch(kvs, requests, count), what);
}

static void get(const uint32_t *items, unsigned int count, bool *found)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		kvs_request_get(&requests[i], item_key(items[i]), ITEM_KEY_LEN,
				values[i], sizeof(values[i]), 0, &results[i]);
	run(count, "get");
	for (i = 0; i < count; i++) {
		found[i] = results[i].status != -ENOENT;
		if (!found[i])
			continue;
		kvs_must(results[i].status, "get");
		if (!item_is(items[i], values[i], results[i].length))
			die("kvs: a wrong value");
	}
}

static void set(const uint32_t *items, unsigned int count)
{
	unsigned int i;

	for (i = 0; i < count; i++) {
		item_value(items[i], values[i]);
		kvs_request_put(&requests[i], item_key(items[i]), ITEM_KEY_LEN,
				values[i], item_size(items[i]), 0, &results[i]);
	}
	run(count, "put");
	for (i = 0; i < count; i++)
		kvs_must(results[i].status, "put");
}

static size_t entries(void)
{
	struct kvs_statistics stats;

	kvs_must(kvs_store_stats(kvs, &stats), "stats");
	return stats.entries;
}

static void close_store(void)
{
	kvs_must(kvs_store_destroy(kvs), "cannot destroy the store");
	kvs_close(kvs);
}

const struct cache cache_kvs = {
	.name = "kvs",
	.settings = "a store with policy evict and max_bytes 32 MiB",
	.open = open_store,
	.version = version,
	.get = get,
	.set = set,
	.entries = entries,
	.close = close_store,
};
